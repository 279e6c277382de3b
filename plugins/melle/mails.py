"""Case 1 of the guide, steps 1 and 2: the activation mail, in the words that the guide prints.

It greets by title and name: « Bonjour Mme Testa ARPEGE »."""

from plugins.hookspecs import hookimpl
from plugins.messages import signed
from plugins.rules.wording import Message, Wording

ACTIVATION = signed(
    "{commune} : activez votre espace famille",
    """
Nous vous souhaitons la bienvenue sur votre espace familles.

Pour faciliter l'accès à l'espace familles et à vos démarches liées à votre vie quotidienne, votre espace personnel a
été automatiquement créé.

Pour l'activer, ouvrez ce lien avant le {until} :
{link}

Voici vos identifiants de connexion :
- Nom d'utilisateur : {login}
- Mot de passe temporaire : {password}

Une fois connecté, vous changerez ce mot de passe temporaire pour créer votre mot de passe personnel, puis vous
accepterez les conditions générales d'utilisation.

Ce message est envoyé automatiquement, merci de ne pas y répondre : votre réponse ne pourra être traitée.

Cordialement,""",
    greeted="{addressee}",
)


@hookimpl
def wording(message: Message) -> Wording | None:
    """The activation mail; no opinion on the others. Its subject is the portal's: the guide prints none."""
    return ACTIVATION if message is Message.ACCOUNT_ACTIVATION else None
