"""Who belongs to a household and what each adult may do there: set by agents, read and mailed in every household."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.custody import CustodyPattern, Share
from plugins.rules.entourage import Permission
from resolvers.families.custody import record_custody
from resolvers.models import BillingShare, ContactPermission, Custody, Membership
from resolvers.models.households import Role
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, sign_in_again

pytestmark = [pytest.mark.anyio, pytest.mark.database]

LINK = """mutation($input: ChildLinkInput!) { childLink(input: $input) {
  linkedAt userErrors { code field } } }"""
UNLINK = """mutation($input: ChildUnlinkInput!) { childUnlink(input: $input) {
  unlinkedAt userErrors { code field } } }"""
RIGHTS = """mutation($input: MembershipRightsSetInput!) { membershipRightsSet(input: $input) {
  setAt userErrors { code field } } }"""
HOME = """{ viewer { households { myRights { sees books pays } adults { rights { sees } } children { firstName }
  requests(first: 5) { nodes { kind title state details { label value } } } } } }"""
ADULTS = """query($id: ID!) { node(id: $id) { ... on Household { myRights { sees }
  adults { firstName role rights { sees books pays } } } } }"""
ALL = {"sees": True, "books": True, "pays": True}


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any] | None = None) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(given or {}), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def done(town: Town, agent: Signed, document: str, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Why a mutation was refused: the codes and the last word of the fields; nothing when it was done."""
    (payload,) = (await ask(town, agent, document, {"input": dict(given)})).values()
    return [(each["code"], each["field"][-1]) for each in payload["userErrors"]]


async def home_of(town: Town, family: Family) -> Any:
    """What the parent of a household reads."""
    (home,) = (await ask(town, await sign_in_again(town, family), HOME))["viewer"]["households"]
    return home


def named(child: UUID, home: UUID, reason: str = "Jugement du 3 septembre") -> dict[str, str]:
    """The input of both mutations about a child and a household."""
    return {"childId": global_id("Child", child), "householdId": global_id("Household", home), "reason": reason}


async def test_a_child_belongs_to_the_household_of_its_other_parent_too_and_both_are_told(chavagne: Town) -> None:
    mother, father = await add_family(chavagne, "TEST", children=("Clara",)), await add_family(chavagne, "TESTBIS")
    agent = await add_agent(chavagne)
    given = named(mother.child, father.id)
    assert (await done(chavagne, agent, LINK, given), await done(chavagne, agent, LINK, given)) == (
        [],
        [("STATE_CONFLICT", "householdId")],
    )
    with chavagne.asked_by(agent) as ctx:  # what needs two households now finds them
        weekdays = {mother.id: {1, 2, 3}, father.id: {4, 5}}
        shares = {
            home: Share(CustodyPattern.WEEKDAYS, date(2026, 11, 2), weekdays=frozenset(days))
            for home, days in weekdays.items()
        }
        await record_custody(ctx, mother.child, shares)
    hers, his = await home_of(chavagne, mother), await home_of(chavagne, father)
    assert [each["firstName"] for each in his["children"]] == ["Clara", "Enfant1", "Enfant2"]
    why = [{"label": "motif", "value": "Jugement du 3 septembre"}]
    assert [home["requests"]["nodes"][1:] for home in (hers, his)] == [  # the latest is the calendar of custody
        [{"kind": "CHILD", "title": f"Rattachement de Clara à {where}", "state": "ACCEPTED", "details": why}]
        for where in ("un autre foyer", "votre foyer")
    ]
    mailed = {mail.recipient for mail in await chavagne.mails("request:")}
    assert mailed == {mother.parent.viewer.email, father.parent.viewer.email}


async def test_a_child_leaves_a_household_and_stays_in_the_other_with_every_day(chavagne: Town) -> None:
    mother, father = await add_family(chavagne, children=("Clara",)), await add_family(chavagne, "TESTBIS")
    agent, contact = await add_agent(chavagne), uuid4()
    with chavagne.at_work() as ctx:
        await Membership.create(household_id=father.id, person_id=mother.child, role=Role.CHILD)
        for home in (mother.id, father.id):
            row: dict[str, Any] = {"household_id": home, "child_id": mother.child}
            since: dict[str, Any] = {"first_day": date(2026, 9, 1), "decided_at": ctx.now}
            await Custody.create(**row, **since, pattern=CustodyPattern.WEEKDAYS, weekdays=[1])
            await BillingShare.create(**row, **since, percent=50, decided_by=contact)
            await ContactPermission.create(**row, contact_id=contact, permission=Permission.FETCH, since=ctx.now)
            await ContactPermission.create(**row, contact_id=uuid4(), permission=Permission.FORBIDDEN, since=ctx.now)
    assert await done(chavagne, agent, UNLINK, named(mother.child, father.id)) == []
    with chavagne.at_work():
        links = [link.household_id for link in await Membership.filter(person_id=mother.child)]
        last_days = {row.last_day for row in await Custody.all()} | {row.last_day for row in await BillingShare.all()}
        kept = [(row.household_id, row.permission) for row in await ContactPermission.all()]
    assert (links, last_days) == ([mother.id], {date(2026, 10, 4)})
    assert set(kept) == {
        (mother.id, Permission.FETCH),
        (mother.id, Permission.FORBIDDEN),
        (father.id, Permission.FORBIDDEN),
    }
    titles = [(await home_of(chavagne, home))["requests"]["nodes"][0]["title"] for home in (mother, father)]
    assert titles == ["Fin du rattachement de Clara à un autre foyer", "Fin du rattachement de Clara à votre foyer"]


async def test_a_child_is_not_linked_nor_unlinked_against_what_stands(chavagne: Town) -> None:
    mother, father = await add_family(chavagne, children=("Clara",)), await add_family(chavagne, "TESTBIS")
    agent, parent = await add_agent(chavagne), father.parent.viewer.person_id
    enrolled = await add_family(chavagne, "TEST", enrolled=("restauration",))
    with chavagne.at_work() as ctx:
        allowed: dict[str, Any] = {"household_id": mother.id, "child_id": mother.child, "contact_id": parent}
        await ContactPermission.create(**allowed, permission=Permission.FORBIDDEN, since=ctx.now)
        await Membership.create(household_id=father.id, person_id=enrolled.child, role=Role.CHILD)
    asked = [
        (LINK, named(mother.child, father.id)),
        (LINK, named(mother.child, uuid4())),
        (LINK, named(uuid4(), father.id)),
        (LINK, named(mother.child, father.id, " ")),
        (UNLINK, named(mother.child, mother.id)),
        (UNLINK, named(mother.child, father.id)),
        (UNLINK, named(enrolled.child, enrolled.id)),
    ]
    assert [await done(chavagne, agent, *each) for each in asked] == [
        [("STATE_CONFLICT", "householdId")],
        [("NOT_FOUND", "householdId")],
        [("NOT_FOUND", "childId")],
        [("BLANK", "reason")],
        [("STATE_CONFLICT", "householdId")],
        [("NOT_FOUND", "childId")],
        [("STATE_CONFLICT", "householdId")],
    ]
    assert await chavagne.mails("request:") == []


async def test_an_agent_says_what_each_adult_may_do_and_the_household_reads_it(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    other = await add_parent(chavagne, family.id, "Autre TEST", sees=False, books=False, pays=False)
    given = {
        "householdId": global_id("Household", family.id),
        "personId": global_id("Person", other.person_id),
        "reason": "Reprise du dossier à deux",
    }
    assert await done(chavagne, agent, RIGHTS, {**given, "sees": True, "books": True, "pays": False}) == []
    (home,) = (await ask(chavagne, await sign_in(chavagne, other), HOME))["viewer"]["households"]
    assert home["myRights"] == {"sees": True, "books": True, "pays": False}
    assert home["adults"] == [{"rights": None}, {"rights": None}]
    assert home["requests"]["nodes"] == [
        {
            "kind": "PARTICULARS",
            "title": "Droits d'Autre TEST sur le foyer",
            "state": "ACCEPTED",
            "details": [
                {"label": "voit le foyer", "value": "oui"},
                {"label": "réserve", "value": "oui"},
                {"label": "paie", "value": "non"},
                {"label": "motif", "value": "Reprise du dossier à deux"},
            ],
        }
    ]
    read = (await ask(chavagne, agent, ADULTS, {"id": given["householdId"]}))["node"]
    assert (read["myRights"], sorted(read["adults"], key=str)) == (
        None,
        [
            {"firstName": "Autre", "role": "REPRESENTATIVE", "rights": {"sees": True, "books": True, "pays": False}},
            {"firstName": "Parent", "role": "REPRESENTATIVE", "rights": ALL},
        ],
    )
    assert len(await chavagne.mails("request:")) == 2
    assert await done(chavagne, agent, RIGHTS, {**given, **dict.fromkeys(ALL, False)}) == []
    assert len(await chavagne.mails("request:")) == 4  # who is shut out is told too
    assert (await ask(chavagne, await sign_in(chavagne, other), HOME))["viewer"]["households"] == []


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        ({**ALL, "books": False}, ("STATE_CONFLICT", "books")),
        ({**ALL, "pays": False}, ("STATE_CONFLICT", "pays")),
        ({**ALL, "sees": False}, ("INVALID", "sees")),
    ],
)
async def test_somebody_always_books_and_pays(
    chavagne: Town, rights: dict[str, bool], expected: tuple[str, str]
) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    parent = family.parent.viewer.person_id
    assert parent is not None
    given = {"householdId": global_id("Household", family.id), "personId": global_id("Person", parent), "reason": "Vu"}
    assert await done(chavagne, agent, RIGHTS, {**given, **rights}) == [expected]
    child = {**given, "personId": global_id("Person", family.child)}
    assert await done(chavagne, agent, RIGHTS, {**child, **ALL}) == [("NOT_FOUND", "personId")]
    assert (await home_of(chavagne, family))["myRights"] == ALL


async def test_agents_of_other_services_change_no_link(epagny: Town) -> None:
    family, other = await add_family(epagny, services=["petite-enfance"]), await add_family(epagny, "TESTBIS")
    agent, parent = await add_agent(epagny, services=["enfance-jeunesse"]), family.parent.viewer.person_id
    assert parent is not None
    rights = {"householdId": global_id("Household", family.id), "personId": global_id("Person", parent), "reason": "Vu"}
    assert [
        await done(epagny, agent, LINK, named(family.child, other.id)),
        await done(epagny, agent, UNLINK, named(family.child, family.id)),
        await done(epagny, agent, RIGHTS, {**rights, **ALL}),
    ] == [[("NOT_FOUND", "childId")], [("NOT_FOUND", "childId")], [("NOT_FOUND", "householdId")]]
