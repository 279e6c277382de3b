"""The answers of a yearly file, sealed in one text: each with its instant, its author, and where it was copied from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import DossierPolicy
from plugins.rules.french import say_of
from plugins.rules.questions import Question, questions_of
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Dossier


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``copied_from`` names the file it was taken from, in French, until the family checks it."""

    value: str
    at: datetime
    by: UUID | None
    copied_from: str = ""


def unsealed(ctx: Context, dossier: Dossier) -> dict[str, Answer]:
    """The answers of a file, by question."""
    kept = json.loads(ctx.ports.sealer.unseal(dossier.answers)) if dossier.answers else {}
    return {
        code: Answer(
            value=one["value"],
            at=datetime.fromisoformat(one["at"]),
            by=UUID(one["by"]) if one["by"] else None,
            copied_from=one["copied_from"],
        )
        for code, one in kept.items()
    }


def sealed(ctx: Context, answers: Mapping[str, Answer]) -> str:
    """The text to keep: what :func:`unsealed` reads; empty when nothing is answered."""
    kept = {
        code: {
            "value": answer.value,
            "at": answer.at.isoformat(),
            "by": str(answer.by) if answer.by else "",
            "copied_from": answer.copied_from,
        }
        for code, answer in answers.items()
    }
    return ctx.ports.sealer.seal(json.dumps(kept, ensure_ascii=False)) if kept else ""


def merged(ctx: Context, kept: Mapping[str, Answer], typed: Mapping[str, str]) -> dict[str, Answer]:
    """The answers kept, with those typed now; an empty one is taken back, one that did not change keeps its date."""
    answers = dict(kept)
    for code, text in typed.items():
        value, before = text.strip(), kept.get(code)
        if not value:
            answers.pop(code, None)
        elif before is None or before.value != value or before.copied_from:
            answers[code] = Answer(value, ctx.now, ctx.viewer.account_id)
    return answers


def refuse_answers(policy: DossierPolicy, typed: Mapping[str, str]) -> None:
    """Refuse what the form cannot keep, all at once: NOT_FOUND (unknown question), INVALID with the reason."""
    known = questions_of(policy.sections)
    refusals = []
    for place, (code, text) in enumerate(typed.items()):
        path = ("answers", str(place))
        if code not in known:
            refusals.append(Refused(Code.NOT_FOUND, f"Question inconnue : {code[:60]}.", field=(*path, "question")))
        elif text.strip() and (fault := known[code].fault(text.strip())) is not None:
            refusals.append(Refused(Code.INVALID, fault, field=(*path, "value")))
    if refusals:
        raise Refusals(refusals)


async def copied_answers(
    ctx: Context, dossier: Dossier, policy: DossierPolicy, names: Mapping[UUID, str]
) -> dict[str, Answer]:
    """What other files of the household already say, for the family to check: one statement.

    In this order: what lasts, of the child's own file of last year; what siblings share, of this year; what they
    share and lasts, of last year. ``names`` are the first names of the household's children.
    """
    years = (dossier.school_year - 1, dossier.school_year)
    rows = await Dossier.filter(household_id=dossier.household_id, school_year__in=list(years)).order_by("id")
    others = [row for row in rows if row.id != dossier.id and row.answers]
    others.sort(key=lambda row: (row.child_id != dossier.child_id, -row.school_year))
    found: dict[str, Answer] = {}
    for row in others:
        source = _source(row, dossier, names)
        for code, answer in _copiable(ctx, row, dossier, policy).items():
            found.setdefault(code, Answer(answer.value, answer.at, answer.by, source))
    return found


def _source(row: Dossier, dossier: Dossier, names: Mapping[UUID, str]) -> str:
    whose = f" {say_of(names[row.child_id])}" if row.child_id != dossier.child_id and row.child_id in names else ""
    return f"dossier {SchoolYear(row.school_year).label}{whose}"


def _copiable(ctx: Context, row: Dossier, dossier: Dossier, policy: DossierPolicy) -> dict[str, Answer]:
    """The answers of another file that hold in this one, by what the commune says of each question."""

    def holds(question: Question) -> bool:
        for_this_child = row.child_id == dossier.child_id or question.shared
        return for_this_child and (row.school_year == dossier.school_year or question.lasting)

    questions: Sequence[Question] = [each for each in questions_of(policy.sections).values() if holds(each)]
    answers = unsealed(ctx, row)
    return {
        question.code: answer
        for question in questions
        if (answer := answers.get(question.code)) is not None
        and not answer.copied_from
        and question.fault(answer.value) is None
    }
