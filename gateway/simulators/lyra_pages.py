"""The pages of the simulated Lyra: the payment page, the way back to the portal, and the refusals."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

from gateway.simulators.bank_page import bank_page
from gateway.simulators.lyra_shops import Transaction
from plugins.rules.french import euros

STATUSES = {
    "AUTHORISED": "Payer par carte bancaire",
    "UNDER_VERIFICATION": "Paiement mis en vérification",
    "REFUSED": "Carte refusée",
    "ABANDONED": "Abandonner",
}


def payment_page(transaction: Transaction, end: str) -> HTMLResponse:
    """The page where the person chooses how the payment ends; its buttons post to ``end``."""
    form = transaction.form
    buttons = "\n".join(
        f'<button type="submit" name="status" value="{status}">{escape(label)}</button>'
        for status, label in STATUSES.items()
    )
    return bank_page(
        "Lyra",
        "Paiement par carte bancaire",
        f"""<dl>
<dt>Montant</dt><dd>{euros(int(form["vads_amount"]))}</dd>
<dt>Référence</dt><dd>{escape(form.get("vads_order_id", ""))}</dd>
</dl>
<form method="post" action="{escape(end)}">
<input type="hidden" name="transaction" value="{transaction.uuid}">
<fieldset><legend>Comment ce paiement doit-il finir ?</legend>
{buttons}
</fieldset>
</form>""",
    )


def return_page(address: str, fields: Mapping[str, str]) -> HTMLResponse:
    """The way back: the browser brings the signed fields to ``vads_url_return`` by GET, by itself or by the button."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    return bank_page(
        "Lyra",
        "Retour vers le site de votre commune",
        f"""<form id="retour" method="get" action="{escape(address)}">
{hidden}
<button type="submit">Continuer</button>
</form>""",
        script='document.getElementById("retour").submit()',
    )


def unusable_page(reason: str, status: int) -> HTMLResponse:
    """A request that the page cannot serve, and why."""
    return bank_page("Lyra", "Paiement impossible", f"<p>{escape(reason)}</p>", status=status)
