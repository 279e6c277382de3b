"""Steps of Chavagne's guide before the bookings: the account (§1), the contacts (§3), the board (§4), the file (§6)."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter

from tests.journeys.filing import DOSSIER, Dossier, missing, read, save, send_document
from tests.journeys.guides.steps import covers
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import codes, recover

MADAME, MONSIEUR = "madame.test@example.org", "monsieur.test@example.org"
AGENT = "agent@chavagne.example"
CHOSEN, FORGOTTEN = "Chavagne2026", "Oubli-2026-35"
MAILBOX = "portail.familles@chavagne.fr"
YEAR = "2026-2027"
SHEETS = {"fiche-famille": "responsable-1-nom", "fiche-sanitaire": "allergies"}  # a field of each


@covers("chavagne-1")
def from_any_device(portal: Portal) -> None:
    """A browser keeps a cookie, an application carries a token: the same family, the same answers."""
    browser, telephone = portal.signed_in("chavagne", MONSIEUR), portal.visitor("chavagne")
    telephone.use_bearer(MONSIEUR, "Demonstration2026")
    assert telephone.household() == browser.household()


@covers("chavagne-2")
def read_the_guide(portal: Portal) -> None:
    """The commune's own guide is a public page, read without an account."""
    agent, link = portal.signed_in("chavagne", AGENT), "https://www.chavagne.fr/guide.pdf"
    title = "Guide d'utilisation du portail familles"
    agent.do("publicPagePublish", "page { id }", kind="DOCUMENT", title=title, link=link)
    pages = portal.visitor("chavagne").ask("{ publicPages(kind: DOCUMENT) { nodes { title link } } }")["publicPages"]
    assert {"title": title, "link": link} in pages["nodes"]


@covers("chavagne-4", "chavagne-7")
def who_has_no_account(portal: Portal) -> None:
    """Nobody opens an account alone: the portal says to write to the service."""
    anybody = portal.visitor("chavagne")
    wanted = {"firstName": "Camille", "lastName": "TESTBIS", "email": "camille.testbis@example.org"}
    (refused,) = anybody.refusals("accountCreate", **wanted)
    assert (refused["code"], refused["contact"]) == ("FEATURE_CLOSED", MAILBOX)
    told = anybody.ask("{ commune { accountHelp } }")["commune"]["accountHelp"]
    assert refused["message"] == told and "Vous n'avez rien reçu" in told and MAILBOX in told


@covers("chavagne-6")
def forgotten_password(portal: Portal) -> Visitor:
    """Another password by mail; then the first one again, for the steps that follow."""
    madame = portal.visitor("chavagne")
    recover(portal, madame, MADAME, FORGOTTEN)
    madame.do("passwordChange", currentPassword=FORGOTTEN, newPassword=CHOSEN)
    return madame


@covers("chavagne-8", "chavagne-9", "chavagne-10", "chavagne-11")
def add_a_contact(madame: Visitor) -> None:
    """Representatives, members and contacts are shown; a contact without a name is refused, then added."""
    household = madame.household()
    asked: dict[str, Any] = {"householdId": household["id"], "lastName": "TEST", "phone": "02 99 00 00 01"}
    asked["permissions"] = [{"childId": child, "permission": "FETCH"} for child in household["children"].values()]
    assert codes(madame.refusals("contactCreate", **asked, firstName="")) == {"BLANK"}
    madame.do("contactCreate", "request { id }", **asked, firstName="Tatie")
    after = madame.household()
    assert [(adult["role"], adult["firstName"]) for adult in after["adults"]] == [
        ("REPRESENTATIVE", "Madame"),
        ("CO_REPRESENTATIVE", "Monsieur"),
        ("CONTACT", "Mamie"),
        ("CONTACT", "Papi"),
        ("CONTACT", "Tatie"),
    ]
    assert sorted(after["children"]) == ["Enfant1", "Enfant2"]


@covers("chavagne-17", "chavagne-18", "chavagne-19", "chavagne-20", "chavagne-22", "chavagne-29")
def download_the_sheets(madame: Visitor) -> dict[str, bytes]:
    """The file of Enfant2 asks for two sheets: PDF forms, where the portal wrote already what it knows."""
    household = madame.household()
    child = household["children"]["Enfant2"]
    draft = save(madame, child, YEAR, 0)
    assert [piece["code"] for piece in draft["form"]["documents"] if piece["isRequired"]] == list(SHEETS)
    asked = {"householdId": household["id"], "childId": child}
    sheets = {code: madame.http.get(f"/chavagne/sheets/{code}.pdf", params=asked).content for code in SHEETS}
    for code, question in SHEETS.items():
        assert question in (PdfReader(BytesIO(sheets[code])).get_fields() or {})
    assert (PdfReader(BytesIO(sheets["fiche-sanitaire"])).get_fields() or {})["enfant-prenom"].value == "Enfant2"
    return sheets


@covers("chavagne-21")
def fill_the_sheets(madame: Visitor, sheets: dict[str, bytes]) -> None:
    """Filled and saved by another program, sent, and read back by the portal."""
    child = madame.household()["children"]["Enfant2"]
    for code, question in SHEETS.items():
        sent = send_document(madame, code, child, content=filled(sheets[code], question))
        kept = madame.ask("query($id: ID!) { node(id: $id) { ... on Document { downloadUrl } } }", id=sent)["node"]
        address = f"/chavagne/documents/{kept['downloadUrl'].rpartition('/')[2]}/answers"
        read_back = {each["code"]: each["value"] for each in madame.http.get(address).json()["answers"]}
        assert read_back[question] == "Rempli par la famille"


def filled(sheet: bytes, question: str) -> bytes:
    """A sheet with one more answer, as pypdf saves it."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(sheet)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {question: "Rempli par la famille"})
    saved = BytesIO()
    writer.write(saved)
    return saved.getvalue()


@covers("chavagne-23", "chavagne-24", "chavagne-25")
def authorise(madame: Visitor) -> Dossier:
    """Each adult and contact is ticked to fetch the child, but Papi; then the quotient, and photos."""
    consents = the_file(madame)["form"]["consents"]
    labels = {each["code"]: each["label"] for each in consents}
    people = [label for code, label in labels.items() if code.startswith("venir-chercher:")]
    names = ("Madame", "Monsieur", "Mamie", "Papi", "Tatie")
    assert people == [f"Autorisation à venir chercher l'enfant : {name} TEST" for name in names]
    assert list(labels)[5:] == ["quotient-familial", "photo-video"]
    given = [{"code": code, "granted": not label.endswith("Papi TEST")} for code, label in labels.items()]
    return tick(madame, given)


@covers("chavagne-26", "chavagne-27", "chavagne-28", "chavagne-30", "chavagne-31")
def recapitulate(madame: Visitor) -> None:
    """The summary is read, a choice is changed; sent, taken back and sent again, never without attesting."""
    recap = the_file(madame)
    granted = {each["label"].rpartition(" : ")[2]: each["granted"] for each in recap["form"]["consents"]}
    assert (missing(recap), granted["Papi TEST"], granted["Mamie TEST"]) == ([], False, True)
    (papi,) = [each["code"] for each in recap["form"]["consents"] if each["label"].endswith("Papi TEST")]
    changed = tick(madame, [{"code": papi, "granted": True}])
    assert all(each["granted"] for each in changed["form"]["consents"])
    file = {"childId": madame.household()["children"]["Enfant2"], "schoolYear": YEAR}
    assert codes(madame.refusals("dossierSubmit", **file, attests=False)) == {"BLANK"}
    sent = madame.do("dossierSubmit", DOSSIER, **file, attests=True)["dossier"]
    assert sent["state"] == "SUBMITTED"
    assert madame.do("dossierCancel", DOSSIER, id=sent["id"])["dossier"]["state"] == "DRAFT"
    assert madame.do("dossierSubmit", DOSSIER, **file, attests=True)["dossier"]["state"] == "SUBMITTED"


def tick(madame: Visitor, consents: list[dict[str, Any]]) -> Dossier:
    """Tick or untick consents in the file of Enfant2."""
    file = {"childId": madame.household()["children"]["Enfant2"], "schoolYear": YEAR}
    saved = madame.do("dossierSave", DOSSIER, **file, version=the_file(madame)["version"], consents=consents)
    found: Dossier = saved["dossier"]
    return found


def the_file(madame: Visitor) -> Dossier:
    """The yearly file of Enfant2 as it stands."""
    (found,) = read(madame)
    return found


@covers("chavagne-32", "chavagne-33")
def acknowledged(portal: Portal) -> None:
    """The acknowledgement comes by itself; then the family is told of each step of the instruction."""
    received = portal.mail(MADAME, f"Dossier {YEAR} d'Enfant2 : bien reçu")
    assert "Nous avons bien enregistré votre demande" in received.text
    agent = portal.signed_in("chavagne", AGENT)
    queue = agent.ask("{ requestQueue(kind: DOSSIER, state: SENT) { nodes { id number } } }")["requestQueue"]["nodes"]
    (request,) = queue
    agent.do("requestReview", id=request["id"])
    assert "En cours d'instruction" in portal.mail(MADAME, f"{request['number']} : des nouvelles").text
    (waiting,) = agent.ask("{ dossiersToDecide { nodes { id } } }")["dossiersToDecide"]["nodes"]
    agent.do("dossierDecide", id=waiting["id"], accept=True)
    portal.mail(MADAME, f"Dossier {YEAR} d'Enfant2 : validé")


@covers("chavagne-15")
def simulate_the_tariffs(portal: Portal) -> None:
    """What the meals of October would cost with a quotient, told to anybody: 10 of them at 3.60."""
    lunch = {"activity": "restauration", "units": ["repas"]}
    wanted = {"month": "2026-10", "quotient": 812, "children": [{"firstName": "Enfant1", "habits": [lunch]}]}
    chosen = "simulation { lines { quantity } total { amount } assumptions }"
    told = portal.visitor("chavagne").do("tariffSimulate", chosen, **wanted)["simulation"]
    assert (told["lines"], told["total"]) == ([{"quantity": 10}], {"amount": "36.00"})
    assert told["assumptions"] != []


@covers("chavagne-44")
def enrol_a_third_child(portal: Portal, madame: Visitor) -> None:
    """A child that joins the family is enrolled in the holidays' centre; the request says so."""
    new = {"firstName": "Enfant3", "lastName": "TEST", "birthDate": "2021-11-05"}
    asked = madame.do("childCreate", "request { id }", householdId=madame.household()["id"], **new)["request"]
    portal.signed_in("chavagne", AGENT).do("requestDecide", id=asked["id"], accept=True)
    child = madame.household()["children"]["Enfant3"]
    enrolled = {"childId": child, "activity": "alsh-vacances", "schoolYear": YEAR}
    madame.do("enrolmentCreate", "enrolment { id }", **enrolled)
    (home,) = madame.ask("{ viewer { households { requests(kind: ENROLMENT) { nodes { title stateLabel } } } } }")[
        "viewer"
    ]["households"]
    title = f"Inscription {YEAR} d'Enfant3 : Accueil de loisirs Vacances"
    assert home["requests"]["nodes"] == [{"title": title, "stateLabel": "Traitée positivement"}]


@covers("chavagne-12", "chavagne-16")
def board(portal: Portal, madame: Visitor) -> None:
    """Any other request has its own form; the board shows requests, documents and news in one question."""
    portal.signed_in("chavagne", AGENT).do("articlePublish", title="Vacances", body="Le programme est là.")
    household = madame.household()
    madame.do("requestCreate", householdId=household["id"], service="enfance", text="Peut-on visiter l'école ?")
    shown = madame.ask(
        """{ news { nodes { title } } viewer { households {
        requests(first: 1) { nodes { kind } totalCount } documents { nodes { kind { code } state } } } } }"""
    )
    (home,) = shown["viewer"]["households"]
    assert shown["news"]["nodes"][0] == {"title": "Vacances"}
    assert home["requests"]["nodes"] == [{"kind": "OTHER"}]
    assert {document["kind"]["code"] for document in home["documents"]["nodes"]} == set(SHEETS)
