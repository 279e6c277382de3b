"""The yearly file: kept as the family goes, sent once, decided by an agent; and what Melle allows only afterwards."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.calendar import SchoolYear
from plugins.rules.verdicts import Verdict
from resolvers.bookings import preview
from resolvers.dossiers import decide_dossier, dossiers_of, dossiers_to_decide, save_dossier, submit_dossier
from resolvers.enrolments import enrol, enrolments_of
from resolvers.errors import Code
from resolvers.models import Dossier, Enrolment
from resolvers.models.dossiers import DossierState
from resolvers.plans import Window
from tests.orders import book, live, order, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

YEAR = SchoolYear(2026)
CONSENTS = {"quotient-familial": True, "photo-video": False}


async def submitted(town: Town, family: Family, consents: dict[str, bool] | None = None) -> Dossier:
    """The family fills and sends the file of its first child."""
    with town.asked_by(family.parent) as ctx:
        if consents:
            await save_dossier(ctx, family.child, YEAR, consents)
        return await submit_dossier(ctx, family.child, YEAR, attests=True)


async def decided(town: Town, agent: Signed, dossier: Dossier, *, accept: bool = True, reason: str = "") -> Dossier:
    """An agent decides."""
    with town.asked_by(agent) as ctx:
        return await decide_dossier(ctx, dossier.id, accept=accept, reason=reason)


async def test_answers_are_kept_one_by_one_with_their_version_instant_and_author(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first_at = chavagne.clock.now().isoformat()
    with chavagne.asked_by(family.parent) as ctx:
        await save_dossier(ctx, family.child, YEAR, {"photo-video": True})
    chavagne.later(days=1)
    with chavagne.asked_by(family.parent) as ctx:
        await save_dossier(ctx, family.child, YEAR, {"quotient-familial": True})
        ((dossier,), none) = await dossiers_of(ctx, list(family.children.values()))
    by = family.parent.viewer.login
    assert (dossier.state, dossier.household_id, none) == (DossierState.DRAFT, family.id, [])
    assert dossier.consents == {
        "photo-video": {"version": "1", "granted": True, "at": first_at, "by": by},
        "quotient-familial": {"version": "1", "granted": True, "at": chavagne.clock.now().isoformat(), "by": by},
    }


async def test_a_file_opens_on_the_commune_s_day(chavagne: Town) -> None:
    family = await add_family(chavagne)
    chavagne.on(date(2027, 5, 31), 23, 59)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.DOSSIER_NOT_OPEN) as early:
        await save_dossier(ctx, family.child, SchoolYear(2027), CONSENTS)
    assert early.value.message == "Le dossier 2027-2028 s'ouvre le mardi 1er juin 2027."
    chavagne.on(date(2027, 6, 1), 0, 0)
    with chavagne.asked_by(family.parent) as ctx:
        assert (await save_dossier(ctx, family.child, SchoolYear(2027), CONSENTS)).school_year == 2027


async def test_a_file_is_sent_only_when_every_consent_is_answered_and_the_family_attests(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        await save_dossier(ctx, family.child, YEAR, {"quotient-familial": False})
        with refused(Code.BLANK) as unanswered:
            await submit_dossier(ctx, family.child, YEAR, attests=True)
        await save_dossier(ctx, family.child, YEAR, {"photo-video": False})
        with refused(Code.BLANK) as unattested:
            await submit_dossier(ctx, family.child, YEAR, attests=False)
        with refused(Code.NOT_FOUND):
            await save_dossier(ctx, family.child, YEAR, {"piscine": True})
        sent = await submit_dossier(ctx, family.child, YEAR, attests=True)
    assert [(caught.value.field, caught.value.message) for caught in (unanswered, unattested)] == [
        (("consents",), "Répondez d'abord à : Autorisation de prise de photo/vidéo."),
        (("attests",), "Attestez que les renseignements fournis sont exacts pour envoyer le dossier."),
    ]
    assert (sent.state, sent.submitted_at) == (DossierState.SUBMITTED, chavagne.clock.now())
    (mail,) = await chavagne.mails("dossier-received")
    assert (mail.recipient, mail.subject) == (family.parent.viewer.email, "Dossier 2026-2027 d'Enfant1 : bien reçu")


async def test_a_sent_file_no_longer_changes(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await submitted(chavagne, family, CONSENTS)
    with chavagne.asked_by(family.parent) as ctx:
        with refused(Code.STATE_CONFLICT) as saved:
            await save_dossier(ctx, family.child, YEAR, {"photo-video": True})
        with refused(Code.STATE_CONFLICT):
            await submit_dossier(ctx, family.child, YEAR, attests=True)
    assert saved.value.facts == {"contact": "portail.familles@chavagne.fr"}


async def test_a_refused_file_says_why_keeps_the_answers_and_can_be_sent_again(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    await sign_in(chavagne, await add_parent(chavagne, family.id, "Anne TEST"))
    dossier = await submitted(chavagne, family, CONSENTS)
    with refused(Code.BLANK) as silent:
        await decided(chavagne, agent, dossier, accept=False, reason="  ")
    refusal = await decided(chavagne, agent, dossier, accept=False, reason=" La fiche sanitaire est illisible. ")
    assert silent.value.field == ("reason",)
    assert (refusal.state, refusal.reason, refusal.decided_by) == (
        DossierState.REFUSED,
        "La fiche sanitaire est illisible.",
        agent.viewer.account_id,
    )
    mails = await chavagne.mails("dossier-decided")
    assert {mail.subject for mail in mails} == {"Dossier 2026-2027 d'Enfant1 : à compléter"}
    assert len({mail.recipient for mail in mails}) == 2  # both parents
    assert all("La fiche sanitaire est illisible." in mail.body for mail in mails)
    chavagne.later(days=1)
    again = await submitted(chavagne, family)
    assert (again.id, again.state, again.reason, set(again.consents)) == (
        dossier.id,
        DossierState.SUBMITTED,
        "",
        set(CONSENTS),
    )
    accepted = await decided(chavagne, agent, again)
    assert accepted.state is DossierState.ACCEPTED
    assert len(await chavagne.mails("dossier-received")) == 2


async def test_a_file_is_decided_once_and_an_unknown_one_never(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    dossier = await submitted(chavagne, family, CONSENTS)
    await decided(chavagne, agent, dossier)
    with refused(Code.STATE_CONFLICT):
        await decided(chavagne, agent, dossier, accept=False, reason="Trop tard")
    with chavagne.asked_by(agent) as ctx, refused(Code.NOT_FOUND):
        await decide_dossier(ctx, uuid4(), accept=True, reason="")


async def test_agents_read_the_queue_from_the_oldest(chavagne: Town) -> None:
    families, agent = [await add_family(chavagne, name) for name in ("UN", "DEUX", "TROIS")], await add_agent(chavagne)
    sent = []
    for family in reversed(families):
        sent.append((await submitted(chavagne, family, CONSENTS)).id)
        chavagne.later(minutes=1)
    with chavagne.asked_by(agent) as ctx:
        assert [row.id for row in await dossiers_to_decide(ctx)] == sent
        assert [row.id for row in await dossiers_to_decide(ctx, limit=2)] == sent[:2]


async def test_nobody_files_for_the_child_of_others(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    with chavagne.asked_by(other.parent) as ctx:
        for child in (family.child, uuid4()):
            with refused(Code.NOT_FOUND):
                await save_dossier(ctx, child, YEAR, CONSENTS)
        assert await dossiers_of(ctx, [family.child]) == [[]]
    with chavagne.at_work():
        assert await Dossier.all().count() == 0


async def test_a_crèche_family_of_epagny_files_nothing_and_is_told_whom_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance",))
    with epagny.asked_by(family.parent) as ctx, refused(Code.FEATURE_CLOSED) as closed:
        await save_dossier(ctx, family.child, YEAR, {})
    assert closed.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}


async def ask_to_enrol(town: Town, family: Family, activity: str, child: UUID | None = None) -> Enrolment:
    """The family asks for its first child, in 2026-2027."""
    with town.asked_by(family.parent) as ctx:
        return await enrol(ctx, child or family.child, activity, YEAR)


async def test_melle_enrols_nobody_before_the_file_is_accepted(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    with refused(Code.DOSSIER_NOT_ACCEPTED) as without:
        await ask_to_enrol(melle, family, "restauration")
    dossier = await submitted(melle, family)
    with refused(Code.DOSSIER_NOT_ACCEPTED):
        await ask_to_enrol(melle, family, "restauration")
    await decided(melle, agent, dossier)
    enrolment = await ask_to_enrol(melle, family, "restauration")
    assert (without.value.message, without.value.facts) == (
        "Le dossier administratif 2026-2027 d'Enfant1 doit d'abord être validé par le service.",
        {"contact": "education@melloisenpoitou.fr"},
    )
    assert (enrolment.child_id, enrolment.first_day, enrolment.last_day) == (
        family.child,
        date(2026, 10, 5),
        date(2027, 7, 2),
    )
    with refused(Code.DOSSIER_NOT_ACCEPTED):  # each child has its own file
        await ask_to_enrol(melle, family, "restauration", family.children["Enfant2"])


async def test_in_melle_a_family_books_once_its_file_is_accepted_and_is_told_how_it_stands_before(melle: Town) -> None:
    family, agent = await add_family(melle, enrolled=("restauration",)), await add_agent(melle)
    wanted = order(wish(family.child, "restauration", (date(2026, 11, 2), "repas")))
    dossier = await submitted(melle, family)
    with melle.asked_by(family.parent) as ctx:
        (pending,) = (await preview(ctx, wanted)).refused
    assert pending.reason is not None
    assert (pending.verdict, pending.reason.message) == (
        Verdict.DOSSIER_NOT_ACCEPTED,
        "Le dossier administratif 2026-2027 d'Enfant1 est en cours d'instruction : la réservation sera possible dès "
        "qu'il sera validé.",
    )
    await decided(melle, agent, dossier)
    await book(melle, family.parent, wanted)
    assert await live(melle) == {(family.child, date(2026, 11, 2), "restauration", "repas")}


@pytest.mark.parametrize(
    ("activity", "opens", "says"),
    [
        (
            "restauration",
            date(2026, 6, 1),
            "« Restauration scolaire » : les inscriptions ouvrent le lundi 1er juin 2026.",
        ),
        (
            "acm-mercredis",
            date(2026, 9, 1),
            "« Accueil collectif de mineurs, mercredis » : les inscriptions ouvrent le mardi 1er septembre 2026.",
        ),
    ],
)
async def test_melle_opens_meals_in_june_and_centres_in_september(
    melle: Town, activity: str, opens: date, says: str
) -> None:
    melle.on(date(2026, 5, 4))
    family, agent = await add_family(melle), await add_agent(melle)
    await decided(melle, agent, await submitted(melle, family))
    melle.on(date.fromordinal(opens.toordinal() - 1), 23, 59)
    with refused(Code.ENROLMENT_NOT_OPEN) as early:
        await ask_to_enrol(melle, family, activity)
    assert early.value.message == says
    melle.on(opens, 0, 0)
    assert (await ask_to_enrol(melle, family, activity)).first_day == max(opens, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("slug", "activity", "code", "says"),
    [
        ("melle", "piscine", Code.NOT_FOUND, "Activité : introuvable."),
        ("melle", "accueil-jeunes", Code.ENROLMENT_NOT_OPEN, "l'âge d'Enfant1 ne correspond pas à cette activité."),
        ("chavagne", "restauration", Code.ENROLMENT_NOT_OPEN, "l'inscription se fait auprès du service"),
        ("epagny", "creche", Code.FEATURE_CLOSED, "L'inscription à la crèche ne se fait pas en ligne"),
    ],
)
async def test_enrolments_that_cannot_be_are_refused_with_the_reason(
    databases: Any, slug: str, activity: str, code: Code, says: str
) -> None:
    town = Town.called(slug)
    family = await add_family(town)
    with refused(code) as caught:
        await ask_to_enrol(town, family, activity)
    assert says in caught.value.message


async def test_an_activity_that_is_over_takes_nobody(melle: Town) -> None:
    family = await add_family(melle)
    melle.on(date(2027, 7, 3))
    with refused(Code.ENROLMENT_NOT_OPEN) as over:
        await ask_to_enrol(melle, family, "restauration")
    assert over.value.message == "« Restauration scolaire » : l'activité s'est terminée le vendredi 2 juillet 2027."


async def test_asking_twice_enrols_once(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first = await ask_to_enrol(chavagne, family, "alsh-vacances")
    chavagne.later(days=3)
    assert (await ask_to_enrol(chavagne, family, "alsh-vacances")).id == first.id
    with chavagne.asked_by(family.parent) as ctx:
        with statements() as sent:
            found = await enrolments_of(ctx, list(family.children.values()))
        assert [[row.activity for row in rows] for rows in found] == [["alsh-vacances"], []]
    assert len(sent) == 1


async def test_nobody_enrols_the_child_of_others(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    with refused(Code.NOT_FOUND) as foreign:
        await ask_to_enrol(chavagne, other, "alsh-vacances", family.child)
    assert foreign.value.field == ("childId",)


async def test_a_booking_before_the_first_day_of_the_enrolment_is_refused(chavagne: Town) -> None:
    family = await add_family(chavagne)
    chavagne.on(date(2026, 10, 10))
    with chavagne.asked_by(family.parent) as ctx:
        await enrol(ctx, family.child, "alsh-vacances", YEAR)
        await Enrolment.all().update(first_day=date(2026, 10, 28))
        day = date(2026, 10, 27)
        plan = await preview(ctx, order(wish(family.child, "alsh-vacances", (day, "matin")), window=Window(day, day)))
    assert [unit.verdict for unit in plan.refused] == [Verdict.NOT_ENROLLED]


async def test_a_parent_who_may_not_act_for_the_household_neither_files_nor_enrols(chavagne: Town) -> None:
    family = await add_family(chavagne)
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=False))
    with chavagne.asked_by(reader) as ctx:
        with refused(Code.NOT_FOUND):
            await save_dossier(ctx, family.child, YEAR, CONSENTS)
        with refused(Code.NOT_FOUND):
            await enrol(ctx, family.child, "alsh-vacances", YEAR)
