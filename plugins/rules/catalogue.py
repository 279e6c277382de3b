"""What a commune offers in a school year: activities, the units a family ticks, the pools places are counted on."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum

from plugins.rules.calendar import CalendarDay, DayKind, SchoolYear
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_list, say_time, say_weekday, say_years
from plugins.rules.prices import Residency
from plugins.rules.texts import require_code, require_line, require_mailbox, require_unique


@dataclass(frozen=True, slots=True)
class Pool:
    """What places are counted on; ``capacity`` None means that there is always room."""

    code: str
    label: str
    capacity: int | None = None

    def __post_init__(self) -> None:
        require_code(self.code, f"Pool « {self.label} »")
        if self.capacity is not None and self.capacity < 1:
            raise RuleError(f"Pool {self.code!r} capacity {self.capacity}: write at least 1, or None for no limit")

    def say(self) -> str:
        """« Enfants présents le matin : 48 places »."""
        if self.capacity is None:
            return f"{self.label} : sans limite de places"
        return f"{self.label} : {self.capacity} place{'s' if self.capacity > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a family ticks for a day: a meal, a morning. A place is taken in each of its ``pools``.

    ``has_meal``: a meal is served in it, which the kitchen cooks. ``is_care``: it is childcare for the tax credit of
    young children (article 200 quater B of the « code général des impôts »); a meal alone is not.
    """

    code: str
    label: str
    weekdays: frozenset[int]
    day_kinds: frozenset[DayKind]
    pools: tuple[str, ...] = ()
    starts_at: time | None = None
    ends_at: time | None = None
    has_meal: bool = False
    is_care: bool = True

    def __post_init__(self) -> None:
        require_code(self.code, f"Unit « {self.label} »")
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise RuleError(f"Unit {self.code!r} weekdays {set(self.weekdays)}: write MONDAY to SUNDAY (1 to 7)")
        if not self.day_kinds or DayKind.UNKNOWN in self.day_kinds:
            raise RuleError(f"Unit {self.code!r} day_kinds: write the kinds of days it opens on, and never UNKNOWN")
        require_unique(self.pools, f"Unit {self.code!r} pools")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise RuleError(f"Unit {self.code!r} ends at {self.ends_at}, not after its start at {self.starts_at}")

    @property
    def minutes(self) -> int | None:
        """How long it lasts, for prices by the time; None when it has no times, and the price has its own."""
        if self.starts_at is None or self.ends_at is None:
            return None
        starts, ends = (at.hour * 60 + at.minute for at in (self.starts_at, self.ends_at))
        return ends - starts

    def is_open(self, day: CalendarDay) -> bool:
        """True when the unit takes place on such a day."""
        return day.kind in self.day_kinds and day.day.isoweekday() in self.weekdays

    def say(self) -> str:
        """« Garderie du soir : le lundi et le mardi, jours d'école, de 16 h 30 à 18 h 30 », and the meal in it."""
        meal = ", repas compté pour la cuisine" if self.has_meal else ""
        care = "" if self.is_care else ", hors frais de garde pour les impôts"
        kinds = say_list(words for kind, words in _KIND_WORDS.items() if kind in self.day_kinds)
        return f"{self.label} : {_say_weekdays(self.weekdays)}, {kinds}{self._say_times()}{meal}{care}"

    def _say_times(self) -> str:
        if self.starts_at and self.ends_at:
            return f", de {say_time(self.starts_at)} à {say_time(self.ends_at)}"
        if self.starts_at:
            return f", à partir de {say_time(self.starts_at)}"
        return f", jusqu'à {say_time(self.ends_at)}" if self.ends_at else ""


_KIND_WORDS = {
    DayKind.SCHOOL: "jours d'école",
    DayKind.WEDNESDAY: "jours sans école de la semaine",
    DayKind.HOLIDAY: "vacances scolaires",
    DayKind.WEEKEND: "fins de semaine",
    DayKind.PUBLIC_HOLIDAY: "jours fériés",
    DayKind.CLOSED: "jours de fermeture des services",
}


def _say_weekdays(weekdays: frozenset[int]) -> str:
    """« du lundi au vendredi » for three days in a row or more, otherwise « le lundi et le jeudi »."""
    first, last = min(weekdays), max(weekdays)
    if len(weekdays) > 2 and last - first == len(weekdays) - 1:
        return f"du {say_weekday(first)} au {say_weekday(last)}"
    return say_list(f"le {say_weekday(weekday)}" for weekday in sorted(weekdays))


@dataclass(frozen=True, slots=True)
class Preset:
    """A shortcut that ticks several units at once: « Journée » is morning, meal and afternoon."""

    code: str
    label: str
    units: tuple[str, ...]

    def __post_init__(self) -> None:
        require_code(self.code, f"Preset « {self.label} »")
        if not self.units:
            raise RuleError(f"Preset {self.code!r} ticks nothing: write the codes of its units")
        require_unique(self.units, f"Preset {self.code!r} units")


class UnitRuleKind(Enum):
    """How a unit depends on others of the same day."""

    REQUIRES = "REQUIRES"  # the unit needs all the others
    EXCLUDES = "EXCLUDES"  # the unit goes with none of the others
    TOGETHER = "TOGETHER"  # all of them or none


@dataclass(frozen=True, slots=True)
class UnitRule:
    """A dependency between units ticked on the same day."""

    kind: UnitRuleKind
    unit: str
    others: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.others or self.unit in self.others:
            raise RuleError(f"UnitRule {self.kind.value} of {self.unit!r}: write at least one other unit, not itself")
        require_unique(self.others, f"UnitRule {self.kind.value} of {self.unit!r} others")

    def allows(self, ticked: Set[str]) -> bool:
        """True when the units ticked on one day respect the rule."""
        others = set(self.others)
        match self.kind:
            case UnitRuleKind.REQUIRES:
                return self.unit not in ticked or others <= ticked
            case UnitRuleKind.EXCLUDES:
                return self.unit not in ticked or not others & ticked
            case UnitRuleKind.TOGETHER:
                return len((others | {self.unit}) & ticked) in (0, len(others) + 1)


class EnrolmentMode(Enum):
    """How a child gets into an activity before any day can be booked."""

    BY_SERVICE = "BY_SERVICE"  # an agent enrols the child
    ONLINE = "ONLINE"  # the family asks on the portal, and the child is in
    REVIEWED = "REVIEWED"  # the family asks on the portal, and an agent decides

    @property
    def is_online(self) -> bool:
        """True when families ask on the portal."""
        return self is not EnrolmentMode.BY_SERVICE


BY_SERVICE, ONLINE, REVIEWED = EnrolmentMode

_MODE_WORDS = {
    BY_SERVICE: "faite par le service",
    ONLINE: "demandée en ligne",
    REVIEWED: "demandée en ligne, validée par le service",
}
_RESIDENCY_WORDS = {Residency.RESIDENT: "de la commune", Residency.OUTSIDE: "des autres communes"}


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How children enter an activity: who enrols, from when, whether the year's dossier must be accepted first.

    ``min_age`` and ``max_age`` are whole years on the first day of the activity, both included. ``schools`` are the
    names of those whose children it takes, as the service writes them (none: all of them).
    """

    mode: EnrolmentMode
    opens_on: date | None = None
    requires_dossier: bool = False
    min_age: int | None = None
    max_age: int | None = None
    schools: tuple[str, ...] = ()
    residencies: frozenset[Residency] = frozenset(Residency)

    def __post_init__(self) -> None:
        if self.min_age is not None and self.max_age is not None and self.max_age < self.min_age:
            raise RuleError(f"Enrolment ages {self.min_age} to {self.max_age}: swap them")
        for school in self.schools:
            require_line(school, "Enrolment school")
        require_unique(self.schools, "Enrolment schools")
        if not self.residencies:
            raise RuleError("Enrolment residencies: nobody could enter; write RESIDENT, OUTSIDE or both")

    def admits(self, age: int) -> bool:
        """True for a child of ``age`` whole years on the first day of the activity."""
        return (self.min_age is None or age >= self.min_age) and (self.max_age is None or age <= self.max_age)

    def admits_school(self, school: str) -> bool:
        """True for a child of this school, however its name is capitalised; an empty one is unknown."""
        return not self.schools or school.strip().casefold() in {one.casefold() for one in self.schools}

    def say_audience(self) -> str:
        """« réservée aux familles de la commune, aux enfants de : École du bourg »; empty when it takes everybody."""
        schools = [f"aux enfants de : {say_list(self.schools, 'ou')}"] if self.schools else []
        whose = [_RESIDENCY_WORDS[one] for one in Residency if one in self.residencies]
        families = [] if len(whose) == len(Residency) else [f"aux familles {say_list(whose)}"]
        return f"réservée {', '.join([*families, *schools])}" if families or schools else ""

    def say_ages(self) -> str:
        """« de 3 à 11 ans », « à partir de 6 ans », « jusqu'à 5 ans »; empty when it takes every age."""
        if self.min_age is not None and self.max_age is not None:
            return f"de {self.min_age} à {say_years(self.max_age)}"
        if self.min_age is not None:
            return f"à partir de {say_years(self.min_age)}"
        return "" if self.max_age is None else f"jusqu'à {say_years(self.max_age)}"

    def say(self) -> str:
        """« Inscription demandée en ligne, à partir du lundi 1er juin 2026, une fois le dossier annuel validé »."""
        opening = [] if self.opens_on is None else [f"à partir du {say_date(self.opens_on)}"]
        dossier = ["une fois le dossier annuel validé"] if self.requires_dossier else []
        whom = [words for words in (self.say_ages(), self.say_audience()) if words]
        return ", ".join([f"Inscription {_MODE_WORDS[self.mode]}", *opening, *dossier, *whom])


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a child is enrolled in for a school year, run by a service at a site; ``service`` is its code.

    ``mailbox`` is that of the site, where families write about what is not done online; empty: that of the service.
    """

    code: str
    label: str
    service: str
    site: str
    first_day: date
    last_day: date
    units: tuple[Unit, ...]
    presets: tuple[Preset, ...] = ()
    unit_rules: tuple[UnitRule, ...] = ()
    enrolment: Enrolment = field(default=Enrolment(BY_SERVICE))
    mailbox: str = ""

    def __post_init__(self) -> None:
        what = f"Activity {self.code!r}"
        require_code(self.code, f"Activity « {self.label} »")
        if self.last_day < self.first_day:
            raise RuleError(f"{what} ends on {say_date(self.last_day)}, before {say_date(self.first_day)}: swap them")
        if not self.units:
            raise RuleError(f"{what} has no unit: write what a family ticks")
        if self.mailbox:
            require_mailbox(self.mailbox, f"{what} mailbox")
        require_unique(self.unit_codes, f"{what} units")
        require_unique(tuple(preset.code for preset in self.presets), f"{what} presets")
        for rule in self.unit_rules:
            _refuse_unknown(f"{what} rule {rule.kind.value}", (rule.unit, *rule.others), self.unit_codes)
        for preset in self.presets:
            _refuse_unknown(f"{what} preset {preset.code!r}", preset.units, self.unit_codes)
            if self.broken_rules(set(preset.units)):
                raise RuleError(f"{what} preset {preset.code!r} breaks the activity's own unit rules: correct either")

    @property
    def unit_codes(self) -> tuple[str, ...]:
        """The codes of the units, in the order a family reads them."""
        return tuple(unit.code for unit in self.units)

    def unit(self, code: str) -> Unit | None:
        """The unit of that code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)

    def say(self) -> str:
        """Where and when it takes place, what a family ticks, and how children enter it; a sentence a line."""
        labels = {unit.code: unit.label for unit in self.units}
        return "\n".join(
            (
                f"{self.site}, du {say_date(self.first_day)} au {say_date(self.last_day)}.",
                *([f"Écrire à {self.mailbox}."] if self.mailbox else []),
                *(f"{unit.say()}." for unit in self.units),
                *(f"{one.label} : {' + '.join(labels[code] for code in one.units)}." for one in self.presets),
                *(self.say_rule(rule) for rule in self.unit_rules),
                f"{self.enrolment.say()}.",
            )
        )

    def is_open(self, unit: Unit, day: CalendarDay) -> bool:
        """True when the unit takes place that day, within the activity's own dates."""
        return self.first_day <= day.day <= self.last_day and unit.is_open(day)

    def broken_rules(self, ticked: Set[str]) -> tuple[str, ...]:
        """What is wrong with the units ticked for one day, in French; empty when nothing is."""
        return tuple(self.say_rule(rule) for rule in self.unit_rules if not rule.allows(ticked))

    def say_rule(self, rule: UnitRule) -> str:
        """A unit rule in French, with the labels a family reads."""
        labels = {unit.code: f"« {unit.label} »" for unit in self.units}
        unit, others = labels[rule.unit], [labels[code] for code in rule.others]
        match rule.kind:
            case UnitRuleKind.REQUIRES:
                return f"{unit} ne se réserve qu'avec {say_list(others)}."
            case UnitRuleKind.EXCLUDES:
                return f"{unit} ne peut pas être réservé le même jour que {say_list(others, 'ou')}."
            case UnitRuleKind.TOGETHER:
                return f"{say_list([unit, *others])} se réservent ensemble."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All the activities of a school year, and the pools their units count on."""

    year: SchoolYear
    activities: tuple[Activity, ...]
    pools: tuple[Pool, ...] = ()

    def __post_init__(self) -> None:
        what = f"Catalogue {self.year.label}"
        pools = tuple(pool.code for pool in self.pools)
        require_unique(tuple(activity.code for activity in self.activities), f"{what} activities")
        require_unique(pools, f"{what} pools")
        for activity in self.activities:
            self._refuse_other_year(activity)
            for unit in activity.units:
                _refuse_unknown(f"{what} unit {unit.code!r} of {activity.code!r}, pool", unit.pools, pools)
        used = {pool for activity in self.activities for unit in activity.units for pool in unit.pools}
        if unused := [pool for pool in pools if pool not in used]:
            raise RuleError(f"{what}: no unit counts on pool {unused[0]!r}: write it in the unit's pools or remove it")

    def say(self) -> str:
        """Every activity, then the places, a sentence a line; a year without activity says so."""
        if not self.activities:
            return f"Aucune activité n'est encore décidée pour {self.year.label}."
        activities = [f"{activity.label}\n{activity.say()}" for activity in self.activities]
        return "\n".join([*activities, *(f"{pool.say()}." for pool in self.pools)])

    def activity(self, code: str) -> Activity | None:
        """The activity of that code, or None."""
        return next((activity for activity in self.activities if activity.code == code), None)

    def pool(self, code: str) -> Pool | None:
        """The pool of that code, or None."""
        return next((pool for pool in self.pools if pool.code == code), None)

    def _refuse_other_year(self, activity: Activity) -> None:
        if activity.first_day < self.year.first_day or activity.last_day > self.year.last_day:
            raise RuleError(
                f"Catalogue {self.year.label}: {activity.code!r} runs from {say_date(activity.first_day)} to "
                f"{say_date(activity.last_day)}: write days between {say_date(self.year.first_day)} and "
                f"{say_date(self.year.last_day)}"
            )


def _refuse_unknown(what: str, codes: Iterable[str], known: tuple[str, ...]) -> None:
    if unknown := [code for code in codes if code not in known]:
        raise RuleError(f"{what}: {unknown[0]!r} is unknown, write one of {', '.join(known) or '(none declared)'}")
