"""Page 2, §1 and §6 of the guide: the mails that Chavagne writes in its own words."""

from plugins.hookspecs import hookimpl
from plugins.messages import signed
from plugins.rules.wording import Message, Wording

ACTIVATION = signed(
    "{commune} : activez votre espace famille",
    """
Le service Enfance vous transmet un identifiant et un mot de passe, qui vous permettront d'accéder à votre espace
personnel et sécurisé.

Pour l'activer, ouvrez ce lien avant le {until} :
{link}

Votre identifiant : {login}
Votre mot de passe provisoire : {password}

À la première connexion, vous choisirez votre propre mot de passe.

Le portail familles est accessible 7 jours sur 7 et 24 h sur 24, depuis un ordinateur, une tablette ou un smartphone :
www.chavagne.fr, rubrique « Accès rapides », « Portail Familles ».""",
)

DOSSIER_RECEIVED = signed(
    "Dossier {year} {of_child} : bien reçu",
    """
Nous avons bien enregistré votre demande : dossier administratif {year} {of_child}.

Elle est transmise au service Enfance, qui vous tiendra informé de l'avancement de son instruction.""",
)

MAILS = {Message.ACCOUNT_ACTIVATION: ACTIVATION, Message.DOSSIER_RECEIVED: DOSSIER_RECEIVED}


@hookimpl
def wording(message: Message) -> Wording | None:
    """Activation and « accusé de réception » in the guide's words, under the portal's subjects; the others as usual."""
    return MAILS.get(message)
