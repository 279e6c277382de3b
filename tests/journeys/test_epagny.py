"""Épagny Metz-Tessy: school families do everything online; crèche families read, pay and are told where to write."""

from datetime import date
from typing import Any

from tests.journeys.conftest import Start
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

SIMON = "simon.test@example.org"
MARIE = "marie.test@example.org"
AGENT = "agent@epagny.example"
CHOSEN = "Epagny2026"
PIC_ET_PLUME = "picketplume@epagnymetztesy.fr"

SEPTEMBER, NOVEMBER = month(2026, 9), month(2026, 11)
CLASS_DAYS = [date(2026, 11, day) for day in (2, 3, 5, 6, 9, 10, 12, 13, 16, 17, 19, 20, 23, 24, 26, 27, 30)]
WEDNESDAYS = [date(2026, 11, day) for day in (4, 18, 25)]  # the 11th is a public holiday


def test_a_school_family_of_epagny_books_is_invoiced_and_pays(start: Start) -> None:
    portal = start("2026-10-05T09:00:00+02:00")
    simon = invited_parent(portal, "epagny", SIMON, CHOSEN)
    assert simon.ask("{ viewer { login } }")["viewer"] == {"login": "simon.test"}
    household = simon.household()
    simon.do("personUpdate", "updatedAt", id=household["adults"][0]["id"], phone="06 01 02 03 04")
    assert simon.household()["adults"][0]["phone"] == "06 01 02 03 04"
    book_november(portal, simon, household["children"]["Enfant"])

    portal.move_clock("2026-12-01T09:00:00+01:00")
    run = check_and_issue(portal.signed_in("epagny", AGENT), NOVEMBER)
    # 17 meals at 4.68, 17 evenings at 1.66, 3 Wednesdays at 6.24 and 4.68.
    assert (run["draftCount"], run["total"]) == (1, {"amount": "140.54"})
    simon = portal.signed_in("epagny", "simon.test", CHOSEN)
    (invoice,) = simon.invoices()
    pay_by_card(simon, invoice, "carte")
    (paid,) = simon.invoices()
    assert (paid["status"], paid["paid"]) == ("PAID", {"amount": "140.54"})
    assert invoice["number"] in portal.mail(SIMON, "Paiement reçu").subject


def book_november(portal: Portal, simon: Visitor, child: str) -> None:
    """Meals ask for their morning on Wednesdays; 11 November is closed; the rest is booked and confirmed."""
    meal_alone = [selection(child, "croc-loisirs", {"repas": WEDNESDAYS[:1]})]
    assert codes(simon.refusals("bookingsCommit", **order(NOVEMBER, meal_alone))) == {"UNIT_RULE"}
    armistice = [selection(child, "croc-loisirs", {"matin": [date(2026, 11, 11)]})]
    plan = simon.do("bookingsPreview", PLAN, **order(NOVEMBER, armistice))["plan"]
    (closed,) = units(plan, wanted=True)
    assert (closed["verdict"], closed["dayKind"]) == ("CLOSED_DAY", "PUBLIC_HOLIDAY")

    wanted = [
        selection(child, "restauration", {"repas": CLASS_DAYS}),
        selection(child, "accueil", {"soir": CLASS_DAYS}),
        selection(child, "croc-loisirs", {"matin": WEDNESDAYS, "repas": WEDNESDAYS}),
    ]
    plan = simon.do("bookingsPreview", PLAN, **order(NOVEMBER, wanted))["plan"]
    assert (plan["changeCount"], plan["refusedCount"], plan["change"]) == (40, 0, {"amount": "140.54"})
    # « 48 heures avant le repas », on the wall: Monday's meal at 11:30 is settled on Saturday at 11:30.
    (monday,) = units(plan, activity="restauration", day="2026-11-09")
    assert monday["bookUntil"]["at"] == "2026-11-07T10:30:00Z"
    receipt = simon.do("bookingsCommit", RECEIPT, **order(NOVEMBER, wanted))["receipt"]
    assert receipt["change"] == plan["change"]
    mail = portal.mail(SIMON, f"n° {receipt['reference']}")
    assert (mail.text.count("- Réservé : Enfant"), mail.reply_to) == (40, "enfance-jeunesse@epagnymetztesy.fr")


def test_a_creche_family_of_epagny_reads_and_pays_and_is_told_where_to_write(start: Start) -> None:
    portal = start("2026-10-05T09:00:00+02:00")
    marie = portal.signed_in("epagny", "marie.test")
    household = marie.household()
    assert household["name"] == "TEST (crèche)"
    (service,) = household["services"]
    assert {each["feature"] for each in service["features"] if each["allowed"]} == {"VIEW_INVOICES", "PAY_ONLINE"}
    assert marie.invoices() == []
    cannot_book_nor_edit(marie, household)

    run = check_and_issue(portal.signed_in("epagny", AGENT), SEPTEMBER)
    assert run["draftCount"] == 2  # the crèche's family, and the school's
    (invoice,) = marie.invoices()
    assert (invoice["status"], invoice["total"]) == ("UNPAID", {"amount": "345.84"})  # 22 days at 15.72
    assert invoice["number"] in portal.mail(MARIE, "Votre facture").subject
    assert marie.http.get(invoice["pdfUrl"]).content.startswith(b"%PDF-")
    pay_by_card(marie, invoice, "carte")
    assert marie.invoices()[0]["status"] == "PAID"
    portal.mail(MARIE, "Paiement reçu")
    other_households_invoices_do_not_exist(portal, invoice)


def cannot_book_nor_edit(marie: Visitor, household: dict[str, Any]) -> None:
    """Each refusal names the mailbox of the guide, in the sentence and as a fact; nothing changes."""
    days = [date(2026, 10, 12), date(2026, 10, 13)]
    wanted = [selection(household["children"]["Bébé"], "creche", {"journee": days})]
    plan = marie.do("bookingsPreview", PLAN, **order(days, wanted))["plan"]
    assert [(unit["verdict"], unit["contact"]) for unit in plan["units"]] == [("FEATURE_CLOSED", PIC_ET_PLUME)] * 2
    assert all(PIC_ET_PLUME in unit["reason"] for unit in plan["units"])
    edited = {"id": household["adults"][0]["id"], "phone": "06 05 06 07 08"}
    for refusals in (
        marie.refusals("bookingsCommit", **order(days, wanted)),
        marie.refusals("personUpdate", **edited),
        marie.refusals("dossierSave", childId=household["children"]["Bébé"], schoolYear="2026-2027", version=0),
    ):
        assert {(each["code"], each["contact"]) for each in refusals} == {("FEATURE_CLOSED", PIC_ET_PLUME)}
        assert all(PIC_ET_PLUME in each["message"] for each in refusals)
    assert marie.household() == household


def other_households_invoices_do_not_exist(portal: Portal, invoice: dict[str, Any]) -> None:
    """The school family of the same commune does not see the crèche family's invoice, whatever it asks."""
    parent = portal.signed_in("epagny", "parent.test")
    assert parent.ask("query($id: ID!) { node(id: $id) { id } }", id=invoice["id"]) == {"node": None}
    assert parent.http.get(invoice["pdfUrl"]).status_code == 404
    refused = parent.refusals("paymentStart", invoiceIds=[invoice["id"]], route="carte")
    assert codes(refused) == {"NOT_FOUND"}
