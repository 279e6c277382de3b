"""The règlement as text and as a page that everybody can read, and the command that prints it."""

import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from gateway.clock import SteppedClock
from gateway.commands.explain import explained
from gateway.commands.explanation_page import as_page
from gateway.commands.explanation_text import as_text
from plugins.communes import IN_TREE, PluginError
from plugins.explanation import Document, Section, Sentences, Source, Table
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP

ROOT = Path(__file__).parents[3]
ON = date(2026, 9, 1)
MIDNIGHT = SteppedClock(datetime(2026, 8, 31, 22, 30, tzinfo=UTC))  # already 1 September in Paris
SMALL = Document(
    "Règlement de <Village>",
    Sentences(("Bonjour & bienvenue.",)),
    (
        Section("Tarifs", (Table("Les prix", ("Pour qui", "Repas"), (("QF < 400", "1 €"),)), Source("La commune."))),
        Section("Activités", (), (Section("Cantine", (Sentences(("Le lundi.",)),)),)),
    ),
)


def page(slug: str) -> Any:
    """The page of a commune, parsed: its root element."""
    return html.document_fromstring(explained(slug, ON, MIDNIGHT, "-"))


def test_the_text_has_numbered_titles_sentences_and_tables() -> None:
    assert as_text(SMALL).splitlines() == [
        "Règlement de <Village>",
        "======================",
        "",
        "Bonjour & bienvenue.",
        "",
        "1. Tarifs",
        "---------",
        "",
        f"Les prix{NBSP}:",
        "",
        "Pour qui  Repas",
        "--------  -----",
        "QF < 400  1 €",
        "",
        "(La commune.)",
        "",
        "2. Activités",
        "------------",
        "",
        "2.1. Cantine",
        "············",
        "",
        "Le lundi.",
    ]


def test_a_table_too_wide_for_the_text_is_written_row_by_row_without_its_empty_cells() -> None:
    wide = Table("Délais", ("Jour", "Réserver", "Annuler"), (("lundi", "r" * 60, "a" * 60), ("mardi", "", "plus tard")))
    said = as_text(Document("Règlement", Sentences(()), (Section("Délais", (wide,)),)))
    assert said.splitlines()[-6:] == [
        "* lundi",
        f"  Réserver{NBSP}: {'r' * 60}",
        f"  Annuler{NBSP}: {'a' * 60}",
        "* mardi",
        f"  Annuler{NBSP}: plus tard",
        "",
    ]


@pytest.mark.parametrize("slug", IN_TREE)
def test_no_line_of_the_text_is_wider_than_a_page(slug: str) -> None:
    lines = explained(slug, ON, MIDNIGHT, None).splitlines()
    assert len(lines) > 100
    assert max(map(len, lines)) <= 110


def test_an_address_is_never_cut_at_its_hyphen() -> None:
    sentence = f"{'Bonjour ' * 12}écrivez à petite-enfance@village.fr."
    said = as_text(Document("Règlement", Sentences((sentence,)), ()))
    assert "petite-enfance@village.fr." in said.splitlines()


def test_the_page_escapes_every_text() -> None:
    written = as_page(SMALL)
    assert "<h1>Règlement de &lt;Village&gt;</h1>" in written
    assert "<p>Bonjour &amp; bienvenue.</p>" in written
    assert '<tr><th scope="row">QF &lt; 400</th><td>1 €</td></tr>' in written


@pytest.mark.parametrize("slug", IN_TREE)
def test_the_page_is_in_french_with_one_title_and_headings_in_order(slug: str) -> None:
    root = page(slug)
    assert root.get("lang") == "fr"
    (title,) = root.xpath("//title/text()")
    assert root.xpath("//h1/text()") == [title]
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))
    assert root.xpath("count(//main)") == root.xpath("count(//nav)") == root.xpath("count(//header)") == 1


@pytest.mark.parametrize("slug", IN_TREE)
def test_every_table_of_the_page_has_a_caption_and_scoped_headers(slug: str) -> None:
    tables = page(slug).xpath("//table")
    assert len(tables) > 5
    for table in tables:
        assert table[0].tag == "caption" and table[0].text
        width = len(table.xpath("thead/tr/th[@scope='col']"))
        assert width > 1
        assert table.xpath("count(thead/tr/th)") == width
        for row in table.xpath("tbody/tr"):
            assert [cell.tag for cell in row] == ["th", *["td"] * (width - 1)]
            assert row[0].get("scope") == "row"


@pytest.mark.parametrize("slug", IN_TREE)
def test_the_contents_lead_to_every_section_and_nothing_leads_outside(slug: str) -> None:
    root = page(slug)
    names = root.xpath("//@id")
    assert len(set(names)) == len(names)
    links = root.xpath("//a/@href")
    assert [link.removeprefix("#") for link in links] == root.xpath("//section/@aria-labelledby")
    assert set(root.xpath("//@aria-labelledby")) <= set(names)
    assert root.xpath("//@src | //link | //script | //img | //iframe | //form | //@style") == []
    assert "url(" not in root.xpath("string(//style)")
    assert "@import" not in root.xpath("string(//style)")


def test_the_day_is_today_on_the_clocks_of_the_commune_unless_it_is_given() -> None:
    assert "au mardi 1er septembre 2026, pour l'année scolaire 2026-2027" in explained(
        "chavagne", None, MIDNIGHT, None
    ).replace("\n", " ")
    assert "au lundi 31 août 2026, pour l'année scolaire 2025-2026" in explained(
        "chavagne", date(2026, 8, 31), MIDNIGHT, None
    ).replace("\n", " ")


def test_the_page_is_written_in_a_file(tmp_path: Path) -> None:
    target = tmp_path / "chavagne.html"
    assert explained("chavagne", ON, MIDNIGHT, str(target)) == ""
    assert target.read_text(encoding="utf-8") == explained("chavagne", ON, MIDNIGHT, "-")


def test_an_unknown_commune_is_told_with_the_installed_ones() -> None:
    with pytest.raises(PluginError) as refused:
        explained("mele", ON, MIDNIGHT, None)
    assert str(refused.value) == (
        "No commune is called 'mele': the installed ones are chailles, chavagne, epagny, melle, mesnil."
    )


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m gateway``, without any setting."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=ROOT,
        env={"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_prints_the_text_and_needs_no_setting() -> None:
    done = command("explain", "chavagne", "--on", "2026-09-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == explained("chavagne", ON, MIDNIGHT, None)


def test_the_command_fails_with_one_sentence(tmp_path: Path) -> None:
    lost = tmp_path / "nowhere" / "page.html"
    done = command("explain", "chavagne", "--html", str(lost))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"explain: cannot write {lost} (No such file or directory): choose another file.\n"


@pytest.mark.parametrize("day", ["1950-01-01", "1990-09-01", "2090-01-01", "9999-12-31"])
def test_a_day_that_the_calendar_does_not_know_is_refused_with_its_limits(day: str) -> None:
    with pytest.raises(RuleError) as refused:
        explained("epagny", date.fromisoformat(day), MIDNIGHT, None)
    assert str(refused.value) == (
        f"--on {day}: the calendar of this commune goes from 1990-10-27 to 2028-08-31, write a day in between"
    )
