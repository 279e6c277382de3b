"""Numbers, references and lines of invoices."""

import re
from dataclasses import replace
from typing import Any

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.invoicing import InvoiceLineItem, InvoicingPolicy, Issuer

ISSUER = Issuer("Mairie", ("1 place de la Mairie", "35310 Chavagne"), "21350076000015", "enfance@village.fr")
POLICY = InvoicingPolicy(series="ENF", due_days=30, issuer=ISSUER)
MEALS = InvoiceLineItem("Enfant1", "Restauration", "Repas", 12, 360, 4320, ("12 repas à 3,60 €",))


def test_an_invoice_number_holds_the_year_the_series_and_the_rank() -> None:
    assert POLICY.number(2026, 7) == "2026-ENF-000007"
    assert replace(POLICY, number_pattern="{series}{year}/{number}").number(2026, 7) == "ENF2026/7"


@pytest.mark.parametrize(
    "pattern",
    [
        "{year}-{number}",
        "{year}-{series}-{number}-{day}",
        "{year.real}{series}{number}",
        "{year",
        "{year}{series}{number:zz}",
    ],
)
def test_a_number_pattern_uses_exactly_year_series_and_number(pattern: str) -> None:
    with pytest.raises(RuleError, match=r"Invoice number .* all three, bare or with a width"):
        replace(POLICY, number_pattern=pattern)


@pytest.mark.parametrize(
    ("year", "number", "attempt", "reference"),
    [(2026, 7, 1, "2026ENF000007A01"), (2026, 1_234_567, 12, "2026ENF1234567A12")],
)
def test_a_payfip_reference_names_the_invoice_and_the_attempt(
    year: int, number: int, attempt: int, reference: str
) -> None:
    assert POLICY.payfip_reference(year, number, attempt) == reference


def test_payfip_references_are_6_to_30_letters_and_digits_and_never_repeat() -> None:
    policies = (replace(POLICY, series="A"), replace(POLICY, series="AB"), replace(POLICY, series="ABCDEF"))
    numbers, attempts = (1, 2, 11, 111111, 1111111, 10**12 - 1), (1, 2, 11, 99, 100, 10**6 - 1)
    references = [
        policy.payfip_reference(year, number, attempt)
        for policy in policies
        for year in (2026, 2027)
        for number in numbers
        for attempt in attempts
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9]{6,30}", reference) for reference in references)
    assert len(set(references)) == len(references)


@pytest.mark.parametrize("values", [(999, 1, 1), (2026, 0, 1), (2026, 1, 0), (2026, 10**12, 1), (2026, 1, 10**6)])
def test_a_payfip_reference_out_of_range_is_refused(values: tuple[int, int, int]) -> None:
    with pytest.raises(RuleError, match="out of range"):
        POLICY.payfip_reference(*values)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"series": "enf"}, "Invoice series 'enf': write 1 to 6 capital letters"),
        ({"series": "ENF1"}, "Invoice series 'ENF1'"),
        ({"due_days": 0}, "Invoices due after 0 days"),
        ({"minimum_cents": -1}, "Minimum invoice of -1 cents"),
        ({"mentions": ("a\nb",)}, "Invoice mention"),
    ],
)
def test_an_invoicing_policy_that_cannot_work_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        replace(POLICY, **values)  # type: ignore[arg-type]


def test_an_issuer_with_a_wrong_siret_is_refused() -> None:
    with pytest.raises(RuleError, match="SIRET '213' of Mairie: write 14 digits, or None"):
        replace(ISSUER, siret="213")


def test_a_line_that_does_not_multiply_is_refused() -> None:
    with pytest.raises(RuleError, match="12 × 360 cents is not 4321; split lines of different prices"):
        replace(MEALS, total_cents=4321)


def test_credit_notes_are_numbered_apart() -> None:
    assert POLICY.credit_note_number(2026, 7) == "2026-AV-000007"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"credit_note_series": "ENF"}, "Credit note series 'ENF': write 1 to 6 capital letters of its own"),
        ({"credit_note_series": "av"}, "Credit note series 'av'"),
        ({"reminder_days": (0,)}, r"Reminders after \(0,\) days"),
        ({"reminder_days": (30, 7)}, r"Reminders after \(30, 7\) days"),
    ],
)
def test_credit_notes_and_reminders_that_make_no_sense_are_refused(values: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleError, match=why):
        replace(POLICY, **values)


def test_reminders_are_said_in_days_after_the_due_date() -> None:
    said = replace(POLICY, reminder_days=(1, 30)).say()
    assert "Une facture impayée est relancée par e-mail 1 jour et 30 jours après son échéance." in said
