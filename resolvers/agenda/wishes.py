"""A wish as plain values: what an idempotency key is compared on, and what a basket keeps."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from plugins.rules.rhythms import Rhythm, UnitRhythm
from resolvers.agenda.plans import Skip, Wish


def written(wish: Wish) -> dict[str, Any]:
    """The wish in JSON's own types, always in the same order."""
    return {
        "child": str(wish.child_id),
        "activity": wish.activity,
        "ticks": sorted([day.isoformat(), unit] for day, unit in wish.ticks),
        "rhythms": [_written(rhythm) for rhythm in wish.rhythms],
        "like": str(wish.like) if wish.like else None,
        "month": wish.month.isoformat() if wish.month else None,
        "keep": wish.keep,
        "skip": wish.skip.value,
    }


def read(kept: Mapping[str, Any]) -> Wish:
    """The wish of :func:`written`."""
    return Wish(
        child_id=UUID(kept["child"]),
        activity=kept["activity"],
        ticks=frozenset((date.fromisoformat(day), unit) for day, unit in kept["ticks"]),
        rhythms=tuple(_read(rhythm) for rhythm in kept["rhythms"]),
        like=UUID(kept["like"]) if kept["like"] else None,
        month=date.fromisoformat(kept["month"]) if kept["month"] else None,
        keep=kept["keep"],
        skip=Skip(kept["skip"]),
    )


def _written(repeated: UnitRhythm) -> dict[str, Any]:
    rhythm = repeated.rhythm
    return {
        "first": rhythm.first.isoformat(),
        "last": rhythm.last.isoformat() if rhythm.last else None,
        "weekdays": sorted(rhythm.weekdays),
        "every": rhythm.every,
        "units": list(repeated.units),
        "preset": repeated.preset,
    }


def _read(kept: Mapping[str, Any]) -> UnitRhythm:
    last = date.fromisoformat(kept["last"]) if kept["last"] else None
    rhythm = Rhythm(date.fromisoformat(kept["first"]), last, frozenset(kept["weekdays"]), kept["every"])
    return UnitRhythm(rhythm, tuple(kept["units"]), kept["preset"])
