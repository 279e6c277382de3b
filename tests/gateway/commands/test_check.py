"""Plugins on disk, each wrong in one way: what « check » says of them, whole."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

VILLAGE = """\
from datetime import date, time

from plugins.hookspecs import hookimpl
from plugins.rules.accounts import PasswordPolicy
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import MONDAY, SchoolCalendar, Closing, DayKind, SchoolYear
from plugins.rules.catalogue import BY_SERVICE, Activity, Catalogue, Enrolment, Unit
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import END_OF_DAY, Opens, at
from plugins.rules.identity import Identity, Service
from plugins.rules.tariffs import Tariff, brackets, constant
from plugins.rules.wording import Message, Wording

@hookimpl
def identity() -> Identity:
    return Identity("bourg", "Bourg", "B", "p@bourg.fr", (Service("enfance", "service Enfance", "e@bourg.fr"),))

@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    meal = Unit("repas", "Repas", frozenset({MONDAY}), frozenset({DayKind.SCHOOL}))
    canteen = Activity("cantine", "Cantine", "enfance", "École", year.first_day, year.last_day, (meal,))
    return Catalogue(year, (canteen,))

@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff:
    return Tariff({"repas": constant(300)})
"""


def install(folder: Path, slug: str, code: str) -> None:
    """Write a package that brings a commune by entry point, as pip leaves it."""
    (folder / f"portail_{slug}.py").write_text(code, encoding="utf-8")
    metadata = folder / f"portail_{slug}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: portail-{slug}\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(f"[portail.communes]\n{slug} = portail_{slug}\n", encoding="utf-8")


def check(folder: Path, *slugs: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``python -m gateway check`` where the packages of a folder are installed."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", "check", *slugs],
        cwd=ROOT,
        env={"PYTHONPATH": str(folder), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


ONE_BY_ONE = """
import json, sys
from gateway.commands.explain import checked
from plugins.communes import PluginError

def said(slug):
    try:
        return list(checked([slug]))
    except PluginError as error:
        return str(error).splitlines()

print(json.dumps([said(slug) for slug in sys.argv[1:]]))
"""


LOADED = """
import sys
from gateway.commands.cli import main

main(["check", "mesnil"])
print({"strawberry", "tortoise"} & sys.modules.keys())
"""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is said of each bad plugin, all of them on disk, one after the other in one process."""
    folder = tmp_path_factory.mktemp("bad")
    slugs = {f"bourg{number}": code for number, (code, _) in enumerate(BAD.values())}
    for slug, code in slugs.items():
        install(folder, slug, code.replace("bourg", slug))
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, *slugs],
        cwd=ROOT,
        env={"PYTHONPATH": f"{folder}:{ROOT}", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    sentences = re.sub(r"bourg\d+", "bourg", done.stdout).replace(f"{'/'.join(folder.parts[-2:])}/", "")
    return dict(zip(BAD, json.loads(sentences), strict=True))


def test_a_plugin_that_holds_together_is_told_with_what_was_checked(tmp_path: Path) -> None:
    install(tmp_path, "bourg", VILLAGE)
    done = check(tmp_path, "bourg")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"bourg: Bourg is consistent: \d+ answers, 3 activities and 3 units over three school years\.\n", done.stdout
    )


def test_a_doubt_is_told_and_does_not_refuse(tmp_path: Path) -> None:
    rules = """
@hookimpl
def booking_rules() -> BookingRules:
    eve, day = at(days_before(1, CALENDAR_DAYS), END_OF_DAY), at(SAME_DAY, END_OF_DAY)
    return BookingRules(eve, day, Refuse("Écrivez-nous."))
"""
    install(tmp_path, "bourg", VILLAGE.replace("DayKind.SCHOOL})", "DayKind.SCHOOL}), (), time(7), time(8)") + rules)
    done = check(tmp_path, "bourg")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.sub(rf"\S*{tmp_path.name}/", "", done.stdout.splitlines()[1]) == (
        f"bourg: warning: portail_bourg.py:{LINE}: activity 'cantine' of 2025-2026: unit 'repas' can be "
        "cancelled when "
        "it is over: until lundi 1er septembre 2025 à 23 h 59 for lundi 1er septembre 2025"
    )


LINE = VILLAGE.count("\n") + 2  # where an answer added at the end starts, a blank line and its decorator first

BAD = {
    "a line that is no Python": (
        "def identity(:\n",
        [
            "portail_bourg.py:1: The commune 'bourg' cannot be loaded: invalid syntax; correct this line.",
        ],
    ),
    "a module that is not there": (
        "import not_there\n",
        [
            "portail_bourg.py:1: The commune 'bourg' cannot be loaded: ModuleNotFoundError: No module named "
            "'not_there'; "
            "correct this line.",
        ],
    ),
    "brackets with a gap": (
        VILLAGE + "\nMEAL = brackets((0, 400, 100), (501, None, 350), without_qf=350)\n",
        [
            f"portail_bourg.py:{LINE}: The commune 'bourg' cannot be loaded: brackets: nothing between 400 and 501: "
            "start it at 401, or say between=Side.LOWER or Side.UPPER",
        ],
    ),
    "brackets that overlap": (
        VILLAGE + "\nMEAL = brackets((0, 400, 100), (300, None, 350), without_qf=350)\n",
        [
            f"portail_bourg.py:{LINE}: The commune 'bourg' cannot be loaded: brackets: 300 is in two "
            "brackets: start the "
            "second at 401",
        ],
    ),
    "two questions misspelt": (
        VILLAGE
        + "\n@hookimpl\ndef tarif() -> Tariff:\n    return Tariff({})\n"
        + "\n@hookimpl\ndef pasword_policy() -> PasswordPolicy:\n    return PasswordPolicy(8)\n",
        [
            "2 to correct.",
            f"portail_bourg.py:{LINE + 4}: 'pasword_policy' is no question; did you mean 'password_policy'?",
            f"portail_bourg.py:{LINE}: 'tarif' is no question; did you mean 'tariff'?",
        ],
    ),
    "a price without unit, and a password too short": (
        VILLAGE.replace('{"repas": constant(300)}', '{"gouter": constant(300)}')
        + "\n@hookimpl\ndef password_policy() -> PasswordPolicy:\n    return PasswordPolicy(4)\n",
        [
            "2 to correct.",
            f"portail_bourg.py:{LINE}: 'password_policy': Password length 4 to 200: stay between 8 and 1000, minimum "
            "first.",
            "portail_bourg.py:24: activity 'cantine' and its tariff disagree on units gouter, repas: price "
            "each, and no "
            "other",
        ],
    ),
    "two activities of one code": (
        VILLAGE.replace("(canteen,)", "(canteen, canteen)"),
        [
            "portail_bourg.py:18: 'catalogue': Catalogue 2025-2026 activities: cantine appears more than "
            "once; keep each "
            "code once.",
        ],
    ),
    "a unit that no day opens": (
        VILLAGE.replace("{MONDAY}", "{7}"),
        [
            "portail_bourg.py:18: activity 'cantine' of 2025-2026: unit 'repas' takes place on no day: from "
            "lundi 1er "
            "septembre 2025 to lundi 31 août 2026, no SCHOOL falls on weekdays [7]; correct one",
        ],
    ),
    "an enrolment that opens when the activity is over": (
        VILLAGE.replace(
            "year.last_day, (meal,))", "year.last_day, (meal,), enrolment=Enrolment(BY_SERVICE, date(2030, 1, 1)))"
        ),
        [
            "portail_bourg.py:18: activity 'cantine' of 2025-2026 opens its enrolment on mardi 1er janvier "
            "2030, after "
            "its last day, lundi 31 août 2026: open it earlier",
        ],
    ),
    "a booking that opens once it is closed": (
        VILLAGE
        + "\n@hookimpl\ndef booking_rules() -> BookingRules:\n"
        + "    eve = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)\n"
        + '    return BookingRules(eve, eve, Refuse("Écrivez-nous."), opens=Opens(SAME_DAY, time(8)))\n',
        [
            f"portail_bourg.py:{LINE}: activity 'cantine' of 2025-2026: unit 'repas' can never be booked: "
            "for lundi 1er "
            "septembre 2025, booking opens on lundi 1er septembre 2025 à 8 h and closes on dimanche 31 août 2025 à "
            "23 h 59; open earlier or close later",
        ],
    ),
    "a deadline that nobody can meet": (
        VILLAGE
        + "\nfrom plugins.rules.deadlines import NEVER\n@hookimpl\ndef booking_rules() -> BookingRules:\n"
        + '    return BookingRules(NEVER, NEVER, Refuse("Écrivez-nous."))\n',
        [
            f"portail_bourg.py:{LINE + 1}: activity 'cantine' of 2025-2026: unit 'repas' can never be "
            "booked: « jamais »; "
            "write a deadline that somebody can meet, or refuse BOOK in 'features'",
        ],
    ),
    "a closing of another century": (
        VILLAGE
        + "\n@hookimpl\ndef calendar() -> SchoolCalendar:\n"
        + '    return SchoolCalendar("B", closings=(Closing(date(2127, 5, 7), date(2127, 5, 7), "Pont"),))\n',
        [
            f"portail_bourg.py:{LINE}: « Pont » is on mercredi 7 mai 2127, outside the official calendar, "
            "which stops on "
            "jeudi 31 août 2028: correct its year, or write it later",
        ],
    ),
    "a mail that mentions what it does not know": (
        VILLAGE
        + "\n@hookimpl\ndef wording(message: Message) -> Wording | None:\n"
        + "    own = message is Message.PASSWORD_CHANGED\n"
        + '    return Wording("Bonjour", "Pour {child}.") if own else None\n',
        [
            f"portail_bourg.py:{LINE}: PASSWORD_CHANGED mentions child: it may only mention addressee, "
            "commune, first_name, mailbox, "
            "service.",
        ],
    ),
    "an answer that fails": (
        VILLAGE.replace('    return Tariff({"repas"', '    price = 1 / 0\n    return Tariff({"repas"'),
        [
            "portail_bourg.py:24: 'tariff' fails: ZeroDivisionError: division by zero; correct this line.",
        ],
    ),
}


@pytest.mark.parametrize("wrong", BAD)
def test_a_bad_plugin_is_refused_with_its_file_the_value_and_the_remedy(
    refused: dict[str, list[str]], wrong: str
) -> None:
    assert refused[wrong] == BAD[wrong][1]


def test_an_unknown_commune_is_told_with_the_installed_ones(tmp_path: Path) -> None:
    done = check(tmp_path, "mele")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "check: No commune is called 'mele': the installed ones are chailles, chavagne, epagny, melle, mesnil.\n"
    )


def test_without_a_name_the_settings_and_every_commune_are_checked_and_a_bad_one_hides_no_good_one(
    tmp_path: Path,
) -> None:
    install(tmp_path, "bourg", VILLAGE.replace("{MONDAY}", "{7}"))
    keys = {"PORTAIL_SECRET_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
    done = check(tmp_path, **keys)
    assert done.returncode == 1
    held = [line for line in done.stdout.splitlines() if ": warning: " not in line]
    assert [line.partition(":")[0] for line in held] == ["chailles", "chavagne", "epagny", "melle", "mesnil"]
    assert "portail_bourg.py:" in done.stderr
    assert done.stderr.count("\n") == 1
    assert check(tmp_path).stderr.startswith("check: PORTAIL_SECRET_KEYS")
    chosen = check(tmp_path, **keys, PORTAIL_COMMUNES="mesnil")
    assert (chosen.returncode, {line.partition(":")[0] for line in chosen.stdout.splitlines()}) == (0, {"mesnil"})


def test_who_writes_a_plugin_waits_for_neither_tables_nor_graphql() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "set()"
