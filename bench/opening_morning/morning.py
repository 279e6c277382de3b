"""The rush: every request is one child on one day, sent in order, and sent again to another server when one dies."""

import asyncio
import random
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import httpx

from bench.opening_morning.families import Family
from bench.opening_morning.town import ACTIVITY, DAYS, SLUG, UNIT
from schema.relay import global_id

COMMIT = """mutation($input: BookingsCommitInput!) { bookingsCommit(input: $input) {
  receipt { reference } userErrors { code message } } }"""
PATIENCE = 300.0  # seconds


@dataclass(slots=True)
class Asked:
    """One request, in the order of arrival, and what became of it."""

    number: int
    family: Family
    day: date
    sent: float = 0.0
    answered: float = 0.0
    reference: str | None = None
    refused: str | None = None
    tries: int = 0


@dataclass(slots=True)
class Rush:
    """All the requests of the morning, against servers that may come and go."""

    asked: Sequence[Asked]
    addresses: Sequence[str]
    unexpected: list[str] = field(default_factory=list)

    async def run(self, in_flight: int) -> float:
        """Send everything, in order, at most so many at once; returns how many seconds it took."""
        waiting = iter(self.asked)
        unused = ssl.create_default_context()  # loaded once: every client asks for one

        async def sender() -> None:
            async with httpx.AsyncClient(verify=unused, timeout=PATIENCE) as client:  # one for all would be slower
                for one in waiting:
                    await self._ask(client, one)

        started = time.perf_counter()
        await asyncio.gather(*(sender() for _ in range(in_flight)))
        return time.perf_counter() - started

    async def _ask(self, client: httpx.AsyncClient, one: Asked) -> None:
        day = one.day.isoformat()
        wanted = {"childId": global_id("Child", one.family.child), "activity": ACTIVITY}
        wanted["ticks"] = [{"day": day, "units": [UNIT]}]
        order = {"firstDay": day, "lastDay": day, "selections": [wanted], "idempotencyKey": f"rush-{one.number}"}
        one.sent = time.perf_counter()
        while True:
            address = self.addresses[(one.number + one.tries) % len(self.addresses)]
            one.tries += 1
            try:
                answer = await client.post(
                    f"{address}/{SLUG}/graphql",
                    json={"query": COMMIT, "variables": {"input": order}},
                    headers={"Authorization": f"Bearer {one.family.token}"},
                )
            except httpx.TransportError:
                await asyncio.sleep(0.05)  # that server died: another one answers, under the same key
                continue
            one.answered = time.perf_counter()
            self._read(one, answer)
            return

    def _read(self, one: Asked, answer: httpx.Response) -> None:
        body = answer.json()
        done = (body.get("data") or {}).get("bookingsCommit")
        if answer.status_code != 200 or done is None:
            self.unexpected.append(f"{answer.status_code} {answer.text[:300]}")
        elif done["receipt"]:
            one.reference = done["receipt"]["reference"]
        elif [error["code"] for error in done["userErrors"]] in (["FULL"], ["TOO_LATE"]):
            one.refused = done["userErrors"][0]["code"]
        else:
            self.unexpected.append(str(done)[:300])


def draw(families: Sequence[Family], count: int, seed: int) -> list[Asked]:
    """So many wishes, no two the same: most families ask for two or three days."""
    wishes = [(family, day) for family in families for day in DAYS]
    chosen = random.Random(seed).sample(wishes, count)
    return [Asked(number, family, day) for number, (family, day) in enumerate(chosen)]
