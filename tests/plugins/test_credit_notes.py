"""What a credit note may take off a line, and what an absence decided late gives back."""

import pytest

from plugins.rules.credit_notes import ChargedLine, Correction, full_cents, taken_off, whole_of
from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.invoice_lines import part_due
from plugins.rules.prices import Price, PriceLine

MEAL = (PriceLine("Tranche de 401 à 800", 250),)


@pytest.mark.parametrize(
    ("line", "correction", "fault"),
    [
        (ChargedLine(0, 3, 250), Correction(0, 3, 250), None),
        (ChargedLine(0, 3, 250), Correction(0, 1, 100), None),
        (ChargedLine(0, 3, 250), Correction(0, 1, 750), None),
        (ChargedLine(0, 1, -250), Correction(0, 1, -250), None),  # a discount that is taken back
        (ChargedLine(0, 3, 250), Correction(0, 4, 100), "La ligne 1 compte 3 unités : retirez-en moins."),
        (
            ChargedLine(1, 3, 250, credited_cents=500),
            Correction(1, 2, 250),
            f"La ligne 2 porte encore {euros(250)} : {euros(500)} ne peuvent pas en être retirés.",
        ),
        (
            ChargedLine(0, 1, -250),
            Correction(0, 1, 250),
            f"La ligne 1 porte encore {euros(-250)} : {euros(250)} ne peuvent pas en être retirés.",
        ),
    ],
)
def test_never_more_is_taken_off_a_line_than_it_still_charges(
    line: ChargedLine, correction: Correction, fault: str | None
) -> None:
    assert correction.fault(line) == fault


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        (ChargedLine(0, 3, 250), Correction(0, 3, 250)),
        (ChargedLine(0, 3, 250, credited_cents=100), Correction(0, 1, 650)),
        (ChargedLine(4, 1, -250), Correction(4, 1, -250)),
    ],
)
def test_the_whole_of_a_line_is_what_it_still_charges(line: ChargedLine, whole: Correction) -> None:
    assert line.whole() == whole
    assert whole.fault(line) is None


@pytest.mark.parametrize(("quantity", "cents"), [(0, 250), (1, 0)])
def test_a_correction_takes_something_off(quantity: int, cents: int) -> None:
    with pytest.raises(RuleError, match="it would take nothing off"):
        Correction(0, quantity, cents)


@pytest.mark.parametrize(
    ("charged_percent", "percent_due", "cents"),
    [(100, 100, 0), (100, 0, 250), (100, 75, 62), (75, 0, 188), (75, 75, 0), (50, 100, -125)],
)
def test_an_absence_decided_late_gives_back_what_was_charged_above_what_is_due(
    charged_percent: int, percent_due: int, cents: int
) -> None:
    charged = part_due(Price(250, MEAL), charged_percent)
    assert full_cents(charged.lines) == 250
    assert taken_off(charged.lines, percent_due) == cents


@pytest.mark.parametrize(
    ("left", "lines"),
    [
        (8_00, [(0, 2, 5_00), (1, 1, -2_00)]),  # nothing was given up
        (7_00, [(0, 1, 9_00), (1, 1, -2_00)]),
        (0, [(0, 1, 2_00), (1, 1, -2_00)]),  # they take nothing off: it is refused as a credit note
    ],
)
def test_all_that_an_invoice_still_is_leaves_what_was_given_up(left: int, lines: list[tuple[int, int, int]]) -> None:
    charged = [ChargedLine(0, 2, 5_00), ChargedLine(1, 1, -2_00), ChargedLine(2, 1, 3_00, credited_cents=3_00)]
    assert whole_of(charged, left) == [Correction(*line) for line in lines]
