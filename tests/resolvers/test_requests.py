"""Requests: numbered, moved by rule, answered on both sides, mailed at each step, and nobody else's."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.calendar import SchoolYear
from plugins.rules.requests import RequestKind, RequestState
from resolvers.agenda.enrolments import enrol
from resolvers.errors import Code, Refused
from resolvers.models import Document, Dossier, NumberCounter, Request, RequestEvent
from resolvers.models.dossiers import DossierState
from resolvers.models.requests import RequestEventKind
from resolvers.requests.decisions import cancel_request, decide_request
from resolvers.requests.request_lists import Wanted, events_of, requests_page, unsealed
from resolvers.requests.requests import answer_request, ask_service, move_request, open_request
from tests.files import fill, sent, submitted
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

YEAR = SchoolYear(2026)


async def asked(
    town: Town, family: Family, text: str = "Peut-on apporter un doudou ?", key: str | None = None
) -> Request:
    """The family asks a question about its first child."""
    with town.asked_by(family.parent) as ctx:
        return await ask_service(ctx, family.id, "enfance", text, child_id=family.child, key=key)


async def moved(town: Town, signed: Signed, request: Request, to: RequestState, text: str = "") -> Request:
    """Somebody moves a request, a minute later."""
    town.later(minutes=1)
    with town.asked_by(signed) as ctx:
        return await move_request(ctx, request.id, to, text)


async def history(town: Town, request: Request) -> list[tuple[RequestEventKind, RequestState, bool, str]]:
    """What the request's history says, in order."""
    with town.at_work() as ctx:
        ((*events,),) = await events_of(ctx, [request.id])
        return [(event.kind, event.state, event.by_agent, unsealed(ctx, event.text)) for event in events]


async def add_document(town: Town, household_id: UUID, **values: Any) -> UUID:
    """A document in the household's vault."""
    with town.at_work() as ctx:
        document = await Document.create(
            household_id=household_id,
            code="assurance",
            file_name="assurance.pdf",
            media_type="application/pdf",
            size=1000,
            digest="0" * 64,
            added_by=uuid4(),
            added_at=ctx.now,
            **values,
        )
    return document.id


async def test_a_question_is_numbered_sealed_and_acknowledged(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first, second = await asked(chavagne, family), await asked(chavagne, family)
    assert [(row.number, row.kind, row.state, row.title) for row in (first, second)] == [
        ("D-2026-000001", RequestKind.OTHER, RequestState.SENT, "Question au service Enfance (Enfant1)"),
        ("D-2026-000002", RequestKind.OTHER, RequestState.SENT, "Question au service Enfance (Enfant1)"),
    ]
    assert "doudou" not in first.details
    with chavagne.at_work() as ctx:
        assert unsealed(ctx, first.details) == "Peut-on apporter un doudou ?"
    mail, _ = await chavagne.mails("request:")
    assert (mail.recipient, mail.reply_to, mail.subject) == (
        family.parent.viewer.email,
        "portail.familles@chavagne.fr",
        "Demande n° D-2026-000001 : bien enregistrée",
    )
    assert "doudou" not in mail.body


async def test_numbers_start_again_each_year_of_the_commune_s_clock(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await asked(chavagne, family)
    chavagne.on(date(2027, 1, 1), 0, 0)  # still 2026 in UTC
    assert (await asked(chavagne, family)).number == "D-2027-000001"


async def test_the_service_takes_a_request_asks_and_accepts_and_the_family_is_told_each_time(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    await sign_in(chavagne, await add_parent(chavagne, family.id, "Anne TEST"))
    request = await asked(chavagne, family)
    await moved(chavagne, agent, request, RequestState.IN_REVIEW)
    await moved(chavagne, agent, request, RequestState.AWAITING_FAMILY, "Quel doudou ?")
    chavagne.later(minutes=1)
    with chavagne.asked_by(family.parent) as ctx:
        assert (await answer_request(ctx, request.id, " Un lapin. ")).state is RequestState.IN_REVIEW
    await moved(chavagne, agent, request, RequestState.ACCEPTED, "Oui.")
    state = RequestEventKind.STATE
    assert await history(chavagne, request) == [
        (state, RequestState.SENT, False, ""),
        (state, RequestState.IN_REVIEW, True, ""),
        (state, RequestState.AWAITING_FAMILY, True, "Quel doudou ?"),
        (state, RequestState.IN_REVIEW, False, "Un lapin."),
        (state, RequestState.ACCEPTED, True, "Oui."),
    ]
    mails = await chavagne.mails("request:")
    assert len({mail.recipient for mail in mails}) == 2  # both parents
    assert [mail.subject for mail in mails if mail.recipient == family.parent.viewer.email] == [
        "Demande n° D-2026-000001 : bien enregistrée",
        "Demande n° D-2026-000001 : des nouvelles",
        "Demande n° D-2026-000001 : des nouvelles",
        "Demande n° D-2026-000001 : Traitée positivement",
    ]


async def test_both_sides_write_without_moving_the_request_and_only_the_family_is_mailed(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    request = await asked(chavagne, family)
    for signed, text in ((family.parent, "C'est un lapin."), (agent, "Bien noté.")):
        chavagne.later(minutes=1)
        with chavagne.asked_by(signed) as ctx:
            await answer_request(ctx, request.id, text)
    assert (await history(chavagne, request))[1:] == [
        (RequestEventKind.MESSAGE, RequestState.SENT, False, "C'est un lapin."),
        (RequestEventKind.MESSAGE, RequestState.SENT, True, "Bien noté."),
    ]
    assert len(await chavagne.mails("request:")) == 2


@pytest.mark.parametrize("to", [RequestState.AWAITING_FAMILY, RequestState.REFUSED])
async def test_the_service_says_why_it_asks_or_refuses(chavagne: Town, to: RequestState) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    request = await asked(chavagne, family)
    with refused(Code.BLANK) as silent:
        await moved(chavagne, agent, request, to, "  ")
    assert silent.value.field == ("text",)
    assert (await moved(chavagne, agent, request, to, "Il manque le nom du doudou.")).state is to


async def test_a_closed_request_neither_moves_nor_is_answered(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    request = await asked(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx:
        await cancel_request(ctx, request.id)
    with refused(Code.STATE_CONFLICT) as moved_again:
        await moved(chavagne, agent, request, RequestState.ACCEPTED)
    with chavagne.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT):
        await answer_request(ctx, request.id, "Dommage.")
    assert moved_again.value.message == (
        "La demande n° D-2026-000001 est dans l'état « Annulée » : elle ne peut pas passer à « Traitée positivement ». "
        "Rechargez-la pour voir où elle en est."
    )


async def test_a_family_does_not_decide_and_the_service_does_not_cancel(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    request = await asked(chavagne, family)
    for signed, to in ((family.parent, RequestState.ACCEPTED), (agent, RequestState.CANCELLED)):
        with refused(Code.STATE_CONFLICT):
            await moved(chavagne, signed, request, to)


async def test_a_request_of_others_is_neither_read_nor_moved_nor_answered(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    request = await asked(chavagne, family)
    with chavagne.asked_by(other.parent) as ctx:
        assert await requests_page(ctx, Wanted(), None, 10) == ([], 0)
        assert await events_of(ctx, [request.id]) == [[]]
        with refused(Code.NOT_FOUND):
            await cancel_request(ctx, request.id)
        with refused(Code.NOT_FOUND):
            await answer_request(ctx, request.id, "Bonjour")
        for household, child in ((family.id, None), (other.id, family.child)):
            with refused(Code.NOT_FOUND):
                await ask_service(ctx, household, "enfance", "Bonjour", child_id=child)


@pytest.mark.parametrize(
    ("books", "pays", "writes"),
    [
        (False, False, set()),
        (True, False, {RequestKind.OTHER, RequestKind.DOSSIER, RequestKind.PARTICULARS}),
        (False, True, {RequestKind.OTHER, RequestKind.QUOTIENT, RequestKind.DIRECT_DEBIT}),
    ],
)
async def test_who_sees_a_request_answers_and_cancels_it_by_what_it_may_do(
    chavagne: Town, books: bool, pays: bool, writes: set[RequestKind]
) -> None:
    family = await add_family(chavagne)
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=books, pays=pays))
    kinds = (
        RequestKind.OTHER,
        RequestKind.DOSSIER,
        RequestKind.PARTICULARS,
        RequestKind.QUOTIENT,
        RequestKind.DIRECT_DEBIT,
    )
    done: set[RequestKind] = set()
    for kind in kinds:
        with chavagne.asked_by(family.parent) as ctx:
            request = await open_request(ctx, kind, family.id, service="enfance", title="Une demande")
        with chavagne.asked_by(reader) as ctx:
            try:
                await answer_request(ctx, request.id, "Un message.")
                done.add(kind)
            except Refused as refusal:
                assert refusal.code is Code.NOT_FOUND
                with refused(Code.NOT_FOUND):
                    await move_request(ctx, request.id, RequestState.CANCELLED)
    assert done == writes
    with chavagne.asked_by(reader) as ctx:
        if writes:
            await ask_service(ctx, family.id, "enfance", "Bonjour")
        else:
            with refused(Code.NOT_FOUND):
                await ask_service(ctx, family.id, "enfance", "Bonjour")


async def test_only_documents_of_the_household_are_attached(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    request = await asked(chavagne, family)
    ours, theirs = await add_document(chavagne, family.id), await add_document(chavagne, other.id)
    gone = await add_document(chavagne, family.id, withdrawn_at=chavagne.clock.now())
    with chavagne.asked_by(family.parent) as ctx:
        for wrong in ([theirs], [ours, theirs], [gone], [uuid4()]):
            with refused(Code.NOT_FOUND):
                await answer_request(ctx, request.id, "Voici.", wrong)
        await answer_request(ctx, request.id, "", [ours])
        assert (await RequestEvent.filter(request_id=request.id, kind=RequestEventKind.MESSAGE).get()).documents == [
            str(ours)
        ]


async def test_a_repeated_question_or_answer_is_kept_once(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first, again = [await asked(chavagne, family, key="un clic") for _ in range(2)]
    with chavagne.asked_by(family.parent) as ctx:
        for _ in range(2):
            await answer_request(ctx, first.id, "Un lapin.", key="un autre clic")
        with refused(Code.IDEMPOTENCY_KEY_REUSED):
            await answer_request(ctx, first.id, "Un ours.", key="un autre clic")
    assert (first.id == again.id, len(await history(chavagne, first))) == (True, 2)


async def test_a_crèche_family_asks_nothing_online_and_is_told_whom_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance", "enfance-jeunesse"))
    with epagny.asked_by(family.parent) as ctx:
        with refused(Code.FEATURE_CLOSED) as closed:
            await ask_service(ctx, family.id, "petite-enfance", "Bonjour")
        assert (await ask_service(ctx, family.id, "enfance-jeunesse", "Bonjour")).service == "enfance-jeunesse"
        with refused(Code.NOT_FOUND):
            await ask_service(ctx, family.id, "piscine", "Bonjour")
    assert closed.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}


@pytest.mark.parametrize(("text", "code"), [("  ", Code.BLANK), ("x" * 4001, Code.INVALID)])
async def test_a_message_is_written_and_not_endless(chavagne: Town, text: str, code: Code) -> None:
    family = await add_family(chavagne)
    with refused(code):
        await asked(chavagne, family, text)
    with chavagne.at_work():
        assert (await Request.all().count(), await NumberCounter.all().count()) == (0, 0)


async def test_lists_are_filtered_and_read_by_pages_in_both_orders(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    rows = []
    for _ in range(3):
        rows.append((await asked(chavagne, family)).number)
        chavagne.later(minutes=1)
    with chavagne.asked_by(agent) as ctx:
        first = await Request.get(number=rows[0])
        await move_request(ctx, first.id, RequestState.IN_REVIEW)
        newest, total = await requests_page(ctx, Wanted(), None, 2)
        rest, _ = await requests_page(ctx, Wanted(), (newest[1].created_at, newest[1].id), 2)
        oldest, _ = await requests_page(ctx, Wanted(), None, 1, oldest_first=True)
        later, _ = await requests_page(ctx, Wanted(), (oldest[0].created_at, oldest[0].id), 5, oldest_first=True)
        counts = [
            (await requests_page(ctx, wanted, None, 10))[1]
            for wanted in (
                Wanted(states=(RequestState.IN_REVIEW,)),
                Wanted(kind=RequestKind.DOSSIER),
                Wanted(service="enfance", child_id=family.child),
                Wanted(household_id=uuid4()),
            )
        ]
        with statements() as sent:
            await requests_page(ctx, Wanted(), None, 10)
    assert (total, counts, len(sent)) == (3, [1, 0, 3, 0], 2)
    assert [row.number for row in [*newest, *rest]] == rows[::-1]
    assert [row.number for row in [*oldest, *later]] == rows


async def test_a_request_about_the_entourage_is_read_by_its_maker_and_the_service_alone(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    other_parent = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST"))
    with chavagne.asked_by(family.parent) as ctx:
        request = await open_request(
            ctx, RequestKind.ENTOURAGE, family.id, service="enfance", title="Ajout d'un contact"
        )
    seen = {}
    for name, signed in (("maker", family.parent), ("other", other_parent), ("agent", agent)):
        with chavagne.asked_by(signed) as ctx:
            seen[name] = (await requests_page(ctx, Wanted(), None, 10))[1]
    await moved(chavagne, agent, request, RequestState.ACCEPTED)
    assert seen == {"maker": 1, "other": 0, "agent": 1}
    assert {mail.recipient for mail in await chavagne.mails("request:")} == {family.parent.viewer.email}


async def test_a_yearly_file_is_a_request_decided_with_it(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    numbers = []
    await fill(chavagne, family)
    for accept in (False, True):
        dossier = await submitted(chavagne, family)
        chavagne.later(minutes=1)
        with chavagne.asked_by(agent) as ctx:
            assert dossier.request_id is not None
            decided = await decide_request(ctx, dossier.request_id, accept=accept, text="Il manque une page.")
        numbers.append((decided.number, decided.title, decided.state))
    title = "Dossier administratif 2026-2027 d'Enfant1"
    assert numbers == [
        ("D-2026-000001", title, RequestState.REFUSED),
        ("D-2026-000002", title, RequestState.ACCEPTED),
    ]
    with chavagne.at_work():
        assert (await Dossier.get()).state is DossierState.ACCEPTED
    assert await chavagne.mails("request:") == []  # the file has its own mails


async def test_a_file_taken_back_is_a_draft_again_until_it_is_decided(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    first = await sent(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx:
        assert first.request_id is not None
        assert (await cancel_request(ctx, first.request_id)).state is RequestState.CANCELLED
        draft = await Dossier.get()
        assert (draft.state, draft.submitted_at, set(draft.consents)) == (DossierState.DRAFT, None, set(first.consents))
    second = await submitted(chavagne, family)
    with chavagne.asked_by(agent) as ctx:
        assert second.request_id is not None
        await decide_request(ctx, second.request_id, accept=True)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.STATE_CONFLICT):
        await cancel_request(ctx, second.request_id)


async def test_a_request_whose_file_was_sent_again_no_longer_acts_on_it(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    first = await sent(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx:
        assert first.request_id is not None
        await cancel_request(ctx, first.request_id)
    second = await submitted(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.STATE_CONFLICT):
        await cancel_request(ctx, first.request_id)
    for accept in (True, False):
        with chavagne.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT):
            await decide_request(ctx, first.request_id, accept=accept, text="Il manque une page.")
    with chavagne.at_work():
        dossier, request = await Dossier.get(), await Request.get(id=second.request_id)
    assert (dossier.state, request.state) == (DossierState.SUBMITTED, RequestState.SENT)


async def test_an_enrolment_made_online_leaves_an_accepted_request_once(chavagne: Town) -> None:
    family = await add_family(chavagne)
    for _ in range(2):
        with chavagne.asked_by(family.parent) as ctx:
            await enrol(ctx, family.child, "alsh-vacances", YEAR)
            rows, total = await requests_page(ctx, Wanted(kind=RequestKind.ENROLMENT), None, 10)
    assert (total, rows[0].state, rows[0].title) == (
        1,
        RequestState.ACCEPTED,
        "Inscription 2026-2027 d'Enfant1 : Accueil de loisirs Vacances",
    )
