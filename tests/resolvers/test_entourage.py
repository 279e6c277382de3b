"""The entourage: who may fetch, who is called, who is kept away, and another child."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

import pytest

from plugins.rules.entourage import Permission
from plugins.rules.requests import RequestKind, RequestState
from resolvers.errors import Code
from resolvers.families.entourage import add_child, add_contact, allow_contact, entourage_of, remove_contact
from resolvers.families.households import households_of
from resolvers.models import ContactPermission, Person, Request
from resolvers.models.households import Role
from resolvers.requests.decisions import decide_request
from resolvers.requests.request_lists import Wanted, requests_page, unsealed
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, sign_in_again, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

FETCH, CALL, FORBIDDEN = Permission.FETCH, Permission.CALL, Permission.FORBIDDEN
PAPI = {"first_name": "Papi", "last_name": "TEST", "phone": "02 99 00 00 00", "street": "", "postcode": "", "town": ""}
MELLE = {
    **PAPI,
    "title": "Monsieur",
    "street": "2 rue des Fusains",
    "postcode": "79500",
    "town": "Melle",
    "country": "FRANCE",
}


async def added(
    town: Town, family: Family, *permissions: Permission, particulars: Mapping[str, str] = PAPI, key: str | None = None
) -> Request:
    """The family adds somebody for its first child."""
    with town.asked_by(family.parent) as ctx:
        return await add_contact(ctx, family.id, particulars, {family.child: frozenset(permissions)}, key=key)


async def contacts(town: Town, signed: Signed, child: UUID) -> list[tuple[str, Permission]]:
    """Who may do what about a child, as somebody reads it."""
    with town.asked_by(signed) as ctx:
        (found,) = await entourage_of(ctx, [child])
    return [(allowed.first_name, allowed.permission) for allowed in found]


async def test_a_family_adds_a_contact_who_may_fetch_and_is_called(chavagne: Town) -> None:
    family = await add_family(chavagne)
    request = await added(chavagne, family, FETCH, CALL)
    assert (request.kind, request.state, request.title) == (
        RequestKind.ENTOURAGE,
        RequestState.ACCEPTED,
        "Ajout d'un contact : Papi TEST",
    )
    parent = await sign_in_again(chavagne, family)
    assert set(await contacts(chavagne, parent, family.child)) == {("Papi", FETCH), ("Papi", CALL)}
    assert await contacts(chavagne, parent, family.children["Enfant2"]) == []
    with chavagne.asked_by(parent) as ctx, statements() as sent:
        await entourage_of(ctx, list(family.children.values()))
    assert len(sent) == 2


async def test_in_melle_a_contact_waits_for_an_agent_with_what_the_form_requires(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    with refused(Code.BLANK) as missing:
        await added(melle, family, FETCH, particulars={**MELLE, "country": ""})
    request = await added(melle, family, FETCH, particulars=MELLE)
    assert (missing.value.field, request.state) == (("country",), RequestState.SENT)
    assert await contacts(melle, agent, family.child) == []
    with melle.asked_by(agent) as ctx:
        await decide_request(ctx, request.id, accept=True)
    assert await contacts(melle, agent, family.child) == [("Papi", FETCH)]


async def test_a_refused_contact_never_existed(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    request = await added(melle, family, FETCH, particulars=MELLE)
    with melle.asked_by(agent) as ctx:
        await decide_request(ctx, request.id, accept=False, text="Nous ne connaissons pas cette personne.")
        assert (await ContactPermission.all().count(), await Person.filter(first_name="Papi").count()) == (0, 0)


async def test_who_is_kept_away_is_read_by_agents_alone_once_one_agreed(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    other = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST"))
    request = await added(chavagne, family, FORBIDDEN)
    assert (request.state, request.title) == (RequestState.SENT, "Contact de la famille")
    with chavagne.asked_by(agent) as ctx:
        await decide_request(ctx, request.id, accept=True)
    assert await contacts(chavagne, agent, family.child) == [("Papi", FORBIDDEN)]
    for signed in (family.parent, other):
        assert await contacts(chavagne, signed, family.child) == []
        with chavagne.asked_by(signed) as ctx:
            assert "Papi" not in {member.first_name for home in await households_of(ctx) for member in home.members}
    with chavagne.asked_by(other) as ctx:
        assert (await requests_page(ctx, Wanted(), None, 10))[1] == 0
    assert {mail.recipient for mail in await chavagne.mails("request:")} == {family.parent.viewer.email}


async def test_to_be_kept_away_goes_with_nothing_else(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with refused(Code.INVALID) as both:
        await added(chavagne, family, FORBIDDEN, FETCH)
    assert both.value.field == ("permissions",)


async def test_permissions_are_replaced_and_a_removal_keeps_what_stood(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    contact = (await added(chavagne, family, FETCH)).subject_id
    assert contact is not None
    parent = await sign_in_again(chavagne, family)
    with chavagne.asked_by(parent) as ctx:
        await allow_contact(ctx, family.id, contact, {family.children["Enfant2"]: frozenset({CALL})})
    assert await contacts(chavagne, agent, family.child) == []
    assert await contacts(chavagne, agent, family.children["Enfant2"]) == [("Papi", CALL)]
    with chavagne.asked_by(parent) as ctx:
        removal = await remove_contact(ctx, family.id, contact)
        assert '"permission": "CALL"' in unsealed(ctx, removal.details)
        with refused(Code.NOT_FOUND):
            await remove_contact(ctx, family.id, contact)
    assert await contacts(chavagne, agent, family.children["Enfant2"]) == []
    with chavagne.at_work():
        assert await Person.filter(id=contact).exists()


async def test_a_contact_removed_meanwhile_is_not_allowed_again(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    request = await added(melle, family, FETCH, particulars=MELLE)
    with melle.asked_by(agent) as ctx:
        await decide_request(ctx, request.id, accept=True)
    parent = await sign_in_again(melle, family)
    contact = request.subject_id
    assert contact is not None
    with melle.asked_by(parent) as ctx:
        removal = await remove_contact(ctx, family.id, contact)
        change = await allow_contact(ctx, family.id, contact, {family.child: frozenset({CALL})})
    with melle.asked_by(agent) as ctx:
        await decide_request(ctx, removal.id, accept=True)
        with refused(Code.STATE_CONFLICT):
            await decide_request(ctx, change.id, accept=True)
        assert (await Request.get(id=change.id)).state is RequestState.SENT


async def test_a_contact_may_live_with_a_member_and_follows_its_address(chavagne: Town) -> None:
    family = await add_family(chavagne)
    host = family.parent.viewer.person_id
    with chavagne.asked_by(family.parent) as ctx:
        await add_contact(ctx, family.id, PAPI, {family.child: frozenset({FETCH})}, lives_with=host)
        with refused(Code.NOT_FOUND):
            await add_contact(ctx, family.id, PAPI, {}, lives_with=uuid4())
        await Person.filter(id=host).update(street="3 rue Neuve")
    with chavagne.asked_by(await sign_in_again(chavagne, family)) as ctx:
        (home,) = await households_of(ctx)
    (papi,) = (member for member in home.members if member.role is Role.CONTACT)
    assert (papi.street, papi.postcode, papi.town) == ("3 rue Neuve", "35310", "Chavagne")


async def test_another_child_belongs_to_the_household_once_an_agent_accepts(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        first, again = [await add_child(ctx, family.id, "Zoé", "TEST", date(2023, 2, 1), "un clic") for _ in range(2)]
        with refused(Code.INVALID):
            await add_child(ctx, family.id, "Zoé", "TEST", date(2027, 1, 1))
        with refused(Code.BLANK):
            await add_child(ctx, family.id, " ", "TEST", date(2023, 2, 1))
    assert (first.id, first.kind, first.state) == (again.id, RequestKind.CHILD, RequestState.SENT)
    with chavagne.asked_by(agent) as ctx:
        await decide_request(ctx, first.id, accept=True)
        (home,) = await households_of(ctx, frozenset({family.id}))
    assert [(child.first_name, child.birth_date) for child in home.children][-1] == ("Zoé", date(2023, 2, 1))


async def test_nobody_adds_to_the_household_or_about_the_child_of_others(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Anne TEST", books=False))
    with chavagne.asked_by(other.parent) as ctx:
        for household, child in ((family.id, family.child), (other.id, family.child)):
            with refused(Code.NOT_FOUND):
                await add_contact(ctx, household, PAPI, {child: frozenset({FETCH})})
    with chavagne.asked_by(reader) as ctx, refused(Code.NOT_FOUND):
        await add_child(ctx, family.id, "Zoé", "TEST", date(2023, 2, 1))


async def test_a_repeated_addition_is_kept_once(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first, again = [await added(chavagne, family, FETCH, key="un clic") for _ in range(2)]
    assert first.id == again.id
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await added(chavagne, family, CALL, key="un clic")


async def test_a_crèche_family_adds_nobody_online(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance",))
    with refused(Code.FEATURE_CLOSED) as closed:
        await added(epagny, family, FETCH)
    assert closed.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}
