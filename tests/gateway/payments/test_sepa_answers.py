"""What banks answer, read from their files; what is no answer is refused in words."""

import pytest

from gateway.payments.sepa_answers import AnswerError, read_answer
from plugins.rules.debit_answers import BankWord

ONE, TWO = "SDD-20261204-001-00001", "SDD-20261204-001-00002"


def report(version: str, body: str) -> bytes:
    """A pain.002 of a version."""
    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}">'
        "<CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>SDD-20261204-001</OrgnlMsgId>"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{body}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def status(reference: str, state: str, code: str = "", amount: str = "") -> str:
    """What a pain.002 says of a transaction."""
    reason = f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""
    original = f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt></OrgnlTxRef>' if amount else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{state}</TxSts>{reason}{original}"
        "</TxInfAndSts>"
    )


def notice(*entries: str) -> bytes:
    """A camt.054."""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn><Ntfctn>'
        f"{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def entry(sense: str, *details: str) -> str:
    """An entry of an account."""
    return f"<Ntry><CdtDbtInd>{sense}</CdtDbtInd><NtryDtls>{''.join(details)}</NtryDtls></Ntry>"


def details(reference: str, amount: str = "", code: str = "") -> str:
    """A transaction of an entry."""
    told = f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{amount}</Amt></InstdAmt></AmtDtls>' if amount else ""
    reason = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else ""
    return f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{told}{reason}</TxDtls>"


def words(file: bytes) -> tuple[str, list[tuple[str, str, int | None, str]]]:
    """What a file says, without what was received."""
    kind, said = read_answer(file)
    return kind, [(word.reference, word.code, word.cents, word.message_id) for word in said]


@pytest.mark.parametrize("version", ["03", "10"])
def test_a_report_says_what_was_rejected_and_what_is_settled(version: str) -> None:
    body = status(ONE, "RJCT", "AM04", "7.50") + status(TWO, "ACSC") + status("still-under-way", "PDNG")
    file = "SDD-20261204-001"
    assert words(report(version, body)) == ("pain.002", [(ONE, "AM04", 7_50, file), (TWO, "", None, file)])
    assert words(report(version, status(ONE, "RJCT")))[1] == [(ONE, "MS03", None, file)]


def refused_whole(body: str = "") -> bytes:
    """A pain.002 of a bank that refuses a file."""
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>"
    return report("10", body).replace(b"</OrgnlGrpInfAndSts>", group.encode())


def test_a_file_that_is_refused_whole_is_named_unless_each_of_its_collections_is() -> None:
    file = "SDD-20261204-001"
    (word,) = read_answer(refused_whole())[1]
    assert (word.reference, word.code, word.message_id, word.is_of_file) == (file, "FF01", file, True)
    assert words(refused_whole(status(ONE, "RJCT", "AC04")))[1] == [(ONE, "AC04", None, file)]


def test_a_notice_says_what_was_credited_and_what_came_back() -> None:
    credited = entry("CRDT", details(ONE, "7.5"), details(TWO, "12"))
    back = entry("DBIT", details(ONE, "7.50", "MD06"), details(TWO))
    assert words(notice(credited, back)) == (
        "camt.054",
        [(ONE, "", 7_50, ""), (TWO, "", 12_00, ""), (ONE, "MD06", 7_50, ""), (TWO, "MS03", None, "")],
    )


def test_what_a_notice_says_of_other_movements_of_the_account_is_left_out() -> None:
    fees = entry("DBIT", "<TxDtls><Refs/></TxDtls>", details("NOTPROVIDED", "1.20"))
    assert words(notice(fees, entry("DBIT", details(ONE, "7.50", "AM04"))))[1] == [(ONE, "AM04", 7_50, "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"référence;code;montant\n{ONE};AM04;7,50\n\n{TWO};;\n", [(ONE, "AM04", 7_50, ""), (TWO, "MS03", None, "")]),
        (f"Code,Reference\nAC04,{ONE}\n", [(ONE, "AC04", None, "")]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_of_rejects_is_read_as_banks_write_it(
    text: str, said: list[tuple[str, str, int | None, str]], encoding: str
) -> None:
    assert words(text.encode(encoding)) == ("csv", said)


def test_what_was_received_is_kept_for_proof() -> None:
    _, (word,) = read_answer(report("10", status(ONE, "RJCT", "AM04")))
    assert isinstance(word, BankWord)
    assert "<TxSts>RJCT</TxSts>" in word.raw


BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document><CstmrPmtStsRpt>&b;</CstmrPmtStsRpt></Document>'
)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "Écrivez une première ligne"),
        (b"un;deux\n1;2\n", "Écrivez une première ligne"),
        (b"PK\x03\x04\x14\r\x00\x06", "pas une liste CSV"),  # a workbook of a spreadsheet
        (b'code;reference\n"' + b"A" * 200_000 + b'";AM04\n', "pas une liste CSV"),
        ("référence;code\n".encode(), "Ce fichier ne parle d'aucun prélèvement."),
        (b"<Document", "Ce fichier XML est abîmé."),
        (BOMB, "il définit un type de document"),
        (b"<Document/>", "ni un pain.002, ni un camt.054"),
        (report("10", ""), "Ce fichier ne parle d'aucun prélèvement."),
        (report("10", "<PmtInfSts>RJCT</PmtInfSts>"), "un lot entier de la remise"),
        (report("10", status("x" * 36, "RJCT", "AM04")), "Une référence ou un code"),
        (report("10", status("", "RJCT", "AM04")), "Une référence ou un code"),
        (report("10", status(ONE, "RJCT", "AM 04!")), "Une référence ou un code"),
        (report("10", status(ONE, "RJCT", "AM04", "1e99999999")), "Un montant"),
        (report("10", status(ONE, "RJCT", "AM04", "7.505")), "Un montant"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(file: bytes, told: str) -> None:
    with pytest.raises(AnswerError, match=told):
        read_answer(file)
