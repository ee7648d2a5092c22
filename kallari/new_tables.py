"""Migrations that make many tables, without the wait.

Django renders all models that have to do with a new one anew after every single operation: with two
hundred tables and as many triggers, all of them tied to the accounts, most of a first start went
into models that nobody looked at.
"""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING

from django.db.migrations import Migration
from django.db.migrations.operations import CreateModel
from pgtrigger.migrations import AddTrigger

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState


class NewTables(Migration):
    """A migration that takes new models and their triggers, as long as they follow each other, in
    one step: none of them changes what another of them made, so each is made as all of them leave
    it. Its operations are what `makemigrations` writes, and what it does is what they say.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """See `Migration.apply`."""
        for are_new, several in itertools.groupby(self.operations, key=_makes_something_new):
            if are_new and not collect_sql:
                project_state = self._make(list(several), project_state, schema_editor)
            else:
                part = copy.copy(self)
                part.operations = list(several)  # type: ignore[misc]  # each instance has its own
                project_state = Migration.apply(part, project_state, schema_editor, collect_sql)
        return project_state

    def _make(
        self,
        operations: list[Operation],
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
    ) -> ProjectState:
        before = project_state.clone()
        # Django's own way to say "render when asked for"; without it, each operation renders.
        project_state.__dict__.pop("apps", None)
        for operation in operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def _makes_something_new(operation: Operation) -> bool:
    return isinstance(operation, CreateModel | AddTrigger)
