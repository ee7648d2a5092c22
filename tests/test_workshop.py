"""The tests' own tools: what they promise holds."""

from __future__ import annotations

import http.client
import socket
import warnings
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError
from django.test import Client

from kallari.accounts.models import User
from tests.conftest import CalledOutsideError
from tests.people import ACTORS, make_account


def test_a_test_cannot_reach_another_machine() -> None:
    with pytest.raises(CalledOutsideError):
        http.client.HTTPConnection("192.0.2.1", 80, timeout=1).connect()
    with pytest.raises(CalledOutsideError):
        http.client.HTTPConnection("example.org", 80, timeout=1).connect()


def test_a_test_can_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as connected:
            assert connected.getpeername() == server.getsockname()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="so it is"):
        warnings.warn("so it is", stacklevel=1)


def test_every_role_has_an_account_at_hand(account: Callable[[str], User]) -> None:
    for actor in set(ACTORS.values()) - {"superuser", "nobody", "anonymous"}:
        assert account(actor).role_names == {actor}
    assert account("superuser").role_names == frozenset()
    assert account("superuser").is_superuser
    assert account("nobody").role_names == frozenset()
    assert not account("nobody").is_superuser


def test_a_role_added_to_the_matrix_gets_a_letter() -> None:
    from kallari.roles import Role

    assert {role.value for role in Role} == set(ACTORS.values()) - {
        "superuser",
        "nobody",
        "anonymous",
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_append_only_tables_are_empty_again_after_a_transactional_test(turn: str) -> None:
    assert not get_user_model().objects.exists()
    assert not User.history.exists()
    make_account("auditor")
    assert User.history.count() == 1
    with pytest.raises((InternalError, DatabaseError), match="append-only"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_historicaluser")


def test_client_of_signs_in(client_of: Callable[[str], Client]) -> None:
    assert client_of("auditor").get("/healthz").wsgi_request.user.get_username() == "prueba-auditor"
    assert client_of("anonymous").get("/healthz").wsgi_request.user.is_anonymous
