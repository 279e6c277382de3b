"""How families get in, over HTTP and real mail: alone, with a « clé enfance », by a code bound to their e-mail."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.journeys.conftest import Start
from tests.journeys.portal import Mail, Portal, Visitor
from tests.journeys.questions import accept_terms, codes

NEWCOMER = "nouvelle.famille@example.org"
KNOWN = "test2.ailleurs@example.org"
AGENT = "agent@melle.example"
CHOSEN = "chouette-2026"
ADDRESS = {"street": "2 Rue des Fusains", "postcode": "79500", "town": "Melle", "country": "FRANCE"}
MEMBERS = """{ viewer { households {
  id adults { id firstName } children { id firstName }
} householdIdsToConfirm } }"""


def test_a_family_that_melle_does_not_know_opens_its_account_and_declares_itself(start: Start) -> None:
    """Guide of Melle, case 2."""
    portal = start("2026-05-20T09:00:00+02:00")
    parent = signs_up(portal, NEWCOMER)
    declaration: dict[str, Any] = {
        "familyName": "NOUVELLE",
        "address": ADDRESS,
        "myself": {"title": "Madame", "firstName": "Camille", "lastName": "NOUVELLE"},
        "children": [{"firstName": "Lou", "lastName": "NOUVELLE", "birthDate": "2020-04-02"}],
    }
    told = {"field": ["input", "address", "country"], "code": "BLANK"}
    (blank,) = parent.refusals("householdDeclare", **{**declaration, "address": {**ADDRESS, "country": ""}})
    assert {name: blank[name] for name in told} == told
    request = parent.do("householdDeclare", "request { id number stateLabel }", **declaration)["request"]
    assert request["stateLabel"] == "Envoyée"
    assert request["number"] in portal.mail(NEWCOMER, request["number"]).subject
    assert names(parent) == (["Camille"], [])
    agent = portal.signed_in("melle", AGENT)
    decided = agent.do("requestDecide", "request { stateLabel }", id=request["id"], accept=True)
    assert decided["request"] == {"stateLabel": "Traitée positivement"}
    assert names(parent) == (["Camille"], ["Lou"])


def test_a_family_that_lost_its_mail_types_the_key_an_agent_told(start: Start) -> None:
    """Guide of Melle, case 1: « la famille n'a pas reçu de mail d'activation »."""
    portal = start("2026-05-20T09:00:00+02:00")
    colleague = portal.signed_in("melle", "parent.test2@example.org")
    (household,) = colleague.ask(MEMBERS)["viewer"]["households"]
    (person,) = [adult["id"] for adult in household["adults"] if adult["firstName"] == "Test2"]
    agent = portal.signed_in("melle", AGENT)
    issued = agent.do("serviceKeyIssue", "key expiresAt", householdId=household["id"], personId=person)
    parent = portal.visitor("melle")
    link = link_to(portal, parent, KNOWN)
    wrong = parent.refusals("accountActivate", **link, newPassword=CHOSEN, serviceKey="0000-HHH-000")
    assert codes(wrong) == {"KEY_INVALID"}
    typed = issued["key"].replace("-", " ").lower()
    parent.do("accountActivate", "login", **link, newPassword=CHOSEN, serviceKey=typed)
    assert parent.sign_in(KNOWN, CHOSEN) == ["ACCEPT_TERMS"]
    accept_terms(parent)
    assert names(parent) == (["Parent", "Test2"], ["Enfant"])


def test_a_family_of_chailles_follows_its_code_chooses_a_password_and_checks_its_household(start: Start) -> None:
    """Guide of Chailles, steps 1.1 and 1.2."""
    portal = start("2026-09-01T09:00:00+02:00")
    email = "nathalie.testmp@example.org"
    parent = portal.visitor("chailles")
    link = address_in(portal.mail(email, "Adhésion à un service de Chailles"))
    assert link["email"] == email
    assert codes(parent.refusals("accountActivate", token=link["token"], newPassword="Castelnau2026")) == {
        "LINK_INVALID"
    }
    assert parent.do("accountActivate", "login", **link, newPassword="Castelnau2026")["login"] == email
    assert parent.sign_in(email, "Castelnau2026") == ["ACCEPT_TERMS"]
    accept_terms(parent)
    seen = parent.ask(MEMBERS)["viewer"]
    assert names(parent) == (["Marc", "Nathalie"], ["Clara", "Guilhem"])
    parent.do("householdConfirm", "request { stateLabel }", householdId=seen["householdIdsToConfirm"][0])
    assert parent.ask(MEMBERS)["viewer"]["householdIdsToConfirm"] == []


def signs_up(portal: Portal, email: str) -> Visitor:
    """Somebody who opens an account alone, chooses a password and accepts the terms."""
    visitor = portal.visitor("melle")
    link = link_to(portal, visitor, email)
    visitor.do("accountActivate", "login", **link, newPassword=CHOSEN)
    assert visitor.sign_in(email, CHOSEN) == ["ACCEPT_TERMS"]
    accept_terms(visitor)
    return visitor


def link_to(portal: Portal, visitor: Visitor, email: str) -> dict[str, str]:
    """What the link says that an address receives after asking for an account."""
    visitor.do("accountCreate", "message", firstName="Camille", lastName="NOUVELLE", email=email)
    return address_in(portal.mail(email, "ouvrez votre espace famille"))


def address_in(mail: Mail) -> dict[str, str]:
    """The token and the e-mail in the link of a mail."""
    query = parse_qs(urlsplit(mail.found(r"(http://\S+)")).query)
    return {name: value for name, (value,) in query.items()}


def names(visitor: Visitor) -> tuple[list[str], list[str]]:
    """The adults and the children of the only household, by first name."""
    (household,) = visitor.ask(MEMBERS)["viewer"]["households"]
    adults, children = (sorted(each["firstName"] for each in household[kind]) for kind in ("adults", "children"))
    return adults, children
