"""Migration operations that Tortoise gets wrong.

On SQLite, Tortoise adds a CHECK by making the table again, and forgets its unique constraints and indexes on the way
(1.1.9, ``SqliteSchemaEditor._remake_table``). Two triggers refuse the same rows and touch nothing else. An enumeration
that gains members would remake its tables the same way, although their columns are plain text.
"""

import re

from tortoise.migrations.constraints import CheckConstraint
from tortoise.migrations.operations import AddConstraint, AlterField
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class AddCheck(AddConstraint):
    """Add a CHECK constraint: a real one on PostgreSQL, two triggers on SQLite. The check names columns only."""

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        """Create the constraint, or the triggers that stand for it."""
        if state_editor is None or state_editor.DIALECT != "sqlite":
            await super().database_forward(app_label, old_state, new_state, state_editor)
            return
        constraint = self.constraint
        if not isinstance(constraint, CheckConstraint):
            raise TypeError(f"AddCheck adds CHECK constraints, not {constraint!r}")
        table = new_state.apps.get_model(f"{app_label}.{self.model_name}")._meta.db_table
        broken = re.sub(r"\b(?!AND\b|OR\b|NOT\b|NULL\b|IS\b)([a-z_]+)\b", r"NEW.\1", constraint.check)
        for event in ("INSERT", "UPDATE"):
            # One statement, sent as a script: Tortoise's editor cuts statements at every semicolon.
            await state_editor.client.execute_script(
                f'CREATE TRIGGER "{constraint.name}_{event.lower()}" BEFORE {event} ON "{table}" '
                f"WHEN NOT ({broken}) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {constraint.name}'); END;"
            )


class NameMembers(AlterField):
    """A ``CharEnumField`` whose enumeration has other members: only the migrations' own memory of it changes."""

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        """The column is text: nothing to do."""

    async def database_backward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        """The column is text: nothing to undo."""
