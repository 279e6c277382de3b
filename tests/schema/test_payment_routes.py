"""The ways to pay as clients see them: a « titre » says what to copy at the Treasury, and what is unknown here."""

from plugins.rules.payment import PayfipRegie, PayfipTitre
from schema.billing import PaymentRoute, TitrePayment


def test_a_titre_gives_what_to_copy_and_where_to_look() -> None:
    shown = PaymentRoute.of(PayfipTitre("titre", "Avis des sommes à payer", "041120"))
    assert (shown.is_online, shown.titre) == (
        False,
        TitrePayment(
            structure_identifier="041120",
            website="https://www.payfip.gouv.fr",
            where_to_look="La référence en trois parties est imprimée sur votre avis des sommes à payer. Le portail ne "
            "sait pas si cet avis est payé : seuls l'avis, https://www.payfip.gouv.fr et votre trésorerie le disent.",
        ),
    )


def test_what_the_portal_drives_gives_nothing_to_copy() -> None:
    assert PaymentRoute.of(PayfipRegie("payfip", "Paiement en ligne", "035076", "T")).titre is None
