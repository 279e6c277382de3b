"""« Constitution du dossier administratif » and « Procédure d'inscription »: the yearly file and its documents."""

from datetime import date

from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Circumstance, DossierPolicy, RequiredDocument, Validity
from plugins.rules.questions import Answered, AnswerKind, Question, Section
from plugins.standard_sections import HEALTH, MEALS, SCHOOL, TO_CALL

DIRECT_DEBIT = "si vous demandez le prélèvement automatique"
SHARED_CUSTODY = "en cas de garde alternée"

NOTICE = (
    "Munissez-vous d'abord de toutes les pièces justificatives selon votre situation. Remplissez un dossier par "
    "enfant, chaque année scolaire. Tout dossier non complet ne pourra pas être validé ; après validation par le "
    "service, vous pourrez choisir les activités de votre enfant, sans pièce à joindre."
)

# « Reprise dans le dossier vierge »: the guide names the situations that call for a document; the questions are ours.
SITUATION = Section(
    "situation",
    "Votre situation",
    (
        Question(
            "prelevement",
            "Demandez-vous le prélèvement automatique ?",
            AnswerKind.YES_NO,
            lasting=True,
            shared=True,
        ),
        Question("garde-alternee", "L'enfant est-il en garde alternée ?", AnswerKind.YES_NO, lasting=True),
        Question(
            "contact-interdit",
            "Une décision judiciaire interdit-elle un contact à l'enfant ?",
            AnswerKind.YES_NO,
            lasting=True,
        ),
    ),
)


@hookimpl
def dossier_policy(year: SchoolYear) -> DossierPolicy:
    """« Vous devez d'abord renseigner le dossier administratif unique »; its opening on 1 May and diets are ours."""
    sections = (SCHOOL, SITUATION, HEALTH, MEALS, TO_CALL)
    return DossierPolicy(True, date(year.start, 5, 1), consents=(), notice=NOTICE, sections=sections)


@hookimpl
def required_documents(year: SchoolYear) -> tuple[RequiredDocument, ...]:
    """« Pour tous les enfants », then « pièces supplémentaires selon votre situation »."""
    return (
        RequiredDocument(
            "vaccinations",
            "Vaccinations",
            any_of=("photocopie du carnet de vaccinations à jour", "attestation d'un médecin"),
        ),
        RequiredDocument(
            "assurance",
            f"Attestation d'assurance responsabilité civile de l'année scolaire {year.label}",
            may_come_later=True,
        ),
        RequiredDocument(
            "mandat-sepa",
            "Mandat de prélèvement SEPA (à télécharger sur l'espace familles)",
            condition=DIRECT_DEBIT,
            validity=Validity.LASTING,
            when=Answered("prelevement"),
            shared=True,
        ),
        RequiredDocument(
            "rib",
            "RIB",
            condition=DIRECT_DEBIT,
            validity=Validity.LASTING,
            when=Answered("prelevement"),
            shared=True,
        ),
        RequiredDocument(
            "pai",
            "Santé",
            any_of=("projet d'accueil individualisé (PAI)", "certificat médical dans l'attente du PAI"),
            condition="si l'enfant a un projet d'accueil individualisé",
            when=Answered("pai"),
        ),
        RequiredDocument(
            "decision-judiciaire",
            "Décision judiciaire",
            condition="si un contact est interdit",
            validity=Validity.LASTING,
            when=Answered("contact-interdit"),
            circumstance=Circumstance.FORBIDDEN_CONTACT,
        ),
        RequiredDocument(
            "calendrier-garde",
            "Calendrier de garde alternée, cosigné par les représentants légaux",
            condition=SHARED_CUSTODY,
            when=Answered("garde-alternee"),
            circumstance=Circumstance.SHARED_CUSTODY,
        ),
        RequiredDocument(
            "jugement-garde",
            "Photocopie du jugement de garde",
            condition=SHARED_CUSTODY,
            validity=Validity.LASTING,
            when=Answered("garde-alternee"),
            circumstance=Circumstance.SHARED_CUSTODY,
        ),
    )
