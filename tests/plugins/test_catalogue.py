"""A catalogue: what a family ticks, what places are counted on, and every contradiction refused."""

from dataclasses import replace
from datetime import date, time

import pytest

from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, CalendarDay, DayKind, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import (
    BY_SERVICE,
    ONLINE,
    REVIEWED,
    Activity,
    Catalogue,
    Enrolment,
    Pool,
    Preset,
    Unit,
    UnitRule,
    UnitRuleKind,
)
from plugins.rules.errors import RuleError

YEAR = SchoolYear(2026)
EVERY_WEEKDAY = frozenset({1, 2, 3, 4, 5})
HOLIDAYS = frozenset({DayKind.HOLIDAY})

MORNING = Unit("matin", "Matin", EVERY_WEEKDAY, HOLIDAYS, pools=("enfants-presents",))
MEAL = Unit("repas", "Repas", EVERY_WEEKDAY, HOLIDAYS)
AFTERNOON = Unit("apres-midi", "Après-midi", EVERY_WEEKDAY, HOLIDAYS, pools=("enfants-presents",))
MEAL_NEEDS_MORNING = UnitRule(UnitRuleKind.REQUIRES, "repas", ("matin",))

HOLIDAY_CENTRE = Activity(
    code="alsh-vacances",
    label="ALSH Vacances",
    service="enfance",
    site="Pôle Enfance",
    first_day=date(2026, 9, 1),
    last_day=date(2027, 8, 31),
    units=(MORNING, MEAL, AFTERNOON),
    presets=(Preset("journee", "Journée", ("matin", "repas", "apres-midi")),),
    unit_rules=(MEAL_NEEDS_MORNING,),
)
CHILDREN_PRESENT = Pool("enfants-presents", "Enfants présents", 48)
CATALOGUE = Catalogue(YEAR, (HOLIDAY_CENTRE,), (CHILDREN_PRESENT,))


def test_what_a_catalogue_holds_is_found_by_code() -> None:
    assert CATALOGUE.activity("alsh-vacances") is HOLIDAY_CENTRE
    assert CATALOGUE.pool("enfants-presents") is CHILDREN_PRESENT
    assert HOLIDAY_CENTRE.unit("repas") is MEAL
    assert HOLIDAY_CENTRE.unit_codes == ("matin", "repas", "apres-midi")
    assert (CATALOGUE.activity("piscine"), CATALOGUE.pool("piscine"), HOLIDAY_CENTRE.unit("piscine")) == (None,) * 3


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 2), True),  # Monday, school
        (date(2026, 11, 4), False),  # Wednesday
        (date(2026, 10, 19), False),  # Monday of the holidays
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2028, 9, 4), False),  # past the calendar's horizon
    ],
)
def test_the_canteen_is_open_on_school_days(day: date, open_: bool) -> None:
    lunch = Unit("dejeuner", "Déjeuner", frozenset({MONDAY, TUESDAY, THURSDAY, FRIDAY}), frozenset({DayKind.SCHOOL}))
    assert lunch.is_open(SchoolCalendar("B").day(day)) is open_


def test_a_unit_is_open_within_the_dates_of_its_activity() -> None:
    autumn = replace(HOLIDAY_CENTRE, first_day=date(2026, 10, 19), last_day=date(2026, 10, 30))
    holidays = [CalendarDay(day, DayKind.HOLIDAY) for day in (date(2026, 10, 30), date(2026, 12, 21))]
    assert [autumn.is_open(MORNING, day) for day in holidays] == [True, False]


@pytest.mark.parametrize(
    ("kind", "ticked", "allowed"),
    [
        (UnitRuleKind.REQUIRES, set(), True),
        (UnitRuleKind.REQUIRES, {"matin"}, True),
        (UnitRuleKind.REQUIRES, {"repas"}, False),
        (UnitRuleKind.REQUIRES, {"repas", "matin"}, False),
        (UnitRuleKind.REQUIRES, {"repas", "matin", "apres-midi"}, True),
        (UnitRuleKind.EXCLUDES, {"repas"}, True),
        (UnitRuleKind.EXCLUDES, {"matin", "apres-midi"}, True),
        (UnitRuleKind.EXCLUDES, {"repas", "matin"}, False),
        (UnitRuleKind.TOGETHER, set(), True),
        (UnitRuleKind.TOGETHER, {"matin"}, False),
        (UnitRuleKind.TOGETHER, {"repas", "matin"}, False),
        (UnitRuleKind.TOGETHER, {"repas", "matin", "apres-midi", "autre"}, True),
    ],
)
def test_unit_rules_judge_what_is_ticked(kind: UnitRuleKind, ticked: set[str], allowed: bool) -> None:
    assert UnitRule(kind, "repas", ("matin", "apres-midi")).allows(ticked) is allowed


def test_a_broken_unit_rule_is_told_with_the_labels_a_family_reads() -> None:
    rules = tuple(UnitRule(kind, "repas", ("matin", "apres-midi")) for kind in UnitRuleKind)
    activity = replace(HOLIDAY_CENTRE, presets=(), unit_rules=rules)
    assert activity.broken_rules({"repas", "matin"}) == (
        "« Repas » ne se réserve qu'avec « Matin » et « Après-midi ».",
        "« Repas » ne peut pas être réservé le même jour que « Matin » ou « Après-midi ».",
        "« Repas », « Matin » et « Après-midi » se réservent ensemble.",
    )
    assert activity.broken_rules(set()) == ()


@pytest.mark.parametrize(
    ("enrolment", "ages"),
    [
        (Enrolment(BY_SERVICE), [True, True, True]),
        (Enrolment(ONLINE, min_age=3, max_age=11), [False, True, False]),
        (Enrolment(ONLINE, min_age=3), [False, True, True]),
    ],
)
def test_enrolment_admits_ages_both_ends_included(enrolment: Enrolment, ages: list[bool]) -> None:
    assert [enrolment.admits(age) for age in (2, 11, 12)] == ages


def test_enrolment_admits_the_children_of_its_schools_however_their_name_is_written() -> None:
    reserved = Enrolment(REVIEWED, schools=("École du bourg",))
    schools = ("École du bourg", " école du BOURG ", "École du lac", "")
    assert [reserved.admits_school(school) for school in schools] == [True, True, False, False]
    assert [Enrolment(ONLINE).admits_school(school) for school in schools] == [True, True, True, True]
    assert [mode.is_online for mode in (BY_SERVICE, ONLINE, REVIEWED)] == [False, True, True]


def test_a_contradiction_in_a_unit_is_refused() -> None:
    with pytest.raises(RuleError, match="write 1 to 40 lower-case letters and digits"):
        replace(MEAL, code="Repas du midi")
    with pytest.raises(RuleError, match=r"Unit 'repas' weekdays \{0\}: write MONDAY to SUNDAY"):
        replace(MEAL, weekdays=frozenset({0}))
    with pytest.raises(RuleError, match="and never UNKNOWN"):
        replace(MEAL, day_kinds=frozenset({DayKind.UNKNOWN}))
    with pytest.raises(RuleError, match="pools: midi appears more than once"):
        replace(MEAL, pools=("midi", "midi"))
    with pytest.raises(RuleError, match="not after its start at 12:00:00"):
        replace(MEAL, starts_at=time(12), ends_at=time(11, 30))


def test_a_contradiction_in_a_pool_a_preset_a_rule_or_an_enrolment_is_refused() -> None:
    with pytest.raises(RuleError, match="capacity 0: write at least 1, or None"):
        Pool("salle", "Salle", 0)
    with pytest.raises(RuleError, match="'journee' ticks nothing"):
        Preset("journee", "Journée", ())
    with pytest.raises(RuleError, match="write at least one other unit, not itself"):
        UnitRule(UnitRuleKind.REQUIRES, "repas", ("repas",))
    with pytest.raises(RuleError, match="ages 11 to 3: swap them"):
        Enrolment(ONLINE, min_age=11, max_age=3)
    with pytest.raises(RuleError, match="Enrolment schools: École du bourg appears more than once"):
        Enrolment(ONLINE, schools=("École du bourg", "École du bourg"))
    with pytest.raises(RuleError, match="residencies: nobody could enter"):
        Enrolment(ONLINE, residencies=frozenset())


def test_a_contradiction_in_an_activity_is_refused() -> None:
    with pytest.raises(RuleError, match="swap them"):
        replace(HOLIDAY_CENTRE, last_day=date(2026, 8, 31))
    with pytest.raises(RuleError, match="has no unit"):
        replace(HOLIDAY_CENTRE, units=(), presets=(), unit_rules=())
    with pytest.raises(RuleError, match="units: repas appears more than once"):
        replace(HOLIDAY_CENTRE, units=(MORNING, MEAL, AFTERNOON, MEAL))
    with pytest.raises(RuleError, match="rule REQUIRES: 'gouter' is unknown, write one of matin, repas, apres-midi"):
        replace(HOLIDAY_CENTRE, unit_rules=(UnitRule(UnitRuleKind.REQUIRES, "repas", ("gouter",)),))
    with pytest.raises(RuleError, match="preset 'journee': 'apres-midi' is unknown"):
        replace(HOLIDAY_CENTRE, units=(MORNING, MEAL))
    with pytest.raises(RuleError, match="preset 'journee' breaks the activity's own unit rules"):
        replace(HOLIDAY_CENTRE, unit_rules=(UnitRule(UnitRuleKind.EXCLUDES, "repas", ("matin",)),))


def test_a_contradiction_in_a_catalogue_is_refused() -> None:
    with pytest.raises(RuleError, match="unit 'matin' of 'alsh-vacances', pool: 'enfants-presents' is unknown"):
        Catalogue(YEAR, (HOLIDAY_CENTRE,))
    with pytest.raises(RuleError, match="no unit counts on pool 'salle'"):
        Catalogue(YEAR, (HOLIDAY_CENTRE,), (CHILDREN_PRESENT, Pool("salle", "Salle")))
    with pytest.raises(RuleError, match="activities: alsh-vacances appears more than once"):
        Catalogue(YEAR, (HOLIDAY_CENTRE, HOLIDAY_CENTRE), (CHILDREN_PRESENT,))
    with pytest.raises(RuleError, match=r"Catalogue 2025-2026: 'alsh-vacances' runs from mardi 1er septembre 2026"):
        Catalogue(SchoolYear(2025), (HOLIDAY_CENTRE,), (CHILDREN_PRESENT,))


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "minutes"),
    [(time(16, 30), time(18), 90), (time(7, 45), time(8, 20), 35), (time(16, 30), None, None), (None, None, None)],
)
def test_a_unit_lasts_from_its_start_to_its_end_when_it_has_both(
    starts_at: time | None, ends_at: time | None, minutes: int | None
) -> None:
    assert replace(MEAL, starts_at=starts_at, ends_at=ends_at).minutes == minutes
