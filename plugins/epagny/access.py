"""« J'accède à mon portail familles »: everything is done online at school, only reading and paying at the crèche.

« Vous pouvez uniquement consulter les factures et les payer en ligne […]. Toute demande ou modification […] est à
signaler directement par mail à la structure d'accueil de votre enfant. »
"""

from plugins.hookspecs import hookimpl
from plugins.rules.features import Feature, Features, FieldPolicies, FieldPolicy, Visibility, refuse
from plugins.rules.identity import Service

CRECHE = "petite-enfance"
PIC_ET_PLUME = "picketplume@epagnymetztesy.fr"
LOPTIOU = "loptiou@epagnymetztesy.fr"

WRITE = f"écrivez à la structure d'accueil de votre enfant, {PIC_ET_PLUME} (ou {LOPTIOU})."

READ_AND_PAY = Features(
    {
        Feature.EDIT_HOUSEHOLD: refuse(
            "L'adresse, les courriels, les téléphones et les contacts d'une famille de la crèche ne se modifient pas "
            f"en ligne : {WRITE}",
            PIC_ET_PLUME,
        ),
        Feature.BOOK: refuse(f"Les réservations de la crèche ne se font pas en ligne : {WRITE}", PIC_ET_PLUME),
        Feature.REPORT_ABSENCE: refuse(
            f"Les absences à la crèche ne se signalent pas en ligne : {WRITE}", PIC_ET_PLUME
        ),
        Feature.FILE_DOSSIER: refuse(
            "Le dossier d'un enfant de la crèche et ses informations de santé ne se remplissent pas en ligne : "
            f"{WRITE}",
            PIC_ET_PLUME,
        ),
        Feature.ENROL: refuse(f"L'inscription à la crèche ne se fait pas en ligne : {WRITE}", PIC_ET_PLUME),
        Feature.ASK: refuse(f"Les demandes à la crèche ne se font pas en ligne : {WRITE}", PIC_ET_PLUME),
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
