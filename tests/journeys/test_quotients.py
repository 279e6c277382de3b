"""The quotient familial over HTTP: asked of the fund at Chavagne. Le Mesnil's is in the journey of its guide."""

from typing import Any

import pytest

from tests.journeys.conftest import Start
from tests.journeys.portal import Visitor

MONSIEUR = "monsieur.test@example.org"
QUOTIENTS = """{ viewer { households { quotients { euros mayDeclare
  fundConsent { version isGranted } history { euros month source state } } } } }"""
BEFORE = {"euros": 812, "month": "2026-09", "source": "AGENT", "state": "ACCEPTED"}


def quotients(visitor: Visitor) -> dict[str, Any]:
    """The quotients of the visitor's household."""
    (household,) = visitor.ask(QUOTIENTS)["viewer"]["households"]
    found: dict[str, Any] = household["quotients"]
    return found


@pytest.mark.database
def test_a_family_of_chavagne_agrees_and_its_quotient_comes_from_the_fund(start: Start) -> None:
    """« Autorisation d'accès au quotient familial ? » (§6), then what it is for."""
    portal = start("2026-10-05T09:00:00+02:00")
    monsieur = portal.signed_in("chavagne", MONSIEUR)
    birth = {"householdId": monsieur.household()["id"], "birthDate": "1985-06-15", "birthTown": "35238"}
    (asked,) = monsieur.refusals("quotientFetch", **birth)
    assert asked["message"].startswith("Donnez d'abord votre accord")
    portal.http.post("/simulators/caf/control", json={"down": True}).raise_for_status()
    (down,) = monsieur.refusals("quotientFetch", **birth, agreesTo="1")
    assert (down["code"], down["contact"]) == ("CAF_UNAVAILABLE", "portail.familles@chavagne.fr")
    portal.http.delete("/simulators/caf/control").raise_for_status()
    monsieur.do("quotientFetch", "quotient { euros }", **birth)
    assert quotients(monsieur) == {
        "euros": 480,
        "mayDeclare": False,
        "fundConsent": {"version": "1", "isGranted": True},
        "history": [{"euros": 480, "month": "2026-10", "source": "CAF", "state": "ACCEPTED"}, BEFORE],
    }
