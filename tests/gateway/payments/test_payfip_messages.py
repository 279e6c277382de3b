"""The messages of PayFiP, byte for byte once canonical."""

from dataclasses import replace

import pytest
from lxml import etree

from gateway.payments.payfip_messages import (
    CREATE,
    DESCRIBE,
    REPORT,
    Fault,
    MessageError,
    order_fields,
    plain_subject,
    read_answer,
    write_request,
)
from resolvers.ports import BankRefused, PaymentOrder

CONTRACT = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/"
    "PaiementSecuriseService"
)
ORDER = PaymentOrder(
    commune="chavagne",
    client_number="090909",
    year=2026,
    reference="2026FAM000042",
    subject="Facture d'octobre 2026 – Éveil & goûter",
    amount_cents=4210,
    email="parent.test@example.org",
    mode="T",
    notification_url="https://portail.example/chavagne/payments/notification",
    return_url="https://portail.example/chavagne/payments/return?attempt=1&x=2",
)


def canonical(message: bytes) -> bytes:
    return etree.tostring(etree.fromstring(message), method="c14n")


def answered(operation: str, returned: str) -> bytes:
    return (
        '<?xml version="1.0" ?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        f'<ns2:{operation}Response xmlns:ns2="{CONTRACT}" '
        'xmlns:ns3="http://securite.service.tpa.cp.finances.gouv.fr/reponse" '
        'xmlns:ns4="http://securite.service.tpa.cp.finances.gouv.fr/requete">'
        f"<return>{returned}</return></ns2:{operation}Response></S:Body></S:Envelope>"
    ).encode()


def faulted(kind: str, detail: str) -> bytes:
    return (
        '<?xml version="1.0" ?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        '<S:Fault xmlns:ns4="http://www.w3.org/2003/05/soap-envelope"><faultcode>S:Server</faultcode>'
        f"<faultstring>fr.gouv.finances.cp.tpa.webservice.exceptions.{kind}</faultstring>"
        f'<detail><ns2:{kind} xmlns:ns2="{CONTRACT}">{detail}</ns2:{kind}></detail></S:Fault></S:Body></S:Envelope>'
    ).encode()


def test_an_order_is_written_as_the_contract_says() -> None:
    expected = f"""<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Body>\
<ns0:creerPaiementSecurise xmlns:ns0="{CONTRACT}"><arg0><exer>2026</exer><mel>parent.test@example.org</mel>\
<montant>4210</montant><numcli>090909</numcli><objet>Facture d octobre 2026 Eveil gouter</objet>\
<refdet>2026FAM000042</refdet><saisie>T</saisie>\
<urlnotif>https://portail.example/chavagne/payments/notification</urlnotif>\
<urlredirect>https://portail.example/chavagne/payments/return?attempt=1&amp;x=2</urlredirect>\
</arg0></ns0:creerPaiementSecurise></soap-env:Body></soap-env:Envelope>"""
    assert canonical(write_request(CREATE, order_fields(ORDER))) == canonical(expected.encode())


@pytest.mark.parametrize(
    ("operation", "field", "value"),
    [
        (REPORT, "idOp", "cc0cb210-1cd4-11ea-8cca-0213ad91a103"),
        (DESCRIBE, "numCli", "090909"),
    ],
)
def test_a_question_is_written_with_the_capital_the_bank_wants(operation: str, field: str, value: str) -> None:
    expected = (
        '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Body>'
        f'<ns0:{operation} xmlns:ns0="{CONTRACT}"><arg0><{field}>{value}</{field}></arg0></ns0:{operation}>'
        "</soap-env:Body></soap-env:Envelope>"
    )
    assert canonical(write_request(operation, {field: value})) == canonical(expected.encode())


def test_an_order_without_a_subject_leaves_the_field_out() -> None:
    assert b"objet" not in write_request(CREATE, order_fields(replace(ORDER, subject="— !")))


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Cantine de l'été n° 12 (œufs & Ærø)", "Cantine de l ete n 12 oeufs AEr"),
        ("  a\x00b\nc  ", "a b c"),
        ("x" * 99 + " yz", "x" * 99),
        ("日本", ""),
    ],
)
def test_a_subject_becomes_plain_letters_digits_and_spaces(subject: str, plain: str) -> None:
    assert plain_subject(subject) == plain


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("T1", {"client_number": "9090"}),
        ("T1", {"client_number": "09090９"}),
        ("T1", {"client_number": "090909\n"}),
        ("EXER", {"year": 26}),
        ("EXER", {"year": 20266}),
        ("R3", {"reference": "2026-000042"}),
        ("R3", {"reference": "ABCDE"}),
        ("R3", {"reference": "A" * 31}),
        ("R3", {"reference": "référence"}),
        ("M3", {"amount_cents": 99}),
        ("M3", {"amount_cents": 0}),
        ("M3", {"amount_cents": -4210}),
        ("M5", {"amount_cents": 10_000_000}),
        ("A2", {"email": ""}),
        ("A2", {"email": "parent"}),
        ("A2", {"email": "a@b.c"}),
        ("A2", {"email": "a@b@example.org"}),
        ("A2", {"email": "a\x00b@example.org"}),
        ("A2", {"email": "a" * 80 + "@example.org"}),
        ("S1", {"mode": "A"}),
        ("S1", {"mode": ""}),
        ("N1", {"notification_url": "javascript:alert(1)"}),
        ("N1", {"notification_url": "https://portail.example/" + "n" * 240}),
        ("D1", {"return_url": "https://portail.example/a b"}),
        ("D1", {"return_url": "https://portail.example/\ud800"}),
    ],
)
def test_a_value_the_bank_would_refuse_is_refused_with_its_code(code: str, change: dict[str, object]) -> None:
    with pytest.raises(BankRefused) as refusal:
        order_fields(replace(ORDER, **change))  # type: ignore[arg-type]
    assert refusal.value.code == code


@pytest.mark.parametrize("amount", [100, 9_999_999])
def test_the_extreme_amounts_are_accepted(amount: int) -> None:
    assert order_fields(replace(ORDER, amount_cents=amount))["montant"] == str(amount)


def test_the_answer_to_an_order_is_its_identifier() -> None:
    message = answered(CREATE, "<idOp>cc0cb210-1cd4-11ea-8cca-0213ad91a103</idOp>")
    assert read_answer(CREATE, message) == {"idOp": "cc0cb210-1cd4-11ea-8cca-0213ad91a103"}


def test_a_comment_cannot_cut_a_value_short() -> None:
    message = answered(REPORT, "<montant>10<!-- x -->00<?y z?>0</montant>")
    assert read_answer(REPORT, message) == {"montant": "10000"}


def test_a_functional_fault_gives_its_code_and_its_words() -> None:
    detail = (
        "<code>R3</code><descriptif/><libelle>Le format du paramètre REFDET n'est pas conforme</libelle>"
        "<message/><severite>2</severite>"
    )
    with pytest.raises(Fault) as fault:
        read_answer(CREATE, faulted("FonctionnelleErreur", detail))
    assert fault.value.is_functional
    assert (fault.value.code, fault.value.reason) == ("R3", "Le format du paramètre REFDET n'est pas conforme")
    assert fault.value.raw == {
        "code": "R3",
        "descriptif": "",
        "libelle": "Le format du paramètre REFDET n'est pas conforme",
        "message": "",
        "severite": "2",
    }


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("TechDysfonctionnementErreur", "<code>999</code>"),
        ("TechIndisponibiliteErreur", "<code>999</code>"),
        ("TechProtocolaireErreur", "<code>999</code>"),
        ("FonctionnelleErreur", "<libelle>sans code</libelle>"),
    ],
)
def test_the_other_faults_judge_nothing(kind: str, detail: str) -> None:
    with pytest.raises(Fault) as fault:
        read_answer(REPORT, faulted(kind, detail))
    assert not fault.value.is_functional


def test_a_fault_without_detail_judges_nothing() -> None:
    message = faulted("X", "").replace(b"<detail>", b"<other>").replace(b"</detail>", b"</other>")
    with pytest.raises(Fault) as fault:
        read_answer(REPORT, message)
    assert not fault.value.is_functional


ENTITY = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x00",
        b"<html><body>Maintenance</body></html>",
        b"<a>",
        b"<?xml version='1.0' encoding='nowhere'?><a/>",
        answered(REPORT, "<idOp>x</idOp>")[:-3],
        answered(REPORT, "<idOp>x</idOp><idOp>y</idOp>"),
        answered(REPORT, "<idOp><b>x</b></idOp>"),
        answered(REPORT, "").replace(b"<return></return>", b""),
        answered(REPORT, "").replace(b"schemas.xmlsoap.org", b"schemas.elsewhere.org"),
        answered(CREATE, "<idOp>x</idOp>"),
        answered(REPORT, "<idOp>&e;</idOp>").replace(b"<S:Envelope", ENTITY + b"<S:Envelope", 1),
        answered(REPORT, "<idOp>&c;</idOp>").replace(b"<S:Envelope", BOMB + b"<S:Envelope", 1),
        answered(REPORT, "").replace(b"<S:Body>", b"<S:Body><x/>"),
        b"<a>" * 5000,
    ],
)
def test_what_is_not_an_answer_is_refused(message: bytes) -> None:
    with pytest.raises(MessageError):
        read_answer(REPORT, message)
