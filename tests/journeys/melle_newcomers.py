"""Steps of Melle's guide for who has no account: known and without a mail (case 1), or new to the town (case 2)."""

from typing import Any

from tests.journeys.filing import answer_everything, read, save
from tests.journeys.guides.steps import covers
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import accept_terms, codes

CAMILLE, ALIX = "camille.testbis@example.org", "alix.testbis@example.org"
SACHA, DOMINIQUE = "sacha.testbis@example.org", "dominique.testbis@example.org"
AGENT = "agent@melle.example"
CHOSEN = "chouette-2026"
YEAR = "2026-2027"
ADDRESS = {"street": "2 Rue des Fusains", "postcode": "79500", "town": "Melle", "country": "FRANCE"}
MEMBERS = """{ viewer { households {
  id adults { id role firstName street } children { id firstName }
} householdIdsToConfirm } }"""

TOLD = "stateLabel history { text }"


@covers("melle-3", "melle-45", "melle-46")
def account_without_the_service(portal: Portal) -> Visitor:
    """Anybody opens an account alone; no agent does anything."""
    visitor = portal.visitor("melle")
    link = link_to(portal, visitor, "Camille", CAMILLE)
    visitor.do("accountActivate", "login", **link, newPassword=CHOSEN)
    assert visitor.sign_in(CAMILLE, CHOSEN) == ["ACCEPT_TERMS"]
    accept_terms(visitor)
    return visitor


@covers("melle-47", "melle-48", "melle-49", "melle-50", "melle-51", "melle-52")
def declare_the_household(portal: Portal, parent: Visitor) -> dict[str, Any]:
    """Three co-representatives, two children and a contact are declared; nothing is true before an agent agrees."""
    declaration: dict[str, Any] = {
        "familyName": "TESTBIS",
        "address": ADDRESS,
        "myself": {"title": "Madame", "firstName": "Camille", "lastName": "TESTBIS"},
        "adults": [
            {"title": "Madame", "firstName": "Alix", "lastName": "TESTBIS", "email": ALIX},
            *({"title": "Monsieur", "firstName": name, "lastName": "TESTBIS"} for name in ("Sacha", "Dominique")),
        ],
        "children": [
            {"firstName": name, "lastName": "TESTBIS", "birthDate": born}
            for name, born in (("Lou", "2020-04-02"), ("Noa", "2018-09-12"))
        ],
    }
    (blank,) = parent.refusals("householdDeclare", **{**declaration, "address": {**ADDRESS, "country": ""}})
    assert (blank["code"], blank["field"]) == ("BLANK", ["input", "address", "country"])
    request = parent.do("householdDeclare", "request { id number stateLabel }", **declaration)["request"]
    assert request["stateLabel"] == "Envoyée"
    assert "bien enregistrée" in portal.mail(CAMILLE, request["number"]).subject
    assert names(parent) == (["Camille"], [])
    accepted(portal, request["id"])
    assert request["number"] in portal.mail(CAMILLE, ": Traitée positivement").subject
    assert names(parent) == (["Alix", "Camille", "Dominique", "Sacha"], ["Lou", "Noa"])
    add_a_contact_at_the_same_address(portal, parent)
    return parent.household()


def add_a_contact_at_the_same_address(portal: Portal, parent: Visitor) -> None:
    """« Recopier les informations du titulaire »: the contact lives where the holder of the account does."""
    (household,) = parent.ask(MEMBERS)["viewer"]["households"]
    holder = next(adult["id"] for adult in household["adults"] if adult["firstName"] == "Camille")
    asked = parent.do(
        "contactCreate",
        "request { id stateLabel }",
        householdId=household["id"],
        title="Madame",
        firstName="Mamie",
        lastName="TESTBIS",
        phone="05 49 00 00 01",
        addressOfPersonId=holder,
        permissions=[{"childId": child["id"], "permission": "FETCH"} for child in household["children"]],
    )["request"]
    assert asked["stateLabel"] == "Envoyée"
    accepted(portal, asked["id"])
    (household,) = parent.ask(MEMBERS)["viewer"]["households"]
    (contact,) = [adult for adult in household["adults"] if adult["role"] == "CONTACT"]
    assert (contact["firstName"], contact["street"]) == ("Mamie", ADDRESS["street"])


@covers("melle-41", "melle-53")
def file_of_each_child(portal: Portal, parent: Visitor) -> None:
    """Each child has a file of its own; the second one is not asked again what the first one said for both."""
    children = parent.household()["children"]
    first = answer_everything(parent, children["Lou"], YEAR, urgence_nom="Mamie TESTBIS")
    second = save(parent, children["Noa"], YEAR, 0)
    asked = [question for section in second["form"]["sections"] for question in section["questions"]]
    (copied,) = [question for question in asked if question["code"] == "urgence-nom"]
    assert (copied["value"], copied["toCheck"]) == ("Mamie TESTBIS", f"dossier {YEAR} de Lou")
    assert {dossier["id"] for dossier in read(parent)} == {first["id"], second["id"]}


@covers("melle-29")
def keep_somebody_away(parent: Visitor) -> None:
    """Whom a court keeps away from a child is told to the service alone, which waits for the decision of the court."""
    household = parent.household()
    kept_away = {"householdId": household["id"], "title": "Monsieur", "firstName": "Camille", "lastName": "TESTTER"}
    kept_away |= {key: ADDRESS[key] for key in ("street", "postcode", "town", "country")}
    forbidden = [{"childId": household["children"]["Lou"], "permission": "FORBIDDEN"}]
    asked = parent.do("contactCreate", f"request {{ {TOLD} }}", **kept_away, permissions=forbidden)["request"]
    assert asked["stateLabel"] == "En attente de votre réponse"
    assert any("Décision judiciaire" in event["text"] for event in asked["history"])


@covers("melle-7")
def invited_by_name(portal: Portal, household: dict[str, Any]) -> None:
    """An agent invites a known adult: the mail greets by title, first name and name."""
    (alix,) = [adult["id"] for adult in household["adults"] if adult["firstName"] == "Alix"]
    portal.signed_in("melle", AGENT).do("accountInvite", personId=alix)
    assert portal.mail(ALIX, "activez votre espace famille").text.startswith("Bonjour Madame Alix TESTBIS,")


@covers("melle-16", "melle-17", "melle-18")
def key_at_the_padlock(portal: Portal, household: dict[str, Any]) -> None:
    """Without a mail, who to call is said to everybody; the key an agent tells opens the household."""
    sacha = portal.visitor("melle")
    told = sacha.ask("{ commune { accountHelp } }")["commune"]["accountHelp"]
    for word in ("05 49 27 56 84", "mardi matin", "jeudi matin", "education@melloisenpoitou.fr", "clé enfance"):
        assert word in told
    key = key_told(portal, household, "Sacha")
    link = link_to(portal, sacha, "Sacha", SACHA)
    wrong = sacha.refusals("accountActivate", **link, newPassword=CHOSEN, serviceKey="0000-HHH-000")
    assert codes(wrong) == {"KEY_INVALID"}
    typed = key.replace("-", " ").lower()
    sacha.do("accountActivate", "login", **link, newPassword=CHOSEN, serviceKey=typed)
    assert sacha.sign_in(SACHA, CHOSEN) == ["ACCEPT_TERMS"]
    accept_terms(sacha)
    assert names(sacha)[1] == ["Lou", "Noa"]


@covers("melle-19", "melle-20")
def key_typed_later(portal: Portal, household: dict[str, Any]) -> None:
    """Who has no key at hand opens an account without one, and types it another day."""
    dominique = portal.visitor("melle")
    link = link_to(portal, dominique, "Dominique", DOMINIQUE)
    dominique.do("accountActivate", "login", **link, newPassword=CHOSEN)
    assert dominique.sign_in(DOMINIQUE, CHOSEN) == ["ACCEPT_TERMS"]
    accept_terms(dominique)
    assert dominique.ask(MEMBERS)["viewer"]["households"] == []
    dominique.do("serviceKeyUse", "householdId", serviceKey=key_told(portal, household, "Dominique"))
    assert names(dominique)[1] == ["Lou", "Noa"]


def key_told(portal: Portal, household: dict[str, Any], name: str) -> str:
    """The key that an agent makes for an adult of a household, told by telephone."""
    agent = portal.signed_in("melle", AGENT)
    (person,) = [adult["id"] for adult in household["adults"] if adult["firstName"] == name]
    key: str = agent.do("serviceKeyIssue", "key", householdId=household["id"], personId=person)["key"]
    return key


def accepted(portal: Portal, request: str) -> None:
    """An agent agrees to what a family asks."""
    agent = portal.signed_in("melle", AGENT)
    decided = agent.do("requestDecide", "request { stateLabel }", id=request, accept=True)
    assert decided["request"] == {"stateLabel": "Traitée positivement"}


def link_to(portal: Portal, visitor: Visitor, name: str, email: str) -> dict[str, str]:
    """What the link says that an address receives after asking for an account."""
    visitor.do("accountCreate", "message", firstName=name, lastName="TESTBIS", email=email)
    return portal.mail(email, "ouvrez votre espace famille").carried()


def names(visitor: Visitor) -> tuple[list[str], list[str]]:
    """The adults and the children of the only household, by first name."""
    (household,) = visitor.ask(MEMBERS)["viewer"]["households"]
    adults, children = (sorted(each["firstName"] for each in household[kind]) for kind in ("adults", "children"))
    return adults, children
