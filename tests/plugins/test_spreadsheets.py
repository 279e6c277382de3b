"""Tables for a French spreadsheet: what is written is read back, and nothing is ever computed."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.spreadsheets import BOM, Cell, amount, rows_of, table


def test_a_table_is_what_a_french_spreadsheet_opens() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("Café ; thé", 3, amount(123456), date(2026, 11, 5)),
        ('« 5" »', -3, amount(-5), None),
    ]
    written = table(("Quoi", "Combien", "Montant", "Jour"), rows)
    assert written.decode("utf-8") == (
        f'{BOM}Quoi;Combien;Montant;Jour\r\n"Café ; thé";3;1234,56;05/11/2026\r\n"« 5"" »";-3;-0,05;\r\n'
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+33 6 00", "'+33 6 00"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        (" =1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("Mme TEST-BIS", "Mme TEST-BIS"),
        ("deux\nlignes", "deux lignes"),
    ],
)
def test_a_text_is_never_a_formula_and_stays_on_its_line(text: str, written: str) -> None:
    assert rows_of([[text]]).decode() == f"{written}\r\n"


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_any_texts_are_read_back_as_many_cells_of_one_row(texts: list[str]) -> None:
    read = list(csv.reader(io.StringIO(rows_of([texts]).decode(), newline=""), delimiter=";"))
    assert [len(row) for row in read] == [len(texts)]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read[0])
