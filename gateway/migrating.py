"""Applying the migrations that a commune's tables lack.

Tortoise's own executor makes every model again, queries included, before each operation: ten seconds per commune. Here
models are only described, as Tortoise does without a database, and an operation is shown the descriptions that it
replaces: less than a second. In return a migration changes tables or runs SQL; it queries no model.
"""

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import ConnectionHandler
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.transactions import in_transaction

EDITORS: dict[str, type[BaseSchemaEditor]] = {"sqlite": SqliteSchemaEditor, "postgres": AsyncpgSchemaEditor}


class Described(State):
    """The models as the migrations so far describe them."""

    def clone(self) -> State:
        """What an operation finds. It makes new classes for the models it changes, so the old ones are not copied."""
        apps = _without_database()
        apps.apps = {label: dict(models) for label, models in self.apps.apps.items()}
        return State({key: model.clone() for key, model in self.models.items()}, apps)


def _without_database() -> StateApps:
    return StateApps(connections=ConnectionHandler())


async def apply_lacking(connection: BaseDBAsyncClient, apps: dict[str, dict[str, Any]]) -> None:
    """Apply in their order the migrations that these tables lack, each one whole or not at all."""
    editor = EDITORS[connection.capabilities.dialect]
    recorder = MigrationRecorder(connection)
    await recorder.ensure_schema(editor(connection, atomic=False))
    loader = MigrationLoader(apps, recorder)
    await loader.build_graph()
    [last] = loader.graph.leaf_nodes()
    described = Described({}, _without_database())
    for key in loader.graph.forwards_plan(last):
        migration = loader.disk_migrations[key]
        if key in loader.applied_migrations:
            await migration.apply(described, dry_run=True)
            continue
        async with in_transaction(connection.connection_name) as client:
            await migration.apply(described, schema_editor=editor(client))
            await MigrationRecorder(client).record_applied(key.app_label, key.name)
