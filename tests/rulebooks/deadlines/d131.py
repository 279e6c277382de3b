"""Saint-Lager, canteen: of an illness the first day booked is due, the following ones are deducted.

Chosen: no document is written, the family's word is enough.
"""

from plugins.rules.absences import AbsenceRules
from plugins.rules.excuses import ILLNESS, Carence, CarenceDays, Excuse

ABSENCES = AbsenceRules(excuses=(Excuse((ILLNESS,), without_proof=Carence(1, CarenceDays.BOOKED)),))
