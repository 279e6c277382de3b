"""The pages behind the links of our mails."""

import re

import httpx
import pytest
from starlette.applications import Starlette

from gateway.doors.landing import landing_routes
from gateway.doors.tenancy import Tenancy
from plugins.communes import Communes

pytestmark = pytest.mark.anyio

TOKEN = "Zk3_9-abcDEF.~0123456789"


def browser() -> httpx.AsyncClient:
    app = Tenancy(Starlette(routes=landing_routes()), Communes.installed(["chavagne"]))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://portail.example")


@pytest.mark.parametrize(
    ("path", "title", "instruction"),
    [
        ("activation", "Activation de votre compte", "choisissez « Activer mon compte » et recopiez ce code"),
        ("adresse-e-mail", "Nouvelle adresse e-mail", "choisissez « Confirmer mon adresse » et recopiez ce code"),
        ("mot-de-passe", "Nouveau mot de passe", "choisissez « Mot de passe oublié » et recopiez ce code"),
    ],
)
async def test_the_page_says_what_to_do_and_shows_the_code(path: str, title: str, instruction: str) -> None:
    async with browser() as web:
        pages = [await web.get(f"/chavagne/{path}", params={"token": TOKEN}) for _ in range(2)]

    page = pages[0]
    assert page.status_code == 200
    assert page.text == pages[1].text
    assert page.text.startswith('<!doctype html>\n<html lang="fr">')
    assert f"<title>{title} – Chavagne</title>" in page.text
    assert f"<h1>{title}</h1>" in page.text
    assert instruction in page.text
    assert re.findall("<code>(.*)</code>", page.text) == [TOKEN]


async def test_the_page_is_not_kept_not_framed_not_indexed_and_tells_nobody_where_one_comes_from() -> None:
    async with browser() as web:
        headers = (await web.get("/chavagne/activation", params={"token": TOKEN})).headers

    policy = headers["Content-Security-Policy"]
    wanted = ("Referrer-Policy", "Cache-Control", "X-Content-Type-Options", "X-Robots-Tag")
    assert re.sub("sha256-[^']{44}", "…", policy) == (
        "default-src 'none'; style-src '…'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert [headers[name] for name in wanted] == ["no-referrer", "no-store", "nosniff", "noindex"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    "token",
    ["", "court", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "é" * 20, "a" * 513, "abc\x00defgh"],
)
async def test_an_incomplete_or_hostile_link_is_explained_and_never_echoed(token: str) -> None:
    async with browser() as web:
        page = await web.get("/chavagne/activation", params={"token": token})

    assert page.status_code == 400
    assert "Ce lien est incomplet." in page.text
    assert "<code>" not in page.text
    assert token == "" or token not in page.text


async def test_a_link_without_token_is_incomplete_and_another_method_is_refused() -> None:
    async with browser() as web:
        bare = await web.get("/chavagne/mot-de-passe")
        posted = await web.post("/chavagne/mot-de-passe", params={"token": TOKEN})
        head = await web.head("/chavagne/mot-de-passe", params={"token": TOKEN})

    assert (bare.status_code, posted.status_code, head.status_code, head.text) == (400, 405, 200, "")
