"""A starting plugin: written whole or not at all, in good style, and accepted by the portal once installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.commands.cli import main
from gateway.commands.new_commune import write_commune
from plugins.rules.errors import RuleError
from tests.docs.markdown import ROOT

FILES = [
    "README.md",
    "portail_saint_julien/__init__.py",
    "portail_saint_julien/activities.py",
    "portail_saint_julien/billing.py",
    "portail_saint_julien/deadlines.py",
    "portail_saint_julien/prices.py",
    "pyproject.toml",
    "tests/test_deadlines.py",
]


def complaints(package: Path, *command: str) -> str:
    """What a tool of the virtual environment, configured as it is for the portal, says against a package."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        cwd=package,
        env={"PATH": os.environ["PATH"], "MYPYPATH": str(ROOT)},
        check=False,
    ).stdout


def test_it_writes_a_package_with_its_entry_point_and_says_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "package"
    assert main(["new-commune", "saint-julien", "--into", str(into)]) == 0
    assert sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file()) == FILES
    assert '[project.entry-points."portail.communes"]\nsaint-julien = "portail_saint_julien"\n' in (
        into / "pyproject.toml"
    ).read_text(encoding="utf-8")
    written = capsys.readouterr().out
    assert f"python -m pip install --no-deps --editable {into}" in written
    assert "python -m gateway check saint-julien" in written


def test_what_it_writes_is_good_style_and_well_typed(tmp_path: Path) -> None:
    write_commune("saint-julien", "Saint-Julien", "B", tmp_path / "package")
    package, settings = tmp_path / "package", str(ROOT / "pyproject.toml")
    assert complaints(package, "ruff", "check", "--config", settings) == "All checks passed!\n"
    assert complaints(package, "ruff", "format", "--check", "--config", settings) == "7 files already formatted\n"
    typed = complaints(package, "mypy", "--config-file", settings, "portail_saint_julien", "tests/test_deadlines.py")
    assert typed == "Success: no issues found in 6 source files\n"


@pytest.mark.parametrize(
    ("slug", "name", "refusal"),
    [
        (
            "Saint-Julien",
            "Saint-Julien",
            "'Saint-Julien' is no slug: write small letters, digits and single hyphens, such as 'saint-julien'.",
        ),
        (
            "../etc",
            "Etc",
            "'../etc' is no slug: write small letters, digits and single hyphens, such as 'saint-julien'.",
        ),
        ("melle", "Melle", "'melle' is installed already: choose another slug, or edit its package."),
        ("ailleurs", 'A"""', '\'A"""\' cannot be a name: write one line, without quotation marks or backslashes.'),
        ("ailleurs", " ", "' ' cannot be a name: write one line, without quotation marks or backslashes."),
    ],
)
def test_a_bad_slug_or_name_writes_nothing(tmp_path: Path, slug: str, name: str, refusal: str) -> None:
    with pytest.raises(RuleError) as refused:
        write_commune(slug, name, "A", tmp_path / "package")
    assert str(refused.value) == refusal
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_holds_something_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("à garder", encoding="utf-8")
    assert main(["new-commune", "ailleurs", "--into", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"new-commune: {tmp_path} holds something already: give a new directory with --into.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
