"""« Je me connecte au portail famille », « Si vous souhaitez régler votre facture »: two mails in the guide's words."""

from plugins.hookspecs import hookimpl
from plugins.messages import signed
from plugins.rules.wording import Message, Wording

ACTIVATION = signed(
    "{commune} : activez votre espace famille",
    """
Votre espace personnel a été créé sur le portail famille.

Pour l'activer, cliquez sur ce lien avant le {until} :
{link}

Votre identifiant : {login}
Votre mot de passe provisoire : {password}

Copiez et collez ce mot de passe, puis cliquez sur « Connexion ». Vous devrez aussitôt choisir le vôtre,
puis lire et accepter les conditions générales d'utilisation.

Vous retrouverez ensuite le portail depuis le site de la mairie, https://www.epagnymetztesy.fr, en cliquant sur
« portail familles ». N'oubliez pas de vous déconnecter à la fin de chaque utilisation.""",
)

RECEIPT = signed(
    "Paiement reçu pour la facture {number}",
    """
Nous avons bien reçu votre paiement de {amount} pour la facture {number}, le {paid_at}.

Référence du paiement : {reference}

Gardez ce message : c'est votre reçu.""",
)

MAILS = {Message.ACCOUNT_ACTIVATION: ACTIVATION, Message.PAYMENT_RECEIPT: RECEIPT}


@hookimpl
def wording(message: Message) -> Wording | None:
    """The activation, whose steps the guide lists, and « je garde le reçu »; no opinion on the others."""
    return MAILS.get(message)
