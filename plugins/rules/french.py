"""How dates, hours, amounts and lists are said in French."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, tzinfo

from plugins.rules.errors import RuleError

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
VOWELS = frozenset("aeiouœæ")
NBSP = "\N{NO-BREAK SPACE}"


def say_weekday(weekday: int) -> str:
    """The name of an ISO weekday: 1 is « lundi », 7 « dimanche »."""
    return WEEKDAYS[weekday - 1]


def say_day_month(day: date) -> str:
    """« 3 novembre », and « 1er novembre » for the first of a month."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]}"


def say_date(day: date) -> str:
    """« mardi 3 novembre 2026 »."""
    return f"{WEEKDAYS[day.weekday()]} {say_day_month(day)} {day.year}"


def say_span(first: date, last: date) -> str:
    """« du lundi 6 juillet 2026 au vendredi 28 août 2026 », « le lundi 6 juillet 2026 » for a day alone."""
    return f"le {say_date(first)}" if first == last else f"du {say_date(first)} au {say_date(last)}"


def say_short_span(first: date, last: date) -> str:
    """« du 12 au 16 octobre 2026 », « le 12 octobre 2026 »: without weekdays, and what both dates share said once."""
    end = f"{say_day_month(last)} {last.year}"
    if first == last:
        return f"le {end}"
    if first.year != last.year:
        return f"du {say_day_month(first)} {first.year} au {end}"
    number = "1er" if first.day == 1 else str(first.day)
    return f"du {number if first.month == last.month else say_day_month(first)} au {end}"


def say_many_days(days: Collection[date]) -> str:
    """« 72 jours du 2 novembre 2026 au 2 juillet 2027, le lundi et le jeudi »; a day alone is said by its date."""
    if len(days) == 1:
        return say_date(min(days))
    weekdays = say_list(f"le {say_weekday(weekday)}" for weekday in sorted({day.isoweekday() for day in days}))
    return f"{len(days)} jours {say_short_span(min(days), max(days))}, {weekdays}"


def say_time(moment: time) -> str:
    """« 23 h 59 », « 10 h », « 9 h 05 »; seconds are left out."""
    return f"{moment.hour} h {moment.minute:02}" if moment.minute else f"{moment.hour} h"


def say_instant(at: datetime, tz: tzinfo) -> str:
    """« jeudi 29 octobre 2026 à 23 h 59 », on the clocks of ``tz``; ``at`` is timezone-aware."""
    local = at.astimezone(tz)
    return f"{say_date(local)} à {say_time(local.time())}"


def say_list(items: Iterable[str], last: str = "et") -> str:
    """« a, b et c »; ``last`` is the word before the last item."""
    *head, tail = list(items) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def say_of(name: str) -> str:
    """« de Clara », « d'Enfant1 », « d'Yves » but « de Yanis »; an h is taken as aspirated."""
    letters = [letter for letter in unicodedata.normalize("NFD", name).casefold() if not unicodedata.combining(letter)]
    first, second = [*letters, "", ""][:2]
    elided = first in VOWELS or (first == "y" and second not in VOWELS)
    return f"d'{name}" if elided else f"de {name}"


def say_years(number: int) -> str:
    """« 1 an », « 11 ans »."""
    return f"{number} an{'s' if number > 1 else ''}"


def say_ordinal(number: int) -> str:
    """« 1er », « 2e »: the masculine short form."""
    return "1er" if number == 1 else f"{number}e"


def say_until(phrase: str) -> str:
    """« jusqu'à » before a phrase, contracted with its article: « le jeudi » gives « jusqu'au jeudi »."""
    return "jusqu'" + _contract(phrase, (("le ", "au "), ("les ", "aux ")), "à ")


def say_from(phrase: str) -> str:
    """« à partir de » before a phrase, contracted with its article: « le jeudi » gives « à partir du jeudi »."""
    return "à partir " + say_of_the(phrase)


def say_of_the(phrase: str) -> str:
    """« de » before a phrase, contracted: « le jeudi » gives « du jeudi », « un mois » gives « d'un mois »."""
    return _contract(phrase, (("le ", "du "), ("les ", "des "), ("un ", "d'un "), ("une ", "d'une ")), "de ")


def say_sentence(text: str) -> str:
    """The text with a capital, no-break spaces before € and %, and a full stop unless it ends like a sentence."""
    is_closed = text.rstrip(f"» {NBSP}")[-1:] in {".", "!", "?", "…", ":"}
    typeset = re.sub(r"(?<=\d) (?=[€%])", NBSP, text)
    return f"{typeset[:1].upper()}{typeset[1:]}{'' if is_closed else '.'}"


def read_date(printed: str) -> date:
    """The date of « lundi 7 août 2023 »; a date that is not that weekday is refused, and so is what is not a date."""
    try:
        weekday, number, month, year = printed.split()
        day = date(int(year), MONTHS.index(month) + 1, int(number.removesuffix("er")))
    except ValueError as unreadable:
        raise RuleError(f"date {printed!r}: write it whole, as « lundi 7 août 2023 »") from unreadable
    if weekday != WEEKDAYS[day.weekday()]:
        raise RuleError(f"date {printed!r}: that day is a {WEEKDAYS[day.weekday()]}; correct the weekday or the day")
    return day


def euros(cents: int) -> str:
    """« 12,50 € », « 1 234,00 € »: cents as an amount, with no-break spaces."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NBSP)
    return f"{'-' if cents < 0 else ''}{grouped},{rest:02}{NBSP}€"


def _contract(phrase: str, contractions: tuple[tuple[str, str], ...], otherwise: str) -> str:
    for article, contracted in contractions:
        if phrase.startswith(article):
            return contracted + phrase.removeprefix(article)
    return otherwise + phrase
