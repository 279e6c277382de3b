"""The sheets of a day as pages, in French."""

from gateway.papers.account_pdf import AccountPage, Cell, Column, Section
from plugins.rules.day_papers import DayPaper, PaperChild
from plugins.rules.invoice_documents import Letterhead

_COLUMNS = (
    Column("Enfant", 2),
    Column("Santé et régime", 2),
    Column("Adultes", 2.6),
    Column("Arrivée", 1),
    Column("Départ", 1),
)
_BLANK = "…………"  # to be written over: an empty cell says nothing to who listens to the page


def day_page(paper: DayPaper) -> AccountPage:
    """The page of a day: a table for each unit, with room to write when each child came and left."""
    return AccountPage(
        title=paper.title,
        letterhead=Letterhead(paper.issuer, paper.team, ()),
        made_on=paper.day,
        facts=("Données de santé : à garder par l'équipe, à détruire après usage.",),
        sections=tuple(
            Section(sheet.label, _COLUMNS, tuple(_row(child) for child in sheet.children), sentences=(sheet.say(),))
            for sheet in paper.sheets
        ),
    )


def _row(child: PaperChild) -> tuple[Cell, ...]:
    came = ("Absence signalée", child.absence) if child.absence else _BLANK
    return ((child.name, *child.about), child.health, child.adults, came, "–" if child.absence else _BLANK)
