"""The vault: stored once, sealed, decided by agents, withdrawn without losing the trace."""

from datetime import date
from uuid import UUID

import pytest

from resolvers.errors import Code
from resolvers.files import documents
from resolvers.files.documents import MAX_DOCUMENTS, Deposit, Place
from resolvers.models import Document, DocumentContent, DocumentReading, Dossier, DossierPiece, Mandate
from resolvers.models.direct_debits import MandateState
from resolvers.models.documents import DocumentState
from resolvers.models.dossiers import DossierState
from resolvers.models.keys import new_key
from resolvers.paying.mandate_requests import sign
from tests.debits import joined, scanned
from tests.refusals import refused
from tests.towns import Family, Town, add_agent, add_family

pytestmark = pytest.mark.anyio
SHEET = Deposit("application/pdf", "pdf", b"%PDF-1.7 fiche sanitaire de Jeanne")


async def keep(
    town: Town, family: Family, deposit: Deposit = SHEET, code: str = "fiche-sanitaire", child: UUID | None = None
) -> Document:
    """Add a document as the family's parent does."""
    with town.asked_by(family.parent) as ctx:
        return await documents.add(ctx, Place(family.id, child, code), deposit)


@pytest.mark.database
async def test_a_document_is_sealed_and_named_for_what_it_is(chavagne: Town) -> None:
    family = await add_family(chavagne)
    kept = await keep(chavagne, family, child=family.child)
    assert (kept.file_name, kept.size, kept.state, kept.child_id) == (
        "fiche-sanitaire-2026-10-05.pdf",
        34,
        DocumentState.RECEIVED,
        family.child,
    )
    with chavagne.at_work():
        sealed = bytes((await DocumentContent.get(document_id=kept.id)).sealed)
    assert b"Jeanne" not in sealed
    assert chavagne.ports.sealer.unseal_bytes(sealed) == SHEET.content


@pytest.mark.database
async def test_each_reading_is_kept_and_says_who(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    kept = await keep(chavagne, family)
    for reader in (family.parent, agent):
        with chavagne.asked_by(reader) as ctx:
            read = await documents.read(ctx, kept.id)
        assert read is not None
        assert read[1] == SHEET.content
    with chavagne.at_work():
        readers = await DocumentReading.filter(document_id=kept.id).order_by("id").values_list("account_id", flat=True)
    assert readers == [family.parent.viewer.account_id, agent.viewer.account_id]


async def test_the_same_file_for_the_same_use_is_kept_once(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first, again = await keep(chavagne, family), await keep(chavagne, family)
    other_use = await keep(chavagne, family, code="autre")
    for_a_child = await keep(chavagne, family, child=family.child)
    assert first.id == again.id
    assert len({first.id, other_use.id, for_a_child.id}) == 3


async def test_a_refused_file_may_be_sent_again(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    first = await keep(chavagne, family)
    with chavagne.asked_by(agent) as ctx:
        await documents.decide(ctx, first.id, accept=False, reason="Illisible")
    assert (await keep(chavagne, family)).id != first.id


async def test_a_vault_is_full_at_its_limit(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.at_work() as ctx:
        kept = {"household_id": family.id, "code": "autre", "size": 1, "added_by": new_key(), "added_at": ctx.now}
        named = {"file_name": "autre.pdf", "media_type": "application/pdf"}
        await Document.bulk_create([Document(**kept, **named, digest=str(n)) for n in range(MAX_DOCUMENTS)])
    with refused(Code.VAULT_FULL):
        await keep(chavagne, family)


async def test_a_household_keeps_what_the_commune_asks_for_and_the_common_kinds(chavagne: Town, melle: Town) -> None:
    with chavagne.at_work() as ctx:
        assert {"autre", "livret-famille", "fiche-famille", "fiche-sanitaire"} <= documents.kinds(ctx).keys()
    with melle.at_work() as ctx:
        assert documents.kinds(ctx)["rib"] == "RIB"


@pytest.mark.database
async def test_what_is_withdrawn_is_erased_and_leaves_a_trace(chavagne: Town) -> None:
    family = await add_family(chavagne)
    kept = await keep(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx:
        await documents.withdraw(ctx, kept.id)
        assert await documents.read(ctx, kept.id) is None
        assert await documents.documents_page(ctx, family.id, None, 10) == ([], 0)
        with refused(Code.NOT_FOUND):
            await documents.withdraw(ctx, kept.id)
    with chavagne.at_work():
        assert await DocumentContent.filter(document_id=kept.id).count() == 0
        assert (await Document.get(id=kept.id)).withdrawn_at == chavagne.clock.now()


@pytest.mark.parametrize(
    ("state", "stays"), [(DossierState.DRAFT, False), (DossierState.SUBMITTED, True), (DossierState.ACCEPTED, True)]
)
async def test_a_document_of_a_file_that_was_sent_stays(chavagne: Town, state: DossierState, stays: bool) -> None:
    family = await add_family(chavagne)
    kept = await keep(chavagne, family)
    with chavagne.at_work() as ctx:
        dossier = await Dossier.create(
            household_id=family.id, child_id=family.child, school_year=2026, state=state, created_at=ctx.now
        )
        await DossierPiece.create(dossier_id=dossier.id, household_id=family.id, code=kept.code, document_id=kept.id)
    with chavagne.asked_by(family.parent) as ctx:
        if stays:
            with refused(Code.DOCUMENT_IN_USE):
                await documents.withdraw(ctx, kept.id)
        else:
            await documents.withdraw(ctx, kept.id)
    with chavagne.at_work():
        assert await DocumentContent.filter(document_id=kept.id).exists() is stays


@pytest.mark.database
async def test_a_signed_mandate_is_kept_until_it_ends(chavagne: Town) -> None:
    family = await add_family(chavagne)
    mandate, signed = await joined(chavagne, family), await scanned(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx:
        await sign(ctx, mandate.id, signed, ctx.local_now.date())
        with refused(Code.DOCUMENT_IN_USE) as kept:
            await documents.withdraw(ctx, signed)
    assert kept.value.message == (
        f"Ce document est le mandat de prélèvement signé {mandate.rum} : il est gardé comme preuve tant que ce mandat "
        "n'est pas terminé. Arrêtez d'abord le prélèvement, ou annulez sa demande."
    )
    with chavagne.at_work():
        await Mandate.filter(id=mandate.id).update(state=MandateState.ENDED)
    with chavagne.asked_by(family.parent) as ctx:
        assert await documents.withdraw(ctx, signed) == family.id


@pytest.mark.database
async def test_an_agent_accepts_until_a_day_and_may_change_its_mind(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    kept = await keep(chavagne, family)
    with chavagne.asked_by(agent) as ctx:
        assert (await documents.documents_to_decide(None, 10))[1] == 1
        accepted = await documents.decide(ctx, kept.id, accept=True, reason="oubliée", valid_until=date(2027, 8, 31))
        assert (accepted.state, accepted.reason, accepted.valid_until) == (
            DocumentState.ACCEPTED,
            "",
            date(2027, 8, 31),
        )
        refusal = await documents.decide(ctx, kept.id, accept=False, reason=" Floue ", valid_until=date(2027, 8, 31))
        assert (refusal.state, refusal.reason, refusal.valid_until) == (DocumentState.REFUSED, "Floue", None)
        assert await documents.documents_to_decide(None, 10) == ([], 0)


@pytest.mark.parametrize(
    ("accept", "reason", "valid_until", "code"),
    [
        (False, "  ", None, Code.BLANK),
        (False, "x" * 501, None, Code.INVALID),
        (True, "", date(2026, 10, 4), Code.INVALID),
    ],
)
async def test_a_decision_that_says_nothing_is_refused(
    chavagne: Town, accept: bool, reason: str, valid_until: date | None, code: Code
) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    kept = await keep(chavagne, family)
    with chavagne.asked_by(agent) as ctx, refused(code):
        await documents.decide(ctx, kept.id, accept=accept, reason=reason, valid_until=valid_until)


async def test_a_refusal_is_mailed_without_saying_what_the_document_is(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    kept = await keep(chavagne, family)
    with chavagne.asked_by(agent) as ctx:
        await documents.decide(ctx, kept.id, accept=False, reason="Allergie illisible")
    (mail,) = await chavagne.mails("document-refused")
    assert (mail.recipient, mail.subject) == (family.parent.viewer.email, "Chavagne : un document est à renvoyer")
    assert not any(word in mail.body for word in ("Allergie", "sanitaire"))
