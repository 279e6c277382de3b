"""Files sent and downloaded outside GraphQL: who may, what is answered, and that a refusal leaves nothing behind."""

from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader, PdfWriter
from starlette.applications import Starlette

from gateway.database import Databases
from resolvers.context import AgentRight
from resolvers.models import Document, DocumentContent, DocumentReading, Person
from schema.relay import global_id, parse_uuid
from tests.contract.planting import Planted, plant
from tests.doors import ask, cookie_of, portal_of
from tests.hostile_files import archive, exif, jpeg, pdf
from tests.towns import Town, add_agent, add_parent

pytestmark = pytest.mark.anyio
SOUND = pdf()


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, which asks for a « fiche sanitaire »."""
    return Town.called("chavagne")


@pytest.fixture
def portal(town: Town, database_url: str) -> Starlette:
    """The application itself, on the town's database, which is already open."""
    return portal_of(town, database_url)


async def send(
    portal: Starlette,
    cookie: str | None,
    household: UUID,
    content: bytes = SOUND,
    *,
    child: UUID | None = None,
    name: str = "fiche.pdf",
    code: str = "fiche-sanitaire",
    **request: Any,
) -> httpx.Response:
    """Send a file into a household's vault."""
    form = {"householdId": global_id("Household", household), "code": code}
    if child is not None:
        form["childId"] = global_id("Child", child)
    return await ask(
        portal, "POST", "chavagne/documents", cookie, data=form, files={"file": (name, content)}, **request
    )


async def kept(town: Town, household: UUID) -> list[Document]:
    """The documents of a household that are kept, with a file for each."""
    with town.at_work():
        rows = await Document.filter(household_id=household, withdrawn_at__isnull=True).order_by("added_at", "id")
        assert await DocumentContent.filter(household_id=household).count() == len(rows)
    return rows


def temporary_files() -> list[str]:
    """The files of the temporary folder that this process holds open, were they already without a name."""
    held = [descriptor.readlink() for descriptor in Path("/proc/self/fd").iterdir() if descriptor.is_symlink()]
    return [str(path) for path in held if path.is_relative_to(gettempdir()) and "(deleted)" in path.name]


def titled(title: str) -> bytes:
    """A PDF of its own."""
    return pdf(lambda writer: writer.add_metadata({"/Title": title}))


async def people(town: Town, ours: Planted, theirs: Planted) -> dict[str, str | None]:
    """Who comes, and what each one's browser sends."""
    other_half = await add_parent(town, ours.household, "Coparent QUI-VOIT", books=False)
    blind = await add_parent(town, ours.household, "Parent SANS-DROIT", sees=False)
    agent = await add_agent(town, frozenset({AgentRight.FAMILIES}))
    cashier = await add_agent(town, frozenset({AgentRight.BILLING, AgentRight.ATTENDANCE, AgentRight.SETTINGS}))
    return {
        "a parent": await cookie_of(town, ours.parent.id),
        "a parent who only sees": await cookie_of(town, other_half.id),
        "a parent without the right to see": await cookie_of(town, blind.id),
        "an agent of families": await cookie_of(town, agent),
        "an agent of another service": await cookie_of(town, cashier),
        "another family": await cookie_of(town, theirs.parent.id),
        "a parent with steps left": await cookie_of(town, ours.newcomer.id),
        "a visitor": None,
    }


async def test_only_who_acts_for_a_household_sends_into_its_vault(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    visitors = await people(town, ours, theirs)
    answers = {who: await send(portal, cookie, ours.household, titled(who)) for who, cookie in visitors.items()}
    assert {who: (answer.status_code, answer.json().get("code")) for who, answer in answers.items()} == {
        "a parent": (201, None),
        "a parent who only sees": (422, "NOT_FOUND"),
        "a parent without the right to see": (422, "NOT_FOUND"),
        "an agent of families": (201, None),
        "an agent of another service": (422, "NOT_FOUND"),
        "another family": (422, "NOT_FOUND"),
        "a parent with steps left": (401, None),
        "a visitor": (401, None),
    }
    assert len(await kept(town, ours.household)) == 3  # with the planted one
    assert not any("QZMARK" in answer.text for answer in answers.values())


async def test_only_who_may_see_a_document_downloads_it_and_each_reading_is_kept(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    visitors = await people(town, ours, theirs)
    sent = await send(portal, visitors["a parent"], ours.household, jpeg(exif(6)), name="IMG_0001.JPG")
    document = parse_uuid(sent.json()["id"], "Document")
    answers = {
        who: await ask(portal, "GET", f"chavagne/documents/{document}", cookie) for who, cookie in visitors.items()
    }
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "a parent": 200,
        "a parent who only sees": 200,
        "a parent without the right to see": 404,
        "an agent of families": 200,
        "an agent of another service": 404,
        "another family": 404,
        "a parent with steps left": 401,
        "a visitor": 401,
    }
    read = answers["a parent"]
    assert read.content[:2] == b"\xff\xd8"
    assert {name: read.headers[name] for name in ("content-type", "content-disposition", "x-content-type-options")} == {
        "content-type": "image/jpeg",
        "content-disposition": 'attachment; filename="fiche-sanitaire-2026-10-05.jpg"',
        "x-content-type-options": "nosniff",
    }
    assert b"48.0833" not in read.content
    with town.at_work():
        readings = await DocumentReading.filter(document_id=document)
        sealed = await DocumentContent.get(document_id=document)
    assert (len(readings), ours.parent.id in {reading.account_id for reading in readings}) == (3, True)
    assert read.content[:20] not in bytes(sealed.sealed)


async def test_a_document_that_does_not_exist_is_answered_like_somebody_else_s(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    sent = await send(portal, await cookie_of(town, ours.parent.id), ours.household)
    stranger = await cookie_of(town, theirs.parent.id)
    documents = [parse_uuid(sent.json()["id"], "Document"), UUID(int=7)]
    answers = [await ask(portal, "GET", f"chavagne/documents/{document}", stranger) for document in documents]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 2
    households = [ours.household, UUID(int=7)]
    answers = [await send(portal, stranger, household) for household in households]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 2


async def test_a_refused_file_leaves_nothing_behind(town: Town, portal: Starlette) -> None:
    ours = await plant(town, "QZMARKAQZ")
    cookie = await cookie_of(town, ours.parent.id)
    files = [b"", SOUND + archive(), SOUND[:200], jpeg(width=60_000, height=60_000), bytes(11_000_000)]
    before = temporary_files()  # pytest's own
    answers = [await send(portal, cookie, ours.household, file) for file in files]
    big = await send(portal, cookie, ours.household, bytes(100_000_000))
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (422, "FILE_EMPTY"),
        (422, "FILE_AMBIGUOUS"),
        (422, "FILE_UNREADABLE"),
        (422, "FILE_EXTENSION_WRONG"),
        (422, "FILE_TOO_LARGE"),
    ]
    assert (big.status_code, big.json()["errors"][0]["extensions"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert temporary_files() == before
    assert len(await kept(town, ours.household)) == 1


async def test_a_form_that_is_not_what_is_asked_is_refused(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    cookie = await cookie_of(town, ours.parent.id)
    asked = {"householdId": global_id("Household", ours.household), "code": "autre"}
    two = [("file", ("a.pdf", SOUND)), ("file", ("b.pdf", SOUND))]
    answers = [
        await send(portal, cookie, ours.household, code="carte-bleue"),
        await send(portal, cookie, ours.household, child=theirs.child),
        await send(portal, cookie, ours.household, child=ours.parent.person_id),
        await ask(portal, "POST", "chavagne/documents", cookie, data=asked, files={"autre": ("a.pdf", SOUND)}),
        await ask(
            portal, "POST", "chavagne/documents", cookie, data={**asked, "householdId": "x"}, files={"file": ("a", b"")}
        ),
        await ask(
            portal, "POST", "chavagne/documents", cookie, data={**asked, "childId": "x"}, files={"file": ("a", b"")}
        ),
    ]
    assert [(answer.status_code, answer.json()["code"], answer.json()["field"]) for answer in answers] == [
        (422, "NOT_FOUND", ["code"]),
        (422, "NOT_FOUND", ["childId"]),
        (422, "NOT_FOUND", ["childId"]),
        (422, "BLANK", ["file"]),
        (422, "NOT_FOUND", ["householdId"]),
        (422, "NOT_FOUND", ["childId"]),
    ]
    cut = {"headers": {"Content-Type": "multipart/form-data; boundary=x"}, "content": b"pas un formulaire"}
    doors = [
        await ask(portal, "POST", "chavagne/documents", cookie, data=asked, files=two),
        await ask(portal, "POST", "chavagne/documents", cookie, **cut),
        await ask(
            portal, "POST", "chavagne/documents", cookie, headers={"Content-Type": "multipart/form-data"}, content=b"x"
        ),
        await ask(portal, "POST", "chavagne/documents", cookie, json=asked),
        await ask(
            portal, "POST", "chavagne/documents", cookie, content=SOUND, headers={"Content-Type": "application/pdf"}
        ),
        await ask(portal, "GET", "chavagne/documents", cookie),
    ]
    assert [answer.status_code for answer in doors] == [400, 400, 400, 415, 415, 405]
    assert len(await kept(town, ours.household)) == 1


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://autre.example"}]
)
async def test_another_site_s_page_sends_nothing(town: Town, portal: Starlette, headers: dict[str, str]) -> None:
    ours = await plant(town, "QZMARKAQZ")
    answer = await send(portal, await cookie_of(town, ours.parent.id), ours.household, headers=headers)
    assert answer.status_code == 403
    assert len(await kept(town, ours.household)) == 1


def fields_of(answer: httpx.Response) -> dict[str, Any]:
    """The fields of a PDF form, by name."""
    return {name: field.value for name, field in (PdfReader(BytesIO(answer.content)).get_fields() or {}).items()}


async def test_a_sheet_is_blank_for_anybody_and_filled_for_who_may_see_the_child(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    asked = {"householdId": global_id("Household", ours.household), "childId": global_id("Child", ours.child)}
    answers = {
        who: await ask(portal, "GET", "chavagne/sheets/fiche-sanitaire.pdf", cookie, params=asked)
        for who, cookie in (await people(town, ours, theirs)).items()
    }
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "a parent": 200,
        "a parent who only sees": 200,
        "a parent without the right to see": 404,
        "an agent of families": 200,
        "an agent of another service": 404,
        "another family": 404,
        "a parent with steps left": 401,
        "a visitor": 401,
    }
    filled = fields_of(answers["a parent"])
    assert filled["enfant-naissance"] == "14/03/2018"
    assert "QZMARKAQZ" in filled["enfant-nom"]
    blank = await ask(portal, "GET", "chavagne/sheets/fiche-sanitaire.pdf")
    assert (blank.status_code, blank.headers["content-disposition"]) == (
        200,
        'attachment; filename="fiche-sanitaire.pdf"',
    )
    assert fields_of(blank).keys() == filled.keys()
    assert set(fields_of(blank).values()) == {None}


@pytest.mark.parametrize("path", ["rib.pdf", "..%2Fx.pdf", "fiche-sanitaire.pdf?childId=x"])
async def test_a_sheet_that_does_not_exist_is_not_found(town: Town, portal: Starlette, path: str) -> None:
    ours = await plant(town, "QZMARKAQZ")
    assert (
        await ask(portal, "GET", f"chavagne/sheets/{path}", await cookie_of(town, ours.parent.id))
    ).status_code == 404


async def test_a_child_of_another_household_fills_nothing(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    asked = {"householdId": global_id("Household", ours.household), "childId": global_id("Child", theirs.child)}
    cookie = await cookie_of(town, ours.parent.id)
    assert (await ask(portal, "GET", "chavagne/sheets/fiche-famille.pdf", cookie, params=asked)).status_code == 404


async def test_a_sheet_sent_back_is_read_for_the_family_to_confirm_and_changes_nothing(
    town: Town, portal: Starlette
) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    cookie = await cookie_of(town, ours.parent.id)
    writer = PdfWriter(clone_from=BytesIO((await ask(portal, "GET", "chavagne/sheets/fiche-sanitaire.pdf")).content))
    for page in writer.pages:
        values = {"enfant-nom": "NOUVEAU", "enfant-naissance": "31/02/2018", "vaccins-a-jour": "yes"}
        writer.update_page_form_field_values(page, dict(values))
    saved = BytesIO()
    writer.write(saved)
    sent = await send(portal, cookie, ours.household, saved.getvalue(), child=ours.child)
    path = f"chavagne/documents/{parse_uuid(sent.json()['id'], 'Document')}/answers"
    read = await ask(portal, "GET", path, cookie)
    assert [(answer["code"], answer["value"], answer["fault"]) for answer in read.json()["answers"]] == [
        ("enfant-nom", "NOUVEAU", None),
        ("enfant-naissance", "2018-02-31", "« Date de naissance » : écrivez une date du calendrier."),
        ("vaccins-a-jour", "yes", None),
    ]
    with town.at_work():
        assert "QZMARKAQZ" in (await Person.get(id=ours.child)).last_name
    strangers = [await cookie_of(town, theirs.parent.id), None]
    assert [(await ask(portal, "GET", path, stranger)).status_code for stranger in strangers] == [404, 401]


async def test_a_photograph_of_a_sheet_says_nothing_by_itself(town: Town, portal: Starlette) -> None:
    ours = await plant(town, "QZMARKAQZ")
    cookie = await cookie_of(town, ours.parent.id)
    sent = await send(portal, cookie, ours.household, jpeg(), name="fiche.jpg")
    path = f"chavagne/documents/{parse_uuid(sent.json()['id'], 'Document')}/answers"
    assert (await ask(portal, "GET", path, cookie)).json() == {"answers": []}
