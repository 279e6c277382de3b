"""Direct debit in the journeys: an account to collect from, its mandate until it holds, and a day at the bank."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from tests.journeys.filing import send_document
from tests.journeys.portal import Portal, Visitor, eventually

BANK = "/simulators/debit-bank"
MANDATE = "mandate { id rum state account activeFrom reason pdfUrl }"
OFFER = """{ viewer { households { directDebit {
  sentence mayJoin whyNot contact creditor conditions conditionsVersion mandates { id rum state account reason }
} } } }"""


def offered(parent: Visitor) -> dict[str, Any]:
    """What the household of a person is offered of direct debit, and its mandates, newest first."""
    (household,) = parent.ask(OFFER)["viewer"]["households"]
    found: dict[str, Any] = household["directDebit"]
    return found


def coordinates(parent: Visitor, iban: str) -> dict[str, Any]:
    """What a household gives to be collected from an account: the conditions are read and accepted."""
    household, conditions = parent.household(), offered(parent)["conditionsVersion"]
    return {"householdId": household["id"], "holder": "Parent TEST", "iban": iban, "conditions": conditions}


def join(parent: Visitor, iban: str) -> dict[str, Any]:
    """Ask to be collected from an account; returns the mandate to sign."""
    mandate: dict[str, Any] = parent.do("directDebitJoin", MANDATE, **coordinates(parent, iban))["mandate"]
    assert (mandate["state"], mandate["activeFrom"]) == ("TO_SIGN", None)
    return mandate


def sign(portal: Portal, parent: Visitor, email: str, mandate: dict[str, Any], day: str) -> None:
    """Download the mandate by the link that was mailed, and send it back signed that day, from the vault."""
    link = mandate["pdfUrl"]

    def mailed() -> bool | None:
        return any(link in mail.text for mail in portal.mails(email, "votre mandat de prélèvement à signer")) or None

    assert eventually(f"the mandate {mandate['rum']} to sign", mailed)
    assert mandate["rum"] in printed(parent, link)
    document = send_document(parent, "mandat-sepa", next(iter(parent.household()["children"].values())))
    sent = parent.do("directDebitSign", MANDATE, id=mandate["id"], documentId=document, signedOn=day)["mandate"]
    assert sent["state"] == "ASKED"


def printed(visitor: Visitor, url: str) -> str:
    """The words of a PDF that a person downloads."""
    answer = visitor.http.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


def accept(agent: Visitor, mandate: dict[str, Any], **decided: str) -> dict[str, Any]:
    """An agent accepts a signed mandate; returns it as it holds."""
    held: dict[str, Any] = agent.do("directDebitDecide", MANDATE, id=mandate["id"], accept=True, **decided)["mandate"]
    assert held["state"] == "ACTIVE"
    return held


def collectable(agent: Visitor, day: str) -> dict[str, Any]:
    """What a day would collect, and why the other invoices are left out."""
    told = agent.do("remittancePreview", "collected { invoiceNumber } leftOut { invoiceNumber reason }", collectOn=day)
    return {
        "collected": [each["invoiceNumber"] for each in told["collected"]],
        "leftOut": {each["invoiceNumber"]: each["reason"] for each in told["leftOut"]},
    }


def collect(portal: Portal, agent: Visitor, day: str, **faults: Any) -> str:
    """Make the remittance of a day and carry it to the bank, which has these faults; returns its reference."""
    made = agent.do("remittanceCreate", "remittance { id }", collectOn=day)["remittance"]
    remittance = agent.do("remittanceSend", "remittance { reference fileUrl }", id=made["id"])["remittance"]
    file = agent.http.get(remittance["fileUrl"])
    portal.http.post(f"{BANK}/control", json=faults).raise_for_status()
    assert portal.http.post(f"{BANK}/prelevements", content=file.content).status_code == 201
    reference: str = remittance["reference"]
    return reference


def hear(portal: Portal, agent: Visitor, reference: str) -> list[dict[str, Any]]:
    """Carry every answer of the bank about a remittance to the portal; returns what each one did."""
    heard: list[dict[str, Any]] = []
    while (answer := portal.http.get(f"{BANK}/prelevements/{reference}/{len(heard) + 1}")).status_code == 200:
        given = agent.http.post(
            f"/{agent.commune}/bank-answers",
            files={"file": ("banque.xml", answer.content)},
            headers={**agent.headers, "Sec-Fetch-Site": "same-origin"},
        )
        assert given.status_code == 200, given.text
        heard.append(given.json())
    return heard
