"""Saint-Romain-d'Ay, care: the family cancels a morning or an evening on the same day before 7 h; later it is due."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import THURSDAY
from plugins.rules.days import SAME_DAY, weekday_of_week_before
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse, StillDue

RULES = BookingRules(
    book=at(weekday_of_week_before(THURSDAY), before(9)),
    cancel=at(SAME_DAY, before(7)),
    late=Refuse("Contactez la mairie."),
    late_cancel=StillDue(),
)
