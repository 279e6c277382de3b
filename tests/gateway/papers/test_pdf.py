"""The printed invoice, read back by another library."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.papers.pdf import TypstPrinter
from plugins.rules.invoice_documents import CreditNoteDocument, DebitNotice, InvoiceDocument, Letterhead, Reminder
from plugins.rules.invoicing import InvoiceLineItem, Issuer
from resolvers.ports import Printer

pytestmark = pytest.mark.anyio

MORNINGS = InvoiceLineItem(
    "Enfant1 TEST", "Accueil périscolaire", "Garderie du matin", 4, 125, 500, ("QF 850 : tranche C", "4 × 1,25 €")
)
MEALS = InvoiceLineItem("Enfant2 TEST", "Restauration scolaire", "Repas", 12, 412, 4944, ("Tarif commune",))
HEAD = Letterhead(
    Issuer("Commune de Chavagne", ("Rue de Rennes", "35310 Chavagne"), "21350076400019", "enfance@chavagne.example"),
    "Famille TEST",
    ("1 rue des Lilas", "35310 Chavagne"),
)
INVOICE = InvoiceDocument(
    number="2026-F-000001",
    letterhead=HEAD,
    period_label="novembre 2026",
    issued_on=date(2026, 12, 1),
    due_on=date(2026, 12, 31),
    lines=(MORNINGS, MEALS),
    total_cents=5444,
    paid_cents=444,
    payment_notes=("Payez en ligne par PayFiP.", "Par chèque à l'ordre du Trésor public."),
    mentions=("Réclamation possible pendant deux mois.",),
)


async def read(invoice: InvoiceDocument) -> PdfReader:
    return PdfReader(io.BytesIO(await TypstPrinter().invoice(invoice)))


async def words(invoice: InvoiceDocument) -> str:
    text = " ".join(page.extract_text() for page in (await read(invoice)).pages)
    return " ".join(text.replace("\u200b", "").split())


async def test_an_invoice_prints_everything_it_holds_in_reading_order() -> None:
    assert await words(INVOICE) == (
        "Commune de Chavagne Rue de Rennes 35310 Chavagne SIRET 21350076400019 enfance@chavagne.example "
        "Famille TEST 1 rue des Lilas 35310 Chavagne "
        "Facture 2026-F-000001 Période : novembre 2026 Émise le mardi 1er décembre 2026 "
        "Détail Enfant Activité Prestation Quantité Prix unitaire Montant "
        "Enfant1 TEST Accueil périscolaire Garderie du matin QF 850 : tranche C 4 × 1,25 € 4 1,25 € 5,00 € "
        "Enfant2 TEST Restauration scolaire Repas Tarif commune 12 4,12 € 49,44 € "
        "À payer Total : 54,44 € Déjà payé : 4,44 € Reste à payer : 50,00 € "
        "Date limite de paiement : jeudi 31 décembre 2026 "
        "Comment payer Payez en ligne par PayFiP. Par chèque à l'ordre du Trésor public. "
        "Mentions Réclamation possible pendant deux mois. "
        "Facture 2026-F-000001 – page 1 sur 1"
    )


async def test_an_invoice_is_accessible_titled_dated_and_in_french() -> None:
    reader = await read(INVOICE)
    root: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.xmp_metadata is not None

    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "fr-FR",
        True,
        True,
    )
    assert (reader.metadata.title, reader.metadata.author) == ("Facture 2026-F-000001", "Commune de Chavagne")
    assert reader.metadata.creation_date == datetime(2026, 12, 1, tzinfo=UTC)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= tags(root["/StructTreeRoot"])


def tags(element: Any) -> set[str]:
    """The roles of a tree of tags."""
    element = element.get_object()
    if isinstance(element, list):
        return set().union(*(tags(child) for child in element))
    if not hasattr(element, "get"):
        return set()
    below = tags(element["/K"]) if "/K" in element else set()
    return below | ({str(element["/S"])} if "/S" in element else set())


async def test_the_same_invoice_is_the_same_file() -> None:
    printer: Printer = TypstPrinter()

    first, other, again = (
        await printer.invoice(INVOICE),
        await printer.invoice(replace(INVOICE, number="2026-F-000002")),
        await printer.invoice(INVOICE),
    )

    assert first == again == await TypstPrinter().invoice(INVOICE)
    assert first != other


async def test_several_invoices_are_bound_in_their_order_each_on_its_own_pages() -> None:
    other = replace(INVOICE, number="2026-F-000002", lines=(MEALS,) * 60, total_cents=60 * 4944)
    reader = PdfReader(io.BytesIO(await TypstPrinter().invoices([INVOICE, other, INVOICE])))
    alone = len((await read(other)).pages)
    titles = [page.extract_text().count("Facture 2026-F-000002") > 0 for page in reader.pages]
    assert alone > 1
    assert titles == [False, *[True] * alone, False]


async def test_nothing_paid_yet_prints_one_total() -> None:
    printed = await words(replace(INVOICE, paid_cents=0, payment_notes=(), mentions=()))

    assert printed.endswith(
        "À payer Total : 54,44 € Date limite de paiement : jeudi 31 décembre 2026 Facture 2026-F-000001 – page 1 sur 1"
    )


async def test_an_invoice_to_pay_online_has_a_qr_code_that_is_also_said_and_written() -> None:
    online = replace(INVOICE, pay_online_at="https://portail.example", payable_until=date(2027, 1, 31))
    printed = await words(online)
    assert "Adresse du paiement en ligne : https://portail.example Payable en ligne jusqu'au dimanche" in printed
    assert said_of_pictures(await read(online)) == ["Code QR : https://portail.example"]
    assert said_of_pictures(await read(replace(online, paid_cents=5444))) == []


def said_of_pictures(reader: PdfReader) -> list[str]:
    """What who does not see them is told of its pictures."""
    root: Any = reader.trailer["/Root"]
    return figures(root["/StructTreeRoot"])


def figures(element: Any) -> list[str]:
    """The texts of the figures of a tree of tags."""
    element = element.get_object()
    if isinstance(element, list):
        return [text for child in element for text in figures(child)]
    if not hasattr(element, "get"):
        return []
    own = [str(element["/Alt"])] if "/Alt" in element else []
    return own + (figures(element["/K"]) if "/K" in element else [])


async def test_an_invoice_that_is_collected_announces_it_and_asks_for_nothing() -> None:
    debit = DebitNotice(date(2026, 12, 15), "CHAV0001", "FR10ZZZ535076", "0189")
    collected = replace(INVOICE, debit=debit, pay_online_at="https://portail.example", mentions=())
    assert (await words(collected)).split("À payer ")[1] == (
        "Total : 54,44 € Déjà payé : 4,44 € Reste à payer : 50,00 € "
        "Comment payer Vous n'avez rien à faire : cette somme sera prélevée le mardi 15 décembre 2026 sur votre compte "
        "terminé par 0189 (référence unique du mandat CHAV0001, identifiant créancier SEPA FR10ZZZ535076). "
        "Facture 2026-F-000001 – page 1 sur 1"
    )
    assert said_of_pictures(await read(collected)) == []


async def test_a_reminder_is_the_invoice_with_its_rank_and_its_day() -> None:
    reminded = await words(replace(INVOICE, reminder=Reminder(1, date(2027, 1, 11)), cleared_cents=1000))
    assert "Facture 2026-F-000001 (rappel n° 1) Période : novembre 2026" in reminded
    assert "Rappel n° 1 envoyé le lundi 11 janvier 2027 : cette facture reste à régler." in reminded
    assert "Déjà payé : 4,44 € Déduit (avoirs, remises) : 10,00 € Reste à payer : 40,00 €" in reminded


async def test_a_credit_note_prints_what_it_takes_off_and_where_the_money_is() -> None:
    note = CreditNoteDocument(
        number="2026-AV-000001",
        letterhead=HEAD,
        invoice_number="2026-F-000001",
        invoice_issued_on=date(2026, 12, 1),
        issued_on=date(2026, 12, 8),
        reason="Absence excusée",
        lines=(replace(MEALS, quantity=2, total_cents=824),),
        total_cents=824,
        credit_cents=324,
    )
    reader = PdfReader(io.BytesIO(await TypstPrinter().credit_note(note)))
    root: Any = reader.trailer["/Root"]
    printed = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert printed.split("35310 Chavagne ")[2] == (
        "Avoir 2026-AV-000001 Corrige la facture 2026-F-000001 du mardi 1er décembre 2026 "
        "Émis le mardi 8 décembre 2026 Motif : Absence excusée "
        "Ce qui est déduit Enfant Activité Prestation Quantité Prix unitaire Montant "
        "Enfant2 TEST Restauration scolaire Repas Tarif commune 2 4,12 € 8,24 € "
        "Total Total de l'avoir : 8,24 € Déduit de ce qui restait à payer : 5,00 € "
        "Porté au crédit de votre compte : 3,24 € "
        "Avoir 2026-AV-000001 – page 1 sur 1"
    )


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ('#panic("x")', '#panic("x")'),
        ('#import "@preview/x:1.0.0"', '#import "@preview/x:1.0.0"'),
        ('#read("/etc/passwd")', '#read("/etc/passwd")'),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("*gras* _ital_ $x$ `code` @ref // = \\u{41}", "*gras* _ital_ $x$ `code` @ref // = \\u{41}"),
        ("%s {0} ${HOME}", "%s {0} ${HOME}"),
        ("Zoé 😀", "Zoé ?"),
        ("李雷", "??"),
        ("a\x00b\x1b[31m\ud800", "a?b?[31m?"),
        ("Le\u202epirate", "Le?pirate"),
        ("ligne 1\r\nligne 2", "ligne 1 ligne 2"),
        ("Ze\u0301lie Œuvrard-Ÿ ŁŚ", "Zélie Œuvrard-Ÿ ŁŚ"),
        ("Κώστας Привет", "Κώστας Привет"),
    ],
)
async def test_a_hostile_name_is_printed_as_it_is_written(name: str, printed: str) -> None:
    text = await words(
        replace(
            INVOICE, letterhead=replace(HEAD, household_name=name), lines=(replace(MORNINGS, detail=(name,)), MEALS)
        )
    )

    assert text.count(printed) == 2


async def test_a_name_of_a_thousand_letters_is_printed_whole_within_the_page() -> None:
    reader = await read(replace(INVOICE, lines=(replace(MORNINGS, child="ж" * 1000), MEALS)))
    text = "".join(page.extract_text() for page in reader.pages)

    assert text.count("ж") == 1000
    assert max(len(line) for line in text.splitlines() if "ж" in line) <= 12
    assert "54,44" in text


async def test_every_character_of_unicode_prints_without_failing() -> None:
    every = "".join(f"{chr(code)} " for code in range(0x3000)) + "".join(map(chr, range(0x3000, 0x11000, 97)))

    printed = await words(replace(INVOICE, letterhead=replace(HEAD, household_name=every), mentions=(every,)))

    assert [printed.count(char) for char in "ǺλЖẞ₿"] == [2] * 5


async def test_a_long_invoice_repeats_its_header_on_every_page() -> None:
    lines = tuple(replace(MEALS, child=f"Enfant{number}") for number in range(150))
    reader = await read(replace(INVOICE, lines=lines, total_cents=150 * 4944, paid_cents=0))
    pages = [page.extract_text() for page in reader.pages]
    text = "\n".join(pages)

    assert len(pages) > 3
    assert [number for number in range(150) if f"Enfant{number} " not in text.replace("\n", " ")] == []
    assert [page.replace("\n", " ").count("Quantité Prix unitaire Montant") for page in pages[:-1]] == [1] * (
        len(pages) - 1
    )
    assert f"page {len(pages)} sur {len(pages)}" in pages[-1]
