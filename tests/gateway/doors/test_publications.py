"""What a visitor of the demonstration reads: canteens that are open say what they serve, in print too."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from gateway.demonstration.publications import menus_of, printed
from plugins.communes import Communes

MONDAY, IN_THE_HOLIDAYS = date(2026, 10, 5), date(2026, 10, 26)


def test_each_canteen_serves_the_days_that_it_is_open() -> None:
    chavagne = Communes.installed(("chavagne",))["chavagne"]
    served = {site: [day.day.day for day in menu.days] for site, menu in menus_of(chavagne, MONDAY).items()}
    assert served == {"École élémentaire publique": [5, 6, 8, 9], "Pôle Enfance": [7]}
    assert list(menus_of(chavagne, IN_THE_HOLIDAYS)) == ["Pôle Enfance"]


def test_a_menu_is_printed_day_by_day_the_same_each_time() -> None:
    chavagne = Communes.installed(("chavagne",))["chavagne"]
    menu = menus_of(chavagne, MONDAY)["Pôle Enfance"]
    pdf = printed("Menus", "Chavagne", menu)
    assert pdf == printed("Menus", "Chavagne", menu)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert page.extract_text().split("\n")[:3] == [
        "Menus",
        "mercredi 7 octobre 2026",
        "• Potage de légumes (allergène : céleri)",
    ]
