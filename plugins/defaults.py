"""What the portal answers when a commune has no opinion.

A commune that wants a variation writes it from the value, explicitly: ``replace(PASSWORD_POLICY, min_length=14)``.
"""

from datetime import date

from plugins.hookspecs import hookimpl
from plugins.messages import MESSAGES
from plugins.rules.absences import AbsenceRules
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening, PasswordPolicy, Terms
from plugins.rules.baskets import BasketPolicy
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.dossiers import Consent, DossierPolicy, RequiredDocument
from plugins.rules.features import Features, FieldPolicies, FieldPolicy, Visibility
from plugins.rules.identity import Identity, Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.payment import PaymentRoute
from plugins.rules.quotients import Effect, QuotientRule
from plugins.rules.spreadsheets import CSV
from plugins.rules.treasury import TreasuryExport
from plugins.rules.treasury_tables import journal, statement
from plugins.rules.waiting_lists import WaitingListPolicy
from plugins.rules.wording import Message, Wording

PASSWORD_POLICY = PasswordPolicy(min_length=12, lowercase=1, uppercase=1, digits=1)
"""Twelve characters of three kinds; the portal also slows down repeated failures (CNIL, délibération 2022-100)."""

ALL_OPEN = Features()
"""A service whose families do everything online."""

EDITABLE = FieldPolicy(Visibility.EDITABLE)
SHOWN = FieldPolicy(Visibility.SHOWN)

FIELD_POLICIES = FieldPolicies(
    {
        "person.phone": EDITABLE,
        "person.street": EDITABLE,
        "person.postcode": EDITABLE,
        "person.town": EDITABLE,
    },
    default=SHOWN,
)
"""Families keep their telephone and their address up to date; names and dates of birth are the service's business."""

QUOTIENT_CONSENT = Consent(
    "quotient-familial",
    "Autorisation d'accès au quotient familial",
    "1",
    "J'autorise la commune à demander mon quotient familial à la CAF ou à la MSA, pour calculer mes tarifs.",
)
"""What a person agrees to before a fund is asked; a commune's own consent of this code, in its file, comes first."""

TREASURY_EXPORTS = (
    TreasuryExport("journal", "Journal des factures et des encaissements", "journal-{first}-{last}.csv", CSV, journal),
    TreasuryExport(
        "etat-d-encaissement", "État d'encaissement", "etat-d-encaissement-{first}-{last}.csv", CSV, statement
    ),
)
"""Every movement of a period, and what they add up to by activity and means of payment."""

TERMS_TEXT = """\
Le portail famille permet de suivre le dossier de vos enfants, de réserver et d'annuler leurs activités, de consulter \
et de régler vos factures.

Votre compte est personnel. Vous gardez votre mot de passe secret et vous vous déconnectez après usage.

Les informations que vous donnez sont exactes ; elles ne servent qu'aux services de la commune qui accueillent vos \
enfants. Vous pouvez y accéder, les faire rectifier et vous opposer à leur usage en écrivant au service.

Les réservations et les annulations sont prises dans les délais du règlement de chaque activité.
"""


class Defaults:
    """The portal's own answers for one commune; some follow from who it is: its zone, its first service's mailbox."""

    def __init__(self, who: Identity) -> None:
        self._who = who
        self._service = who.services[0]

    @hookimpl
    def account_openings(self) -> AccountOpenings:
        """The service mails a link."""
        contact = f"Sans courriel d'activation, écrivez à {self._service.mailbox}."
        return AccountOpenings((Opening.ACTIVATION_MAIL,), contact)

    @hookimpl
    def login_identifier(self) -> LoginIdentifier:
        """The e-mail address."""
        return LoginIdentifier(LoginKind.EMAIL)

    @hookimpl
    def password_policy(self) -> PasswordPolicy:
        """Twelve characters of three kinds."""
        return PASSWORD_POLICY

    @hookimpl
    def terms(self) -> Terms:
        """The portal's terms of use."""
        title = f"Conditions générales d'utilisation du portail famille : {self._who.name}"
        return Terms("1", title, TERMS_TEXT, date(2026, 9, 1))

    @hookimpl
    def features(self, service: Service) -> Features:
        """Everything is done online."""
        return ALL_OPEN

    @hookimpl
    def field_policies(self, service: Service) -> FieldPolicies:
        """Telephone and address are edited at once, the rest is shown."""
        return FIELD_POLICIES

    @hookimpl
    def calendar(self) -> SchoolCalendar | None:
        """The national calendar of the zone; a commune without zone answers for itself."""
        return None if self._who.school_zone is None else SchoolCalendar(self._who.school_zone)

    @hookimpl
    def booking_rules(self, activity: Activity) -> BookingRules:
        """Until the end of the day, two days before."""
        two_days_before = at(days_before(2, CALENDAR_DAYS), END_OF_DAY)
        mailbox = self._who.service(activity.service).mailbox
        return BookingRules(
            book=two_days_before, cancel=two_days_before, late=Refuse(f"Hors délai, écrivez à {mailbox}.")
        )

    @hookimpl
    def basket(self) -> BasketPolicy:
        """Kept 30 days, its places held 20 minutes."""
        return BasketPolicy()

    @hookimpl
    def waiting_list(self, activity: Activity) -> WaitingListPolicy:
        """Open, the first that asked comes first, an offer is kept 24 hours and never ends at night."""
        return WaitingListPolicy()

    @hookimpl
    def absence_rules(self, activity: Activity) -> AbsenceRules:
        """A day that is not cancelled in time is due."""
        return AbsenceRules()

    @hookimpl
    def quotient_rule(self) -> QuotientRule:
        """From the first day of its validity."""
        return QuotientRule(Effect.AT_ONCE, retroactive=True)

    @hookimpl
    def dossier_policy(self, year: SchoolYear) -> DossierPolicy:
        """No yearly file."""
        return DossierPolicy(False, None, (), "Aucun dossier annuel n'est demandé.")

    @hookimpl
    def required_documents(self, year: SchoolYear) -> tuple[RequiredDocument, ...]:
        """No document."""
        return ()

    @hookimpl
    def invoicing(self) -> InvoicingPolicy:
        """The commune issues the invoices, due after 30 days."""
        issuer = Issuer(self._who.name, (), None, self._service.say())
        return InvoicingPolicy(series="FAM", due_days=30, issuer=issuer)

    @hookimpl
    def payment_routes(self, service: Service) -> tuple[PaymentRoute, ...]:
        """No way to pay that the portal could promise."""
        return ()

    @hookimpl
    def direct_debit(self) -> DirectDebitPolicy:
        """No direct debit."""
        return DirectDebitPolicy(enabled=False)

    @hookimpl
    def treasury_exports(self) -> tuple[TreasuryExport, ...]:
        """Two tables."""
        return TREASURY_EXPORTS

    @hookimpl
    def wording(self, message: Message) -> Wording:
        """The portal's own French text."""
        return MESSAGES[message]
