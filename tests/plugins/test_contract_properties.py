"""Whatever the family and the commune: months add up, the final account closes, explanations add up."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.contracts import Contract, ContractTerms, Spread
from plugins.rules.prices import Rounding, total_of
from plugins.rules.versions import Versions, versions

FIRST, LAST = date(2025, 9, 1), date(2026, 8, 31)

hourly_cents = st.decimals("10", "900", places=2)
prices = st.builds(
    lambda first, day, second: versions(first, (day, second)), hourly_cents, st.dates(FIRST, LAST), hourly_cents
)
decided = st.builds(
    ContractTerms,
    hourly_rounding=st.sampled_from([None, Rounding.HALF_UP, Rounding.DOWN]),
    spread=st.sampled_from(Spread),
    overrun_minutes=st.sampled_from([1, 15, 30, 60]),
    rounding=st.sampled_from(Rounding),
)


def signed(terms: ContractTerms, hourly: Versions[Decimal], hours: int, weeks: int, months: int) -> Contract:
    """A contract for the school year."""
    week = Decimal(hours)
    return Contract(
        terms=terms, first=FIRST, last=LAST, hours_per_week=week, weeks=Decimal(weeks), months=months, hourly=hourly
    )


contracts = st.builds(signed, decided, prices, st.integers(1, 50), st.integers(12, 52), st.integers(1, 12))
minutes_by_day = st.dictionaries(
    st.integers(0, 364).map(lambda n: FIRST + timedelta(days=n)), st.integers(0, 660), max_size=40
)


@given(contracts)
def test_the_months_add_up_to_the_year_to_the_cent_or_each_is_rounded_alone(contract: Contract) -> None:
    months = contract.instalments()
    exact = [contract.hourly_price(each.month) * contract.hours / contract.months for each in months]
    rounding = contract.terms.rounding
    if contract.terms.spread is Spread.LAST_ABSORBS:
        whole = sum((contract.hourly_price(each.month) for each in months), Decimal(0))
        assert contract.total() == rounding.cents(whole * contract.hours / contract.months)
        assert [each.price.cents for each in months[:-1]] == [rounding.cents(cents) for cents in exact[:-1]]
    else:
        assert [each.price.cents for each in months] == [rounding.cents(cents) for cents in exact]


@given(contracts, minutes_by_day, st.integers(0, 500_000))
def test_the_final_account_and_what_was_paid_are_the_price_of_the_hours_done(
    contract: Contract, done: dict[date, int], paid: int
) -> None:
    account = contract.settle(done, paid)
    assert account.cents + paid == total_of(contract.worth(done))
    assert account.cents == total_of(account.lines)


@given(contracts, minutes_by_day)
def test_hours_reserved_and_not_done_take_off_what_they_cost(contract: Contract, minutes: dict[date, int]) -> None:
    assert total_of(contract.deduction("Fermeture", minutes)) == -total_of(contract.worth(minutes))


@given(contracts, minutes_by_day)
def test_started_steps_never_cost_less_than_the_minutes(contract: Contract, minutes: dict[date, int]) -> None:
    assert total_of(contract.overrun(minutes)) >= total_of(contract.worth(minutes))
