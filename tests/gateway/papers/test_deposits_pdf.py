"""The printed deposit slip, read back by another library."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.papers.pdf import TypstPrinter
from resolvers.ports import Printer
from tests.gateway.papers.test_pdf import tags
from tests.plugins.test_deposits import SLIP

pytestmark = pytest.mark.anyio


async def test_a_slip_lists_what_is_banked_in_reading_order() -> None:
    printer: Printer = TypstPrinter()
    reader = PdfReader(io.BytesIO(await printer.deposit_slip(SLIP)))
    text = " ".join(" ".join(page.extract_text().replace("\u200b", "") for page in reader.pages).split())
    assert text == (
        "Commune de Chavagne 35310 Chavagne service Enfance Comptable public Bordereau de remise 2026-B-000003 "
        "Caisse : Au guichet (mairie) Fait le vendredi 4 décembre 2026 à 16 h 30 "
        "Encaissements remis Quittance Reçu le Foyer Titre Montant "
        "2026-Q-000001 03/12/2026 TEST chèque n° 1234567, Banque TEST 30,00 € "
        "2026-Q-000002 04/12/2026 TESTBIS chèque n° 7654321, Banque TEST 12,00 € "
        "Total Montant remis : 42,00 € 2 encaissements (chèque), 42,00 €. "
        "Signatures Le régisseur : Le comptable public : "
        "Bordereau de remise 2026-B-000003 – page 1 sur 1"
    )


async def test_a_slip_is_accessible_and_the_same_twice() -> None:
    first, again = [await TypstPrinter().deposit_slip(SLIP) for _ in range(2)]
    assert first == again
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata is not None
    root: Any = reader.root_object
    assert (reader.metadata.title, root["/Lang"]) == ("Bordereau de remise 2026-B-000003", "fr-FR")
    assert {"/H1", "/H2", "/Table", "/TH"} <= tags(root["/StructTreeRoot"])
