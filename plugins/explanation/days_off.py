"""The days without school of a year, as a table: holidays, public holidays, closings."""

from datetime import date

from plugins.explanation.document import Table
from plugins.rules.calendar import DayKind, OwnHolidays, SchoolCalendar, SchoolYear
from plugins.rules.french import say_date, say_list, say_weekday

_KINDS = {DayKind.PUBLIC_HOLIDAY: "jour férié", DayKind.CLOSED: "fermeture des services"}


def days_off(calendar: SchoolCalendar, year: SchoolYear) -> Table:
    """School holidays, then each public holiday and closed day, in the order of the year."""
    rows = [
        (holiday.first, (holiday.label, "vacances scolaires", _say_span(holiday.first, holiday.last)))
        for holiday in calendar.holidays(year.first_day, year.last_day)
    ]
    rows += [
        (known.day, (known.label or _KINDS[known.kind], _KINDS[known.kind], say_date(known.day)))
        for known in calendar.days(year.first_day, year.last_day)
        if known.kind in _KINDS
    ]
    caption = f"Jours sans école de l'année {year.label}"
    return Table(caption, ("Nom", "Quoi", "Quand"), tuple(row for _, row in sorted(rows)))


def say_calendar(calendar: SchoolCalendar, year: SchoolYear) -> str:
    """Zone, weekdays with class, and the last day that is known; a sentence a line.

    A Wednesday that makes up for a bridge does not make of every Wednesday a day with class.
    """
    school = {
        known.day.isoweekday()
        for known in calendar.days(year.first_day, year.last_day)
        if known.kind is DayKind.SCHOOL and known.day not in calendar.opened
    }
    days = f"école {say_list(f'le {say_weekday(day)}' for day in sorted(school))}" if school else "aucun jour d'école"
    own = isinstance(calendar.zone, OwnHolidays)
    zone = "Vacances écrites par la commune" if own else f"Zone scolaire {calendar.zone}"
    return (
        f"{zone}, {days} en {year.label}.\n"
        f"Le calendrier est connu jusqu'au {say_date(calendar.horizon)} : rien n'ouvre après ce jour."
    )


def _say_span(first: date, last: date) -> str:
    return say_date(first) if first == last else f"du {say_date(first)} au {say_date(last)}"
