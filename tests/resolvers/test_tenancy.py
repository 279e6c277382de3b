"""No commune sees another, no household sees another, and what is forgotten is an error rather than a leak."""

from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from tortoise import fields
from tortoise.exceptions import DoesNotExist
from tortoise.models import Model

from gateway.database import Databases
from resolvers import models
from resolvers.models import Article, Household, Person
from resolvers.models.scope import NOTHING, Scope, ScopedManager, current_scope
from resolvers.models.tenancy import in_commune
from tests.towns import START, Town

pytestmark = [pytest.mark.anyio, pytest.mark.database]

TABLES: list[type[Model]] = [getattr(models, name) for name in models.__all__]
NUMBERS = count(1)  # none twice
SCOPED = [table for table in TABLES if isinstance(table._meta.manager, ScopedManager)]


async def test_without_a_commune_nothing_can_be_queried(databases: Databases) -> None:
    with pytest.raises(LookupError):
        await Article.all()
    with pytest.raises(LookupError):
        await Article.create(title="Rentrée", body="Bonne rentrée", published_at=START)


async def test_two_communes_never_see_each_other(chavagne: Town, melle: Town) -> None:
    with chavagne.at_work():
        await Household.create(name="de Chavagne", created_at=START)
    with melle.at_work():
        await Household.create(name="de Melle", created_at=START)
        assert [row.name for row in await Household.all()] == ["de Melle"]
    with chavagne.at_work():
        assert [row.name for row in await Household.all()] == ["de Chavagne"]


@pytest.mark.parametrize("table", SCOPED, ids=lambda table: table.__name__)
async def test_without_a_scope_a_family_table_cannot_be_queried(databases: Databases, table: type[Model]) -> None:
    with in_commune("chavagne"), pytest.raises(LookupError):
        await table.all()


def test_every_table_with_a_household_or_a_person_is_scoped() -> None:
    of_families = {
        table.__name__
        for table in TABLES
        if "household_id" in table._meta.fields_map or "child_id" in table._meta.fields_map
    }
    assert {table.__name__ for table in SCOPED} == of_families | {"Household", "Person"}


def filler(column: fields.Field[Any]) -> object:
    """A value that a column takes, whatever it means."""
    if isinstance(column, fields.data.CharEnumFieldInstance):
        return next(iter(column.enum_type))
    values: dict[type[fields.Field[Any]], object] = {
        fields.UUIDField: uuid4(),
        fields.CharField: uuid4().hex[: column.constraints.get("max_length")],
        fields.TextField: "texte",
        fields.IntField: 1,
        fields.BooleanField: True,
        fields.DateField: date(2026, 11, 2),
        fields.DatetimeField: START,
        fields.BinaryField: b"sealed",
    }
    return values[type(column)]


async def row_of(table: type[Model], household: Household, child: Person) -> Model:
    """A row of a scoped table that belongs to a household, with the rows it points to."""
    if table in (Household, Person):
        return household if table is Household else child
    meta = table._meta
    given: dict[str, Any] = {"household_id": household.id, "child_id": child.id, "person_id": child.id}
    for name in meta.fk_fields - {"household", "person"}:
        relation: Any = meta.fields_map[name]
        given[f"{name}_id"] = (await row_of(relation.related_model, household, child)).pk
    unique = {name for together in meta.unique_together for name in together}
    for name in meta.db_fields - given.keys():
        column = meta.fields_map[name]
        if column.required:
            is_number = name in unique and type(column) is fields.IntField
            given[name] = next(NUMBERS) if is_number else filler(column)
    return await table.create(**{name: value for name, value in given.items() if name in meta.db_fields})


@pytest.mark.parametrize("table", SCOPED, ids=lambda table: table.__name__)
async def test_a_household_reads_counts_updates_and_deletes_its_own_rows_only(
    chavagne: Town, table: type[Model]
) -> None:
    with chavagne.at_work():
        rows, scopes = [], []
        for name in ("A", "B"):
            household = await Household.create(name=name, created_at=START)
            child = await Person.create(first_name="Enfant", last_name=name)
            rows.append(await row_of(table, household, child))
            scopes.append(Scope(frozenset({household.id}), frozenset({child.id})))
    column = next(name for name in ("household_id", "name", "phone") if name in table._meta.db_fields)
    with in_commune("chavagne"):
        token = current_scope.set(scopes[0])
        try:
            assert await table.all().values_list("id", flat=True) == [rows[0].pk]
            assert await table.filter(id__in=[row.pk for row in rows]).count() == 1
            assert await table.get_or_none(id=rows[1].pk) is None
            assert not await table.exists(id=rows[1].pk)
            with pytest.raises(DoesNotExist):
                await table.get(id=rows[1].pk)
            assert await table.filter(id=rows[1].pk).update(**{column: getattr(rows[1], column)}) == 0
            assert await table.filter(id=rows[1].pk).delete() == 0
            current_scope.set(NOTHING)
            assert await table.all().count() == 0
        finally:
            current_scope.reset(token)
    with chavagne.at_work():
        assert await table.filter(id__in=[row.pk for row in rows]).count() == 2
