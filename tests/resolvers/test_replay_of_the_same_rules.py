"""The same rules change nothing, whatever they are and whatever families did."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.demonstration.loading import load_demonstration
from plugins.communes import Communes
from plugins.rules.booking import Action
from plugins.trials import on_trial
from resolvers.agenda.bookings import CommitMode
from resolvers.agenda.plans import Window
from resolvers.days.attendance import record
from resolvers.models import Account, Membership
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from tests.orders import NOVEMBER, book, order, wish
from tests.replays import UNITS, Drawn, compared, day_care
from tests.towns import Town, add_agent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database, pytest.mark.usefixtures("databases")]


@pytest.mark.parametrize(
    ("slug", "email", "activity", "unit"),
    [
        ("chavagne", "monsieur.test@example.org", "restauration", "repas"),
        ("epagny", "parent.test@example.org", "restauration", "repas"),
        ("mesnil", "parent.test@example.org", "cantine", "repas"),
    ],
)
async def test_the_same_rules_change_nothing_of_the_demonstration(
    slug: str, email: str, activity: str, unit: str
) -> None:
    town = Town.called(slug)
    town.on(date(2026, 12, 3))
    await load_demonstration(Communes.installed((slug,)), town.ports, "https://portail.example")
    ticks = [(day, unit) for day in (date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 17))]
    with town.at_work():
        account = await Account.get(email=email)
        parent = await Membership.get(person_id=account.person_id)
        (child, *_) = await Membership.filter(household_id=parent.household_id, role=Role.CHILD)
    signed = await sign_in(town, account)
    window = Window(date(2026, 12, 1), date(2026, 12, 31))
    for wanted in (ticks, ticks[:2]):
        town.later(minutes=1)
        await book(town, signed, order(wish(child.person_id, activity, *wanted), window=window))
    trial = on_trial(town.commune, f"plugins.{slug}")
    found = (await compared(town, trial, Window(date(2026, 11, 1), date(2026, 12, 31)))).comparison
    assert (found.made(Action.BOOK), found.made(Action.CANCEL)) == (3, 1)
    assert len(found.priced) > 12  # the habits of November, and two days of December
    assert (found.rejudged, found.repriced, found.households) == ((), (), frozenset())


@st.composite
def villages(draw: st.DrawFn) -> Drawn:
    """Any rules a village may have."""
    book_days, late_less = draw(st.integers(1, 9)), draw(st.integers(0, 8))
    prices = st.integers(0, 2000)
    return Drawn(
        book=book_days,
        late=max(1, book_days - late_less),
        cancel=draw(st.integers(1, 9)),
        prices=(draw(prices), draw(prices), draw(prices)),
        surcharge=draw(st.integers(1, 500)),
    )


DAYS = [date(2026, 11, 2) + timedelta(days=n) for n in range(12)]
Ordered = tuple[int, set[tuple[date, str]], int]  # which child, what, how many hours after the last order

orders = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sets(st.tuples(st.sampled_from(DAYS), st.sampled_from(UNITS)), max_size=12),
        st.integers(0, 90),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=villages(), asked=orders, came=st.sampled_from([None, *Presence]))
async def test_the_same_rules_change_nothing_whatever_they_are_and_whatever_families_did(
    drawn: Drawn, asked: list[Ordered], came: Presence | None
) -> None:
    town = Town(drawn.commune())
    town.on(date(2026, 10, 28))
    family = await day_care(town)
    children = list(family.children.values())
    for child, ticks, hours in asked:
        town.later(hours=hours)
        wanted = order(wish(children[child], "accueil", *ticks))
        await book(town, family.parent, wanted, CommitMode.BEST_EFFORT)
    await everybody(town, came)
    found = (await compared(town, drawn.commune())).comparison  # with what other rules accepted, in earlier examples
    assert (found.rejudged, found.repriced, found.unjudged) == ((), (), 0)


async def everybody(town: Town, presence: Presence | None) -> None:
    """Record the same of all that was booked, once November is over; nothing of nobody."""
    if presence not in (None, Presence.UNEXPECTED):
        agent = await add_agent(town)
        town.on(date(2026, 12, 1))
        with town.asked_by(agent) as ctx:
            await record(ctx, [], (NOVEMBER, presence))
