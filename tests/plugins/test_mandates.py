"""The reference of a mandate, from when and until when it holds, and what it prints."""

from dataclasses import replace
from datetime import date

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.mandates import MandateDocument, first_day_collected, lapsed_before, mandate_reference
from tests.plugins.test_direct_debits import CREDITOR

MANDATE = MandateDocument(
    reference="ENF-2026-000123",
    creditor=CREDITOR,
    holder="Parent TEST",
    holder_address=("1 rue du Pont", "35310 Chavagne"),
    iban="FR1420041010050500013M02606",
    bic="PSSTFRPP",
    made_out_on=date(2026, 10, 5),
    conditions="Vous signalez tout changement de compte bancaire.",
    give_back="Rendez ce mandat au service Enfance.",
)


def test_a_reference_says_whose_year_and_which() -> None:
    assert mandate_reference("ENF", 2026, 123) == "ENF-2026-000123"
    assert len(mandate_reference("A" * 16, 2026, 999_999)) <= 35


@pytest.mark.parametrize(
    ("prefix", "year", "sequence"), [("ENF", 26, 1), ("ENF", 2026, 0), ("ENF", 2026, 1_000_000), ("A" * 25, 2026, 1)]
)
def test_a_reference_that_no_bank_would_take_is_refused(prefix: str, year: int, sequence: int) -> None:
    with pytest.raises(RuleError, match="Mandate reference"):
        mandate_reference(prefix, year, sequence)


@pytest.mark.parametrize(
    ("signed", "accepted", "first"),
    [
        (date(2026, 10, 5), date(2026, 10, 5), date(2026, 10, 6)),
        (date(2026, 10, 5), date(2026, 10, 9), date(2026, 10, 10)),
        (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)),
    ],
)
def test_effectif_a_compter_de_la_prochaine_facturation(signed: date, accepted: date, first: date) -> None:
    """Strictly after the signature, and never for an invoice that was issued before the mandate held."""
    assert first_day_collected(signed, accepted) == first


@pytest.mark.parametrize(
    ("today", "last_use"),
    [(date(2026, 10, 5), date(2023, 10, 5)), (date(2028, 2, 29), date(2025, 2, 28))],
)
def test_a_mandate_unused_for_36_months_holds_no_more(today: date, last_use: date) -> None:
    assert lapsed_before(today) == last_use


def test_a_mandate_says_itself_and_its_account_by_groups_and_never_in_a_log() -> None:
    assert MANDATE.say() == "Mandat ENF-2026-000123 du lundi 5 octobre 2026"
    assert replace(MANDATE, amends="ENF-2025-000007").say().endswith(", en remplacement de ENF-2025-000007")
    assert MANDATE.iban_in_groups == "FR14 2004 1010 0505 0001 3M02 606"
    assert repr(MANDATE) == "MandateDocument(ENF-2026-000123)"


def test_a_mandate_of_no_account_is_refused() -> None:
    with pytest.raises(RuleError, match="its account is no IBAN"):
        replace(MANDATE, iban="FR14")
    with pytest.raises(RuleError, match="Mandate ENF-2026-000123"):
        replace(MANDATE, holder="")
