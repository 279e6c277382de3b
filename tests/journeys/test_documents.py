"""§6 of Chavagne's guide, step 1, over real HTTP: the sheets are downloaded, filled, sent, kept through a power cut."""

from io import BytesIO
from pathlib import Path

import httpx
from pypdf import PdfReader, PdfWriter

from tests.hostile_files import archive, exif, jpeg, opening, pdf
from tests.journeys.conftest import Target
from tests.journeys.portal import Portal, Visitor
from tests.journeys.tables import unchanged

STARTED = "2026-10-05T09:00:00+02:00"
RESTARTED = "2026-10-05T10:00:00+02:00"
PARENT = "monsieur.test@example.org"
AGENT = "agent@chavagne.example"
VAULT = "{ viewer { households { documents { nodes { id state reason downloadUrl kind { label sheetUrl } } } } } }"
FROM_OUR_PAGES = {"Sec-Fetch-Site": "same-origin"}


def send(visitor: Visitor, name: str, content: bytes, code: str = "fiche-sanitaire") -> httpx.Response:
    """Send a file into the only household of a person, for its first child."""
    home = visitor.household()
    form = {"householdId": home["id"], "childId": home["children"]["Enfant1"], "code": code}
    address = f"/{visitor.commune}/documents"
    return visitor.http.post(address, data=form, files={"file": (name, content)}, headers=FROM_OUR_PAGES)


def filled(sheet: bytes) -> bytes:
    """« Une fois remplis, vous devez enregistrer les modifications »."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(sheet)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {"allergies": "Arachide", "pai": "yes"})
    saved = BytesIO()
    writer.write(saved)
    return saved.getvalue()


def test_a_sheet_is_downloaded_filled_and_sent_and_a_power_cut_loses_nothing(database_url: str, tmp_path: Path) -> None:
    with Portal(tmp_path, database_url, STARTED) as first:
        parent = first.signed_in("chavagne", PARENT)
        home = parent.household()
        asked = {"householdId": home["id"], "childId": home["children"]["Enfant1"]}
        sheet = parent.http.get("/chavagne/sheets/fiche-sanitaire.pdf", params=asked)
        assert (PdfReader(BytesIO(sheet.content)).get_fields() or {})["enfant-prenom"].value == "Enfant1"
        document = filled(sheet.content)
        assert send(parent, "fiche-sanitaire.pdf", document).status_code == 201
        first.kill()

    with Portal(tmp_path, database_url, RESTARTED) as second:
        parent, agent = second.signed_in("chavagne", PARENT), second.signed_in("chavagne", AGENT)
        (kept,) = parent.ask(VAULT)["viewer"]["households"][0]["documents"]["nodes"]
        path = f"/chavagne/documents/{kept['downloadUrl'].rpartition('/')[2]}"
        assert parent.http.get(path).content == agent.http.get(path).content == document
        answers = {answer["code"]: answer["value"] for answer in parent.http.get(f"{path}/answers").json()["answers"]}
        assert (answers["allergies"], answers["pai"], answers["enfant-prenom"]) == ("Arachide", "yes", "Enfant1")
        agent.do("documentDecide", "document { state }", id=kept["id"], accept=False, reason="Il manque la signature.")
        assert "Porte-documents" in second.mail(PARENT, "un document est à renvoyer").text
        (refused,) = parent.ask(VAULT)["viewer"]["households"][0]["documents"]["nodes"]
        assert (refused["state"], refused["reason"]) == ("REFUSED", "Il manque la signature.")


def test_hostile_files_are_refused_with_a_code_and_change_no_table(target: Target) -> None:
    sound = pdf()
    files = {
        "vide.pdf": b"",
        "trop-gros.pdf": sound + bytes(10_000_001),
        "programme.pdf": b"MZ\x90\x00",
        "photo.png": jpeg(exif(6)),
        "coupe.pdf": sound[:100],
        "protege.pdf": pdf(lambda writer: writer.encrypt("secret")),
        "script.pdf": pdf(opening(S="JavaScript")),
        "double.pdf": sound + archive(),
        "bombe.jpg": jpeg(width=65_000, height=65_000),
    }
    with unchanged(target.directory):
        answers = {name: send(target.parent, name, content) for name, content in files.items()}
        huge = send(target.parent, "cent-megaoctets.pdf", bytes(100_000_000))
    assert {name: (answer.status_code, answer.json()["code"]) for name, answer in answers.items()} == {
        "vide.pdf": (422, "FILE_EMPTY"),
        "trop-gros.pdf": (422, "FILE_TOO_LARGE"),
        "programme.pdf": (422, "FILE_TYPE_REFUSED"),
        "photo.png": (422, "FILE_EXTENSION_WRONG"),
        "coupe.pdf": (422, "FILE_UNREADABLE"),
        "protege.pdf": (422, "FILE_ENCRYPTED"),
        "script.pdf": (422, "FILE_ACTIVE"),
        "double.pdf": (422, "FILE_AMBIGUOUS"),
        "bombe.jpg": (422, "FILE_TOO_COMPLEX"),
    }
    assert (huge.status_code, huge.json()["errors"][0]["extensions"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
