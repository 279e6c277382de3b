"""What a visitor of the demonstration reads: how to reach the services, this week's menus and next week's, their PDF.

Every dish is invented; the days are those when the commune's canteens are open.
"""

import json
from datetime import UTC, date, datetime, time, timedelta

import typst

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.calendar import CalendarDay, SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.french import say_date
from plugins.rules.menus import Allergen, Dish, MenuDay, WeekMenu
from resolvers.context import Context
from resolvers.files.documents import Deposit
from resolvers.models.public import PageKind
from resolvers.publishing.public_pages import attach_file, monday_of, publish_menu, publish_page

NOTHING_TO_TELL: frozenset[Allergen] = frozenset()
WEEK = (
    (
        Dish("Carottes râpées", frozenset({Allergen.MUSTARD})),
        Dish("Gratin de courge", frozenset({Allergen.MILK})),
        Dish("Pomme", NOTHING_TO_TELL),
    ),
    (
        Dish("Betteraves", frozenset({Allergen.MUSTARD})),
        Dish("Sauté de dinde, riz", NOTHING_TO_TELL),
        Dish("Yaourt", frozenset({Allergen.MILK})),
    ),
    (
        Dish("Potage de légumes", frozenset({Allergen.CELERY})),
        Dish("Omelette, pommes de terre", frozenset({Allergen.EGGS})),
        Dish("Compote de poires", NOTHING_TO_TELL),
    ),
    (
        Dish("Salade verte", frozenset({Allergen.MUSTARD})),
        Dish("Lentilles, semoule", frozenset({Allergen.GLUTEN})),
        Dish("Fromage blanc", frozenset({Allergen.MILK})),
    ),
    (
        Dish("Céleri rémoulade", frozenset({Allergen.CELERY, Allergen.EGGS, Allergen.MUSTARD})),
        Dish("Poisson du jour, haricots verts", frozenset({Allergen.FISH})),
        Dish("Tarte aux pommes", frozenset({Allergen.GLUTEN, Allergen.EGGS, Allergen.MILK})),
    ),
)
LAYOUT = """
#let menu = json(bytes(sys.inputs.menu))
#set document(title: menu.title, author: menu.author, date: none)
#set page(paper: "a4", margin: 2.5cm)
#set text(lang: "fr", size: 13pt)
= #menu.title
#for day in menu.days [
  == #day.name
  #for dish in day.dishes [- #dish
  ]
]
"""


async def publish(ctx: Context) -> None:
    """Publish for everybody, now."""
    who, today = ctx.commune.identity, ctx.local_now.date()
    services = "\n".join(service.say() for service in who.services)
    await publish_page(ctx, PageKind.PRACTICAL, "Nous contacter", services, who.website or "")
    for monday in (monday_of(today), monday_of(today) + timedelta(weeks=1)):
        menus = menus_of(ctx.commune, monday)
        for site, menu in menus.items():
            await publish_menu(ctx, site, menu)
        for menu in list(menus.values())[:1]:
            page = await publish_page(ctx, PageKind.DOCUMENT, f"Menus de la semaine du {say_date(monday)}", "", "")
            await attach_file(ctx, page.id, Deposit("application/pdf", "pdf", printed(page.title, who.name, menu)))


def menus_of(commune: Commune, monday: date) -> dict[str, WeekMenu]:
    """What each site serves in the week of a Monday; a site that is closed all week is left out."""
    catalogue = commune.ask(hookspecs.catalogue, year=SchoolYear.of(monday))
    calendar, found = commune.ask(hookspecs.calendar), {}
    for activity in catalogue.activities:
        days = [monday + timedelta(days=number) for number in range(len(WEEK))]
        served = [MenuDay(day, WEEK[day.weekday()]) for day in days if _serves(activity, calendar.day(day))]
        if served:
            found[activity.site] = WeekMenu(monday, tuple(served))
    return found


def _serves(activity: Activity, day: CalendarDay) -> bool:
    return any(unit.has_meal and activity.is_open(unit, day) for unit in activity.units)


def printed(title: str, author: str, menu: WeekMenu) -> bytes:
    """A menu as an accessible PDF, the same bytes for the same menu."""
    days = [{"name": say_date(each.day), "dishes": [dish.say() for dish in each.dishes]} for each in menu.days]
    return typst.compile(
        LAYOUT.encode(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"menu": json.dumps({"title": title, "author": author, "days": days})},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(menu.monday, time(), UTC),
    )
