"""The ways to pay, and direct debit."""

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.payment import Counter, DirectDebitRoute, LyraCard, LyraPlatform, PayfipRegie, PayfipTitre

REGIE = PayfipRegie("payfip", "Paiement en ligne", "035076", "T")
CARD = LyraCard("carte", "Carte bancaire", "12345678", LyraPlatform.SYSTEMPAY, "TEST")


def test_the_payfip_regie_and_cards_are_driven_by_the_portal() -> None:
    routes = (
        REGIE,
        CARD,
        PayfipTitre("titre", "Titre", "041120"),
        Counter("guichet", "Au guichet", "mairie", ("chèque", "espèces")),
        DirectDebitRoute("prelevement", "Prélèvement", "transmettez un RIB."),
    )
    assert [route.drives_payment for route in routes] == [True, True, False, False, False]
    assert [route.say() for route in routes] == [
        "Paiement en ligne : paiement sécurisé sur le site de la direction générale des Finances publiques (PayFiP).",
        "Carte bancaire : paiement par carte bancaire sur la page sécurisée de Systempay.",
        "Titre : sur https://www.payfip.gouv.fr, saisissez l'identifiant de structure 041120 et la référence en trois "
        "parties de votre avis des sommes à payer.",
        "Au guichet : mairie (chèque, espèces).",
        "Prélèvement : transmettez un RIB.",
    ]


@pytest.mark.parametrize(
    ("cents", "accepted"), [(99, False), (100, True), (9_999_999, True), (10_000_000, False), (-100, False)]
)
def test_payfip_takes_one_euro_to_one_hundred_thousand(cents: int, accepted: bool) -> None:
    assert REGIE.accepts(cents) is accepted


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"client_number": "35076"}, "PayFiP client number '35076': write the six digits"),
        ({"client_number": "٣٣٣٣٣٣"}, "write the six digits"),
        ({"mode": "X"}, "PayFiP mode 'X': T for tests, W in production; an agent activates"),
        ({"minimum_cents": 50}, "Limits 50 to 9999999 of payment route payfip"),
        ({"minimum_cents": 500, "maximum_cents": 400}, "Limits 500 to 400 of payment route payfip"),
        ({"code": "Pay FiP"}, "Payment route code"),
        ({"label": ""}, "Label of payment route payfip"),
    ],
)
def test_a_payfip_route_the_dgfip_would_refuse_is_refused(values: dict[str, object], said: str) -> None:
    good = {"code": "payfip", "label": "Paiement en ligne", "client_number": "035076", "mode": "W"}
    with pytest.raises(RuleError, match=said):
        PayfipRegie(**(good | values))  # type: ignore[arg-type]


def test_a_card_route_without_a_site_of_eight_digits_or_a_known_mode_is_refused() -> None:
    with pytest.raises(RuleError, match="Lyra site '1234567': write the eight digits"):
        LyraCard("carte", "Carte", "1234567", LyraPlatform.PAYZEN, "TEST")
    with pytest.raises(RuleError, match="Lyra mode 'T': TEST or PRODUCTION"):
        LyraCard("carte", "Carte", "12345678", LyraPlatform.PAYZEN, "T")  # type: ignore[arg-type]


def test_a_titre_route_without_its_identifier_or_a_safe_site_is_refused() -> None:
    with pytest.raises(RuleError, match="PayFiP structure identifier '41120'"):
        PayfipTitre("titre", "Titre", "41120")
    with pytest.raises(RuleError, match="write an https address"):
        PayfipTitre("titre", "Titre", "041120", "http://www.tipi.budget.gouv.fr")


def test_a_counter_without_means_is_refused() -> None:
    with pytest.raises(RuleError, match="Payment route guichet: name at least one means"):
        Counter("guichet", "Au guichet", "mairie", ())
