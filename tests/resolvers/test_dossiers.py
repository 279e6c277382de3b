"""The yearly file as a family fills it: saved as it goes, on several devices, sent once complete, given up."""

from datetime import date
from uuid import uuid4

import pytest

from plugins.rules.calendar import SchoolYear
from plugins.rules.completeness import Part
from plugins.rules.entourage import Permission
from resolvers.errors import Code, Refusals
from resolvers.files.dossier_answers import unsealed
from resolvers.files.dossier_files import files_of
from resolvers.files.dossiers import Typed, cancel_dossier, dossiers_of, save_dossier, submit_dossier
from resolvers.models import ConsentGiven, ContactPermission, Document, Dossier, DossierPiece, Membership, Person
from resolvers.models.dossiers import DossierState, PieceState
from resolvers.models.households import Role
from tests.files import add_document, decided, fill, open_draft, sent, submitted
from tests.refusals import refused
from tests.towns import Family, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

YEAR, LAST_YEAR = SchoolYear(2026), SchoolYear(2025)
PHOTO = Typed(consents={"photo-video": True})
SCHOOL = {"ecole": "École du bourg", "classe": "CE1"}


async def saved(town: Town, family: Family, typed: Typed, version: int) -> Dossier:
    """One save of the first child's file, read back from the tables."""
    with town.asked_by(family.parent) as ctx:
        kept = await save_dossier(ctx, family.child, YEAR, typed, version=version)
        return await Dossier.get(id=kept.id)


async def answers_of(town: Town, dossier: Dossier) -> dict[str, tuple[str, str]]:
    """The answers kept, each with the file it was copied from."""
    with town.at_work() as ctx:
        kept = unsealed(ctx, await Dossier.get(id=dossier.id))
    return {code: (answer.value, answer.copied_from) for code, answer in kept.items()}


async def missing(town: Town, family: Family) -> list[tuple[Part, str]]:
    """What the first child's file lacks."""
    with town.asked_by(family.parent) as ctx:
        (file,) = await files_of(ctx, [await Dossier.get(child_id=family.child, school_year=YEAR.start)])
    return [(lack.part, lack.code) for lack in file.lacks]


async def test_consents_are_kept_one_by_one_with_their_version_instant_and_author(chavagne: Town) -> None:
    family = await add_family(chavagne)
    first_at = chavagne.clock.now().isoformat()
    await saved(chavagne, family, PHOTO, 0)
    chavagne.later(days=1)
    await saved(chavagne, family, Typed(consents={"photo-video": True, "quotient-familial": False}), 1)
    with chavagne.asked_by(family.parent) as ctx:
        ((dossier,), none) = await dossiers_of(ctx, list(family.children.values()))
    by = str(family.parent.viewer.account_id)
    assert (dossier.state, dossier.household_id, dossier.version, none) == (DossierState.DRAFT, family.id, 2, [])
    assert dossier.consents == {
        "photo-video": {"version": "1", "granted": True, "at": first_at, "by": by},
        "quotient-familial": {"version": "1", "granted": False, "at": chavagne.clock.now().isoformat(), "by": by},
    }


async def test_answers_are_kept_as_they_come_and_sealed(melle: Town) -> None:
    family = await add_family(melle)
    first = await saved(melle, family, Typed({"ecole": " École du bourg ", "pai": "yes"}), 0)
    second = await saved(melle, family, Typed({"classe": "CE1", "pai": ""}), first.version)  # from another device
    assert (first.version, second.version, second.saved_by) == (1, 2, family.parent.viewer.account_id)
    assert await answers_of(melle, second) == {"ecole": ("École du bourg", ""), "classe": ("CE1", "")}
    assert "bourg" not in second.answers


async def test_two_devices_lose_nothing_silently(melle: Town) -> None:
    family = await add_family(melle)
    phone = await saved(melle, family, Typed(SCHOOL), 0)
    with melle.asked_by(family.parent) as ctx, refused(Code.CONFLICT) as late:
        await save_dossier(ctx, family.child, YEAR, Typed({"classe": "CM2"}), version=0)
    latest = late.value.facts["latest"]
    assert isinstance(latest, Dossier)
    assert (latest.id, latest.version, late.value.field) == (phone.id, 1, ("version",))
    assert await answers_of(melle, phone) == {"ecole": ("École du bourg", ""), "classe": ("CE1", "")}
    corrected = await saved(melle, family, Typed({"classe": "CM2"}), latest.version)
    assert (await answers_of(melle, corrected))["classe"] == ("CM2", "")


async def test_a_save_whose_answer_was_lost_is_sent_again_without_harm(melle: Town) -> None:
    family = await add_family(melle)
    once, again = [await saved(melle, family, Typed(SCHOOL), 0) for _ in range(2)]
    assert (once.version, again.version) == (1, 1)


async def test_what_the_form_cannot_keep_is_refused_all_at_once_and_nothing_is_kept(melle: Town) -> None:
    family = await add_family(melle)
    with pytest.raises(Refusals) as caught:
        await saved(melle, family, Typed({"ecole": "x" * 1001, "pai": "peut-être", "piscine": "oui"}), 0)
    assert [(each.code, each.field) for each in caught.value.refusals] == [
        (Code.INVALID, ("answers", "0", "value")),
        (Code.INVALID, ("answers", "1", "value")),
        (Code.NOT_FOUND, ("answers", "2", "question")),
    ]
    with refused(Code.NOT_FOUND) as unknown:
        await saved(melle, family, Typed(consents={"piscine": True}), 0)
    assert unknown.value.message == "Autorisation inconnue : piscine."
    with melle.at_work():
        assert await Dossier.all().count() == 0


async def test_a_file_opens_on_the_commune_s_day(chavagne: Town) -> None:
    family = await add_family(chavagne)
    chavagne.on(date(2027, 5, 31), 23, 59)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.DOSSIER_NOT_OPEN) as early:
        await save_dossier(ctx, family.child, SchoolYear(2027), PHOTO, version=0)
    assert early.value.message == "Le dossier 2027-2028 s'ouvre le mardi 1er juin 2027."
    chavagne.on(date(2027, 6, 1), 0, 0)
    assert (await open_draft(chavagne, family, year=SchoolYear(2027))).school_year == 2027


async def test_an_incomplete_file_is_not_sent_and_says_what_is_missing(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await saved(chavagne, family, PHOTO, 0)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.DOSSIER_INCOMPLETE) as incomplete:
        await submit_dossier(ctx, family.child, YEAR, attests=True)
    assert incomplete.value.message == (
        "Il manque au dossier : « Autorisation à venir chercher l'enfant : Parent TEST », « Autorisation d'accès au "
        "quotient familial », « Fiche famille » et « Fiche sanitaire »."
    )
    await fill(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.BLANK) as unattested:
        await submit_dossier(ctx, family.child, YEAR, attests=False)
    assert (unattested.value.field, unattested.value.message) == (
        ("attests",),
        "Attestez que les renseignements fournis sont exacts pour envoyer le dossier.",
    )
    done = await submitted(chavagne, family)
    assert (done.state, done.submitted_at) == (DossierState.SUBMITTED, chavagne.clock.now())
    (mail,) = await chavagne.mails("dossier-received")
    assert (mail.recipient, mail.subject) == (family.parent.viewer.email, "Dossier 2026-2027 d'Enfant1 : bien reçu")


async def test_the_documents_asked_follow_from_the_answers(melle: Town) -> None:
    family = await add_family(melle)
    await fill(melle, family, answers={"pai": "yes"})
    assert await missing(melle, family) == []
    with melle.at_work():
        await Document.filter(code__in=["pai", "vaccinations", "rib"]).delete()
    assert await missing(melle, family) == [(Part.DOCUMENT, "vaccinations"), (Part.DOCUMENT, "pai")]
    await saved(melle, family, Typed({"pai": "no", "prelevement": "yes"}), 1)
    assert await missing(melle, family) == [(Part.DOCUMENT, "vaccinations"), (Part.DOCUMENT, "rib")]


async def test_the_consents_of_a_sent_file_are_kept_as_proof_once(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    answered_at = chavagne.clock.now()
    await fill(chavagne, family)
    chavagne.later(hours=1)
    first = await submitted(chavagne, family)
    await decided(chavagne, agent, first, accept=False, reason="Illisible.")
    chavagne.later(hours=1)
    await saved(chavagne, family, Typed(consents={"photo-video": False}), first.version)
    await submitted(chavagne, family)
    with chavagne.at_work():
        proofs = await ConsentGiven.all().order_by("at", "code")
    parent = family.parent.viewer
    assert [(p.code, p.person_id, p.account_id, p.version, p.granted, p.at) for p in proofs] == [
        ("photo-video", None, parent.account_id, "1", True, answered_at),
        ("quotient-familial", None, parent.account_id, "1", True, answered_at),
        ("venir-chercher", parent.person_id, parent.account_id, "1", True, answered_at),
        ("photo-video", None, parent.account_id, "1", False, chavagne.clock.now()),
    ]


async def test_who_may_fetch_the_child_is_asked_of_each_but_those_a_court_keeps_away(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.at_work() as ctx:
        kept_away, grandmother = [await Person.create(first_name=n, last_name="TEST") for n in ("Papi", "Mamie")]
        for person in (kept_away, grandmother):
            await Membership.create(household_id=family.id, person_id=person.id, role=Role.CONTACT)
        await ContactPermission.create(
            household_id=family.id,
            child_id=family.child,
            contact_id=kept_away.id,
            permission=Permission.FORBIDDEN,
            since=ctx.now,
        )
    draft = await open_draft(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx, statements() as taken:
        (file,) = await files_of(ctx, [draft])
    assert [each.label for each in file.consents if each.person] == [
        "Autorisation à venir chercher l'enfant : Parent TEST",
        "Autorisation à venir chercher l'enfant : Mamie TEST",
    ]
    assert len(taken) == 7


async def test_a_sent_file_no_longer_changes(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await sent(chavagne, family)
    with chavagne.asked_by(family.parent) as ctx:
        with refused(Code.STATE_CONFLICT) as late:
            await save_dossier(ctx, family.child, YEAR, PHOTO, version=1)
        with refused(Code.STATE_CONFLICT):
            await submit_dossier(ctx, family.child, YEAR, attests=True)
    assert late.value.facts == {"contact": "portail.familles@chavagne.fr"}


async def test_a_file_given_up_is_taken_back_then_emptied(chavagne: Town) -> None:
    family, agent, other = await add_family(chavagne), await add_agent(chavagne), await add_family(chavagne, "AUTRE")
    dossier = await sent(chavagne, family)
    with chavagne.asked_by(other.parent) as ctx, refused(Code.NOT_FOUND):
        await cancel_dossier(ctx, dossier.id)
    with chavagne.asked_by(family.parent) as ctx:
        back = await cancel_dossier(ctx, dossier.id)
        assert (back.state, back.submitted_at, len(back.consents)) == (DossierState.DRAFT, None, 3)
        emptied = await cancel_dossier(ctx, dossier.id)
        assert (emptied.state, emptied.answers, emptied.consents) == (DossierState.DRAFT, "", {})
    again = await sent(chavagne, family)
    await decided(chavagne, agent, again)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.STATE_CONFLICT):
        await cancel_dossier(ctx, dossier.id)


async def test_what_another_device_saved_since_is_neither_sent_nor_erased(chavagne: Town) -> None:
    family = await add_family(chavagne)
    read = await fill(chavagne, family)
    saved_since = await saved(chavagne, family, Typed(consents={"photo-video": False}), read.version)
    with chavagne.asked_by(family.parent) as ctx:
        with refused(Code.CONFLICT) as unsent:
            await submit_dossier(ctx, family.child, YEAR, attests=True, version=read.version)
        with refused(Code.CONFLICT) as kept:
            await cancel_dossier(ctx, read.id, version=read.version)
        latest = kept.value.facts["latest"]
        assert isinstance(latest, Dossier)
        assert (latest.version, latest.consents, latest.state) == (
            saved_since.version,
            saved_since.consents,
            DossierState.DRAFT,
        )
        sent_now = await submit_dossier(ctx, family.child, YEAR, attests=True, version=saved_since.version)
        back = await cancel_dossier(ctx, sent_now.id, version=saved_since.version)
        emptied = await cancel_dossier(ctx, back.id, version=saved_since.version)
    assert (emptied.consents, emptied.version) == ({}, saved_since.version + 1)
    assert [each.value.message for each in (unsent, kept)] == [
        "Ce dossier a été modifié entre-temps sur un autre appareil : voici ses réponses actuelles. Vérifiez-les, "
        "puis envoyez-le.",
        "Ce dossier a été modifié entre-temps sur un autre appareil : voici ses réponses actuelles. Vérifiez-les, "
        "puis annulez-le si c'est toujours ce que vous voulez.",
    ]


async def test_a_new_file_proposes_what_last_year_s_and_those_of_siblings_say(melle: Town) -> None:
    family = await add_family(melle)
    elder, younger = family.children.values()
    last = {**SCHOOL, "pai": "yes", "prelevement": "no", "urgence-nom": "Mamie"}
    await fill(melle, family, elder, LAST_YEAR, answers=last)
    mine = await open_draft(melle, family)
    source = "dossier 2025-2026"
    assert await answers_of(melle, mine) == {  # the school and the class are asked again
        "pai": ("yes", source),
        "prelevement": ("no", source),
        "garde-alternee": ("no", source),
        "contact-interdit": ("no", source),
        "allergies": ("no", source),
        "allergies-precisions": ("Une réponse", source),
        "urgence-nom": ("Mamie", source),
        "urgence-telephone": ("Une réponse", source),
        "regime": ("no", source),
        "regime-precisions": ("sans-porc", source),
    }
    await saved(melle, family, Typed({"urgence-nom": "Papi"}), 0)
    source = "dossier 2026-2027 d'Enfant1"
    theirs = await open_draft(melle, family, younger)
    assert await answers_of(melle, theirs) == {
        "urgence-nom": ("Papi", source),
        "prelevement": ("no", "dossier 2025-2026 d'Enfant1"),
        "urgence-telephone": ("Une réponse", "dossier 2025-2026 d'Enfant1"),
    }


async def test_an_answer_that_was_copied_is_missing_until_the_family_checks_it(melle: Town) -> None:
    family = await add_family(melle)
    await fill(melle, family, year=LAST_YEAR)
    draft = await open_draft(melle, family)
    await add_document(melle, family, "vaccinations")
    asked = [code for part, code in await missing(melle, family) if part is Part.QUESTION]
    assert "pai" in asked
    await saved(melle, family, Typed({"pai": "no"}), draft.version)  # the same answer, confirmed
    left = [code for part, code in await missing(melle, family) if part is Part.QUESTION]
    assert [code for code in asked if code not in left] == ["pai"]


async def test_documents_are_taken_from_the_vault_while_they_are_valid(melle: Town) -> None:
    family = await add_family(melle)
    melle.on(date(2026, 4, 30))
    await add_document(melle, family, "vaccinations", family.child)  # before the files of 2026-2027 opened
    await add_document(melle, family, "rib", family.children["Enfant2"])
    melle.on(date(2026, 10, 5))
    await open_draft(melle, family)
    await saved(melle, family, Typed({"prelevement": "yes"}), 0)
    asked = [code for part, code in await missing(melle, family) if part is Part.DOCUMENT]
    assert asked == ["vaccinations", "mandat-sepa"]  # the RIB of the other child serves
    await add_document(melle, family, "vaccinations", family.children["Enfant2"])
    assert [code for part, code in await missing(melle, family) if part is Part.DOCUMENT] == asked
    newest = await add_document(melle, family, "vaccinations")
    await fill(melle, family, answers={"prelevement": "no"})
    with melle.at_work():
        await Document.filter(code="vaccinations").exclude(id=newest.id).delete()
    await submitted(melle, family)
    with melle.at_work():
        pieces = await DossierPiece.filter(code="vaccinations").values_list("document_id", "state")
    assert pieces == [(newest.id, PieceState.GIVEN)]


async def test_nobody_files_for_the_child_of_others(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=False))
    for stranger, child in [(other.parent, family.child), (other.parent, uuid4()), (reader, family.child)]:
        with chavagne.asked_by(stranger) as ctx, refused(Code.NOT_FOUND):
            await save_dossier(ctx, child, YEAR, PHOTO, version=0)
    with chavagne.asked_by(other.parent) as ctx:
        assert await dossiers_of(ctx, [family.child]) == [[]]
    with chavagne.at_work():
        assert await Dossier.all().count() == 0


async def test_a_crèche_family_of_epagny_files_nothing_and_is_told_whom_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance",))
    with epagny.asked_by(family.parent) as ctx, refused(Code.FEATURE_CLOSED) as closed:
        await save_dossier(ctx, family.child, YEAR, Typed(), version=0)
    assert closed.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}
