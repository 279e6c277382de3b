"""Reminders before bookings close: once for each instant, of what can still be booked and is not."""

from datetime import date

import pytest

from resolvers.agenda.reminders import hours_wanted, remind, set_reminder
from resolvers.errors import Code
from resolvers.models import Booking, Closure, PlaceCount
from tests.refusals import refused
from tests.towns import Family, Town, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]
THURSDAY, FRIDAY = date(2026, 10, 8), date(2026, 10, 9)  # closed on Tuesday 6 and Wednesday 7 at midnight


async def wishing(town: Town, hours: int = 48, name: str = "TEST", children: tuple[str, ...] = ("Zoé",)) -> Family:
    """A family of the « accueil » whose parent wants to be told."""
    family = await add_family(town, name, children=children, enrolled=("accueil",))
    with town.asked_by(family.parent) as ctx:
        await set_reminder(ctx, hours)
    return family


async def book(town: Town, family: Family, child: str, day: date) -> None:
    """A morning booked."""
    with town.at_work() as ctx:
        await Booking.create(
            household_id=family.id,
            child_id=family.children[child],
            activity="accueil",
            unit="matin",
            day=day,
            changed_at=ctx.now,
        )


async def told(town: Town, day: date, hour: int = 9) -> list[str]:
    """The lines of all the mails written by the end of rounds made at that moment."""
    town.on(day, hour)
    with town.at_work() as ctx:
        await remind(ctx)
    mails = await town.mails("bookings-closing")
    return [line for mail in mails for line in mail.body.splitlines() if line.startswith("- ")]


async def test_a_parent_is_told_once_of_each_instant_in_one_mail_for_all_the_children(scarce: Town) -> None:
    family = await wishing(scarce, children=("Zoé", "Ali"))
    first = ["- Ali, Accueil : jeudi 8 octobre 2026", "- Zoé, Accueil : jeudi 8 octobre 2026"]
    second = ["- Ali, Accueil : vendredi 9 octobre 2026", "- Zoé, Accueil : vendredi 9 octobre 2026"]
    assert await told(scarce, date(2026, 10, 5), 0) == first
    assert await told(scarce, date(2026, 10, 5), 23) == first
    assert await told(scarce, date(2026, 10, 6), 0) == first + second
    assert await told(scarce, date(2026, 10, 6), 0) == first + second
    mail, _ = await scarce.mails("bookings-closing")
    assert (mail.recipient, mail.subject) == (
        family.parent.viewer.email,
        "Village : à réserver avant le mardi 6 octobre 2026 à 23 h 59",
    )


async def test_nothing_is_told_of_what_is_booked_full_closed_or_of_who_does_not_ask(scarce: Town) -> None:
    booked = await wishing(scarce, children=("Zoé", "Ali"))
    await book(scarce, booked, "Zoé", THURSDAY)
    with scarce.at_work() as ctx:
        await PlaceCount.create(pool="presents", day=THURSDAY, capacity=2, taken=1)
    silent = await wishing(scarce, name="TESTBIS")
    with scarce.asked_by(silent.parent) as ctx:
        await set_reminder(ctx, 0)
        assert await hours_wanted(ctx) == 0
    assert await told(scarce, date(2026, 10, 5)) == ["- Ali, Accueil : jeudi 8 octobre 2026"]
    with scarce.at_work() as ctx:
        await PlaceCount.create(pool="presents", day=FRIDAY, capacity=2, taken=2)
    assert len(await told(scarce, date(2026, 10, 6))) == 1


async def test_a_day_that_an_agent_closed_is_not_told(scarce: Town) -> None:
    family = await wishing(scarce)
    with scarce.at_work() as ctx:
        await Closure.create(
            label="Grève",
            first_day=THURSDAY,
            last_day=THURSDAY,
            cause="STRIKE",
            decided_by=family.parent.viewer.account_id,
            decided_at=ctx.now,
        )
    assert await told(scarce, date(2026, 10, 5)) == []


async def test_only_who_books_for_the_household_is_told_each_as_early_as_asked(scarce: Town) -> None:
    family = await wishing(scarce, hours=48)
    late = await sign_in(scarce, await add_parent(scarce, family.id, "Parent TARDIF"))
    reader = await sign_in(scarce, await add_parent(scarce, family.id, "Parent LECTEUR", books=False))
    for signed, hours in ((late, 12), (reader, 48)):
        with scarce.asked_by(signed) as ctx:
            await set_reminder(ctx, hours)
    await told(scarce, date(2026, 10, 5))
    assert [mail.recipient for mail in await scarce.mails("bookings-closing")] == [family.parent.viewer.email]
    await told(scarce, date(2026, 10, 6), 13)
    first, again = family.parent.viewer.email, await scarce.mails("bookings-closing")
    assert sorted(mail.recipient for mail in again) == sorted([first, first, late.viewer.email])


async def test_a_wish_is_kept_until_another_one(scarce: Town) -> None:
    family = await wishing(scarce, hours=48)
    with scarce.asked_by(family.parent) as ctx:
        assert await hours_wanted(ctx) == 48
        for hours in (-1, 1, 337):
            with refused(Code.INVALID):
                await set_reminder(ctx, hours)
        assert [await set_reminder(ctx, hours) for hours in (2, 336)] == [2, 336]
        assert await hours_wanted(ctx) == 336


async def test_rounds_take_the_same_statements_whatever_the_number_of_parents(scarce: Town) -> None:
    counts = []
    for number, monday in ((1, date(2026, 10, 12)), (3, date(2026, 11, 9))):
        for place in range(number):
            await wishing(scarce, name=f"TEST{number}{place}", children=("Zoé", "Ali"))
        scarce.on(monday)
        with scarce.at_work() as ctx, statements() as sent:
            assert await remind(ctx) == {1: 1, 3: 4}[number]
        counts.append(len(sent))
    assert counts[0] == counts[1] < 20
