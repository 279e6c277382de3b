"""What a request costs the database: as many statements for a large family as for a small one, counted exactly."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.models import Article, AttemptShare, Dossier, Invoice, InvoiceLine, PaymentAttempt
from resolvers.models.billing import InvoiceState
from schema.portal import schema
from schema.relay import global_id
from tests.towns import SCHOOL_YEAR, Family, Town, add_family, statements

ACTIVITIES = ("restauration", "periscolaire")
DASHBOARD = """{
  viewer { firstName households { name
    adults { firstName } children { firstName dossiers { state version reason } enrolments { activityLabel } }
    invoices(first: 5) { totalCount nodes { number remaining { amount }
      lines { unit total { amount } } payments { state redirectUrl } } }
  } }
  news(first: 3) { nodes { title } }
}"""
AGENDA = """query($children: [ID!]) { viewer { households {
  agenda(firstDay: "2026-11-01", lastDay: "2026-11-30", childIds: $children) {
    changeCount units { day childId verdict placesLeft price { total { amount } } bookUntil { at } } } } } }"""
PREVIEW = """mutation($input: BookingsPreviewInput!) { bookingsPreview(input: $input) {
  userErrors { code } plan { changeCount refusedCount units { verdict } } } }"""
COMMIT = """mutation($input: BookingsCommitInput!) { bookingsCommit(input: $input) {
  userErrors { code } receipt { reference changes { day unit } } refused { day } } }"""

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, with a piece of news."""
    town = Town.called("chavagne")
    with town.at_work() as ctx:
        await Article.create(title="Bienvenue", body="Le portail ouvre.", published_at=ctx.now)
    return town


async def family_of(town: Town, *children: str) -> Family:
    """A family of this year: each child with a file and two enrolments, and an invoice of two lines per child."""
    family = await add_family(town, children=children, enrolled=ACTIVITIES)
    with town.at_work() as ctx:
        for sequence, child in enumerate(family.children.values(), start=1):
            await Dossier.create(
                household_id=family.id, child_id=child, school_year=SCHOOL_YEAR.start, created_at=ctx.now
            )
            await _add_invoice(town, family, sequence)
    return family


async def _add_invoice(town: Town, family: Family, sequence: int) -> None:
    invoice = await Invoice.create(
        household_id=family.id,
        state=InvoiceState.ISSUED,
        period_first=date(2026, 9, 1),
        period_last=date(2026, 9, 30),
        year=2026,
        series=family.id.hex,
        sequence=sequence,
        number=f"{family.id.hex}-{sequence}",
        total_cents=500,
        prepared_at=town.clock.now(),
        issued_on=date(2026, 10, 1),
        due_on=date(2026, 10, 31),
    )
    for position in range(2):
        await InvoiceLine.create(
            invoice_id=invoice.id,
            household_id=family.id,
            position=position,
            child="Enfant",
            activity="Restauration scolaire",
            unit="Repas",
            quantity=1,
            unit_cents=250,
            total_cents=250,
        )
    attempt = await PaymentAttempt.create(
        household_id=family.id,
        account_id=family.parent.viewer.account_id,
        route="payfip",
        amount_cents=500,
        reference=f"{family.id.hex}{sequence:02}",
        started_at=town.clock.now(),
    )
    await AttemptShare.create(attempt_id=attempt.id, invoice_id=invoice.id, household_id=family.id, amount_cents=500)


async def ask(town: Town, family: Family, document: str, variables: Mapping[str, Any] | None = None) -> tuple[Any, int]:
    """What a parent is answered, and how many statements it took."""
    with town.asked_by(family.parent) as ctx, statements() as sent:
        result = await schema.execute(document, dict(variables or {}), context_value=ctx)
    assert result.errors is None
    return result.data, len(sent)


def wanted(family: Family, *children: str) -> dict[str, Any]:
    """A meal on each Tuesday and Thursday of November, for these children."""
    days = [f"2026-11-{day:02}" for day in (3, 5, 10, 12, 17, 19, 24, 26)]
    ticks = [{"day": day, "units": ["repas"]} for day in days]
    selections = [
        {"childId": global_id("Child", family.children[child]), "activity": "restauration", "ticks": ticks}
        for child in children
    ]
    return {"input": {"firstDay": "2026-11-01", "lastDay": "2026-11-30", "selections": selections}}


async def test_a_dashboard_takes_eleven_statements_whatever_the_family(town: Town) -> None:
    small, large = await family_of(town, "Zoé"), await family_of(town, "Ali", "Bao", "Cléo", "Dina", "Élie")
    answers = [await ask(town, family, DASHBOARD) for family in (small, large)]
    homes = [data["viewer"]["households"][0] for data, _ in answers]
    assert [[len(home["children"]), len(home["invoices"]["nodes"])] for home in homes] == [[1, 1], [5, 5]]
    assert [[len(each["lines"]), len(each["payments"])] for each in homes[1]["invoices"]["nodes"]] == [[2, 1]] * 5
    assert [taken for _, taken in answers] == [11, 11]


async def test_a_month_s_agenda_takes_the_same_statements_for_two_children_as_for_one(town: Town) -> None:
    family = await family_of(town, "Zoé", "Ali")
    keys = [global_id("Child", key) for key in family.children.values()]
    answers = [await ask(town, family, AGENDA, {"children": children}) for children in (keys[:1], keys)]
    units = [len(data["viewer"]["households"][0]["agenda"]["units"]) for data, _ in answers]
    assert (units[0] > 50, units[1]) == (True, 2 * units[0])
    assert [taken for _, taken in answers] == [10, 10]


async def test_a_preview_takes_the_same_statements_for_two_children_as_for_one(town: Town) -> None:
    family = await family_of(town, "Zoé", "Ali")
    answers = [await ask(town, family, PREVIEW, wanted(family, *children)) for children in (["Zoé"], ["Zoé", "Ali"])]
    plans = [data["bookingsPreview"]["plan"] for data, _ in answers]
    assert [(plan["changeCount"], plan["refusedCount"]) for plan in plans] == [(8, 0), (16, 0)]
    assert [taken for _, taken in answers] == [10, 10]


async def test_a_commit_takes_the_same_statements_for_two_children_as_for_one(town: Town) -> None:
    small, large = await family_of(town, "Zoé"), await family_of(town, "Ali", "Bao")
    answers = [await ask(town, family, COMMIT, wanted(family, *family.children)) for family in (small, large)]
    receipts = [data["bookingsCommit"]["receipt"] for data, _ in answers]
    assert [len(receipt["changes"]) for receipt in receipts] == [8, 16]
    assert [taken for _, taken in answers] == [23, 23]


async def test_objects_by_identifier_take_the_same_statements_for_five_as_for_one(town: Town) -> None:
    family = await family_of(town, "Ali", "Bao", "Cléo", "Dina", "Élie")
    keys = [global_id("Child", key) for key in family.children.values()]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Child { firstName enrolments { activity } } } }"
    answers = [await ask(town, family, query, {"ids": ids}) for ids in (keys[:1], keys)]
    assert [[node["id"] for node in data["nodes"]] for data, _ in answers] == [keys[:1], keys]
    assert [taken for _, taken in answers] == [4, 4]
