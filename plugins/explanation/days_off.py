"""The days without school of a year, as a table: holidays, public holidays, closings."""

from datetime import date

from plugins.explanation.document import Table
from plugins.rules.calendar import AlternatingWeeks, DayKind, OwnHolidays, SchoolCalendar, SchoolYear
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
    """Zone, days with class in the week and beside it, and the last day that is known; a sentence a line."""
    own = isinstance(calendar.zone, OwnHolidays)
    zone = "Vacances écrites par la commune" if own else f"Zone scolaire {calendar.zone}"
    opened = [f"le {say_date(day)}" for day in sorted(calendar.opened) if SchoolYear.of(day) == year]
    return "\n".join(
        [
            f"{zone}, {_say_week(calendar, year)} en {year.label}.",
            *([f"Il y a aussi école {say_list(opened)}."] if opened else []),
            f"Le calendrier est connu jusqu'au {say_date(calendar.horizon)} : rien n'ouvre après ce jour.",
        ]
    )


def _say_week(calendar: SchoolCalendar, year: SchoolYear) -> str:
    """The weekdays with class; none where the year is not known."""
    week = calendar.school_weekdays
    if all(known.kind is not DayKind.SCHOOL for known in calendar.days(year.first_day, year.last_day)):
        return "aucun jour d'école"
    if not isinstance(week, AlternatingWeeks):
        return f"école {_say_weekdays(week)}"
    start = f"semaine du {say_date(week.monday)}, puis une semaine sur deux"
    return f"école {_say_weekdays(week.week_a)} ({start}), {_say_weekdays(week.week_b)} les autres semaines,"


def _say_weekdays(weekdays: frozenset[int]) -> str:
    return say_list(f"le {say_weekday(day)}" for day in sorted(weekdays))


def _say_span(first: date, last: date) -> str:
    return say_date(first) if first == last else f"du {say_date(first)} au {say_date(last)}"
