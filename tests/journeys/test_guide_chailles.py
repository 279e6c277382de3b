"""The guide of Chailles, replayed: a code bound to the e-mail, a household to check, bookings by period, titres."""

from datetime import date, timedelta
from typing import Any

from tests.journeys.conftest import Start
from tests.journeys.debits import offered, printed
from tests.journeys.filing import send_document
from tests.journeys.guides.steps import covers, every_step_of
from tests.journeys.portal import Mail, Portal, Visitor
from tests.journeys.questions import (
    RECEIPT,
    accept_terms,
    check_and_issue,
    codes,
    month,
    order,
    recover,
    selection,
)

NATHALIE = "nathalie.testmp@example.org"
AGENT = "agent@chailles.example"
CHOSEN, FORGOTTEN = "Castelnau2026", "Beauregard2026"
MAILBOX = "enfance-jeunesse@chailles41.fr"
PHONES = ("02 57 79 72 11", "02 54 46 30 65")

SEPTEMBER = month(2026, 9)
MEALS = [date(2026, 9, day) for day in (14, 15, 17, 18)]
WEDNESDAYS = [date(2026, 9, day) for day in (16, 23)]
LAST_WEEKS = [date(2026, 11, 2) + timedelta(days=offset) for offset in range(26)]
MEMBERS = """{ viewer { households {
  id name adults { id title firstName lastName email } children { id firstName lastName birthDate }
} householdIdsToConfirm } }"""
AGENDA = """query($firstDay: Date!, $lastDay: Date!, $childIds: [ID!]) { viewer { households {
  agenda(firstDay: $firstDay, lastDay: $lastDay, childIds: $childIds) { units { child activity unit day booked } }
} } }"""
BASKET = """{
  version selections { activity } held { day } plan { changeCount refusedCount change { amount } }
}"""
CONVERSATION = """{ viewer { households { requests(kind: OTHER) { nodes {
  details { value } history { text byAgent documentIds }
} } } } }"""


def test_the_guide_of_chailles_is_replayed(start: Start) -> None:
    with every_step_of(__name__):
        portal = start("2026-09-01T09:00:00+02:00")
        mail = the_mail(portal)
        give_up(portal, mail)
        parent = create_the_account(portal, mail)
        told_that_it_is_created(portal)
        check_the_household(portal, parent)
        forgotten_password(portal)
        write_to_the_service(portal, parent)
        look_by_period(parent)
        validate_the_basket(portal, parent, fill_the_basket(parent))
        book_by_agenda(parent)
        meals_wednesdays_and_holidays(parent)
        count_meals_and_children(portal)
        in_the_delays_of_the_rules(portal, parent)
        news(portal, parent)
        invoices(portal)
        pay_the_titre(portal)
        opted_for_direct_debit(portal)
        tell_the_treasury(portal)
        answer_for_late_payments(portal)


@covers("chailles-1", "chailles-2", "chailles-3", "chailles-5", "chailles-6")
def the_mail(portal: Portal) -> Mail:
    """It says what for, how, and whom to call; the page of the portal says to look among the spam."""
    mail = portal.mail(NATHALIE, "Adhésion à un service de Chailles")
    assert mail.sender.replace('"', "") == "monespacefamille.fr <ne-pas-repondre@monespacefamille.fr>"
    text = " ".join(mail.text.split())
    assert "réservation des prestations, visualisation des factures" in text
    assert all(phone in text for phone in PHONES)
    assert mail.carried().keys() == {"token", "email"} and mail.carried()["email"] == NATHALIE
    help_text = portal.visitor("chailles").ask("{ commune { accountHelp } }")["commune"]["accountHelp"]
    assert "spams" in help_text and all(phone in help_text for phone in PHONES)
    return mail


@covers("chailles-11")
def give_up(portal: Portal, mail: Mail) -> None:
    """Who stops on the way has no account, and the same link opens it another day."""
    parent = portal.visitor("chailles")
    weak = parent.refusals("accountActivate", **mail.carried(), newPassword="court")
    assert codes(weak) == {"PASSWORD_TOO_WEAK"}
    assert codes(parent.refusals("sessionOpen", identifier=NATHALIE, password="court")) == {"CREDENTIALS_INVALID"}


@covers("chailles-4", "chailles-7", "chailles-10", "chailles-12", "chailles-17")
def create_the_account(portal: Portal, mail: Mail) -> Visitor:
    """The code opens nothing without its e-mail, which is the login; the password is chosen here."""
    parent, link = portal.visitor("chailles"), mail.carried()
    alone = parent.refusals("accountActivate", token=link["token"], newPassword=CHOSEN)
    assert codes(alone) == {"LINK_INVALID"}
    assert parent.do("accountActivate", "login", **link, newPassword=CHOSEN)["login"] == NATHALIE
    assert parent.sign_in(NATHALIE, CHOSEN) == ["ACCEPT_TERMS"]
    accept_terms(parent)
    return parent


@covers("chailles-16")
def told_that_it_is_created(portal: Portal) -> None:
    """The mail that follows says so, and where to go."""
    text = " ".join(portal.mail(NATHALIE, "Votre compte espace famille a bien été créé").text.split())
    assert "Vous pouvez désormais accéder aux prestations proposées et effectuer des réservations." in text
    assert "Accéder à mon espace famille" in text and "https://monespacefamille.fr" in text


@covers("chailles-9", "chailles-13", "chailles-14", "chailles-15")
def check_the_household(portal: Portal, parent: Visitor) -> None:
    """All that the service filled in is shown; a title is corrected, an agent agrees, and the household is right."""
    seen = parent.ask(MEMBERS)["viewer"]
    (household,) = seen["households"]
    assert household["name"] == "TESTMP"
    assert [(each["firstName"], each["lastName"]) for each in household["adults"]] == [
        ("Marc", "TESTMP"),
        ("Nathalie", "TESTMP"),
    ]
    assert [(each["firstName"], each["birthDate"]) for each in household["children"]] == [
        ("Clara", "2016-07-09"),
        ("Guilhem", "2019-01-25"),
    ]
    herself = household["adults"][1]["id"]
    (change,) = parent.do("personUpdate", "changes { id new state }", id=herself, title="Madame")["changes"]
    assert (change["new"], change["state"]) == ("Madame", "WAITING")
    agent = portal.signed_in("chailles", AGENT)
    agent.do("fieldChangeDecide", "change { state }", id=change["id"], accept=True)
    parent.do("householdConfirm", "request { stateLabel }", householdId=seen["householdIdsToConfirm"][0])
    after = parent.ask(MEMBERS)["viewer"]
    assert (after["householdIdsToConfirm"], after["households"][0]["adults"][1]["title"]) == ([], "Madame")


@covers("chailles-18")
def forgotten_password(portal: Portal) -> None:
    """Another password, then the first one again for the steps that follow."""
    parent = portal.visitor("chailles")
    recover(portal, parent, NATHALIE, FORGOTTEN)
    parent.do("passwordChange", currentPassword=FORGOTTEN, newPassword=CHOSEN)


@covers("chailles-8", "chailles-46")
def write_to_the_service(portal: Portal, parent: Visitor) -> None:
    """A question with a document; the service answers, and the family reads it in its requests."""
    parent.sign_in(NATHALIE, CHOSEN)
    household = parent.household()
    clara = household["children"]["Clara"]
    (service,) = parent.ask("{ commune { services { code mailbox } } }")["commune"]["services"]
    document = send_document(parent, "autre", clara)
    asked = parent.do(
        "requestCreate",
        "request { id number }",
        householdId=household["id"],
        service=service["code"],
        text="Voici l'attestation d'assurance de Clara.",
        documentIds=[document],
    )["request"]
    agent = portal.signed_in("chailles", AGENT)
    agent.do("requestReply", id=asked["id"], text="Merci, c'est noté.")
    portal.mail(NATHALIE, f"{asked['number']} : des nouvelles")
    (request,) = parent.ask(CONVERSATION)["viewer"]["households"][0]["requests"]["nodes"]
    assert "Voici l'attestation d'assurance de Clara." in [detail["value"] for detail in request["details"]]
    told = [(each["text"], each["byAgent"], each["documentIds"]) for each in request["history"]]
    assert told == [("", False, [document]), ("Merci, c'est noté.", True, [])]


@covers("chailles-19", "chailles-20", "chailles-22", "chailles-23", "chailles-25", "chailles-29")
def look_by_period(parent: Visitor) -> None:
    """« Vue période »: one child and one period; another child and another period are one question away."""
    children = parent.household()["children"]
    for days, name in ((SEPTEMBER, "Clara"), (month(2026, 10), "Clara"), (SEPTEMBER, "Guilhem")):
        shown = agenda(parent, days, children[name])
        assert {unit["child"] for unit in shown} == {name}
        assert {unit["day"][:7] for unit in shown} == {f"{days[0]:%Y-%m}"}
        assert not any(unit["booked"] for unit in shown)


@covers("chailles-24", "chailles-27")
def fill_the_basket(parent: Visitor) -> dict[str, Any]:
    """What is ticked waits in the basket, with what it costs and the limited place it holds; nothing is booked yet."""
    household = parent.household()
    clara = household["children"]["Clara"]
    meals, centre = {"repas": MEALS}, {"journee": WEDNESDAYS[:1]}
    wanted = order(SEPTEMBER, [selection(clara, "restauration", meals), selection(clara, "centre-de-loisirs", centre)])
    basket = parent.do("basketSave", f"basket {BASKET}", householdId=household["id"], version=0, **wanted)["basket"]
    # 4 meals at 3.55, a Wednesday at 14.90.
    assert basket["plan"] == {"changeCount": 5, "refusedCount": 0, "change": {"amount": "29.10"}}
    assert [place["day"] for place in basket["held"]] == ["2026-09-16"]
    seen = parent.ask(f"query($id: ID!) {{ basket(householdId: $id) {BASKET} }}", id=household["id"])["basket"]
    assert seen == basket
    assert not any(unit["booked"] for unit in agenda(parent, SEPTEMBER, clara))
    found: dict[str, Any] = basket
    return found


@covers("chailles-26")
def validate_the_basket(portal: Portal, parent: Visitor, basket: dict[str, Any]) -> None:
    """« Elles se modifient alors en demande validée »: booked, confirmed by mail, and the basket is empty."""
    household = parent.household()
    receipt = parent.do("basketCommit", RECEIPT, householdId=household["id"], version=basket["version"])["receipt"]
    assert portal.mail(NATHALIE, f"n° {receipt['reference']}").text.count("- Réservé : Clara") == 5
    booked = [unit["day"] for unit in agenda(parent, SEPTEMBER, household["children"]["Clara"]) if unit["booked"]]
    assert booked == [day.isoformat() for day in sorted([*MEALS, *WEDNESDAYS[:1]])]
    left = parent.ask(f"query($id: ID!) {{ basket(householdId: $id) {BASKET} }}", id=household["id"])["basket"]
    assert (left["selections"], left["held"], left["plan"]) == ([], [], None)
    query = "{ viewer { households { requests(kind: BOOKING) { nodes { stateLabel } } } } }"
    (home,) = parent.ask(query)["viewer"]["households"]
    assert home["requests"]["nodes"] == [{"stateLabel": "Traitée positivement"}]


def agenda(parent: Visitor, days: list[date], child: str) -> list[dict[str, Any]]:
    """The units of one child in a period."""
    period = {"firstDay": days[0].isoformat(), "lastDay": days[-1].isoformat(), "childIds": [child]}
    (household,) = parent.ask(AGENDA, **period)["viewer"]["households"]
    found: list[dict[str, Any]] = household["agenda"]["units"]
    return found


@covers("chailles-21", "chailles-28")
def book_by_agenda(parent: Visitor) -> None:
    """« Vue agenda »: the first and the last day of a period, into the basket, then validated; closed days are left."""
    household = parent.household()
    every_day = {"units": ["repas"], "startsOn": LAST_WEEKS[0].isoformat(), "until": LAST_WEEKS[-1].isoformat()}
    wanted = {"childId": household["children"]["Guilhem"], "activity": "restauration", "rhythms": [every_day]}
    version = parent.ask("query($id: ID!) { basket(householdId: $id) { version } }", id=household["id"])["basket"]
    period = order(LAST_WEEKS, [wanted])
    basket = parent.do("basketSave", f"basket {BASKET}", householdId=household["id"], **version, **period)["basket"]
    assert (basket["plan"]["changeCount"], basket["plan"]["refusedCount"]) == (16, 0)
    done = parent.do("basketCommit", RECEIPT, householdId=household["id"], version=basket["version"])["receipt"]
    assert len(done["changes"]) == 16


@covers("chailles-42", "chailles-43")
def meals_wednesdays_and_holidays(parent: Visitor) -> None:
    """Meals and care of days of class, the centre with its meal on Wednesdays and in the holidays."""
    clara = parent.household()["children"]["Clara"]
    autumn = [date(2026, 10, 19), date(2026, 10, 20)]
    days = SEPTEMBER + month(2026, 10)
    wanted = [
        selection(clara, "restauration", {"repas": MEALS}),
        selection(clara, "periscolaire", {"matin": MEALS[:1], "soir": MEALS}),
        selection(clara, "centre-de-loisirs", {"journee": [*WEDNESDAYS, *autumn]}),
    ]
    done = parent.do("bookingsCommit", RECEIPT, **order(days, wanted))["receipt"]
    assert len(done["changes"]) == 5 + 3


@covers("chailles-31")
def count_meals_and_children(portal: Portal) -> None:
    """The kitchen knows the meals of the week ahead, and who organises the staff knows which children are expected."""
    agent, week = portal.signed_in("chailles", AGENT), {"firstDay": "2026-09-14", "lastDay": "2026-09-18"}
    query = """query($firstDay: Date!, $lastDay: Date!) {
      mealCounts(firstDay: $firstDay, lastDay: $lastDay) { counts { day activity booked } }
      attendanceSheet(firstDay: $firstDay, lastDay: $lastDay, activity: "periscolaire") { nodes { child day unit } }
    }"""
    told = agent.ask(query, **week)
    days = [("2026-09-14", "restauration"), ("2026-09-15", "restauration"), ("2026-09-16", "centre-de-loisirs")]
    days += [("2026-09-17", "restauration"), ("2026-09-18", "restauration")]
    assert [(count["day"], count["activity"], count["booked"]) for count in told["mealCounts"]["counts"]] == [
        (*day, 1) for day in days
    ]
    assert [line["unit"] for line in told["attendanceSheet"]["nodes"]].count("soir") == len(MEALS)


@covers("chailles-30", "chailles-32", "chailles-33")
def in_the_delays_of_the_rules(portal: Portal, parent: Visitor) -> None:
    """A meal is booked by the Monday before, and cancelled by noon on the last day of class: a rule for each."""
    clara, thursday, friday = parent.household()["children"]["Clara"], MEALS[2:3], MEALS[3:]
    parent.do("bookingsCommit", RECEIPT, **order(friday, [selection(clara, "restauration", {"repas": []})]))
    portal.move_clock("2026-09-15T12:00:00+02:00")
    parent.sign_in(NATHALIE, CHOSEN)
    for day, ticked in ((friday, friday), (thursday, [])):
        wanted = order(day, [selection(clara, "restauration", {"repas": ticked})])
        (refused,) = parent.refusals("bookingsCommit", **wanted)
        assert refused["code"] == "TOO_LATE" and all(phone in refused["message"] for phone in PHONES)


@covers("chailles-41", "chailles-45")
def news(portal: Portal, parent: Visitor) -> None:
    """What the service publishes is what families read."""
    agent = portal.signed_in("chailles", AGENT)
    agent.do("articlePublish", "article { id }", title="Sortie du mercredi", body="Prévoyez un pique-nique.")
    latest, *_ = parent.ask("{ news { nodes { title body } } }")["news"]["nodes"]
    assert latest == {"title": "Sortie du mercredi", "body": "Prévoyez un pique-nique."}


@covers("chailles-34", "chailles-36", "chailles-37", "chailles-44")
def invoices(portal: Portal) -> None:
    """Listed is not paid, and said so; the « titre » that came by post is settled at the DGFiP, by the way told."""
    portal.move_clock("2026-10-01T09:00:00+02:00")
    check_and_issue(portal.signed_in("chailles", AGENT), SEPTEMBER)
    parent = portal.signed_in("chailles", NATHALIE, CHOSEN)
    (invoice,) = parent.invoices()
    assert (invoice["status"], invoice["paid"]) == ("UNKNOWN_HERE", {"amount": "0.00"})
    assert parent.http.get(invoice["pdfUrl"]).content.startswith(b"%PDF-")
    sentence = {route["code"]: route["sentence"] for route in told_routes(parent)}["payfip-titre"]
    assert "041120" in sentence and "avis des sommes à payer" in sentence
    refused = parent.refusals("paymentStart", invoiceIds=[invoice["id"]], route="payfip-titre")
    assert codes(refused) == {"PAYMENT_ROUTE_UNAVAILABLE"}


@covers("chailles-38")
def pay_the_titre(portal: Portal) -> None:
    """The identifier, and the reference in three boxes: on paper until the service has it, then here and in print."""
    agent, parent = portal.signed_in("chailles", AGENT), portal.signed_in("chailles", NATHALIE, CHOSEN)
    unknown = copied(parent)
    assert (unknown["structureIdentifier"], unknown["parts"], unknown["reference"]) == ("041120", [], None)
    assert "elle est imprimée sur l'avis que vous recevez par courrier" in unknown["sentence"]
    (invoice,) = parent.invoices()
    given = {"invoiceNumber": invoice["number"], "exercise": 2026, "number": 1234, "line": 1}
    assert agent.do("titresRecord", "recordedCount", titres=[given])["recordedCount"] == 1
    known = copied(parent)
    assert (known["website"], known["parts"], known["reference"]) == (
        "https://www.payfip.gouv.fr",
        ["2026", "1234", "1"],
        "2026-1234-1",
    )
    assert "Le portail ne sait pas si cet avis est payé" in known["sentence"]
    assert known["sentence"] in printed(parent, invoice["pdfUrl"])
    assert parent.invoices()[0]["status"] == "UNKNOWN_HERE"


def copied(parent: Visitor) -> dict[str, Any]:
    """What the family copies at the treasury to pay its only invoice."""
    asked = """{ viewer { households { invoices(first: 5) { nodes {
      titre { structureIdentifier parts reference website sentence }
    } } } } }"""
    (household,) = parent.ask(asked)["viewer"]["households"]
    (invoice,) = household["invoices"]["nodes"]
    found: dict[str, Any] = invoice["titre"]
    return found


@covers("chailles-35")
def opted_for_direct_debit(portal: Portal) -> None:
    """Who opted for it has nothing to do, the screen and the invoice say; who would like to is told where to write."""
    parent = portal.signed_in("chailles", NATHALIE, CHOSEN)
    sentence = {route["code"]: route["sentence"] for route in told_routes(parent)}["prelevement"]
    assert sentence.endswith("si vous avez opté pour le prélèvement, vous n'avez rien à faire.")
    (invoice,) = parent.invoices()
    assert "Avec le prélèvement automatique, vous n'avez rien à faire" in printed(parent, invoice["pdfUrl"])
    debit = offered(parent)
    assert (debit["mayJoin"], debit["contact"], debit["mandates"]) == (False, MAILBOX, [])


@covers("chailles-39")
def tell_the_treasury(portal: Portal) -> None:
    """What was claimed in October, activity by activity, with what the portal cannot know; the same in a file."""
    agent = portal.signed_in("chailles", AGENT)
    query = """{ treasuryStatement(firstDay: "2026-10-01", lastDay: "2026-10-31") { isPartial
      total { invoiced { amount } collected { amount } } lines { activity invoiced { amount } } files { label url }
    } }"""
    told = agent.ask(query)["treasuryStatement"]
    (invoice,) = portal.signed_in("chailles", NATHALIE, CHOSEN).invoices()
    assert told["isPartial"] and told["total"] == {"invoiced": invoice["total"], "collected": {"amount": "0.00"}}
    activities = {line["activity"] for line in invoice["lines"]}
    assert {line["activity"] for line in told["lines"]} == activities
    files = [agent.http.get(file["url"]) for file in told["files"]]
    assert files and all(file.status_code == 200 for file in files)
    assert any(all(activity in file.text for activity in activities) for file in files)


@covers("chailles-40")
def answer_for_late_payments(portal: Portal) -> None:
    """A « titre » past its due day is listed as such, and as paid elsewhere: the Treasury knows whether it is."""
    portal.move_clock("2026-11-02T09:00:00+01:00")
    agent, parent = portal.signed_in("chailles", AGENT), portal.signed_in("chailles", NATHALIE, CHOSEN)
    query = """{ overdueInvoices { owed { amount } fileUrl invoices {
      nodes { number household dueOn daysLate owed { amount } isPaidElsewhere titreReference }
    } } }"""
    late, (invoice,) = agent.ask(query)["overdueInvoices"], parent.invoices()
    assert (late["owed"], late["invoices"]["nodes"]) == (
        invoice["total"],
        [
            {
                "number": invoice["number"],
                "household": "TESTMP",
                "dueOn": "2026-10-31",
                "daysLate": 2,
                "owed": invoice["total"],
                "isPaidElsewhere": True,
                "titreReference": "2026-1234-1",
            }
        ],
    )
    file = agent.http.get(late["fileUrl"]).text
    assert invoice["number"] in file and "2026-1234-1" in file


def told_routes(parent: Visitor) -> list[dict[str, Any]]:
    """How the household pays, in French."""
    (household,) = parent.ask("{ viewer { households { paymentRoutes { code sentence } } } }")["viewer"]["households"]
    found: list[dict[str, Any]] = household["paymentRoutes"]
    return found
