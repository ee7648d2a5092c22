"""What a database and the static files need before the application can serve."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from kallari.accounts.models import RoleAssignment, User
from kallari.history.context import acting
from kallari.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREPARING = 0x4B414C4C  # "KALL": the advisory lock of whoever prepares a database


@contextmanager
def preparing_the_database() -> Iterator[None]:
    """One process at a time migrates and fills a database, however many servers start."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
    try:
        yield
    finally:
        connection.close()  # which gives the lock back, whatever state the connection is in


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def has_accounts() -> bool:
    """Whether anybody can sign in; a database without accounts is a new one."""
    return bool(User.objects.exists())


def holds_demo_data() -> bool:
    """Whether the published demo passwords open this database."""
    return bool(User.objects.filter(is_demo=True, is_active=True).exists())


def load_demo() -> None:
    """All or nothing: an interrupted first start begins again at the next."""
    with transaction.atomic():
        call_command("demo", scale="small", verbosity=0)


@transaction.atomic
def create_first_administrator(*, username: str, password: str, full_name: str = "") -> User:
    """The account that installs, and that gives the others their accounts and roles."""
    with acting(reason="Primera cuenta, creada al instalar"):
        user = User.objects.create_superuser(username, password, full_name=full_name)
        RoleAssignment.objects.create(user=user, group=Group.objects.get(name=Role.ADMINISTRATION))
    return user


def collect_static_files(say: Callable[[str], object]) -> None:
    """Copy the static files to where they are served from, if any changed since the last time."""
    target = Path(settings.STATIC_ROOT)
    target.mkdir(parents=True, exist_ok=True)
    lock = os.open(target.parent / "collecting", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark, fingerprint = target / ".collected", _fingerprint_of_static_files()
        if mark.exists() and mark.read_text() == fingerprint:
            return
        say("Reúne los archivos de las páginas…")
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(fingerprint)
    finally:
        os.close(lock)


def _fingerprint_of_static_files() -> str:
    """Names, sizes and times of every static file, in one digest; reads no contents."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
