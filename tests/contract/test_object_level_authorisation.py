"""Nobody reads or changes another household's data: every question of the schema, asked by everybody.

Two households live in a town, every text of theirs marked. Each visitor asks every root field, with a household's own
identifiers in every ``ID`` position. Which answers carried the mark, and which questions changed a row of the
household, is compared with what should be: nothing for strangers, and for the others exactly what is theirs.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import pytest
from strawberry.types import ExecutionResult
from tortoise import Tortoise
from tortoise.connection import get_connections

from gateway.database import Databases
from resolvers.context import ANONYMOUS, AgentRight
from resolvers.models import Account, Membership
from resolvers.models.scope import NOTHING
from schema.portal import schema
from tests.contract.everything_online import every_field, every_opening, every_route, short_file
from tests.contract.observed import OF_A_FULL_AGENT, OF_A_PARENT, OF_AN_AGENT, OF_ITS_OWN, Observed
from tests.contract.planting import Planted, is_free_text, plant, plant_sheets
from tests.contract.planting_absences import plant_absences
from tests.contract.planting_baskets import plant_basket
from tests.contract.planting_ledger import plant_ledger
from tests.contract.planting_mandates import plant_mandates
from tests.contract.planting_money import plant_money
from tests.contract.planting_places import plant_waiting
from tests.contract.planting_runs import plant_run
from tests.contract.walking import Question, Walk
from tests.towns import ALL_RIGHTS, Signed, Town, add_agent, sign_in

FIELDS = {
    name
    for root in (schema._schema.query_type, schema._schema.mutation_type)
    if root is not None
    for name in root.fields
}
SILENT = {
    "absenceProve": "it takes a document, and a walk has withdrawn them all by then: see test_absences.py",
    "invoiceRunDrop": "a run that the walk has issued is neither dropped nor drawn again: see test_runs.py",
    "invoiceRunRedraw": "a run that the walk has issued is neither dropped nor drawn again: see test_runs.py",
    "agentChange": "agents belong to no household: see test_colleagues.py",
    "agents": "agents belong to no household: see test_colleagues.py",
    "invoicesToPrint": "the planted run has issued nothing when it is asked: see test_online_invoices.py",
    "householdDeclare": "who has a household declares no other one",
    "secondFactorStart": "it is the agent's own",
    "secondFactorConfirm": "it is the agent's own",
    "secondFactorRemove": "families have none",
    "accountCreate": "what it writes is sealed, and the same whether the address is known or not",
    "activities": "the catalogue names nobody",
    "capacityChange": "it names who came last where too many came: see test_capacities.py",
    "capacityPreview": "it names who came last where too many came: see test_capacities.py",
    "capacityChanges": "what was decided of places names no family",
    "places": "places are counted, nobody is named",
    "cashJournal": "money is counted, nobody is named",
    "commune": "the commune names nobody",
    "counterPaymentRecord": "Chavagne has no desk: see test_counter_payments.py",
    "depositCreate": "Chavagne has no desk: see test_deposits.py",
    "creditNoteProposals": "what it proposes takes absences decided late: see test_credit_notes.py",
    "childLink": "it takes two households of one child, which a walk does not have: see test_family_links.py",
    "childUnlink": "it takes two households of one child, which a walk does not have: see test_family_links.py",
    "closures": "closures belong to everybody",
    "closurePreview": "it counts, and names nobody",
    "closureWithdraw": "closures belong to everybody",
    "custodyRecord": "it takes two households of one child, which a walk does not have: see test_custody.py",
    "articleWithdraw": "articles belong to everybody",
    "mealCounts": "it counts meals and names nobody",
    "menus": "menus belong to everybody",
    "menuPublish": "menus belong to everybody",
    "menuWithdraw": "menus belong to everybody",
    "remittanceBook": "the day of the planted one is to come: see test_rejects.py",
    "remittanceDrop": "the walk has sent it by then: see test_remittances.py",
    "remittanceCreate": "no planted invoice is collected on a day: see test_remittances.py",
    "remittancePreview": "no planted invoice is collected on a day: see test_remittances.py",
    "news": "articles belong to everybody",
    "payfipRegies": "a régie names nobody",
    "publicPages": "public pages belong to everybody",
    "publicPageWithdraw": "public pages belong to everybody",
    "passwordCheck": "nothing is kept of a candidate",
    "passwordResetRequest": "what it writes is sealed, and the same whether the account exists or not",
}
"""The root fields that neither show nor change anything of a household, whoever asks."""

NOT_OF_A_HOUSEHOLD = {
    "capacity_change",
    "article",
    "closure",
    "deposit",
    "menu",
    "public_file",
    "public_page",
    "number_counter",
    "place_count",
    "sign_in_failure",
}

NEVER = (
    "internal_server_error",
    "max_cost_exceeded",
    "graphql_validation_failed",
    "query_too_complex",
    "has invalid value",  # of a variable: what stands in VALUES for it is of another type
)
"""Codes that would mean that a question was not answered, or broke something."""

pytestmark = pytest.mark.anyio


@dataclass(slots=True)
class Houses:
    """The town and its two households."""

    town: Town
    ours: Planted
    theirs: Planted


@pytest.fixture
async def houses(databases: Databases) -> Houses:
    """Chavagne, where everything is done online, accounts included."""
    town = Town(
        Town.called("chavagne").commune.trying(
            SimpleNamespace(
                account_openings=every_opening,
                field_policies=every_field,
                dossier_policy=short_file,
                payment_routes=every_route,
            )
        )
    )
    houses = Houses(town, await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ"))
    for planted in (houses.ours, houses.theirs):
        await plant_sheets(planted)
        await plant_waiting(planted)
        await plant_run(planted)
        await plant_basket(planted)
        await plant_absences(planted)
        await plant_money(planted)
        await plant_ledger(planted)
        await plant_mandates(planted)
    return houses


async def rows_of(houses: Houses) -> tuple[set[str], set[str]]:
    """Every row of every table that says something of our household, then of theirs, as text."""
    connection = get_connections().get(houses.town.commune.slug)
    found: tuple[set[str], set[str]] = (set(), set())
    said = [(planted.mark.casefold(), *map(str, planted.keys)) for planted in (houses.ours, houses.theirs)]
    for model in Tortoise.apps["models"].values():
        table = model._meta.db_table
        for row in await connection.execute_query_dict(f'SELECT * FROM "{table}"'):
            text = f"{table} {json.dumps(dict(row), default=str, sort_keys=True)}".casefold()
            for words, rows in zip(said, found, strict=True):
                if any(word in text for word in words):
                    rows.add(text)
    return found


async def writes(houses: Houses) -> int:
    """How many rows were ever written, by SQLite's own count: as long as it says the same, so does :func:`rows_of`."""
    connection = get_connections().get(houses.town.commune.slug)
    [counted] = await connection.execute_query_dict("SELECT total_changes() AS rows")
    return int(counted["rows"])


def known_words(planted: Planted, *, knows_secrets: bool) -> Mapping[str, Sequence[Any]]:
    """What a visitor writes where secrets are asked: a stranger guesses."""
    secrets = planted.secrets if knows_secrets else {}
    return {
        "accountActivate.token": [secrets.get("ACTIVATION", "un-jeton")],
        "accountActivate.email": [planted.parent.email],
        "accountActivate.newPassword": [secrets.get("password", "Mot2Passe-devine")],
        "email": [planted.parent.email],
        "birthDate": ["2020-01-01"],
        "birthName": ["TEST"],
        "country": ["FRANCE"],
        "familyName": ["TEST"],
        "emailChangeConfirm.token": [secrets.get("new address", "un-jeton")],
        "emailChangeRequest.email": ["ailleurs@example.org"],
        "login": [planted.parent.login],
        "secondFactorConfirm.code": ["123456"],
        "sessionOpen.code": [""],
        "serviceKeyUse.serviceKey": [secrets.get("service key", "0000-HHH-000")],
        "serviceKey": [""],
        "firstName": ["Camille"],
        "personCorrect.firstName": [planted.mark],  # what comes later is still known as ours
        "invoiceNumber": [f"{planted.mark}-facture-2"],
        "lastName": ["TEST"],
        "passwordReset.token": [secrets.get("PASSWORD_RESET", "un-jeton")],
        "refreshToken": [secrets.get("refresh", "un-jeton")],
        "password": [secrets.get("password", "Mot2Passe-devine")],
        "currentPassword": [secrets.get("password", "Mot2Passe-devine")],
        "identifier": [planted.parent.login, planted.parent.email],
        "candidate": ["abc"],
        "search": [planted.mark],
        "passwordCheck.identifier": [planted.parent.login],
        "idempotencyKey": [f"{planted.mark}-key", "une-autre-cle"],
        "bookingsCommit.idempotencyKey": ["la-cle-des-reservations"],  # those of its basket are the same keys
    }


async def answer(town: Town, visitor: Signed, question: Question) -> ExecutionResult:
    """Ask as the portal does: one context per request, and the visitor's scope."""
    with town.asked_by(visitor) as ctx:
        return await schema.execute(question.document, dict(question.variables), context_value=ctx)


def told(result: ExecutionResult) -> str:
    """Everything an answer says."""
    errors = [error.formatted for error in result.errors or ()]
    return json.dumps([result.data, errors, result.extensions], default=str, ensure_ascii=False).casefold()


async def walk(visitor: Signed, houses: Houses, *, knows_secrets: bool = False) -> tuple[Observed, Observed]:
    """Ask everything about our household; returns what was observed of ours, and of theirs."""
    watched = ((houses.ours, Observed()), (houses.theirs, Observed()))
    asked = Walk(schema._schema, houses.ours.ids, known_words(houses.ours, knows_secrets=knows_secrets))
    covered = set()
    before, written = await rows_of(houses), await writes(houses)
    for name, questions in groupby(asked.questions(), key=lambda question: question.field):
        covered.add(name)
        for question in questions:
            text = told(await answer(houses.town, visitor, question))
            assert not any(code in text for code in NEVER), question
            for planted, observed in watched:
                if planted.mark.casefold() in text:
                    observed.sees.add(question.about)
        counted = await writes(houses)
        if counted == written:
            continue
        after = await rows_of(houses)
        for (_, observed), rows_before, rows_after in zip(watched, before, after, strict=True):
            if rows_before != rows_after:
                observed.changes.add(name)
        before, written = after, counted
    assert covered == FIELDS
    return watched[0][1], watched[1][1]


async def agent_with(houses: Houses, rights: frozenset[AgentRight], services: Sequence[str] | None = None) -> Signed:
    """An agent whose password is somebody's, so that guessing it is a real guess."""
    agent = await add_agent(houses.town, rights, services)
    with houses.town.at_work():
        await Account.filter(id=agent.viewer.account_id).update(password_hash=houses.theirs.parent.password_hash)
    return agent


def test_every_root_field_shows_or_changes_something_for_somebody() -> None:
    """Otherwise a walk proves nothing of it: a stranger sees nothing either."""
    proven = [OF_A_PARENT, OF_A_FULL_AGENT, *OF_AN_AGENT.values()]
    fields = {about.split(":")[0] for each in proven for about in each.sees | each.changes}
    assert fields | SILENT.keys() == FIELDS
    assert fields & SILENT.keys() == set()


async def test_every_text_that_is_kept_of_a_household_is_marked(houses: Houses) -> None:
    rows, _ = await rows_of(houses)
    mark = houses.ours.mark.casefold()
    unmarked = {
        f"{model._meta.db_table}.{name}"
        for model in Tortoise.apps["models"].values()
        for name, column in model._meta.fields_map.items()
        if is_free_text(column)
        and not any(row.startswith(f"{model._meta.db_table} ") and f'"{name}": "{mark}' in row for row in rows)
    }
    found = {column for column in unmarked if column.split(".")[0] not in NOT_OF_A_HOUSEHOLD}
    assert found == {
        "absence_report.reason",
        "collection.code",  # shorter than a mark, as the next ones
        "collection.sequence",
        "mandate.iban_end",
        "mandate.iban",
        "account.password_hash",
        "dossier.answers",
        "idempotent_answer.mutation",
        "run_problem.code",
        "one_time_link.token_hash",
        "refresh_token.token_hash",
        "field_change.name",
        "field_change.new",
        "field_change.old",
        "request.details",
        "request.service",
        "request_event.text",
        "service_key.key_hash",
        "email_change.new_token_hash",
        "email_change.old_token_hash",
        "session.token_hash",
    }


async def test_a_visitor_neither_sees_nor_changes_anything(houses: Houses) -> None:
    assert await walk(Signed(ANONYMOUS, NOTHING), houses) == (Observed(), Observed())


async def test_another_family_neither_sees_nor_changes_anything(houses: Houses) -> None:
    ours, _ = await walk(await sign_in(houses.town, houses.theirs.parent), houses)
    assert ours == Observed()


async def test_another_family_with_steps_left_neither_sees_nor_changes_anything(houses: Houses) -> None:
    ours, _ = await walk(await sign_in(houses.town, houses.theirs.newcomer), houses)
    assert ours == Observed()


async def test_an_agent_without_any_right_neither_sees_nor_changes_anything(houses: Houses) -> None:
    assert await walk(await agent_with(houses, frozenset()), houses) == (Observed(), Observed())


@pytest.mark.parametrize("right", AgentRight)
async def test_an_agent_with_one_right_sees_and_changes_what_it_is_for(houses: Houses, right: AgentRight) -> None:
    ours, _ = await walk(await agent_with(houses, frozenset({right})), houses)
    assert ours == OF_AN_AGENT[right]


async def test_an_agent_with_every_right_sees_and_changes_what_agents_work_on(houses: Houses) -> None:
    ours, _ = await walk(await agent_with(houses, ALL_RIGHTS), houses)
    assert ours == OF_A_FULL_AGENT


async def test_a_parent_sees_and_changes_what_is_theirs_and_nothing_else(houses: Houses) -> None:
    parent = await sign_in(houses.town, houses.ours.parent)
    assert await walk(parent, houses, knows_secrets=True) == (OF_A_PARENT, Observed())


async def test_an_adult_who_only_sees_changes_nothing_of_the_household(houses: Houses) -> None:
    with houses.town.at_work():
        adult = await Account.get(id=houses.ours.parent.id)
        await Membership.filter(person_id=adult.person_id).update(books=False, pays=False)
    ours, theirs = await walk(await sign_in(houses.town, adult), houses, knows_secrets=True)
    assert (ours.changes, theirs) == (OF_ITS_OWN, Observed())
