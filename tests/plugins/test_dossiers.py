"""The yearly file of a child and its documents."""

from datetime import date

import pytest

from plugins.rules.dossiers import Circumstance, Consent, DossierPolicy, RequiredDocument
from plugins.rules.errors import RuleError

PHOTO = Consent("photo", "Photos", "1", "J'autorise les photos.")


def test_a_document_says_its_choices_its_condition_and_that_it_may_wait() -> None:
    document = RequiredDocument("sante", "Santé", ("PAI", "certificat médical"), "si l'enfant a un PAI")
    assert document.say() == "Santé : PAI ou certificat médical, si l'enfant a un PAI"
    assert document.is_conditional
    later = RequiredDocument("assurance", "Assurance", may_come_later=True)
    assert later.say() == "Assurance (à fournir dès que possible)"
    assert not later.is_conditional


def test_a_file_opens_on_its_day_and_without_a_day_it_is_always_open() -> None:
    policy = DossierPolicy(True, date(2026, 6, 1), (PHOTO,), "Un dossier par enfant.")
    assert [policy.is_open(date(2026, 5, 31)), policy.is_open(date(2026, 6, 1))] == [False, True]
    assert DossierPolicy(True, None, (), "Un dossier par enfant.").is_open(date(1990, 1, 1))


def test_two_consents_of_one_code_are_refused() -> None:
    with pytest.raises(RuleError, match="Consents: photo appears more than once"):
        DossierPolicy(True, None, (PHOTO, PHOTO), "Un dossier par enfant.")


@pytest.mark.parametrize(
    "values",
    [
        {"code": "Fiche Famille"},
        {"label": ""},
        {"any_of": ("PAI", "PAI")},
        {"any_of": ("\x00",)},
        {"condition": " "},
        {"circumstance": Circumstance.FORBIDDEN_CONTACT},
    ],
)
def test_a_document_that_families_could_not_read_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        RequiredDocument(**({"code": "fiche", "label": "Fiche"} | values))  # type: ignore[arg-type]


def test_a_consent_without_text_is_refused() -> None:
    with pytest.raises(RuleError, match="Text of consent photo"):
        Consent("photo", "Photos", "1", "")
