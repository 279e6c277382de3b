"""What one commune answers must hold together: refused at start-up otherwise, before any family meets it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, EnrolmentMode
from plugins.rules.errors import RuleError
from plugins.rules.features import Feature
from plugins.rules.identity import Service
from plugins.rules.tariffs import Residency, Situation, Tariff
from plugins.rules.texts import require_unique
from plugins.rules.wording import Message, check_wording
from plugins.signatures import PluginError

QUOTIENTS = (None, 0, 500, 1000, 10_000)  # one of them falls in the first bracket, one in the last, one in none


def check_commune(commune: Commune) -> None:
    """Ask every question, for the last three school years of the official calendar; raise :class:`PluginError`.

    Later years are not known yet and open nothing, so they cannot mislead anybody.
    """
    for question in (
        hookspecs.account_openings,
        hookspecs.login_identifier,
        hookspecs.password_policy,
        hookspecs.terms,
        hookspecs.invoicing,
        hookspecs.direct_debit,
    ):
        commune.ask(question)
    for service in commune.identity.services:
        _check_service(commune, service)
    for message in Message:
        with _blaming(commune, hookspecs.wording):
            check_wording(message, commune.ask(hookspecs.wording, message=message))
    calendar = commune.ask(hookspecs.calendar)
    last = SchoolYear.of(calendar.horizon).start
    for start in range(last - 2, last + 1):
        _check_year(commune, SchoolYear(start), calendar)


def _check_service(commune: Commune, service: Service) -> None:
    commune.ask(hookspecs.features, service=service)
    commune.ask(hookspecs.field_policies, service=service)
    routes = commune.gather(hookspecs.payment_routes, service=service)
    with _blaming(commune, hookspecs.payment_routes):
        require_unique(tuple(route.code for route in routes), f"Payment routes of {service.code!r}")


def _check_year(commune: Commune, year: SchoolYear, calendar: SchoolCalendar) -> None:
    documents = commune.gather(hookspecs.required_documents, year=year)
    with _blaming(commune, hookspecs.required_documents):
        require_unique(tuple(document.code for document in documents), f"Documents of {year.label}")
    catalogue = commune.ask(hookspecs.catalogue, year=year)
    with _blaming(commune, hookspecs.catalogue):
        if catalogue.year != year:
            raise RuleError(f"the catalogue of {year.label} says {catalogue.year.label}: build it from its argument")
    for activity in catalogue.activities:
        _check_access(commune, activity, year)
        _check_deadlines(commune, activity, calendar)
        tariff = commune.ask(hookspecs.tariff, activity=activity, year=year)
        with _blaming(commune, hookspecs.tariff):
            _check_prices(activity, tariff)


def _check_access(commune: Commune, activity: Activity, year: SchoolYear) -> None:
    """A family must be able to do what the activity asks of it."""
    what = f"activity {activity.code!r} of {year.label}"
    with _blaming(commune, hookspecs.catalogue):
        service = commune.identity.service(activity.service)
        features = commune.ask(hookspecs.features, service=service)
        if activity.enrolment.mode is EnrolmentMode.ONLINE and not features.answer(Feature.ENROL).allowed:
            raise RuleError(f"{what} enrols online, which {service.code!r} refuses: enrol by service or open ENROL")
        if activity.enrolment.requires_dossier and not commune.ask(hookspecs.dossier_policy, year=year).required:
            raise RuleError(f"{what} requires a yearly file, which the commune does not ask: answer 'dossier_policy'")


def _check_prices(activity: Activity, tariff: Tariff) -> None:
    codes = set(activity.unit_codes)
    if codes != tariff.units:
        wrong = ", ".join(sorted(codes ^ tariff.units))
        raise RuleError(
            f"activity {activity.code!r} and its tariff disagree on units {wrong}: price each, and no other"
        )
    for unit in activity.unit_codes:
        for qf in QUOTIENTS:
            for residency in Residency:
                tariff.price(Situation(activity.first_day, unit, qf, residency))


def _check_deadlines(commune: Commune, activity: Activity, calendar: SchoolCalendar) -> None:
    """The rules must reach an instant from the activity's first and last days."""
    rules = commune.ask(hookspecs.booking_rules, activity=activity)
    with _blaming(commune, hookspecs.booking_rules):
        for day in (activity.first_day, activity.last_day):
            rules.final_instant(day, calendar, commune.tz)
            rules.first_instant(day, calendar, commune.tz)
            for action in Action:
                rules.last_instant(action, day, calendar, commune.tz)


@contextmanager
def _blaming(commune: Commune, question: Callable[..., object]) -> Iterator[None]:
    """Turn a contradiction into a refusal that names the file of the answer."""
    try:
        yield
    except RuleError as error:
        raise PluginError(f"{commune.source(question)}: {error}") from error
