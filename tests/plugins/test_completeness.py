"""What a yearly file lacks, and why: questions, consents and documents."""

import pytest

from plugins.rules.completeness import ConsentAsked, Given, Lack, Part, consents_asked, lacks, say_lacks
from plugins.rules.dossiers import Circumstance, Consent, DossierPolicy, RequiredDocument
from plugins.rules.questions import Answered, AnswerKind, Question, Section

PHOTO = Consent("photo", "Photos", "2", "J'accepte les photos.")
PICK_UP = Consent("sortie", "Venir chercher", "1", "J'autorise cette personne.", each_person=True)
HEALTH = Section(
    "sante",
    "Santé",
    (
        Question("pai", "Un PAI ?", AnswerKind.YES_NO),
        Question("medecin", "Médecin", when=Answered("pai")),
        Question("note", "Note", required=False),
    ),
)
POLICY = DossierPolicy(True, None, (PICK_UP, PHOTO), "Un dossier.", (HEALTH,))
DOCUMENTS = (
    RequiredDocument("fiche", "Fiche sanitaire"),
    RequiredDocument("sante", "Santé", ("PAI", "certificat"), "si l'enfant a un PAI", when=Answered("pai")),
    RequiredDocument("divers", "Divers", condition="selon votre situation"),
    RequiredDocument("assurance", "Assurance", may_come_later=True),
    RequiredDocument(
        "decision", "Décision", condition="si un contact est interdit", circumstance=Circumstance.FORBIDDEN_CONTACT
    ),
)
ASKED = consents_asked(POLICY, {"m": "Mamie TEST"})
FULL = Given({"pai": "no"}, {}, {"sortie:m": "1", "photo": "2"}, frozenset({"fiche"}))


def missing(given: Given) -> list[tuple[Part, str, str]]:
    """Part, code and reason of what a file lacks."""
    return [(lack.part, lack.code, lack.reason) for lack in lacks(POLICY, ASKED, DOCUMENTS, given)]


def test_a_consent_about_each_person_is_asked_by_name() -> None:
    expected = (
        ConsentAsked("sortie:m", PICK_UP, "Venir chercher : Mamie TEST", "m"),
        ConsentAsked("photo", PHOTO, "Photos"),
    )
    assert expected == ASKED


def test_an_empty_file_lacks_what_everybody_gives() -> None:
    assert lacks(POLICY, ASKED, DOCUMENTS, Given()) == (
        Lack(Part.QUESTION, "pai", "Un PAI ?", "répondez à cette question"),
        Lack(Part.CONSENT, "sortie:m", "Venir chercher : Mamie TEST", "répondez par oui ou par non"),
        Lack(Part.CONSENT, "photo", "Photos", "répondez par oui ou par non"),
        Lack(Part.DOCUMENT, "fiche", "Fiche sanitaire", "joignez ce document"),
    )
    said = say_lacks(lacks(POLICY, ASKED, DOCUMENTS, Given()))
    assert said == (
        "Il manque au dossier : « Un PAI ? », « Venir chercher : Mamie TEST », « Photos » et « Fiche sanitaire »."
    )


CONSENTS, FICHE = {"sortie:m": "1", "photo": "2"}, frozenset({"fiche"})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (FULL, []),
        (
            Given({"pai": "yes"}, {}, CONSENTS, FICHE),
            [
                (Part.QUESTION, "medecin", "répondez à cette question"),
                (Part.DOCUMENT, "sante", "joignez PAI ou certificat, si l'enfant a un PAI"),
            ],
        ),
        (
            Given({"pai": "no"}, {"pai": "dossier 2025-2026"}, CONSENTS, FICHE),
            [(Part.QUESTION, "pai", "vérifiez cette réponse, reprise du dossier 2025-2026")],
        ),
        (
            Given({"pai": "no"}, {"medecin": "dossier 2025-2026"}, CONSENTS, FICHE),  # no longer asked
            [],
        ),
        (
            Given({"pai": "no"}, {}, {**CONSENTS, "photo": "1"}, FICHE),
            [(Part.CONSENT, "photo", "le texte a changé : relisez-le et répondez de nouveau")],
        ),
        (
            Given({"pai": "no"}, {}, CONSENTS, FICHE, {"fiche": "illisible"}),
            [(Part.DOCUMENT, "fiche", "le service le redemande : illisible")],
        ),
        (
            Given({"pai": "no"}, {}, CONSENTS, FICHE, known=frozenset({Circumstance.FORBIDDEN_CONTACT})),
            [(Part.DOCUMENT, "decision", "joignez ce document, si un contact est interdit")],
        ),
        (Given({"pai": "no"}, {}, CONSENTS, FICHE, known=frozenset({Circumstance.SHARED_CUSTODY})), []),
    ],
)
def test_a_file_lacks_what_its_own_answers_and_what_is_known_call_for(
    given: Given, expected: list[tuple[Part, str, str]]
) -> None:
    assert missing(given) == expected
