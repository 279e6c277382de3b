"""A crèche of the PSU: 3 000 € a month and two children, 40 hours a week for 44 weeks, paid in twelve months.

Whether the price of the hour is rounded to the cent before it is multiplied is for each commune to write: both
readings are here. The contract runs for the school year 2025-2026, each month is rounded alone, hours beyond it are due
by started half-hours, and who tells no resources pays the cap: these are ours.
"""

from datetime import date
from decimal import Decimal

from plugins.rules.contracts import Contract, ContractTerms, PsuHours, Spread
from plugins.rules.psu import CNAF_BOUNDS, CNAF_RATES
from plugins.rules.tariffs import Resources, Rounding, Tariff, UnknownResources, psu, versions

HOUR = psu(CNAF_RATES, CNAF_BOUNDS, without_resources=UnknownResources.CAP)
HOURS = PsuHours(HOUR, versions(Resources(3000, dependent_children=2)))

ROUNDED = ContractTerms(hourly_rounding=Rounding.HALF_UP, spread=Spread.EQUAL, overrun_minutes=30)
EXACT = ContractTerms(hourly_rounding=None, spread=Spread.EQUAL, overrun_minutes=30)

FIRST, LAST, WEEK, WEEKS = date(2025, 9, 1), date(2026, 8, 31), Decimal(40), Decimal(44)

TARIFF = Tariff({"heure": HOUR})

READINGS = {
    "hourly_rounded": Contract(
        terms=ROUNDED, first=FIRST, last=LAST, hours_per_week=WEEK, weeks=WEEKS, months=12, hourly=HOURS
    ),
    "hourly_exact": Contract(
        terms=EXACT, first=FIRST, last=LAST, hours_per_week=WEEK, weeks=WEEKS, months=12, hourly=HOURS
    ),
}
