"""The wire of PayFiP: the SOAP 1.1 messages of DGFiP's ``PaiementSecuriseService``, written and read by hand.

The contract is document/literal: the operation is in the service's namespace, the fields under ``arg0`` and ``return``
are in none, and they come in alphabetical order. Nothing here talks to anybody.
"""

import re
import unicodedata
from collections.abc import Mapping

from lxml import etree

from gateway.payments.payfip_codes import anomaly
from resolvers.ports import BankRefused, PaymentOrder

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise"
    "/PaiementSecuriseService"
)

CREATE = "creerPaiementSecurise"
REPORT = "recupererDetailPaiementSecurise"
DESCRIBE = "recupererDetailClient"

MINIMUM_CENTS = 100
MAXIMUM_CENTS = 9_999_999

# One line per field of an order: the bank's own code for a bad value, and what it accepts.
_RULES = (
    ("numcli", "T1", r"[0-9]{6}"),
    ("exer", "EXER", r"20[0-9]{2}"),
    ("refdet", "R3", r"[A-Za-z0-9]{6,30}"),
    ("mel", "A2", r"(?=.{6,80}\Z)[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+"),
    ("saisie", "S1", r"[TXW]"),
    ("urlnotif", "N1", r"(?=.{9,250}\Z)https?://[!-~]+"),
    ("urlredirect", "D1", r"(?=.{9,250}\Z)https?://[!-~]+"),
)


class MessageError(ValueError):
    """What came in is not a message of the contract."""


class Fault(Exception):  # noqa: N818 (SOAP's own word)
    """A SOAP fault of the bank: its class, its code, its words, and every field as received."""

    def __init__(self, kind: str, raw: Mapping[str, str]) -> None:
        self.kind = kind
        self.raw = raw
        self.code = raw.get("code", "")
        self.reason = raw.get("descriptif") or raw.get("libelle") or raw.get("message") or ""
        super().__init__(f"{kind} {self.code}: {self.reason}")

    @property
    def is_functional(self) -> bool:
        """True when the bank works and judged the request; False when it could not work."""
        return self.kind == "FonctionnelleErreur" and self.code != ""


def order_fields(order: PaymentOrder) -> dict[str, str]:
    """The fields of a ``creerPaiementSecurise``; raises :class:`BankRefused` for a value the bank would refuse."""
    fields = {
        "exer": str(order.year),
        "mel": order.email,
        "montant": str(order.amount_cents),
        "numcli": order.client_number,
        "objet": plain_subject(order.subject),
        "refdet": order.reference,
        "saisie": order.mode,
        "urlnotif": order.notification_url,
        "urlredirect": order.return_url,
    }
    for name, code, pattern in _RULES:
        if not re.fullmatch(pattern, fields[name]):
            raise refusal(code)
    if order.amount_cents < MINIMUM_CENTS:
        raise refusal("M3")
    if order.amount_cents > MAXIMUM_CENTS:
        raise refusal("M5")
    return fields


def refusal(code: str) -> BankRefused:
    """The bank's refusal of an order, with what it means and what the family can do."""
    known = anomaly(code)
    return BankRefused(code, known.meaning, known.remedy)


def plain_subject(subject: str) -> str:
    """The subject as the bank accepts it: unaccented letters, digits and single spaces, at most 100 of them."""
    spelt = subject.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    unaccented = "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9]+", " ", unaccented).strip()[:100].strip()


def write_request(operation: str, fields: Mapping[str, str]) -> bytes:
    """The envelope that calls an operation; fields left empty are left out."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap-env": SOAP})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    call = etree.SubElement(body, f"{{{SERVICE}}}{operation}", nsmap={"ns0": SERVICE})
    append_fields(etree.SubElement(call, "arg0"), fields)
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def read_answer(operation: str, message: bytes) -> dict[str, str]:
    """The fields the bank returned; raises :class:`Fault` for its faults and :class:`MessageError` otherwise."""
    content = read_body(message)
    if content.tag == f"{{{SOAP}}}Fault":
        raise _read_fault(content)
    if content.tag != f"{{{SERVICE}}}{operation}Response":
        raise MessageError("not the answer to this operation")
    returned = content.find("return")
    if returned is None:
        raise MessageError("an answer that returns nothing")
    return read_fields(returned)


def read_body(message: bytes) -> etree._Element:
    """The one element inside a SOAP body. Entities are never expanded, and a document type is refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        envelope = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        raise MessageError("not XML") from error
    if envelope.getroottree().docinfo.internalDTD is not None:
        raise MessageError("a document type is not allowed")
    body = envelope.find(f"{{{SOAP}}}Body")
    if envelope.tag != f"{{{SOAP}}}Envelope" or body is None or len(body) != 1:
        raise MessageError("not a SOAP 1.1 envelope with one content")
    return body[0]


def read_fields(parent: etree._Element) -> dict[str, str]:
    """The texts of an element's children by name; a repeated or nested field is refused."""
    fields = {str(child.tag): child.text or "" for child in parent}
    if len(fields) != len(parent) or any(len(child) for child in parent):
        raise MessageError("a field is repeated or nested")
    return fields


def append_fields(parent: etree._Element, fields: Mapping[str, str]) -> None:
    """Write fields as children without namespace, in the contract's order, which is alphabetical."""
    for name in sorted(name for name, value in fields.items() if value):
        etree.SubElement(parent, name).text = fields[name]


def _read_fault(fault: etree._Element) -> Fault:
    detail = fault.find("detail")
    if detail is None or len(detail) == 0:
        return Fault("Fault", {"message": (fault.findtext("faultstring") or "")[:200]})
    return Fault(etree.QName(detail[0]).localname, read_fields(detail[0]))
