"""Menus: dishes in order, days of one week, allergens told as the law names them."""

from datetime import date

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.menus import Allergen, Dish, MenuDay, WeekMenu

MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)
GRATIN = Dish("Gratin dauphinois", frozenset({Allergen.MILK, Allergen.GLUTEN}))
APPLE = Dish("Pomme", frozenset())
SALAD = Dish("Carottes râpées")


def test_a_menu_says_its_dishes_and_their_allergens() -> None:
    menu = WeekMenu(MONDAY, (MenuDay(MONDAY, (SALAD, GRATIN)), MenuDay(TUESDAY, (APPLE,))))
    assert menu.say() == (
        "lundi 5 octobre 2026 : Carottes râpées, Gratin dauphinois (allergènes : gluten et lait)\n"
        "mardi 6 octobre 2026 : Pomme (sans allergène à déclaration obligatoire)"
    )
    assert Dish("Omelette", frozenset({Allergen.EGGS})).say() == "Omelette (allergène : œufs)"


def test_a_menu_is_kept_and_read_as_it_was() -> None:
    menu = WeekMenu(MONDAY, (MenuDay(MONDAY, (SALAD, GRATIN)), MenuDay(TUESDAY, (APPLE,))))
    assert WeekMenu.read(MONDAY, menu.plain()) == menu


def test_the_fourteen_allergens_of_the_law_have_a_french_name() -> None:
    assert len({each.say() for each in Allergen}) == 14


@pytest.mark.parametrize("label", ["", " Pomme", "Pomme\n", "x" * 121])
def test_a_dish_has_a_name_on_one_line(label: str) -> None:
    with pytest.raises(RuleError):
        Dish(label)


@pytest.mark.parametrize("dishes", [(), (APPLE,) * 13])
def test_a_day_serves_something_and_not_endlessly(dishes: tuple[Dish, ...]) -> None:
    with pytest.raises(RuleError):
        MenuDay(MONDAY, dishes)


@pytest.mark.parametrize(
    ("monday", "days"),
    [
        (TUESDAY, (TUESDAY,)),
        (MONDAY, ()),
        (MONDAY, (TUESDAY, MONDAY)),
        (MONDAY, (MONDAY, MONDAY)),
        (MONDAY, (date(2026, 10, 4),)),
        (MONDAY, (date(2026, 10, 12),)),
    ],
)
def test_a_menu_holds_each_day_of_its_week_once_in_order(monday: date, days: tuple[date, ...]) -> None:
    with pytest.raises(RuleError):
        WeekMenu(monday, tuple(MenuDay(day, (APPLE,)) for day in days))
