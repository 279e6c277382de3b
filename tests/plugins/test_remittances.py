"""A remittance before it is written: what it refuses, and how it says itself."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from plugins.rules.bank_files import BankFile
from plugins.rules.direct_debits import SepaCreditor
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.remittances import Amendment, Debit, RemittanceFile

CREDITOR = SepaCreditor(
    "Mairie de Chavagne", "FR72ZZZ123456", ("35310 Chavagne",), "ENF", "FR923000100682C355000000084", "BDFEFRPPCCT"
)
FIRST = Debit(
    end_to_end_id="SDD-20261205-001-00001",
    sequence="FRST",
    cents=12_50,
    mandate="ENF-2026-000001",
    signed_on=date(2026, 10, 5),
    holder="Parent TEST",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPPXXX",
    label="Facture 2026-ENF-000001",
)
NEXT = replace(FIRST, end_to_end_id="SDD-20261205-001-00002", sequence="RCUR", cents=7_50, mandate="ENF-2026-000002")
REMITTANCE = RemittanceFile(
    "SDD-20261205-001",
    datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    date(2026, 12, 7),
    BankFile(),
    CREDITOR,
    (NEXT, FIRST),
)


def test_a_remittance_adds_up_and_puts_new_mandates_first() -> None:
    assert REMITTANCE.total_cents == 20_00
    assert list(REMITTANCE.batches()) == [("FRST", (FIRST,)), ("RCUR", (NEXT,))]
    assert list(replace(REMITTANCE, debits=(NEXT,)).batches()) == [("RCUR", (NEXT,))]


def test_a_remittance_says_itself() -> None:
    said = f"Remise SDD-20261205-001 : 2 prélèvements le lundi 7 décembre 2026, 20,00{NBSP}€"
    assert REMITTANCE.say() == said
    assert FIRST.say() == f"12,50{NBSP}€ par le mandat ENF-2026-000001"
    assert Amendment("ENF-2025-000007", True).say() == "mandat ENF-2025-000007 modifié, nouveau compte"
    assert Amendment(None, False).say() == "mandat modifié"


def test_a_collection_never_shows_its_account_in_a_log() -> None:
    assert "FR76" not in f"{FIRST!r}{REMITTANCE!r}".replace(CREDITOR.iban, "")
    assert repr(FIRST) == "Debit(SDD-20261205-001-00001, 1250)"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"end_to_end_id": "É*"}, r"Reference 'É\*'"),
        ({"end_to_end_id": "/1"}, "Reference '/1'"),
        ({"mandate": "M" * 36}, "Reference 'MMM"),
        ({"cents": 0}, "of 0 cents"),
        ({"sequence": "FNAL"}, "neither FRST nor RCUR"),
    ],
)
def test_a_collection_no_bank_would_take_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(RuleError, match=told):
        replace(FIRST, **changes)


def test_a_remittance_collects_something_and_names_each_collection_once() -> None:
    with pytest.raises(RuleError, match="it collects nothing"):
        replace(REMITTANCE, debits=())
    with pytest.raises(RuleError, match="two collections have one reference"):
        replace(REMITTANCE, debits=(FIRST, FIRST))
