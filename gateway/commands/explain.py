"""What a mairie reads over: its whole règlement, and what is wrong in its plugin."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

from gateway.commands.explanation_page import as_page
from gateway.commands.explanation_text import as_text
from gateway.payments.lyra import LyraKey
from gateway.payments.payment_checks import payment_doubts
from plugins import hookspecs
from plugins.communes import Commune, Communes, PluginError, plugin_of
from plugins.consistency import check_commune, doubts
from plugins.explanation import explain
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.errors import RuleError
from resolvers.ports import Clock

STANDARD_OUTPUT = "-"


def explained(slug: str, on: date | None, clock: Clock, html: str | None) -> str:
    """The règlement of a commune from a day on (today on its own clocks, unless given), as text or as a page.

    ``html`` is the file that receives the page, and then nothing is left to print; ``-`` leaves the page to print.
    Raises :class:`PluginError` for an unknown commune and for one that cannot start, :class:`RuleError` for a day that
    its calendar does not know, ``OSError`` for the file.
    """
    commune = Communes.installed([slug])[slug]
    if on is not None:
        _refuse_unknown(on, commune.ask(hookspecs.calendar))
    document = explain(commune, on or clock.now().astimezone(commune.tz).date())
    if html is None:
        return as_text(document)
    if html == STANDARD_OUTPUT:
        return as_page(document)
    Path(html).write_text(as_page(document), encoding="utf-8")
    return ""


def _refuse_unknown(on: date, calendar: SchoolCalendar) -> None:
    if not calendar.first_known <= on <= calendar.horizon:
        raise RuleError(
            f"--on {on}: the calendar of this commune goes from {calendar.first_known} to {calendar.horizon}, write a "
            "day in between"
        )


def checked(slugs: Iterable[str], keys: Collection[LyraKey] | None = None) -> Iterator[str]:
    """Check communes one after the other: a line for what holds, and one for each doubt.

    ``keys`` are those of the settings; None when plugins are checked whatever the settings.
    Raises :class:`PluginError` at the end with everything that is refused in any of them, one sentence a line.
    """
    communes: list[Commune] = []
    refused: list[str] = []
    for slug in slugs:
        try:
            commune = Commune(slug, plugin_of(slug))
            yield f"{slug}: {_say_checked(commune)}"
            communes.append(commune)
            paying = payment_doubts(commune, keys) if keys is not None else ()
            yield from (f"{slug}: warning: {doubt}" for doubt in (*doubts(commune), *paying))
        except PluginError as error:
            refused += str(error).splitlines()
    if refused:
        raise PluginError("\n".join([f"{len(refused)} to correct.", *refused] if len(refused) > 1 else refused))
    Communes(communes)  # two of them may claim one host


def _say_checked(commune: Commune) -> str:
    done = check_commune(commune)
    return (
        f"{commune.identity.name} is consistent: {done.answers} answers, {done.activities} activities and "
        f"{done.units} units over three school years."
    )
