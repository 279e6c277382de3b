"""Every refusal says why, until when and whom to ask; one test per code."""

from datetime import UTC, date, datetime

import pytest

from plugins.rules.tariffs import Residency
from resolvers.agenda.bookings import preview
from resolvers.agenda.plans import Window
from resolvers.errors import Code, Refusals
from resolvers.models import Booking
from tests.orders import book, canteen_family, live, order, wish
from tests.refusals import refused
from tests.towns import Signed, Town, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)

TUESDAY = date(2026, 11, 3)

WEDNESDAY = date(2026, 11, 4)

THURSDAY = date(2026, 11, 5)


async def attempted(town: Town, by: Signed, child: object, activity: str, day: date, unit: str) -> tuple[Code, str]:
    """Order one unit; returns the code and sentence of its refusal."""
    window = Window(day, day)
    with pytest.raises(Refusals) as caught:
        await book(town, by, order(wish(child, activity, (day, unit)), window=window))  # type: ignore[arg-type]
    (refusal,) = caught.value.refusals
    assert await live(town) == set()
    return refusal.code, refusal.message


async def test_a_past_day_is_refused(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    assert await attempted(chavagne, family.parent, family.child, "restauration", date(2026, 10, 2), "repas") == (
        Code.PAST_DAY,
        "Enfant1 : Le vendredi 2 octobre 2026 est passé : contactez le service.",
    )


async def test_a_public_holiday_is_refused_with_its_name(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    day = date(2026, 11, 11)
    assert await attempted(chavagne, family.parent, family.child, "alsh-mercredi", day, "repas") == (
        Code.CLOSED_DAY,
        "Enfant1 : Repas : pas d'accueil le mercredi 11 novembre 2026 (11 novembre).",
    )


async def test_a_child_who_is_not_enrolled_is_refused_with_whom_to_ask(chavagne: Town) -> None:
    family = await add_family(chavagne)
    assert await attempted(chavagne, family.parent, family.child, "restauration", MONDAY, "repas") == (
        Code.NOT_ENROLLED,
        "Enfant1 : Enfant1 n'est pas inscrit à « Restauration scolaire » à cette date : contactez service Enfance "
        "(portail.familles@chavagne.fr ou 02 99 64 28 53).",
    )


async def test_a_crèche_day_is_refused_with_the_mailbox_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, enrolled=("pic-et-plume",), services=("petite-enfance",))
    assert await attempted(epagny, family.parent, family.child, "pic-et-plume", MONDAY, "journee") == (
        Code.FEATURE_CLOSED,
        "Enfant1 : Les réservations de la crèche ne se font pas en ligne : écrivez à la structure d'accueil de votre "
        "enfant, picketplume@epagnymetztesy.fr.",
    )


async def test_a_child_without_an_accepted_file_is_refused_in_melle(melle: Town) -> None:
    family = await add_family(melle, enrolled=("restauration",))
    assert await attempted(melle, family.parent, family.child, "restauration", MONDAY, "repas") == (
        Code.DOSSIER_NOT_ACCEPTED,
        "Enfant1 : Le dossier administratif 2026-2027 d'Enfant1 n'est pas validé : complétez-le et envoyez-le, puis "
        "attendez sa validation par le service.",
    )


async def test_a_school_year_past_the_official_calendar_offers_nothing(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    chavagne.on(date(2029, 9, 3))
    day = date(2029, 11, 6)
    with refused(Code.NOT_FOUND) as caught:
        await book(
            chavagne, family.parent, order(wish(family.child, "restauration", (day, "repas")), window=Window(day, day))
        )
    assert caught.value.message == "Cette activité n'existe pas cette année."


async def test_a_day_past_the_official_calendar_is_refused(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    assert await attempted(scarce, family.parent, family.child, "accueil", date(2029, 11, 6), "matin") == (
        Code.HORIZON,
        "Enfant1 : Le calendrier officiel ne va pas encore jusqu'au mardi 6 novembre 2029 : cette date n'est pas "
        "ouverte.",
    )


@pytest.mark.parametrize(
    ("residency", "opening"),
    [(Residency.RESIDENT, "mardi 1er décembre 2026 à 8 h"), (Residency.OUTSIDE, "mardi 8 décembre 2026 à 8 h")],
)
async def test_a_booking_that_is_not_yet_open_says_when_it_will_be_for_this_family(
    scarce: Town, residency: Residency, opening: str
) -> None:
    family = await add_family(scarce, enrolled=("stage",), residency=residency)
    assert await attempted(scarce, family.parent, family.child, "stage", MONDAY, "seance") == (
        Code.NOT_YET_OPEN,
        f"Enfant1 : Séance du lundi 2 novembre 2026 : les réservations ouvrent le {opening}.",
    )


async def test_units_that_do_not_go_alone_are_refused_together(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    assert await attempted(scarce, family.parent, family.child, "accueil", MONDAY, "repas") == (
        Code.UNIT_RULE,
        "Enfant1 : « Repas » ne se réserve qu'avec « Matin ».",
    )


async def test_a_unit_that_another_needs_cannot_be_cancelled_alone(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    morning, meal = (MONDAY, "matin"), (MONDAY, "repas")
    await book(scarce, family.parent, order(wish(family.child, "accueil", morning, meal)))
    with pytest.raises(Refusals) as caught:
        await book(scarce, family.parent, order(wish(family.child, "accueil", meal)))
    assert [refusal.code for refusal in caught.value.refusals] == [Code.UNIT_RULE]
    await book(scarce, family.parent, order(wish(family.child, "accueil")))
    assert await live(scarce) == set()


async def test_a_late_booking_costs_more_is_marked_late_and_stops_at_the_very_last_instant(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    scarce.on(date(2026, 11, 1), 12, 0)
    wanted = order(wish(family.child, "accueil", (MONDAY, "matin")))
    with scarce.asked_by(family.parent) as ctx:
        plan = await preview(ctx, wanted)
    assert [unit.price.cents for unit in plan.changes if unit.price] == [300]
    await book(scarce, family.parent, wanted)
    with scarce.at_work():
        assert [row.late for row in await Booking.all()] == [True]
    scarce.on(date(2026, 11, 1), 12, 1)
    with pytest.raises(Refusals) as caught:
        await book(
            scarce, family.parent, order(wish(family.child, "accueil", (MONDAY, "matin"), (MONDAY, "apres-midi")))
        )
    assert [refusal.facts for refusal in caught.value.refusals] == [
        {"until": datetime(2026, 11, 1, 11, tzinfo=UTC), "contact": None}
    ]


async def test_a_day_booked_cannot_be_cancelled_too_late_and_says_until_when_it_could(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    await book(chavagne, family.parent, order(wish(family.child, "restauration", (MONDAY, "repas"))))
    chavagne.on(date(2026, 10, 30))
    with pytest.raises(Refusals) as caught:
        await book(chavagne, family.parent, order(wish(family.child, "restauration")))
    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.facts["until"]) == (
        Code.TOO_LATE,
        datetime(2026, 10, 29, 22, 59, 59, tzinfo=UTC),
    )
    assert "Trop tard pour annuler Repas du midi du lundi 2 novembre 2026" in refusal.message
    assert await live(chavagne) == {(family.child, MONDAY, "restauration", "repas")}
