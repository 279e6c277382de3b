"""The guide of Chavagne, replayed: the account, the file, October booked for two children, invoiced, and paid once."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.journeys.chavagne_adhesions import change_of_bank, collected_on_its_day, join_direct_debit
from tests.journeys.chavagne_family import (
    acknowledged,
    add_a_contact,
    authorise,
    board,
    download_the_sheets,
    enrol_a_third_child,
    fill_the_sheets,
    forgotten_password,
    from_any_device,
    read_the_guide,
    recapitulate,
    simulate_the_tariffs,
    who_has_no_account,
)
from tests.journeys.conftest import Start
from tests.journeys.filing import send_document
from tests.journeys.guides.steps import covers, every_step_of
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import (
    PLAN,
    RECEIPT,
    RUN,
    Selection,
    accept_terms,
    codes,
    issue,
    month,
    order,
    selection,
    start_payment,
    units,
    verdicts,
)

MADAME = "madame.test@example.org"
AGENT = "agent@chavagne.example"
CHOSEN = "Chavagne2026"

ABSENT = "units { day percentDue cancelled }"

OCTOBER = month(2026, 10)
CLASS_DAYS = [date(2026, 10, day) for day in (1, 2, 5, 6, 8, 9, 12, 13, 15, 16)]  # the holidays start on the 17th
WEDNESDAYS = [date(2026, 10, 7), date(2026, 10, 14)]
HOLIDAY_WEEK = [date(2026, 10, day) for day in (19, 20, 21, 22, 23)]


@pytest.mark.database
def test_the_guide_of_chavagne_is_replayed(start: Start) -> None:
    with every_step_of(__name__):
        portal = start("2026-09-14T09:00:00+02:00")
        read_the_guide(portal)
        simulate_the_tariffs(portal)
        who_has_no_account(portal)
        from_any_device(portal)
        activate_and_choose_a_password(portal)
        madame = forgotten_password(portal)
        add_a_contact(madame)
        fill_the_sheets(madame, download_the_sheets(madame))
        authorise(madame)
        recapitulate(madame)
        acknowledged(portal)
        board(portal, madame)
        children = madame.household()["children"]
        preview_every_day_of_october(madame, children)
        wanted = book_october(portal, madame, children)
        change_of_mind(portal, madame, wanted)
        enrol_a_third_child(portal, madame)
        last_requests(madame)
        justify_an_absence(portal, madame)
        too_late_on_friday_for_monday(portal, madame, wanted)
        bill_october(portal, children)
        invoice = download_the_invoice(portal)
        pay_once_however_it_is_told(portal, invoice)
        join_the_online_invoice(portal)
        join_direct_debit(portal)
        change_of_bank(portal)
        collected_on_its_day(portal)


@covers("chavagne-3", "chavagne-5")
def activate_and_choose_a_password(portal: Portal) -> Visitor:
    """The mailed password opens nothing but the two steps: its replacement, then the terms."""
    madame = portal.visitor("chavagne")
    login, generated = madame.activate(MADAME)
    assert login == "m.test"
    assert madame.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
    assert madame.ask("{ viewer { steps households { id } } }")["viewer"] == {
        "steps": ["CHANGE_PASSWORD", "ACCEPT_TERMS"],
        "households": [],
    }
    refused = {"code": "FORBIDDEN", "steps": ["CHANGE_PASSWORD", "ACCEPT_TERMS"]}
    assert told_to_finish(madame) == refused
    ticks = madame.do("passwordCheck", "checks { rule satisfied }", candidate="chavagne")["checks"]
    unmet = {tick["rule"] for tick in ticks if not tick["satisfied"]}
    assert unmet != set() and unmet <= {tick["rule"] for tick in ticks}
    weak = madame.refusals("passwordChange", currentPassword=generated, newPassword="chavagne")
    assert codes(weak) == {"PASSWORD_TOO_WEAK"}
    ticks = madame.do("passwordCheck", "checks { rule satisfied }", candidate=CHOSEN)["checks"]
    assert all(tick["satisfied"] for tick in ticks)
    changed = madame.do("passwordChange", "steps", currentPassword=generated, newPassword=CHOSEN)
    assert changed["steps"] == ["ACCEPT_TERMS"]
    assert told_to_finish(madame) == {"code": "FORBIDDEN", "steps": ["ACCEPT_TERMS"]}
    accept_terms(madame)
    assert "mot de passe" in portal.mail(MADAME, "votre mot de passe a été changé").text
    return madame


def told_to_finish(madame: Visitor) -> dict[str, Any]:
    """What booking answers while a step is left."""
    error = madame.post(
        "mutation($input: BookingsPreviewInput!) { bookingsPreview(input: $input) { plan { changeCount } } }",
        {"input": order(OCTOBER, [])},
    ).json()["errors"][0]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@covers("chavagne-13", "chavagne-34", "chavagne-35")
def preview_every_day_of_october(madame: Visitor, children: dict[str, str]) -> None:
    """Every day ticked for the meal: each gets a verdict and a last instant, each open one a price."""
    everything = [selection(child, "restauration", {"repas": OCTOBER}) for child in children.values()]
    plan = madame.do("bookingsPreview", PLAN, **order(OCTOBER, everything))["plan"]
    assert verdicts(plan) == {"BOOKABLE": 20, "CLOSED_DAY": 42}
    assert [day["label"] for day in plan["holidays"]] != []
    closed = {unit["day"] for unit in units(plan, verdict="CLOSED_DAY")}
    assert closed == {day.isoformat() for day in OCTOBER if day not in CLASS_DAYS}
    assert {unit["dayKind"] for unit in units(plan, verdict="CLOSED_DAY")} == {"WEEKEND", "WEDNESDAY", "HOLIDAY"}
    assert all(unit["reason"] for unit in units(plan, verdict="CLOSED_DAY"))
    (monday,) = units(plan, child="Enfant1", day="2026-10-12")
    assert monday["price"]["total"] == {"amount": "3.60"}
    assert monday["bookUntil"]["at"] == monday["cancelUntil"]["at"] == "2026-10-08T21:59:59Z"  # Thursday, midnight
    assert all(unit["price"] and unit["bookUntil"]["at"] and unit["cancelUntil"]["at"] for unit in plan["units"])
    refused = madame.refusals("bookingsCommit", **order(OCTOBER, everything))
    assert codes(refused) == {"CLOSED_DAY"} and len(refused) == 42
    assert madame.do("bookingsPreview", PLAN, **order(OCTOBER, everything))["plan"] == plan


def october_for(children: dict[str, str]) -> list[Selection]:
    """The month of both children: Enfant1 also comes in the morning."""
    whole_day = {"matin": HOLIDAY_WEEK, "repas": HOLIDAY_WEEK, "apres-midi": HOLIDAY_WEEK}
    wanted = []
    for name, child in children.items():
        care: dict[str, Iterable[date]] = {"garderie-soir": CLASS_DAYS, "temps-des-lecons": CLASS_DAYS}
        if name == "Enfant1":
            care["garderie-matin"] = CLASS_DAYS
        wanted += [
            selection(child, "periscolaire", care),
            selection(child, "restauration", {"repas": CLASS_DAYS}),
            selection(child, "alsh-mercredi", {"repas": WEDNESDAYS, "apres-midi": WEDNESDAYS}),
            selection(child, "alsh-vacances", whole_day),
        ]
    return wanted


@covers("chavagne-36", "chavagne-37", "chavagne-38", "chavagne-39", "chavagne-40", "chavagne-41", "chavagne-49")
def book_october(portal: Portal, madame: Visitor, children: dict[str, str]) -> list[Selection]:
    """Preview and commit say the same; the confirmation lists every change; a second commit changes nothing."""
    (centre,) = [each for each in catalogue(madame) if each["code"] == "alsh-vacances"]
    assert centre["presets"] == [{"code": "journee", "units": ["matin", "repas", "apres-midi"]}]
    wanted = october_for(children)
    plan = madame.do("bookingsPreview", PLAN, **order(OCTOBER, wanted))["plan"]
    ticked = units(plan, wanted=True)
    assert {unit["verdict"] for unit in ticked} == {"BOOKABLE"}
    # Enfant1: 10 mornings, evenings, lessons and meals, 2 Wednesdays, 5 whole days; Enfant2: the same without mornings.
    assert len(ticked) == plan["changeCount"] == (40 + 4 + 15) + (30 + 4 + 15)
    assert plan["change"] == {"amount": "319.20"}
    assert (plan["refusedCount"], units(plan, wanted=False, verdict="FREE") != []) == (0, True)

    receipt = madame.do("bookingsCommit", RECEIPT, **order(OCTOBER, wanted))["receipt"]
    assert receipt["change"] == plan["change"]
    assert {change["kind"] for change in receipt["changes"]} == {"BOOKED"}
    done = {(change["activity"], change["unit"], change["day"]) for change in receipt["changes"]}
    assert done == {(unit["activity"], unit["unit"], unit["day"]) for unit in ticked}

    after = madame.do("bookingsPreview", PLAN, **order(OCTOBER, wanted))["plan"]
    assert (after["changeCount"], after["refusedCount"]) == (0, 0)
    assert {unit["verdict"] for unit in units(after, wanted=True)} == {"BOOKED"}
    prices = [(unit["day"], unit["unit"], unit["price"]) for unit in ticked]
    assert [(unit["day"], unit["unit"], unit["price"]) for unit in units(after, wanted=True)] == prices

    mail = portal.mail(MADAME, f"n° {receipt['reference']}")
    alike = {(unit["child"], unit["activity"], unit["unit"]) for unit in ticked}
    assert (mail.text.count("- Réservé : "), receipt["reference"] in mail.text) == (len(alike), True)
    assert (
        "- Réservé : Enfant2, Accueil de loisirs Vacances, Après-midi (5,20 €) : 5 jours du 19 au 23 octobre 2026, "
        in mail.text.replace("\u00a0", " ").replace("\u202f", " ")
    )
    assert madame.do("bookingsCommit", RECEIPT, **order(OCTOBER, wanted))["receipt"] is None
    return wanted


def catalogue(visitor: Visitor) -> list[dict[str, Any]]:
    """The activities of the current school year."""
    found: list[dict[str, Any]] = visitor.ask("{ activities { code presets { code units } } }")["activities"]
    return found


@covers("chavagne-47")
def change_of_mind(portal: Portal, madame: Visitor, wanted: list[Selection]) -> None:
    """Unticking cancels: Enfant2 skips the lessons of the last Friday."""
    without_lessons(wanted, "2026-10-16")
    plan = madame.do("bookingsPreview", PLAN, **order(OCTOBER, wanted))["plan"]
    (cancelled,) = units(plan, verdict="CANCELLABLE")
    assert (cancelled["child"], cancelled["unit"], cancelled["day"]) == ("Enfant2", "temps-des-lecons", "2026-10-16")
    receipt = madame.do("bookingsCommit", RECEIPT, **order(OCTOBER, wanted))["receipt"]
    assert receipt["change"] == {"amount": "-1.20"}
    assert [(change["kind"], change["day"]) for change in receipt["changes"]] == [("CANCELLED", "2026-10-16")]
    mail = portal.mail(MADAME, f"n° {receipt['reference']}")
    assert mail.text.count("- Annulé : Enfant2") == 1 and "- Réservé" not in mail.text


def without_lessons(wanted: list[Selection], day: str) -> None:
    """Untick Enfant2's lessons of a day."""
    periscolaire = [each for each in wanted if each["activity"] == "periscolaire"]
    (tick,) = [tick for tick in periscolaire[1]["ticks"] if tick["day"] == day]
    tick["units"].remove("temps-des-lecons")


@covers("chavagne-42", "chavagne-43", "chavagne-46")
def last_requests(madame: Visitor) -> None:
    """« Dernières demandes »: the latest ones first, then all of them, each with its number and where it stands."""
    query = """query($after: String) { viewer { households { requests(first: 2, after: $after) {
      nodes { number kind title stateLabel } totalCount pageInfo { hasNextPage endCursor } } } } }"""
    seen: list[dict[str, Any]] = []
    page = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        (household,) = madame.ask(query, after=page["endCursor"])["viewer"]["households"]
        page = household["requests"]["pageInfo"]
        seen += household["requests"]["nodes"]
    assert len(seen) == len({request["number"] for request in seen}) == household["requests"]["totalCount"]
    kinds = [request["kind"] for request in seen]
    assert kinds == ["ENROLMENT", "CHILD", "BOOKING", "BOOKING", "OTHER", "DOSSIER", "DOSSIER", "ENTOURAGE"]
    cancelled = ("Annulation Enfant2 : Accueil périscolaire, le 16 octobre 2026", "Traitée positivement")
    assert (seen[2]["title"], seen[2]["stateLabel"]) == cancelled


@covers("chavagne-14", "chavagne-45")
def justify_an_absence(portal: Portal, madame: Visitor) -> None:
    """Ill on two days of November, with a certificate: told in time, both meals are taken back, and nothing is due."""
    child, days = madame.household()["children"]["Enfant1"], [date(2026, 11, 3), date(2026, 11, 5)]
    madame.do("bookingsCommit", **order(days, [selection(child, "restauration", {"repas": days})]))
    told = {"childId": child, "firstDay": "2026-11-03", "lastDay": "2026-11-05"}
    plan = madame.do("absencePreview", f"plan {{ causes {{ label }} {ABSENT} }}", **told)["plan"]
    illness = plan["causes"][0]["label"]
    told |= {"cause": illness, "documentId": send_document(madame, "autre", child)}
    plan = madame.do("absencePreview", f"plan {{ {ABSENT} }}", **told)["plan"]
    assert [(unit["day"], unit["percentDue"], unit["cancelled"]) for unit in plan["units"]] == [
        ("2026-11-03", 0, True),
        ("2026-11-05", 0, True),
    ]
    assert madame.do("absenceReport", f"absence {{ {ABSENT} }}", **told)["absence"]["units"] == plan["units"]
    query = "{ viewer { households { requests(kind: ABSENCE) { nodes { number title stateLabel } } } } }"
    (home,) = madame.ask(query)["viewer"]["households"]
    (request,) = home["requests"]["nodes"]
    assert "Enfant1" in request["title"]
    portal.mail(MADAME, request["number"])


@covers("chavagne-48")
def too_late_on_friday_for_monday(portal: Portal, madame: Visitor, wanted: list[Selection]) -> None:
    """Meals of the week are settled on the Thursday before, at midnight; a cancellation after that changes nothing."""
    portal.move_clock("2026-10-09T00:00:00+02:00")
    assert madame.ask("{ viewer { login } }")["viewer"] is None  # the session ended long ago
    madame.sign_in(MADAME, CHOSEN)
    no_meal = [{**each, "ticks": []} if each["activity"] == "restauration" else each for each in wanted]
    monday = [date(2026, 10, 12)]
    meals = [each for each in no_meal if each["activity"] == "restauration"]
    refused = madame.refusals("bookingsCommit", **order(monday, meals))
    assert [(each["code"], each["until"]) for each in refused] == [("TOO_LATE", "2026-10-08T21:59:59Z")] * 2
    assert all("02 99 64 28 53" in each["message"] for each in refused)
    plan = madame.do("bookingsPreview", PLAN, **order(monday, meals))["plan"]
    assert [(unit["booked"], unit["verdict"]) for unit in plan["units"]] == [(True, "TOO_LATE")] * 2


def bill_october(portal: Portal, children: dict[str, str]) -> None:
    """Nothing is drafted before attendance is checked; then the month is issued and the parent mailed."""
    portal.move_clock("2026-11-03T09:00:00+01:00")
    agent = portal.visitor("chavagne")
    agent.use_bearer(AGENT, "Demonstration2026")
    run = agent.do("invoiceRunStart", RUN, day="2026-10-01")["run"]
    assert (run["draftCount"], run["uncheckedCount"]) == (0, 107)
    assert codes(agent.refusals("invoiceRunIssue", runId=run["id"])) == {"NOTHING_TO_INVOICE"}
    seen = [
        seen_at(children["Enfant1"], "restauration", "repas", "2026-10-05", "ABSENT_JUSTIFIED"),
        seen_at(children["Enfant2"], "periscolaire", "garderie-matin", "2026-10-06", "UNEXPECTED"),
    ]
    rest = {"firstDay": "2026-10-01", "lastDay": "2026-10-31"}
    checked = agent.do("attendanceRecord", "recordedCount", entries=seen, rest=rest)
    assert checked["recordedCount"] == 108
    run = issue(agent, OCTOBER)
    # 318.00 booked, less a meal excused (3.60), plus a morning that was not booked (1.60, half as much again).
    assert (run["draftCount"], run["uncheckedCount"], run["total"]) == (1, 0, {"amount": "316.80"})
    again = agent.do("invoiceRunStart", RUN, day="2026-10-31")["run"]
    assert codes(agent.refusals("invoiceRunIssue", runId=again["id"])) == {"NOTHING_TO_INVOICE"}
    excused = seen_at(children["Enfant1"], "restauration", "repas", "2026-10-06", "ABSENT_JUSTIFIED")
    locked = agent.refusals("attendanceRecord", entries=[excused])
    assert codes(locked) == {"ATTENDANCE_LOCKED"}
    mail = portal.mail(MADAME, "Votre facture 2026-ENF-000001")
    assert "octobre 2026" in mail.text and "316,80" in mail.text


def seen_at(child: str, activity: str, unit: str, day: str, presence: str) -> dict[str, str]:
    """What the agent saw of a child."""
    return {"childId": child, "activity": activity, "unit": unit, "day": day, "presence": presence}


@covers("chavagne-57")
def download_the_invoice(portal: Portal) -> dict[str, Any]:
    """The PDF says what the API says, line by line."""
    madame = portal.signed_in("chavagne", MADAME, CHOSEN)
    (invoice,) = madame.invoices()
    assert (invoice["status"], invoice["remaining"]) == ("UNPAID", {"amount": "316.80"})
    pdf = madame.http.get(invoice["pdfUrl"])
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages).split())
    assert invoice["number"] in text and "316,80" in text
    for line in invoice["lines"]:
        assert all(line[word] in text for word in ("child", "activity", "unit")), line
        assert line["total"]["amount"].replace(".", ",") in text, line
    assert [line["total"]["amount"] for line in invoice["lines"] if "Présence sans réservation" in line["detail"]] == [
        "2.40"
    ]
    assert portal.visitor("chavagne").http.get(invoice["pdfUrl"]).status_code == 401
    return invoice


@covers("chavagne-58", "chavagne-59", "chavagne-60")
def pay_once_however_it_is_told(portal: Portal, invoice: dict[str, Any]) -> None:
    """Notifications, forged ones, returns, the refresh and the polling all arrive: one payment, one receipt."""
    madame = portal.signed_in("chavagne", MADAME, CHOSEN)
    payment = start_payment(madame, invoice, "payfip")
    again = start_payment(madame, invoice, "payfip")
    assert again == payment  # clicking twice opens one payment
    shown = madame.http.get(payment["redirectUrl"]).text  # nobody types the number, the year nor the amount
    assert invoice["number"].replace("-", "") in shown and "316,80" in shown
    with portal.bank_that(notifications=3, forged=True):
        bank_page = madame.press(payment["redirectUrl"], "P")
        for _ in range(2):
            arrived = madame.come_back(bank_page)
            assert "Votre paiement a été accepté" in madame.http.get(arrived.headers["location"]).text
        assert portal.notified(5) == ["200"] * 5
    refreshed = madame.do("paymentRefresh", "payment { state redirectUrl }", id=payment["id"])["payment"]
    assert refreshed == {"state": "PAID", "redirectUrl": None}
    receipt = portal.mail(MADAME, "Paiement reçu")
    assert invoice["number"] in receipt.subject and "316,80" in receipt.text

    portal.move_clock("2026-11-03T11:00:00+01:00")  # every poll that was planned is due
    (paid,) = madame.invoices()
    assert (paid["status"], paid["paid"], paid["remaining"]) == ("PAID", invoice["total"], {"amount": "0.00"})
    assert [(each["id"], each["state"]) for each in paid["payments"]] == [(payment["id"], "PAID")]
    refused = madame.refusals("paymentStart", invoiceIds=[invoice["id"]], route="payfip")
    assert codes(refused) == {"ALREADY_PAID"}
    assert len(portal.mails(MADAME, "Paiement reçu")) == 1
    agent = portal.signed_in("chavagne", AGENT)
    assert agent.ask("{ stuckEffects { kind error } }")["stuckEffects"] == []


@covers("chavagne-50", "chavagne-51")
def join_the_online_invoice(portal: Portal) -> None:
    """October was printed for the family too; it joins, is acknowledged by mail, and the service accepts."""
    madame, agent = portal.signed_in("chavagne", MADAME, CHOSEN), portal.signed_in("chavagne", AGENT)
    runs = agent.ask("{ invoiceRuns { nodes { id issuedCount toPrintUrl } } }")["invoiceRuns"]["nodes"]
    (run,) = [each for each in runs if each["issuedCount"]]
    to_print = "query($run: ID!) { invoicesToPrint(runId: $run) { nodes { number } } }"
    assert [each["number"] for each in agent.ask(to_print, run=run["id"])["invoicesToPrint"]["nodes"]] == [
        "2026-ENF-000001"
    ]
    paper = agent.http.get(run["toPrintUrl"], headers=agent.headers)
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    assert "2026-ENF-000001" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()

    query = "{ viewer { households { id onlineInvoices { onPaper recap termsVersion } } } }"
    (home,) = madame.ask(query)["viewer"]["households"]
    assert "Quand le service aura accepté votre demande" in home["onlineInvoices"]["recap"]
    terms = home["onlineInvoices"]["termsVersion"]
    request = madame.do("onlineInvoicesJoin", "request { id number state }", householdId=home["id"], terms=terms)
    assert request["request"]["state"] == "SENT"
    mail = portal.mail(MADAME, f"Demande n° {request['request']['number']} : bien enregistrée")
    assert "Nous avons bien enregistré votre demande" in mail.text
    agent.do("requestDecide", "request { state }", id=request["request"]["id"], accept=True)
    (home,) = madame.ask(query)["viewer"]["households"]
    assert home["onlineInvoices"] == {"onPaper": False, "recap": None, "termsVersion": None}
    assert agent.ask(to_print, run=run["id"])["invoicesToPrint"]["nodes"] == []
    assert agent.http.get(run["toPrintUrl"], headers=agent.headers).status_code == 404
