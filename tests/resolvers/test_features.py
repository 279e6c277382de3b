"""What families do online is asked per service; who may not is told the mailbox of where their children are."""

from datetime import date

import pytest

from plugins.rules.features import Feature
from resolvers.errors import Code
from resolvers.features import feature_of, mailboxes_of, require_feature
from resolvers.models import Enrolment
from tests.refusals import refused
from tests.towns import Town, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CRECHE = ("petite-enfance",)
PIC_ET_PLUME, LOPTIOU = "picketplume@epagnymetztesy.fr", "loptiou@epagnymetztesy.fr"


async def test_features_are_asked_per_service(epagny: Town) -> None:
    ctx = epagny.context()
    answers = {
        (service, feature): feature_of(ctx, service, feature).allowed
        for service in ("enfance-jeunesse", "petite-enfance")
        for feature in (Feature.BOOK, Feature.PAY_ONLINE)
    }
    assert answers == {
        ("enfance-jeunesse", Feature.BOOK): True,
        ("enfance-jeunesse", Feature.PAY_ONLINE): True,
        ("petite-enfance", Feature.BOOK): False,
        ("petite-enfance", Feature.PAY_ONLINE): True,
    }


@pytest.mark.parametrize(
    ("enrolled", "contact", "written"),
    [
        ((), PIC_ET_PLUME, f"{PIC_ET_PLUME} (ou {LOPTIOU})."),
        (("pic-et-plume",), PIC_ET_PLUME, f"{PIC_ET_PLUME}."),
        (("loptiou",), LOPTIOU, f"{LOPTIOU}."),
        (("pic-et-plume", "loptiou"), PIC_ET_PLUME, f"{PIC_ET_PLUME} (ou {LOPTIOU})."),
    ],
)
async def test_a_refusal_names_the_crèche_that_the_child_goes_to(
    epagny: Town, enrolled: tuple[str, ...], contact: str, written: str
) -> None:
    family = await add_family(epagny, enrolled=enrolled, services=CRECHE)
    with epagny.asked_by(family.parent) as ctx, refused(Code.FEATURE_CLOSED) as closed:
        await require_feature(ctx, Feature.FILE_DOSSIER, CRECHE, family.id)
    assert closed.value.facts == {"contact": contact}
    assert closed.value.message.endswith(f"écrivez à la structure d'accueil de votre enfant, {written}")


async def test_a_crèche_that_the_child_has_left_is_not_the_one_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, enrolled=("pic-et-plume", "loptiou"), services=CRECHE)
    with epagny.at_work() as ctx:
        await Enrolment.filter(activity="pic-et-plume").update(last_day=date(2026, 9, 30))
        assert await mailboxes_of(ctx, [family.id]) == [LOPTIOU]


async def test_the_mailboxes_of_many_households_are_one_statement_and_none_where_places_have_none(
    epagny: Town, chavagne: Town
) -> None:
    families = [await add_family(epagny, name, enrolled=("loptiou",)) for name in ("TEST", "TESTBIS")]
    with epagny.at_work() as ctx, statements() as sent:
        assert await mailboxes_of(ctx, [family.id for family in families]) == [LOPTIOU, LOPTIOU]
    assert len(sent) == 1
    elsewhere = await add_family(chavagne, enrolled=("restauration",))
    with chavagne.at_work() as ctx, statements() as sent:
        assert await mailboxes_of(ctx, [elsewhere.id]) == [""]
    assert sent == []
