"""What the journeys ask again and again, and how they read the answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tests.journeys.portal import Portal, Visitor

Selection = dict[str, Any]

PLAN = """plan { changeCount refusedCount change { amount } holidays { label firstDay lastDay } units {
  child activity unit day dayKind booked wanted verdict reason until contact
  price { total { amount } lines { label amount { amount } } } bookUntil { at rule } cancelUntil { at rule }
} }"""

RECEIPT = "receipt { id reference change { amount } changes { activity unit day kind rule price { amount } } }"

RUN = "run { id draftCount total { amount } isComplete uncheckedCount: problemCount(trouble: UNCHECKED) }"


def month(year: int, number: int) -> list[date]:
    """Every day of a month."""
    first = date(year, number, 1)
    days = (first + timedelta(days=offset) for offset in range(31))
    return [day for day in days if day.month == number]


def selection(child: str, activity: str, ticks: Mapping[str, Iterable[date]]) -> Selection:
    """The wanted set of a child in an activity: the days of each unit."""
    wanted: dict[date, list[str]] = {}
    for unit, days in ticks.items():
        for day in days:
            wanted.setdefault(day, []).append(unit)
    return {
        "childId": child,
        "activity": activity,
        "ticks": [{"day": day.isoformat(), "units": units} for day, units in sorted(wanted.items())],
    }


def order(days: list[date], selections: list[Selection]) -> dict[str, Any]:
    """What ``bookingsPreview`` and ``bookingsCommit`` take: a wanted set for these days."""
    return {"firstDay": days[0].isoformat(), "lastDay": days[-1].isoformat(), "selections": selections}


def verdicts(plan: Mapping[str, Any], **facts: object) -> dict[str, int]:
    """How many units of a plan got each verdict; only those with these facts (``activity="restauration"``)."""
    return dict(Counter(unit["verdict"] for unit in units(plan, **facts)))


def units(plan: Mapping[str, Any], **facts: object) -> list[dict[str, Any]]:
    """The units of a plan with these facts."""
    return [unit for unit in plan["units"] if all(unit[name] == value for name, value in facts.items())]


def codes(refusals: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes of some refusals."""
    return {refusal["code"] for refusal in refusals}


def check_and_issue(agent: Visitor, days: list[date]) -> dict[str, Any]:
    """An agent finds every booked unit attended, prepares the month and issues it; returns the run that was issued."""
    whole_month = {"firstDay": days[0].isoformat(), "lastDay": days[-1].isoformat()}
    agent.do("attendanceRecord", "recordedCount", rest=whole_month)
    return issue(agent, days)


def issue(agent: Visitor, days: list[date]) -> dict[str, Any]:
    """An agent prepares a month and issues it; returns the run that was issued."""
    run: dict[str, Any] = agent.do("invoiceRunStart", RUN, day=days[0].isoformat())["run"]
    issued = agent.do("invoiceRunIssue", "run { isComplete issuedCount }", runId=run["id"])["run"]
    assert run["isComplete"] and issued == {"isComplete": True, "issuedCount": run["draftCount"]}
    return run


def start_payment(parent: Visitor, invoice: Mapping[str, Any], route: str) -> dict[str, Any]:
    """Open an online payment of an invoice."""
    wanted = {"invoiceIds": [invoice["id"]], "route": route}
    payment: dict[str, Any] = parent.do("paymentStart", "payment { id state redirectUrl }", **wanted)["payment"]
    assert payment["state"] == "RUNNING"
    return payment


def pay_by_card(parent: Visitor, invoice: Mapping[str, Any], route: str) -> None:
    """Pay an invoice at the bank and come back."""
    payment = start_payment(parent, invoice, route)
    arrived = parent.come_back(parent.press(payment["redirectUrl"], "P"))
    assert arrived.status_code == 303
    assert "Votre paiement a été accepté" in parent.http.get(arrived.headers["location"]).text


def invited_parent(portal: Portal, commune: str, email: str, password: str) -> Visitor:
    """A parent who follows the activation mail, chooses a password, accepts the terms, and has nothing left to do."""
    parent = portal.visitor(commune)
    login, generated = parent.activate(email)
    assert parent.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
    changed = parent.do("passwordChange", "steps", currentPassword=generated, newPassword=password)
    assert changed["steps"] == ["ACCEPT_TERMS"]
    accept_terms(parent)
    return parent


def accept_terms(parent: Visitor) -> None:
    """Read the current terms and accept them."""
    terms = parent.ask("{ commune { terms { version text } } }")["commune"]["terms"]
    assert terms["text"] != ""
    assert parent.do("termsAccept", "steps", version=terms["version"])["steps"] == []


def recover(portal: Portal, parent: Visitor, email: str, password: str) -> None:
    """« J'ai oublié mon mot de passe »: a link comes by mail, a weak password is refused, another one is chosen."""
    parent.do("passwordResetRequest", "message", identifier=email)
    token = portal.mail(email, "choisissez un nouveau mot de passe").carried()["token"]
    assert codes(parent.refusals("passwordReset", token=token, newPassword="court")) == {"PASSWORD_TOO_WEAK"}
    parent.do("passwordReset", "login", token=token, newPassword=password)
    assert codes(parent.refusals("passwordReset", token=token, newPassword=password)) == {"LINK_INVALID"}
    assert parent.sign_in(email, password) == []


def change_email(portal: Portal, parent: Visitor, former: str, new: str, password: str) -> None:
    """Ask for another address, with the password; both mailboxes confirm; only the new one signs in."""
    wrong = parent.refusals("emailChangeRequest", email=new, password="Pas-le-bon-2026")
    assert codes(wrong) == {"CREDENTIALS_INVALID"}
    parent.do("emailChangeRequest", "message", email=new, password=password)
    for address, done in ((former, False), (new, True)):
        token = portal.mail(address, "confirmez votre nouvelle adresse e-mail").carried()["token"]
        assert parent.do("emailChangeConfirm", "isDone", token=token)["isDone"] is done
    assert portal.visitor(parent.commune).sign_in(new, password) == []
    refused = portal.visitor(parent.commune).refusals("sessionOpen", identifier=former, password=password)
    assert codes(refused) == {"CREDENTIALS_INVALID"}
