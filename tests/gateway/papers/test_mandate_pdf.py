"""The printed mandate, read back by another library."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.papers.pdf import TypstPrinter
from plugins.rules.mandates import MandateDocument
from resolvers.ports import Printer
from tests.gateway.papers.test_pdf import tags
from tests.plugins.test_mandates import MANDATE

pytestmark = pytest.mark.anyio


async def read(mandate: MandateDocument) -> PdfReader:
    return PdfReader(io.BytesIO(await TypstPrinter().mandate(mandate)))


async def words(mandate: MandateDocument) -> str:
    text = " ".join(page.extract_text() for page in (await read(mandate)).pages)
    return " ".join(text.replace("\u200b", "").replace(".", " ").split())


async def test_a_mandate_bears_what_sepa_asks_in_reading_order() -> None:
    assert await words(MANDATE) == (
        "Mandat de prélèvement SEPA "
        "Référence unique du mandat (RUM) : ENF-2026-000123 Type de paiement : Récurrent "
        "Créancier Créancier : Mairie de Chavagne Identifiant créancier SEPA (ICS) : FR72ZZZ123456 "
        "Adresse : 35310 Chavagne "
        "Compte à débiter Titulaire du compte : Parent TEST Adresse : 1 rue du Pont, 35310 Chavagne "
        "IBAN : FR14 2004 1010 0505 0001 3M02 606 BIC : PSSTFRPP "
        "Autorisation En signant ce formulaire de mandat, vous autorisez Mairie de Chavagne à envoyer des instructions "
        "à votre banque pour débiter votre compte, et votre banque à débiter votre compte conformément aux "
        "instructions de Mairie de Chavagne Vous bénéficiez du droit d'être remboursé par votre banque selon les "
        "conditions décrites dans la convention que vous avez passée avec elle Une demande de remboursement doit être "
        "présentée dans les 8 semaines suivant la date de débit de votre compte pour un prélèvement autorisé "
        "Vos droits concernant le présent mandat sont expliqués dans un document que vous pouvez obtenir auprès de "
        "votre banque Vous signalez tout changement de compte bancaire "
        "Signature Fait à : Le : Signature du titulaire du compte : Rendez ce mandat au service Enfance "
        "Mandat ENF-2026-000123 du lundi 5 octobre 2026 – page 1 sur 1"
    )


async def test_a_mandate_is_accessible_titled_dated_and_in_french() -> None:
    reader = await read(MANDATE)
    root: Any = reader.trailer["/Root"]
    assert reader.metadata is not None

    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert (reader.metadata.title, reader.metadata.author) == ("Mandat de prélèvement SEPA", "Mairie de Chavagne")
    assert reader.metadata.creation_date == datetime(2026, 10, 5, tzinfo=UTC)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert {"/H1", "/H2", "/P"} <= tags(root["/StructTreeRoot"])


async def test_the_same_mandate_is_the_same_file_and_says_what_it_replaces() -> None:
    printer: Printer = TypstPrinter()
    amended = replace(MANDATE, amends="ENF-2025-000007", bic="", holder="#panic(1) *gras*")

    assert await printer.mandate(MANDATE) == await TypstPrinter().mandate(MANDATE)
    told = await words(amended)
    assert "en remplacement de ENF-2025-000007" in told
    assert "Titulaire du compte : #panic(1) *gras*" in told
    assert "BIC" not in told
