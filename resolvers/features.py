"""What families may do online, service by service, and the mailbox that they are told to write to otherwise."""

from collections.abc import Sequence
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.features import ALLOWED, Feature, FeatureAnswer
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import Enrolment
from resolvers.models.bookings import ENROLLED


def feature_of(ctx: Context, service: str, feature: Feature) -> FeatureAnswer:
    """Whether families of a service may do this online."""
    asked = ctx.commune.identity.service(service)
    return ctx.commune.ask(hookspecs.features, service=asked).answer(feature)


def feature_at(ctx: Context, activity: Activity, feature: Feature) -> FeatureAnswer:
    """The same for an activity, whose place may have a mailbox of its own."""
    return feature_of(ctx, activity.service, feature).at(activity.mailbox)


async def require_feature(ctx: Context, feature: Feature, services: Sequence[str], *household_ids: UUID) -> None:
    """Refuse with FEATURE_CLOSED when every one of these services closes a feature to these households of a person.

    The mailbox is that of the place where their children are enrolled: one statement, only to refuse.
    """
    answer = answer_of(ctx, feature, services)
    if not answer.allowed:
        places = set(await mailboxes_of(ctx, household_ids)) - {""}
        raise refusal_of(answer.at(places.pop() if len(places) == 1 else ""))


def answer_of(ctx: Context, feature: Feature, services: Sequence[str]) -> FeatureAnswer:
    """Whether one of these services opens a feature; if none does, the refusal of the first one."""
    answers = [feature_of(ctx, service, feature) for service in services]
    return next((answer for answer in answers if answer.allowed), (*answers, ALLOWED)[0])


def refusal_of(answer: FeatureAnswer) -> Refused:
    """The refusal that an answer is told by."""
    return Refused(Code.FEATURE_CLOSED, answer.reason or "", contact=answer.contact)


async def mailboxes_of(ctx: Context, household_ids: Sequence[UUID]) -> list[str]:
    """The mailbox of the place where the children of each household are enrolled today: one statement at most.

    Empty for who is in no place that has its own, or in several.
    """
    today = ctx.local_now.date()
    catalogue = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(today))
    mailboxes = {activity.code: activity.mailbox for activity in catalogue.activities if activity.mailbox}
    if not mailboxes:
        return ["" for _ in household_ids]
    under_way = Enrolment.filter(state__in=list(ENROLLED), first_day__lte=today, last_day__gte=today)
    rows = await under_way.filter(household_id__in=list(household_ids), activity__in=sorted(mailboxes)).values_list(
        "household_id", "activity"
    )
    found = [{mailboxes[activity] for household, activity in rows if household == key} for key in household_ids]
    return [next(iter(places)) if len(places) == 1 else "" for places in found]
