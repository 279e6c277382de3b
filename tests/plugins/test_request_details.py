"""The details of a request, as the service reads them."""

import pytest

from plugins.rules.request_details import Detail, read_details, write_details


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("Peut-on apporter un doudou ?", (Detail("text", "message", "Peut-on apporter un doudou ?"),)),
        ("[1, 2]", (Detail("text", "message", "[1, 2]"),)),
        (
            write_details(
                {
                    "first_name": "Léa",
                    "birth_name": "",
                    "photo": True,
                    "permissions": ["FETCH", "CALL"],
                    "children": [{"first_name": "Clara"}, {"first_name": "Guilhem", "birth_date": None}],
                }
            ),
            (
                Detail("first_name", "prénom", "Léa"),
                Detail("photo", "photo", "oui"),
                Detail("permissions", "autorisations", "FETCH et CALL"),
                Detail("children.1.first_name", "prénom", "Clara"),
                Detail("children.2.first_name", "prénom", "Guilhem"),
            ),
        ),
    ],
)
def test_details_are_read_line_by_line(text: str, lines: tuple[Detail, ...]) -> None:
    assert read_details(text) == lines


def test_a_line_says_itself() -> None:
    assert Detail("first_name", "prénom", "Clara").say() == "prénom : Clara"
