"""The files of collections: read back, valid against the schemas of ISO 20022, and the same every time.

The schemas are those that the library ``sepaxml`` carries; it also writes a file of its own to compare with.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from lxml import etree
from sepaxml import SepaDD  # type: ignore[import-untyped]

from gateway.payments.sepa import write_remittance
from plugins.rules.bank_files import BankFile, FileVersion
from plugins.rules.remittances import Amendment, Debit, RemittanceFile
from tests.plugins.test_bank_files import TREASURY
from tests.plugins.test_remittances import CREDITOR, FIRST, NEXT, REMITTANCE

VERSIONS: tuple[FileVersion, ...] = ("pain.008.001.08", "pain.008.001.02")
FORMATS = [BankFile(version, treasury) for version in VERSIONS for treasury in (None, TREASURY)]


@cache
def schema_of(version: str) -> etree.XMLSchema:
    """The schema of a version."""
    return etree.XMLSchema(etree.fromstring(files("sepaxml").joinpath("schemas", f"{version}.xsd").read_bytes()))


def faults(written: bytes, version: str) -> list[str]:
    """What the schema refuses."""
    try:
        schema_of(version).assertValid(etree.fromstring(written))
    except etree.DocumentInvalid as refusal:
        return [str(refusal)]
    return []


def told(written: bytes, path: str) -> list[str]:
    """The texts at a path, whatever the version."""
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [found.text or "" for found in etree.fromstring(written).iterfind(f".//{steps}")]


HARD_NAMES = replace(FIRST, holder="Mme Zoé Œuvrard & « fils » <b>", bic="", label="n° 12 / été 2026 //")
FOREIGN = replace(NEXT, end_to_end_id="SDD-20261205-001-00003", holder="Иван", amendment=Amendment("ENF-2025-7", True))


@pytest.mark.parametrize("format", FORMATS, ids=BankFile.say)
@pytest.mark.parametrize(
    "debits", [(FIRST,), (NEXT,), (FIRST, NEXT), (HARD_NAMES, FOREIGN), (replace(FIRST, cents=99_999_999_999),)]
)
def test_files_are_valid_and_always_the_same(format: BankFile, debits: tuple[Debit, ...]) -> None:
    remittance = replace(REMITTANCE, format=format, debits=debits)
    written = write_remittance(remittance)
    assert faults(written, format.version) == []
    assert write_remittance(replace(remittance)) == written
    assert written.isascii()


def test_the_schemas_refuse_what_is_wrong() -> None:
    written = write_remittance(REMITTANCE).replace(b">12.50<", b">12,50<")
    assert faults(written, "pain.008.001.08") != []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_plain_file_tells_the_bank_everything_once(version: FileVersion) -> None:
    written = write_remittance(replace(REMITTANCE, format=BankFile(version)))
    bank = "BICFI" if version == "pain.008.001.08" else "BIC"
    expected = {
        "GrpHdr/MsgId": ["SDD-20261205-001"],
        "GrpHdr/CreDtTm": ["2026-11-20T09:30:00"],
        "GrpHdr/NbOfTxs": ["2"],
        "GrpHdr/CtrlSum": ["20.00"],
        "GrpHdr/InitgPty/Nm": ["Mairie de Chavagne"],
        "InitgPty/Id/OrgId/Othr/Id": [],
        "PmtInf/PmtInfId": ["SDD-20261205-001-FRST", "SDD-20261205-001-RCUR"],
        "PmtInf/NbOfTxs": ["1", "1"],
        "PmtInf/CtrlSum": ["12.50", "7.50"],
        "PmtTpInf/SeqTp": ["FRST", "RCUR"],
        "PmtTpInf/SvcLvl/Cd": ["SEPA", "SEPA"],
        "PmtTpInf/LclInstrm/Cd": ["CORE", "CORE"],
        "ReqdColltnDt": ["2026-12-07", "2026-12-07"],
        "Cdtr/Nm": ["Mairie de Chavagne"] * 2,
        "CdtrAcct/Id/IBAN": [CREDITOR.iban] * 2,
        f"CdtrAgt/FinInstnId/{bank}": ["BDFEFRPPCCT"] * 2,
        "UltmtCdtr": [],
        "ChrgBr": ["SLEV", "SLEV"],
        "CdtrSchmeId/Id/PrvtId/Othr/Id": ["FR72ZZZ123456"] * 2,
        "PmtId/EndToEndId": ["SDD-20261205-001-00001", "SDD-20261205-001-00002"],
        "InstdAmt": ["12.50", "7.50"],
        "MndtRltdInf/MndtId": ["ENF-2026-000001", "ENF-2026-000002"],
        "MndtRltdInf/DtOfSgntr": ["2026-10-05", "2026-10-05"],
        "MndtRltdInf/AmdmntInd": ["false", "false"],
        f"DbtrAgt/FinInstnId/{bank}": ["AGRIFRPPXXX"] * 2,
        "Dbtr/Nm": ["Parent TEST", "Parent TEST"],
        "DbtrAcct/Id/IBAN": [FIRST.iban, NEXT.iban],
        "RmtInf/Ustrd": ["Facture 2026-ENF-000001"] * 2,
        "PstlAdr": [],
    }
    assert {path: told(written, path) for path in expected} == expected


def test_the_treasury_collects_for_the_holder_of_the_account() -> None:
    written = write_remittance(replace(REMITTANCE, format=BankFile("pain.008.001.02", TREASURY), debits=(FIRST,)))
    expected = {
        "InitgPty/Id/OrgId/Othr/Id": ["21350070600011"],
        "InitgPty/Id/OrgId/Othr/SchmeNm/Prtry": ["SIRET"],
        "Cdtr/Nm": ["SGC de Redon"],
        "CdtrAcct/Id/IBAN": [CREDITOR.iban],
        "UltmtCdtr/Nm": ["Regie enfance de Chavagne"],
        "UltmtCdtr/Id/OrgId/Othr/Id": [TREASURY.iban],
        "ChrgBr": ["SLEV"],
        "PstlAdr": [],
    }
    assert {path: told(written, path) for path in expected} == expected


@pytest.mark.parametrize(
    ("amendment", "reference", "account"),
    [
        (Amendment("ENF-2025-000007", True), ["ENF-2025-000007"], ["SMNDA"]),
        (Amendment("ENF-2025-000007", False), ["ENF-2025-000007"], []),
        (Amendment(None, True), [], ["SMNDA"]),
    ],
)
def test_an_amended_mandate_tells_what_changed(amendment: Amendment, reference: list[str], account: list[str]) -> None:
    written = write_remittance(replace(REMITTANCE, debits=(replace(FIRST, amendment=amendment),)))
    assert told(written, "MndtRltdInf/AmdmntInd") == ["true"]
    assert told(written, "AmdmntInfDtls/OrgnlMndtId") == reference
    assert told(written, "AmdmntInfDtls/OrgnlDbtrAcct/Id/Othr/Id") == account
    assert faults(written, "pain.008.001.08") == []


def test_what_no_bank_reads_is_spelt_otherwise() -> None:
    written = write_remittance(replace(REMITTANCE, debits=(HARD_NAMES, FOREIGN)))
    assert told(written, "Dbtr/Nm") == ["Mme Zoe OEuvrard fils b", FOREIGN.mandate]
    assert told(written, "RmtInf/Ustrd") == ["no 12 / ete 2026", FOREIGN.label]
    assert told(written, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def from_sepaxml(remittance: RemittanceFile) -> bytes:
    """The same remittance, written by another hand."""
    creditor = remittance.creditor
    config = {"name": creditor.name, "IBAN": creditor.iban, "BIC": creditor.bic, "batch": True}
    other = SepaDD({**config, "creditor_id": creditor.ics, "currency": "EUR"}, schema=remittance.format.version)
    for debit in remittance.debits:
        payment: dict[str, Any] = {
            "name": debit.holder,
            "IBAN": debit.iban,
            "BIC": debit.bic,
            "amount": debit.cents,
            "type": debit.sequence,
            "collection_date": remittance.collect_on,
            "mandate_id": debit.mandate,
            "mandate_date": debit.signed_on,
            "description": debit.label,
            "endtoend_id": debit.end_to_end_id,
        }
        other.add_payment(payment)
    return bytes(other.export(validate=False))


SAME_IN_BOTH = [
    *("GrpHdr/NbOfTxs", "GrpHdr/CtrlSum", "PmtInf/CtrlSum", "PmtMtd", "PmtTpInf/SeqTp", "PmtTpInf/LclInstrm/Cd"),
    *("ReqdColltnDt", "Cdtr/Nm", "CdtrAcct/Id/IBAN", "ChrgBr", "CdtrSchmeId/Id/PrvtId/Othr/Id"),
    *("PmtId/EndToEndId", "InstdAmt", "MndtRltdInf/MndtId", "MndtRltdInf/DtOfSgntr"),
    *("Dbtr/Nm", "DbtrAcct/Id/IBAN", "RmtInf/Ustrd"),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_another_library_writes_the_same_facts(version: FileVersion) -> None:
    remittance = replace(REMITTANCE, format=BankFile(version), debits=(FIRST, NEXT), collect_on=date(2026, 12, 7))
    ours, theirs = write_remittance(remittance), from_sepaxml(remittance)
    assert {path: told(ours, path) for path in SAME_IN_BOTH} == {path: told(theirs, path) for path in SAME_IN_BOTH}
