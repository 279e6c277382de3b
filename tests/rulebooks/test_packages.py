"""Packages, months, quotients and contracts of the corpus give the prices that were worked out by hand.

The other tariffs are checked by ``test_tariffs.py``; together they cover the corpus.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from plugins.rules.aggregates import Charge, adjustments
from plugins.rules.contracts import Contract
from plugins.rules.plans import Card, Plan
from plugins.rules.prices import Price, total_of
from plugins.rules.quotients import QuotientFormula
from plugins.rules.tariffs import Situation, Tariff
from tests.rulebooks.corpus import commune_module, entries
from tests.rulebooks.counts import PRICES, TARIFF

IDS = ("T030", "T034", "T036", "T037", "T039", "T041", "T050", "T058")
ENTRIES = [entry for entry in entries("tariffs") if entry["id"] in IDS]

DAY = date(2025, 9, 3)
TERM_DAYS = {1: DAY, 2: date(2026, 1, 7), 3: date(2026, 4, 1)}

PLANS = {"full": "forfait", "half": "demi-forfait", "card": "carte", "both": "matin-et-soir", "card10": "carte"}
"""What the examples call a package, and its code in the modules."""

COUNTS = ("hours", "meals", "occasional_meals", "occasional_days", "late_pickups")
"""The inputs that say how many of the same thing are due."""

Inputs = dict[str, Any]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_package_of_the_corpus_costs_what_its_examples_say(
    entry: dict[str, Any], record_property: Callable[[str, object], None]
) -> None:
    module = commune_module("tariffs", entry["id"])
    for example in entry["examples"]:
        cents = round(Decimal(str(example["price_eur"])) * 100)
        assert prices_of(module, example["inputs"]) == {cents}, example
    record_property(TARIFF, entry["id"])
    record_property(PRICES, len(entry["examples"]))


def prices_of(module: Any, inputs: Inputs) -> set[int]:
    """What each reading of a commune's words makes of an example: they agree, unless the example says which it is."""
    readings = getattr(module, "READINGS", None) or {"": module.TARIFF}
    wanted = readings if inputs.get("rounding") is None else {inputs["rounding"]: readings[inputs["rounding"]]}
    return {cost(reading, inputs, getattr(module, "QUOTIENT", None)) for reading in wanted.values()}


def cost(reading: Tariff | Contract, inputs: Inputs, formula: QuotientFormula | None) -> int:
    """The price of an example, in cents."""
    if isinstance(reading, Contract):
        return contract_cost(reading, inputs)
    assert reading.say()
    situation = situation_of(reading, inputs, formula)
    if chosen := chosen_plan(reading, inputs):
        return plan_cost(chosen, situation, inputs)
    if "month_minutes" in inputs:
        return month_cost(reading, replace(situation, minutes=inputs["month_minutes"]))
    price = reading.price(situation)
    assert total_of(price.lines) == price.cents
    return price.cents * next((inputs[name] for name in COUNTS if name in inputs), 1)


def contract_cost(contract: Contract, inputs: Inputs) -> int:
    """The first month of the contract, which is the example's."""
    assert (contract.hours_per_week, contract.weeks, contract.months) == (
        inputs["hours_per_week"],
        inputs["weeks"],
        inputs["months"],
    )
    return contract.instalments()[0].price.cents


def situation_of(tariff: Tariff, inputs: Inputs, formula: QuotientFormula | None) -> Situation:
    """The example as the tariff meets it: the first unit of the activity, or what is charged for a late pick-up."""
    qf = inputs.get("qf")
    if "income_month" in inputs and formula is not None:
        resources, benefits = inputs["income_month"] * 100, inputs["benefits_month"] * 100
        qf = formula.of(resources, benefits, inputs["children"], lone_parent=False).qf
    late = any(name.startswith("late_pickup") for name in inputs)
    return Situation(
        day=TERM_DAYS[inputs.get("term", 1)],
        unit="retard" if late else min(tariff.units),
        qf=qf,
        minutes=inputs.get("minutes", inputs.get("late_pickup_minutes", 60)),
        regular=not inputs.get("occasional", False),
        children_enrolled=inputs.get("children", 1),
    )


def chosen_plan(tariff: Tariff, inputs: Inputs) -> Plan | Card | None:
    """The package that the example is about, if any."""
    if "own_meal_month" in inputs:
        return tariff.plans["sans-repas"]
    if inputs.keys() & {"term", "year"} and "trimestre" in tariff.plans:
        return tariff.plans["trimestre"]
    code = PLANS.get(str(inputs.get("plan", inputs.get("formula"))))
    return tariff.plans[code] if code else None


def plan_cost(plan: Plan | Card, situation: Situation, inputs: Inputs) -> int:
    """The package for its span, for a month of its instalments, or for every span of the year."""
    if isinstance(plan, Card):
        return plan.price(situation).cents
    if "months" in inputs:
        return sum(price.cents for price in plan.instalment_prices(situation)[: inputs["months"]])
    days = TERM_DAYS.values() if "year" in inputs and plan.spans.a_year > 1 else [situation.day]
    return sum(plan.price(replace(situation, day=day), untaken=inputs.get("refunded_meals", 0)).cents for day in days)


def month_cost(tariff: Tariff, situation: Situation) -> int:
    """Days of a month and the lines they make together."""
    charge = Charge("enfant", situation, tariff.price(situation))
    return charge.price.cents + sum(line.cents for line in adjustments(tariff.aggregates, [charge]))


MASSY_DAYS = {
    "mercredi": (date(2025, 11, 5), date(2025, 11, 12), date(2025, 11, 19)),
    "vacances": (date(2025, 10, 20), date(2025, 10, 21), date(2025, 10, 22)),
}


@pytest.mark.parametrize(("unit", "visits"), tuple(product(MASSY_DAYS, (1, 2, 3))))
def test_from_the_second_day_the_package_of_t050_takes_the_place_of_the_days(unit: str, visits: int) -> None:
    tariff = commune_module("tariffs", "T050").TARIFF
    situations = [Situation(day, unit, None) for day in MASSY_DAYS[unit][:visits]]
    charges = [Charge("enfant", situation, tariff.price(situation)) for situation in situations]
    package = next(plan for plan in tariff.plans.values() if unit in plan.units).price(situations[0])
    days = [charge.price.cents for charge in charges]
    lines = [line.cents for line in adjustments(tariff.aggregates, charges)]
    assert lines == ([package.cents - sum(days)] if visits > 1 else [])


@pytest.mark.parametrize("entry_id", ["T034", "T036", "T037", "T039", "T050"])
def test_a_unit_costs_nothing_by_the_day_to_who_has_the_package(entry_id: str) -> None:
    tariff = commune_module("tariffs", entry_id).TARIFF
    for code, plan in tariff.plans.items():
        covered = [tariff.price(Situation(DAY, unit, None, plan=code)) for unit in sorted(plan.units)]
        assert covered == [plan.unit_price()] * len(plan.units)
        assert covered[0] == Price(0, covered[0].lines)
