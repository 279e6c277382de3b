"""A starting plugin for a commune, as a package of its own: what ``python -m gateway new-commune`` writes."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from plugins.communes import installed_slugs
from plugins.rules.errors import RuleError
from plugins.rules.identity import SchoolZone

TEMPLATE = Path(__file__).with_name("template")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def write_commune(slug: str, name: str, zone: SchoolZone, directory: Path) -> list[Path]:
    """Write the package into ``directory`` and give its files; raises :class:`RuleError` before writing anything.

    The slug must be free, and the directory new or empty. ``name`` is what families read.
    """
    _refuse(slug, name, directory)
    files = list(_filled(slug, name, zone, directory))
    for path, text in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in files]


def _refuse(slug: str, name: str, directory: Path) -> None:
    if not _SLUG.fullmatch(slug):
        raise RuleError(f"{slug!r} is no slug: write small letters, digits and single hyphens, such as 'saint-julien'.")
    if slug in installed_slugs():
        raise RuleError(f"{slug!r} is installed already: choose another slug, or edit its package.")
    if not name.isprintable() or not name.strip() or set(name) & set('"\\'):
        raise RuleError(f"{name!r} cannot be a name: write one line, without quotation marks or backslashes.")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise RuleError(f"{directory} holds something already: give a new directory with --into.")


def _filled(slug: str, name: str, zone: SchoolZone, directory: Path) -> Iterator[tuple[Path, str]]:
    package = f"portail_{slug.replace('-', '_')}"
    for source in sorted(TEMPLATE.rglob("*.txt")):
        below = source.relative_to(TEMPLATE).with_suffix("")
        parts = [package if part == "package" else part for part in below.parts]
        text = Template(source.read_text(encoding="utf-8"))
        yield directory.joinpath(*parts), text.substitute(slug=slug, name=name, zone=zone, package=package)
