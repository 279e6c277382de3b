"""What is true of the database and of the letterbox once the morning is over."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import quantiles

import asyncpg

from bench.findings import Finding
from bench.opening_morning.morning import Asked, Rush
from bench.opening_morning.town import DAYS, PLACES, SLUG
from gateway.simulators.mailbox import Received


async def findings(connection: asyncpg.Connection, rush: Rush, mails: Sequence[Received]) -> list[Finding]:
    """Read the tables of the commune and compare them with what each family was told."""
    table = f'"{SLUG}".'
    taken = await connection.fetch(f"SELECT day, capacity, taken FROM {table}place_count ORDER BY day")
    live = {
        (row["child_id"], row["day"])
        for row in await connection.fetch(f"SELECT child_id, day FROM {table}booking WHERE live")
    }
    log = Counter(
        (row["child_id"], row["day"])
        for row in await connection.fetch(f"SELECT child_id, day FROM {table}booking_change")
    )
    receipts = {
        row["number"] for row in await connection.fetch(f"SELECT number FROM {table}request WHERE kind = 'BOOKING'")
    }
    stuck = await connection.fetchval(f"SELECT count(*) FROM {table}effect WHERE done_at IS NULL AND kind = 'MAIL'")
    told = {(one.family.child, one.day): one.reference for one in rush.asked if one.reference}
    references = [found[0] for mail in mails if (found := re.findall(r"\bD-[0-9]{4}-[0-9]{6}\b", mail.text))]
    full = {(row["day"], row["taken"]) for row in taken}
    answered = sum(1 for one in rush.asked if one.reference or one.refused)
    return [
        Finding("every request was answered", answered == len(rush.asked), f"{answered} of {len(rush.asked)}"),
        Finding("no answer but a receipt, FULL or TOO_LATE", not rush.unexpected, str(rush.unexpected[:3])),
        Finding(
            "exactly 300 places given",
            full == {(day, PLACES) for day in DAYS} and len(live) == 300,
            f"{len(live)} live bookings, {sum(row['taken'] for row in taken)} places",
        ),
        Finding("who was told « booked » is, and nobody else", told.keys() == live, f"{len(told)} told"),
        Finding("one line of the log per booking", log == Counter(live), f"{sum(log.values())} lines"),
        Finding("one receipt per confirmation", receipts == set(told.values()), f"{len(receipts)} receipts"),
        Finding(
            "one mail per receipt, none twice",
            Counter(references) == Counter(receipts) and not stuck,
            f"{len(references)} mails, {stuck} waiting",
        ),
    ]


def fairness(asked: Sequence[Asked]) -> str:
    """Per day, requests that came before the last one served and were refused: how many, and by how many seconds."""
    by_day: defaultdict[object, list[Asked]] = defaultdict(list)
    for one in asked:
        by_day[one.day].append(one)
    passed, worst = 0, 0.0
    for day in by_day.values():
        last = max((one.sent for one in day if one.reference), default=0.0)
        early = [one for one in day if one.refused and one.sent < last]
        passed += len(early)
        worst = max([worst, *(last - one.sent for one in early)])
    return f"{passed} refused although sent before the last one served that day, by {worst * 1000:.0f} ms at most"


def timings(asked: Sequence[Asked], seconds: float) -> str:
    """Median, 99th centile, rates."""
    waits = quantiles([(one.answered - one.sent) * 1000 for one in asked], n=100)
    booked = sum(1 for one in asked if one.reference)
    again = sum(one.tries - 1 for one in asked)
    return (
        f"{len(asked)} requests in {seconds:.1f} s: {len(asked) / seconds:.0f} answers/s, {booked} bookings; "
        f"p50 {waits[49]:.0f} ms, p99 {waits[98]:.0f} ms; {again} sent again"
    )
