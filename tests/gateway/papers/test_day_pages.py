"""The printed sheets of a day, read back by another library."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.papers.pdf import TypstPrinter
from plugins.rules.day_papers import DayPaper, PaperChild, UnitSheet
from tests.gateway.papers.test_pdf import tags
from tests.plugins.test_deposits import SLIP

pytestmark = pytest.mark.anyio

ALLERGIC = PaperChild(
    name="TEST Enfant1",
    about=("8 ans", "École du bourg, CP"),
    health=("Allergies : arachides #[*_$@<>]",),
    adults=("NE PAS CONFIER à Autre TEST", "Parent TEST, 06 00 00 00 00 : vient chercher, à appeler"),
)
ILL = PaperChild(
    name="TESTBIS Enfant2", about=(), health=("Rien à signaler",), adults=("Aucun adulte connu",), absence="maladie"
)
PAPER = DayPaper(
    SLIP.issuer,
    date(2026, 11, 2),
    "Équipe d'accueil",
    (UnitSheet("Restaurant scolaire, Repas (12 h – 13 h 30)", (ALLERGIC, ILL)), UnitSheet("Garderie, Soir", (ILL,))),
)


async def drawn() -> bytes:
    """The PDF of the sheets."""
    return await TypstPrinter().day_list(PAPER)


async def test_each_unit_has_its_children_what_to_know_of_them_and_room_to_write() -> None:
    reader = PdfReader(io.BytesIO(await drawn()))
    text = " ".join(" ".join(page.extract_text().replace("\u200b", "") for page in reader.pages).split())
    blank = "…………"
    assert text == (
        "Commune de Chavagne 35310 Chavagne service Enfance Équipe d'accueil "
        "Feuille de pointage du lundi 2 novembre 2026 "
        "Données de santé : à garder par l'équipe, à détruire après usage. "
        "Restaurant scolaire, Repas (12 h – 13 h 30) Enfant Santé et régime Adultes Arrivée Départ "
        "TEST Enfant1 8 ans École du bourg, CP Allergies : arachides #[*_$@<>] NE PAS CONFIER à Autre TEST "
        f"Parent TEST, 06 00 00 00 00 : vient chercher, à appeler {blank} {blank} "
        "TESTBIS Enfant2 Rien à signaler Aucun adulte connu Absence signalée maladie – "
        "1 enfant attendu, 1 absence signalée. "
        "Garderie, Soir Enfant Santé et régime Adultes Arrivée Départ "
        "TESTBIS Enfant2 Rien à signaler Aucun adulte connu Absence signalée maladie – "
        "0 enfant attendu, 1 absence signalée. "
        "Feuille de pointage du lundi 2 novembre 2026 – page 1 sur 1"
    )


async def test_the_sheets_are_accessible_and_the_same_twice() -> None:
    first, again = await drawn(), await drawn()
    assert first == again
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata is not None
    root: Any = reader.root_object
    assert (reader.metadata.title, root["/Lang"]) == (PAPER.title, "fr-FR")
    assert {"/H1", "/H2", "/Table", "/TH"} <= tags(root["/StructTreeRoot"])


@pytest.mark.parametrize(
    ("children", "said"),
    [
        ((ALLERGIC,), "1 enfant attendu."),
        ((ALLERGIC, ALLERGIC, ILL), "2 enfants attendus, 1 absence signalée."),
        ((ILL, ILL), "0 enfant attendu, 2 absences signalées."),
    ],
)
def test_a_sheet_says_how_many_are_expected(children: tuple[PaperChild, ...], said: str) -> None:
    assert UnitSheet("Repas", children).say() == said
