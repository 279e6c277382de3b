"""« Justifier une absence » over GraphQL: told before it is kept, proved later, decided by an agent."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gateway.database import Databases
from plugins.rules.document_kinds import KINDS
from resolvers.days.sights import Check
from resolvers.files.documents import Deposit, Place, add
from resolvers.models import AbsenceReport, Booking
from resolvers.models.bookings import Presence
from schema.relay import global_id
from tests.asking import asked
from tests.invoicing import FIRST_OF_DECEMBER, checked, fed_family, issued, prepared
from tests.orders import book, live, order, replayed, wish
from tests.towns import Family, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

UNITS = "units { day activity unit percentDue reason cancelled byAgent }"
REPORT = f"id requestId state cause document {UNITS}"
PREVIEW = f"""mutation($input: AbsencePreviewInput!) {{ absencePreview(input: $input) {{
  plan {{ causes {{ label documents }} proofUntil notices {UNITS} }}
  userErrors {{ code field message contact }} }} }}"""
MAKE = f"""mutation($input: AbsenceReportInput!) {{ absenceReport(input: $input) {{
  absence {{ {REPORT} }} userErrors {{ code field message contact }} }} }}"""
PROVE = f"""mutation($input: AbsenceProveInput!) {{ absenceProve(input: $input) {{
  absence {{ {REPORT} }} userErrors {{ code field message }} }} }}"""
DECIDE = f"""mutation($input: AbsenceDecideInput!) {{ absenceDecide(input: $input) {{
  absence {{ {REPORT} decidedAt }} userErrors {{ code field message }} }} }}"""
REQUEST = """query($id: ID!) { node(id: $id) { ... on Request {
  number kind state title details { label value } history { state byAgent text documentIds } } } }"""

NOVEMBER = {day: date(2026, 11, day) for day in range(1, 31)}
WEEKS = [(NOVEMBER[day], "repas") for day in (2, 3, 5, 9, 10)]
NO_PROOF = "maladie : justificatif non reçu (certificat médical)"


@pytest.fixture
async def chavagne(databases: Databases) -> Town:
    """Meals are cancelled until Thursday of the week before; a certificate within a week leaves one booked day due."""
    return Town.called("chavagne")


@pytest.fixture
async def mesnil(databases: Databases) -> Town:
    """Told the eve before noon, nothing is due; ill without certificate, two booked days are."""
    return Town.called("mesnil")


def absence(family: Family, first: int, last: int, **said: Any) -> dict[str, Any]:
    """What is said of an absence of the first child in November."""
    days = {"firstDay": NOVEMBER[first].isoformat(), "lastDay": NOVEMBER[last].isoformat()}
    return {"childId": global_id("Child", family.child), **days, **said}


async def certificate(town: Town, family: Family, child: UUID | None = None) -> str:
    """A document in the vault of a family."""
    with town.asked_by(family.parent) as ctx:
        place = Place(family.id, child or family.child, next(iter(KINDS)))
        kept = await add(ctx, place, Deposit("application/pdf", "pdf", b"%PDF certificate"))
    return global_id("Document", kept.id)


def due(units: list[dict[str, Any]]) -> list[tuple[str, int, bool]]:
    """Day, per cent due, and whether it is cancelled, of each unit."""
    return [(unit["day"], unit["percentDue"], unit["cancelled"]) for unit in units]


async def test_a_preview_tells_what_stays_due_and_why_and_keeps_nothing(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    answer = await asked(chavagne, family.parent, PREVIEW, input=absence(family, 1, 12, cause="maladie"))
    cancelled = "annulé à temps (jusqu'au jeudi 23 h 59 de la semaine précédente : jeudi 5 novembre 2026 à 23 h 59)"
    common = {"activity": "restauration", "unit": "repas", "byAgent": False}
    assert answer == {
        "plan": {
            "causes": [
                {"label": "maladie", "documents": ["certificat médical"]},
                {"label": "hospitalisation", "documents": ["bulletin d'hospitalisation", "certificat médical"]},
                {"label": "sortie scolaire", "documents": []},
                {"label": "enseignant absent et non remplacé", "documents": []},
                {"label": "autre", "documents": []},
            ],
            "proofUntil": "2026-11-08T22:59:59Z",
            "notices": [],
            "units": [
                {"day": f"2026-11-0{day}", "percentDue": 100, "reason": NO_PROOF, "cancelled": False, **common}
                for day in (2, 3, 5)
            ]
            + [
                {"day": day, "percentDue": 0, "reason": cancelled, "cancelled": True, **common}
                for day in ("2026-11-09", "2026-11-10")
            ],
        },
        "userErrors": [],
    }
    assert len(await live(chavagne)) == 5
    with chavagne.at_work():
        assert await AbsenceReport.all().count() == 0


async def test_a_report_does_what_its_preview_told_and_leaves_a_numbered_request(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    said = absence(family, 2, 10, cause="maladie", documentId=await certificate(chavagne, family))
    told = (await asked(chavagne, family.parent, PREVIEW, input=said))["plan"]
    kept = (await asked(chavagne, family.parent, MAKE, input={**said, "reason": "Grippe"}))["absence"]
    expected = [("2026-11-02", 100, False), ("2026-11-03", 0, False), ("2026-11-05", 0, False)]
    assert told["units"] == kept["units"]
    assert due(kept["units"]) == [*expected, ("2026-11-09", 0, True), ("2026-11-10", 0, True)]
    proved = "maladie : justificatif reçu le lundi 2 novembre 2026 à 7 h 30 (certificat médical), à temps"
    assert kept["units"][0]["reason"] == f"{proved} : le 1er jour réservé reste dû"
    assert (kept["units"][1]["reason"], kept["document"], kept["state"]) == (proved, "certificat médical", "REPORTED")
    assert (
        await live(chavagne)
        == await replayed(chavagne)
        == {(family.child, day, "restauration", unit) for day, unit in WEEKS[:3]}
    )
    request = await asked(chavagne, family.parent, REQUEST, id=kept["requestId"])
    assert {name: request[name] for name in ("number", "kind", "state", "title", "details")} == {
        "number": "D-2026-000002",
        "kind": "ABSENCE",
        "state": "SENT",
        "title": "Justifier une absence : Enfant1, du lundi 2 novembre 2026 au mardi 10 novembre 2026",
        "details": [{"label": "motif", "value": "maladie"}, {"label": "message", "value": "Grippe"}],
    }
    (mail,) = [mail for mail in await chavagne.mails("request:") if "D-2026-000002" in mail.subject]
    assert mail.subject == "Demande n° D-2026-000002 : bien enregistrée"


async def test_what_can_still_be_cancelled_is_not_due_and_settles_its_request(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    kept = (await asked(chavagne, family.parent, MAKE, input=absence(family, 9, 10)))["absence"]
    assert due(kept["units"]) == [("2026-11-09", 0, True), ("2026-11-10", 0, True)]
    assert (await asked(chavagne, family.parent, REQUEST, id=kept["requestId"]))["state"] == "ACCEPTED"


async def test_a_proof_that_comes_later_decides_again_or_comes_too_late(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    kept = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 5, cause="maladie")))["absence"]
    assert due(kept["units"]) == [(f"2026-11-0{day}", 100, False) for day in (2, 3, 5)]
    document = await certificate(chavagne, family)
    chavagne.on(NOVEMBER[9], 23, 59)
    proved = (await asked(chavagne, family.parent, PROVE, input={"id": kept["id"], "documentId": document}))["absence"]
    assert [percent for _, percent, _ in due(proved["units"])] == [100, 0, 0]
    late = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 5, cause="maladie")))["absence"]
    assert [percent for _, percent, _ in due(late["units"])] == [
        100,
        0,
        0,
    ]  # the proof given for these days still holds
    history = (await asked(chavagne, family.parent, REQUEST, id=kept["requestId"]))["history"]
    assert [(line["state"], line["text"], line["documentIds"]) for line in history[-2:]] == [
        ("SENT", "Justificatif reçu : certificat médical. Moins est dû pour les 3 et 5 novembre.", [document]),
        ("CANCELLED", "Remplacée par la demande n° D-2026-000003.", []),
    ]


async def test_a_proof_out_of_time_changes_nothing_and_says_why(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    kept = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 5, cause="maladie")))["absence"]
    document = await certificate(chavagne, family)
    chavagne.on(NOVEMBER[10], 0, 0)
    late = (await asked(chavagne, family.parent, PROVE, input={"id": kept["id"], "documentId": document}))["absence"]
    assert [percent for _, percent, _ in due(late["units"])] == [100, 100, 100]
    history = (await asked(chavagne, family.parent, REQUEST, id=kept["requestId"]))["history"]
    assert history[-1]["text"] == (
        "Justificatif reçu : certificat médical. Rien ne change : maladie : justificatif reçu le mardi 10 novembre "
        "2026 à 0 h (certificat médical), trop tard."
    )


async def test_told_the_eve_before_noon_nothing_is_due_later_two_booked_days_are(mesnil: Town) -> None:
    family = await add_family(mesnil, enrolled=("cantine",))
    meals = [(NOVEMBER[day], "repas") for day in (2, 3, 5, 6)]
    await book(mesnil, family.parent, order(wish(family.child, "cantine", *meals)))
    mesnil.on(NOVEMBER[2], 11)
    told = (await asked(mesnil, family.parent, PREVIEW, input=absence(family, 2, 6, cause="maladie")))["plan"]
    assert due(told["units"]) == [
        ("2026-11-02", 100, False),
        ("2026-11-03", 0, False),  # told the eve, before noon
        ("2026-11-05", 0, True),
        ("2026-11-06", 0, True),
    ]
    assert told["notices"] == ["Le repas ou l'accueil a été préparé pour votre enfant."]
    assert told["proofUntil"] == "2026-11-04T07:00:00Z"
    await asked(mesnil, family.parent, MAKE, input=absence(family, 3, 3))
    mesnil.on(NOVEMBER[3], 13)
    again = (await asked(mesnil, family.parent, MAKE, input=absence(family, 2, 5, cause="maladie")))["absence"]
    assert due(again["units"]) == [
        ("2026-11-02", 100, False),
        ("2026-11-03", 0, False),  # what was told in time stays told in time
        ("2026-11-05", 0, False),  # told the eve too, and too late to be cancelled
    ]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (
            {"first": 14, "last": 15},
            (
                "NOTHING_BOOKED",
                ["firstDay"],
                "Rien n'est réservé du samedi 14 novembre 2026 au dimanche 15 novembre "
                "2026 : il n'y a pas d'absence à signaler.",
            ),
        ),
        (
            {"first": 2, "last": 5, "cause": "ennui"},
            (
                "INVALID",
                ["cause"],
                "Choisissez un motif parmi : maladie, hospitalisation, sortie scolaire, enseignant "
                "absent et non remplacé ou autre.",
            ),
        ),
        (
            {"first": 2, "last": 5, "cause": "maladie", "documentId": global_id("Document", UUID(int=1))},
            ("NOT_FOUND", ["documentId"], "Document : introuvable."),
        ),
        (
            {"first": 5, "last": 2},
            ("INVALID", ["lastDay"], "La période se termine avant de commencer."),
        ),
    ],
)
async def test_what_cannot_be_reported_is_refused_with_what_to_do(
    chavagne: Town, said: dict[str, Any], refusal: tuple[str, list[str], str]
) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    first, last, rest = said["first"], said["last"], {k: v for k, v in said.items() if k not in ("first", "last")}
    for text in (PREVIEW, MAKE):
        (error,) = (await asked(chavagne, family.parent, text, input=absence(family, first, last, **rest)))[
            "userErrors"
        ]
        assert (error["code"], error["field"][1:], error["message"]) == refusal


async def test_which_document_it_is_must_be_said_when_several_prove_the_cause(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    said = absence(family, 2, 5, cause="hospitalisation", documentId=await certificate(chavagne, family))
    answers = [
        (await asked(chavagne, family.parent, PREVIEW, input={**said, **more}))
        for more in ({}, {"document": "ordonnance"}, {"document": "certificat médical"})
    ]
    assert [[(error["code"], error["message"]) for error in answer["userErrors"]] for answer in answers] == [
        [("BLANK", "Dites quel document c'est : bulletin d'hospitalisation ou certificat médical.")],
        [("INVALID", "Pour ce motif, joignez : bulletin d'hospitalisation ou certificat médical.")],
        [],
    ]
    assert [percent for _, percent, _ in due(answers[2]["plan"]["units"])] == [0, 0, 0]


async def test_the_crèche_of_épagny_says_which_mailbox_to_write_to(databases: Databases) -> None:
    epagny = Town.called("epagny")
    family = await add_family(epagny, services=("petite-enfance",))
    with epagny.at_work() as ctx:
        await Booking.create(
            household_id=family.id,
            child_id=family.child,
            activity="loptiou",
            unit="journee",
            day=NOVEMBER[9],
            changed_at=ctx.now,
        )
    (error,) = (await asked(epagny, family.parent, MAKE, input=absence(family, 9, 9)))["userErrors"]
    assert (error["code"], error["contact"]) == ("FEATURE_CLOSED", "loptiou@epagnymetztesy.fr")
    assert "Les absences à la crèche ne se signalent pas en ligne" in error["message"]


async def test_an_agent_decides_days_then_the_rest_and_the_rules_answer_is_kept(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne, "TEST", *WEEKS), await add_agent(chavagne)
    chavagne.on(NOVEMBER[2], 7)
    kept = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 5, cause="maladie")))["absence"]
    one = {"id": kept["id"], "percentDue": 50, "reason": "Geste commercial.", "days": ["2026-11-03"]}
    first = (await asked(chavagne, agent, DECIDE, input=one))["absence"]
    assert [(unit["percentDue"], unit["byAgent"]) for unit in first["units"]] == [
        (100, False),
        (50, True),
        (100, False),
    ]
    assert (first["state"], first["decidedAt"]) == ("REPORTED", None)
    rest = {"id": kept["id"], "percentDue": 100, "reason": "Sans certificat.", "days": ["2026-11-02", "2026-11-05"]}
    second = (await asked(chavagne, agent, DECIDE, input=rest))["absence"]
    assert second["state"] == "DECIDED"
    request = await asked(chavagne, family.parent, REQUEST, id=kept["requestId"])
    assert request["state"] == "ACCEPTED"
    assert [line["text"] for line in request["history"][-2:]] == [
        f"Reste dû 50\N{NO-BREAK SPACE}% : le 3 novembre. Geste commercial.\n"
        f"Avant : 100\N{NO-BREAK SPACE}% le 3 novembre ({NO_PROOF})",
        f"Reste dû 100\N{NO-BREAK SPACE}% : les 2 et 5 novembre. Sans certificat.\n"
        f"Avant : 100\N{NO-BREAK SPACE}% les 2 et 5 novembre ({NO_PROOF})",
    ]
    (closed,) = (await asked(chavagne, agent, DECIDE, input=one))["userErrors"]
    assert closed["code"] == "STATE_CONFLICT"
    again = (await asked(chavagne, family.parent, PREVIEW, input=absence(family, 2, 5, cause="maladie")))["plan"]
    assert [(unit["percentDue"], unit["byAgent"]) for unit in again["units"]] == [(100, True), (50, True), (100, True)]


async def test_a_report_counts_on_the_invoice_and_not_once_it_is_issued(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne, "TEST", *WEEKS[:3]), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    absent = [Check(family.child, "restauration", "repas", day, Presence.ABSENT_UNJUSTIFIED) for day, _ in WEEKS[:3]]
    await checked(chavagne, agent, *absent)
    assert (await prepared(chavagne, agent)).total_cents == 750
    kept = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 5, cause="maladie")))["absence"]
    free = {"id": kept["id"], "percentDue": 0, "reason": "Certificat vu.", "days": ["2026-11-03"]}
    assert (await asked(chavagne, agent, DECIDE, input=free))["userErrors"] == []
    assert (await prepared(chavagne, agent)).total_cents == 500
    await issued(chavagne, agent)
    (locked,) = (await asked(chavagne, agent, DECIDE, input={**free, "days": ["2026-11-02"]}))["userErrors"]
    assert locked["code"] == "ATTENDANCE_LOCKED"
    plan = (await asked(chavagne, family.parent, PREVIEW, input=absence(family, 2, 5, cause="maladie")))["plan"]
    assert plan["notices"] == [
        "Une partie de ces réservations est déjà sur la facture n° 2026-ENF-000001 : ce qui en est déduit le sera par "
        "un avoir."
    ]


async def test_a_family_gives_its_report_up_and_an_agent_decides_from_the_queue(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne, "TEST", *WEEKS), await add_agent(chavagne)
    chavagne.on(NOVEMBER[2], 7)
    cancel = "mutation($input: RequestCancelInput!) { requestCancel(input: $input) { userErrors { code } } }"
    accept = "mutation($input: RequestDecideInput!) { requestDecide(input: $input) { request { state } } }"
    listed = "{ absenceReports(first: 5) { totalCount nodes { state units { percentDue reason } } } }"
    first = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 2, cause="maladie")))["absence"]
    await asked(chavagne, family.parent, cancel, input={"id": first["requestId"]})
    chavagne.later(minutes=1)
    second = (await asked(chavagne, family.parent, MAKE, input=absence(family, 2, 2, cause="maladie")))["absence"]
    accepted = await asked(chavagne, agent, accept, input={"id": second["requestId"], "accept": True, "text": ""})
    assert accepted["request"] == {"state": "ACCEPTED"}
    assert await asked(chavagne, agent, listed) == {
        "totalCount": 2,
        "nodes": [
            {"state": "DECIDED", "units": [{"percentDue": 0, "reason": "Absence justifiée."}]},
            {"state": "WITHDRAWN", "units": []},
        ],
    }


async def test_the_same_report_sent_twice_is_one(chavagne: Town) -> None:
    family = await fed_family(chavagne, "TEST", *WEEKS)
    chavagne.on(NOVEMBER[2], 7)
    said = absence(family, 2, 10, cause="maladie", idempotencyKey="absence-1")
    first, second = [(await asked(chavagne, family.parent, MAKE, input=said))["absence"] for _ in range(2)]
    assert first == second
    with chavagne.at_work():
        assert await AbsenceReport.all().count() == 1


@pytest.mark.parametrize(("text", "taken"), [(PREVIEW, 13), (MAKE, 37)])
async def test_a_longer_absence_takes_the_same_statements(chavagne: Town, text: str, taken: int) -> None:
    more = [*WEEKS, *((NOVEMBER[day], "repas") for day in (12, 13, 16, 17, 19, 20))]
    families = {10: await fed_family(chavagne, "UN", *WEEKS), 20: await fed_family(chavagne, "DEUX", *more)}
    chavagne.on(NOVEMBER[2], 7)
    counts = []
    for last, family in families.items():
        with statements() as sent:
            answer = await asked(chavagne, family.parent, text, input=absence(family, 2, last, cause="maladie"))
        assert answer["userErrors"] == []
        counts.append(len(sent))
    assert counts == [taken, taken]
