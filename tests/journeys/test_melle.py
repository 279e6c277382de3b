"""Mellois en Poitou: first the yearly file, then enrolment on 1 June or 1 September, then booking."""

from datetime import date
from typing import Any

from tests.journeys.conftest import Start
from tests.journeys.filing import complete, save
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import (
    PLAN,
    RECEIPT,
    check_and_issue,
    codes,
    invited_parent,
    month,
    order,
    pay_by_card,
    selection,
    units,
)

PARENT = "test2.test2@example.org"
AGENT = "agent@melle.example"
CHOSEN = "melle-2026"
YEAR = "2026-2027"
DOSSIER = "dossier { id state reason }"
ILLEGIBLE = "Le carnet de vaccinations est illisible."

SEPTEMBER = month(2026, 9)
CLASS_DAYS = [date(2026, 9, day) for day in (1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18, 21, 22, 24, 25, 28, 29)]
FRIDAYS = [date(2026, 9, day) for day in (4, 11, 18, 25)]


def test_a_melle_family_has_its_file_accepted_enrols_books_is_invoiced_and_pays(start: Start) -> None:
    portal = start("2026-05-20T09:00:00+02:00")
    parent = invited_parent(portal, "melle", PARENT, CHOSEN)
    child = parent.household()["children"]["Enfant"]
    nothing_before_the_file(portal, parent, child)
    file_refused_then_accepted(portal, parent, child)
    enrol_in_june(parent, child)
    book_september(portal, parent, child)
    enrol_in_september(portal, child)
    bill_and_pay(portal)


def meals(child: str) -> dict[str, Any]:
    """Every school meal of September."""
    return order(SEPTEMBER, [selection(child, "restauration", {"repas": CLASS_DAYS})])


def why_not_booked(parent: Visitor, child: str) -> str:
    """The French reason that every day of September is refused for; preview and commit say the same."""
    plan = parent.do("bookingsPreview", PLAN, **meals(child))["plan"]
    assert {unit["verdict"] for unit in plan["units"]} == {"DOSSIER_NOT_ACCEPTED"}
    (reason,) = {unit["reason"] for unit in plan["units"]}
    refused = parent.refusals("bookingsCommit", **meals(child))
    assert {(each["code"], each["message"]) for each in refused} == {("DOSSIER_NOT_ACCEPTED", f"Enfant : {reason}")}
    assert isinstance(reason, str)
    return reason


def enrolment(child: str, activity: str) -> dict[str, str]:
    """What ``enrolmentCreate`` takes."""
    return {"childId": child, "activity": activity, "schoolYear": YEAR}


def nothing_before_the_file(portal: Portal, parent: Visitor, child: str) -> None:
    """In May enrolment is not open; in June it is, for a child whose file is accepted."""
    assert "complétez-le et envoyez-le" in why_not_booked(parent, child)
    (early,) = parent.refusals("enrolmentCreate", **enrolment(child, "restauration"))
    assert early["code"] == "ENROLMENT_NOT_OPEN" and "lundi 1er juin 2026" in early["message"]
    portal.move_clock("2026-06-01T08:00:00+02:00")
    parent.sign_in(PARENT, CHOSEN)
    (refused,) = parent.refusals("enrolmentCreate", **enrolment(child, "restauration"))
    assert (refused["code"], refused["contact"]) == ("DOSSIER_NOT_ACCEPTED", "education@melloisenpoitou.fr")
    assert f"Le dossier administratif {YEAR} d'Enfant" in refused["message"]


def file_refused_then_accepted(portal: Portal, parent: Visitor, child: str) -> None:
    """The draft waits for its author; the service refuses with a reason, the family corrects, then it is accepted."""
    file = {"childId": child, "schoolYear": YEAR}
    assert save(parent, child, YEAR, 0, ecole="École du bourg")["state"] == "DRAFT"
    assert codes(parent.refusals("dossierSubmit", **file, attests=True)) == {"DOSSIER_INCOMPLETE"}
    parent = portal.signed_in("melle", PARENT, CHOSEN)  # the next day, from another device
    assert files(parent) == [{"schoolYear": YEAR, "state": "DRAFT", "reason": ""}]
    complete(parent, child, YEAR)
    assert codes(parent.refusals("dossierSubmit", **file, attests=False)) == {"BLANK"}
    assert parent.do("dossierSubmit", DOSSIER, **file, attests=True)["dossier"]["state"] == "SUBMITTED"
    portal.mail(PARENT, "bien reçu")
    assert "en cours d'instruction" in why_not_booked(parent, child)

    agent = portal.signed_in("melle", AGENT)
    decide(agent, accept=False, reason=ILLEGIBLE)
    assert ILLEGIBLE in portal.mail(PARENT, "à compléter").text
    assert files(parent) == [{"schoolYear": YEAR, "state": "REFUSED", "reason": ILLEGIBLE}]
    assert "complétez-le et envoyez-le" in why_not_booked(parent, child)
    assert parent.do("dossierSubmit", DOSSIER, **file, attests=True)["dossier"]["state"] == "SUBMITTED"
    decide(agent, accept=True)
    assert "est validé" in portal.mail(PARENT, ": validé").text


def files(parent: Visitor) -> list[dict[str, Any]]:
    """The yearly files of the only child."""
    query = "{ viewer { households { children { dossiers { schoolYear state reason } } } } }"
    (household,) = parent.ask(query)["viewer"]["households"]
    (child,) = household["children"]
    found: list[dict[str, Any]] = child["dossiers"]
    return found


def decide(agent: Visitor, **decision: Any) -> None:
    """The agent opens the queue and decides on its only file."""
    (waiting,) = agent.ask("{ dossiersToDecide { id } }")["dossiersToDecide"]
    agent.do("dossierDecide", DOSSIER, id=waiting["id"], **decision)
    assert codes(agent.refusals("dossierDecide", id=waiting["id"], accept=True)) == {"STATE_CONFLICT"}
    assert agent.ask("{ dossiersToDecide { id } }") == {"dossiersToDecide": []}


def enrol_in_june(parent: Visitor, child: str) -> None:
    """Meals, care and TAP open in June; the centres in September; a club for older children says so."""
    plan = parent.do("bookingsPreview", PLAN, **meals(child))["plan"]
    assert {unit["verdict"] for unit in plan["units"]} == {"NOT_ENROLLED"}
    for activity in ("restauration", "garderie", "tap"):
        enrolled = parent.do("enrolmentCreate", "enrolment { activity firstDay }", **enrolment(child, activity))
        assert enrolled["enrolment"] == {"activity": activity, "firstDay": "2026-09-01"}
    for activity in ("acm-mercredis", "halte-garderie"):
        (early,) = parent.refusals("enrolmentCreate", **enrolment(child, activity))
        assert early["code"] == "ENROLMENT_NOT_OPEN" and "mardi 1er septembre 2026" in early["message"]


def book_september(portal: Portal, parent: Visitor, child: str) -> None:
    """The month is booked in June: 17 meals at 2.10, 17 evenings at 1.80, and workshops that cost nothing."""
    wanted = order(
        SEPTEMBER,
        [
            selection(child, "restauration", {"repas": CLASS_DAYS}),
            selection(child, "garderie", {"soir": CLASS_DAYS}),
            selection(child, "tap", {"atelier": FRIDAYS}),
        ],
    )
    plan = parent.do("bookingsPreview", PLAN, **wanted)["plan"]
    assert (plan["changeCount"], plan["refusedCount"], plan["change"]) == (38, 0, {"amount": "66.30"})
    (workshop,) = units(plan, activity="tap", day="2026-09-04")
    assert workshop["bookUntil"]["at"] == "2026-08-25T21:59:59Z"  # the 25th of the month before, at midnight
    receipt = parent.do("bookingsCommit", RECEIPT, **wanted)["receipt"]
    assert portal.mail(PARENT, f"n° {receipt['reference']}").text.count("- Réservé : Enfant") == 38


def enrol_in_september(portal: Portal, child: str) -> None:
    """On 1 September the centres open; ages are checked; a Wednesday is booked as a whole day."""
    portal.move_clock("2026-09-01T08:00:00+02:00")
    parent = portal.signed_in("melle", PARENT, CHOSEN)
    parent.do("enrolmentCreate", "enrolment { id }", **enrolment(child, "acm-mercredis"))
    for activity in ("halte-garderie", "accueil-jeunes"):
        (refused,) = parent.refusals("enrolmentCreate", **enrolment(child, activity))
        assert refused["code"] == "ENROLMENT_NOT_OPEN" and "âge d'Enfant" in refused["message"]
    wednesday = [date(2026, 9, 9)]
    day = {"matin": wednesday, "repas": wednesday, "apres-midi": wednesday}
    wanted = order(wednesday, [selection(child, "acm-mercredis", day)])
    assert parent.do("bookingsCommit", RECEIPT, **wanted)["receipt"]["change"] == {"amount": "8.30"}


def bill_and_pay(portal: Portal) -> None:
    """The agent checks and issues September; the family pays it."""
    portal.move_clock("2026-10-01T09:00:00+02:00")
    run = check_and_issue(portal.signed_in("melle", AGENT), SEPTEMBER)
    assert (run["draftCount"], run["total"]) == (1, {"amount": "74.60"})
    parent = portal.signed_in("melle", PARENT, CHOSEN)
    (invoice,) = parent.invoices()
    assert invoice["number"] in portal.mail(PARENT, "Votre facture").subject
    pay_by_card(parent, invoice, "payfip")
    assert parent.invoices()[0]["status"] == "PAID"
    assert "74,60" in portal.mail(PARENT, "Paiement reçu").text
