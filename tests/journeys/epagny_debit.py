"""« Régler votre facture par prélèvement automatique », the last page of Épagny's guide: from a RIB to two rejects."""

from datetime import date

from tests.debits import POST
from tests.journeys.debits import MANDATE, accept, collect, collectable, hear, offered, printed
from tests.journeys.guides.steps import covers
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import codes, issue, month

PAUL = "paul.test@example.org"  # of the crèche
AGENT = "agent@epagny.example"
MAILBOX = "petite-enfance@epagnymetztesy.fr"
DAYS = [date(2026, 10, 12), date(2026, 11, 2)]  # a day at the crèche in each month
DEBIT_DAY = "2026-12-22"


@covers("epagny-43", "epagny-44")
def send_a_bank_statement(portal: Portal, paul: Visitor) -> None:
    """The portal says where a RIB is sent; the service records it, the mandate comes by mail, and goes back signed."""
    debit = offered(paul)
    assert (debit["mayJoin"], debit["contact"]) == (False, MAILBOX)
    assert "transmettez un RIB à la directrice de la structure" in debit["whyNot"]
    account = {"householdId": paul.household()["id"], "holder": "Paul TEST", "iban": POST, "conditions": "1"}
    assert codes(paul.refusals("directDebitJoin", **account)) == {"FEATURE_CLOSED"}
    agent = portal.signed_in("epagny", AGENT)
    mandate = agent.do("directDebitJoin", MANDATE, **account)["mandate"]
    link = portal.mail(PAUL, "votre mandat de prélèvement à signer").found(r"(http://\S+)")
    assert mandate["rum"] in printed(paul, link) and "FR14 2004 1010 0505 0001 3M02 606" in printed(paul, link)
    assert accept(agent, mandate, signedOn="2026-10-05")["activeFrom"] == "2026-10-06"


@covers("epagny-45")
def from_the_next_invoicing_on(portal: Portal, password: str) -> str:
    """What is invoiced after the mandate was accepted is collected on its due day, and says so."""
    portal.move_clock("2026-12-01T10:00:00+01:00")
    agent, paul = portal.signed_in("epagny", AGENT), portal.signed_in("epagny", "paul.test", password)
    baby = paul.household()["children"]["Bébé"]
    came = {"childId": baby, "activity": "pic-et-plume", "unit": "journee", "presence": "UNEXPECTED"}
    for day in DAYS:
        agent.do("attendanceRecord", entries=[{**came, "day": day.isoformat()}])
        issue(agent, month(day.year, day.month))
    november, october, september = paul.invoices()
    assert "prélevée" not in printed(paul, september["pdfUrl"])
    assert "cette somme sera prélevée le mardi 22 décembre 2026" in printed(paul, october["pdfUrl"])
    numbers = [october["number"], november["number"]]
    assert collectable(agent, DEBIT_DAY) == {"collected": numbers, "leftOut": {}}
    return collect(portal, agent, DEBIT_DAY, rejects={"1": "AM04", "2": "AM04"})


@covers("epagny-46")
def suspended(portal: Portal, password: str, reference: str) -> None:
    """After two rejects, until the service resumes it; and whenever the family asks."""
    portal.move_clock("2026-12-23T09:00:00+01:00")
    agent, paul = portal.signed_in("epagny", AGENT), portal.signed_in("epagny", "paul.test", password)
    assert hear(portal, agent, reference) == [{"rejected": 2, "collected": 0, "known": 0, "refused": [], "dropped": []}]
    (mandate,) = offered(paul)["mandates"]
    assert (mandate["state"], mandate["reason"]) == ("SUSPENDED", "au bout de 2 rejets")
    assert "au bout de 2 rejets" in portal.mail(PAUL, "Votre prélèvement automatique ne fonctionne plus").text
    (refused,) = paul.refusals("directDebitResume", id=mandate["id"])
    assert refused["contact"] == MAILBOX and MAILBOX in refused["message"]
    assert agent.do("directDebitResume", MANDATE, id=mandate["id"])["mandate"]["state"] == "ACTIVE"
    stopped = paul.do("directDebitSuspend", MANDATE, id=mandate["id"])["mandate"]
    assert (stopped["state"], stopped["reason"]) == ("SUSPENDED", "à votre demande")
