"""What is printed on a deposit slip adds up to what is banked."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.deposits import Banked, DepositSlip
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.invoicing import Issuer

SLIP = DepositSlip(
    number="2026-B-000003",
    issuer=Issuer("Commune de Chavagne", ("35310 Chavagne",), None, "service Enfance"),
    desk="Au guichet (mairie)",
    means="cheque",
    made_at=datetime(2026, 12, 4, 16, 30, tzinfo=ZoneInfo("Europe/Paris")),
    payments=(
        Banked("2026-Q-000001", date(2026, 12, 3), "TEST", "chèque n° 1234567, Banque TEST", 30_00),
        Banked("2026-Q-000002", date(2026, 12, 4), "TESTBIS", "chèque n° 7654321, Banque TEST", 12_00),
    ),
    total_cents=42_00,
)


def test_a_slip_says_what_is_banked() -> None:
    assert (SLIP.title, SLIP.say()) == (
        "Bordereau de remise 2026-B-000003",
        f"2 encaissements (chèque), 42,00{NBSP}€.",
    )
    alone = replace(SLIP, payments=SLIP.payments[:1], total_cents=30_00)
    assert alone.say() == f"1 encaissement (chèque), 30,00{NBSP}€."


@pytest.mark.parametrize("wrong", [{"total_cents": 41_99}, {"payments": (), "total_cents": 0}])
def test_a_slip_adds_up_and_is_not_empty(wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="2026-B-000003"):
        replace(SLIP, **wrong)
