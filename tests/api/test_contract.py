"""The API keeps the contract it publishes, whatever is sent to it."""

from __future__ import annotations

from io import StringIO

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kallari.accounts.services import make_token
from tests.members.factories import community
from tests.people import make_account


def test_the_description_is_valid_and_complete(db):
    errors = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=errors)
    assert "Warning" not in errors.getvalue()


def test_every_operation_says_what_it_does_in_the_reader_s_language(client, db):
    def summaries(language):
        answer = client.get(
            "/api/v1/schema/", HTTP_ACCEPT="application/json", HTTP_ACCEPT_LANGUAGE=language
        )
        return {
            (path, method): operation.get("summary", "")
            for path, operations in answer.json()["paths"].items()
            for method, operation in operations.items()
        }

    assert [where for where, summary in summaries("es").items() if not summary] == []


@pytest.fixture
def application():
    """The application as a server runs it, on the connection of the test: as Django's own test
    client, it leaves that open after a request."""
    signals = [request_started, request_finished]
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_the_description_announces(db, application, mode):
    """No 5xx, no undescribed status, no body or media type but those described; what the
    description forbids is refused. For administration, who may do everything."""
    community("Rumi Yaku", "Rumi Yacu")
    _token, key = make_token(None, account=make_account("administration"))
    description = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    tried, accepts_anything = [], []
    for found in description.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # an error raises here

        @settings(
            max_examples=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def keeps_the_contract(case):
            around = transaction.atomic()
            # A push commits what it was sent before it looks at it: it must not be inside another
            # transaction, except that of a test.
            around._from_testcase = True  # type: ignore[attr-defined]  # Django's own mark
            with around:
                case.call_and_validate(
                    # Not compressed: what calls the application here does not unpack.
                    headers={"Authorization": f"Token {key}", "Accept-Encoding": "identity"},
                    # The register refuses what no schema can: a name that is taken.
                    excluded_checks=[positive_data_acceptance],
                )
                transaction.set_rollback(True)

        try:
            keeps_the_contract()
        except Unsatisfiable:
            accepts_anything.append(operation.label)
        tried.append(operation.label)
    assert "PATCH /api/v1/communities/{id}/" in tried
