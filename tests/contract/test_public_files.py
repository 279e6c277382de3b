"""The files of public pages: sent by agents of the settings alone, inspected, read by everybody until taken back."""

import hashlib
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from gateway.database import Databases
from resolvers.context import ANONYMOUS, AgentRight
from resolvers.models import PublicFile, PublicPage
from resolvers.models.public import PageKind
from resolvers.models.scope import NOTHING
from resolvers.publishing.public_pages import publish_page, withdraw_page
from schema.portal import schema
from schema.relay import global_id
from tests.doors import ask, cookie_of, portal_of
from tests.hostile_files import archive, jpeg, pdf, script
from tests.towns import Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]
SOUND = pdf()
VISITOR = Signed(ANONYMOUS, NOTHING)
READ = "{ publicPages { nodes { title file { name url mediaType size } } } }"


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Melle, whose guide has « des documents à télécharger »."""
    return Town.called("melle")


@pytest.fixture
def portal(town: Town, database_url: str) -> Starlette:
    """The application itself."""
    return portal_of(town, database_url)


async def page_of(town: Town, title: str = "Règlement de fonctionnement") -> PublicPage:
    """A published page."""
    with town.at_work() as ctx:
        return await publish_page(ctx, PageKind.DOCUMENT, title, "En vigueur.", "")


async def send(
    portal: Starlette, cookie: str | None, page: UUID, content: bytes = SOUND, name: str = "a.pdf"
) -> httpx.Response:
    """Send a file onto a page."""
    form = {"pageId": global_id("PublicPage", page)}
    return await ask(portal, "POST", "melle/public-files", cookie, data=form, files={"file": (name, content)})


async def test_only_agents_of_the_settings_send_a_file(town: Town, portal: Starlette) -> None:
    page = await page_of(town)
    visitors = {
        "an agent of the settings": await cookie_of(town, await add_agent(town, frozenset({AgentRight.SETTINGS}))),
        "another agent": await cookie_of(town, await add_agent(town, frozenset(AgentRight) - {AgentRight.SETTINGS})),
        "a family": await cookie_of(town, (await add_family(town)).parent),
        "a visitor": None,
    }
    answers = {who: await send(portal, cookie, page.id) for who, cookie in visitors.items()}
    assert {who: (answer.status_code, answer.json().get("code")) for who, answer in answers.items()} == {
        "an agent of the settings": (201, None),
        "another agent": (422, "NOT_FOUND"),
        "a family": (422, "NOT_FOUND"),
        "a visitor": (401, None),
    }
    assert answers["an agent of the settings"].json() == {"id": global_id("PublicPage", page.id)}


async def test_a_file_is_read_without_an_account_until_its_page_is_taken_back(town: Town, portal: Starlette) -> None:
    page, bare = await page_of(town), await page_of(town, "Horaires")
    agent = await cookie_of(town, await add_agent(town))
    assert (await send(portal, agent, page.id)).status_code == 201
    path = f"melle/public-files/{page.id}"
    read = await ask(portal, "GET", path)
    tag = f'"{hashlib.sha256(SOUND).hexdigest()}"'
    told = ("content-type", "content-disposition", "x-content-type-options", "etag", "cache-control")
    assert (read.status_code, read.content, [read.headers[name] for name in told]) == (
        200,
        SOUND,
        [
            "application/pdf",
            'inline; filename="reglement-de-fonctionnement.pdf"',
            "nosniff",
            tag,
            "public, no-cache",
        ],
    )
    held = [await ask(portal, "GET", path, headers={"If-None-Match": each}) for each in (tag, f'"x", W/{tag}', '"x"')]
    assert [(each.status_code, each.headers["etag"], len(each.content)) for each in held] == [
        (304, tag, 0),
        (304, tag, 0),
        (200, tag, len(SOUND)),
    ]
    with town.at_work() as ctx:
        await withdraw_page(ctx, page.id)
    gone = [await ask(portal, "GET", f"melle/public-files/{key}") for key in (page.id, bare.id, UUID(int=7))]
    assert [(each.status_code, each.json()) for each in gone] == [(404, gone[0].json())] * 3
    assert (await send(portal, agent, page.id)).json()["code"] == "NOT_FOUND"


async def test_another_file_takes_the_place_of_the_one_before_and_a_refused_one_changes_nothing(
    town: Town, portal: Starlette
) -> None:
    page = await page_of(town)
    agent = await cookie_of(town, await add_agent(town))
    await send(portal, agent, page.id)
    files = [b"", SOUND + archive(), pdf(script)]
    refused = [(await send(portal, agent, page.id, file)).json()["code"] for file in files]
    assert refused == ["FILE_EMPTY", "FILE_AMBIGUOUS", "FILE_ACTIVE"]
    assert (await ask(portal, "GET", f"melle/public-files/{page.id}")).content == SOUND
    assert (await send(portal, agent, page.id, jpeg(), "plan.jpg")).status_code == 201
    read = await ask(portal, "GET", f"melle/public-files/{page.id}")
    assert (read.headers["content-type"], read.headers["content-disposition"]) == (
        "image/jpeg",
        'inline; filename="reglement-de-fonctionnement.jpg"',
    )
    with town.at_work():
        assert await PublicFile.all().count() == 1


async def test_pages_tell_their_files_in_one_statement(town: Town, portal: Starlette) -> None:
    agent = await cookie_of(town, await add_agent(town))
    pages = [await page_of(town, title) for title in ("Dossier d'inscription", "« »", "Horaires")]
    for page in pages[:2]:
        await send(portal, agent, page.id)
    with town.asked_by(VISITOR) as ctx, statements() as sent:
        result = await schema.execute(READ, context_value=ctx)
    facts = {"mediaType": "application/pdf", "size": len(SOUND)}
    files = {
        "Dossier d'inscription": ("dossier-d-inscription.pdf", pages[0].id),
        "« »": ("document.pdf", pages[1].id),
    }
    assert result.errors is None
    assert result.data is not None
    assert {each["title"]: each["file"] for each in result.data["publicPages"]["nodes"]} == {
        "Horaires": None,
        **{
            title: {"name": name, "url": f"https://portail.example/melle/public-files/{key}", **facts}
            for title, (name, key) in files.items()
        },
    }
    assert len(sent) == 3  # the count, the pages, their files
