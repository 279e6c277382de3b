"""The guide of Mellois en Poitou, replayed: an account by mail, by key or alone; the yearly file, then enrolment."""

from datetime import date
from typing import Any

from tests.hostile_files import pdf
from tests.journeys.conftest import Start
from tests.journeys.filing import answer_everything, complete, missing, read, save, values
from tests.journeys.guides.steps import covers, every_step_of
from tests.journeys.melle_newcomers import (
    account_without_the_service,
    declare_the_household,
    file_of_each_child,
    invited_by_name,
    keep_somebody_away,
    key_at_the_padlock,
    key_typed_later,
)
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import (
    PLAN,
    RECEIPT,
    accept_terms,
    change_email,
    check_and_issue,
    codes,
    month,
    order,
    pay_by_card,
    selection,
    units,
)

PARENT, ELSEWHERE = "test2.test2@example.org", "test2.testbis@example.org"
AGENT = "agent@melle.example"
CHOSEN, ANOTHER = "melle-2026", "mellois-2026"
YEAR = "2026-2027"
DOSSIER = "dossier { id state reason }"
ILLEGIBLE = "Le carnet de vaccinations est illisible."

SEPTEMBER = month(2026, 9)
CLASS_DAYS = [date(2026, 9, day) for day in (1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18, 21, 22, 24, 25, 28, 29)]
FRIDAYS = [date(2026, 9, day) for day in (4, 11, 18, 25)]


def test_the_guide_of_melle_is_replayed(start: Start) -> None:
    with every_step_of(__name__):
        portal = start("2026-05-20T09:00:00+02:00")
        public_side(portal)
        parent = choose_a_password(*follow_the_mail(portal))
        child = parent.household()["children"]["Enfant"]
        pieces_by_situation(parent, child)
        nothing_before_the_file(portal, parent, child)
        file_refused_then_accepted(portal, parent, child)
        follow_the_file(portal)
        enrol_in_june(parent, child)
        book_september(portal, parent, child)
        newcomer = account_without_the_service(portal)
        household = declare_the_household(portal, newcomer)
        file_of_each_child(portal, newcomer)
        keep_somebody_away(newcomer)
        invited_by_name(portal, household)
        key_at_the_padlock(portal, household)
        key_typed_later(portal, household)
        enrol_in_september(portal, child)
        bill_and_pay(portal)
        change_the_identifiers(portal)


@covers("melle-1", "melle-2", "melle-27")
def public_side(portal: Portal) -> None:
    """An agent publishes information and documents; anybody reads and downloads them, without an account."""
    agent, anybody = portal.signed_in("melle", AGENT), portal.visitor("melle")
    agent.do("publicPagePublish", "page { id }", kind="PRACTICAL", title="La direction de l'éducation", body="À lire.")
    titles = ("Mandat de prélèvement SEPA", "Règlement de fonctionnement")
    for title in titles:
        page = agent.do("publicPagePublish", "page { id }", kind="DOCUMENT", title=title, body="À lire.")["page"]
        sent = agent.http.post(
            "/melle/public-files",
            data={"pageId": page["id"]},
            files={"file": ("document.pdf", pdf())},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert sent.status_code == 201, sent.text
    (practical, *_) = anybody.ask("{ publicPages(kind: PRACTICAL) { nodes { title } } }")["publicPages"]["nodes"]
    assert practical == {"title": "La direction de l'éducation"}
    pages = anybody.ask("{ publicPages(kind: DOCUMENT) { nodes { title file { url } } } }")["publicPages"]["nodes"]
    downloads = {page["title"]: anybody.http.get(page["file"]["url"]).content for page in pages[:2]}
    assert downloads == dict.fromkeys(titles, pdf())


@covers("melle-5", "melle-6", "melle-8", "melle-9", "melle-11")
def follow_the_mail(portal: Portal) -> tuple[Visitor, str, str]:
    """The mail gives a login and a password; its link says for whom the space is activated."""
    mail = portal.mail(PARENT, "activez votre espace famille")
    assert "votre espace personnel a\nété automatiquement créé" in mail.text
    parent = portal.visitor("melle")
    return parent, *parent.activate(PARENT)


@covers("melle-12", "melle-13", "melle-14", "melle-15")
def choose_a_password(parent: Visitor, login: str, generated: str) -> Visitor:
    """The temporary password opens nothing but its own replacement, then the terms."""
    assert parent.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
    ticks = parent.do("passwordCheck", "checks { rule satisfied }", candidate="MELLE")["checks"]
    assert {tick["rule"] for tick in ticks if not tick["satisfied"]} == {"MIN_LENGTH", "LOWERCASE", "DIGIT"}
    changed = parent.do("passwordChange", "steps", currentPassword=generated, newPassword=CHOSEN)
    assert changed["steps"] == ["ACCEPT_TERMS"]
    accept_terms(parent)
    return parent


@covers("melle-21", "melle-23", "melle-24", "melle-25", "melle-26", "melle-28", "melle-29", "melle-30")
def pieces_by_situation(parent: Visitor, child: str) -> None:
    """The draft lists its pieces before anything is sent; then all is given up, to begin again."""
    situation = {"prelevement": "yes", "garde_alternee": "yes", "contact_interdit": "yes", "pai": "yes"}
    draft = answer_everything(parent, child, YEAR, **situation)
    pieces = [piece["code"] for piece in draft["form"]["documents"] if piece["isRequired"]]
    later = [piece["code"] for piece in draft["form"]["documents"] if piece["mayComeLater"]]
    assert (later, missing(draft)) == (["assurance"], [code for code in pieces if code != "assurance"])
    by_situation = ["mandat-sepa", "rib", "pai", "decision-judiciaire", "calendrier-garde", "jugement-garde"]
    assert pieces == ["vaccinations", "assurance", *by_situation]
    parent.do("dossierCancel", "dossier { state }", id=draft["id"])
    assert [values(given_up) for given_up in read(parent)] == [{}]


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


@covers("melle-33", "melle-34", "melle-38")
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


@covers("melle-22", "melle-31", "melle-32", "melle-37", "melle-39", "melle-40")
def file_refused_then_accepted(portal: Portal, parent: Visitor, child: str) -> None:
    """The draft waits for its author; the service refuses with a reason, the family corrects, then it is accepted."""
    file = {"childId": child, "schoolYear": YEAR}
    (opened,) = read(parent)
    assert save(parent, child, YEAR, opened["version"], ecole="École du bourg")["state"] == "DRAFT"
    assert codes(parent.refusals("dossierSubmit", **file, attests=True)) == {"DOSSIER_INCOMPLETE"}
    parent = portal.signed_in("melle", PARENT, CHOSEN)  # the next day, from another device
    assert files(parent) == [{"schoolYear": YEAR, "state": "DRAFT", "reason": ""}]
    complete(parent, child, YEAR)
    assert codes(parent.refusals("dossierSubmit", **file, attests=False)) == {"BLANK"}
    assert parent.do("dossierSubmit", DOSSIER, **file, attests=True)["dossier"]["state"] == "SUBMITTED"
    portal.mail(PARENT, "bien reçu")
    assert "en cours d'instruction" in why_not_booked(parent, child)

    agent = portal.signed_in("melle", AGENT)
    (request,) = agent.ask("{ requestQueue(kind: DOSSIER) { nodes { id number } } }")["requestQueue"]["nodes"]
    agent.do("requestReview", id=request["id"])
    assert "En cours d'instruction" in portal.mail(PARENT, f"{request['number']} : des nouvelles").text
    decide(agent, accept=False, reason=ILLEGIBLE)
    assert ILLEGIBLE not in portal.mail(PARENT, "à compléter").text  # it may say something of the child's health
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


@covers("melle-42")
def follow_the_file(portal: Portal) -> None:
    """« Dernières demandes »: each time the file was sent is a request, with where it stands."""
    parent = portal.signed_in("melle", PARENT, CHOSEN)
    query = "{ viewer { households { requests { nodes { title stateLabel history { stateLabel } } } } } }"
    (household,) = parent.ask(query)["viewer"]["households"]
    title = f"Dossier administratif {YEAR} d'Enfant"
    told = [(each["title"], each["stateLabel"]) for each in household["requests"]["nodes"]]
    assert told == [(title, "Traitée positivement"), (title, "Traitée négativement")]
    history = [event["stateLabel"] for event in household["requests"]["nodes"][1]["history"]]
    assert history == ["Envoyée", "En cours d'instruction", "Traitée négativement"]


def decide(agent: Visitor, **decision: Any) -> None:
    """The agent opens the queue and decides on its only file."""
    (waiting,) = agent.ask("{ dossiersToDecide { nodes { id } } }")["dossiersToDecide"]["nodes"]
    agent.do("dossierDecide", DOSSIER, id=waiting["id"], **decision)
    assert codes(agent.refusals("dossierDecide", id=waiting["id"], accept=True)) == {"STATE_CONFLICT"}
    assert agent.ask("{ dossiersToDecide { nodes { id } } }") == {"dossiersToDecide": {"nodes": []}}


@covers("melle-4", "melle-43", "melle-44")
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


@covers("melle-35", "melle-36")
def enrol_in_september(portal: Portal, child: str) -> None:
    """On 1 September the centres open; ages are checked; a Wednesday is booked as a whole day."""
    portal.move_clock("2026-09-01T08:00:00+02:00")
    parent = portal.signed_in("melle", PARENT, CHOSEN)
    parent.do("enrolmentCreate", "enrolment { id }", **enrolment(child, "acm-mercredis"))
    for activity, ages in (
        ("halte-garderie", "jusqu'à 3 ans ; Enfant a 7 ans"),
        ("accueil-jeunes", "; Enfant a 7 ans"),
    ):
        (refused,) = parent.refusals("enrolmentCreate", **enrolment(child, activity))
        assert refused["code"] == "ENROLMENT_NOT_OPEN" and ages in refused["message"]
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


@covers("melle-10")
def change_the_identifiers(portal: Portal) -> None:
    """Once signed in, the password and the e-mail that sign in are changed from one's own space."""
    parent = portal.signed_in("melle", PARENT, CHOSEN)
    parent.do("passwordChange", currentPassword=CHOSEN, newPassword=ANOTHER)
    change_email(portal, parent, PARENT, ELSEWHERE, ANOTHER)
