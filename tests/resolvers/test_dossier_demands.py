"""What a forbidden contact and a shared custody demand: in the file that lacks it, and once the file was sent."""

from datetime import date, timedelta

import pytest

from plugins.rules.completeness import Lack, Part
from plugins.rules.custody import CustodyPattern, Share
from plugins.rules.entourage import Permission
from plugins.rules.requests import RequestKind, RequestState
from resolvers.errors import Code
from resolvers.families.custody import record_custody
from resolvers.families.entourage import add_contact
from resolvers.files.documents import documents_of, documents_page, withdraw
from resolvers.files.dossier_files import files_of, read_files
from resolvers.models import Document, Dossier, Membership, Request
from resolvers.models.households import Role
from resolvers.requests.decisions import decide_request
from resolvers.requests.request_lists import events_of, unsealed
from resolvers.requests.requests import answer_request
from tests.files import add_document, decided, open_draft, sent
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, sign_in_again

pytestmark = [pytest.mark.anyio, pytest.mark.database]

UNCLE = {
    "first_name": "Oncle",
    "last_name": "TEST",
    "title": "Monsieur",
    "street": "2 rue des Fusains",
    "postcode": "79500",
    "town": "Melle",
    "country": "FRANCE",
}
MONDAY = date(2026, 11, 2)


async def forbid(town: Town, family: Family) -> Request:
    """The family declares that a court keeps somebody away from its first child."""
    with town.asked_by(family.parent) as ctx:
        return await add_contact(ctx, family.id, UNCLE, {family.child: frozenset({Permission.FORBIDDEN})})


async def messages(town: Town, signed: Signed, request: Request) -> list[tuple[RequestState, bool, str]]:
    """The history of a request, as somebody reads it: the state, whether the service speaks, and its words."""
    with town.asked_by(signed) as ctx:
        (events,) = await events_of(ctx, [request.id])
        return [(event.state, event.by_agent, unsealed(ctx, event.text)) for event in events]


async def documents_missing(town: Town, dossier: Dossier) -> list[Lack]:
    """The documents that a file lacks."""
    with town.at_work() as ctx:
        (file,) = await files_of(ctx, [await Dossier.get(id=dossier.id)])
    return [lack for lack in file.lacks if lack.part is Part.DOCUMENT and lack.code != "vaccinations"]


async def test_what_a_court_decided_is_told_to_who_declared_it_and_never_to_the_other_parent(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    other = await sign_in(melle, await add_parent(melle, family.id, "Luc TEST"))
    draft, request = await open_draft(melle, family), await forbid(melle, family)
    with melle.asked_by(agent) as ctx:
        await decide_request(ctx, request.id, accept=True)
    lacking = [await decision_lacks(melle, signed, draft) for signed in (family.parent, agent, other)]
    document = await add_document(melle, family, "decision-judiciaire", family.child)
    seen = [await sees_document(melle, signed, document) for signed in (family.parent, agent, other)]
    assert (lacking, seen) == ([True, True, False], [True, True, False])
    with melle.asked_by(other) as ctx:
        with refused(Code.NOT_FOUND):
            await withdraw(ctx, document.id)
        assert [file.concealed for file in await read_files(ctx, [draft.id])] == [frozenset({document.id})]


async def decision_lacks(town: Town, signed: Signed, dossier: Dossier) -> bool:
    """True when somebody reads that a file lacks the decision of a court."""
    with town.asked_by(signed) as ctx:
        (file,) = await read_files(ctx, [dossier.id])
    return "decision-judiciaire" in {lack.code for lack in file.lacks}


async def sees_document(town: Town, signed: Signed, document: Document) -> bool:
    """True when a document is in the household's list and is found by its key: both agree."""
    with town.asked_by(signed) as ctx:
        page, total = await documents_page(ctx, document.household_id, None, 10)
        found = await documents_of(ctx, [document.id])
        assert [each.id for each in page] == [each.id for each in found]
        assert total == len(page)
    return bool(found)


async def test_a_forbidden_contact_waits_for_the_court_s_decision_and_the_file_lacks_it(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    draft = await open_draft(melle, family)
    request = await forbid(melle, family)
    before = await documents_missing(melle, draft)
    assert await messages(melle, family.parent, request) == [
        (
            RequestState.AWAITING_FAMILY,
            True,
            "Pour étudier cette demande, il nous faut : « Décision judiciaire, si un contact est interdit ». Répondez "
            "ici en joignant ce qui manque.",
        ),
    ]
    with melle.asked_by(agent) as ctx:
        await decide_request(ctx, request.id, accept=True)
    needed = Lack(
        Part.DOCUMENT, "decision-judiciaire", "Décision judiciaire", "joignez ce document, si un contact est interdit"
    )
    assert (before, await documents_missing(melle, draft)) == ([], [needed])
    await add_document(melle, family, "decision-judiciaire", family.child)
    assert await documents_missing(melle, draft) == []


async def test_the_decision_is_asked_of_who_declared_and_of_nobody_else(melle: Town) -> None:
    family = await add_family(melle)
    await add_parent(melle, family.id, "Autre TEST")
    await forbid(melle, family)
    assert {mail.recipient for mail in await melle.mails("request:")} == {family.parent.viewer.email}


async def test_what_is_sent_with_the_answer_brings_the_declaration_back_to_the_service(melle: Town) -> None:
    family = await add_family(melle)
    request = await forbid(melle, family)
    document = await add_document(melle, family, "decision-judiciaire", family.child)
    with melle.asked_by(family.parent) as ctx:
        answered = await answer_request(ctx, request.id, "", [document.id])
    assert answered.state is RequestState.IN_REVIEW
    assert (await forbid(melle, family)).state is RequestState.SENT  # the vault has it now


async def test_nothing_is_demanded_where_the_commune_asks_for_no_decision(chavagne: Town) -> None:
    family = await add_family(chavagne)
    assert (await forbid(chavagne, family)).state is RequestState.SENT


async def separated(town: Town) -> tuple[Family, Family]:
    """The child of the first household, whose file is accepted, is in the second one too."""
    mother, father = await add_family(town, "MERE"), await add_family(town, "PERE")
    agent = await add_agent(town)
    await decided(town, agent, await sent(town, mother))
    with town.at_work():
        await Document.filter(code__in=["calendrier-garde", "jugement-garde"]).delete()
        await Membership.create(household_id=father.id, person_id=mother.child, role=Role.CHILD)
    return mother, Family(father.id, father.children, await sign_in_again(town, father))


async def record(town: Town, mother: Family, father: Family, first: date = MONDAY) -> None:
    """An agent records that the child is one week in two with each."""
    week = CustodyPattern.ALTERNATE_WEEKS
    shares = {
        mother.id: Share(week, first, anchor=first),
        father.id: Share(week, first, anchor=first + timedelta(days=7)),
    }
    with town.asked_by(await add_agent(town)) as ctx:
        await record_custody(ctx, mother.child, shares)


async def test_a_custody_recorded_after_the_file_was_accepted_asks_for_its_calendar_and_its_judgment(
    melle: Town,
) -> None:
    mother, father = await separated(melle)
    await record(melle, mother, father)
    await record(melle, mother, father, MONDAY + timedelta(days=7))  # asked once, however often it is corrected
    with melle.at_work():
        (request,) = await Request.filter(kind=RequestKind.DOCUMENT)
    assert (request.household_id, request.child_id, request.title, request.state) == (
        mother.id,
        mother.child,
        "Pièces à fournir pour Enfant1, dossier 2026-2027",
        RequestState.AWAITING_FAMILY,
    )
    ((state, by_service, text),) = await messages(melle, mother.parent, request)
    assert (state, by_service, text) == (
        RequestState.AWAITING_FAMILY,
        True,
        "Pour étudier cette demande, il nous faut : « Calendrier de garde alternée, cosigné par les représentants "
        "légaux, en cas de garde alternée » et « Photocopie du jugement de garde, en cas de garde alternée ». Répondez "
        "ici en joignant ce qui manque.",
    )
    assert [mail.recipient for mail in await melle.mails("request:") if request.number in mail.subject + mail.body] == [
        mother.parent.viewer.email
    ]


async def test_a_custody_makes_the_file_of_each_household_lack_its_papers(melle: Town) -> None:
    mother, father = await separated(melle)
    draft = await open_draft(melle, father, mother.child)
    before = await documents_missing(melle, draft)
    await record(melle, mother, father)
    after = await documents_missing(melle, draft)
    assert ([lack.code for lack in before], [lack.code for lack in after]) == (
        [],
        ["calendrier-garde", "jugement-garde"],
    )


async def test_a_custody_of_the_next_school_year_demands_nothing_of_this_one(melle: Town) -> None:
    mother, father = await separated(melle)
    draft = await open_draft(melle, father, mother.child)
    await record(melle, mother, father, date(2027, 9, 6))
    assert await documents_missing(melle, draft) == []
