"""What is served at table: the dishes of a day, and the allergens the law has canteens tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_list
from plugins.rules.texts import require_line

MOST_DISHES = 12
LONGEST_LABEL = 120


class Allergen(Enum):
    """The fourteen substances of Annex II of Regulation (EU) 1169/2011."""

    GLUTEN = "GLUTEN"
    CRUSTACEANS = "CRUSTACEANS"
    EGGS = "EGGS"
    FISH = "FISH"
    PEANUTS = "PEANUTS"
    SOYBEANS = "SOYBEANS"
    MILK = "MILK"
    NUTS = "NUTS"
    CELERY = "CELERY"
    MUSTARD = "MUSTARD"
    SESAME = "SESAME"
    SULPHITES = "SULPHITES"
    LUPIN = "LUPIN"
    MOLLUSCS = "MOLLUSCS"

    def say(self) -> str:
        """Its usual name in French menus."""
        return _ALLERGEN_WORDS[self]


_ALLERGEN_WORDS = {
    Allergen.GLUTEN: "gluten",
    Allergen.CRUSTACEANS: "crustacés",
    Allergen.EGGS: "œufs",
    Allergen.FISH: "poissons",
    Allergen.PEANUTS: "arachides",
    Allergen.SOYBEANS: "soja",
    Allergen.MILK: "lait",
    Allergen.NUTS: "fruits à coque",
    Allergen.CELERY: "céleri",
    Allergen.MUSTARD: "moutarde",
    Allergen.SESAME: "sésame",
    Allergen.SULPHITES: "sulfites",
    Allergen.LUPIN: "lupin",
    Allergen.MOLLUSCS: "mollusques",
}


@dataclass(frozen=True, slots=True)
class Dish:
    """A dish and its allergens; None when they are not told, which is not the same as none."""

    label: str
    allergens: frozenset[Allergen] | None = None

    def __post_init__(self) -> None:
        require_line(self.label, "Plat")
        if len(self.label) > LONGEST_LABEL:
            raise RuleError(f"Plat {self.label[:40]!r} : écrivez au plus {LONGEST_LABEL} caractères.")

    def say(self) -> str:
        """« Gratin dauphinois (allergènes : lait) », « Pomme (sans allergène à déclaration obligatoire) »."""
        if self.allergens is None:
            return self.label
        if not self.allergens:
            return f"{self.label} (sans allergène à déclaration obligatoire)"
        words = say_list(each.say() for each in Allergen if each in self.allergens)
        return f"{self.label} (allergène{'s' if len(self.allergens) > 1 else ''} : {words})"


@dataclass(frozen=True, slots=True)
class MenuDay:
    """What is served on a day, in order."""

    day: date
    dishes: tuple[Dish, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.dishes) <= MOST_DISHES:
            raise RuleError(f"Menu du {say_date(self.day)} : écrivez de 1 à {MOST_DISHES} plats.")

    def say(self) -> str:
        """« lundi 5 octobre 2026 : Carottes râpées, Gratin dauphinois (allergène : lait) »."""
        return f"{say_date(self.day)} : {', '.join(dish.say() for dish in self.dishes)}"


@dataclass(frozen=True, slots=True)
class WeekMenu:
    """The menu of a site for the week of a Monday: its days in order, each once."""

    monday: date
    days: tuple[MenuDay, ...]

    def __post_init__(self) -> None:
        if self.monday.isoweekday() != 1:
            raise RuleError(f"Semaine du {say_date(self.monday)} : écrivez son lundi.")
        written = [each.day for each in self.days]
        if not written or written != sorted(set(written)):
            raise RuleError("Menu : écrivez chaque jour une fois, dans l'ordre de la semaine.")
        if written[0] < self.monday or written[-1] > self.monday + timedelta(days=6):
            raise RuleError(f"Menu : les jours sont ceux de la semaine du {say_date(self.monday)}.")

    def say(self) -> str:
        """A day a line."""
        return "\n".join(each.say() for each in self.days)

    def plain(self) -> list[dict[str, Any]]:
        """The days as they are kept in a JSON column."""
        return [
            {"day": each.day.isoformat(), "dishes": [_plain_dish(dish) for dish in each.dishes]} for each in self.days
        ]

    @classmethod
    def read(cls, monday: date, days: Iterable[Mapping[str, Any]]) -> "WeekMenu":
        """What :meth:`plain` wrote."""
        return cls(
            monday,
            tuple(
                MenuDay(date.fromisoformat(each["day"]), tuple(_read_dish(dish) for dish in each["dishes"]))
                for each in days
            ),
        )


def _plain_dish(dish: Dish) -> dict[str, Any]:
    told = None if dish.allergens is None else sorted(each.value for each in dish.allergens)
    return {"label": dish.label, "allergens": told}


def _read_dish(plain: Mapping[str, Any]) -> Dish:
    told = plain["allergens"]
    return Dish(plain["label"], None if told is None else frozenset(Allergen(each) for each in told))
