"""Quotients familiaux: declared with their month, reviewed where the commune says so, and only accepted ones price."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from plugins.hookspecs import hookimpl
from plugins.rules.features import FieldPolicies, FieldPolicy, Review, Visibility
from plugins.rules.identity import Service
from plugins.rules.requests import RequestKind, RequestState
from resolvers.billing.billing import Month
from resolvers.errors import Code
from resolvers.families.households import quotients_of
from resolvers.families.quotients import (
    FIELD,
    QuotientFile,
    declare,
    field_policy,
    files_of,
    keep_fetched,
    may_read,
    record,
)
from resolvers.models import QuotientFamilial, Request
from resolvers.models.households import QuotientSource, QuotientState
from resolvers.requests.decisions import cancel_request, decide_request
from resolvers.requests.request_lists import Wanted, requests_page, unsealed
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
AT_ONCE, CHECKED = FieldPolicy(Visibility.EDITABLE), FieldPolicy(Visibility.EDITABLE, Review.AGENT)
SHOWN, HIDDEN = FieldPolicy(Visibility.SHOWN), FieldPolicy(Visibility.HIDDEN)


def with_policies(town: Town, *policies: FieldPolicy) -> Town:
    """The town, whose services let families do this with their quotient, one policy for each service in turn."""
    codes = [service.code for service in town.commune.identity.services]

    @hookimpl
    def field_policies(service: Service) -> FieldPolicies:
        return FieldPolicies({FIELD: policies[codes.index(service.code)]}, default=SHOWN)

    return Town(town.commune.trying(SimpleNamespace(field_policies=field_policies)))


@pytest.fixture
def checking(chavagne: Town) -> Town:
    """A commune where families declare their quotient and an agent checks it."""
    return with_policies(chavagne, CHECKED)


async def declared(
    town: Town, family: Family, euros: int = 480, month: Month = OCTOBER, key: str | None = None
) -> QuotientFamilial:
    """The family declares a quotient."""
    with town.asked_by(family.parent) as ctx:
        return await declare(ctx, family.id, euros, month, key=key)


async def file_of(town: Town, family: Family) -> QuotientFile:
    """The quotients of the family, and the one that holds."""
    with town.asked_by(family.parent) as ctx:
        (found,) = await files_of(ctx, [family.id])
        priced = await quotients_of(ctx, frozenset({family.id}))
        assert priced.on(town.commune, family.id, ctx.local_now.date()) == found.held.qf  # what is shown is what prices
        return found


async def decided(town: Town, agent: Signed, quotient: QuotientFamilial, *, accept: bool, text: str = "") -> Request:
    """An agent decides the request of a declaration, a minute later."""
    town.later(minutes=1)
    assert quotient.request_id is not None
    with town.asked_by(agent) as ctx:
        return await decide_request(ctx, quotient.request_id, accept=accept, text=text)


async def test_a_declared_quotient_waits_and_prices_nothing_until_an_agent_accepts_it(checking: Town) -> None:
    family, agent = await add_family(checking, quotient=650), await add_agent(checking)
    quotient = await declared(checking, family)
    waiting = await file_of(checking, family)
    assert (waiting.held.qf, [(row.euros, row.state) for row in waiting.rows]) == (
        650,
        [(480, QuotientState.WAITING), (650, QuotientState.ACCEPTED)],
    )
    await decided(checking, agent, quotient, accept=True)
    accepted = await file_of(checking, family)
    assert (accepted.held.qf, accepted.held.since, accepted.rows[0].source) == (
        480,
        date(2026, 10, 1),
        QuotientSource.DECLARED,
    )


async def test_a_declaration_is_a_request_whose_value_is_read_on_the_portal_alone(checking: Town) -> None:
    family = await add_family(checking)
    await declared(checking, family)
    with checking.asked_by(family.parent) as ctx:
        (request,), _ = await requests_page(ctx, Wanted(kind=RequestKind.QUOTIENT), None, 10)
        assert unsealed(ctx, request.details) == "Quotient familial d'octobre 2026 : 480 euros par mois."
    assert (request.title, request.state) == ("Quotient familial d'octobre 2026", RequestState.SENT)
    (mail,) = await checking.mails("request:")
    assert "480" not in mail.subject + mail.body + request.details


async def test_a_refused_quotient_never_prices_and_says_why(checking: Town) -> None:
    family, agent = await add_family(checking, quotient=None), await add_agent(checking)
    quotient = await declared(checking, family)
    with refused(Code.BLANK):
        await decided(checking, agent, quotient, accept=False)
    request = await decided(checking, agent, quotient, accept=False, text="L'attestation est illisible.")
    found = await file_of(checking, family)
    assert (request.state, found.rows[0].state, found.held.qf) == (RequestState.REFUSED, QuotientState.REFUSED, None)
    assert found.say() == (
        "Aucun quotient familial applicable à cette date : chaque activité est facturée au tarif prévu sans quotient "
        "familial."
    )
    with refused(Code.STATE_CONFLICT):
        await decided(checking, agent, quotient, accept=True)


async def test_a_declaration_is_taken_back_until_it_is_decided_and_makes_room_for_another(checking: Town) -> None:
    family, agent = await add_family(checking, quotient=None), await add_agent(checking)
    first = await declared(checking, family, 4800)
    with refused(Code.STATE_CONFLICT):
        await declared(checking, family, 480)
    assert first.request_id is not None
    with checking.asked_by(family.parent) as ctx:
        assert (await cancel_request(ctx, first.request_id)).state is RequestState.CANCELLED
    second = await declared(checking, family, 480)
    await decided(checking, agent, second, accept=True)
    assert second.request_id is not None
    with checking.asked_by(family.parent) as ctx, refused(Code.STATE_CONFLICT):
        await cancel_request(ctx, second.request_id)
    assert [row.euros for row in (await file_of(checking, family)).rows] == [480]


async def test_where_nobody_checks_a_declared_quotient_counts_at_once(chavagne: Town) -> None:
    town = with_policies(chavagne, AT_ONCE)
    family = await add_family(town, quotient=650)
    quotient = await declared(town, family, 0)
    assert (quotient.state, (await file_of(town, family)).held.qf) == (QuotientState.ACCEPTED, 0)
    with town.at_work():
        assert (await Request.get(id=quotient.request_id)).state is RequestState.ACCEPTED


async def test_the_newest_month_holds_whatever_the_order_they_come_in(chavagne: Town) -> None:
    town, agent = chavagne, await add_agent(chavagne)
    family = await add_family(town, quotient=650)  # valid from January
    for euros, month in ((500, OCTOBER), (700, SEPTEMBER)):
        town.later(minutes=1)
        with town.asked_by(agent) as ctx:
            await record(ctx, family.id, euros, month)
    found = await file_of(town, family)
    assert [(row.euros, row.source) for row in found.rows] == [
        (500, QuotientSource.AGENT),
        (700, QuotientSource.AGENT),
        (650, QuotientSource.AGENT),
    ]
    assert found.say() == (
        "Quotient familial 500, reçu le lundi 5 octobre 2026, appliqué à partir du jeudi 1er octobre 2026."
    )


async def test_a_key_declares_and_records_once(checking: Town) -> None:
    family, agent = await add_family(checking, quotient=None), await add_agent(checking)
    first, again = [await declared(checking, family, key="un clic") for _ in range(2)]
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await declared(checking, family, 481, key="un clic")
    with checking.asked_by(agent) as ctx:
        one, same = [await record(ctx, family.id, 500, OCTOBER, "un clic") for _ in range(2)]
        assert await QuotientFamilial.all().count() == 2
    assert (first.id, one.id) == (again.id, same.id)
    with checking.asked_by(family.parent) as ctx:
        assert first.request_id is not None
        await cancel_request(ctx, first.request_id)
    with refused(Code.NOT_FOUND):
        await declared(checking, family, key="un clic")


@pytest.mark.parametrize(
    ("euros", "month", "field"),
    [
        (-1, OCTOBER, "euros"),
        (100_000, OCTOBER, "euros"),
        (480, Month(2026, 11), "month"),
        (480, Month(2024, 9), "month"),
    ],
)
async def test_figures_that_no_notice_has_are_refused(checking: Town, euros: int, month: Month, field: str) -> None:
    family = await add_family(checking, quotient=None)
    with refused(Code.INVALID) as told:
        await declared(checking, family, euros, month)
    assert told.value.field == (field,)
    with checking.at_work():
        assert (await QuotientFamilial.all().count(), await Request.all().count()) == (0, 0)


async def test_a_document_of_others_is_not_a_notice(checking: Town) -> None:
    family = await add_family(checking, quotient=None)
    with checking.asked_by(family.parent) as ctx:
        with refused(Code.NOT_FOUND):
            await declare(ctx, family.id, 480, OCTOBER, [uuid4()])
        assert await QuotientFamilial.all().count() == 0


async def test_only_who_pays_for_the_household_declares(checking: Town) -> None:
    family, other = await add_family(checking), await add_family(checking, "AUTRE")
    watcher = await sign_in(checking, await add_parent(checking, family.id, "Luc TEST", pays=False))
    for signed in (other.parent, watcher):
        with checking.asked_by(signed) as ctx, refused(Code.NOT_FOUND):
            await declare(ctx, family.id, 480, OCTOBER)
    with checking.asked_by(other.parent) as ctx:
        (found,) = await files_of(ctx, [family.id])
        assert found.rows == ()


async def test_where_families_do_not_declare_online_they_are_told_where_to_write(chavagne: Town, epagny: Town) -> None:
    family = await add_family(chavagne)
    with refused(Code.FIELD_NOT_EDITABLE) as told:
        await declared(chavagne, family)
    assert (told.value.message, told.value.facts) == (
        "Ici, le quotient familial ne se déclare pas en ligne : envoyez votre attestation à "
        "portail.familles@chavagne.fr.",
        {"contact": "portail.familles@chavagne.fr"},
    )
    nursery = await add_family(epagny, services=("petite-enfance",))
    with refused(Code.FEATURE_CLOSED) as closed:
        await declared(epagny, nursery)
    assert closed.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}


async def test_le_mesnil_lets_families_declare_and_checks(databases: object) -> None:
    """« 3 - Déclarer votre nouveau QF »."""
    town = Town.called("mesnil")
    family = await add_family(town, quotient=None)
    assert (await declared(town, family)).state is QuotientState.WAITING


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ((AT_ONCE, CHECKED), CHECKED),
        ((CHECKED, SHOWN), CHECKED),
        ((HIDDEN, AT_ONCE), AT_ONCE),
        ((HIDDEN, SHOWN), SHOWN),
        ((HIDDEN, HIDDEN), HIDDEN),
    ],
)
def test_of_several_services_the_most_open_and_the_most_careful_holds(
    policies: tuple[FieldPolicy, FieldPolicy], expected: FieldPolicy
) -> None:
    town = with_policies(Town.called("epagny"), *policies)
    services = [service.code for service in town.commune.identity.services]
    assert field_policy(town.context(), services) == expected


async def test_a_hidden_quotient_is_shown_to_agents_alone(chavagne: Town) -> None:
    town = with_policies(chavagne, HIDDEN)
    family, agent = await add_family(town), await add_agent(town)
    assert [may_read(town.context(each.viewer), ["enfance"]) for each in (family.parent, agent)] == [False, True]


async def test_what_the_fund_answers_counts_at_once_and_is_kept_once(chavagne: Town) -> None:
    family = await add_family(chavagne, quotient=650)
    kept: list[UUID] = []
    for euros in (480, 480, 470):
        chavagne.later(minutes=1)
        with chavagne.asked_by(family.parent) as ctx:
            kept.append((await keep_fetched(ctx, family.id, euros, OCTOBER)).id)
    found = await file_of(chavagne, family)
    assert kept[0] == kept[1]
    assert [(row.euros, row.source, row.state) for row in found.rows[:2]] == [
        (470, QuotientSource.CAF, QuotientState.ACCEPTED),
        (480, QuotientSource.CAF, QuotientState.ACCEPTED),
    ]
    with chavagne.at_work():
        assert await Request.filter(kind=RequestKind.QUOTIENT, state=RequestState.ACCEPTED).count() == 2


async def test_the_files_of_many_households_take_one_statement(chavagne: Town) -> None:
    families, agent = [await add_family(chavagne, name) for name in ("UN", "DEUX")], await add_agent(chavagne)
    with chavagne.asked_by(agent) as ctx, statements() as sent:
        found = await files_of(ctx, [family.id for family in families])
    assert (len(sent), [each.held.qf for each in found]) == (1, [650, 650])
