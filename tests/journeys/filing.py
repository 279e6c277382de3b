"""A yearly file, filled over HTTP: its form is read, every question answered, every document sent."""

from collections.abc import Mapping
from typing import Any

from tests.hostile_files import pdf
from tests.journeys.portal import Visitor

FILE = """id state version reason form {
  sections { code questions { code kind isAsked choices { code } value said toCheck } }
  consents { code label granted }
  documents { code sentence isRequired mayComeLater documentId askedAgain }
  missing { part code label reason }
}"""
DOSSIER = f"dossier {{ {FILE} }}"
PLAIN = {"YES_NO": "no", "TEXT": "Une réponse", "DATE": "2026-09-01"}
Dossier = dict[str, Any]


def save(visitor: Visitor, child: str, year: str, version: int, **answers: str) -> Dossier:
    """Save answers by question; a dash of a code is written ``_``."""
    typed = [{"question": code.replace("_", "-"), "value": value} for code, value in answers.items()]
    saved = visitor.do("dossierSave", DOSSIER, childId=child, schoolYear=year, version=version, answers=typed)
    found: Dossier = saved["dossier"]
    return found


def read(visitor: Visitor) -> list[Dossier]:
    """The files of the person's only child, as another device would show them."""
    query = f"{{ viewer {{ households {{ children {{ dossiers {{ schoolYear {FILE} }} }} }} }} }}"
    (household,) = visitor.ask(query)["viewer"]["households"]
    return [dossier for child in household["children"] for dossier in child["dossiers"]]


def values(dossier: Mapping[str, Any]) -> dict[str, str]:
    """The answers of a file, by question."""
    questions = [question for section in dossier["form"]["sections"] for question in section["questions"]]
    return {question["code"]: question["value"] for question in questions if question["value"] is not None}


def missing(dossier: Mapping[str, Any]) -> list[str]:
    """The codes of what a file lacks."""
    return [lack["code"] for lack in dossier["form"]["missing"]]


def send_document(visitor: Visitor, code: str, child: str, title: str = "Une page", content: bytes = b"") -> str:
    """Put a document in the household's vault, a page of that title unless its content is given."""
    sent = content or pdf(lambda writer: writer.add_metadata({"/Title": title}))
    answer = visitor.http.post(
        f"/{visitor.commune}/documents",
        data={"householdId": visitor.household()["id"], "childId": child, "code": code},
        files={"file": (f"{code}.pdf", sent)},
        headers={**visitor.headers, "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def plainest(question: Mapping[str, Any]) -> str:
    """An answer that calls for nothing more."""
    first = next((choice["code"] for choice in question["choices"]), None)
    return first or PLAIN[question["kind"]]


def answer_everything(visitor: Visitor, child: str, year: str, **answers: str) -> Dossier:
    """Answer what is asked: what is given here, the plainest answer to the rest, yes to every consent."""
    dossier = save(visitor, child, year, 0) if not read(visitor) else read(visitor)[0]
    questions = [question for section in dossier["form"]["sections"] for question in section["questions"]]
    given = {code.replace("_", "-"): value for code, value in answers.items()}
    typed = [{"question": each["code"], "value": given.get(each["code"]) or plainest(each)} for each in questions]
    consents = [{"code": each["code"], "granted": True} for each in dossier["form"]["consents"]]
    saved = visitor.do(
        "dossierSave",
        DOSSIER,
        childId=child,
        schoolYear=year,
        version=dossier["version"],
        answers=typed,
        consents=consents,
    )
    found: Dossier = saved["dossier"]
    return found


def complete(visitor: Visitor, child: str, year: str, **answers: str) -> Dossier:
    """Answer everything and send every document that the answers call for."""
    for lack in answer_everything(visitor, child, year, **answers)["form"]["missing"]:
        assert lack["part"] == "DOCUMENT"
        send_document(visitor, lack["code"], child)
    return next(dossier for dossier in read(visitor) if dossier["form"]["missing"] == [])
