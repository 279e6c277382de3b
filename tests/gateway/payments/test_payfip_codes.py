"""The codes of PayFiP: each is documented for operators, with what becomes of the payment and what the family reads."""

from gateway.payments.payfip_codes import ANOMALIES, RESULTS, UNKNOWN, anomaly
from gateway.simulators import bank_ledger
from gateway.simulators.bank_page import RESULTS as BUTTONS
from tests.docs.markdown import BY_NAME, code, rows

OURS = {"EXER"}


def test_the_simulated_bank_gives_these_codes_and_no_other() -> None:
    technical = {"999"}
    assert ANOMALIES.keys() - OURS == bank_ledger.ANOMALIES.keys() - technical
    assert RESULTS.keys() == BUTTONS.keys()


def test_what_nobody_knew_is_the_service_s_business() -> None:
    assert anomaly("Q9") is UNKNOWN


def test_operators_read_every_code() -> None:
    written = rows(BY_NAME["docs/operators.md"].section("PayFiP's codes"))
    results = [(letter, found.meaning, found.outcome.name, "") for letter, found in RESULTS.items()]
    faults = [
        (letter, found.meaning, found.outcome.name if found.outcome else "", found.remedy)
        for letter, found in ANOMALIES.items()
    ]
    assert [(code(letter), *rest) for letter, *rest in written] == results + faults
