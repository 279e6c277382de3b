"""The command « replay », from its options to the report and the table a mairie reads."""

import csv
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.command_error import CommandError
from gateway.commands.replay import Patience, period, write_csv
from gateway.commands.replay_report import COLUMNS, report, rows_of
from gateway.database import Databases
from gateway.sealing import new_key
from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.french import NBSP
from plugins.rules.replay import LIMITS
from plugins.rules.tariffs import Tariff, constant
from resolvers.agenda.plans import Window
from resolvers.agenda.receipts import reference_of
from resolvers.agenda.replay import Replay, replay
from tests.journeys.portal import environment, free_port, run_command
from tests.orders import NOVEMBER, book, order, wish
from tests.towns import Family, Town, add_family
from tests.village import village

TODAY = date(2026, 12, 3)

STRICTER = """\
from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.tariffs import Tariff, constant


@hookimpl
def booking_rules(activity: Activity) -> BookingRules | None:
    if activity.code != "restauration":
        return None
    last = at(days_before(30, CALENDAR_DAYS), END_OF_DAY)
    return BookingRules(last, last, Refuse("Écrivez au service."))


@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff | None:
    return Tariff({"repas": constant(999)}) if activity.code == "restauration" else None
"""


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, NOVEMBER),
        (date(2026, 10, 12), None, Window(date(2026, 10, 12), date(2026, 10, 31))),
        (None, date(2026, 10, 12), Window(date(2026, 10, 1), date(2026, 10, 12))),
        (date(2026, 2, 1), date(2026, 7, 1), Window(date(2026, 2, 1), date(2026, 7, 1))),
    ],
)
def test_the_period_is_last_month_unless_told_otherwise(first: date | None, last: date | None, days: Window) -> None:
    assert period(first, last, TODAY) == days


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "--from 2026-11-02: La période se termine avant de commencer."),
        (date(2020, 1, 1), date(2026, 1, 1), "--from 2020-01-01: La période dépasse 400 jours : découpez-la."),
    ],
)
def test_a_period_that_cannot_be_is_refused(first: date, last: date, refused: str) -> None:
    with pytest.raises(CommandError) as raised:
        period(first, last, TODAY)
    assert str(raised.value) == refused


def test_a_long_work_says_how_far_it_is_and_a_short_one_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Patience()(1, 2)
    Patience(seconds=-1)(300, 4000)
    assert capsys.readouterr() == ("", "replay: 300/4000\n")


@pytest.fixture
def stricter(tmp_path: Path) -> str:
    """Rules to try, in a file."""
    path = tmp_path / "essai.py"
    path.write_text(STRICTER, encoding="utf-8")
    return str(path)


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """The commune, with an empty database open for the test."""
    return Town.called("chavagne")


async def fed(town: Town) -> None:
    """A child of Chavagne who eats once, booked ten days before."""
    family = await add_family(town, "TESTBIS", children=("Zoé",), enrolled=("restauration",))
    town.on(date(2026, 11, 2), 9, 30)
    await book(town, family.parent, order(wish(family.child, "restauration", (date(2026, 11, 12), "repas"))))


@hookimpl
def a_month_before(activity: Activity) -> BookingRules:
    """Thirty days before, for all."""
    last = at(days_before(30, CALENDAR_DAYS), END_OF_DAY)
    return BookingRules(last, last, Refuse("Écrivez au service."))


@hookimpl
def dearer(activity: Activity) -> Tariff:
    """9,99 € for all."""
    return Tariff({unit: constant(999) for unit in activity.unit_codes})


TRIAL = SimpleNamespace(booking_rules=a_month_before, tariff=dearer)


async def one_morning(
    town: Town, name: str = "TESTBIS", child: str = "Zoé", *, names: bool = True
) -> tuple[Family, Replay]:
    """A morning booked ten days before, compared with what it would be a month before and dearer."""
    family = await add_family(town, name, children=(child,), enrolled=("accueil",))
    town.on(date(2026, 11, 2), 9, 30)
    await book(town, family.parent, order(wish(family.child, "accueil", (date(2026, 11, 12), "matin"))))
    with town.at_work() as ctx:
        return family, await replay(ctx, town.commune.trying(TRIAL), NOVEMBER, Patience(), names=names)


@pytest.mark.anyio
@pytest.mark.database
async def test_the_report_tells_totals_then_activities_then_what_changes(databases: Databases) -> None:
    town = Town(village())
    family, found = await one_morning(town, names=False)
    rows = rows_of(found, town.commune, town.commune.trying(TRIAL))
    subject = (
        f"jeudi 12 novembre 2026 : Accueil, Matin, Foyer {reference_of(family.id)}, Enfant {reference_of(family.child)}"
    )
    totals = (
        "1 réservation rejugée : 1 serait refusée car trop tardive.",
        "0 annulation rejugée : rien ne change.",
        "1 prestation tarifée, dont 1 à un autre prix : 2,00 € aujourd'hui, 9,99 € avec les autres règles, "
        "soit 7,99 € de plus.",
        "1 foyer concerné.",
    )
    told = [
        "Essai",
        "Du dimanche 1er novembre 2026 au lundi 30 novembre 2026.",
        "",
        *totals,
        "",
        *LIMITS,
        "",
        "Accueil",
        *(f"  {total}" for total in totals),
        "",
        subject,
        "  Réservation du lundi 2 novembre 2026 à 9 h 30 : serait refusée car trop tardive",
        "  Règles actuelles : acceptée (jusqu'à l'avant-veille à 23 h 59 : mardi 10 novembre 2026 à 23 h 59)",
        "  Autres règles : Trop tard pour réserver Matin du jeudi 12 novembre 2026 : c'était possible jusqu'au mardi "
        "13 octobre 2026 à 23 h 59 (jusqu'au 30e jour précédent à 23 h 59). Écrivez au service.",
        "",
        subject,
        "  Prix : 7,99 € de plus",
        "  Règles actuelles : 2,00 € (Tarif unique : 2,00 €)",
        "  Autres règles : 9,99 € (Tarif unique : 9,99 €)",
    ]
    lines = report("Essai", town.commune, NOVEMBER, found.comparison, rows)
    assert lines == [line.replace(" €", f"{NBSP}€") for line in told]


@pytest.mark.anyio
@pytest.mark.database
async def test_the_table_holds_the_same_rows_as_a_french_spreadsheet_reads_them(
    databases: Databases, tmp_path: Path
) -> None:
    town = Town(village())
    _, found = await one_morning(town)
    write_csv(tmp_path / "essai.csv", rows_of(found, town.commune, town.commune.trying(TRIAL)))
    assert (tmp_path / "essai.csv").read_bytes().startswith(b"\xef\xbb\xbfNature;Jour;")
    with (tmp_path / "essai.csv").open(encoding="utf-8-sig", newline="") as file:
        titles, *rows = csv.reader(file, delimiter=";")
    assert tuple(titles) == COLUMNS
    told = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [[row[title] for title in ("Nature", "Jour", "Foyer", "Enfant", "Fait le")] for row in told] == [
        ["Réservation", "12/11/2026", "TESTBIS", "Zoé TESTBIS", "02/11/2026 09:30:00"],
        ["Prix", "12/11/2026", "TESTBIS", "Zoé TESTBIS", ""],
    ]
    assert [[row[title] for title in ("Autre instant", "Prix actuel", "Autre prix")] for row in told] == [
        ["13/10/2026 23:59:59", "", ""],
        ["", "2,00", "9,99"],
    ]


@pytest.mark.anyio
@pytest.mark.database
async def test_a_name_that_looks_like_a_formula_is_shown_and_not_computed(databases: Databases, tmp_path: Path) -> None:
    town = Town(village())
    _, found = await one_morning(town, "=1+1", "-2")
    write_csv(tmp_path / "essai.csv", rows_of(found, town.commune, town.commune))
    (_, _, price) = (tmp_path / "essai.csv").read_text(encoding="utf-8-sig").splitlines()
    assert price.split(";")[4:6] == ["'=1+1", "'-2 =1+1"]


def test_a_table_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        write_csv(tmp_path / "nowhere" / "essai.csv", ())
    assert str(raised.value) == (
        f"--csv: {tmp_path}/nowhere/essai.csv cannot be written (No such file or directory); choose another file."
    )


@pytest.mark.anyio
@pytest.mark.database
async def test_the_command_reports_while_the_portal_is_open(
    database_url: str, chavagne: Town, stricter: str, tmp_path: Path
) -> None:
    await fed(chavagne)
    settings = {**environment(free_port(), database_url), "PORTAIL_SECRET_KEYS": new_key()}
    options = ("--from", "2026-11-01", "--names", "--csv", "essai.csv")
    ended = run_command(tmp_path, "replay", "chavagne", "--rules", "essai.py", *options, **settings)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Chavagne avec les règles de « essai.py »\nDu dimanche 1er novembre 2026 au ")
    assert ended.stdout.count("TESTBIS, Zoé TESTBIS") == 2
    assert len((tmp_path / "essai.csv").read_text(encoding="utf-8").splitlines()) == 3
    same = run_command(
        tmp_path, "replay", "chavagne", "--rules", "plugins.chavagne", "--from", "2026-11-01", **settings
    )
    assert "1 réservation rejugée : rien ne change." in same.stdout
    assert "0 foyer concerné." in same.stdout


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        (("nulle-part", "--rules", "essai.py"), "replay: No commune is called 'nulle-part': the installed ones are "),
        (("chavagne", "--rules", "absent.py"), "replay: There is no file 'absent.py': write the path of a .py file"),
        (
            ("chavagne", "--rules", "essai.py", "--from", "2026-11-02", "--to", "2026-11-01"),
            "replay: --from 2026-11-02",
        ),
    ],
)
def test_the_command_refuses_in_one_sentence(
    tmp_path: Path, stricter: str, arguments: tuple[str, ...], refused: str
) -> None:
    settings = environment(free_port(), f"sqlite://{tmp_path}/{{commune}}.sqlite3")
    ended = run_command(tmp_path, "replay", *arguments, **{**settings, "PORTAIL_SECRET_KEYS": new_key()})
    assert (ended.returncode, ended.stdout) == (1, "")
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith(refused)
