"""Hostile values in well-formed requests: each gets a clear code and a French sentence, and changes not one row."""

from typing import Any

import pytest

from tests.journeys.conftest import Start, Target
from tests.journeys.portal import Visitor, eventually, identifier, mutation
from tests.journeys.questions import codes
from tests.journeys.tables import unchanged

LONG = "x" * 900_000
DAY = "2026-10-12"
CHILD, ADULT, INVOICE = "<child>", "<adult>", "<invoice>"  # replaced by the identifiers of the running portal

Values = dict[str, Any]
Case = tuple[str, Values, str]


def booked(**changes: Any) -> Values:
    """A meal on a Monday, with something wrong in the selection."""
    selection = {"childId": CHILD, "activity": "restauration", "ticks": [{"day": DAY, "units": ["repas"]}]}
    return {"firstDay": DAY, "lastDay": DAY, "selections": [{**selection, **changes}]}


def window(first: str, last: str) -> Values:
    """A wanted set of nothing, for these days."""
    return {**booked(ticks=[]), "firstDay": first, "lastDay": last}


def ticked(day: str, *units: str) -> Values:
    """These units of one day."""
    return {**booked(ticks=[{"day": day, "units": list(units)}]), "firstDay": day, "lastDay": day}


BOOKINGS: dict[str, tuple[Values, str]] = {
    "no selection": ({**booked(), "selections": []}, "BLANK"),
    "an unknown child": (booked(childId=identifier("Child")), "NOT_FOUND"),
    "an adult": (booked(childId=ADULT), "NOT_FOUND"),
    "an adult dressed as a child": (booked(childId="<adult as child>"), "NOT_FOUND"),
    "no identifier": (booked(childId=""), "NOT_FOUND"),
    "a child's name": (booked(childId="Enfant1"), "NOT_FOUND"),
    "an endless identifier": (booked(childId=LONG), "NOT_FOUND"),
    "an unknown activity": (booked(activity="piscine"), "NOT_FOUND"),
    "an endless activity": (booked(activity=LONG), "NOT_FOUND"),
    "an unknown unit": (ticked(DAY, "petit-dejeuner"), "NOT_FOUND"),
    "a unit of another activity": (ticked(DAY, "garderie-soir"), "NOT_FOUND"),
    "a NUL in a unit": (ticked(DAY, "repas\0"), "BAD_USER_INPUT"),
    "a past day": (ticked("2026-10-02", "repas"), "PAST_DAY"),
    "a past day to give back": (window("2026-09-28", "2026-09-28"), "PAST_DAY"),
    "a Sunday": (ticked("2026-10-11", "repas"), "CLOSED_DAY"),
    "too late": (ticked("2026-10-06", "repas"), "TOO_LATE"),
    "past the calendar": (ticked("2031-10-06", "repas"), "NOT_FOUND"),
    "a day outside the window": ({**ticked("2026-10-13", "repas"), "firstDay": DAY, "lastDay": DAY}, "INVALID"),
    "the first day there is": (ticked("0001-01-01", "repas"), "INVALID"),
    "the last day there is": (ticked("9999-12-31", "repas"), "INVALID"),
    "all the days there are": (window("0001-01-01", "9999-12-31"), "INVALID"),
    "402 days": (window("2026-10-12", "2027-11-17"), "INVALID"),
    "a window backwards": (window("2026-10-12", "2026-10-11"), "INVALID"),
    "a day that does not exist": (window("2026-02-30", "2026-02-30"), "BAD_USER_INPUT"),
    "a day in words": (window("hier", "demain"), "BAD_USER_INPUT"),
    "a day with a time": (window("2026-10-12T00:00:00Z", DAY), "BAD_USER_INPUT"),
    "a number for a day": ({**booked(), "firstDay": 20261012}, "BAD_USER_INPUT"),
    "the same selection twice": ({**booked(), "selections": booked()["selections"] * 2}, "INVALID"),
    "6,000 ticks": (ticked(DAY, *["repas"] * 6000), "INVALID"),
    "5,000 selections": ({**booked(), "selections": booked()["selections"] * 5000}, "INVALID"),
    "an unknown key": ({**booked(), "price": 0}, "BAD_USER_INPUT"),
}

FILE = {"childId": CHILD, "schoolYear": "2026-2027", "version": 0}

FAMILY: dict[str, Case] = {
    "an endless telephone": ("personUpdate", {"id": ADULT, "phone": LONG}, "INVALID"),
    "an endless street": ("personUpdate", {"id": ADULT, "street": "x" * 10_000}, "INVALID"),
    "a NUL in a telephone": ("personUpdate", {"id": ADULT, "phone": "06\0"}, "BAD_USER_INPUT"),
    "nobody": ("personUpdate", {"id": identifier("Person"), "phone": "06"}, "NOT_FOUND"),
    "an invoice for a person": ("personUpdate", {"id": INVOICE, "phone": "06"}, "NOT_FOUND"),
    "a file of nobody": ("dossierSave", {**FILE, "childId": identifier("Child")}, "NOT_FOUND"),
    "a school year in words": ("dossierSave", {**FILE, "schoolYear": "bientôt"}, "INVALID"),
    "a school year of two": ("dossierSave", {**FILE, "schoolYear": "2026-2028"}, "INVALID"),
    "the first school year": ("dossierSave", {**FILE, "schoolYear": "0001-0002"}, "INVALID"),
    "a negative school year": ("dossierSave", {**FILE, "schoolYear": "-001-0000"}, "INVALID"),
    "a file that nobody filled": (
        "dossierSubmit",
        {"childId": CHILD, "schoolYear": "2026-2027", "attests": True},
        "DOSSIER_INCOMPLETE",
    ),
    "an unknown question": ("dossierSave", {**FILE, "answers": [{"question": LONG, "value": "x"}]}, "NOT_FOUND"),
    "a version out of nowhere": (
        "dossierSave",
        {**FILE, "version": 2**31 - 1, "consents": [{"code": "photo-video", "granted": True}]},
        "CONFLICT",
    ),
    "a version that is no number": ("dossierSave", {**FILE, "version": "1"}, "BAD_USER_INPUT"),
    "a file of nobody given up": ("dossierCancel", {"id": identifier("Dossier")}, "NOT_FOUND"),
    "an unknown consent": (
        "dossierSave",
        {**FILE, "consents": [{"code": LONG, "granted": True}]},
        "NOT_FOUND",
    ),
    "an enrolment in nothing": (
        "enrolmentCreate",
        {"childId": CHILD, "activity": "piscine", "schoolYear": "2026-2027"},
        "NOT_FOUND",
    ),
    "an enrolment past the calendar": (
        "enrolmentCreate",
        {"childId": CHILD, "activity": "alsh-vacances", "schoolYear": "2035-2036"},
        "NOT_FOUND",
    ),
    "no invoice": ("paymentStart", {"invoiceIds": [], "route": "payfip"}, "NOT_FOUND"),
    "an unknown invoice": ("paymentStart", {"invoiceIds": [identifier("Invoice")], "route": "payfip"}, "NOT_FOUND"),
    "a child for an invoice": ("paymentStart", {"invoiceIds": [CHILD], "route": "payfip"}, "NOT_FOUND"),
    "10,000 invoices": ("paymentStart", {"invoiceIds": [INVOICE] * 10_000, "route": "payfip"}, "NOT_FOUND"),
    "an unknown route": ("paymentStart", {"invoiceIds": [INVOICE], "route": LONG}, "PAYMENT_ROUTE_UNAVAILABLE"),
    "an empty key": (
        "paymentStart",
        {"invoiceIds": [INVOICE], "route": "payfip", "idempotencyKey": ""},
        "INVALID",
    ),
    "an endless key": (
        "paymentStart",
        {"invoiceIds": [INVOICE], "route": "payfip", "idempotencyKey": LONG},
        "INVALID",
    ),
    "an unknown payment": ("paymentRefresh", {"id": identifier("Payment")}, "NOT_FOUND"),
    "another's session": ("sessionRevoke", {"id": identifier("Session")}, "NOT_FOUND"),
    "an unknown version": ("termsAccept", {"version": LONG}, "TERMS_OUTDATED"),
    "a wrong current password": (
        "passwordChange",
        {"currentPassword": LONG, "newPassword": "Chavagne2026"},
        "CREDENTIALS_INVALID",
    ),
    "a weak password": (
        "passwordChange",
        {"currentPassword": "Demonstration2026", "newPassword": "x"},
        "PASSWORD_TOO_WEAK",
    ),
    "an endless password": (
        "passwordChange",
        {"currentPassword": "Demonstration2026", "newPassword": "aA1" + LONG},
        "PASSWORD_TOO_WEAK",
    ),
    "the same password": (
        "passwordChange",
        {"currentPassword": "Demonstration2026", "newPassword": "Demonstration2026"},
        "PASSWORD_UNCHANGED",
    ),
    "an agent's work": ("invoiceRunStart", {"day": "2026-09-01"}, "FORBIDDEN"),
}

RETURNS = ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/\r\nSet-Cookie: a=b", "/" + LONG]

AGENT: dict[str, Case] = {
    "a month to come": ("invoiceRunStart", {"day": "2026-11-01"}, "INVALID"),
    "a day of no calendar": ("invoiceRunStart", {"day": "0001-01-01"}, "INVALID"),
    "a day past all calendars": ("invoiceRunStart", {"day": "9999-12-31"}, "INVALID"),
    "the invoices of no service": ("invoiceRunStart", {"day": "2026-08-01", "services": [LONG]}, "NOT_FOUND"),
    "the invoices of nobody": ("invoiceRunStart", {"day": "2026-08-01", "householdIds": [LONG]}, "NOT_FOUND"),
    "a run of nowhere": ("invoiceRunIssue", {"runId": LONG}, "NOT_FOUND"),
    "attendance to come": (
        "attendanceRecord",
        {"rest": {"firstDay": "2026-10-01", "lastDay": "2026-12-01"}},
        "INVALID",
    ),
    "attendance of all times": (
        "attendanceRecord",
        {"rest": {"firstDay": "0001-01-01", "lastDay": "2026-10-01"}},
        "INVALID",
    ),
    "2,001 entries": (
        "attendanceRecord",
        {"entries": [{"childId": CHILD, "activity": "a", "unit": "b", "day": DAY, "presence": "PRESENT"}] * 2001},
        "INVALID",
    ),
    "an unknown child": (
        "attendanceRecord",
        {
            "entries": [
                {
                    "childId": identifier("Child"),
                    "activity": "restauration",
                    "unit": "repas",
                    "day": "2026-10-01",
                    "presence": "UNEXPECTED",
                }
            ]
        },
        "NOT_FOUND",
    ),
    "an adult who eats": (
        "attendanceRecord",
        {
            "entries": [
                {
                    "childId": "<adult as child>",
                    "activity": "restauration",
                    "unit": "repas",
                    "day": "2026-10-01",
                    "presence": "UNEXPECTED",
                }
            ]
        },
        "NOT_FOUND",
    ),
    "an unknown file": ("dossierDecide", {"id": identifier("Dossier"), "accept": True}, "NOT_FOUND"),
    "nobody to invite": ("accountInvite", {"personId": identifier("Person")}, "NOT_FOUND"),
    "a child to invite": ("accountInvite", {"personId": CHILD}, "NOT_FOUND"),
    "who is already here": ("accountInvite", {"personId": "<active adult>"}, "STATE_CONFLICT"),
    "an endless title": ("articlePublish", {"title": LONG, "body": "x"}, "INVALID"),
    "no title": ("articlePublish", {"title": "  ", "body": "x"}, "BLANK"),
    "an endless article": ("articlePublish", {"title": "x", "body": LONG}, "INVALID"),
    "an unknown effect": ("effectRetry", {"id": identifier("StuckEffect")}, "NOT_FOUND"),
    "a family's work": ("personUpdate", {"id": ADULT, "phone": "06"}, "FORBIDDEN"),
}


def codes_told(visitor: Visitor, name: str, values: Values) -> set[str]:
    """The codes of the refusals of a mutation, wherever they are told; each has a sentence."""
    answer = visitor.post(mutation(name), {"input": values})
    assert answer.status_code == 200
    body = answer.json()
    refusals = [] if body.get("data") is None else body["data"][name]["userErrors"]
    told = [*refusals, *({**error["extensions"], **error} for error in body.get("errors", []))]
    assert all(0 < len(each["message"]) <= 600 for each in told)
    return codes(told)


def filled(target: Target, value: Any) -> Any:
    """The value with the placeholders replaced by the identifiers of the running portal."""
    if isinstance(value, dict):
        return {name: filled(target, each) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(target, each) for each in value]
    return target.identifiers.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", BOOKINGS)
def test_a_hostile_wanted_set_is_refused_by_preview_and_commit_alike(target: Target, name: str) -> None:
    values, code = BOOKINGS[name]
    values = filled(target, values)
    with unchanged(target.directory):
        assert codes_told(target.parent, "bookingsCommit", values) == {code}
        plan = target.parent.post(mutation("bookingsPreview", "plan { units { verdict } }"), {"input": values}).json()
    payload = (plan.get("data") or {}).get("bookingsPreview")
    said = codes(payload["userErrors"]) if payload else {error["extensions"]["code"] for error in plan["errors"]}
    if payload and payload["plan"]:
        said |= {unit["verdict"] for unit in payload["plan"]["units"]}
    assert said == {code}


@pytest.mark.parametrize("name", FAMILY)
def test_a_hostile_value_of_a_family_is_refused(target: Target, name: str) -> None:
    what, values, code = FAMILY[name]
    with unchanged(target.directory, "sign_in_failure"):  # a password typed wrong in a session is counted
        assert codes_told(target.parent, what, filled(target, values)) == {code}


@pytest.mark.parametrize("name", AGENT)
def test_a_hostile_value_of_an_agent_is_refused(target: Target, name: str) -> None:
    what, values, code = AGENT[name]
    with unchanged(target.directory):
        assert codes_told(target.agent, what, filled(target, values)) == {code}


@pytest.mark.parametrize("path", RETURNS, ids=lambda path: repr(path)[:20])
def test_the_bank_never_sends_anybody_to_another_site(target: Target, path: str) -> None:
    values = {"invoiceIds": [target.invoice["id"]], "route": "payfip", "returnTo": path}
    with unchanged(target.directory):
        assert codes_told(target.parent, "paymentStart", values) == {"INVALID"}


@pytest.mark.parametrize(
    "arguments",
    ["first: -1", "first: 0", "first: 101", "first: 2147483648", 'after: "zz"', 'after: ""', f'after: "{"A" * 9000}"'],
)
@pytest.mark.parametrize("connection", ["news", "viewer.households.invoices"])
def test_a_page_that_is_none_is_refused(target: Target, connection: str, arguments: str) -> None:
    *path, field = connection.split(".")
    query = "".join(f"{{ {name} " for name in path) + f"{{ {field}({arguments}) {{ totalCount }} }}" + "}" * len(path)
    with unchanged(target.directory):
        answer = target.parent.post(query)
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} <= {
        "BAD_USER_INPUT",
        "GRAPHQL_VALIDATION_FAILED",
    }


@pytest.mark.parametrize("kind", ["Child", "Invoice", "Payment", "Session", "Nothing", ""])
def test_identifiers_of_nothing_are_null(target: Target, kind: str) -> None:
    ids = [identifier(kind), identifier(kind, "1"), identifier(kind, "é"), "", "%00", "é", LONG[:50_000]]
    asked = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    with unchanged(target.directory):
        assert target.parent.ask(asked, ids=ids) == {"nodes": [None] * len(ids)}
        error = target.parent.refused_at_the_door(asked, ids=["x"] * 101)
    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "MAX_COST_EXCEEDED")


def test_a_link_opens_once_and_not_after_its_time(start: Start) -> None:
    portal = start("2026-10-05T09:00:00+02:00")
    visitor = portal.visitor("chavagne")
    login, _ = visitor.activate("madame.test@example.org")
    token = portal.mail("madame.test@example.org", "activez").found(r"token=(\S+)")
    for wrong in (token, token[:-1], "", LONG):
        assert codes(visitor.refusals("accountActivate", token=wrong)) == {"LINK_INVALID"}

    told = visitor.do("passwordResetRequest", "message", identifier=login)
    assert told == visitor.do("passwordResetRequest", "message", identifier="nobody")
    link = portal.mail("madame.test@example.org", "nouveau mot de passe").found(r"token=(\S+)")
    weak = visitor.refusals("passwordReset", token=link, newPassword="x")
    assert codes(weak) == {"PASSWORD_TOO_WEAK"}
    crossed = visitor.refusals("accountActivate", token=link)
    assert codes(crossed) == {"LINK_INVALID"}
    portal.move_clock("2026-10-05T12:00:00+02:00")
    late = visitor.refusals("passwordReset", token=link, newPassword="Chavagne2026")
    assert codes(late) == {"LINK_INVALID"}


def test_an_expired_activation_is_sent_again_by_who_forgot_the_password(start: Start) -> None:
    portal = start("2026-10-05T09:00:00+02:00")
    visitor = portal.visitor("chavagne")
    token = portal.mail("madame.test@example.org", "activez").found(r"token=(\S+)")
    portal.move_clock("2026-10-13T09:00:00+02:00")
    (expired,) = visitor.refusals("accountActivate", token=token)
    assert (expired["code"], expired["contact"]) == ("LINK_INVALID", "portail.familles@chavagne.fr")
    visitor.do("passwordResetRequest", "message", identifier="madame.test@example.org")
    eventually("a second mail", lambda: len(portal.mails("madame.test@example.org", "activez")) == 2 or None)
    login, generated = visitor.activate("madame.test@example.org")
    assert visitor.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
