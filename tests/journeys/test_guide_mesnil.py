"""The guide of Le Mesnil-Saint-Denis, replayed: activities and rhythms, particulars, quotient, vault, requests."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.debits import POST
from tests.journeys.conftest import Start
from tests.journeys.debits import accept, join, sign
from tests.journeys.filing import send_document
from tests.journeys.guides.steps import covers, every_step_of
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import (
    PLAN,
    RECEIPT,
    accept_terms,
    change_email,
    check_and_issue,
    month,
    order,
    pay_by_card,
    selection,
    units,
)

MAMAN, ELSEWHERE = "maman.test@example.org", "maman.testbis@example.org"
AGENT = "agent@mesnil.example"
MAILBOX = "enfance-education@lemesnilsaintdenis.fr"
CHOSEN = "Mesnil-2026-78"

SEPTEMBER, NOVEMBER = month(2026, 9), month(2026, 11)
CLASS_DAYS = [date(2026, 11, day) for day in (3, 5, 6, 9, 10, 12, 13)]
WEDNESDAYS = [date(2026, 11, day) for day in (4, 18)]
CHRISTMAS = [date(2026, 12, 21), date(2026, 12, 22)]
MONDAY = date(2026, 11, 2)
YEAR_END = date(2027, 7, 2)
REQUESTS = """{ viewer { households { requests { nodes {
  id number kind title stateLabel history { documentIds text }
} } } } }"""
QUOTIENTS = "{ viewer { households { quotients { euros history { euros source state } } } } }"


@pytest.mark.database
def test_the_guide_of_le_mesnil_is_replayed(start: Start) -> None:
    with every_step_of(__name__):
        portal = start("2026-10-05T09:00:00+02:00")
        maman = choose_a_password(*follow_the_mail(portal))
        members(maman)
        steps_of_a_request(maman)
        enrol_and_book(portal, maman)
        tick_and_untick(maman)
        at_a_rhythm(maman)
        justify_an_absence(portal, maman)
        declare_the_quotient(portal, maman, store_in_the_vault(maman))
        change_telephone_and_address(maman)
        tell_a_new_situation(portal, maman)
        add_a_child(portal, maman)
        past_requests(maman)
        pay(portal, maman)
        join_direct_debit(portal, maman)
        change_the_address_of_the_account(portal, maman)


@covers("mesnil-1", "mesnil-2")
def follow_the_mail(portal: Portal) -> tuple[Visitor, str, str]:
    """The mail holds the login, the password and the link."""
    maman = portal.visitor("mesnil")
    return maman, *maman.activate(MAMAN)


@covers("mesnil-3", "mesnil-4")
def choose_a_password(maman: Visitor, login: str, generated: str) -> Visitor:
    """What the mail says signs in, and a new password takes its place."""
    assert maman.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
    maman.do("passwordChange", currentPassword=generated, newPassword=CHOSEN)
    accept_terms(maman)
    return maman


@covers("mesnil-20", "mesnil-21")
def members(maman: Visitor) -> None:
    """Every member of the family; behind the child, the agenda of its activities: each day says if it is booked."""
    household = maman.household()
    assert [adult["firstName"] for adult in household["adults"]] == ["Parent", "Maman"]
    query = """query($childIds: [ID!]) { viewer { households {
      agenda(firstDay: "2026-09-01", lastDay: "2026-09-30", childIds: $childIds) { units { child unit booked } }
    } } }"""
    (home,) = maman.ask(query, childIds=[household["children"]["Enfant"]])["viewer"]["households"]
    meals = [unit["booked"] for unit in home["agenda"]["units"] if unit["unit"] == "repas"]
    assert meals and all(meals)  # the demonstration booked the meals of last month


@covers("mesnil-23", "mesnil-24", "mesnil-30")
def steps_of_a_request(maman: Visitor) -> None:
    """Before it begins, each activity says its rules in French; for the rest there is a mailbox to write to."""
    shown = maman.ask("{ activities { code bookingRules } commune { services { mailbox } } }")
    rules = {activity["code"]: activity["bookingRules"] for activity in shown["activities"]}
    assert list(rules) == ["cantine", "etude", "periscolaire", "mercredi", "vacances"] and all(rules.values())
    assert shown["commune"]["services"] == [{"mailbox": MAILBOX}]


@covers("mesnil-5", "mesnil-22", "mesnil-27", "mesnil-28")
def enrol_and_book(portal: Portal, maman: Visitor) -> None:
    """The holidays are enrolled in, then days of all five activities are checked, validated and confirmed by mail."""
    child = maman.household()["children"]["Enfant"]
    maman.do("enrolmentCreate", "enrolment { id }", childId=child, activity="vacances", schoolYear="2026-2027")
    wanted = order(
        NOVEMBER + month(2026, 12),
        [
            selection(child, "cantine", {"repas": CLASS_DAYS}),
            selection(child, "etude", {"etude": CLASS_DAYS}),
            selection(child, "periscolaire", {"matin": CLASS_DAYS, "soir": CLASS_DAYS[:1]}),
            selection(child, "mercredi", {"journee": WEDNESDAYS}),
            selection(child, "vacances", {"journee": CHRISTMAS}),
        ],
    )
    plan = maman.do("bookingsPreview", PLAN, **wanted)["plan"]
    # 7 meals at 3.90, 7 studies at 2.80, 7 mornings at 1.90, an evening at 3.10, 4 whole days at 12.40.
    assert (plan["changeCount"], plan["refusedCount"], plan["change"]) == (26, 0, {"amount": "112.90"})
    receipt = maman.do("bookingsCommit", RECEIPT, **wanted)["receipt"]
    assert portal.mail(MAMAN, f"n° {receipt['reference']}").text.count("- Réservé : Enfant") == 26


@covers("mesnil-15", "mesnil-25")
def tick_and_untick(maman: Visitor) -> None:
    """One meal is unticked, another one ticked, in one go."""
    child, days = maman.household()["children"]["Enfant"], [*CLASS_DAYS[1:], date(2026, 11, 16)]
    wanted = order(NOVEMBER, [selection(child, "cantine", {"repas": days})])
    changes = maman.do("bookingsCommit", RECEIPT, **wanted)["receipt"]["changes"]
    assert {(change["kind"], change["day"]) for change in changes} == {
        ("CANCELLED", "2026-11-03"),
        ("BOOKED", "2026-11-16"),
    }


@covers("mesnil-26")
def at_a_rhythm(maman: Visitor) -> None:
    """Every day, three days, two days, one week in two or in three; then the whole year is booked at once."""
    child = maman.household()["children"]["Enfant"]
    for rhythm, weekdays, weeks in (
        ({}, {1, 2, 4, 5}, 1),
        ({"weekdays": [1, 2, 4]}, {1, 2, 4}, 1),
        ({"weekdays": [1, 5]}, {1, 5}, 1),
        ({"oneWeekIn": 2}, {1, 2, 4, 5}, 2),
        ({"oneWeekIn": 3, "weekdays": [2]}, {2}, 3),
    ):
        plan = maman.do("bookingsPreview", PLAN, **repeated(child, MONDAY, **rhythm))["plan"]
        days = [date.fromisoformat(unit["day"]) for unit in units(plan, wanted=True, booked=False)]
        assert {day.isoweekday() for day in days} == weekdays
        assert {(day - MONDAY) // timedelta(weeks=1) % weeks for day in days} == {0}
        assert plan["refusedCount"] == 0
    done = maman.do("bookingsCommit", RECEIPT, **repeated(child, MONDAY))["receipt"]
    assert {change["day"][:7] for change in done["changes"]} >= {"2026-11", "2027-06"}


def repeated(child: str, first: date, **rhythm: Any) -> dict[str, Any]:
    """Evenings of the rest of the school year, at a rhythm."""
    wanted = {"childId": child, "activity": "periscolaire", "rhythms": [{"units": ["soir"], **rhythm}]}
    return {"firstDay": first.isoformat(), "lastDay": YEAR_END.isoformat(), "selections": [{**wanted, "keep": True}]}


@covers("mesnil-6")
def justify_an_absence(portal: Portal, maman: Visitor) -> None:
    """Told before the eve at noon, nothing stays due: the day is taken back, and a request says so."""
    child = maman.household()["children"]["Enfant"]
    told = {"childId": child, "firstDay": "2026-12-21", "lastDay": "2026-12-21"}
    units_told = "units { unit percentDue cancelled }"
    plan = maman.do("absencePreview", f"plan {{ {units_told} }}", **told)["plan"]
    assert plan["units"] == [{"unit": "journee", "percentDue": 0, "cancelled": True}]
    assert maman.do("absenceReport", f"absence {{ {units_told} }}", **told)["absence"]["units"] == plan["units"]
    request, *_ = maman.ask(REQUESTS)["viewer"]["households"][0]["requests"]["nodes"]
    assert request["kind"] == "ABSENCE"
    portal.mail(MAMAN, request["number"])


@covers("mesnil-12")
def store_in_the_vault(maman: Visitor) -> list[str]:
    """The family record book and a tax notice are stored once, for every procedure."""
    child = maman.household()["children"]["Enfant"]
    sent = [send_document(maman, code, child, code) for code in ("livret-famille", "avis-imposition")]
    (home,) = maman.ask("{ viewer { households { documents { nodes { id } } } } }")["viewer"]["households"]
    assert {document["id"] for document in home["documents"]["nodes"]} == set(sent)
    return sent


@covers("mesnil-8", "mesnil-13", "mesnil-19")
def declare_the_quotient(portal: Portal, maman: Visitor, documents: list[str]) -> None:
    """Declared with a document of the vault, refused with a reason, declared again and accepted."""
    agent, household = portal.signed_in("mesnil", AGENT), maman.household()["id"]
    for euros, is_accepted in ((9800, False), (980, True)):
        declared = {"householdId": household, "euros": euros, "month": "2026-10", "documentIds": documents[1:]}
        request = maman.do("quotientDeclare", "quotient { request }", **declared)["quotient"]["request"]
        agent.do("requestDecide", id=request, accept=is_accepted, text="" if is_accepted else "Vérifiez le montant.")
    (home,) = maman.ask(QUOTIENTS)["viewer"]["households"]
    assert (home["quotients"]["euros"], home["quotients"]["history"]) == (
        980,
        [
            {"euros": 980, "source": "DECLARED", "state": "ACCEPTED"},
            {"euros": 9800, "source": "DECLARED", "state": "REFUSED"},
            {"euros": 1200, "source": "AGENT", "state": "ACCEPTED"},
        ],
    )
    latest = maman.ask(REQUESTS)["viewer"]["households"][0]["requests"]["nodes"][0]
    assert latest["history"][0]["documentIds"] == documents[1:]


@covers("mesnil-16")
def change_telephone_and_address(maman: Visitor) -> None:
    """Both change at once."""
    herself = maman.household()["adults"][1]["id"]
    moved = {"phone": "06 01 02 03 04", "street": "8 rue de l'Exemple", "postcode": "78320"}
    maman.do("personUpdate", "updatedAt", id=herself, **moved)
    (home,) = maman.ask("{ viewer { households { adults { phone street postcode } } } }")["viewer"]["households"]
    assert home["adults"][1] == moved


@covers("mesnil-9")
def tell_a_new_situation(portal: Portal, maman: Visitor) -> None:
    """What no form asks is told to the service, which answers."""
    told = {"householdId": maman.household()["id"], "service": "enfance-education", "text": "J'ai repris le travail."}
    request = maman.do("requestCreate", "request { id number }", **told)["request"]
    portal.signed_in("mesnil", AGENT).do("requestDecide", id=request["id"], accept=True, text="C'est noté.")
    portal.mail(MAMAN, f"{request['number']} : Traitée positivement")


@covers("mesnil-29")
def add_a_child(portal: Portal, maman: Visitor) -> None:
    """Another child is in the family once an agent agrees."""
    new = {"firstName": "Petit", "lastName": "TEST", "birthDate": "2023-05-06"}
    asked = maman.do("childCreate", "request { id }", householdId=maman.household()["id"], **new)["request"]
    assert list(maman.household()["children"]) == ["Enfant"]
    portal.signed_in("mesnil", AGENT).do("requestDecide", id=asked["id"], accept=True)
    assert sorted(maman.household()["children"]) == ["Enfant", "Petit"]


@covers("mesnil-11", "mesnil-14")
def past_requests(maman: Visitor) -> None:
    """Everything that was asked, the latest first, with where it stands."""
    nodes = maman.ask(REQUESTS)["viewer"]["households"][0]["requests"]["nodes"]
    assert [(request["kind"], request["stateLabel"]) for request in nodes][:4] == [
        ("CHILD", "Traitée positivement"),
        ("OTHER", "Traitée positivement"),
        ("QUOTIENT", "Traitée positivement"),
        ("QUOTIENT", "Traitée négativement"),
    ]


@covers("mesnil-7")
def pay(portal: Portal, maman: Visitor) -> None:
    """The invoice of September comes by mail, and is paid online."""
    check_and_issue(portal.signed_in("mesnil", AGENT), SEPTEMBER)
    (invoice,) = maman.invoices()
    assert invoice["number"] in portal.mail(MAMAN, "Votre facture").subject
    pay_by_card(maman, invoice, "payfip")
    assert maman.invoices()[0]["status"] == "PAID"


@covers("mesnil-10", "mesnil-18")
def join_direct_debit(portal: Portal, maman: Visitor) -> None:
    """An account and the conditions, a mandate to sign, an agent who accepts it: the next invoices are collected."""
    mandate = join(maman, POST)
    sign(portal, maman, MAMAN, mandate, "2026-10-05")
    held = accept(portal.signed_in("mesnil", AGENT), mandate)
    assert (held["rum"], held["account"], held["activeFrom"]) == (
        "MSD-2026-000001",
        "FR14 •••• •••• 2606",
        "2026-10-06",
    )
    told = portal.mail(MAMAN, "Votre prélèvement automatique est en place").text
    assert "vos factures émises à partir du mardi 6 octobre 2026 seront prélevées" in " ".join(told.split())


@covers("mesnil-17")
def change_the_address_of_the_account(portal: Portal, maman: Visitor) -> None:
    """The e-mail signs in: it changes once both mailboxes agree."""
    change_email(portal, maman, MAMAN, ELSEWHERE, CHOSEN)
