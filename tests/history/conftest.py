"""The tests about history begin with none: the rules that come with the program are taken away."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _no_history_yet(request: pytest.FixtureRequest) -> None:
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if not asked and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("transactional_db" if "transactional_db" in asked else "db")
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM rules_historicalrulevalue")
        cursor.execute("DELETE FROM rules_rulevalue")
