"""The server's side of PayFiP's SOAP messages: calls read, answers and faults written as the real bank writes them."""

from collections.abc import Mapping

from lxml import etree

from gateway.payments.payfip_messages import SERVICE, SOAP, MessageError, append_fields, read_body, read_fields

_EXCEPTIONS = "fr.gouv.finances.cp.tpa.webservice.exceptions"


def read_call(message: bytes) -> tuple[str, dict[str, str]]:
    """The operation called and the fields of its ``arg0``; raises ``MessageError``."""
    call = read_body(message)
    name = etree.QName(call)
    argument = call.find("arg0")
    if name.namespace != SERVICE or argument is None:
        raise MessageError("not a call of the service")
    return name.localname, read_fields(argument)


def write_answer(operation: str, fields: Mapping[str, str]) -> bytes:
    """The envelope that returns fields; empty ones are left out."""
    envelope, body = _envelope()
    response = etree.SubElement(body, f"{{{SERVICE}}}{operation}Response", nsmap={"ns2": SERVICE})
    append_fields(etree.SubElement(response, "return"), fields)
    return _text(envelope)


def write_fault(kind: str, code: str, label: str) -> bytes:
    """The envelope of a fault: ``kind`` is the contract's class, such as ``FonctionnelleErreur``."""
    envelope, body = _envelope()
    fault = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = "S:Server"
    etree.SubElement(fault, "faultstring").text = f"{_EXCEPTIONS}.{kind}"
    error = etree.SubElement(etree.SubElement(fault, "detail"), f"{{{SERVICE}}}{kind}", nsmap={"ns2": SERVICE})
    for name, text in (("code", code), ("descriptif", ""), ("libelle", label), ("message", ""), ("severite", "2")):
        etree.SubElement(error, name).text = text
    return _text(envelope)


def write_protocol_fault(reason: str) -> bytes:
    """The envelope that answers what is not a call of the service: a fault without detail."""
    envelope, body = _envelope()
    fault = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = "S:Client"
    etree.SubElement(fault, "faultstring").text = reason
    return _text(envelope)


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
    return envelope, etree.SubElement(envelope, f"{{{SOAP}}}Body")


def _text(envelope: etree._Element) -> bytes:
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
