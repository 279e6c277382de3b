"""The reference of a « titre » in three parts, and what a family is told of it."""

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.payment import PayfipTitre
from plugins.rules.titres import TitreNotice, TitreReference

ROUTE = PayfipTitre("titre", "Avis des sommes à payer", "041120")
UNKNOWN_HERE = (
    "Le portail ne sait pas si cet avis est payé : seuls l'avis, https://www.payfip.gouv.fr et votre trésorerie le "
    "disent."
)


def test_a_reference_is_three_boxes_and_one_text_to_copy() -> None:
    reference = TitreReference(2026, 1234, 1)
    assert (reference.parts, str(reference), reference.say()) == (
        ("2026", "1234", "1"),
        "2026-1234-1",
        "2026-1234-1 (exercice 2026, titre n° 1234, ligne 1)",
    )


@pytest.mark.parametrize(
    ("parts", "faulty"),
    [
        ((2000, 1, 1), set()),
        ((2099, 99_999_999, 999_999), set()),
        ((26, 1, 1), {"exercise"}),
        ((1999, 1, 1), {"exercise"}),
        ((2100, 1, 1), {"exercise"}),
        ((2026, 0, 1), {"number"}),
        ((2026, -12, 1), {"number"}),
        ((2026, 100_000_000, 1), {"number"}),
        ((2026, 1, 0), {"line"}),
        ((2026, 1, 1_000_000), {"line"}),
        ((0, 0, 0), {"exercise", "number", "line"}),
    ],
)
def test_each_part_has_its_bounds(parts: tuple[int, int, int], faulty: set[str]) -> None:
    assert TitreReference.faults(*parts).keys() == faulty


def test_a_reference_that_cannot_be_is_refused_in_french() -> None:
    with pytest.raises(RuleError, match="Le numéro du titre a de un à huit chiffres"):
        TitreReference(2026, 0, 1)


def test_a_known_reference_is_told_with_the_identifier_and_what_the_portal_does_not_know() -> None:
    assert TitreNotice(ROUTE, TitreReference(2026, 1234, 1)).say() == (
        "Avis des sommes à payer : sur https://www.payfip.gouv.fr, saisissez l'identifiant de structure 041120 et la "
        f"référence 2026-1234-1 (exercice 2026, titre n° 1234, ligne 1). {UNKNOWN_HERE}"
    )


def test_an_unknown_reference_is_said_to_be_on_paper() -> None:
    assert TitreNotice(ROUTE).say() == (
        "Avis des sommes à payer : sur https://www.payfip.gouv.fr, saisissez l'identifiant de structure 041120 et la "
        "référence en trois parties de votre avis des sommes à payer. Le portail n'a pas encore cette référence : elle "
        f"est imprimée sur l'avis que vous recevez par courrier. {UNKNOWN_HERE}"
    )
