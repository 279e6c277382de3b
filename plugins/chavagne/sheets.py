"""§6 of the guide, « La démarche »: the two sheets to download and fill. Their questions are ours: it prints none."""

from plugins.rules.questions import Answered, AnswerKind, Question, Section


def _adult(rank: int, label: str, *, required: bool) -> Section:
    code = f"responsable-{rank}"
    return Section(
        code,
        label,
        (
            Question(f"{code}-nom", "Nom", required=required),
            Question(f"{code}-prenom", "Prénom", required=required),
            Question(f"{code}-adresse", "Adresse", required=required),
            Question(f"{code}-telephone", "Téléphone", required=required),
            Question(f"{code}-courriel", "Adresse e-mail", required=False),
        ),
    )


FAMILY = (
    _adult(1, "Premier responsable légal", required=True),
    _adult(2, "Second responsable légal", required=False),
    Section(
        "assurance",
        "Assurance et allocations",
        (
            Question("assurance-nom", "Compagnie d'assurance"),
            Question("assurance-numero", "Numéro de contrat"),
            Question("allocataire", "Numéro d'allocataire CAF ou MSA", required=False),
        ),
    ),
)

HEALTH = (
    Section(
        "enfant",
        "L'enfant",
        (
            Question("enfant-nom", "Nom"),
            Question("enfant-prenom", "Prénom"),
            Question("enfant-naissance", "Date de naissance", AnswerKind.DATE),
        ),
    ),
    Section(
        "sante",
        "Santé",
        (
            Question("medecin", "Médecin traitant : nom et téléphone"),
            Question("vaccins-a-jour", "Les vaccins obligatoires sont à jour", AnswerKind.YES_NO),
            Question("allergies", "Allergies : lesquelles, et que faire", required=False),
            Question("traitement", "Traitement en cours", required=False),
            Question("pai", "L'enfant a un projet d'accueil individualisé (PAI)", AnswerKind.YES_NO),
            Question("pai-motif", "Si oui, pour quel motif", when=Answered("pai")),
            Question("recommandations", "Recommandations utiles (lunettes, appareils, difficultés)", required=False),
        ),
        health=True,
    ),
    Section(
        "urgence",
        "En cas d'urgence",
        (
            Question("urgence-personne", "Personne à prévenir : nom et téléphone"),
            Question("urgence-hopital", "J'autorise le transport à l'hôpital", AnswerKind.YES_NO),
        ),
    ),
)
