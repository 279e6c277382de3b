"""How dates, hours, amounts and lists are said in French."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.french import (
    NBSP,
    euros,
    read_date,
    say_date,
    say_day_month,
    say_from,
    say_instant,
    say_list,
    say_many_days,
    say_of,
    say_of_the,
    say_ordinal,
    say_sentence,
    say_short_span,
    say_time,
    say_until,
    say_weekday,
)


def test_a_date_is_said_with_its_weekday() -> None:
    assert say_date(date(2026, 11, 3)) == "mardi 3 novembre 2026"
    assert say_date(date(2026, 11, 1)) == "dimanche 1er novembre 2026"
    assert say_day_month(date(2027, 8, 31)) == "31 août"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 10, 12), date(2026, 10, 16), "du 12 au 16 octobre 2026"),
        (date(2026, 10, 1), date(2026, 10, 1), "le 1er octobre 2026"),
        (date(2026, 10, 1), date(2026, 10, 2), "du 1er au 2 octobre 2026"),
        (date(2026, 10, 26), date(2026, 11, 1), "du 26 octobre au 1er novembre 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "du 28 décembre 2026 au 3 janvier 2027"),
    ],
)
def test_what_two_dates_share_is_said_once(first: date, last: date, said: str) -> None:
    assert say_short_span(first, last) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({date(2026, 11, 3)}, "mardi 3 novembre 2026"),
        ({date(2026, 11, 3), date(2026, 11, 10)}, "2 jours du 3 au 10 novembre 2026, le mardi"),
        (
            {date(2027, 1, 7), date(2026, 12, 14), date(2026, 12, 17)},
            "3 jours du 14 décembre 2026 au 7 janvier 2027, le lundi et le jeudi",
        ),
    ],
)
def test_many_days_are_counted_with_their_weekdays(days: set[date], said: str) -> None:
    assert say_many_days(days) == said


def test_weekdays_are_numbered_from_monday() -> None:
    assert [say_weekday(n) for n in (1, 3, 7)] == ["lundi", "mercredi", "dimanche"]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(23, 59), "23 h 59"),
        (time(10), "10 h"),
        (time(9, 5), "9 h 05"),
        (time(9, 59, 59), "9 h 59"),
        (time(0), "0 h"),
    ],
)
def test_an_hour_is_said_without_useless_zeros(moment: time, said: str) -> None:
    assert say_time(moment) == said


def test_an_instant_is_said_on_the_clocks_of_the_commune() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert say_instant(datetime(2026, 10, 29, 22, 59, 59, tzinfo=UTC), paris) == "jeudi 29 octobre 2026 à 23 h 59"
    assert say_instant(datetime(2026, 7, 14, 23, 30, tzinfo=UTC), paris) == "mercredi 15 juillet 2026 à 1 h 30"


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")]
)
def test_a_list_ends_with_et(items: list[str], said: str) -> None:
    assert say_list(items) == said


def test_the_last_word_of_a_list_may_be_ou() -> None:
    assert say_list(["a", "b"], "ou") == "a ou b"


def test_ordinals_are_short() -> None:
    assert [say_ordinal(n) for n in (1, 2, 21)] == ["1er", "2e", "21e"]


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("le jeudi", "jusqu'au jeudi"),
        ("les vacances", "jusqu'aux vacances"),
        ("la veille", "jusqu'à la veille"),
        ("l'avant-veille", "jusqu'à l'avant-veille"),
    ],
)
def test_until_contracts_with_the_article(phrase: str, said: str) -> None:
    assert say_until(phrase) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("le jeudi", "à partir du jeudi"),
        ("les vacances", "à partir des vacances"),
        ("la veille", "à partir de la veille"),
    ],
)
def test_from_contracts_with_the_article(phrase: str, said: str) -> None:
    assert say_from(phrase) == said


@pytest.mark.parametrize(
    ("cents", "said"),
    [(1250, "12,50 €"), (5, "0,05 €"), (0, "0,00 €"), (-250, "-2,50 €"), (123456789, "1 234 567,89 €")],
)
def test_amounts_have_a_comma_and_no_break_spaces(cents: int, said: str) -> None:
    assert euros(cents) == said.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Clara", "de Clara"),
        ("Enfant1", "d'Enfant1"),
        ("Élodie", "d'Élodie"),
        ("Yves", "d'Yves"),
        ("Yanis", "de Yanis"),
        ("Hugo", "de Hugo"),
        ("", "de "),
    ],
)
def test_de_is_elided_before_a_vowel(name: str, said: str) -> None:
    assert say_of(name) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("le jeudi", "du jeudi"),
        ("les vacances", "des vacances"),
        ("la veille", "de la veille"),
        ("l'avant-veille", "de l'avant-veille"),
        ("un mois avant", "d'un mois avant"),
        ("une semaine avant", "d'une semaine avant"),
        ("4 semaines avant", "de 4 semaines avant"),
    ],
)
def test_de_is_contracted_with_the_article(phrase: str, said: str) -> None:
    assert (say_of_the(phrase), say_from(phrase)) == (said, f"à partir {said}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jusqu'à la veille à 10 h", "Jusqu'à la veille à 10 h."),
        ("Écrivez-nous.", "Écrivez-nous."),
        ("L'accès est « libre »", "L'accès est « libre »."),
        ("Texte : « J'autorise. »", "Texte : « J'autorise. »"),
        ("Une pièce parmi :", "Une pièce parmi :"),
        ("majoré de 50 % ou de 1,50 €", f"Majoré de 50{NBSP}% ou de 1,50{NBSP}€."),
    ],
)
def test_a_sentence_has_a_capital_and_one_full_stop(text: str, said: str) -> None:
    assert say_sentence(text) == said


@pytest.mark.parametrize("day", [date(2023, 8, 7), date(2026, 11, 1), date(2024, 2, 29)])
def test_a_printed_date_is_read_back(day: date) -> None:
    assert read_date(say_date(day)) == day


@pytest.mark.parametrize(
    ("printed", "refused"),
    [
        ("mardi 7 août 2023", "date 'mardi 7 août 2023': that day is a lundi; correct the weekday or the day"),
        ("lundi 31 juin 2023", "date 'lundi 31 juin 2023': write it whole, as « lundi 7 août 2023 »"),
        ("7 août 2023", "write it whole"),
        ("lundi 7 aout 2023", "write it whole"),
        ("lundi sept août 2023", "write it whole"),
    ],
)
def test_a_date_that_is_not_that_weekday_or_no_date_at_all_is_refused(printed: str, refused: str) -> None:
    with pytest.raises(RuleError, match=refused):
        read_date(printed)
