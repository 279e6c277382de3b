"""The questions the portal asks a commune, in the order a family meets them.

A question is synchronous and pure, and its answer is a frozen value of ``plugins.rules``. *Ask*: the commune answers
first, ``None`` means « no opinion », and the portal's own answer (``plugins.defaults``) comes second. *Gather*: every
answer counts, the portal's first. In the examples, ``communes`` is ``Communes.installed()``.
"""

from pluggy import HookimplMarker, HookspecMarker

from plugins.rules.absences import AbsenceRules
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, PasswordPolicy, Terms
from plugins.rules.baskets import BasketPolicy
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.dossiers import DossierPolicy, RequiredDocument
from plugins.rules.features import Features, FieldPolicies
from plugins.rules.identity import Identity, Service
from plugins.rules.invoicing import InvoicingPolicy
from plugins.rules.payment import PaymentRoute
from plugins.rules.quotients import QuotientRule
from plugins.rules.tariffs import Tariff
from plugins.rules.treasury import TreasuryExport
from plugins.rules.waiting_lists import WaitingListPolicy
from plugins.rules.wording import Message, Wording

PROJECT = "portail"

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)
"""Marks a commune's answer, bare: ``@hookimpl`` above a function named like its question."""


@hookspec(firstresult=True)
def identity() -> Identity | None:
    """Who the commune is: slug, name, school zone, sender of its mails, services and their mailboxes.

    Silence: the commune does not start. Every commune differs.

    >>> communes["chavagne"].ask(identity).service("enfance").say()
    'service Enfance (portail.familles@chavagne.fr ou 02 99 64 28 53)'
    """


@hookspec(firstresult=True)
def account_openings() -> AccountOpenings | None:
    """How a family gets an account, how long its links live, and what to do when no way is open to it.

    Silence: the service mails an activation link. Melle also has a service key and self sign-up; Chailles mails a code.

    >>> [way.name for way in communes["melle"].ask(account_openings).ways]
    ['ACTIVATION_MAIL', 'SERVICE_KEY', 'SELF_SIGN_UP']
    """


@hookspec(firstresult=True)
def login_identifier() -> LoginIdentifier | None:
    """What a family types to name itself.

    Silence: its e-mail address. Épagny uses the part before the @; Melle gives logins such as « c.temp ».

    >>> communes["epagny"].ask(login_identifier).propose("durand.simon@live.fr", "Simon", "Durand")
    'durand.simon'
    """


@hookspec(firstresult=True)
def password_policy() -> PasswordPolicy | None:
    """What a password must be.

    Silence: the portal's policy, 12 characters of three kinds. Communes whose règlement or guide prints another differ.

    >>> communes["melle"].ask(password_policy).accepts("chouette8")
    True
    """


@hookspec(firstresult=True)
def terms() -> Terms | None:
    """The terms of use « CGU » a family accepts before anything else; another version asks everybody again.

    Silence: the portal's terms. A commune with its own text differs.

    >>> communes["epagny"].ask(terms).title
    "Conditions générales d'utilisation du portail famille : Épagny Metz-Tessy"
    """


@hookspec(firstresult=True)
def features(service: Service) -> Features | None:
    """What the families of one service may do online, and otherwise why not and which mailbox to write to.

    Silence: everything. Épagny's crèche families only read and pay, while its school families book. A refusal may name
    the mailbox of each place of the service: who is enrolled at one is told that one (``Activity.mailbox``).

    >>> epagny = communes["epagny"].ask(identity)
    >>> from plugins.rules.features import Feature
    >>> communes["epagny"].ask(features, service=epagny.service("petite-enfance")).answer(Feature.BOOK).contact
    'picketplume@epagnymetztesy.fr'
    """


@hookspec(firstresult=True)
def field_policies(service: Service) -> FieldPolicies | None:
    """Which particulars the families of one service see, edit or must give, and whether an agent reviews the edit.

    Silence: telephone and address are edited at once, the rest is shown. Épagny's crèche families edit nothing.

    >>> enfance = communes["chavagne"].ask(identity).service("enfance")
    >>> communes["chavagne"].ask(field_policies, service=enfance).of("person.phone").is_editable
    True
    """


@hookspec(firstresult=True)
def calendar() -> SchoolCalendar | None:
    """The school week, the holidays of the zone, and the days the commune itself closes or opens.

    Silence: the national calendar of the commune's zone, with class on Monday, Tuesday, Thursday and Friday. A commune
    that closes between Christmas and New Year, has class on Wednesday, or lies where no zone holds, differs.

    >>> from datetime import date
    >>> communes["chavagne"].ask(calendar).day(date(2026, 11, 11)).kind.name
    'PUBLIC_HOLIDAY'
    """


@hookspec(firstresult=True)
def catalogue(year: SchoolYear) -> Catalogue | None:
    """The activities of a school year; an empty catalogue for a year that is not decided yet.

    Silence: the commune does not start. Every commune differs.

    >>> [activity.code for activity in communes["chavagne"].ask(catalogue, year=SchoolYear(2026)).activities]
    ['periscolaire', 'restauration', 'alsh-mercredi', 'alsh-vacances']
    """


@hookspec(firstresult=True)
def booking_rules(activity: Activity) -> BookingRules | None:
    """Until when a day of an activity may be booked and cancelled, and what happens to who comes late.

    Silence: until the end of the day, two days before, for both. Nearly every commune differs.

    >>> canteen = communes["chavagne"].ask(catalogue, year=SchoolYear(2026)).activity("restauration")
    >>> communes["chavagne"].ask(booking_rules, activity=canteen).book.say()
    "jusqu'au jeudi 23 h 59 de la semaine précédente"
    """


@hookspec(firstresult=True)
def basket() -> BasketPolicy | None:
    """How long the basket « panier » of a household is kept, and how long the places in it are held.

    Silence: kept 30 days, its limited places held 20 minutes. Chailles holds them longer.

    >>> communes["chailles"].ask(basket).hold_minutes
    30
    """


@hookspec(firstresult=True)
def waiting_list(activity: Activity) -> WaitingListPolicy | None:
    """Whether families may wait when a day of an activity is full, who comes first, and how long an offer is kept.

    Silence: a list is open, first come first served, an offer is kept 24 hours. Communes with priorities differ.

    >>> centre = communes["chailles"].ask(catalogue, year=SchoolYear(2026)).activities[-1]
    >>> communes["chailles"].ask(waiting_list, activity=centre).hold_minutes
    1440
    """


@hookspec(firstresult=True)
def absence_rules(activity: Activity) -> AbsenceRules | None:
    """Which booked days of an absent child are not charged: told in time, excused, and how many stay due.

    Silence: a day that is not cancelled in time is due. Communes that take a medical certificate differ.

    >>> canteen = communes["chavagne"].ask(catalogue, year=SchoolYear(2026)).activity("restauration")
    >>> communes["chavagne"].ask(absence_rules, activity=canteen).say().splitlines()[2]
    "Absence pour sortie scolaire ou enseignant absent et non remplacé : rien n'est dû"
    """


@hookspec(firstresult=True)
def tariff(activity: Activity, year: SchoolYear) -> Tariff | None:
    """What each unit of an activity costs in a school year, for every family; every unit has a price.

    Silence: the commune does not start. Every commune differs.

    >>> canteen = communes["chavagne"].ask(catalogue, year=SchoolYear(2026)).activity("restauration")
    >>> sorted(communes["chavagne"].ask(tariff, activity=canteen, year=SchoolYear(2026)).units)
    ['repas']
    """


@hookspec(firstresult=True)
def quotient_rule() -> QuotientRule | None:
    """From when the quotient familial that a family gives counts: at once or next month, from its validity or receipt.

    Silence: from the first day of its validity, even for days already served. Communes that go back on nothing, or
    that keep one quotient for the whole year, differ.

    >>> communes["chavagne"].ask(quotient_rule).say()
    'un nouveau quotient compte dès le début de sa validité, même pour les jours passés'
    """


@hookspec(firstresult=True)
def dossier_policy(year: SchoolYear) -> DossierPolicy | None:
    """Whether each child needs a yearly file « dossier administratif », from when, its questions and its consents.

    Silence: no file is required. Chavagne and Melle require one every school year.

    >>> communes["melle"].ask(dossier_policy, year=SchoolYear(2026)).required
    True
    """


@hookspec
def required_documents(year: SchoolYear) -> tuple[RequiredDocument, ...]:
    """The documents the yearly file asks for, with their conditions.

    Silence: none. Communes with a « dossier administratif » differ.

    >>> [document.label for document in communes["chavagne"].gather(required_documents, year=SchoolYear(2026))]
    ['Fiche famille', 'Fiche sanitaire']
    """
    return ()


@hookspec(firstresult=True)
def invoicing() -> InvoicingPolicy | None:
    """Who issues invoices, how they are numbered, when they are due, and the smallest one worth sending.

    Silence: the commune issues them, due after 30 days. Communes with a régie or legal mentions of their own differ.

    >>> communes["chavagne"].ask(invoicing).number(2026, 7)
    '2026-ENF-000007'
    """


@hookspec
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """The ways the families of one service may pay.

    Silence: none, and the invoice says to ask the service. Every commune that invoices differs.

    >>> enfance = communes["chailles"].ask(identity).service("enfance-jeunesse")
    >>> [route.code for route in communes["chailles"].gather(payment_routes, service=enfance)]
    ['payfip-titre', 'prelevement']
    """
    return ()


@hookspec(firstresult=True)
def direct_debit() -> DirectDebitPolicy | None:
    """Whether the commune collects by direct debit « prélèvement », and after how many rejects it stops.

    Silence: it does not. Épagny stops after two rejects.

    >>> communes["epagny"].ask(direct_debit).suspended_after_rejects
    2
    """


@hookspec
def treasury_exports() -> tuple[TreasuryExport, ...]:
    """The files that agents take to the treasury, each a pure function of the ledger of a period.

    Silence: the journal and the « état d'encaissement », as tables. A commune whose treasury reads PES differs.

    >>> [export.code for export in communes["chailles"].gather(treasury_exports)]
    ['journal', 'etat-d-encaissement']
    """
    return ()


@hookspec(firstresult=True)
def wording(message: Message) -> Wording | None:
    """The words of a mail, in French, with the placeholders of ``plugins.rules.wording``.

    Silence: the portal's words. A commune whose guide or tone differs answers for that message only.

    >>> communes["chailles"].ask(wording, message=Message.ACCOUNT_OPENING).subject
    'Adhésion à un service de {commune}'
    """
