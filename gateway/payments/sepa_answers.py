"""What banks answer to collections, read from their files: pain.002, camt.054, or a list of rejects in CSV.

Versions differ in their namespace only, as far as read here, so it is not looked at. Entities are never expanded.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator

from lxml import etree

from plugins.rules.debit_answers import OTHER, BankWord
from plugins.rules.errors import RuleError

PAIN_002, CAMT_054, CSV = "pain.002", "camt.054", "csv"
MOST_WORDS = 20_000
REJECTED = "RJCT"
ACCEPTED = frozenset({"ACSC", "ACCC"})  # settled: the other states are still under way
CREDIT = "CRDT"
UNNAMED = ("", "NOTPROVIDED")
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2})0*)?", re.ASCII)


class AnswerError(ValueError):
    """What came in is no bank's answer; the message tells the agent why, in French."""


def read_answer(file: bytes) -> tuple[str, tuple[BankWord, ...]]:
    """What kind of file a bank sent, and what it says of each collection. Raises :class:`AnswerError`."""
    try:
        kind, words = _read(file)
    except RuleError as fault:
        raise AnswerError("Une référence ou un code de ce fichier est mal écrit.") from fault
    if not words:
        raise AnswerError("Ce fichier ne parle d'aucun prélèvement.")
    if len(words) > MOST_WORDS:
        raise AnswerError(f"Ce fichier parle de plus de {MOST_WORDS} prélèvements.")
    return kind, words


def _read(file: bytes) -> tuple[str, tuple[BankWord, ...]]:
    if not file.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return CSV, tuple(_list_words(file))
    root = _parsed(file)
    readers: dict[str, tuple[str, Callable[[etree._Element], Iterator[BankWord]]]] = {
        "CstmrPmtStsRpt": (PAIN_002, _report_words),
        "BkToCstmrDbtCdtNtfctn": (CAMT_054, _notice_words),
    }
    for tag, (kind, words) in readers.items():
        found = root.find(f"{{*}}{tag}")
        if found is not None:
            return kind, tuple(words(found))
    raise AnswerError("Ce fichier n'est ni un pain.002, ni un camt.054, ni une liste CSV.")


def _parsed(file: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(file.strip(), parser)
    except etree.XMLSyntaxError as fault:
        raise AnswerError("Ce fichier XML est abîmé.") from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise AnswerError("Ce fichier XML n'est pas celui d'une banque : il définit un type de document.")
    return root


def _report_words(report: etree._Element) -> Iterator[BankWord]:
    """pain.002: what became of each transaction; what is still under way is not said.

    A file that is refused whole names none of them. One batch of it, refused without naming them, is left to the agent.
    """
    message_id = _text(report, "OrgnlGrpInfAndSts/OrgnlMsgId")
    group, names_some = report.find("{*}OrgnlGrpInfAndSts"), report.find(".//{*}TxInfAndSts") is not None
    if group is not None and _text(group, "GrpSts") == REJECTED and not names_some:
        code = _code(group, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")
        yield BankWord(message_id, code, message_id=message_id, raw=_raw(group))
        return
    for batch in report.iterfind("{*}OrgnlPmtInfAndSts"):
        if _text(batch, "PmtInfSts") == REJECTED and batch.find("{*}TxInfAndSts") is None:
            raise AnswerError(
                "La banque rejette un lot entier de la remise sans nommer ses prélèvements : rejetez-les un à un."
            )
    for transaction in report.iterfind(".//{*}TxInfAndSts"):
        state = _text(transaction, "TxSts")
        if state == REJECTED or state in ACCEPTED:
            yield BankWord(
                reference=_text(transaction, "OrgnlEndToEndId"),
                code=_code(transaction, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry") if state == REJECTED else "",
                cents=_cents(transaction, "OrgnlTxRef/Amt/InstdAmt"),
                message_id=message_id,
                raw=_raw(transaction),
            )


def _notice_words(notice: etree._Element) -> Iterator[BankWord]:
    """camt.054: a debit of the creditor is a return, a credit a collection that went well.

    It tells every movement of the account: what has no reference, such as fees, is no collection.
    """
    for entry in notice.iterfind(".//{*}Ntry"):
        for transaction in entry.iterfind(".//{*}TxDtls"):
            reference = _text(transaction, "Refs/EndToEndId")
            if reference in UNNAMED:
                continue
            sense = _text(transaction, "CdtDbtInd") or _text(entry, "CdtDbtInd")
            returned = transaction.find("{*}RtrInf") is not None or sense != CREDIT
            yield BankWord(
                reference=reference,
                code=_code(transaction, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry") if returned else "",
                cents=_cents(transaction, "AmtDtls/InstdAmt/Amt", "Amt", "AmtDtls/TxAmt/Amt"),
                raw=_raw(transaction),
            )


def _list_words(file: bytes) -> Iterator[BankWord]:
    """CSV of a bank's portal: a heading, then « référence » and « code » (« montant » when it is told)."""
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.decode("cp1252", errors="replace")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as fault:
        raise AnswerError("Ce fichier n'est pas une liste CSV : enregistrez-le sous ce format, ou en XML.") from fault
    heading = [name.strip().casefold().replace("é", "e") for name in rows[0]] if rows else []
    if not {"reference", "code"} <= set(heading):
        raise AnswerError("Écrivez une première ligne « référence;code », puis un rejet par ligne.")
    for row in rows[1:]:
        told = dict(zip(heading, (value.strip() for value in row), strict=False))
        if told.get("reference"):
            cents = _as_cents(told["montant"].replace(",", ".")) if told.get("montant") else None
            yield BankWord(told["reference"], told.get("code") or OTHER, cents, raw=separator.join(row))


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext("/".join(f"{{*}}{tag}" for tag in path.split("/"))) or "").strip()


def _code(transaction: etree._Element, *paths: str) -> str:
    """The reason of a reject; « not specified » when the bank gives none."""
    return next((code for path in paths if (code := _text(transaction, path))), OTHER)


def _cents(transaction: etree._Element, *paths: str) -> int | None:
    return next((_as_cents(told) for path in paths if (told := _text(transaction, path))), None)


def _as_cents(amount: str) -> int:
    written = _AMOUNT.fullmatch(amount)
    if written is None:
        raise AnswerError("Un montant de ce fichier est mal écrit.")
    return int(written[1]) * 100 + int((written[2] or "").ljust(2, "0"))


def _raw(transaction: etree._Element) -> str:
    return etree.tostring(transaction, encoding="unicode", with_tail=False)
