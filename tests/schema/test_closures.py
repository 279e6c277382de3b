"""A strike, snow, an outing: one act of an agent cancels everybody, tells each household once, and can be withdrawn."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.agenda import waiting_lists
from resolvers.agenda.offers import pass_on
from resolvers.context import AgentRight
from resolvers.days.sights import Check
from resolvers.models import AbsentDay, BookingChange, PlaceCount, PlaceHold, WaitingEntry
from resolvers.models.bookings import ChangeKind, Presence
from resolvers.models.keys import new_key
from resolvers.models.waiting import WaitingState
from schema.portal import schema
from schema.relay import global_id
from tests.asking import asked
from tests.invoicing import FIRST_OF_DECEMBER, MONDAY, TUESDAY, checked, fed_family, issued, prepared
from tests.orders import book, live, order, replayed, wish
from tests.towns import Family, Town, add_agent, add_family, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CONSEQUENCES = "consequences { bookingCount childCount householdCount presentCount invoiceNumbers waitingCount }"
PREVIEW = f"""mutation($input: ClosurePreviewInput!) {{ closurePreview(input: $input) {{
  {CONSEQUENCES} userErrors {{ code field message }} }} }}"""
RECORD = f"""mutation($input: ClosureRecordInput!) {{ closureRecord(input: $input) {{
  closure {{ id label firstDay activity site units withdrawnAt }} {CONSEQUENCES} userErrors {{ code field message }} }}
}}"""
WITHDRAW = """mutation($input: ClosureWithdrawInput!) { closureWithdraw(input: $input) {
  closure { withdrawnAt } userErrors { code message } } }"""
AGENDA = """{ viewer { households { agenda(firstDay: "2026-11-02", lastDay: "2026-11-03") { closedDays { day label }
  units { day unit verdict reason dayLabel booked } } } } }"""
STRIKE = {
    "firstDay": "2026-11-02",
    "lastDay": "2026-11-03",
    "cause": "grève",
    "label": "Grève du personnel",
    "activity": "restauration",
}


@pytest.fixture
async def chavagne(databases: Databases) -> Town:
    """Four activities at two sites."""
    return Town.called("chavagne")


async def classes(town: Town) -> tuple[Family, Family]:
    """Two families at the canteen on three days; the first one has two children, one of them also in the morning."""
    first, second = (
        await add_family(town, "UN", enrolled=("restauration", "periscolaire")),
        await fed_family(town, "DEUX"),
    )
    meals = [(day, "repas") for day in (MONDAY, TUESDAY, date(2026, 11, 5))]
    wishes = [wish(child, "restauration", *meals) for child in first.children.values()]
    await book(town, first.parent, order(*wishes, wish(first.child, "periscolaire", (MONDAY, "garderie-matin"))))
    return first, second


async def test_one_act_cancels_everybody_and_tells_each_household_once(chavagne: Town) -> None:
    (first, second), agent = await classes(chavagne), await add_agent(chavagne)
    told = await asked(chavagne, agent, PREVIEW, input=STRIKE)
    counts = {"bookingCount": 6, "childCount": 3, "householdCount": 2, "presentCount": 0, "waitingCount": 0}
    consequences = {**counts, "invoiceNumbers": []}
    assert told == {"consequences": consequences, "userErrors": []}
    assert len(await live(chavagne)) == 10
    done = await asked(chavagne, agent, RECORD, input=STRIKE)
    assert done["consequences"] == consequences
    assert await live(chavagne) == await replayed(chavagne)
    thursday = date(2026, 11, 5)
    kept = {(child, thursday, "restauration", "repas") for child in (*first.children.values(), second.child)}
    assert await live(chavagne) == {*kept, (first.child, MONDAY, "periscolaire", "garderie-matin")}
    mails = await chavagne.mails("closed:")
    assert sorted(mail.recipient for mail in mails) == sorted(family.parent.viewer.email for family in (first, second))
    (mail,) = [mail for mail in mails if mail.recipient == first.parent.viewer.email]
    assert mail.subject == "Grève du personnel : réservations annulées"
    assert "n'est pas assuré du lundi 2 novembre 2026 au mardi 3 novembre 2026" in mail.body
    assert [line for line in mail.body.splitlines() if line.startswith("- ")] == [
        f"- {child} : Restauration scolaire, Repas du midi, {day} novembre 2026"
        for day in ("lundi 2", "mardi 3")
        for child in ("Enfant1", "Enfant2")
    ]
    with chavagne.at_work():
        lines = await BookingChange.filter(kind=ChangeKind.CANCELLED)
    assert {(line.occasion, line.rule) for line in lines} == {
        ("Grève du personnel", "Grève du personnel, du lundi 2 novembre 2026 au mardi 3 novembre 2026")
    }


async def test_families_read_why_and_book_again_once_it_is_withdrawn(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    done = await asked(chavagne, agent, RECORD, input=STRIKE)
    (home,) = (await asked(chavagne, family.parent, AGENDA))["households"]
    meals = [unit for unit in home["agenda"]["units"] if unit["unit"] == "repas"]
    assert {(unit["verdict"], unit["booked"]) for unit in meals} == {("CLOSED_DAY", False)}
    assert all("Grève du personnel" in unit["reason"] for unit in meals)
    assert home["agenda"]["closedDays"] == [
        {"day": day, "label": "Grève du personnel"} for day in ("2026-11-02", "2026-11-03")
    ]
    gone = await asked(chavagne, agent, WITHDRAW, input={"id": done["closure"]["id"]})
    assert gone["closure"]["withdrawnAt"] is not None
    assert len(await live(chavagne)) == 1  # nothing is booked in the family's place
    (mail,) = await chavagne.mails("reopened:")
    assert mail.subject == "Grève du personnel : l'accueil est finalement assuré"
    assert mail.body.count("\n- Enfant1 : Restauration scolaire") == 2
    meals_again = [(day, "repas") for day in (MONDAY, TUESDAY, date(2026, 11, 5))]
    await book(chavagne, family.parent, order(wish(family.child, "restauration", *meals_again)))
    assert len(await live(chavagne)) == 3
    (again,) = (await asked(chavagne, agent, WITHDRAW, input={"id": done["closure"]["id"]}))["userErrors"]
    assert again == {"code": "STATE_CONFLICT", "message": "Cette fermeture est déjà retirée."}


async def test_places_are_given_back_once_for_each_child(databases: Databases) -> None:
    town = Town(village())
    family, agent = await add_family(town, enrolled=("accueil",)), await add_agent(town)
    ticks = [(MONDAY, unit) for unit in ("matin", "repas", "apres-midi")]
    await book(town, family.parent, order(*(wish(child, "accueil", *ticks) for child in family.children.values())))
    morning = {**STRIKE, "activity": "accueil", "units": ["matin", "repas"]}
    taken: list[list[Any]] = []
    for event in (morning, {**morning, "units": []}):
        await asked(town, agent, RECORD, input=event)
        with town.at_work():
            taken.append(list(await PlaceCount.filter(day=MONDAY).values_list("taken", flat=True)))
    assert taken == [[2], [0]]


async def test_what_was_absent_is_not_due_what_came_is_and_invoices_are_named(chavagne: Town) -> None:
    (first, second), agent = await classes(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    absent = [
        Check(child, "restauration", "repas", day, Presence.ABSENT_UNJUSTIFIED)
        for child in (first.child, second.child)
        for day in (MONDAY, TUESDAY)
    ]
    await checked(chavagne, agent, *absent)
    with chavagne.at_work() as ctx:
        await AbsentDay.create(
            household_id=second.id,
            report_id=new_key(),
            child_id=second.child,
            activity="restauration",
            unit="repas",
            day=MONDAY,
            percent_due=100,
            reason="maladie",
            decided_at=ctx.now,
        )
    before = (await prepared(chavagne, agent)).total_cents
    done = await asked(chavagne, agent, RECORD, input=STRIKE)
    assert done["consequences"] == {
        "bookingCount": 4,
        "childCount": 2,
        "householdCount": 2,
        "presentCount": 2,  # the second child of the first family came
        "invoiceNumbers": [],
        "waitingCount": 0,
    }
    after = (await prepared(chavagne, agent)).total_cents
    assert before - after == 4 * 250
    await issued(chavagne, agent)
    nothing = await asked(chavagne, agent, PREVIEW, input={**STRIKE, "firstDay": "2026-11-05", "lastDay": "2026-11-05"})
    assert nothing["consequences"]["presentCount"] == 3


async def test_what_is_on_an_issued_invoice_is_named(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.ABSENT_UNJUSTIFIED))
    await prepared(chavagne, agent)
    await issued(chavagne, agent)
    done = await asked(chavagne, agent, RECORD, input=STRIKE)
    assert done["consequences"]["invoiceNumbers"] == ["2026-ENF-000001"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"label": " "}, ("BLANK", "label")),
        ({"label": "Grève\ndu personnel"}, ("INVALID", "label")),
        ({"cause": "flemme"}, ("INVALID", "cause")),
        ({"activity": "piscine"}, ("NOT_FOUND", "activity")),
        ({"units": ["gouter"]}, ("NOT_FOUND", "activity")),
        ({"activity": None, "site": "Ailleurs"}, ("NOT_FOUND", "activity")),
        ({"lastDay": "2026-11-01"}, ("INVALID", "lastDay")),
    ],
)
async def test_an_event_that_closes_nothing_is_refused(
    chavagne: Town, changes: dict[str, Any], refusal: tuple[str, str]
) -> None:
    agent = await add_agent(chavagne)
    for text in (PREVIEW, RECORD):
        (error,) = (await asked(chavagne, agent, text, input={**STRIKE, **changes}))["userErrors"]
        assert (error["code"], error["field"][-1]) == refusal


async def test_the_same_closure_sent_twice_is_one(chavagne: Town) -> None:
    await fed_family(chavagne)
    agent = await add_agent(chavagne, frozenset({AgentRight.SETTINGS}))
    label = "Grève\u00a0: le «\u00a0repas\u00a0» n'a pas lieu"  # as French keyboards write it
    where = {"site": "École élémentaire publique", "units": ["repas"]}
    said = {**STRIKE, **where, "label": label, "idempotencyKey": "greve"}
    first, second = [await asked(chavagne, agent, RECORD, input=said) for _ in range(2)]
    assert first == second
    listed = "{ closures(first: 5) { totalCount nodes { id label } } }"
    assert await asked(chavagne, agent, listed) == {
        "totalCount": 1,
        "nodes": [{"id": first["closure"]["id"], "label": label}],
    }
    with chavagne.asked_by(agent) as ctx:
        node = await schema.execute(
            "query($id: ID!) { node(id: $id) { ... on Closure { units } } }",
            {"id": first["closure"]["id"]},
            context_value=ctx,
        )
    assert node.data == {"node": {"units": ["repas"]}}
    unknown = await asked(chavagne, agent, WITHDRAW, input={"id": global_id("Closure", new_key())})
    assert unknown["userErrors"][0]["code"] == "NOT_FOUND"


async def test_who_waits_for_a_closed_day_waits_no_more_and_is_told_why(databases: Databases) -> None:
    town = Town(village(places=1))
    agent = await add_agent(town)
    inside, first, second = [await add_family(town, name, enrolled=("accueil",)) for name in ("UN", "DEUX", "TROIS")]
    await book(town, inside.parent, order(wish(inside.child, "accueil", (MONDAY, "matin"))))
    for family in (first, second):
        with town.asked_by(family.parent) as ctx:
            await waiting_lists.join(ctx, (family.child, MONDAY, "accueil", "matin"), None)
        town.later(seconds=1)
    await book(town, inside.parent, order(wish(inside.child, "accueil")))
    with town.at_work() as ctx:
        await pass_on(ctx, [MONDAY])  # the first is offered the place that the second still waits for
    done = await asked(town, agent, RECORD, input={**STRIKE, "activity": "accueil", "units": ["matin"]})
    assert (done["consequences"]["bookingCount"], done["consequences"]["waitingCount"]) == (0, 2)
    with town.at_work():
        assert {row.state for row in await WaitingEntry.all()} == {WaitingState.CLOSED}
        assert not await PlaceHold.exists()
        assert [row.taken for row in await PlaceCount.all()] == [0]
    mails = await town.mails("closed:")
    assert sorted(mail.recipient for mail in mails) == sorted(each.parent.viewer.email for each in (first, second))
    assert all("\n- Enfant1 : Accueil, Matin, lundi 2 novembre 2026 (liste d'attente)\n" in mail.body for mail in mails)


async def test_an_agent_closes_what_its_services_do_for_whoever_comes(databases: Databases) -> None:
    epagny = Town.called("epagny")
    enfance = await add_agent(epagny, frozenset({AgentRight.SETTINGS}), services=["enfance-jeunesse"])
    for changes in ({"activity": "pic-et-plume"}, {"activity": None}):
        (error,) = (await asked(epagny, enfance, RECORD, input={**STRIKE, **changes}))["userErrors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "activity"])
    town = Town(village())
    other, agent = (
        await add_family(town, enrolled=("accueil",), services=["ailleurs"]),
        await add_agent(town, services=["enfance"]),
    )
    await book(town, other.parent, order(wish(other.child, "accueil", (MONDAY, "matin"))))
    done = await asked(town, agent, RECORD, input={**STRIKE, "activity": "accueil"})
    assert (done["consequences"]["bookingCount"], await live(town), len(await town.mails("closed:"))) == (1, set(), 1)


@pytest.mark.parametrize(("text", "taken"), [(PREVIEW, 3), (RECORD, 18)])
async def test_closing_takes_the_same_statements_for_six_families_as_for_one(
    chavagne: Town, text: str, taken: int
) -> None:
    agent, counts = await add_agent(chavagne), []
    for round_, families in enumerate((1, 6)):
        for number in range(families):
            await fed_family(chavagne, f"F{round_}{number}")
        with statements() as sent:
            done = await asked(chavagne, agent, text, input=STRIKE)
        assert done["consequences"]["householdCount"] >= families
        counts.append(len(sent))
        if text == RECORD:
            closure = done["closure"]["id"]
            await asked(chavagne, agent, WITHDRAW, input={"id": closure})
    assert counts == [taken, taken]
