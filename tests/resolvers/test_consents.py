"""A change of mind: a consent taken back or given again holds at once, and every answer stays written."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from plugins.rules.requests import RequestKind, RequestState
from resolvers.errors import Code
from resolvers.families.caf import Birth, fetch
from resolvers.files.dossier_files import files_of
from resolvers.models import ConsentGiven, Dossier, Request
from resolvers.ports import FundAnswer, FundChild
from schema.portal import schema
from schema.relay import global_id
from tests.files import decided, sent
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CHANGE = """mutation($input: ConsentChangeInput!) { consentChange(input: $input) {
  changedAt userErrors { code field message } } }"""
HISTORY = """{ viewer { households { consents(first: 10) { totalCount nodes {
  code label granted version answeredBy childId personId holds } } } } }"""
BIRTH = Birth(date(1985, 6, 15), town="35238")
ANSWER = FundAnswer(480, date(2026, 10, 1), (FundChild("ENFANT1", date(2018, 3, 14)),))


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any] | None = None) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, {"input": given} if given else {}, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def change(town: Town, family: Family, *, granted: bool, by: Signed | None = None, **given: Any) -> Any:
    """The parent answers again about the photos of the first child, an hour later."""
    town.later(hours=1)
    about = {
        "householdId": global_id("Household", family.id),
        "childId": global_id("Child", family.child),
        "code": "photo-video",
        "granted": granted,
        **given,
    }
    return (await ask(town, by or family.parent, CHANGE, about))["consentChange"]


async def accepted(town: Town) -> tuple[Family, Dossier]:
    """A family of Chavagne whose file, with every consent, is accepted."""
    family = await add_family(town)
    return family, await decided(town, await add_agent(town), await sent(town, family))


async def granted_in_file(town: Town, dossier: Dossier) -> bool:
    """What an agent reads of the photos in the file."""
    with town.at_work() as ctx:
        (file,) = await files_of(ctx, [await Dossier.get(id=dossier.id)])
    return bool(file.dossier.consents["photo-video"]["granted"])


async def test_a_consent_taken_back_holds_at_once_and_every_answer_stays(chavagne: Town) -> None:
    family, dossier = await accepted(chavagne)
    back = await change(chavagne, family, granted=False)
    twice = await change(chavagne, family, granted=False)
    (home,) = (await ask(chavagne, family.parent, HISTORY))["viewer"]["households"]
    photos = [each for each in home["consents"]["nodes"] if each["code"] == "photo-video"]
    assert (back["userErrors"], twice["changedAt"]) == ([], back["changedAt"])
    assert await granted_in_file(chavagne, dossier) is False
    line = {
        "code": "photo-video",
        "label": "Autorisation de prise de photo/vidéo",
        "version": "1",
        "answeredBy": "Parent TEST",
        "childId": global_id("Child", family.child),
        "personId": None,
    }
    assert photos == [{**line, "granted": False, "holds": True}, {**line, "granted": True, "holds": False}]
    with chavagne.at_work():
        request = await Request.get(kind=RequestKind.OTHER)
    assert (request.title, request.state) == (
        "Autorisation retirée : Autorisation de prise de photo/vidéo (Enfant1)",
        RequestState.ACCEPTED,
    )
    assert len(await chavagne.mails("request:")) == 1


async def test_a_consent_is_given_again_to_the_text_in_force(chavagne: Town) -> None:
    family, dossier = await accepted(chavagne)
    await change(chavagne, family, granted=False)
    unread = await change(chavagne, family, granted=True)
    again = await change(chavagne, family, granted=True, version="1")
    assert [error["code"] for error in unread["userErrors"]] == ["TERMS_OUTDATED"]
    assert (again["userErrors"], await granted_in_file(chavagne, dossier)) == ([], True)


async def test_who_may_fetch_a_child_is_taken_back_by_person(chavagne: Town) -> None:
    family, _ = await accepted(chavagne)
    person = family.parent.viewer.person_id
    assert person is not None
    given: dict[str, Any] = {"code": "venir-chercher", "personId": global_id("Person", person)}
    await change(chavagne, family, granted=False, **given)
    with chavagne.at_work():
        rows = await ConsentGiven.filter(code="venir-chercher", person_id=person).order_by("at")
        dossier = await Dossier.get()
    assert [row.granted for row in rows] == [True, False]
    assert dossier.consents[f"venir-chercher:{person.hex}"]["granted"] is False


async def test_the_fund_is_not_asked_any_more_once_its_consent_is_taken_back(chavagne: Town) -> None:
    family = await add_family(chavagne)
    chavagne.fund.answer = ANSWER
    with chavagne.asked_by(family.parent) as ctx:
        await fetch(ctx, family.id, BIRTH, agrees_to="1")
    back = await change(chavagne, family, granted=False, childId=None, code="quotient-familial")
    with chavagne.asked_by(family.parent) as ctx, refused(Code.BLANK) as unsaid:
        await fetch(ctx, family.id, BIRTH)
    assert (back["userErrors"], unsaid.value.field) == ([], ("agreesTo",))
    assert len(chavagne.fund.asked) == 1


async def test_nobody_answers_for_others_nor_what_was_never_asked(chavagne: Town) -> None:
    family, _ = await accepted(chavagne)
    other = await add_family(chavagne, "AUTRE")
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=False))
    answers = [
        await change(chavagne, family, granted=False, by=other.parent),
        await change(chavagne, family, granted=False, by=reader),
        await change(chavagne, family, granted=False, code="piscine"),
        await change(chavagne, family, granted=False, childId=global_id("Child", other.child)),
        await change(chavagne, family, granted=False, childId=None, code="quotient-familial"),
    ]
    assert [answer["userErrors"][0]["code"] for answer in answers] == ["NOT_FOUND"] * 5
