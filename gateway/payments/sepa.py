"""The file of collections « remise de prélèvements » that a bank reads: ISO 20022, pain.008.001.08 or .02.

Written in the letters every bank reads and without postal lines: since 15 November 2026 unstructured ones are refused,
and a French debtor needs none. The same remittance always makes the same bytes.
"""

from collections.abc import Sequence

from lxml import etree

from plugins.rules.bank_files import sepa_text
from plugins.rules.remittances import Debit, RemittanceFile

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
LONGEST_NAME = 70
LONGEST_LABEL = 140
NEW_ACCOUNT = "SMNDA"  # « same mandate, new debtor account »


def write_remittance(remittance: RemittanceFile) -> bytes:
    """The file of a remittance, in UTF-8."""
    document = etree.fromstring(f'<Document xmlns="{NAMESPACE}{remittance.format.version}"/>')
    message = _put(document, "CstmrDrctDbtInitn")
    _write_header(_put(message, "GrpHdr"), remittance)
    for sequence, debits in remittance.batches():
        batch = _put(message, "PmtInf")
        _write_batch(batch, remittance, sequence, debits)
        for debit in debits:
            _write_debit(_put(batch, "DrctDbtTxInf"), remittance, debit)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def _write_header(header: etree._Element, remittance: RemittanceFile) -> None:
    _put(header, "MsgId", text=remittance.message_id)
    _put(header, "CreDtTm", text=f"{remittance.made_at:%Y-%m-%dT%H:%M:%S}")
    _write_sums(header, remittance.debits)
    party = _put(header, "InitgPty")
    _put(party, "Nm", text=sepa_text(remittance.creditor.name, LONGEST_NAME))
    if remittance.format.treasury is not None:
        other = _put(party, "Id", "OrgId", "Othr")
        _put(other, "Id", text=remittance.format.treasury.siret)
        _put(other, "SchmeNm", "Prtry", text="SIRET")


def _write_sums(parent: etree._Element, debits: Sequence[Debit]) -> None:
    _put(parent, "NbOfTxs", text=str(len(debits)))
    _put(parent, "CtrlSum", text=_amount(sum(debit.cents for debit in debits)))


def _write_batch(batch: etree._Element, remittance: RemittanceFile, sequence: str, debits: Sequence[Debit]) -> None:
    """What the collections of one kind have in common: when, for whom, and into which account."""
    creditor, treasury = remittance.creditor, remittance.format.treasury
    _put(batch, "PmtInfId", text=f"{remittance.message_id}-{sequence}")
    _put(batch, "PmtMtd", text="DD")
    _write_sums(batch, debits)
    kind = _put(batch, "PmtTpInf")
    _put(kind, "SvcLvl", "Cd", text="SEPA")
    _put(kind, "LclInstrm", "Cd", text="CORE")
    _put(kind, "SeqTp", text=sequence)
    _put(batch, "ReqdColltnDt", text=remittance.collect_on.isoformat())
    _put(batch, "Cdtr", "Nm", text=sepa_text(treasury.office if treasury else creditor.name, LONGEST_NAME))
    _put(batch, "CdtrAcct", "Id", "IBAN", text=creditor.iban)
    _write_bank(_put(batch, "CdtrAgt"), remittance, creditor.bic)
    if treasury is not None:
        holder = _put(batch, "UltmtCdtr")
        _put(holder, "Nm", text=sepa_text(treasury.holder, LONGEST_NAME))
        _put(holder, "Id", "OrgId", "Othr", "Id", text=treasury.iban)
    _put(batch, "ChrgBr", text="SLEV")
    scheme = _put(batch, "CdtrSchmeId", "Id", "PrvtId", "Othr")
    _put(scheme, "Id", text=creditor.ics)
    _put(scheme, "SchmeNm", "Prtry", text="SEPA")


def _write_debit(collected: etree._Element, remittance: RemittanceFile, debit: Debit) -> None:
    _put(collected, "PmtId", "EndToEndId", text=debit.end_to_end_id)
    _put(collected, "InstdAmt", text=_amount(debit.cents)).set("Ccy", "EUR")
    _write_mandate(_put(collected, "DrctDbtTx", "MndtRltdInf"), debit)
    _write_bank(_put(collected, "DbtrAgt"), remittance, debit.bic)
    _put(collected, "Dbtr", "Nm", text=sepa_text(debit.holder, LONGEST_NAME) or debit.mandate)
    _put(collected, "DbtrAcct", "Id", "IBAN", text=debit.iban)
    _put(collected, "RmtInf", "Ustrd", text=sepa_text(debit.label, LONGEST_LABEL))


def _write_mandate(mandate: etree._Element, debit: Debit) -> None:
    _put(mandate, "MndtId", text=debit.mandate)
    _put(mandate, "DtOfSgntr", text=debit.signed_on.isoformat())
    if debit.amendment is None:
        _put(mandate, "AmdmntInd", text="false")
        return
    _put(mandate, "AmdmntInd", text="true")
    changed = _put(mandate, "AmdmntInfDtls")
    if debit.amendment.former_reference is not None:
        _put(changed, "OrgnlMndtId", text=debit.amendment.former_reference)
    if debit.amendment.other_account:
        _put(changed, "OrgnlDbtrAcct", "Id", "Othr", "Id", text=NEW_ACCOUNT)


def _write_bank(agent: etree._Element, remittance: RemittanceFile, bic: str) -> None:
    """A bank by its code, or the scheme's word for one that is not known: the IBAN is enough."""
    bank = _put(agent, "FinInstnId")
    if bic:
        _put(bank, "BICFI" if remittance.format.version == "pain.008.001.08" else "BIC", text=bic)
    else:
        _put(bank, "Othr", "Id", text="NOTPROVIDED")


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _put(parent: etree._Element, *path: str, text: str | None = None) -> etree._Element:
    """Add an element under another, each tag of the path inside the one before; returns the innermost."""
    for tag in path:
        parent = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}")
    parent.text = text
    return parent
