"""How long the deadlines and prices of one child's school year take: 140 days × 4 units, for each commune of the tree.

Run from the checkout: ``.venv/bin/python -m bench.school_year``.

Rules are asked as the planning asks them: one set of instants per day and activity, one price per unit.
The bar is 20 ms; machines are noisy, so the best and the median of many rounds are printed.
"""

from datetime import date
from statistics import median
from time import perf_counter

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import Situation
from plugins.rules.verdicts import Instants

YEAR = SchoolYear(2026)
DAYS, UNITS, ROUNDS = 140, 4, 30


def main() -> None:
    """Print one line per commune: how many days and units, the best and the median time of a round."""
    for commune in Communes.installed().values():
        year = _year_of(commune)
        asked = sum(len(days) * len(units) for _, units, days in year)
        times = sorted(_round(commune, year) for _ in range(ROUNDS))
        print(
            f"{commune.slug:10} {asked} unit-days: best {times[0] * 1000:.1f} ms, median {median(times) * 1000:.1f} ms"
        )


def _year_of(commune: Commune) -> list[tuple[Activity, list[str], list[date]]]:
    """Days of the year until 140 × 4 unit-days are reached, activity after activity."""
    calendar, left, year = commune.ask(hookspecs.calendar), DAYS * UNITS, []
    for activity in commune.ask(hookspecs.catalogue, year=YEAR).activities:
        units = [unit.code for unit in activity.units][:UNITS]
        known = calendar.days(activity.first_day, activity.last_day)
        open_days = [day.day for day in known if any(activity.is_open(unit, day) for unit in activity.units)]
        days = open_days[: min(DAYS, -(-left // len(units)))]
        year.append((activity, units, days))
        left -= len(days) * len(units)
        if left <= 0:
            break
    return year


def _round(commune: Commune, year: list[tuple[Activity, list[str], list[date]]]) -> float:
    calendar = commune.ask(hookspecs.calendar)
    began = perf_counter()
    for activity, units, days in year:
        rules = commune.ask(hookspecs.booking_rules, activity=activity)
        tariff = commune.ask(hookspecs.tariff, activity=activity, year=YEAR)
        for day in days:
            Instants.of(rules, day, calendar, commune.tz)
            for unit in units:
                tariff.price(Situation(day=day, unit=unit, qf=742, child_rank=2))
    return perf_counter() - began


if __name__ == "__main__":
    main()
