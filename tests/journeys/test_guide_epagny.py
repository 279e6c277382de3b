"""The guide of Épagny Metz-Tessy, replayed: crèche families read and pay, school families do everything online."""

from datetime import date
from typing import Any

from tests.journeys.conftest import Start
from tests.journeys.epagny_debit import from_the_next_invoicing_on, send_a_bank_statement, suspended
from tests.journeys.guides.steps import covers, every_step_of
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import (
    PLAN,
    RECEIPT,
    accept_terms,
    check_and_issue,
    codes,
    invited_parent,
    month,
    order,
    pay_by_card,
    recover,
    selection,
    units,
)

SIMON = "simon.test@example.org"
PAUL = "paul.test@example.org"  # of the crèche
LOU = "lou.testbis@example.org"  # of the other crèche
AGENT = "agent@epagny.example"
CHOSEN, FORGOTTEN = "Epagny2026", "Metz-Tessy2026"
PIC_ET_PLUME, LOPTIOU = "picketplume@epagnymetztesy.fr", "loptiou@epagnymetztesy.fr"

SEPTEMBER, NOVEMBER = month(2026, 9), month(2026, 11)
CLASS_DAYS = [date(2026, 11, day) for day in (2, 3, 5, 6, 9, 10, 12, 13, 16, 17, 19, 20, 23, 24, 26, 27, 30)]
WEDNESDAYS = [date(2026, 11, day) for day in (4, 18, 25)]  # the 11th is a public holiday
CHRISTMAS = [date(2026, 12, 21), date(2026, 12, 22)]
MY_FILE = """{ viewer { households { name
  adults { firstName lastName email phone street postcode town } children { firstName lastName birthDate }
  particulars { name visibility }
} } }"""


def test_the_guide_of_epagny_is_replayed(start: Start) -> None:
    with every_step_of(__name__):
        portal = start("2026-10-05T09:00:00+02:00")
        address_of_the_portal(portal)
        publish(portal)
        paul = choose_a_password(*follow_the_mail(portal))
        check_my_file(paul)
        read_and_pay_only(paul)
        write_to_the_other_creche(portal)
        read_what_is_published(paul)
        whom_to_ask(paul)
        sign_out(paul)
        lose_the_password(portal)
        invoice = pay_the_invoice_of_the_creche(portal)
        what_is_new(portal)
        other_households_invoices_do_not_exist(portal, invoice)
        send_a_bank_statement(portal, portal.signed_in("epagny", "paul.test", FORGOTTEN))
        simon = invited_parent(portal, "epagny", SIMON, CHOSEN)
        book_november(portal, simon)
        change_of_mind(simon)
        centres_and_young_people(simon)
        follow_a_request(portal, simon)
        join_the_online_invoice(portal, simon)
        pay_november(portal)
        suspended(portal, FORGOTTEN, from_the_next_invoicing_on(portal, FORGOTTEN))


@covers("epagny-1")
def address_of_the_portal(portal: Portal) -> None:
    """The commune answers at an address of its own, the one that its mails and its website lead to."""
    assert portal.visitor("epagny").ask("{ commune { name } }") == {"commune": {"name": "Épagny Metz-Tessy"}}


def publish(portal: Portal) -> None:
    """The service publishes something of each kind."""
    agent = portal.signed_in("epagny", AGENT)
    agent.do("articlePublish", "article { id }", title="Atelier parentalité", body="Jeudi 8 octobre à 18 h 30.")
    for kind, title in (
        ("DOCUMENT", "Règlement de fonctionnement"),
        ("PRACTICAL", "Tutoriel : payer une facture"),
        ("PRACTICAL", "Fête de la petite enfance, samedi 17 octobre"),
    ):
        agent.do("publicPagePublish", "page { id }", kind=kind, title=title, body="À lire.")
    dishes = [{"day": "2026-10-05", "dishes": [{"label": "Gratin de courge", "allergens": ["MILK"]}]}]
    agent.do("menuPublish", "menu { id }", site="Groupes scolaires", week="2026-10-05", days=dishes)


@covers("epagny-2", "epagny-3", "epagny-4")
def follow_the_mail(portal: Portal) -> tuple[Visitor, str, str]:
    """The login is what stands before the @; without a mail, the portal says where to look and to write."""
    paul = portal.visitor("epagny")
    told = paul.ask("{ commune { accountHelp } }")["commune"]["accountHelp"]
    assert "vérifiez les indésirables" in told and "petite-enfance@epagnymetztesy.fr" in told
    login, generated = paul.activate(PAUL)
    assert login == "paul.test"
    return paul, login, generated


@covers("epagny-5", "epagny-12", "epagny-16", "epagny-17", "epagny-18", "epagny-19")
def choose_a_password(paul: Visitor, login: str, generated: str) -> Visitor:
    """The password of the mail is replaced at once, by one that keeps both rules of the guide; then the terms."""
    assert paul.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
    for candidate, broken in (("Épagny1", "MIN_LENGTH"), ("epagny2026", "UPPERCASE"), ("EPAGNY2026", "LOWERCASE")):
        ticks = paul.do("passwordCheck", "checks { rule satisfied }", candidate=candidate)["checks"]
        assert {tick["rule"] for tick in ticks if not tick["satisfied"]} == {broken}
        weak = paul.refusals("passwordChange", currentPassword=generated, newPassword=candidate)
        assert codes(weak) == {"PASSWORD_TOO_WEAK"}
    changed = paul.do("passwordChange", "steps", currentPassword=generated, newPassword=CHOSEN)
    assert changed["steps"] == ["ACCEPT_TERMS"]
    accept_terms(paul)
    assert paul.ask("{ viewer { login } }")["viewer"] == {"login": "paul.test"}
    return paul


@covers("epagny-20", "epagny-21", "epagny-22", "epagny-23")
def check_my_file(paul: Visitor) -> None:
    """Names, births, addresses, e-mails and telephones are there to be checked, and not to be changed."""
    (household,) = paul.ask(MY_FILE)["viewer"]["households"]
    assert [(adult["firstName"], adult["lastName"], adult["email"]) for adult in household["adults"]] == [
        ("Marie", "TEST", "marie.test@example.org"),
        ("Paul", "TEST", PAUL),
    ]
    assert {(adult["street"], adult["town"]) for adult in household["adults"]} == {
        ("3 rue de l'Exemple", "Épagny Metz-Tessy")
    }
    assert all("phone" in adult and adult["postcode"] == "74330" for adult in household["adults"])
    assert household["children"] == [{"firstName": "Bébé", "lastName": "TEST", "birthDate": "2025-01-08"}]
    assert {particular["visibility"] for particular in household["particulars"]} == {"SHOWN"}


@covers("epagny-24", "epagny-26", "epagny-27")
def read_and_pay_only(paul: Visitor) -> None:
    """Each refusal names the mailbox of the guide, in the sentence and as a fact; nothing changes."""
    household = paul.household()
    (service,) = household["services"]
    open_ones = {each["feature"] for each in service["features"] if each["allowed"]}
    assert open_ones == {"VIEW_INVOICES", "PAY_ONLINE"}
    assert {each["contact"] for each in service["features"] if not each["allowed"]} == {PIC_ET_PLUME}
    child, oneself = household["children"]["Bébé"], household["adults"][1]
    days = [date(2026, 10, 12), date(2026, 10, 13)]
    wanted = [selection(child, "pic-et-plume", {"journee": days})]
    plan = paul.do("bookingsPreview", PLAN, **order(days, wanted))["plan"]
    assert [(unit["verdict"], unit["contact"]) for unit in plan["units"]] == [("FEATURE_CLOSED", PIC_ET_PLUME)] * 2
    contact = {"householdId": household["id"], "firstName": "Mamie", "lastName": "TEST", "permissions": []}
    question = {"householdId": household["id"], "service": service["service"]["code"], "text": "Une demande"}
    for refusals in (
        paul.refusals("bookingsCommit", **order(days, wanted)),
        paul.refusals("personUpdate", id=oneself["id"], phone="06 05 06 07 08", street="4 rue de l'Exemple"),
        paul.refusals("emailChangeRequest", email="paul.testbis@example.org", password=CHOSEN),
        paul.refusals("contactCreate", **contact),
        paul.refusals("dossierSave", childId=child, schoolYear="2026-2027", version=0),
        paul.refusals("requestCreate", **question),
    ):
        assert {(each["code"], each["contact"]) for each in refusals} == {("FEATURE_CLOSED", PIC_ET_PLUME)}
        assert all(PIC_ET_PLUME in each["message"] for each in refusals)
    assert paul.household() == household


@covers("epagny-28")
def write_to_the_other_creche(portal: Portal) -> None:
    """The family of Loptiou is told Loptiou's mailbox, and no other."""
    lou = portal.signed_in("epagny", LOU)
    household = lou.household()
    (service,) = household["services"]
    assert {each["contact"] for each in service["features"] if not each["allowed"]} == {LOPTIOU}
    (refused,) = lou.refusals("personUpdate", id=household["adults"][0]["id"], phone="06 05 06 07 08")
    assert refused["contact"] == LOPTIOU
    assert refused["message"].endswith(f"écrivez à la structure d'accueil de votre enfant, {LOPTIOU}.")


@covers("epagny-13", "epagny-15", "epagny-25", "epagny-29", "epagny-30", "epagny-31", "epagny-32")
def read_what_is_published(paul: Visitor) -> None:
    """News with what follows, documents, menus, tutorials and events."""
    latest, *_ = paul.ask("{ news { nodes { id title } } }")["news"]["nodes"]
    read = paul.ask("query($id: ID!) { node(id: $id) { ... on Article { title body } } }", id=latest["id"])["node"]
    assert read == {"title": "Atelier parentalité", "body": "Jeudi 8 octobre à 18 h 30."}
    pages = paul.ask("{ publicPages { nodes { kind title } } }")["publicPages"]["nodes"]
    assert [(page["kind"], page["title"]) for page in pages][:3] == [
        ("PRACTICAL", "Fête de la petite enfance, samedi 17 octobre"),
        ("PRACTICAL", "Tutoriel : payer une facture"),
        ("DOCUMENT", "Règlement de fonctionnement"),
    ]
    menus = paul.ask('{ menus(week: "2026-10-07") { nodes { days { dishes { label } } } } }')["menus"]["nodes"]
    assert {"days": [{"dishes": [{"label": "Gratin de courge"}]}]} in menus


@covers("epagny-14", "epagny-47")
def whom_to_ask(paul: Visitor) -> None:
    """Both services, with their mailbox and their telephone."""
    services = paul.ask("{ commune { services { mailbox phone } } }")["commune"]["services"]
    assert [(service["mailbox"], service["phone"]) for service in services] == [
        ("enfance-jeunesse@epagnymetztesy.fr", "04 50 22 98 19"),
        ("petite-enfance@epagnymetztesy.fr", "04 50 22 05 57"),
    ]


@covers("epagny-34")
def sign_out(paul: Visitor) -> None:
    """After it, the same browser is nobody."""
    assert paul.ask("mutation { sessionClose { closed } }") == {"sessionClose": {"closed": True}}
    assert paul.ask("{ viewer { login } }") == {"viewer": None}


@covers("epagny-35", "epagny-36", "epagny-37")
def lose_the_password(portal: Portal) -> None:
    """Only by choosing another one does the link let in."""
    paul = portal.visitor("epagny")
    recover(portal, paul, PAUL, FORGOTTEN)
    assert codes(portal.visitor("epagny").refusals("sessionOpen", identifier="paul.test", password=CHOSEN)) == {
        "CREDENTIALS_INVALID"
    }


@covers("epagny-38", "epagny-39", "epagny-40", "epagny-41", "epagny-42")
def pay_the_invoice_of_the_creche(portal: Portal) -> dict[str, Any]:
    """A mail says that the invoice is there; it is opened, downloaded, paid by card; the receipt comes by mail."""
    paul = portal.signed_in("epagny", "paul.test", FORGOTTEN)
    assert paul.invoices() == []
    run = check_and_issue(portal.signed_in("epagny", AGENT), SEPTEMBER)
    assert run["draftCount"] == 2  # the crèche's family, and the school's
    (invoice,) = paul.invoices()
    assert (invoice["status"], invoice["total"]) == ("UNPAID", {"amount": "345.84"})  # 22 days at 15.72
    assert invoice["number"] in portal.mail(PAUL, "Votre facture").subject
    assert paul.http.get(invoice["pdfUrl"]).content.startswith(b"%PDF-")
    pay_by_card(paul, invoice, "carte")
    assert paul.invoices()[0]["status"] == "PAID"
    assert "Gardez ce message : c'est votre reçu." in portal.mail(PAUL, "Paiement reçu").text
    return invoice


@covers("epagny-33")
def what_is_new(portal: Portal) -> None:
    """Marks of the dashboard: what was published since the visit before, then only what is of today."""
    agent = portal.signed_in("epagny", AGENT)
    agent.do("articlePublish", "article { id }", title="Fermeture", body="La crèche ferme le 24 décembre.")
    agent.do("publicPagePublish", "page { id }", kind="DOCUMENT", title="Calendrier", body="Les fermetures de l'année.")
    for news in ({"invoices": 1, "articles": 1, "pages": 1}, {"invoices": 1, "articles": 0, "pages": 0}):
        paul = portal.signed_in("epagny", "paul.test", FORGOTTEN)
        marks = paul.ask("{ viewer { unseen { invoices articles pages } } }")["viewer"]["unseen"]
        assert marks == news  # invoices carry a day and no hour: today's stays new today


def other_households_invoices_do_not_exist(portal: Portal, invoice: dict[str, Any]) -> None:
    """The school family of the same commune does not see the crèche family's invoice, whatever it asks."""
    parent = portal.signed_in("epagny", "parent.test")
    assert parent.ask("query($id: ID!) { node(id: $id) { id } }", id=invoice["id"]) == {"node": None}
    assert parent.http.get(invoice["pdfUrl"]).status_code == 404
    refused = parent.refusals("paymentStart", invoiceIds=[invoice["id"]], route="carte")
    assert codes(refused) == {"NOT_FOUND"}


@covers("epagny-6")
def book_november(portal: Portal, simon: Visitor) -> None:
    """Meals ask for their morning on Wednesdays; 11 November is closed; the rest is booked and confirmed."""
    child = simon.household()["children"]["Enfant"]
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


@covers("epagny-8")
def change_of_mind(simon: Visitor) -> None:
    """A morning and a supervised study are added to a day, then taken back."""
    child, day = simon.household()["children"]["Enfant"], CLASS_DAYS[:1]
    more = [selection(child, "accueil", {"matin": day, "soir": day}), selection(child, "etudes", {"etude": day})]
    less = [selection(child, "accueil", {"soir": day}), selection(child, "etudes", {})]
    for wanted, kind in ((more, "BOOKED"), (less, "CANCELLED")):
        changes = simon.do("bookingsCommit", RECEIPT, **order(day, wanted))["receipt"]["changes"]
        assert {(change["kind"], change["unit"]) for change in changes} == {(kind, "matin"), (kind, "etude")}


@covers("epagny-7")
def centres_and_young_people(simon: Visitor) -> None:
    """Croc'Loisirs was booked; Croc'Vacances is; the Espace Jeunes says that a child is too young."""
    child = simon.household()["children"]["Enfant"]
    holidays = order(CHRISTMAS, [selection(child, "croc-vacances", {"journee": CHRISTMAS})])
    assert len(simon.do("bookingsCommit", RECEIPT, **holidays)["receipt"]["changes"]) == 2
    young = {"childId": child, "activity": "espace-jeunes", "schoolYear": "2026-2027"}
    (refused,) = simon.refusals("enrolmentCreate", **young)
    assert refused["code"] == "ENROLMENT_NOT_OPEN" and "de 11 à 17 ans ; Enfant a 8 ans" in refused["message"]


@covers("epagny-9")
def follow_a_request(portal: Portal, simon: Visitor) -> None:
    """What was asked stands in one list, with where it stands."""
    household = simon.household()
    told = {"householdId": household["id"], "service": "enfance-jeunesse", "text": "Où est le bus ?"}
    asked = simon.do("requestCreate", "request { id number }", **told)["request"]
    portal.signed_in("epagny", AGENT).do("requestDecide", id=asked["id"], accept=True, text="Devant l'école.")
    query = "{ viewer { households { requests(kind: OTHER) { nodes { number stateLabel history { text } } } } } }"
    (request,) = simon.ask(query)["viewer"]["households"][0]["requests"]["nodes"]
    assert (request["number"], request["stateLabel"]) == (asked["number"], "Traitée positivement")
    assert request["history"][-1]["text"] == "Devant l'école."


@covers("epagny-11")
def join_the_online_invoice(portal: Portal, simon: Visitor) -> None:
    """The families of the school join it and are acknowledged by mail; those of the crèche have it already."""
    paul = portal.signed_in("epagny", PAUL, FORGOTTEN)
    home = "{ viewer { households { id onlineInvoices { onPaper mayJoin termsVersion } } } }"
    (school,) = simon.ask(home)["viewer"]["households"]
    (creche,) = paul.ask(home)["viewer"]["households"]
    assert creche["onlineInvoices"] == {"onPaper": False, "mayJoin": False, "termsVersion": None}
    assert school["onlineInvoices"] == {"onPaper": True, "mayJoin": True, "termsVersion": "1"}
    asked = simon.do("onlineInvoicesJoin", "request { number state }", householdId=school["id"], terms="1")
    assert asked["request"]["state"] == "SENT"
    portal.mail(SIMON, f"Demande n° {asked['request']['number']} : bien enregistrée")


@covers("epagny-10")
def pay_november(portal: Portal) -> None:
    """17 meals at 4.68, 17 evenings at 1.66, 3 Wednesdays at 6.24 and 4.68: downloaded, and paid by card."""
    portal.move_clock("2026-12-01T09:00:00+01:00")
    run = check_and_issue(portal.signed_in("epagny", AGENT), NOVEMBER)
    assert (run["draftCount"], run["total"]) == (1, {"amount": "140.54"})
    simon = portal.signed_in("epagny", "simon.test", CHOSEN)
    november, _september = simon.invoices()
    assert simon.http.get(november["pdfUrl"]).content.startswith(b"%PDF-")
    pay_by_card(simon, november, "carte")
    (paid, _) = simon.invoices()
    assert (paid["status"], paid["paid"]) == ("PAID", {"amount": "140.54"})
    assert november["number"] in portal.mail(SIMON, "Paiement reçu").subject
