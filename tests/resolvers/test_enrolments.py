"""Enrolment in an activity: when it opens, for whom, and what Melle allows only once the yearly file is accepted."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from plugins.rules.calendar import SchoolYear
from plugins.rules.verdicts import Verdict
from resolvers.agenda.bookings import preview
from resolvers.agenda.enrolments import enrol, enrolments_of
from resolvers.agenda.plans import Window
from resolvers.errors import Code
from resolvers.models import Enrolment
from tests.files import decided, sent
from tests.orders import book, live, order, wish
from tests.refusals import refused
from tests.towns import Family, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

YEAR = SchoolYear(2026)


async def ask_to_enrol(town: Town, family: Family, activity: str, child: UUID | None = None) -> Enrolment:
    """The family asks for its first child, in 2026-2027."""
    with town.asked_by(family.parent) as ctx:
        return await enrol(ctx, child or family.child, activity, YEAR)


async def test_melle_enrols_nobody_before_the_file_is_accepted(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    with refused(Code.DOSSIER_NOT_ACCEPTED) as without:
        await ask_to_enrol(melle, family, "restauration")
    dossier = await sent(melle, family)
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
    dossier = await sent(melle, family)
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
    await decided(melle, agent, await sent(melle, family))
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
        (
            "melle",
            "accueil-jeunes",
            Code.ENROLMENT_NOT_OPEN,
            "« Accueil de jeunes » : cette activité est ouverte aux enfants de 12 à 17 ans ; Enfant1 a 8 ans le mardi "
            "1er septembre 2026, premier jour de l'activité. Choisissez une activité de son âge, ou écrivez au service "
            "si sa date de naissance est à corriger.",
        ),
        ("chavagne", "restauration", Code.ENROLMENT_NOT_OPEN, "l'inscription se fait auprès du service"),
        ("epagny", "pic-et-plume", Code.FEATURE_CLOSED, "L'inscription à la crèche ne se fait pas en ligne"),
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
        with statements() as asked:
            found = await enrolments_of(ctx, list(family.children.values()))
        assert [[row.activity for row in rows] for rows in found] == [["alsh-vacances"], []]
    assert len(asked) == 1


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


async def test_a_parent_who_may_not_act_for_the_household_does_not_enrol(chavagne: Town) -> None:
    family = await add_family(chavagne)
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=False))
    with chavagne.asked_by(reader) as ctx, refused(Code.NOT_FOUND):
        await enrol(ctx, family.child, "alsh-vacances", YEAR)
