"""Sheets that families download, fill and send back: blank or already filled with what the portal knows."""

from collections.abc import Iterator
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.questions import Section
from plugins.rules.sheets import Sheet
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.families.field_changes import hidden_particulars
from resolvers.families.households import HouseholdFile, Member, households_of
from resolvers.models.households import Role

PARTICULARS = ("street", "postcode", "town", "phone", "email")


def forms(ctx: Context) -> dict[str, tuple[RequiredDocument, SchoolYear]]:
    """The documents of the commune that are sheets to fill, this school year's before the next one's, by code."""
    year = SchoolYear.of(ctx.local_now.date())
    found: dict[str, tuple[RequiredDocument, SchoolYear]] = {}
    for each in (year, SchoolYear(year.start + 1)):
        for document in ctx.commune.gather(hookspecs.required_documents, year=each):
            if document.form:
                found.setdefault(document.code, (document, each))
    return found


def questions_on(ctx: Context, code: str) -> tuple[Section, ...]:
    """What the sheet of this code asks; nothing when it is not a sheet to fill."""
    found = forms(ctx).get(code)
    return found[0].form if found else ()


async def blank(ctx: Context, code: str) -> bytes | None:
    """The PDF of a sheet, empty, for anybody; None when the commune has no such sheet."""
    return await _drawn(ctx, code, {})


async def prefilled(ctx: Context, code: str, household_id: UUID, child_id: UUID) -> bytes | None:
    """The PDF of a sheet with what the portal knows of a child and its adults; None for who may not see them."""
    if ctx.viewer.kind is not AccountKind.FAMILY and not ctx.viewer.has(AgentRight.FAMILIES):
        return None
    homes = await households_of(ctx, frozenset({household_id}))
    child = next((child for home in homes for child in home.children if child.person_id == child_id), None)
    return None if child is None else await _drawn(ctx, code, dict(_known(ctx, homes[0], child)))


async def _drawn(ctx: Context, code: str, values: dict[str, str]) -> bytes | None:
    found = forms(ctx).get(code)
    if found is None:
        return None
    document, year = found
    sheet = Sheet(ctx.commune.identity.name, f"{document.label} {year.label}", document.form, values)
    return await ctx.ports.printer.sheet(sheet)


def _known(ctx: Context, home: HouseholdFile, child: Member) -> Iterator[tuple[str, str]]:
    """The answers to ``plugins.rules.sheets.PREFILLED``; what the commune hides from families is left blank."""
    yield "enfant-nom", child.last_name
    yield "enfant-prenom", child.first_name
    if child.birth_date is not None:
        yield "enfant-naissance", child.birth_date.isoformat()
    hidden = hidden_particulars(ctx, home.services)
    adults = [member for member in home.members if member.role in (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)]
    for rank, adult in enumerate(adults[:2], start=1):
        shown = {name: "" if name in hidden else getattr(adult, name) for name in PARTICULARS}
        place = f"{shown['postcode']} {shown['town']}".strip()
        yield f"responsable-{rank}-nom", adult.last_name
        yield f"responsable-{rank}-prenom", adult.first_name
        yield f"responsable-{rank}-adresse", ", ".join(line for line in (shown["street"], place) if line)
        yield f"responsable-{rank}-telephone", shown["phone"]
        yield f"responsable-{rank}-courriel", shown["email"]
