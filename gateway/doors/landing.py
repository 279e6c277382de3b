"""The pages behind the links of our mails, for communes whose front end has none.

Reading a page consumes nothing: mail scanners follow links too. The page shows the code to give to the front end.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gateway.doors.tenancy import commune_of

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,512}")
_STYLE = """
body { font: 1.125rem/1.6 system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 2rem auto; padding: 0 1rem;
  max-width: 40rem; }
code { display: block; padding: 1rem; border: 2px solid #1b1b1b; overflow-wrap: anywhere; user-select: all; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class _Purpose:
    title: str
    instruction: str


_ACTIVATION = _Purpose(
    "Activation de votre compte",
    "Pour activer votre compte, ouvrez le site ou l'application de votre commune, choisissez « Activer mon compte » "
    "et recopiez ce code :",
)
_PASSWORD = _Purpose(
    "Nouveau mot de passe",
    "Pour choisir un nouveau mot de passe, ouvrez le site ou l'application de votre commune, choisissez "
    "« Mot de passe oublié » et recopiez ce code :",
)


_EMAIL = _Purpose(
    "Nouvelle adresse e-mail",
    "Pour confirmer votre nouvelle adresse, ouvrez le site ou l'application de votre commune, choisissez "
    "« Confirmer mon adresse » et recopiez ce code :",
)


def landing_routes() -> list[Route]:
    """``/activation``, ``/mot-de-passe`` and ``/adresse-e-mail``, each with ``?token=…``, relative to a commune."""
    return [
        Route("/activation", _landing(_ACTIVATION), methods=["GET"], name="activation"),
        Route("/mot-de-passe", _landing(_PASSWORD), methods=["GET"], name="mot-de-passe"),
        Route("/adresse-e-mail", _landing(_EMAIL), methods=["GET"], name="adresse-e-mail"),
    ]


def _landing(purpose: _Purpose) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        token = request.query_params.get("token", "")
        complete = _TOKEN.fullmatch(token) is not None
        content = _code(purpose, token) if complete else _INCOMPLETE
        name = commune_of(request.scope).identity.name
        return french_page(purpose.title, name, content, 200 if complete else 400)

    return page


def _code(purpose: _Purpose, token: str) -> str:
    return (
        f"<p>{purpose.instruction}</p><p><code>{escape(token)}</code></p>"
        "<p>Ce code est personnel : ne le transmettez à personne, pas même à un agent de la commune. "
        "Consulter cette page ne l'utilise pas.</p>"
    )


_INCOMPLETE = (
    "<p>Ce lien est incomplet. Ouvrez-le de nouveau depuis le message reçu, ou recopiez-le en entier dans la barre "
    "d'adresse. S'il ne fonctionne toujours pas, demandez un nouveau message.</p>"
)


def french_page(title: str, commune: str, content: str, status: int = 200) -> HTMLResponse:
    """A page of the portal itself; ``content`` is HTML whose values the caller has escaped."""
    html = f"""<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – {escape(commune)}</title><style>{_STYLE}</style></head>
<body><main><h1>{escape(title)}</h1><p>Portail famille de {escape(commune)}</p>{content}</main></body>
</html>"""
    return HTMLResponse(html, status, _HEADERS)
