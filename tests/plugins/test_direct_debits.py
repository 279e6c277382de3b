"""Direct debit as a commune offers it: its creditor is checked, its conditions accepted, its rejects counted."""

from dataclasses import replace
from typing import Any

import pytest

from plugins.rules.direct_debits import CONDITIONS, DirectDebitPolicy, SepaCreditor
from plugins.rules.errors import RuleError
from plugins.rules.joining import JoiningTerms

CREDITOR = SepaCreditor(
    "Mairie de Chavagne", "FR72ZZZ123456", ("35310 Chavagne",), "ENF", "FR923000100682C355000000084", "BDFEFRPPCCT"
)


def test_a_direct_debit_stops_at_the_number_of_rejects() -> None:
    policy = DirectDebitPolicy(enabled=True, suspended_after_rejects=2)
    assert [policy.is_suspended(rejects) for rejects in range(4)] == [False, False, True, True]
    assert not DirectDebitPolicy(enabled=True).is_suspended(99)


def test_a_direct_debit_policy_says_itself() -> None:
    start = "Le prélèvement prend effet à la prochaine facturation ; il peut être suspendu à votre demande"
    assert DirectDebitPolicy(enabled=False).say() == "Le prélèvement automatique n'est pas proposé."
    assert DirectDebitPolicy(enabled=True).say() == f"{start}."
    assert DirectDebitPolicy(True, 1).say() == f"{start} ou au bout de 1 rejet de prélèvement."
    assert DirectDebitPolicy(True, 2).say() == f"{start} ou au bout de 2 rejets de prélèvement."


def test_a_suspension_before_any_reject_is_refused() -> None:
    with pytest.raises(RuleError, match="Suspension after 0 rejects"):
        DirectDebitPolicy(True, 0)


def test_rejects_in_a_row_are_said_in_a_row() -> None:
    assert DirectDebitPolicy(True, 2, consecutive=True).say().endswith("au bout de 2 rejets de prélèvement de suite.")
    assert DirectDebitPolicy(True, 1, consecutive=True).say().endswith("au bout de 1 rejet de prélèvement.")


def test_every_reject_counts_unless_some_are_named() -> None:
    some = DirectDebitPolicy(True, 2, counted_rejects=frozenset({"AM04", "MD06"}))
    assert [some.counts(code) for code in ("AM04", "MD06", "FF01")] == [True, True, False]
    assert DirectDebitPolicy(True, 2).counts("FF01")


def test_a_creditor_says_its_name_and_its_identifier() -> None:
    assert CREDITOR.say() == "Mairie de Chavagne (ICS FR72ZZZ123456)"
    assert replace(CREDITOR, ics="FR72001123456").ics == "FR72001123456"  # the business code is not checked


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ics": "FR12ZZZ123456"}, "ICS 'FR12ZZZ123456'"),
        ({"ics": "DE98ZZZ09999999999"}, "ICS 'DE98ZZZ09999999999'"),
        ({"name": "M" * 71}, "at most 70 characters"),
        ({"address": ("35310\nChavagne",)}, "SEPA creditor '35310"),
        ({"rum_prefix": "enf-"}, "RUM prefix 'enf-'"),
        ({"iban": "FR923000100682C355000000085"}, "IBAN of the creditor Mairie de Chavagne"),
        ({"bic": "BDFEFRP"}, "BIC 'BDFEFRP'"),
    ],
)
def test_a_creditor_that_no_bank_would_know_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(RuleError, match=told):
        replace(CREDITOR, **changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"enabled": False, "creditor": CREDITOR}, "A creditor, yet no direct debit"),
        ({"told_days_before": 0}, "Debit told 0 days before"),
        ({"told_days_before": 61}, "Debit told 61 days before"),
        ({"booked_after_days": 61}, "Debit booked 61 days after"),
        ({"counted_rejects": frozenset({"provision"})}, "Reject code 'provision'"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(RuleError, match=told):
        DirectDebitPolicy(**{"enabled": True, **changes})


def test_the_conditions_have_a_version_and_a_text() -> None:
    assert CONDITIONS.version == "1"
    with pytest.raises(RuleError, match="at most 40 characters"):
        JoiningTerms("v" * 41, "Un texte.")
    with pytest.raises(RuleError, match="What who joins accepts"):
        JoiningTerms("1", "")
