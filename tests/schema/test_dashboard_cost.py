"""What the portal's own front ends ask stays affordable; what would keep it busy is refused before it starts."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from resolvers.context import ANONYMOUS
from schema.cost import MAXIMUM_COST, operation_cost
from schema.portal import schema
from tests.schema.test_statements import AGENDA, COMMIT, DASHBOARD, PREVIEW

YEAR = 'firstDay: "2026-09-01", lastDay: "2027-08-31"'
MONTH = {"input": {"firstDay": "2026-11-01", "lastDay": "2026-11-30", "selections": []}}
PAGES = """{ viewer { households { invoices(first: 100) { nodes { lines { unitPrice { amount } total { amount } }
  payments { amount { amount } } } } } } }"""
YEARS = f"{{ viewer {{ households {{ {' '.join(f'y{n}: agenda({YEAR}) {{ changeCount }}' for n in range(30))} }} }} }}"
PREVIEWS = f"""mutation {{ {
    " ".join(
        f"p{n}: bookingsPreview(input: {{{YEAR}, selections: []}}) {{ plan {{ changeCount }} }}" for n in range(20)
    )
} }}"""


def cost(text: str, variables: Mapping[str, Any] | None = None) -> int:
    """What the only operation of a document costs."""
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation_cost(schema._schema, document, operation, variables)


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [(DASHBOARD, {}, 243), (AGENDA, {}, 1265), (PREVIEW, MONTH, 197), (COMMIT, MONTH, 202)],
    ids=["the dashboard", "a month's agenda", "a preview", "a commit"],
)
def test_what_a_front_end_asks_stays_well_under_the_maximum(
    text: str, variables: Mapping[str, Any], expected: int
) -> None:
    assert cost(text, variables) == expected
    assert expected < MAXIMUM_COST / 2


@pytest.mark.anyio
@pytest.mark.parametrize("text", [PAGES, YEARS, PREVIEWS], ids=["long pages", "thirty years", "twenty previews"])
async def test_what_would_keep_the_portal_busy_is_refused_before_it_starts(text: str) -> None:
    """Without a context, anything that ran would fail otherwise."""
    result = await schema.execute(text, context_value=ANONYMOUS)
    (error,) = result.errors or []
    assert (result.data, error.extensions) == (
        None,
        {"code": "MAX_COST_EXCEEDED", "requestedQueryCost": cost(text), "maximum": MAXIMUM_COST},
    )


WINDOW = """query($first: Date = "2026-11-01", $last: Date!) {
  viewer { households { agenda(firstDay: $first, lastDay: $last) { changeCount } } } }"""
INPUT = "mutation($input: BookingsPreviewInput!) { bookingsPreview(input: $input) { plan { changeCount } } }"
INSIDE = """mutation($last: Date!) {
  bookingsPreview(input: {firstDay: "2026-11-01", lastDay: $last, selections: []}) { plan { changeCount } } }"""


@pytest.mark.parametrize(("last", "days"), [("2026-11-01", 1), ("2026-11-30", 30), ("2027-12-06", 401)])
def test_a_window_costs_its_days_wherever_they_are_written(last: str, days: int) -> None:
    given = {"firstDay": "2026-11-01", "lastDay": last, "selections": []}
    nothing = cost(INPUT, {"input": {}})
    costs = [cost(WINDOW, {"last": last}), cost(INPUT, {"input": given}), cost(INSIDE, {"last": last})]
    assert costs == [5 + 2 * days, nothing + days, nothing + days]


@pytest.mark.parametrize("last", ["2026-10-31", "2027-12-07", "9999-12-31", "hier", None, 7, ["2026-11-30"]])
def test_a_window_that_will_be_refused_costs_no_day(last: Any) -> None:
    assert cost(WINDOW, {"last": last}) == 5
