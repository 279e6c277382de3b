"""Sheets filled with what the portal knows: both adults, and nothing that the commune hides."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from resolvers.files import sheets
from tests.towns import Town, add_family, add_parent

pytestmark = pytest.mark.anyio


async def test_a_sheet_is_filled_with_both_adults(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await add_parent(chavagne, family.id, "Coparent TEST")
    with chavagne.asked_by(family.parent) as ctx:
        drawn = await sheets.prefilled(ctx, "fiche-famille", family.id, family.child)
    assert drawn is not None
    reader = PdfReader(BytesIO(drawn))
    known = {name: field.value for name, field in (reader.get_fields() or {}).items() if field.value}
    emails = [known.pop(f"responsable-{rank}-courriel") for rank in (1, 2)]
    assert family.parent.viewer.email in emails
    assert known == {
        f"responsable-{rank}-{code}": value
        for rank, first_name in ((1, "Coparent"), (2, "Parent"))
        for code, value in (("nom", "TEST"), ("prenom", first_name), ("adresse", "1 rue du Pont, 35310 Chavagne"))
    }
    assert "Fiche famille 2026-2027" in reader.pages[0].extract_text()


async def test_a_commune_without_sheets_has_none(melle: Town) -> None:
    family = await add_family(melle)
    with melle.asked_by(family.parent) as ctx:
        assert sheets.forms(ctx) == {}
        assert sheets.questions_on(ctx, "rib") == ()
        assert await sheets.blank(ctx, "rib") is None
        assert await sheets.prefilled(ctx, "rib", family.id, family.child) is None
