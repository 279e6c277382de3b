"""What agents write of families, ties and bookings: a part of the root of writes, and a table of contents like it."""

import strawberry

from resolvers.context import AgentRight
from schema import court_decisions, family_links, household_declarations, service_absences, service_bookings
from schema.access import AGENT
from schema.doing import does


@strawberry.type
class FamilyMutation:
    """One line per thing that agents do: the function of the domain file, who may, and what for."""

    household_create = does(
        household_declarations.create,
        AGENT(AgentRight.FAMILIES),
        "Record a household that the service knows; its adults are then invited by `accountInvite`.",
    )
    child_link = does(
        family_links.link,
        AGENT(AgentRight.FAMILIES),
        "Have a child belong to another household too: that of its other parent.",
    )
    child_unlink = does(
        family_links.unlink,
        AGENT(AgentRight.FAMILIES),
        "Take a child out of one of its households; what was done stays.",
    )
    membership_rights_set = does(
        family_links.set_rights,
        AGENT(AgentRight.FAMILIES),
        "Say what an adult may do in a household from now on: see, book, pay.",
    )
    court_decision_record = does(
        court_decisions.record,
        AGENT(AgentRight.FAMILIES),
        "Keep a person away from a child by a court's decision; the staff sees it, no family does.",
    )
    court_decision_lift = does(
        court_decisions.lift, AGENT(AgentRight.FAMILIES), "Keep a person away from a child no more."
    )
    bookings_record_preview = does(
        service_bookings.preview,
        AGENT(AgentRight.FAMILIES),
        "Tell what recording a wanted set for a family would do now; nothing is kept.",
        cost_per_day=1,
    )
    bookings_record = does(
        service_bookings.record,
        AGENT(AgentRight.FAMILIES),
        "Book and cancel for a family at its request, what is closed online or too late included; it is mailed.",
        cost_per_day=1,
    )
    absence_record_preview = does(
        service_absences.preview,
        AGENT(AgentRight.FAMILIES),
        "Tell what recording an absence for a family would do now; nothing is kept.",
        cost_per_day=1,
    )
    absence_record = does(
        service_absences.record,
        AGENT(AgentRight.FAMILIES),
        "Write down the absence of a child that its family told by telephone or at the counter; it is mailed.",
        cost_per_day=1,
    )
