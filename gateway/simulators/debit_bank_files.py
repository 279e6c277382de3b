"""The files of the simulated bank of direct debits: what it understands of a remittance, and what it writes back.

It reads and writes by itself, apart from :mod:`gateway.payments.sepa`, so that each sees the other's mistakes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from plugins.rules.ibans import is_iban

REPORT = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
NOTICE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
_READ = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")


class FileRefused(ValueError):  # noqa: N818 (a refusal is what a bank answers, not a fault)
    """The whole file is refused; the message says why."""


@dataclass(frozen=True, slots=True)
class AskedDebit:
    """One debit as the bank understood it."""

    reference: str
    cents: int
    mandate: str
    iban: str


@dataclass(frozen=True, slots=True)
class AskedDebits:
    """A remittance as the bank understood it."""

    message_id: str
    collect_on: date
    debits: tuple[AskedDebit, ...]


def understood(file: bytes) -> AskedDebits:
    """What a pain.008 asks; raises :class:`FileRefused` where a bank would refuse the file."""
    root = etree.fromstring(file, etree.XMLParser(resolve_entities=False, no_network=True))
    message = root.find("{*}CstmrDrctDbtInitn")
    if message is None or "pain.008.001." not in str(root.tag):
        raise FileRefused("FF01: no pain.008")
    for text in message.itertext():
        if not _READ.fullmatch(str(text)):
            raise FileRefused(f"FF01: letters no bank reads in {str(text)[:20]!r}")
    if message.find(".//{*}AdrLine") is not None:
        raise FileRefused("FF01: unstructured postal lines")
    asked = tuple(_debit(each) for each in message.iterfind(".//{*}DrctDbtTxInf"))
    if len({each.reference for each in asked}) != len(asked):
        raise FileRefused("AM05: a reference twice")
    for part in (message.find("{*}GrpHdr"), *message.iterfind("{*}PmtInf")):
        _check_sums(part, asked)
    return AskedDebits(_told(message, "GrpHdr/MsgId"), _day(_told(message, "PmtInf/ReqdColltnDt")), asked)


def _debit(each: etree._Element) -> AskedDebit:
    iban = _told(each, "DbtrAcct/Id/IBAN")
    if not is_iban(iban):
        raise FileRefused("AC01: an account that is none")
    reference, mandate = _told(each, "PmtId/EndToEndId"), _told(each, "DrctDbtTx/MndtRltdInf/MndtId")
    if not (reference and mandate and _told(each, "DrctDbtTx/MndtRltdInf/DtOfSgntr")):
        raise FileRefused("MD01: no mandate")
    return AskedDebit(reference, _cents(_told(each, "InstdAmt")), mandate, iban)


def _check_sums(part: etree._Element | None, asked: Sequence[AskedDebit]) -> None:
    """The header adds up the whole file, a batch its own debits."""
    if part is None:
        raise FileRefused("FF01: no header")
    own = {_told(each, "PmtId/EndToEndId") for each in part.iterfind("{*}DrctDbtTxInf")}
    counted = [each for each in asked if not own or each.reference in own]
    told = (_told(part, "NbOfTxs"), _cents(_told(part, "CtrlSum")))
    if told != (str(len(counted)), sum(each.cents for each in counted)):
        raise FileRefused("AM10: the sums do not agree")


def write_report(message_id: str, asked: AskedDebits, bounced: Sequence[tuple[AskedDebit, str]]) -> bytes:
    """A pain.002: these debits are rejected before they were made, each with its code."""
    root, report = _document(REPORT, "CstmrPmtStsRpt", message_id)
    group = _put(report, "OrgnlGrpInfAndSts")
    _put(group, "OrgnlMsgId", asked.message_id)
    _put(group, "OrgnlMsgNmId", "pain.008")
    payment = _put(report, "OrgnlPmtInfAndSts")
    for place, (debit, code) in enumerate(bounced, start=1):
        entry = _put(payment, "TxInfAndSts")
        _put(entry, "StsId", f"{message_id}-{place}")
        _put(entry, "OrgnlEndToEndId", debit.reference)
        _put(entry, "TxSts", "RJCT")
        _put(_put(_put(entry, "StsRsnInf"), "Rsn"), "Cd", code)
        original = _put(entry, "OrgnlTxRef")
        _put(_put(original, "Amt"), "InstdAmt", _amount(debit.cents)).set("Ccy", "EUR")
        _put(_put(_put(original, "DbtrAcct"), "Id"), "IBAN", debit.iban)
    return _bytes(root)


def write_notice(message_id: str, collected: Sequence[AskedDebit], returned: Sequence[tuple[AskedDebit, str]]) -> bytes:
    """A camt.054: what was credited to the creditor, and what was taken back since, each with its code."""
    root, report = _document(NOTICE, "BkToCstmrDbtCdtNtfctn", message_id)
    notice = _put(report, "Ntfctn")
    for debit, code in [*((debit, "") for debit in collected), *returned]:
        entry = _put(notice, "Ntry")
        _put(entry, "Amt", _amount(debit.cents)).set("Ccy", "EUR")
        _put(entry, "CdtDbtInd", "DBIT" if code else "CRDT")
        details = _put(_put(entry, "NtryDtls"), "TxDtls")
        _put(_put(details, "Refs"), "EndToEndId", debit.reference)
        _put(details, "Amt", _amount(debit.cents)).set("Ccy", "EUR")
        if code:
            _put(_put(_put(details, "RtrInf"), "Rsn"), "Cd", code)
    return _bytes(root)


def _document(space: str, kind: str, message_id: str) -> tuple[etree._Element, etree._Element]:
    root = etree.fromstring(f'<Document xmlns="{space}"/>')
    report = _put(root, kind)
    _put(_put(report, "GrpHdr"), "MsgId", message_id)
    return root, report


def _put(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}")
    child.text = text
    return child


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _told(parent: etree._Element, path: str) -> str:
    return (parent.findtext("/".join(f"{{*}}{tag}" for tag in path.split("/"))) or "").strip()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise FileRefused("DT01: no day") from fault


def _cents(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}\.[0-9]{2}", text):
        raise FileRefused("AM12: an amount that is none")
    return int(text.replace(".", ""))


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
