"""The journal of a drawer: each day begins with what the one before left, and nothing is ever below zero."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.cash_journal import HEADINGS, Drawer, DrawerDay, DrawerMove, Moved, drawer_days
from plugins.rules.errors import RuleError
from plugins.rules.spreadsheets import rows_of

CASH, CHEQUES = Drawer("guichet", "cash"), Drawer("guichet", "cheque")
MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)


def test_each_day_of_a_drawer_begins_with_what_the_one_before_left() -> None:
    days = drawer_days(
        {CASH: 10_00},
        [
            Moved(TUESDAY, CASH, DrawerMove.DEPOSITED, 14_00),
            Moved(MONDAY, CASH, DrawerMove.RECEIVED, 5_00),
            Moved(MONDAY, CHEQUES, DrawerMove.RECEIVED, 30_00),
            Moved(MONDAY, CASH, DrawerMove.REVERSED, 1_00),
            Moved(MONDAY, CASH, DrawerMove.RECEIVED, 2_00),
        ],
    )
    assert days == (
        DrawerDay(MONDAY, CASH, 10_00, received_cents=7_00, reversed_cents=1_00),
        DrawerDay(MONDAY, CHEQUES, 0, received_cents=30_00),
        DrawerDay(TUESDAY, CASH, 16_00, deposited_cents=14_00),
    )
    assert [day.closing_cents for day in days] == [16_00, 30_00, 2_00]


def test_a_day_is_a_row() -> None:
    day = DrawerDay(MONDAY, CHEQUES, 10_00, received_cents=7_00, reversed_cents=1_00, deposited_cents=12_00)
    assert rows_of([HEADINGS, day.cells()]).decode().splitlines() == [
        "Jour;Guichet;Moyen;En caisse au début;Reçu;Annulé;Remis en banque;En caisse à la fin",
        "02/11/2026;guichet;chèque;10,00;7,00;1,00;12,00;4,00",
    ]


def test_a_drawer_never_gives_more_than_it_holds() -> None:
    with pytest.raises(RuleError, match=r"guichet \(cash\) on 2026-11-02"):
        drawer_days({}, [Moved(MONDAY, CASH, DrawerMove.DEPOSITED, 1)])


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([CASH, CHEQUES]), st.integers(1, 10_000)), max_size=30))
def test_what_comes_in_stays_until_it_goes_out(received: list[tuple[int, Drawer, int]]) -> None:
    moves = [Moved(date(2026, 11, 1 + day), drawer, DrawerMove.RECEIVED, cents) for day, drawer, cents in received]
    banked = [Moved(date(2026, 11, 25), moved.drawer, DrawerMove.DEPOSITED, moved.cents) for moved in moves]
    days = drawer_days({CASH: 7}, [*banked, *moves])
    left = {day.drawer: day.closing_cents for day in days}
    assert left == {drawer: 7 if drawer == CASH else 0 for drawer in {moved.drawer for moved in moves}}
