"""A règlement as a value: every question with its answer and its source, the next deadlines, families that add up."""

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from plugins.communes import IN_TREE, Commune, Communes
from plugins.explanation import Document, Section, Sentences, Source, Table, explain
from plugins.explanation.days_off import say_calendar
from plugins.explanation.landmarks import Landmark, landmarks
from plugins.explanation.rulebook import TITLES
from plugins.hookspecs import hookimpl
from plugins.rules.anchors import holidays_start
from plugins.rules.booking import Accept, BookingRules, Refuse
from plugins.rules.calendar import MONDAY, TUESDAY, AlternatingWeeks, DayKind, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Unit
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import END_OF_DAY, NEVER, Opens, at, before
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.identity import Service
from plugins.rules.payment import Counter, PaymentRoute
from plugins.rules.tariffs import Tariff, When, add, brackets, by_residency, by_time, constant
from plugins.rules.windows import OpensByResidency
from plugins.signatures import QUESTIONS

Village = Callable[..., SimpleNamespace]
PARIS = ZoneInfo("Europe/Paris")
ON = date(2026, 9, 1)
LATE = Refuse("Hors délai, écrivez à enfance@village.fr.")


def sections(document: Document) -> Iterator[Section]:
    """Every section, the inner ones too."""
    for section in document.sections:
        yield section
        yield from section.sections


def texts(document: Document) -> Iterator[str]:
    """Every text that is printed."""
    yield from document.introduction.lines
    for section in sections(document):
        yield section.title
        for paragraph in section.paragraphs:
            match paragraph:
                case Sentences(lines):
                    yield from lines
                case Source(text):
                    yield text
                case Table(caption, headers, rows):
                    yield from (caption, *headers, *(cell for row in rows for cell in row))


def titled(document: Document, title: str) -> Section:
    """The section of that title."""
    (found,) = [section for section in sections(document) if section.title == title]
    return found


def tables(section: Section) -> list[Table]:
    """The tables of a section."""
    return [paragraph for paragraph in section.paragraphs if isinstance(paragraph, Table)]


def read(plugin: SimpleNamespace, on: date = ON) -> Document:
    """The règlement of the village."""
    return explain(Communes([Commune("village", plugin)])["village"], on)


def test_every_question_has_a_french_title() -> None:
    assert set(QUESTIONS) <= set(TITLES)


@pytest.mark.parametrize("slug", IN_TREE)
def test_a_commune_is_printed_whole_in_order_and_in_french(communes: Communes, slug: str) -> None:
    document = explain(communes[slug], ON)
    assert [section.title for section in document.sections] == [TITLES[name] for name in QUESTIONS]
    for text in texts(document):
        assert not re.search(r"\b(None|True|False)\b|[A-Za-z]+\(.*=|datetime|<[A-Za-z]|\{|\}|[a-z]_[a-z]", text), text
        assert text == text.strip() and "\n" not in text


@pytest.mark.parametrize("slug", IN_TREE)
def test_every_answer_says_who_gave_it(communes: Communes, slug: str) -> None:
    commune = communes[slug]
    own = re.compile(rf"Réponse donnée par : (la commune, plugins/{slug}/\w+\.py:\d+|le portail, par défaut)\.")
    for section in explain(commune, ON).sections:
        sources = [
            paragraph.text
            for one in (section, *section.sections)
            for paragraph in one.paragraphs
            if isinstance(paragraph, Source)
        ]
        assert sources and all(own.fullmatch(text) for text in sources)


def test_answers_that_differ_by_service_are_told_apart_and_equal_ones_together(village: Village) -> None:
    @hookimpl
    def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
        return (Counter("guichet", "Au guichet", "mairie", ("chèque",)),)

    apart = explain(Communes.installed(["epagny"])["epagny"], ON)
    assert [section.title for section in titled(apart, "Ce qui se fait en ligne").sections] == [
        "Service Enfance Jeunesse",
        "Service Petite Enfance",
    ]
    together = titled(read(village(payment_routes=payment_routes)), "Moyens de paiement")
    assert together.sections == ()
    assert together.paragraphs[0] == Sentences(("Au guichet : mairie (chèque).",))


def test_what_nobody_answers_is_said_to_be_nothing(village: Village) -> None:
    assert titled(read(village()), "Moyens de paiement").paragraphs == (
        Sentences(("Rien n'est demandé ni proposé.",)),
        Source("Réponse donnée par : le portail, par défaut."),
    )


def test_a_year_that_is_not_decided_says_so(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, ())

    document = read(village(catalogue=catalogue))
    assert titled(document, "Activités").paragraphs[0] == Sentences(
        ("Aucune activité n'est encore décidée pour 2026-2027.",)
    )
    assert titled(document, "Tarifs").paragraphs == (Sentences(("Aucune activité n'est décidée pour 2026-2027.",)),)


def test_a_wednesday_that_makes_up_for_a_bridge_is_not_a_day_of_the_school_week() -> None:
    made_up = SchoolCalendar("B", opened=frozenset({date(2027, 5, 12)}))
    assert say_calendar(made_up, SchoolYear(2026)) == (
        "Zone scolaire B, école le lundi, le mardi, le jeudi et le vendredi en 2026-2027.\n"
        "Il y a aussi école le mercredi 12 mai 2027.\n"
        "Le calendrier est connu jusqu'au jeudi 31 août 2028 : rien n'ouvre après ce jour."
    )
    assert "aussi école" not in say_calendar(made_up, SchoolYear(2027))


def test_a_school_week_that_alternates_says_both_weeks() -> None:
    weeks = AlternatingWeeks(week_a=frozenset({MONDAY}), week_b=frozenset({MONDAY, TUESDAY}), monday=date(2026, 8, 31))
    first, *_ = say_calendar(SchoolCalendar("B", weeks), SchoolYear(2026)).splitlines()
    assert first == (
        "Zone scolaire B, école le lundi (semaine du lundi 31 août 2026, puis une semaine sur deux), "
        "le lundi et le mardi les autres semaines, en 2026-2027."
    )


def test_a_year_past_the_official_calendar_has_no_day_of_school() -> None:
    first, *_ = say_calendar(SchoolCalendar("B"), SchoolYear(2040)).splitlines()
    assert first == "Zone scolaire B, aucun jour d'école en 2040-2041."


def test_the_next_landmarks_are_in_the_order_they_come() -> None:
    assert landmarks(SchoolCalendar("B"), PARIS, ON) == (
        Landmark("rentrée 2026", date(2026, 9, 1)),
        Landmark("passage à l'heure d'hiver", date(2026, 10, 25)),
        Landmark("11 novembre", date(2026, 11, 11)),
        Landmark("passage à l'heure d'été", date(2027, 3, 28)),
        Landmark("lundi de Pâques", date(2027, 3, 29)),
        Landmark("pont de l'Ascension", date(2027, 5, 7)),
    )


def test_a_landmark_of_the_day_itself_is_the_next_one_and_the_day_after_it_is_a_year_away() -> None:
    def eleventh(on: date) -> date | None:
        return next(one.day for one in landmarks(SchoolCalendar("B"), PARIS, on) if one.name == "11 novembre")

    assert eleventh(date(2026, 11, 11)) == date(2026, 11, 11)
    assert eleventh(date(2026, 11, 12)) == date(2027, 11, 11)


def test_clocks_that_never_change_have_no_landmark_and_an_unknown_rentree_stands_last() -> None:
    names = [one.name for one in landmarks(SchoolCalendar("B"), ZoneInfo("Indian/Reunion"), date(2028, 6, 1))]
    assert names == ["11 novembre", "lundi de Pâques", "pont de l'Ascension", "rentrée 2028"]


def deadlines(plugin: SimpleNamespace, on: date = ON) -> Section:
    """What is said of booking in the village."""
    return titled(read(plugin, on), "Réserver et annuler")


def test_the_next_deadlines_are_those_of_the_nearest_days_of_service(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        return BookingRules(
            book=at(days_before(2, CALENDAR_DAYS), before(10)),
            cancel=at(days_before(1, CALENDAR_DAYS), END_OF_DAY),
            late=LATE,
        )

    (table,) = tables(deadlines(village(booking_rules=booking_rules), date(2026, 11, 3)))
    assert table.caption == "Les prochains délais, à partir du mardi 3 novembre 2026"
    assert table.headers == (
        "Jour d'accueil",
        "Repère",
        "Réserver jusqu'au",
        "Annuler jusqu'au",
        "Comment on y arrive",
    )
    assert table.rows[:2] == (
        (
            "lundi 9 novembre 2026",
            "11 novembre",
            "samedi 7 novembre 2026 à 9 h 59",
            "dimanche 8 novembre 2026 à 23 h 59",
            "réserver : l'avant-veille : samedi 7 novembre 2026 ; annuler : la veille : dimanche 8 novembre 2026",
        ),
        (
            "lundi 16 novembre 2026",
            "11 novembre",
            "samedi 14 novembre 2026 à 9 h 59",
            "dimanche 15 novembre 2026 à 23 h 59",
            "réserver : l'avant-veille : samedi 14 novembre 2026 ; annuler : la veille : dimanche 15 novembre 2026",
        ),
    )


def test_openings_and_last_resorts_have_their_columns_where_there_are_some(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        eve = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
        late = Accept(at(SAME_DAY, before(9)), "Majoré")
        return BookingRules(eve, eve, late, opens=Opens(days_before(30, CALENDAR_DAYS), time(8)))

    (table,) = tables(deadlines(village(booking_rules=booking_rules), date(2026, 11, 3)))
    assert dict(zip(table.headers, table.rows[0], strict=True)) == {
        "Jour d'accueil": "lundi 9 novembre 2026",
        "Repère": "11 novembre",
        "Ouverture des réservations": "samedi 10 octobre 2026 à 8 h",
        "Réserver jusqu'au": "dimanche 8 novembre 2026 à 23 h 59",
        "Dernier recours, hors délai": "lundi 9 novembre 2026 à 8 h 59",
        "Annuler jusqu'au": "dimanche 8 novembre 2026 à 23 h 59",
        "Comment on y arrive": "réserver et annuler : la veille : dimanche 8 novembre 2026 ; "
        "dernier recours : le jour même : lundi 9 novembre 2026",
    }


@pytest.mark.parametrize(
    ("outside", "said"),
    [
        (Opens(days_before(15, CALENDAR_DAYS), time(8)), "dimanche 25 octobre 2026 à 8 h"),
        (Opens(holidays_start(), time(8)), "jamais"),
    ],
)
def test_an_opening_that_depends_on_where_families_live_is_told_to_both(
    village: Village, outside: Opens, said: str
) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        eve = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
        opens = OpensByResidency(resident=Opens(days_before(30, CALENDAR_DAYS), time(8)), outside=outside)
        return BookingRules(eve, eve, LATE, opens=opens)

    (table,) = tables(deadlines(village(booking_rules=booking_rules), date(2026, 11, 3)))
    assert table.rows[0][table.headers.index("Ouverture des réservations")] == (
        f"familles de la commune : samedi 10 octobre 2026 à 8 h ; autres familles : {said}"
    )


def test_a_deadline_that_nobody_can_meet_is_said(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        return BookingRules(at(days_before(1, CALENDAR_DAYS), END_OF_DAY), NEVER, LATE)

    (table,) = tables(deadlines(village(booking_rules=booking_rules), date(2026, 11, 3)))
    assert {row[table.headers.index("Annuler jusqu'au")] for row in table.rows} == {"jamais"}


def test_beyond_the_official_calendar_the_horizon_is_said(village: Village) -> None:
    section = deadlines(village(), date(2028, 6, 1))
    (reasons,) = [paragraph for paragraph in section.paragraphs[1:] if isinstance(paragraph, Sentences)]
    assert reasons.lines == (
        "Passage à l'heure d'hiver : le calendrier officiel ne va que jusqu'au jeudi 31 août 2028.",
        "11 novembre : le calendrier officiel ne va que jusqu'au jeudi 31 août 2028.",
        "Passage à l'heure d'été : le calendrier officiel ne va que jusqu'au jeudi 31 août 2028.",
        "Lundi de Pâques : le calendrier officiel ne va que jusqu'au jeudi 31 août 2028.",
        "Pont de l'Ascension : le calendrier officiel ne va que jusqu'au jeudi 31 août 2028.",
        "Rentrée 2028 : le calendrier officiel ne va que jusqu'au jeudi 31 août 2028.",
    )
    assert tables(section) == []


def test_an_activity_far_from_a_landmark_says_so(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        camp = Unit("journee", "Journée", frozenset({MONDAY}), frozenset({DayKind.HOLIDAY}))
        first, last = date(year.start + 1, 7, 3), date(year.start + 1, 8, 31)
        return Catalogue(year, (Activity("sejour", "Séjour", "enfance", "Camp", first, last, (camp,)),))

    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"journee": constant(300)})

    section = deadlines(village(catalogue=catalogue, tariff=tariff))
    (reasons,) = [paragraph for paragraph in section.paragraphs[1:] if isinstance(paragraph, Sentences)]
    assert reasons.lines[2] == "11 novembre (mercredi 11 novembre 2026) : aucun jour d'accueil à moins de 4 semaines."


def test_prices_are_a_table_by_bracket_and_families_add_up(village: Village) -> None:
    @hookimpl
    def tariff() -> Tariff:
        grid = brackets((0, 400, 100), (401, 800, 250), (801, None, 350), without_qf=350)
        late = add(150, when=When.LATE, label="Réservation hors délai")
        return Tariff({"repas": by_residency(resident=grid, outside=constant(500))}, (late,))

    prices, alone, two, outside = tables(titled(read(village(tariff=tariff)), "Tarifs"))
    assert prices.headers == ("Pour qui", "Repas")
    listed = {row[0]: row[1] for row in prices.rows}
    assert (len(listed), [price for price in listed.values() if NBSP in price]) == (
        len(prices.rows),
        [f"{euros}{NBSP}€" for euros in ("1,00", "2,50", "3,50", "3,50", "5,00")],
    )
    total = "Total pour le lundi 7 septembre 2026"
    assert alone.caption == "Famille de la commune, un enfant, sans quotient familial connu"
    assert alone.rows[-1] == ("Repas", "", total, f"3,50{NBSP}€")
    assert two.caption == "Famille de la commune, deux enfants, quotient familial de 625"
    assert [row[1] for row in two.rows] == ["enfant 1", "enfant 2", ""]
    assert two.rows[-1] == ("Repas", "", total, f"5,00{NBSP}€")
    assert outside.caption == ("Famille hors commune, un enfant, quotient familial de 625, réservation hors délai")
    assert [row[3] for row in outside.rows] == [f"{euros}{NBSP}€" for euros in ("5,00", "1,50", "6,50")]


def test_a_price_by_the_hour_is_that_of_the_hours_of_the_unit(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        care = Unit(
            "garde", "Garderie", frozenset({MONDAY}), frozenset({DayKind.SCHOOL}), (), time(16, 30), time(18, 30)
        )
        return Catalogue(year, (Activity("soir", "Soir", "enfance", "École", year.first_day, year.last_day, (care,)),))

    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"garde": by_time(constant(150), per=60, step=60)})

    _, alone, _, _ = tables(titled(read(village(catalogue=catalogue, tariff=tariff)), "Tarifs"))
    assert alone.rows[-1][-1] == f"3,00{NBSP}€"


@pytest.mark.parametrize("slug", IN_TREE)
def test_every_total_of_every_family_is_the_sum_of_its_lines(communes: Communes, slug: str) -> None:
    for section in sections(explain(communes[slug], ON)):
        for table in tables(section):
            total = 0
            for _, _, why, amount in table.rows if table.headers[-1] == "Montant" else ():
                cents = int(re.sub(r"[^0-9-]", "", amount))
                if why.startswith("Total"):
                    assert cents == total
                    total = 0
                else:
                    total += cents


def test_the_days_without_school_are_listed(communes: Communes) -> None:
    (table,) = tables(titled(explain(communes["chavagne"], ON), "Calendrier"))
    assert table.rows[0] == (
        "Vacances de la Toussaint",
        "vacances scolaires",
        "du samedi 17 octobre 2026 au dimanche 1er novembre 2026",
    )
    assert ("11 novembre", "jour férié", "mercredi 11 novembre 2026") in table.rows


def test_a_table_is_as_wide_as_its_headers() -> None:
    with pytest.raises(RuleError, match="Table « Prix »: a row is not as wide as its 2 headers"):
        Table("Prix", ("Unité", "Montant"), (("repas",),))
