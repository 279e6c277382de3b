"""What a file really is: harmless ones are let in, the others are refused with a code each."""

from pathlib import Path

import pytest
import typst
from pypdf import PdfWriter

from gateway.inspection.file_types import MAX_FILE, FileChecker
from gateway.inspection.pdf_inspection import Verdict, inspect
from resolvers.errors import Code
from tests.hostile_files import (
    archive,
    exif,
    hidden_launch,
    jpeg,
    opening,
    opens_at_a_page,
    pdf,
    png,
    script,
    stream,
    xfa,
    zeros,
)
from tests.refusals import refused

pytestmark = pytest.mark.anyio
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SOUND = pdf()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("attestation.pdf", SOUND, PDF),
        ("ATTESTATION.PDF", SOUND, PDF),
        ("bureautique.pdf", pdf(opens_at_a_page), PDF),
        ("sommaire.pdf", pdf(opening(S="GoTo")), PDF),
        ("fin.pdf", SOUND + b"\r\n\x00\x00", PDF),
        ("numerisation.pdf", pdf(stream(zeros(1 << 24), "FlateDecode", Width=4000, Height=4000)), PDF),
        ("photo.jpg", jpeg(), JPEG),
        ("photo.jpeg", jpeg(exif(6)), JPEG),
        ("photo.avec.points.png", png(), PNG),
    ],
)
async def test_a_document_of_a_family_is_let_in(name: str, content: bytes, media_type: str) -> None:
    deposit = await FileChecker().checked(name, content)
    assert deposit.media_type == media_type
    assert name.casefold().replace("jpeg", "jpg").endswith(deposit.extension)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vide.pdf", b"", Code.FILE_EMPTY),
        ("gros.pdf", SOUND + bytes(MAX_FILE), Code.FILE_TOO_LARGE),
        ("programme.exe", b"MZ\x90\x00", Code.FILE_TYPE_REFUSED),
        ("page.html", b"<!doctype html><script>alert(1)</script>", Code.FILE_TYPE_REFUSED),
        ("dessin.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', Code.FILE_TYPE_REFUSED),
        ("archive.pdf", archive(), Code.FILE_TYPE_REFUSED),
        ("devant.pdf", b"\n\n" + SOUND, Code.FILE_TYPE_REFUSED),
        ("photo.gif", b"GIF89a", Code.FILE_TYPE_REFUSED),
        ("photo.png", jpeg(), Code.FILE_EXTENSION_WRONG),
        ("photo.pdf", png(), Code.FILE_EXTENSION_WRONG),
        ("facture.pdf.exe", SOUND, Code.FILE_EXTENSION_WRONG),
        ("pdf", jpeg(), Code.FILE_EXTENSION_WRONG),
        ("", SOUND, Code.FILE_EXTENSION_WRONG),
        ("coupe.pdf", SOUND[: len(SOUND) // 2], Code.FILE_UNREADABLE),
        ("entete.pdf", b"%PDF-1.7\n%%EOF", Code.FILE_UNREADABLE),
        ("sans-page.pdf", b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF", Code.FILE_UNREADABLE),
        ("coupe.jpg", jpeg(end=b""), Code.FILE_UNREADABLE),
        ("coupe.png", png()[:-20], Code.FILE_UNREADABLE),
        ("altere.png", png().replace(b"IDAT", b"IDBT"), Code.FILE_UNREADABLE),
        ("court.png", png(rows=bytes(5)), Code.FILE_UNREADABLE),
        ("protege.pdf", pdf(lambda w: w.encrypt("secret")), Code.FILE_ENCRYPTED),
        ("a-moitie.pdf", pdf(lambda w: w.encrypt("", "proprietaire")), Code.FILE_ENCRYPTED),
        ("script.pdf", pdf(script), Code.FILE_ACTIVE),
        ("ouverture.pdf", pdf(opening(S="JavaScript")), Code.FILE_ACTIVE),
        ("autre-action.pdf", pdf(opening(S="Named")), Code.FILE_ACTIVE),
        ("lance.pdf", pdf(hidden_launch), Code.FILE_ACTIVE),
        ("formulaire-xfa.pdf", pdf(xfa), Code.FILE_ACTIVE),
        ("jointe.pdf", pdf(lambda w: w.add_attachment("virus.exe", b"MZ")), Code.FILE_ACTIVE),
        ("pdf-et-zip.pdf", SOUND + archive(), Code.FILE_AMBIGUOUS),
        ("pdf-et-suite.pdf", SOUND + b"#!/bin/sh\n", Code.FILE_AMBIGUOUS),
        ("pdf-et-page.pdf", SOUND.replace(b"\n", b"\n%<html><body>\n", 1), Code.FILE_AMBIGUOUS),
        ("pdf-et-script.pdf", SOUND.replace(b"%%EOF", b"%<SCRIPT>\n%%EOF"), Code.FILE_AMBIGUOUS),
        ("photo-et-zip.jpg", jpeg() + archive(), Code.FILE_AMBIGUOUS),
        ("photo-et-rar.jpg", jpeg() + b"Rar!\x1a\x07\x00", Code.FILE_AMBIGUOUS),
        ("image-et-zip.png", png() + archive(), Code.FILE_AMBIGUOUS),
        ("bombe.png", png(60_000, 60_000, rows=b"\x00"), Code.FILE_TOO_COMPLEX),
        ("menteuse.png", png(8, 8, rows=bytes(1_000_000)), Code.FILE_TOO_COMPLEX),
        ("bombe.jpg", jpeg(width=65_500, height=65_500), Code.FILE_TOO_COMPLEX),
        ("bombe.pdf", pdf(stream(zeros(500 << 20), "FlateDecode")), Code.FILE_TOO_COMPLEX),
        ("poupees.pdf", pdf(stream(b"", "FlateDecode", "FlateDecode")), Code.FILE_TOO_COMPLEX),
        ("immense.pdf", pdf(stream(b"", "DCTDecode", Width=60_000, Height=60_000)), Code.FILE_TOO_COMPLEX),
    ],
)
async def test_a_hostile_or_a_broken_file_is_refused_with_its_code(name: str, content: bytes, code: Code) -> None:
    with refused(code) as refusal:
        await FileChecker().checked(name, content)
    assert refusal.value.field == ("file",)


async def test_a_pdf_that_takes_too_long_is_given_up() -> None:
    with refused(Code.FILE_TOO_COMPLEX):
        await FileChecker(patience=0.001).checked("lente.pdf", SOUND)


async def test_a_pdf_is_kept_byte_for_byte() -> None:
    assert (await FileChecker().checked("attestation.pdf", SOUND)).content == SOUND


@pytest.mark.parametrize("kept", range(0, len(SOUND), 7))
def test_no_cut_of_a_pdf_makes_the_inspector_fail(kept: int) -> None:
    cut = SOUND[:kept] + b"\n%%EOF"
    assert inspect(cut) in Verdict


def test_a_script_in_an_object_that_no_page_shows_is_found() -> None:
    def hide(writer: PdfWriter) -> None:
        script(writer)
        del writer.root_object["/Names"]

    assert inspect(pdf(hide)) is Verdict.ACTIVE


async def test_an_accessible_pdf_with_object_streams_is_let_in(tmp_path: Path) -> None:
    (tmp_path / "page.typ").write_text("= Attestation\n#link('https://example.org')[site]".replace("'", '"'), "utf-8")
    printed = typst.compile(tmp_path / "page.typ")
    assert (await FileChecker().checked("attestation.pdf", printed)).content == printed
