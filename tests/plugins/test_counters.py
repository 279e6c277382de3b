"""What a desk takes, and what the régie must write down of it."""

import pytest

from plugins.rules.counters import CounterMeans, HandedOver, taken_at
from plugins.rules.payment import Counter

CASH, CHEQUE, CESU = CounterMeans


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        (("espèces", "chèque"), (CASH, CHEQUE)),
        (("Chèque bancaire à l'ordre du Trésor public",), (CHEQUE,)),
        (("CESU papier",), (CESU,)),
        (("carte bancaire",), ()),
    ],
)
def test_a_desk_takes_the_means_that_its_route_writes(
    written: tuple[str, ...], taken: tuple[CounterMeans, ...]
) -> None:
    assert taken_at(Counter("guichet", "Au guichet", "mairie", written)) == taken


@pytest.mark.parametrize(
    ("handed", "note"),
    [
        (HandedOver(CASH, 1000), ""),
        (HandedOver(CHEQUE, 1000, "1234567", "Banque postale"), "chèque n° 1234567, Banque postale"),
        (HandedOver(CESU, 1000, titles=("12345", "12346")), "CESU n° 12345, 12346"),
    ],
)
def test_what_is_handed_over_is_said_in_the_journal(handed: HandedOver, note: str) -> None:
    assert (handed.fault(), handed.note()) == (None, note)


@pytest.mark.parametrize(
    ("handed", "why"),
    [
        (HandedOver(CASH, 0), "écrivez un montant positif"),
        (HandedOver(CASH, 10_000_000), "écrivez un montant positif"),
        (HandedOver(CASH, 1000, "1234567", "Banque"), "d'un chèque seulement"),
        (HandedOver(CHEQUE, 1000, "1234567"), "le numéro et la banque d'un chèque"),
        (HandedOver(CHEQUE, 1000), "le numéro et la banque d'un chèque"),
        (HandedOver(CHEQUE, 1000, "n° 12", "Banque"), "de 4 à 20 chiffres"),
        (HandedOver(CHEQUE, 1000, "1234567", "Ban\nque"), "le nom de la banque sur une ligne"),
        (HandedOver(CHEQUE, 1000, "1234567", "B" * 102), "abrégez le nom de la banque"),
        (HandedOver(CESU, 1000), "Écrivez le numéro de chaque titre CESU"),
        (HandedOver(CASH, 1000, titles=("12345",)), "Écrivez le numéro de chaque titre CESU"),
        (HandedOver(CESU, 1000, titles=("12345", "12345")), "n'est écrit qu'une fois"),
        (HandedOver(CESU, 1000, titles=tuple(f"{n:020}" for n in range(9))), "répartissez les titres"),
    ],
)
def test_what_could_not_be_found_again_is_refused(handed: HandedOver, why: str) -> None:
    fault = handed.fault()
    assert fault is not None
    assert why in fault
