"""Yearly files as the service reads them: accepted once complete, pieces asked with their reason, refused."""

from uuid import UUID, uuid4

import pytest

from plugins.rules.requests import RequestState
from resolvers.errors import Code
from resolvers.files.dossier_files import files_of, read_files
from resolvers.files.dossier_review import ask_pieces, decide_dossier, dossiers_to_decide
from resolvers.files.dossiers import Typed, save_dossier
from resolvers.models import Document, Dossier, DossierPiece, DossierReading, Request
from resolvers.models.documents import DocumentState
from resolvers.models.dossiers import DossierState, PieceState
from resolvers.requests.request_lists import events_of, unsealed
from resolvers.requests.requests import answer_request
from tests.files import add_document, decided, sent, submitted
from tests.refusals import refused
from tests.towns import SCHOOL_YEAR, Signed, Town, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

BLURRED = "Le carnet est illisible, page 2."


async def asked_again(town: Town, agent: Signed, dossier: Dossier, **pieces: str) -> Dossier:
    """An agent asks for documents, a minute later."""
    town.later(minutes=1)
    with town.asked_by(agent) as ctx:
        return await ask_pieces(ctx, dossier.id, pieces)


async def history(town: Town, dossier: Dossier) -> list[tuple[RequestState, str]]:
    """The states of a file's request, each with what was written."""
    with town.at_work() as ctx:
        assert dossier.request_id is not None
        (events,) = await events_of(ctx, [dossier.request_id])
        return [(event.state, unsealed(ctx, event.text)) for event in events]


async def test_a_refused_file_says_why_keeps_the_answers_and_can_be_sent_again(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    await sign_in(chavagne, await add_parent(chavagne, family.id, "Anne TEST"))
    dossier = await sent(chavagne, family)
    with refused(Code.BLANK) as silent:
        await decided(chavagne, agent, dossier, accept=False, reason="  ")
    refusal = await decided(chavagne, agent, dossier, accept=False, reason=" La fiche sanitaire est illisible. ")
    assert silent.value.field == ("reason",)
    assert (refusal.state, refusal.reason, refusal.decided_by) == (
        DossierState.REFUSED,
        "La fiche sanitaire est illisible.",
        agent.viewer.account_id,
    )
    mails = await chavagne.mails("dossier-decided")
    assert {mail.subject for mail in mails} == {"Dossier 2026-2027 d'Enfant1 : à compléter"}
    assert len({mail.recipient for mail in mails}) == 2  # both parents
    assert not any("illisible" in mail.body for mail in mails)  # it may say something of the child's health
    chavagne.later(days=1)
    again = await submitted(chavagne, family)
    assert (again.id, again.state, again.reason, again.consents) == (
        dossier.id,
        DossierState.SUBMITTED,
        "",
        dossier.consents,
    )
    assert again.request_id != dossier.request_id
    assert (await decided(chavagne, agent, again)).state is DossierState.ACCEPTED
    assert len(await chavagne.mails("dossier-received")) == 2


async def test_a_file_is_decided_once_and_an_unknown_one_never(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    dossier = await sent(chavagne, family)
    await decided(chavagne, agent, dossier)
    with refused(Code.STATE_CONFLICT):
        await decided(chavagne, agent, dossier, accept=False, reason="Trop tard")
    with refused(Code.STATE_CONFLICT):
        await asked_again(chavagne, agent, dossier, **{"fiche-famille": BLURRED})
    with chavagne.asked_by(agent) as ctx, refused(Code.NOT_FOUND):
        await decide_dossier(ctx, uuid4(), accept=True, reason="")


async def test_the_incomplete_is_not_accepted(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    dossier = await sent(chavagne, family)
    with chavagne.at_work():
        await Document.filter(code="fiche-sanitaire").update(state=DocumentState.REFUSED)
    with refused(Code.DOSSIER_INCOMPLETE) as incomplete:
        await decided(chavagne, agent, dossier)
    assert incomplete.value.message == "Il manque au dossier : « Fiche sanitaire »."


async def test_a_piece_that_is_asked_again_waits_for_the_family_and_goes_on_when_it_comes(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    dossier = await sent(melle, family)
    await asked_again(melle, agent, dossier, vaccinations=f" {BLURRED} ")
    with refused(Code.DOSSIER_INCOMPLETE):
        await decided(melle, agent, dossier)
    with refused(Code.DOSSIER_INCOMPLETE) as unchanged:
        await submitted(melle, family)
    assert unchanged.value.message == "Il manque au dossier : « Vaccinations »."
    with melle.asked_by(family.parent) as ctx:
        (file,) = await files_of(ctx, [await Dossier.get(id=dossier.id)])
        assert (file.asked_again, [lack.reason for lack in file.lacks]) == (
            {"vaccinations": BLURRED},
            [f"le service le redemande : {BLURRED}"],
        )
        await save_dossier(ctx, family.child, SCHOOL_YEAR, Typed({"classe": "CM1"}), version=dossier.version)
    clear = await add_document(melle, family, "vaccinations")
    again = await submitted(melle, family)
    with melle.at_work():
        piece = await DossierPiece.get(code="vaccinations")
        request = await Request.get(id=dossier.request_id)
    assert (piece.document_id, piece.state, piece.reason) == (clear.id, PieceState.GIVEN, "")
    assert (again.request_id, request.state) == (dossier.request_id, RequestState.IN_REVIEW)
    accepted = await decided(melle, agent, again)
    assert await history(melle, accepted) == [
        (RequestState.SENT, ""),
        (RequestState.AWAITING_FAMILY, f"Vaccinations : {BLURRED}"),
        (RequestState.IN_REVIEW, "Pièces envoyées."),
        (RequestState.ACCEPTED, ""),
    ]
    told = [mail.subject for mail in await melle.mails() if "activez" not in mail.subject]
    assert told == [
        "Dossier 2026-2027 d'Enfant1 : bien reçu",
        "Demande n° D-2026-000001 : des nouvelles",
        "Dossier 2026-2027 d'Enfant1 : bien reçu",
        "Dossier 2026-2027 d'Enfant1 : validé",
    ]


async def test_a_second_piece_may_be_asked_while_the_family_is_waited_for(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    dossier = await sent(melle, family)
    await asked_again(melle, agent, dossier, vaccinations=BLURRED)
    await asked_again(melle, agent, dossier, assurance="Elle manque.")
    assert [text for _, text in await history(melle, dossier)] == [
        "",
        f"Vaccinations : {BLURRED}",
        "Attestation d'assurance responsabilité civile de l'année scolaire 2026-2027 : Elle manque.",
    ]


@pytest.mark.parametrize(
    ("pieces", "code", "field"),
    [
        ({}, Code.BLANK, ("pieces",)),
        ({"vaccinations": BLURRED, "piscine": "Pourquoi pas"}, Code.NOT_FOUND, ("pieces", "1", "code")),
        ({"vaccinations": " "}, Code.BLANK, ("pieces", "0", "reason")),
        ({"vaccinations": "x" * 501}, Code.INVALID, ("pieces", "0", "reason")),
    ],
)
async def test_what_is_asked_is_a_piece_of_the_file_with_its_reason(
    melle: Town, pieces: dict[str, str], code: Code, field: tuple[str, ...]
) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    dossier = await sent(melle, family)
    with refused(code) as caught:
        await asked_again(melle, agent, dossier, **pieces)
    assert caught.value.field == field
    with melle.at_work():
        assert not await DossierPiece.filter(state=PieceState.ASKED).exists()


async def test_agents_read_the_queue_from_the_oldest(chavagne: Town) -> None:
    families, agent = [await add_family(chavagne, name) for name in ("UN", "DEUX", "TROIS")], await add_agent(chavagne)
    files = []
    for family in reversed(families):
        files.append((await sent(chavagne, family)).id)
        chavagne.later(minutes=1)
    assert await queue(chavagne, agent, first=2) == (files[:2], 3)
    with chavagne.at_work():
        second = await Dossier.get(id=files[1])
    assert second.submitted_at is not None
    with chavagne.asked_by(agent) as ctx:
        rest, _ = await dossiers_to_decide(ctx, (second.submitted_at, second.id), 2)
    assert [row.id for row in rest] == files[2:]


async def queue(town: Town, agent: Signed, first: int = 20) -> tuple[list[UUID], int]:
    """The files that wait for an agent, and how many."""
    with town.asked_by(agent) as ctx:
        rows, total = await dossiers_to_decide(ctx, None, first)
    return [row.id for row in rows], total


async def test_a_file_that_waits_for_its_family_leaves_the_queue_until_it_answers(chavagne: Town) -> None:
    families, agent = [await add_family(chavagne, name) for name in ("UN", "DEUX")], await add_agent(chavagne)
    first, second = [await sent(chavagne, family) for family in families]
    await asked_again(chavagne, agent, first, **{"fiche-sanitaire": BLURRED})
    assert await queue(chavagne, agent) == ([second.id], 1)
    assert first.request_id is not None
    with chavagne.asked_by(families[0].parent) as ctx:
        await answer_request(ctx, first.request_id, "Je n'ai pas mieux.")
    assert await queue(chavagne, agent) == ([first.id, second.id], 2)


async def test_what_agents_read_of_a_file_is_kept_and_what_the_family_reads_is_not(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle)
    dossier = await sent(melle, family)
    for reader in (family.parent, agent):
        with melle.asked_by(reader) as ctx:
            (file,) = await read_files(ctx, [dossier.id])
            assert file.values["allergies"] == "no"
    with melle.at_work():
        kept = await DossierReading.all().values_list("dossier_id", "household_id", "account_id", "at")
    assert kept == [(dossier.id, family.id, agent.viewer.account_id, melle.clock.now())]
