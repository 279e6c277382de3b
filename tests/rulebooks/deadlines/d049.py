"""Saint-Barnabé, canteen: cancelled before 11 h for the next day on, or the meal is fetched at the kitchen.

Chosen: the eve of a Monday is the Sunday; who tells by telephone before 9 h fetches the meal, which stays due.
"""

from plugins.rules.absences import AbsenceRules
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import at, before, until
from plugins.rules.late import Channel, OtherChannel, Refuse, Way

CALENDAR = SchoolCalendar("B")
RULES = BookingRules(
    book=at(days_before(1, SCHOOL_DAYS), until(12)),
    cancel=at(days_before(1, CALENDAR_DAYS), before(11)),
    late=Refuse("Aucun ajout hors délai."),
    late_cancel=OtherChannel(
        (Way(Channel.PHONE, at(SAME_DAY, before(9))),),
        "le repas reste dû et se retire à la cuisine de 11 h 30 à 12 h.",
    ),
)
ABSENCES = AbsenceRules(when_due="le repas peut être retiré à la cuisine de 11 h 30 à 12 h")
