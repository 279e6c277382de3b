"""Invoices online instead of paper: who receives paper, and what is told before joining."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from plugins.communes import Commune, Communes, PluginError
from plugins.hookspecs import hookimpl
from plugins.rules.features import Review
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.online_invoices import TERMS, OnlineInvoices


@pytest.mark.parametrize(
    ("policy", "services", "concerned"),
    [
        (OnlineInvoices(), ("enfance",), True),
        (OnlineInvoices(), (), True),
        (OnlineInvoices(services=frozenset({"jeunesse"})), ("creche", "jeunesse"), True),
        (OnlineInvoices(services=frozenset({"jeunesse"})), ("creche",), False),
        (OnlineInvoices(services=frozenset({"jeunesse"})), (), False),
    ],
)
def test_a_household_receives_paper_when_one_of_the_services_follows_it(
    policy: OnlineInvoices, services: tuple[str, ...], concerned: bool
) -> None:
    assert policy.concerns(services) is concerned


def test_paper_for_a_service_that_the_commune_does_not_have_is_refused(village: Callable[..., SimpleNamespace]) -> None:
    issuer = Issuer("Village", ("35310 Village",), None, "enfance@village.fr")

    @hookimpl
    def invoicing() -> InvoicingPolicy:
        online = OnlineInvoices(services=frozenset({"enfance", "jeunesse"}))
        return InvoicingPolicy(series="VIL", due_days=30, issuer=issuer, online=online)

    with pytest.raises(PluginError, match=r"invoices are on paper for 'jeunesse': write one of enfance"):
        Communes([Commune("village", village(invoicing=invoicing))])


def test_it_says_who_accepts_and_what_joining_will_do() -> None:
    reviewed, at_once = OnlineInvoices(), OnlineInvoices(Review.AUTOMATIC)
    sentence = "Les factures sont sur papier jusqu'à l'adhésion de la famille à la facture en ligne"
    assert [reviewed.say(), at_once.say()] == [f"{sentence}, après accord du service.", f"{sentence}."]
    told = "vos factures ne seront plus envoyées sur papier. À chaque facture, un e-mail préviendra"
    assert reviewed.say_recap(["Claire TEST", "Paul TEST"]) == (
        f"Quand le service aura accepté votre demande, {told} Claire TEST et Paul TEST."
    )
    assert at_once.say_recap(["Claire TEST"]) == f"Dès maintenant, {told} Claire TEST."


def test_the_terms_say_that_paper_stops_and_comes_back() -> None:
    assert TERMS.version == "1"
    assert "vous ne les recevez plus sur papier" in TERMS.text
    assert TERMS.text.endswith("vous revenez au papier quand vous le voulez.")
