"""Sections that most yearly files ask; a commune takes the ones it wants in its ``DossierPolicy``, or writes its own.

A file asks only for what the service uses: nothing here is asked of anybody until a commune writes it.
"""

from plugins.rules.questions import Answered, AnswerKind, Choice, Question, Section

SCHOOL_QUESTION = "ecole"
"""The question that tells a child's school, where the yearly file asks it."""

SCHOOL = Section(
    "scolarite",
    "Scolarité",
    (Question(SCHOOL_QUESTION, "École"), Question("classe", "Classe")),
)

HEALTH = Section(
    "sante",
    "Santé",
    (
        Question("pai", "L'enfant a-t-il un projet d'accueil individualisé (PAI) ?", AnswerKind.YES_NO, lasting=True),
        Question("allergies", "L'enfant a-t-il des allergies ?", AnswerKind.YES_NO, lasting=True),
        Question("allergies-precisions", "Lesquelles, et que faire ?", when=Answered("allergies"), lasting=True),
    ),
    health=True,
)
"""The question « pai » is the one that the certificates of a PAI may depend on."""

INSURANCE = Section(
    "assurance",
    "Assurance",
    (
        Question("assureur", "Compagnie d'assurance", lasting=True, shared=True),
        Question("assurance-contrat", "Numéro du contrat", required=False, lasting=True, shared=True),
    ),
)

TO_CALL = Section(
    "urgence",
    "Personne à prévenir en cas d'urgence",
    (
        Question("urgence-nom", "Nom et prénom", lasting=True, shared=True),
        Question("urgence-telephone", "Téléphone", lasting=True, shared=True),
    ),
)

MEALS = Section(
    "repas",
    "Repas",
    (
        Question(
            "regime",
            "L'enfant suit-il un régime alimentaire particulier ?",
            AnswerKind.YES_NO,
            required=False,
            lasting=True,
        ),
        Question(
            "regime-precisions",
            "Lequel ?",
            AnswerKind.CHOICE,
            (
                Choice("sans-porc", "Sans porc"),
                Choice("sans-viande", "Sans viande"),
                Choice("vegetarien", "Végétarien"),
                Choice("panier-repas", "Panier repas fourni par la famille (PAI)"),
            ),
            when=Answered("regime"),
            lasting=True,
        ),
    ),
    health=True,
)
"""Sealed and logged like health: a diet may say what a family believes."""
