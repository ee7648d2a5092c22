"""Every app's tables can be made on an empty database, by whoever asks for them first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kallari.history.coverage import our_apps, our_models

ONE_ORDER = ("history", "0001_one_order")
SPELLINGS = ("kallari", "0002_names_in_any_spelling")


def _plan(label: str) -> set[tuple[str, str]]:
    loader = MigrationLoader(connection)
    return {
        node for leaf in loader.graph.leaf_nodes(label) for node in loader.graph.forwards_plan(leaf)
    }


@pytest.mark.django_db
@pytest.mark.parametrize("label", [config.label for config in our_apps()])
def test_an_app_brings_the_functions_that_its_tables_call(label: str) -> None:
    models = [model for model in our_models() if model._meta.app_label == label]
    if any(hasattr(model, "history_object") for model in models):
        assert ONE_ORDER in _plan(label)
    if any(hasattr(model, "search_key") for model in models):
        assert SPELLINGS in _plan(label)
