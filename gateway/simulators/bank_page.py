"""The pages of the simulated bank: the payment page, the way back to the portal, and the refusals."""

import secrets
from html import escape

from starlette.responses import HTMLResponse

from gateway.simulators.bank_ledger import Anomaly, Operation
from plugins.rules.french import euros

RESULTS = {
    "P": "Payer par carte bancaire",
    "V": "Payer par prélèvement",
    "R": "Carte refusée",
    "Z": "Prélèvement refusé",
    "A": "Abandonner",
}

_STYLE = """
body { font: 1.125rem/1.5 system-ui, sans-serif; color: #161616; background: #fff; max-width: 40rem; margin: 2rem auto;
       padding: 0 1rem }
dt { font-weight: bold } dd { margin: 0 0 .75rem }
button { font: inherit; display: block; width: 100%; margin: .5rem 0; padding: .75rem; color: #fff; background: #000091;
         border: 2px solid #000091; border-radius: .25rem; cursor: pointer }
button:focus-visible { outline: 3px solid #0a76f6; outline-offset: 2px }
.notice { border-left: .25rem solid #000091; padding: .5rem 1rem; background: #f5f5fe }
"""


def payment_page(operation: Operation) -> HTMLResponse:
    """The page where the person chooses how the attempt ends."""
    order = operation.order
    buttons = "\n".join(
        f'<button type="submit" name="resultrans" value="{letter}">{escape(label)}</button>'
        for letter, label in RESULTS.items()
    )
    facts = (
        ("Montant", euros(int(order["montant"]))),
        ("Référence", order["refdet"]),
        ("Objet", order.get("objet", "")),
        ("Adresse électronique", order["mel"]),
    )
    described = "\n".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return bank_page(
        "PayFiP",
        "Paiement de votre facture",
        f"""<dl>
{described}
</dl>
<form method="post">
<input type="hidden" name="idop" value="{escape(operation.identifier)}">
<fieldset><legend>Comment ce paiement doit-il finir ?</legend>
{buttons}
</fieldset>
</form>""",
    )


def return_page(operation: Operation) -> HTMLResponse:
    """The way back: like the real bank, the browser *posts* ``idop`` to ``urlredirect``, by itself or by the button."""
    script = 'document.getElementById("retour").submit()'
    return bank_page(
        "PayFiP",
        "Retour vers le site de votre commune",
        f"""<form id="retour" method="post" action="{escape(operation.order["urlredirect"])}">
<input type="hidden" name="idop" value="{escape(operation.identifier)}">
<button type="submit">Continuer</button>
</form>""",
        script=script,
    )


def refusal_page(anomaly: Anomaly) -> HTMLResponse:
    """Why the payment page cannot be shown: 404 for an unknown operation, 410 for one that is over."""
    return bank_page(
        "PayFiP",
        "Paiement impossible",
        f"<p>{escape(anomaly.code)} : {escape(anomaly.label)}</p>"
        "<p>Revenez sur le site de votre commune pour recommencer.</p>",
        status=404 if anomaly.code == "P1" else 410,
    )


def unusable_page(reason: str, status: int) -> HTMLResponse:
    """A request that the page cannot serve, and why."""
    return bank_page("PayFiP", "Paiement impossible", f"<p>{escape(reason)}</p>", status=status)


def bank_page(bank: str, title: str, content: str, *, script: str = "", status: int = 200) -> HTMLResponse:
    """A page of a simulated bank; ``content`` is HTML whose values the caller has escaped."""
    nonce = secrets.token_urlsafe(16)
    code = f'<script nonce="{nonce}">{script}</script>' if script else ""
    html = f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {bank} (simulation)</title>
<style nonce="{nonce}">{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="notice">Banque simulée : aucune somme n'est prélevée.</p>
{content}
</main>
{code}
</body>
</html>"""
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; base-uri 'none'"
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
