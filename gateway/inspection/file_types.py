"""What a family's file really is: PDF, JPEG or PNG by its contents, harmless, and nothing else at the same time."""

import asyncio
import json
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from gateway.inspection import pdf_inspection
from gateway.inspection.pdf_inspection import Verdict
from gateway.inspection.photographs import (
    JPEG_HEAD,
    PNG_HEAD,
    BrokenPictureError,
    HugePictureError,
    rewritten_jpeg,
    rewritten_png,
)
from plugins.rules.french import NBSP
from resolvers.errors import Code, Refused
from resolvers.files.documents import Deposit

MAX_FILE = 10_000_000
PATIENCE = 20.0  # seconds given to the inspection of one PDF
PDF_HEAD = b"%PDF-"
PDF = "application/pdf"
_INSPECTOR = Path(pdf_inspection.__file__)
INSPECTIONS = 2  # at once: each is a process of its own

_EXTENSIONS = {PDF: ("pdf",), "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"), "image/png": ("png",)}
_HEADS = {PDF_HEAD: PDF, JPEG_HEAD: "image/jpeg", PNG_HEAD: "image/png"}
_REWRITERS: dict[str, Callable[[bytes], bytes]] = {"image/jpeg": rewritten_jpeg, "image/png": rewritten_png}
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_SCRIPTS = (b"<script", b"<!doctype html", b"<iframe")
_PAGES = (b"<html", b"<svg", b"<?php", b"<body")
_SNIFFED = 1500  # bytes in which a browser looks for a page

_WORDS = {
    Code.FILE_EMPTY: "Ce fichier est vide : choisissez-en un autre.",
    Code.FILE_TOO_LARGE: f"Ce fichier dépasse 10{NBSP}Mo : numérisez-le moins finement, ou envoyez-le en deux fois.",
    Code.FILE_TYPE_REFUSED: "Ce fichier n'est ni un PDF, ni une image JPEG ou PNG : convertissez-le d'abord.",
    Code.FILE_EXTENSION_WRONG: "Le nom de ce fichier annonce autre chose que ce qu'il contient : corrigez sa fin "
    "(.pdf, .jpg ou .png).",
    Code.FILE_UNREADABLE: "Ce fichier est abîmé ou incomplet : enregistrez-le ou numérisez-le de nouveau.",
    Code.FILE_ENCRYPTED: "Ce PDF est protégé : enregistrez-le sans mot de passe, par exemple en l'imprimant en PDF.",
    Code.FILE_ACTIVE: "Ce PDF contient un programme ou un autre fichier : imprimez-le en PDF et envoyez le résultat.",
    Code.FILE_AMBIGUOUS: "Ce fichier en contient un autre (archive ou page web) : enregistrez le document seul.",
    Code.FILE_TOO_COMPLEX: "Ce fichier est trop lourd une fois ouvert : numérisez-le moins finement.",
}
_VERDICTS = {
    Verdict.BROKEN.value: Code.FILE_UNREADABLE,
    Verdict.ENCRYPTED.value: Code.FILE_ENCRYPTED,
    Verdict.ACTIVE.value: Code.FILE_ACTIVE,
    Verdict.HUGE.value: Code.FILE_TOO_COMPLEX,
}


def refusal(code: Code) -> Refused:
    """The refusal of a file, in words that say what to do."""
    return Refused(code, _WORDS[code], field=("file",))


class FileChecker:
    """Lets in what families may send. One for the whole portal: it bounds how many files are inspected at once."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._inspections = asyncio.Semaphore(INSPECTIONS)
        self._patience = patience

    async def checked(self, name: str, content: bytes) -> Deposit:
        """The document to keep of a file as it was sent: pictures are rewritten without what does not draw.

        ``name`` only says what the family believes it sends. Refused: one of the FILE_* codes.
        """
        media_type = _media_type(name, content)
        await asyncio.to_thread(_refuse_ambiguous, content)
        if media_type == PDF:
            await self._refuse_pdf(content)
            return Deposit(PDF, "pdf", content)
        rewritten = await asyncio.to_thread(_rewritten, media_type, content)
        return Deposit(media_type, _EXTENSIONS[media_type][0], rewritten)

    async def fields(self, content: bytes) -> dict[str, str]:
        """What is written in the fields of a PDF that was let in, by name; nothing when a limit was reached."""
        async with self._inspections:
            said = await _inspected(content, self._patience, "fields")
        return dict(json.loads(said)) if said else {}

    async def _refuse_pdf(self, content: bytes) -> None:
        body, end, after = content.rpartition(b"%%EOF")
        if not body or not end:
            raise refusal(Code.FILE_UNREADABLE)
        if after.strip(b"\x00\t\n\x0c\r \x1a"):
            raise refusal(Code.FILE_AMBIGUOUS)
        async with self._inspections:
            verdict = await _inspected(content, self._patience)
        if verdict != Verdict.SOUND.value:
            # Killed by a limit of the system, the inspector says nothing.
            raise refusal(_VERDICTS.get(verdict, Code.FILE_TOO_COMPLEX))


def _media_type(name: str, content: bytes) -> str:
    if not content:
        raise refusal(Code.FILE_EMPTY)
    if len(content) > MAX_FILE:
        raise refusal(Code.FILE_TOO_LARGE)
    media_type = next((media_type for head, media_type in _HEADS.items() if content.startswith(head)), None)
    if media_type is None:
        raise refusal(Code.FILE_TYPE_REFUSED)
    if name.rpartition(".")[2].casefold() not in _EXTENSIONS[media_type]:
        raise refusal(Code.FILE_EXTENSION_WRONG)
    return media_type


def _refuse_ambiguous(content: bytes) -> None:
    """A file that another program would open as something else: an archive after a picture, a page inside a PDF."""
    folded = content.lower()
    begins_a_page = any(mark in folded[:_SNIFFED] for mark in _PAGES)
    if begins_a_page or any(mark in folded for mark in _SCRIPTS) or any(mark in content for mark in _ARCHIVES):
        raise refusal(Code.FILE_AMBIGUOUS)
    if zipfile.is_zipfile(BytesIO(content)):
        raise refusal(Code.FILE_AMBIGUOUS)


def _rewritten(media_type: str, content: bytes) -> bytes:
    try:
        return _REWRITERS[media_type](content)
    except HugePictureError as error:
        raise refusal(Code.FILE_TOO_COMPLEX) from error
    except BrokenPictureError as error:
        raise refusal(Code.FILE_UNREADABLE) from error


async def _inspected(content: bytes, patience: float, *asked: str) -> str:
    """What the inspector writes of a PDF; nothing when a limit ended it."""
    inspector = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_INSPECTOR),
        *asked,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        said, _ = await asyncio.wait_for(inspector.communicate(content), patience)
    except TimeoutError:
        return ""
    finally:
        if inspector.returncode is None:
            inspector.kill()
            await inspector.wait()
    return said.decode("ascii", "replace")
