"""The tariffs of the corpus give, to the cent, the prices that were worked out by hand or that the commune prints.

Packages, months, quotients and contracts are checked by ``test_packages.py``; together they cover the corpus.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from plugins.rules.prices import total_of
from plugins.rules.tariffs import Regime, Residency, Resources, Situation, Tariff
from tests.rulebooks.corpus import commune_module, entries
from tests.rulebooks.counts import PRICES, TARIFF
from tests.rulebooks.test_packages import IDS as PACKAGES

ENTRIES = [entry for entry in entries("tariffs") if entry["id"] not in PACKAGES]

DAY = date(2025, 11, 3)
Inputs = dict[str, Any]
Facts = dict[str, Any]

UNITS = {
    "alsh_day": "journee",
    "garderie": "garderie",
    "garderie_matin": "garderie-matin",
    "garderie_soir": "garderie-soir",
    "half_day": "demi-journee",
    "lunch_break": "pause-meridienne",
    "matin": "matin",
    "meal": "repas",
    "soir": "soir",
    "base_week": "semaine",
    "gouter": "gouter",
    "half_hours": "accueil",
    "late_pickup_minutes": "retard",
    "evening_minutes": "soir",
    "meals_remaining": "supplement-repas",
}
"""What an input of the examples is about, and the code of the unit, or of the extra, in the modules."""

CHOICES = {
    "day": "journee",
    "half": "demi-journee",
    "half_meal": "demi-journee-repas",
    "day_with_meal": "journee-repas",
    "day_no_meal": "journee",
    "hour_peri": "heure-periscolaire",
    "both": "matin-et-soir",
    "one": "matin-ou-soir",
    "08:30": "matin-8h30",
    "07:30": "matin-7h30",
}
"""What the inputs « formula », « sessions », « type » and « morning_from » choose; the others have the same name."""

CASES = {
    "pai_own_meal": "PAI panier-repas",
    "great_precarity": "grande précarité",
    "booked_during_centre": "inscription pendant le centre",
    "ase": "enfant confié au département",
}
REGIMES = {"caf": Regime.GENERAL, "msa": Regime.MSA, "autre": Regime.OTHER}

KNOWN = frozenset(
    {*UNITS, *CASES, "formula", "sessions", "type", "morning_from", "regime", "qf", "resident", "rank", "minutes"}
    | {"children", "children_registered", "children_present", "days", "tarif", "date", "base_price", "booked"}
    | {"late_booking", "booked_after_window", "present_not_booked", "unjustified_absence", "unbooked_count"}
    | {"resources_month", "aeeh_children"}
)
"""Every input that this file understands: another one would be left out of the price without a word."""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_tariff_of_the_corpus_costs_what_its_examples_say(
    entry: dict[str, Any], record_property: Callable[[str, object], None]
) -> None:
    module = commune_module("tariffs", entry["id"])
    for example in entry["examples"]:
        inputs, cents = example["inputs"], round(Decimal(str(example["price_eur"])) * 100)
        assert inputs.keys() <= KNOWN
        assert {cost(tariff, inputs, entry["structure"]) for tariff in readings(module).values()} == {cents}, example
    assert all(tariff.say() for tariff in readings(module).values())
    record_property(TARIFF, entry["id"])
    record_property(PRICES, len(entry["examples"]))


def test_the_two_files_cover_the_corpus() -> None:
    covered = {entry["id"] for entry in ENTRIES} | set(PACKAGES)
    assert (len(covered), covered) == (42, {entry["id"] for entry in entries("tariffs")})


def test_each_reading_of_an_ambiguous_table_has_its_price() -> None:
    """Baincthun prints « < 617 » and « > 617 »: 617 itself is in the lower row or in the upper one."""
    situation = Situation(DAY, "accueil", 617, minutes=60)
    said = readings(commune_module("tariffs", "T032"))
    assert {letter: tariff.price(situation).cents for letter, tariff in said.items()} == {"A": 110, "B": 120}


def readings(module: ModuleType) -> dict[str, Tariff]:
    """Each reading of a commune's words by its letter; a single one when they are clear."""
    found: dict[str, Tariff] = getattr(module, "READINGS", {"A": module.TARIFF})
    return found


def cost(tariff: Tariff, inputs: Inputs, structure: dict[str, Any]) -> int:
    """The price of an example in cents: every unit it names, for every child, on every day."""
    children = next((inputs[name] for name in ("children_present", "children") if name in inputs), 1)
    if "resources_month" in inputs:
        children = 1  # the others are dependent children, who do not come
    each = [
        count * price_of(tariff, replace(situation, child_rank=situation.child_rank + child))
        for situation, count in situations(tariff, inputs, structure)
        for child in range(children)
    ]
    return sum(each) * int(inputs.get("days", 1))


def price_of(tariff: Tariff, situation: Situation) -> int:
    """The price of a situation, whose explanation adds up."""
    price = tariff.price(situation)
    assert total_of(price.lines) == price.cents
    assert all(line.label for line in price.lines)
    return price.cents


def situations(tariff: Tariff, inputs: Inputs, structure: dict[str, Any]) -> Iterable[tuple[Situation, int]]:
    """The units of an example and how many of each; none is named: the first unit of the tariff."""
    facts = facts_of(inputs, structure)
    chosen = [str(inputs[name]) for name in ("formula", "sessions", "type", "morning_from") if name in inputs]
    for name in chosen:
        yield Situation(unit=CHOICES.get(name, name), **facts), 1
    named = [name for name in UNITS if name in inputs]
    for name in named:
        yield measured(Situation(unit=UNITS[name], **facts), name, inputs[name])
    if not chosen and not named:
        yield Situation(unit=next(iter(tariff.prices)), **facts), 1


def measured(situation: Situation, name: str, value: Any) -> tuple[Situation, int]:
    """Minutes are part of the situation; meals and sessions are counted; « occasional » is a kind of meal."""
    if name.endswith("minutes"):
        return replace(situation, minutes=value), 1
    if name == "half_hours":
        return replace(situation, minutes=30 * value), 1
    if isinstance(value, str):
        return replace(situation, regular=value == "regular"), 1
    return situation, 1 if name == "base_week" else int(value)


def facts_of(inputs: Inputs, structure: dict[str, Any]) -> Facts:
    """What the situation of an example holds, whatever its unit."""
    qf = inputs.get("qf")
    return {
        "day": date.fromisoformat(inputs.get("date", DAY.isoformat())),
        "qf": Decimal(str(qf)) if isinstance(qf, float) else qf,
        "residency": Residency.RESIDENT if inputs.get("resident", True) else Residency.OUTSIDE,
        "child_rank": inputs.get("rank", 1),
        "minutes": inputs.get("minutes"),
        "booked": inputs.get("booked", not ("present_not_booked" in inputs or "unbooked_count" in inputs)),
        "unbooked_count": inputs.get("unbooked_count", 0),
        "late": "late_booking" in inputs or "booked_after_window" in inputs,
        "absent": "unjustified_absence" in inputs,
        "children_enrolled": inputs.get("children_registered", inputs.get("children", 1)),
        "regime": REGIMES.get(inputs.get("regime", "")),
        "resources": resources_of(inputs, structure),
        "cases": frozenset(case for name, case in CASES.items() if inputs.get(name)),
    }


def resources_of(inputs: Inputs, structure: dict[str, Any]) -> Resources | None:
    """The household's means; « tarif 2 » is an income between the two thresholds of a family of three children."""
    if "resources_month" in inputs:
        return Resources(inputs["resources_month"], inputs["children"], inputs.get("aeeh_children", 0))
    if "tarif" in inputs:
        low, high = structure["thresholds_by_children"]["3"]
        return Resources((low - 1, (low + high) // 2, high + 1)[inputs["tarif"] - 1], 3)
    return None
