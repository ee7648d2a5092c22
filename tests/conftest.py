"""What every test stands on: fast and closed to the world, with people of every role at hand."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import hypothesis
import pgtrigger
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.backends.postgresql.creation import DatabaseCreation
from django.test import Client, TransactionTestCase, override_settings
from rest_framework.test import APIClient

from kallari.accounts.models import User
from tests.people import make_account, sign_in

# --- How the suite runs -------------------------------------------------------------------------

# How long an example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """The whole suite uses every processor; named tests run here, without the cost of workers."""
    if config.args_source is pytest.Config.ArgsSource.ARGS and config.args != ["tests"]:
        return 0
    return None


def pytest_configure() -> None:
    """Let the test database be dropped although a connection is still open to it.

    Inside the browser's event loop Django keeps connections of its own, so that whichever side
    the suite ends on, the other side's connection is left. Ours alone are ended: WITH (FORCE)
    fails while an autovacuum worker is there, which a plain DROP asks to go.
    """

    def destroy(self: DatabaseCreation, test_database_name: str, verbosity: int) -> None:
        name = self.connection.ops.quote_name(test_database_name)
        with self._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # not in the stubs
            cursor.execute(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = %s AND usename = current_user
                """,
                [test_database_name],
            )
            cursor.execute(f"DROP DATABASE {name}")

    DatabaseCreation._destroy_test_db = destroy  # type: ignore[attr-defined]  # not in the stubs


@pytest.fixture(scope="session", autouse=True)
def _quick_and_self_contained() -> Iterator[None]:
    """Cheap password digests; static files straight from their folders, without collectstatic."""
    with override_settings(
        PASSWORD_HASHERS=[
            "django.contrib.auth.hashers.MD5PasswordHasher",
            *django_settings.PASSWORD_HASHERS,
        ],
        STORAGES=django_settings.STORAGES
        | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture
def production_password_hashers(settings: Any) -> None:
    """The password digests of production, for tests about passwords themselves."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]


FEW_BYTES = 4_000_000


def _delete_the_few_rows_there_are() -> bool:
    """Whether all tables are empty now: TRUNCATE makes each of a thousand tables and indexes anew,
    a second for a test that wrote ten rows. Many rows are left to it."""
    names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT quote_ident(relname), pg_relation_size(oid) FROM pg_class
            WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0
            """,
            [names],
        )
        filled = dict(cursor.fetchall())
        if sum(filled.values()) > FEW_BYTES:
            return False
        with transaction.atomic():
            for name in filled:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - quoted by the database
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    return True


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    """Between transactional tests all tables are emptied, the append-only ones too."""
    empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # in Django

    def _fixture_teardown(self: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            if not _delete_the_few_rows_there_are():
                empty_tables(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _fixture_teardown)
        yield


# --- Nobody calls outside -----------------------------------------------------------------------


class CalledOutsideError(BaseException):
    """A test tried to reach another machine. Not an Exception, so that no code swallows it."""


@cache
def _is_here(host: str) -> bool:
    if host in {"", "localhost", "ip6-localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _refuse_elsewhere(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and not _is_here(name):
        raise CalledOutsideError(f"a test tried to reach {name!r}")


@pytest.fixture(scope="session", autouse=True)
def _no_other_machine() -> Iterator[None]:
    """Refuse every connection and every name look-up that leaves this machine.

    A database that DATABASE_URL puts elsewhere is not affected: libpq opens its own sockets.
    """
    plain_socket = socket.socket
    resolve = socket.getaddrinfo

    class LocalSocket(plain_socket):  # type: ignore[misc,valid-type]  # socket.socket is a variable
        def connect(self, address: Any) -> None:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _refuse_elsewhere(address[0])
            super().connect(address)

        def connect_ex(self, address: Any) -> int:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _refuse_elsewhere(address[0])
            return super().connect_ex(address)

        def sendto(self, *arguments: Any) -> int:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _refuse_elsewhere(arguments[-1][0])
            return super().sendto(*arguments)

    def local_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_elsewhere(host)
        return resolve(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", LocalSocket)
        patch.setattr(socket, "getaddrinfo", local_getaddrinfo)
        yield


# --- People -------------------------------------------------------------------------------------


@pytest.fixture
def account(db: None) -> Callable[[str], User]:
    """`account("manager")`: the account of a role (or "superuser", "nobody"), made at first use."""
    return cache(make_account)


def _role_fixture(role: str) -> Any:
    @pytest.fixture(name=role)
    def role_account(account: Callable[[str], User]) -> User:
        return account(role)

    return role_account


administration = _role_fixture("administration")
manager = _role_fixture("manager")
center_operator = _role_fixture("center_operator")
extension_agent = _role_fixture("extension_agent")
accountant = _role_fixture("accountant")
surveillance = _role_fixture("surveillance")
delegate = _role_fixture("delegate")
auditor = _role_fixture("auditor")
superuser = _role_fixture("superuser")
nobody = _role_fixture("nobody")


@pytest.fixture
def client_of(account: Callable[[str], User]) -> Callable[[str], Client]:
    """`client_of("auditor")`: a browser signed in as that role; "anonymous" as nobody at all."""

    def make(actor: str) -> Client:
        return Client() if actor == "anonymous" else sign_in(Client(), account(actor))

    return make


@pytest.fixture
def anonymous() -> Client:
    """A browser that is not signed in."""
    return Client()


@pytest.fixture
def api_client_of(account: Callable[[str], User]) -> Callable[[str], APIClient]:
    """`api_client_of("manager")`: a program that speaks JSON in the name of that role."""

    def make(actor: str) -> APIClient:
        client = APIClient()
        if actor != "anonymous":
            sign_in(client, account(actor))
        return client

    return make


@pytest.fixture
def group(db: None) -> Callable[[str], Group]:
    """`group("manager")`: the group that a role is."""
    return lambda role: Group.objects.get(name=role)
