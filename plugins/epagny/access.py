"""« J'accède à mon portail familles »: everything is done online at school, only reading and paying at the crèche.

« Vous pouvez uniquement consulter les factures et les payer en ligne […]. Toute demande ou modification […] est à
signaler directement par mail à la structure d'accueil de votre enfant. »
"""

from plugins.hookspecs import hookimpl
from plugins.rules.features import (
    Feature,
    FeatureAnswer,
    Features,
    FieldPolicies,
    FieldPolicy,
    Visibility,
    refuse,
    say_mailboxes,
)
from plugins.rules.identity import Service

CRECHE = "petite-enfance"
PIC_ET_PLUME = "picketplume@epagnymetztesy.fr"
LOPTIOU = "loptiou@epagnymetztesy.fr"


def _write(what: str) -> FeatureAnswer:
    """Whoever is enrolled at Loptiou is told Loptiou alone, and so for Pic & Plume."""
    where = say_mailboxes(PIC_ET_PLUME, LOPTIOU)
    return refuse(f"{what} : écrivez à la structure d'accueil de votre enfant, {where}.", PIC_ET_PLUME, LOPTIOU)


READ_AND_PAY = Features(
    {
        Feature.EDIT_HOUSEHOLD: _write(
            "L'adresse, les courriels, les téléphones et les contacts d'une famille de la crèche ne se modifient pas "
            "en ligne"
        ),
        Feature.BOOK: _write("Les réservations de la crèche ne se font pas en ligne"),
        Feature.REPORT_ABSENCE: _write("Les absences à la crèche ne se signalent pas en ligne"),
        Feature.FILE_DOSSIER: _write(
            "Le dossier d'un enfant de la crèche et ses informations de santé ne se remplissent pas en ligne"
        ),
        Feature.ENROL: _write("L'inscription à la crèche ne se fait pas en ligne"),
        Feature.ASK: _write("Les demandes à la crèche ne se font pas en ligne"),
    }
)

SHOWN_ONLY = FieldPolicies({}, default=FieldPolicy(Visibility.SHOWN))


@hookimpl
def features(service: Service) -> Features | None:
    """Crèche families are told which mailbox to write to; no opinion on the others."""
    return READ_AND_PAY if service.code == CRECHE else None


@hookimpl
def field_policies(service: Service) -> FieldPolicies | None:
    """« Je vérifie l'exactitude des informations portées sur mon dossier »: crèche families see, and change nothing."""
    return SHOWN_ONLY if service.code == CRECHE else None
