"""Particulars: changed at once or by an agent, one by one, and never over what moved in between."""

from datetime import date
from uuid import uuid4

import pytest

from plugins.rules.requests import RequestKind, RequestState
from resolvers.errors import Code
from resolvers.families.corrections import correct_person
from resolvers.families.field_changes import (
    OUTDATED,
    Asked,
    Particulars,
    decide_change,
    input_name,
    unsealed,
    update_person,
)
from resolvers.models import FieldChange, Person, Request, RequestEvent
from resolvers.models.families import ChangeState
from resolvers.requests.decisions import cancel_request, decide_request
from resolvers.requests.request_lists import unsealed as text_of
from schema.portal import schema
from tests.refusals import refused
from tests.towns import Family, Town, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_a_family_keeps_its_telephone_and_address_up_to_date(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        await update_person(ctx, family.child, {"phone": "06 12 34 56 78", "town": "Rennes"})
        child = await Person.get(id=family.child)
    assert (child.phone, child.town, child.street, child.first_name) == ("06 12 34 56 78", "Rennes", "", "Enfant1")


@pytest.mark.parametrize("field", ["first_name", "last_name", "birth_date", "email", "id"])
async def test_what_the_service_keeps_is_not_edited_online(chavagne: Town, field: str) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        with refused(Code.FIELD_NOT_EDITABLE) as caught:
            await update_person(ctx, family.child, {"phone": "06 00 00 00 00", field: "autre"})
        assert (await Person.get(id=family.child)).phone == ""
    assert (caught.value.field, caught.value.facts) == (
        (input_name(field),),
        {"contact": "portail.familles@chavagne.fr"},
    )


async def test_a_crèche_family_is_told_which_mailbox_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance",))
    with epagny.asked_by(family.parent) as ctx, refused(Code.FEATURE_CLOSED) as caught:
        await update_person(ctx, family.child, {"phone": "06 00 00 00 00"})
    assert caught.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}
    assert "picketplume@epagnymetztesy.fr" in caught.value.message


async def test_a_family_of_both_services_edits_what_one_of_them_allows(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance", "enfance-jeunesse"))
    with epagny.asked_by(family.parent) as ctx:
        await update_person(ctx, family.child, {"phone": "06 00 00 00 00"})
        assert (await Person.get(id=family.child)).phone == "06 00 00 00 00"


async def test_nobody_edits_the_persons_of_others(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    with chavagne.asked_by(other.parent) as ctx:
        for person in (family.child, uuid4()):
            with refused(Code.NOT_FOUND):
                await update_person(ctx, person, {"phone": "06 66 66 66 66"})
    with chavagne.at_work():
        assert (await Person.get(id=family.child)).phone == ""


async def test_who_only_sees_a_household_edits_nobody_but_themselves(chavagne: Town) -> None:
    family = await add_family(chavagne)
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=False, pays=False))
    with chavagne.asked_by(reader) as ctx:
        for person in (family.child, family.parent.viewer.person_id):
            assert person is not None
            with refused(Code.NOT_FOUND):
                await update_person(ctx, person, {"phone": "06 66 66 66 66"})
        assert reader.viewer.person_id is not None
        await update_person(ctx, reader.viewer.person_id, {"phone": "06 12 34 56 78"})
    with chavagne.at_work():
        phones = {person.first_name: person.phone for person in await Person.all()}
    assert phones == {"Parent": "", "Enfant1": "", "Enfant2": "", "Luc": "06 12 34 56 78"}


async def test_a_change_made_at_once_leaves_its_trace_and_no_request(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        same = await update_person(ctx, family.child, {"phone": ""})
        asked = await update_person(ctx, family.child, {"phone": "06 12 34 56 78", "town": ""})
        (row,) = asked.changes
        assert "06 12" not in row.new
        assert (row.name, row.state, unsealed(ctx, row.old), unsealed(ctx, row.new)) == (
            "phone",
            ChangeState.APPLIED,
            "",
            "06 12 34 56 78",
        )
    assert (same.changes, asked.request) == ((), None)


async def wait(town: Town, family: Family, wanted: Particulars) -> Asked:
    """Melle's families ask; an agent will decide."""
    with town.asked_by(family.parent) as ctx:
        return await update_person(ctx, family.child, wanted)


async def test_in_melle_a_change_waits_for_an_agent_in_one_request(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    asked = await wait(melle, family, {"birth_date": date(2018, 4, 1), "birth_name": "TESTBIS"})
    assert asked.request is not None
    assert (asked.request.kind, asked.request.title, asked.request.state) == (
        RequestKind.PARTICULARS,
        "Informations d'Enfant1",
        RequestState.SENT,
    )
    with melle.asked_by(agent) as ctx:
        assert (await Person.get(id=family.child)).birth_name == ""
        await decide_request(ctx, asked.request.id, accept=True)
        child, changes = await Person.get(id=family.child), await FieldChange.all()
    assert (child.birth_name, child.birth_date) == ("TESTBIS", date(2018, 4, 1))
    assert {(row.name, row.state, row.decided_by) for row in changes} == {
        ("birth_name", ChangeState.APPLIED, agent.viewer.account_id),
        ("birth_date", ChangeState.APPLIED, agent.viewer.account_id),
    }
    assert [mail.subject for mail in await melle.mails("request:")] == [
        "Demande n° D-2026-000001 : bien enregistrée",
        "Demande n° D-2026-000001 : Traitée positivement",
    ]


async def test_an_agent_decides_change_by_change_and_the_last_one_closes_the_request(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    asked = await wait(melle, family, {"phone": "06 00 00 00 00", "birth_name": "TESTBIS"})
    phone, name = asked.changes
    with melle.asked_by(agent) as ctx:
        assert (await decide_change(ctx, phone.id, accept=False)).state is ChangeState.REFUSED
        assert (await Request.get()).state is RequestState.SENT
        assert (await decide_change(ctx, name.id, accept=True)).state is ChangeState.APPLIED
        child = await Person.get(id=family.child)
        assert ((await Request.get()).state, child.phone, child.birth_name) == (RequestState.ACCEPTED, "", "TESTBIS")
        with refused(Code.STATE_CONFLICT):
            await decide_change(ctx, phone.id, accept=True)
        with refused(Code.NOT_FOUND):
            await decide_change(ctx, uuid4(), accept=True)


async def test_a_request_ends_refused_only_with_a_reason(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    asked = await wait(melle, family, {"phone": "06 00 00 00 00"})
    with melle.asked_by(agent) as ctx:
        with refused(Code.BLANK):
            await decide_change(ctx, asked.changes[0].id, accept=False)
        assert (await FieldChange.get()).state is ChangeState.WAITING
        await decide_change(ctx, asked.changes[0].id, accept=False, text="Ce numéro n'existe pas.")
        assert (await Request.get()).state is RequestState.REFUSED


async def test_what_moved_in_between_is_not_overwritten_and_the_family_is_told(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    asked = await wait(melle, family, {"birth_name": "TESTBIS"})
    with melle.asked_by(agent) as ctx:
        await Person.filter(id=family.child).update(birth_name="TESTBISEZ")
        assert asked.request is not None
        decided = await decide_request(ctx, asked.request.id, accept=True)
        last = await RequestEvent.filter(request_id=decided.id, by_agent=True).get()
        assert (decided.state, text_of(ctx, last.text)) == (RequestState.REFUSED, OUTDATED)
        assert ((await FieldChange.get()).state, (await Person.get(id=family.child)).birth_name) == (
            ChangeState.OVERTAKEN,
            "TESTBISEZ",
        )


async def test_a_particular_waits_once_until_the_family_gives_it_up(melle: Town) -> None:
    family = await add_family(melle)
    first = await wait(melle, family, {"phone": "06 00 00 00 00"})
    with refused(Code.STATE_CONFLICT) as second:
        await wait(melle, family, {"phone": "07 00 00 00 00"})
    assert second.value.message == (
        "Une modification de cette information attend déjà la réponse du service (demande n° D-2026-000001) : "
        "annulez-la pour en demander une autre."
    )
    with melle.asked_by(family.parent) as ctx:
        assert first.request is not None
        await cancel_request(ctx, first.request.id)
    assert (await wait(melle, family, {"phone": "07 00 00 00 00"})).request is not None


async def test_what_melle_requires_is_never_emptied(melle: Town) -> None:
    family = await add_family(melle)
    with refused(Code.BLANK) as blank:
        await wait(melle, family, {"last_name": " "})
    assert blank.value.field == ("lastName",)


CHANGES = """query($after: String) { viewer { households { particularChanges(first: 2, after: $after) {
  totalCount pageInfo { endCursor } nodes { label old new state askedBy decidedBy } } } } }"""


async def test_a_family_reads_every_change_of_its_particulars_who_asked_and_who_decided(chavagne: Town) -> None:
    family, other, agent = await add_family(chavagne), await add_family(chavagne, "AUTRE"), await add_agent(chavagne)
    for home in (family, other):
        with chavagne.asked_by(home.parent) as ctx:
            await update_person(ctx, home.child, {"phone": "06 12 34 56 78"})
    chavagne.later(minutes=1)
    with chavagne.asked_by(family.parent) as ctx:
        await update_person(ctx, family.child, {"town": "Rennes"})
    chavagne.later(minutes=1)
    with chavagne.asked_by(agent) as ctx:
        await correct_person(ctx, family.child, {"school": "École du bourg"}, "Inscription vue")
    pages, after = [], None
    for _ in range(2):
        with chavagne.asked_by(family.parent) as ctx:
            result = await schema.execute(CHANGES, {"after": after}, context_value=ctx)
        assert (result.errors, result.data is None) == (None, False)
        page = (result.data or {})["viewer"]["households"][0]["particularChanges"]
        after = page["pageInfo"]["endCursor"]
        pages.append([[each["label"], each["new"], each["askedBy"], each["decidedBy"]] for each in page["nodes"]])
    mine = "Parent TEST"
    assert (pages, page["totalCount"]) == (
        [
            [["école", "École du bourg", "le service", "le service"], ["ville", "Rennes", mine, None]],
            [["téléphone", "06 12 34 56 78", mine, None]],
        ],
        3,
    )
