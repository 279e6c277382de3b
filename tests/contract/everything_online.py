"""Answers under which families do everything online, so that a walk has everything to try."""

from datetime import date

from plugins.hookspecs import hookimpl
from plugins.rules.accounts import AccountOpenings, Opening
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Consent, DossierPolicy
from plugins.rules.features import FieldPolicies, FieldPolicy, Visibility
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PayfipTitre, PaymentRoute
from plugins.rules.questions import Question, Section


@hookimpl
def every_opening() -> AccountOpenings:
    """An account is opened in every way there is."""
    ways = (Opening.ACTIVATION_MAIL, Opening.SERVICE_KEY, Opening.SELF_SIGN_UP)
    return AccountOpenings(ways, "Écrivez au service.")


@hookimpl
def every_field(service: Service) -> FieldPolicies:
    """Families change whatever can be changed."""
    return FieldPolicies({}, default=FieldPolicy(Visibility.EDITABLE))


@hookimpl
def short_file(year: SchoolYear) -> DossierPolicy:
    """A file that asks one question and two consents, and opened long ago."""
    asked = [Consent(code, "Autorisation", "1", "J'accepte.") for code in ("quotient-familial", "photo-video")]
    school = Section("scolarite", "Scolarité", (Question("ecole", "École"),))
    return DossierPolicy(True, date(2020, 1, 1), tuple(asked), "Remplissez le dossier.", (school,))


@hookimpl
def every_route(service: Service) -> tuple[PaymentRoute, ...]:
    """The ways to pay of Chavagne, and that of the treasury."""
    return (
        PayfipRegie("payfip", "Paiement en ligne", client_number="035076", mode="T"),
        DirectDebitRoute("prelevement", "Prélèvement automatique", "signez un mandat."),
        PayfipTitre("titre", "Avis des sommes à payer", structure_identifier="035076"),
    )
