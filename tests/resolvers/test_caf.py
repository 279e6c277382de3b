"""A quotient asked of the fund: with a recorded consent, about oneself alone, and a way out when it fails."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from plugins.defaults import QUOTIENT_CONSENT
from resolvers.errors import Code
from resolvers.families.caf import Birth, consent_asked, fetch, has_consented, may_ask
from resolvers.models import ConsentGiven, Person, QuotientFamilial
from resolvers.models.households import QuotientSource, QuotientState
from resolvers.ports import CivilIdentity, FundAnswer, FundChild, FundUnavailable, FundUnknown, Sex
from tests.refusals import refused
from tests.towns import Family, Town, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

BIRTH = Birth(date(1985, 6, 15), "TESTBIS", town="35238", sex=Sex.FEMALE)
OURS = FundChild("ENFANT1 MARIE", date(2018, 3, 14))
ANSWER = FundAnswer(480, date(2026, 10, 1), (FundChild("AUTRE", date(2010, 1, 1)), OURS))
DECLARE = "déclarez votre quotient familial avec votre attestation"


@pytest.fixture
def mesnil(databases: object) -> Town:
    """Families declare their quotient; its consent is the portal's."""
    return Town.called("mesnil")


async def asked(town: Town, family: Family, birth: Birth = BIRTH, agrees_to: str | None = "1") -> QuotientFamilial:
    """The parent asks the fund, a minute later."""
    town.later(minutes=1)
    with town.asked_by(family.parent) as ctx:
        return await fetch(ctx, family.id, birth, agrees_to=agrees_to)


async def consents(town: Town) -> list[tuple[str, str, bool, UUID]]:
    """What was agreed to, and by whom."""
    with town.at_work():
        return [(each.code, each.version, each.granted, each.account_id) for each in await ConsentGiven.all()]


async def test_the_fund_is_asked_about_the_viewer_alone_and_its_answer_counts(chavagne: Town) -> None:
    family = await add_family(chavagne, quotient=650)
    chavagne.fund.answer = ANSWER
    row = await asked(chavagne, family)
    assert (row.euros, row.valid_from, row.source, row.state) == (
        480,
        date(2026, 10, 1),
        QuotientSource.CAF,
        QuotientState.ACCEPTED,
    )
    assert chavagne.fund.asked == [
        CivilIdentity("TESTBIS", ("Parent",), date(1985, 6, 15), "99100", "35238", Sex.FEMALE)
    ]
    account = family.parent.viewer.account_id
    assert await consents(chavagne) == [("quotient-familial", "1", True, account)]


async def test_what_the_file_says_comes_before_what_is_typed(chavagne: Town) -> None:
    family = await add_family(chavagne)
    chavagne.fund.answer = ANSWER
    with chavagne.at_work():
        mine = Person.filter(id=family.parent.viewer.person_id)
        await mine.update(birth_name="TESTBIS", birth_date=date(1990, 1, 2))
    await asked(chavagne, family)
    await asked(chavagne, family, replace(BIRTH, country="99404", town="35238"))
    assert chavagne.fund.asked == [
        CivilIdentity("TESTBIS", ("Parent",), date(1990, 1, 2), "99100", "35238", Sex.FEMALE),
        CivilIdentity("TESTBIS", ("Parent",), date(1990, 1, 2), "99404", None, Sex.FEMALE),
    ]


async def test_nothing_is_asked_without_a_consent_and_one_is_enough(chavagne: Town) -> None:
    family = await add_family(chavagne)
    chavagne.fund.answer = ANSWER
    with refused(Code.BLANK) as told:
        await asked(chavagne, family, agrees_to=None)
    assert told.value.message == (
        "Donnez d'abord votre accord : « J'autorise le service Enfance à consulter mon quotient familial auprès de la "
        "CAF. »"
    )
    with refused(Code.TERMS_OUTDATED):
        await asked(chavagne, family, agrees_to="0")
    assert (chavagne.fund.asked, await consents(chavagne)) == ([], [])
    await asked(chavagne, family)
    await asked(chavagne, family, agrees_to=None)
    assert (len(chavagne.fund.asked), len(await consents(chavagne))) == (2, 1)


@pytest.mark.parametrize(
    ("version", "granted", "expected"), [("1", True, True), ("0", True, False), ("1", False, False)]
)
async def test_the_last_word_on_the_text_in_force_holds(
    chavagne: Town, version: str, granted: bool, expected: bool
) -> None:
    family = await add_family(chavagne)
    chavagne.fund.answer = ANSWER
    await asked(chavagne, family)
    chavagne.later(minutes=1)
    with chavagne.asked_by(family.parent) as ctx:
        await ConsentGiven.create(
            household_id=family.id,
            account_id=ctx.viewer.account_id,
            code="quotient-familial",
            version=version,
            granted=granted,
            at=ctx.now,
        )
        assert await has_consented(ctx, family.id) is expected


async def test_a_consent_is_of_one_person(chavagne: Town) -> None:
    family = await add_family(chavagne)
    other = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST"))
    chavagne.fund.answer = ANSWER
    await asked(chavagne, family)
    with chavagne.asked_by(other) as ctx, refused(Code.BLANK):
        await fetch(ctx, family.id, BIRTH)


async def test_the_consent_is_the_commune_s_own_or_else_the_portal_s(chavagne: Town, mesnil: Town) -> None:
    assert consent_asked(chavagne.context()).text.startswith("J'autorise le service Enfance")
    assert consent_asked(mesnil.context()) == QUOTIENT_CONSENT


@pytest.mark.parametrize(
    "answer",
    [
        FundUnknown("HTTP 404"),
        replace(ANSWER, children=()),
        replace(ANSWER, children=(FundChild("ENFANT1", date(2018, 3, 15)),)),
        replace(ANSWER, children=(FundChild("JEAN", date(2018, 3, 14)),)),
    ],
    ids=["unknown", "no child", "another day", "another name"],
)
async def test_somebody_unknown_and_somebody_else_get_the_same_answer(
    mesnil: Town, answer: FundAnswer | FundUnknown
) -> None:
    family = await add_family(mesnil, quotient=None)
    mesnil.fund.answer = answer
    with refused(Code.CAF_UNKNOWN) as told:
        await asked(mesnil, family)
    assert told.value.message == (
        "Ni la CAF ni la MSA ne trouvent de dossier à votre nom avec les enfants de votre foyer. Vérifiez votre nom, "
        f"votre date et votre lieu de naissance, ou {DECLARE}."
    )
    with mesnil.at_work():
        assert await QuotientFamilial.all().count() == 0


async def test_a_fund_that_does_not_answer_leaves_the_way_of_the_commune(mesnil: Town, chavagne: Town) -> None:
    ways = {}
    for town in (mesnil, chavagne):
        town.fund.answer = FundUnavailable("down")
        family = await add_family(town)
        with refused(Code.CAF_UNAVAILABLE) as told:
            await asked(town, family)
        ways[town.commune.slug] = (told.value.message, told.value.facts["contact"])
        assert len(await consents(town)) == 1  # given before anything was asked
    mailbox = "portail.familles@chavagne.fr"
    assert ways == {
        "mesnil": (f"La CAF ne répond pas pour le moment. Réessayez plus tard, ou {DECLARE}.", None),
        "chavagne": (
            f"La CAF ne répond pas pour le moment. Réessayez plus tard, ou envoyez votre attestation à {mailbox}.",
            mailbox,
        ),
    }


async def test_guessing_identities_is_braked(chavagne: Town) -> None:
    family = await add_family(chavagne)
    for _ in range(5):
        with chavagne.asked_by(family.parent) as ctx, refused(Code.CAF_UNKNOWN):
            await fetch(ctx, family.id, BIRTH, agrees_to="1")
    with chavagne.asked_by(family.parent) as ctx, refused(Code.THROTTLED) as told:
        await fetch(ctx, family.id, BIRTH)
    assert "envoyez votre attestation à portail.familles@chavagne.fr" in told.value.message
    assert len(chavagne.fund.asked) == 5


@pytest.mark.parametrize(
    ("birth", "field"),
    [
        (replace(BIRTH, day=date(2026, 10, 5)), "birthDate"),
        (replace(BIRTH, day=date(1899, 12, 31)), "birthDate"),
        (replace(BIRTH, country="FR"), "birthCountry"),
        (replace(BIRTH, town=""), "birthTown"),
        (replace(BIRTH, town="Rennes"), "birthTown"),
        (replace(BIRTH, name="D" * 81), "birthName"),
        (replace(BIRTH, name="DU\nPONT"), "birthName"),
    ],
)
async def test_a_birth_that_cannot_be_asked_is_refused_at_its_field(chavagne: Town, birth: Birth, field: str) -> None:
    family = await add_family(chavagne)
    with refused(Code.INVALID) as told:
        await asked(chavagne, family, birth)
    assert (told.value.field, chavagne.fund.asked, await consents(chavagne)) == ((field,), [], [])


async def test_where_the_commune_may_not_ask_the_family_is_told_what_to_do(mesnil: Town) -> None:
    family = await add_family(mesnil)
    mesnil.fund.communes.clear()
    with refused(Code.FEATURE_CLOSED) as told:
        await asked(mesnil, family)
    assert told.value.message == f"La commune n'interroge pas la CAF : {DECLARE}."
    assert not may_ask(mesnil.context(family.parent.viewer), family.id)


async def test_only_who_pays_for_the_household_asks(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    watcher = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", pays=False))
    for signed in (other.parent, watcher):
        with chavagne.asked_by(signed) as ctx:
            assert not may_ask(ctx, family.id)
            with refused(Code.NOT_FOUND):
                await fetch(ctx, family.id, BIRTH, agrees_to="1")
    assert (chavagne.fund.asked, await consents(chavagne)) == ([], [])
