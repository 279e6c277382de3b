"""The portal's own words for every mail; a commune replaces the ones it wants through the question « wording »."""

from collections.abc import Mapping
from types import MappingProxyType

from plugins.rules.wording import Message, Wording

_SIGNATURE = """

{service}
{commune}
{mailbox}
"""


def signed(subject: str, text: str, *, greeted: str = "{first_name}") -> Wording:
    """A mail that greets the person, by first name as a rule, and is signed by the service, with its mailbox."""
    return Wording(subject, f"Bonjour {greeted},\n\n{text.strip()}{_SIGNATURE}")


MESSAGES: Mapping[Message, Wording] = MappingProxyType(
    {
        Message.ACCOUNT_ACTIVATION: signed(
            "{commune} : activez votre espace famille",
            """
Votre espace personnel a été créé sur le portail famille.

Pour l'activer, ouvrez ce lien avant le {until} :
{link}

Votre identifiant : {login}
Votre mot de passe provisoire : {password}

À la première connexion, vous choisirez votre propre mot de passe.""",
        ),
        Message.ACCOUNT_OPENING: signed(
            "{commune} : ouvrez votre espace famille",
            """
Votre espace famille est prêt sur le portail de {commune}.

Pour l'ouvrir et choisir votre mot de passe, suivez ce lien avant le {until} :
{link}

Votre identifiant : {login}

Si vous n'attendiez pas ce message, ignorez-le : aucun espace ne sera ouvert.""",
        ),
        Message.ACCOUNT_CREATED: signed(
            "{commune} : votre espace famille est ouvert",
            """
Votre espace famille est ouvert, avec le mot de passe que vous avez choisi.

Votre identifiant : {login}

Pour y accéder, ou choisir un autre mot de passe si vous l'oubliez :
{link}

Si vous n'avez pas ouvert cet espace, écrivez sans attendre à {mailbox}.""",
        ),
        Message.ACCOUNT_ALREADY_OPEN: signed(
            "{commune} : vous avez déjà un espace famille",
            """
Quelqu'un, sans doute vous, vient d'indiquer cette adresse pour un espace famille : elle en ouvre déjà un.

Votre identifiant : {login}

Si vous avez oublié votre mot de passe, choisissez-en un nouveau avant le {until} :
{link}

Si vous n'avez rien demandé, ignorez ce message : rien n'a changé.""",
        ),
        Message.EMAIL_CHANGE: signed(
            "{commune} : confirmez votre nouvelle adresse e-mail",
            """
Vous avez demandé que {email} devienne l'adresse de votre espace famille.

Ce message part à vos deux adresses. Ouvrez le lien de chacun avant le {until} : le changement se fera au second.
{link}

Si vous n'avez rien demandé, n'ouvrez pas ce lien, changez votre mot de passe et prévenez {mailbox}.""",
        ),
        Message.EMAIL_CHANGED: signed(
            "{commune} : votre adresse e-mail a changé",
            """
L'adresse de votre espace famille est désormais {email}.

Votre identifiant : {login}

Si ce n'est pas vous, écrivez sans attendre à {mailbox}.""",
        ),
        Message.SECOND_FACTOR_REMOVED: signed(
            "{commune} : double authentification retirée",
            """
Un collègue vient de retirer la double authentification de votre compte.

À la prochaine connexion, votre mot de passe suffira. Enregistrez de nouveau votre application sans attendre.
Si vous ne l'avez pas demandé, prévenez {mailbox}.""",
        ),
        Message.PASSWORD_RESET: signed(
            "{commune} : choisissez un nouveau mot de passe",
            """
Vous avez demandé à changer le mot de passe de votre espace famille.

Ouvrez ce lien avant le {until} :
{link}

Si vous n'avez rien demandé, ignorez ce message : votre mot de passe reste inchangé.""",
        ),
        Message.PASSWORD_CHANGED: signed(
            "{commune} : votre mot de passe a été changé",
            """
Le mot de passe de votre espace famille vient d'être changé.

Si ce n'est pas vous, écrivez sans attendre à {mailbox}.""",
        ),
        Message.BOOKINGS_CONFIRMED: signed(
            "Vos réservations sont enregistrées (n° {reference})",
            """
Nous avons bien enregistré votre demande n° {reference} :

{changes}

Total de ces changements : {total}""",
        ),
        Message.BOOKINGS_CLOSING: signed(
            "{commune} : à réserver avant le {until}",
            """
Vous avez demandé à être prévenu avant la fin des réservations. Il reste jusqu'au {until} pour réserver :

{days}

Réservez sur votre espace famille. Si votre enfant ne vient pas, ignorez ce message.
Pour ne plus recevoir ces rappels, retirez-les dans « Mon compte ».""",
        ),
        Message.PLACE_OFFERED: signed(
            "{commune} : une place s'est libérée le {day}",
            """
Une place s'est libérée pour {child} : {unit}, {day}.

Elle vous est gardée jusqu'au {until}. Acceptez-la ou refusez-la ici :

{link}

Passé ce délai, elle sera proposée à la famille suivante.""",
        ),
        Message.OFFER_EXPIRED: signed(
            "{commune} : la place proposée n'est plus gardée",
            """
La place qui vous était proposée n'a pas été acceptée à temps, elle n'est plus gardée pour vous :

{units}

Si vous en avez encore besoin, réservez, ou réinscrivez-vous sur la liste d'attente :

{link}""",
        ),
        Message.WAITING_ENDED: signed(
            "{commune} : la liste d'attente est terminée",
            """
Aucune place ne s'est libérée avant la date limite de réservation :

{units}

Pour toute question, écrivez au service.""",
        ),
        Message.UNITS_CLOSED: signed(
            "{reason} : réservations annulées",
            """
{reason} : l'accueil n'est pas assuré {period}. Nous avons annulé :

{changes}

Rien n'en est dû. Ce qui est déjà sur une facture en sera déduit par un avoir.""",
        ),
        Message.UNITS_REOPENED: signed(
            "{reason} : l'accueil est finalement assuré",
            """
L'accueil que nous avions annulé {period} ({reason}) est finalement assuré.

Vous vous êtes peut-être organisés autrement : nous n'avons rien réservé à votre place. Si vos enfants viennent,
réservez de nouveau :

{changes}

Si le délai de réservation est passé, écrivez à {mailbox}.""",
        ),
        Message.DOSSIER_RECEIVED: signed(
            "Dossier {year} {of_child} : bien reçu",
            """
Nous avons bien reçu le dossier administratif {year} {of_child}.
Il va être étudié ; vous recevrez la réponse par courriel.""",
        ),
        Message.DOSSIER_ACCEPTED: signed(
            "Dossier {year} {of_child} : validé",
            """
Le dossier administratif {year} {of_child} est validé.
Vous pouvez maintenant vous occuper de ses activités sur votre espace famille.""",
        ),
        Message.DOSSIER_REFUSED: signed(
            "Dossier {year} {of_child} : à compléter",
            """
Le dossier administratif {year} {of_child} n'a pas pu être validé.

Le motif est sur votre espace famille, dans « Dernières demandes ». Votre saisie est conservée : corrigez ce point,
puis renvoyez le dossier.""",
        ),
        Message.INVOICE_ISSUED: signed(
            "Votre facture {number}",
            """
Votre facture {number} ({period}) est disponible sur votre espace famille.

Montant : {total}
{payment}""",
        ),
        Message.INVOICE_REMINDER: signed(
            "Votre facture {number} reste à payer",
            """
Sauf erreur de notre part, votre facture {number} n'est pas entièrement payée. Elle était à régler avant le {due}.

Reste à payer : {total}

Payez-la depuis votre espace famille. Si vous avez des difficultés, écrivez à {mailbox}.""",
        ),
        Message.CREDIT_NOTE_ISSUED: signed(
            "Votre avoir {number} sur la facture {invoice}",
            """
Votre facture {invoice} est corrigée par l'avoir {number} de {total}.

Motif : {reason}
{consequence}""",
        ),
        Message.PAYMENT_PLAN_AGREED: signed(
            "Votre échéancier de paiement",
            """
Vous pouvez régler {invoices} en plusieurs fois :

{parts}

Total : {total}

Ces sommes ne sont pas prélevées : payez chaque part depuis votre espace famille. Une part qui n'est pas réglée sept
jours après sa date met fin à l'échéancier : tout ce qui reste est alors dû.
Si vous avez des difficultés, écrivez à {mailbox}.""",
        ),
        Message.PAYMENT_PLAN_ENDED: signed(
            "Votre échéancier de paiement est terminé",
            """
L'échéancier pour {invoices} est terminé avant la fin.

Motif : {reason}

Il reste {total} à payer dès maintenant, depuis votre espace famille.
Si vous avez des difficultés, écrivez à {mailbox}.""",
        ),
        Message.PAYMENT_RECEIPT: signed(
            "Paiement reçu pour la facture {number}",
            """
Nous avons bien reçu votre paiement de {amount} pour la facture {number}, le {paid_at}.

Référence du paiement : {reference}""",
        ),
        Message.PAYMENT_ORDERED: signed(
            "Paiement en attente d'encaissement pour la facture {number}",
            """
Votre ordre de prélèvement de {amount} pour la facture {number} a été accepté le {paid_at}.

Il est en attente d'encaissement : votre compte sera débité dans les prochains jours. Si votre banque le rejette, nous \
vous l'écrirons et la facture sera de nouveau à payer.

Référence du paiement : {reference}""",
        ),
        Message.PAYMENT_REVERSED: signed(
            "Paiement annulé pour la facture {number}",
            """
La banque a repris le paiement de {amount} fait en ligne le {day} pour la facture {number}, qui est de nouveau à payer.

Motif : {reason}

{ways}""",
        ),
        Message.DEBIT_REJECTED: signed(
            "Prélèvement rejeté pour la facture {number}",
            """
Votre banque a rejeté le prélèvement de {amount} pour la facture {number}, prévu le {day}.

Motif : {reason}

{ways}""",
        ),
        Message.PAYMENT_TO_CHECK: Wording(
            "{commune} : un paiement est à vérifier",
            """Bonjour,

Le paiement en ligne {reference}, de {amount}, demande votre attention : {reason}.

Ce message du portail famille est pour {service} ({mailbox}) : la famille ne l'a pas reçu.
""",
        ),
        Message.DIRECT_DEBIT_TO_SIGN: signed(
            "Demande n° {request} : votre mandat de prélèvement à signer",
            """
Nous avons bien enregistré votre demande de prélèvement automatique, n° {request}.

Il reste à signer votre mandat {rum}. Téléchargez-le depuis votre espace famille :
{link}

Une fois signé, déposez-le dans votre espace famille, ou remettez-le au service avec un RIB.""",
        ),
        Message.DIRECT_DEBIT_STARTED: signed(
            "Votre prélèvement automatique est en place",
            """
Votre mandat de prélèvement {rum} est en place : vos factures émises à partir du {since} seront prélevées.

Le montant et la date de chaque prélèvement figurent sur la facture. Pensez à nous signaler tout changement de compte
bancaire depuis votre espace famille.""",
        ),
        Message.DIRECT_DEBIT_STOPPED: signed(
            "Votre prélèvement automatique ne fonctionne plus",
            """
Vos factures ne sont plus prélevées avec le mandat {rum} : {reason}.

Réglez les prochaines factures par un autre moyen : votre espace famille les propose.""",
        ),
        Message.REQUEST_RECEIVED: signed(
            "Demande n° {request} : bien enregistrée",
            """
Nous avons bien enregistré votre demande n° {request} : {title}.

Suivez son avancement sur votre espace famille, dans « Dernières demandes ».""",
        ),
        Message.REQUEST_UPDATED: signed(
            "Demande n° {request} : des nouvelles",
            """
Votre demande n° {request} ({title}) a avancé. État actuel : {state}.

Pour en lire le détail et répondre au service, ouvrez « Dernières demandes » sur votre espace famille.""",
        ),
        Message.REQUEST_DECIDED: signed(
            "Demande n° {request} : {state}",
            """
Votre demande n° {request} ({title}) a été étudiée. Décision : {state}.

Le détail est sur votre espace famille, dans « Dernières demandes ».""",
        ),
        Message.DOCUMENT_REFUSED: signed(
            "{commune} : un document est à renvoyer",
            """
Un document que vous avez déposé dans votre porte-documents n'a pas pu être accepté.

Le motif est sur votre espace famille, dans « Porte-documents » : déposez-y un autre document.""",
        ),
        Message.DOCUMENT_EXPIRING: signed(
            "{commune} : un document est à renouveler",
            """
Un document de votre porte-documents n'est valable que jusqu'au {until}.

Déposez dès maintenant le nouveau sur votre espace famille, dans « Porte-documents » : il servira pour toutes vos
démarches.""",
        ),
    }
)
"""One text per message."""
