"""The tests about history begin with none: the rules that come with the program are taken away."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import connection

from kallari.rules.declaring import declared_rules
from kallari.rules.models import RuleValue


@pytest.fixture(autouse=True)
def _no_history_yet(request: pytest.FixtureRequest) -> None:
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if not asked and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("transactional_db" if "transactional_db" in asked else "db")
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM rules_historicalrulevalue")
        cursor.execute("DELETE FROM rules_rulevalue")


@pytest.fixture
def rules_in_force(_no_history_yet: None) -> None:
    """The rules again, for pages that ask for them; without a history, which stays empty."""
    RuleValue.objects.bulk_create(
        RuleValue(
            key=rule.key,
            value=rule.kind.stored(dated.value),
            valid_from=dated.valid_from,
            source=dated.source,
        )
        for rule in declared_rules()
        for dated in rule.shipped
    )
