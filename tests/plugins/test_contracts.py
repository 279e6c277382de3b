"""The crèche's contract: both readings of the hourly price, prices that change, and the account at the end."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plugins.rules.contracts import Contract, ContractTerms, HourlyPrices, PsuHours, Settlement, Spread
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.prices import PriceLine, Resources, Rounding
from plugins.rules.psu import CNAF_RATES, UnknownResources, psu, resource_bounds
from plugins.rules.versions import versions

EXACT = versions(Decimal("154.8"))  # 3 000,00 € × 0,0516 %
RAISED = versions(Decimal("154.8"), (date(2026, 1, 15), Decimal("160.2")))


def terms(hourly: Rounding | None = Rounding.HALF_UP, spread: Spread = Spread.EQUAL, step: int = 30) -> ContractTerms:
    """What the commune decides."""
    return ContractTerms(hourly_rounding=hourly, spread=spread, overrun_minutes=step)


def contract(decided: ContractTerms, hourly: HourlyPrices = EXACT, **changes: Any) -> Contract:
    """40 hours a week for 44 weeks, in twelve months from September."""
    usual: dict[str, Any] = {
        "first": date(2025, 9, 1),
        "last": date(2026, 8, 31),
        "hours_per_week": Decimal(40),
        "weeks": Decimal(44),
        "months": 12,
    }
    return Contract(terms=decided, hourly=hourly, **{**usual, **changes})


def plain(lines: tuple[PriceLine, ...]) -> list[tuple[str, int]]:
    """The lines with ordinary spaces."""
    return [(line.label.replace(NBSP, " "), line.cents) for line in lines]


@pytest.mark.parametrize(
    ("decided", "months", "total"),
    [
        (terms(Rounding.HALF_UP, Spread.EQUAL), [22733] * 12, 272_796),
        (terms(Rounding.HALF_UP, Spread.LAST_ABSORBS), [22733] * 11 + [22737], 272_800),
        (terms(None, Spread.EQUAL), [22704] * 12, 272_448),
        (terms(None, Spread.LAST_ABSORBS), [22704] * 12, 272_448),
    ],
)
def test_the_commune_writes_which_rounding_makes_the_month(
    decided: ContractTerms, months: list[int], total: int
) -> None:
    signed = contract(decided)
    assert [instalment.price.cents for instalment in signed.instalments()] == months
    assert signed.total() == total


def test_each_month_says_how_it_is_computed_and_the_last_one_what_it_absorbs() -> None:
    signed = contract(terms(spread=Spread.LAST_ABSORBS), first=date(2025, 12, 8), last=date(2026, 2, 20), months=3)
    said = "40 h × 44 semaines ÷ 3 mois × 1,55 € de l'heure"
    assert [(instalment.month, plain(instalment.price.lines)) for instalment in signed.instalments()] == [
        (date(2025, 12, 1), [(f"Décembre 2025 : {said}", 90933)]),
        (date(2026, 1, 1), [(f"Janvier 2026 : {said}", 90933)]),
        (date(2026, 2, 1), [(f"Février 2026 : {said}", 90933), ("Arrondi de l'ensemble des mois", 1)]),
    ]


@pytest.mark.parametrize(
    ("rounding", "hourly", "months"),
    [
        (Rounding.UP, "0.001", [1, 1] + [0] * 10),  # 1.76 of a cent for the year, rounded up: 2
        (Rounding.UP, "0.003", [1] * 6 + [0] * 6),  # 5.28 cents
        (Rounding.HALF_UP, "0.0035", [1] * 6 + [0] * 6),  # 6.16 cents, 0.513 each month
        (Rounding.DOWN, "0.003", [0] * 11 + [5]),
    ],
)
def test_instalments_of_a_few_cents_add_up_to_the_whole_and_none_is_negative(
    rounding: Rounding, hourly: str, months: list[int]
) -> None:
    decided = replace(terms(None, Spread.LAST_ABSORBS), rounding=rounding)
    signed = contract(decided, versions(Decimal(hourly)))
    assert [instalment.price.cents for instalment in signed.instalments()] == months


def test_a_price_that_changes_counts_from_the_first_month_that_begins_with_it_and_the_change_is_said() -> None:
    signed = contract(terms(None), RAISED)
    assert [instalment.price.cents for instalment in signed.instalments()] == [22704] * 5 + [23496] * 7
    assert plain(signed.instalments()[5].price.lines) == [
        (
            "Février 2026 : 40 h × 44 semaines ÷ 12 mois × 1,602 € de l'heure "
            "(prix de l'heure jusqu'au mois précédent : 1,548 €)",
            23496,
        )
    ]
    assert "jusqu'au" not in signed.instalments()[6].price.lines[0].label


def test_under_the_psu_a_cap_and_resources_that_change_move_the_months_that_follow() -> None:
    caps = versions(resource_bounds("814.62", "7000"), (date(2025, 11, 1), resource_bounds("814.62", "8500")))
    price = psu(CNAF_RATES, caps, without_resources=UnknownResources.CAP)
    hours = PsuHours(price, versions(None, (date(2026, 1, 1), Resources(3000, dependent_children=2))))
    signed = contract(terms(), hours)
    assert [signed.hourly_price(date(2025, month, 15)) for month in (10, 11, 12)] == [433, 526, 526]
    assert [instalment.price.cents for instalment in signed.instalments()] == [63507] * 2 + [77147] * 2 + [22733] * 8


def test_the_price_of_the_first_day_holds_in_a_first_month_that_is_not_whole() -> None:
    signed = contract(terms(None), RAISED, first=date(2026, 1, 20), months=2)
    assert signed.hourly_price(date(2026, 1, 25)) == Decimal("160.2")


def test_hours_not_due_are_deducted_at_the_price_of_their_month() -> None:
    minutes = {date(2026, 1, 30): 600, date(2026, 2, 2): 510, date(2026, 2, 3): 0}
    assert plain(contract(terms(), RAISED).deduction("Maladie", minutes)) == [
        ("Maladie : 10 h × 1,55 € de l'heure", -1550),
        ("Maladie : 8 h 30 × 1,60 € de l'heure", -1360),
    ]


@pytest.mark.parametrize(("step", "said", "cents"), [(1, "51 min", 132), (15, "1 h 15", 194), (30, "1 h 30", 233)])
def test_hours_beyond_the_contract_are_due_by_started_steps_of_each_day(step: int, said: str, cents: int) -> None:
    minutes = {date(2025, 9, 2): 5, date(2025, 9, 3): 46, date(2025, 9, 4): 0}
    assert plain(contract(terms(step=step)).overrun(minutes)) == [
        (f"Au-delà du contrat : {said} × 1,55 € de l'heure", cents)
    ]


@pytest.mark.parametrize(
    ("paid", "cents", "said"),
    [
        (0, 31_000, "Solde de tout compte : 310,00 € à régler"),
        (22_733, 8_267, "Solde de tout compte : 82,67 € à régler"),
        (31_000, 0, "Solde de tout compte : rien à régler ni à rembourser"),
        (45_466, -14_466, "Solde de tout compte : 144,66 € à rembourser"),
    ],
)
def test_the_final_account_compares_the_hours_done_with_what_was_invoiced(paid: int, cents: int, said: str) -> None:
    account = contract(terms()).settle({date(2025, 9, 2): 6000, date(2025, 10, 2): 6000}, paid)
    invoiced = [("Mensualités déjà facturées", -paid)] if paid else []
    assert (account.cents, plain(account.lines)) == (
        cents,
        [("Heures réalisées : 200 h × 1,55 € de l'heure", 31_000), *invoiced],
    )
    assert account.say().replace(NBSP, " ") == said


def test_the_terms_say_themselves() -> None:
    assert terms().say() == (
        "heures par semaine × semaines ÷ mois × prix de l'heure arrondi au centime ; chaque mois est arrondi de la "
        "même façon ; heures au-delà du contrat comptées par tranche de 30 min commencée"
    )
    assert terms(None, Spread.LAST_ABSORBS, 1).say() == (
        "heures par semaine × semaines ÷ mois × prix exact de l'heure ; le dernier mois porte l'arrondi de "
        "l'ensemble ; heures au-delà du contrat comptées à la minute"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"last": date(2025, 8, 31)}, "swap the two days"),
        ({"hours_per_week": Decimal(0)}, "0 hours a week"),
        ({"hours_per_week": Decimal(61)}, "61 hours a week"),
        ({"weeks": Decimal(54)}, "54 weeks"),
        ({"months": 0}, "paid in 0 months: it spans 12, write 1 to 12"),
        ({"months": 13}, "paid in 13 months"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        contract(terms(), **changes)


def test_minutes_outside_the_contract_a_negative_payment_and_a_strange_step_are_refused() -> None:
    with pytest.raises(RuleError, match="mardi 1er septembre 2026"):
        contract(terms()).settle({date(2026, 9, 1): 60}, 0)
    with pytest.raises(RuleError, match="on a day of the contract"):
        contract(terms()).deduction("Maladie", {date(2025, 9, 2): -60})
    with pytest.raises(RuleError, match="-1 cents invoiced"):
        contract(terms()).settle({}, -1)
    with pytest.raises(RuleError, match="overrun_minutes 20"):
        terms(step=20)
    with pytest.raises(RuleError, match="add up to 2"):
        Settlement(1, (PriceLine("Heures", 2),))
