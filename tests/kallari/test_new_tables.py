"""A migration that makes many tables in one step leaves what Django's own leaves."""

from __future__ import annotations

from typing import Any

import pgtrigger
import pytest
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger

from kallari.new_tables import NewTables


def _key() -> Any:
    return models.BigAutoField(primary_key=True)


def _no_change(table: str) -> Trigger:
    source = pgtrigger.Trigger(
        name="no_change",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="RAISE EXCEPTION 'never';",
    )

    class Meta:
        app_label = "made_up"
        db_table = table

    model = type(f"Of{table}", (models.Model,), {"Meta": Meta, "__module__": __name__})
    return source.compile(model)  # type: ignore[arg-type]  # it takes the class


OPERATIONS: list[Any] = [
    migrations.CreateModel("Basket", [("id", _key()), ("name", models.TextField())]),
    AddTrigger("basket", _no_change("made_up_basket")),
    migrations.CreateModel(
        "Fruit",
        [
            ("id", _key()),
            ("basket", models.ForeignKey("made_up.Basket", models.PROTECT)),
        ],
    ),
    # Not new: each sees what those before it have left.
    migrations.AddField("basket", "best", models.ForeignKey("made_up.Fruit", models.PROTECT)),
    migrations.RunPython(
        lambda apps, _editor: apps.get_model("made_up", "Basket")._meta.get_field("best")
    ),
    migrations.CreateModel("Leaf", [("id", _key())]),
    AddTrigger("fruit", _no_change("made_up_fruit")),
    migrations.RenameField("basket", "name", "title"),
]


class OneStep(NewTables):
    operations = OPERATIONS


class StepByStep(Migration):
    operations = OPERATIONS


def _made_by(kind: type[Migration]) -> tuple[Any, ...]:
    """Tables with columns, constraints and triggers, and what the models look like, of a migration
    that is then undone."""
    state = ProjectState()
    state.apps  # noqa: B018 - rendered, as the executor hands it over
    with connection.schema_editor() as editor:
        state = kind("0001", "made_up").apply(state, editor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_name LIKE 'made\\_up\\_%' ORDER BY 1, 2"
        )
        columns = cursor.fetchall()
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE 'made\\_up\\_%' ORDER BY 1, 2"
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'made\\_up\\_%' ORDER BY 1, 2"
        )
        triggers = cursor.fetchall()
        cursor.execute("DROP TABLE made_up_basket, made_up_fruit, made_up_leaf CASCADE")
    rendered = {
        model.__name__: sorted(field.name for field in model._meta.get_fields())
        for model in state.apps.get_models()
    }
    return columns, constraints, triggers, rendered


@pytest.mark.django_db(transaction=True)
def test_tables_made_in_one_step_are_those_made_step_by_step() -> None:
    at_once = _made_by(OneStep)
    columns, constraints, triggers, rendered = at_once
    assert ("made_up_basket", "title", "text") in columns
    assert len([one for _table, one in constraints if one.startswith("FOREIGN KEY")]) == 2
    assert [table for table, _name in triggers] == ["made_up_basket", "made_up_fruit"]
    assert rendered["Basket"] == ["best", "fruit", "id", "title"]
    assert at_once == _made_by(StepByStep)
