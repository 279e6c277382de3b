"""The simulated bank of direct debits reads what the portal writes, and the portal reads what it answers."""

from dataclasses import replace

import httpx
import pytest

from gateway.payments.sepa import write_remittance
from gateway.payments.sepa_answers import read_answer
from gateway.simulators.debit_bank import DebitBank, DebitFaults, debit_bank_app
from gateway.simulators.debit_bank_files import AskedDebit, FileRefused
from plugins.rules.bank_files import BankFile
from plugins.rules.remittances import RemittanceFile
from tests.plugins.test_bank_files import TREASURY
from tests.plugins.test_remittances import FIRST, NEXT, REMITTANCE

REMITTANCES = [replace(REMITTANCE, format=each) for each in (BankFile(), BankFile("pain.008.001.02", TREASURY))]
MESSAGE = REMITTANCE.message_id
ONE, TWO = FIRST.end_to_end_id, NEXT.end_to_end_id


def said(faults: DebitFaults) -> list[tuple[str, list[tuple[str, str, int | None]]]]:
    """What the portal understands of the answers to a remittance of two debits, file by file."""
    bank = DebitBank(faults)
    bank.take(write_remittance(REMITTANCE))
    files = [read_answer(file) for file in bank.answers(MESSAGE)]
    return [(kind, [(word.reference, word.code, word.cents) for word in words]) for kind, words in files]


@pytest.mark.parametrize("remittance", REMITTANCES, ids=lambda each: each.format.version)
def test_a_remittance_is_understood_by_the_bank_as_it_was_meant(remittance: RemittanceFile) -> None:
    asked = DebitBank().take(write_remittance(remittance))
    assert (asked.message_id, asked.collect_on) == (MESSAGE, REMITTANCE.collect_on)
    assert set(asked.debits) == {
        AskedDebit(each.end_to_end_id, each.cents, each.mandate, each.iban) for each in (FIRST, NEXT)
    }


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        (b"<CtrlSum>20.00<", b"<CtrlSum>20.01<", "AM10"),
        (b"<CtrlSum>7.50<", b"<CtrlSum>7.51<", "AM10"),
        (b"<NbOfTxs>2<", b"<NbOfTxs>3<", "AM10"),
        (b"Parent TEST", "Parent TÉST".encode(), "FF01"),
        (b"FR7630006000011234567890189", b"FR7630006000011234567890188", "AC01"),
        (b">12.50<", b">12,50<", "AM12"),
        (ONE.encode(), TWO.encode(), "AM05"),
        (b"<MndtId>ENF-2026-000001<", b"<MndtId><", "MD01"),
        (b"2026-12-07", b"07/12/2026", "DT01"),
        (b"CstmrDrctDbtInitn", b"CstmrCdtTrfInitn", "FF01"),
        (b"<GrpHdr>", b"<GrpHdr", "FF01"),
    ],
)
def test_a_file_no_bank_would_take_is_refused(written: bytes, instead: bytes, told: str) -> None:
    file = write_remittance(REMITTANCE)
    assert written in file
    with pytest.raises(FileRefused, match=told):
        DebitBank().take(file.replace(written, instead))


def test_a_file_is_taken_once() -> None:
    bank = DebitBank()
    bank.take(write_remittance(REMITTANCE))
    with pytest.raises(FileRefused, match="given before"):
        bank.take(write_remittance(REMITTANCE))


GOOD = ("camt.054", [(ONE, "", 12_50), (TWO, "", 7_50)])
REJECTED = ("pain.002", [(ONE, "AM04", 12_50)])
OTHER_GOOD = ("camt.054", [(TWO, "", 7_50)])
RETURNED = ("camt.054", [(TWO, "MD06", 7_50)])


@pytest.mark.parametrize(
    ("faults", "answers"),
    [
        (DebitFaults({}, {}), [GOOD]),
        (DebitFaults({1: "AM04"}, {}), [REJECTED, OTHER_GOOD]),
        (DebitFaults({}, {2: "MD06"}), [GOOD, RETURNED]),
        (DebitFaults({1: "AM04"}, {2: "MD06"}, reordered=True), [RETURNED, OTHER_GOOD, REJECTED]),
        (DebitFaults({1: "AM04"}, {}, twice=True), [REJECTED, REJECTED, OTHER_GOOD, OTHER_GOOD]),
        (DebitFaults({1: "AM04"}, {}, other_amount=True), [("pain.002", [(ONE, "AM04", 12_51)]), OTHER_GOOD]),
        (DebitFaults({}, {}, unknown=True), [("pain.002", [("SDD-19990101-001-00001", "AM04", 1_00)]), GOOD]),
    ],
)
def test_the_bank_answers_as_its_faults_say(
    faults: DebitFaults, answers: list[tuple[str, list[tuple[str, str, int | None]]]]
) -> None:
    assert [(kind, sorted(words)) for kind, words in said(faults)] == answers


@pytest.mark.anyio
async def test_the_bank_is_spoken_to_over_http() -> None:
    transport = httpx.ASGITransport(debit_bank_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://bank.example") as bank:
        changed = await bank.post("/control", json={"rejects": {"1": "AM04"}, "twice": True})
        assert changed.json()["faults"]["rejects"] == {"1": "AM04"}
        wishes: list[dict[str, object]] = [{"slow": 1}, {"rejects": []}, {"twice": 1}, {"rejects": {"x": "AM04"}}]
        for wrong in wishes:
            assert (await bank.post("/control", json=wrong)).status_code == 400
        taken = await bank.post("/prelevements", content=write_remittance(REMITTANCE))
        assert (taken.status_code, taken.json()) == (201, {"messageId": MESSAGE, "debits": 2, "answers": 4})
        assert (await bank.post("/prelevements", content=b"<x/>")).status_code == 400
        first = await bank.get(f"/prelevements/{MESSAGE}/1")
        assert read_answer(first.content)[0] == "pain.002"
        assert [(await bank.get(f"/prelevements/{path}")).status_code for path in (f"{MESSAGE}/0", "x/1")] == [404, 404]
        assert (await bank.delete("/control")).json()["faults"]["rejects"] == {}
        assert (await bank.get("/control")).json()["faults"]["twice"] is False
