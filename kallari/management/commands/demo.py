"""``manage.py demo --scale small|full``: invented people in real communities, to try things on."""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from kallari import first_start
from kallari.demo import DemoContext, Scale
from kallari.history.context import acting

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


IN_USE = (
    "Esta base ya tiene datos suyos, y los de demostración se mezclarían con ellos. "
    "No se ha cambiado nada. Para probar, ponga en DATABASE_URL una base vacía."
)


class Command(BaseCommand):
    """Calls ``load(context)`` of every app's ``demo`` module, in the order of INSTALLED_APPS.

    All of it in one transaction. A database that holds somebody's work is left alone: the people
    here are invented, and their passwords are printed.
    """

    help = "Carga personas inventadas en comunidades reales, para probar el programa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale",
            choices=[scale.value for scale in Scale],
            default=Scale.SMALL.value,
            help="small: para mirar, en segundos; full: tan grande como la asociación.",
        )

    def handle(self, *args: Any, scale: str, verbosity: int, **options: Any) -> None:
        """Load the demo data, or say why not; the tables of a new database are made first.

        Raises:
            CommandError: the database holds accounts that are not demo accounts, or rows that an
                app's demo would mix with.
        """
        if first_start.pending_migrations():
            if _holds_accounts():
                raise CommandError(IN_USE)
            first_start.migrate()
        with transaction.atomic():
            self._load(scale=scale, verbosity=verbosity)

    def _load(self, *, scale: str, verbosity: int) -> None:
        modules = [
            import_module(name)
            for config in apps.get_app_configs()
            if find_spec(name := f"{config.name}.demo") and config.name != "kallari"
        ]
        users = get_user_model().objects
        if users.filter(is_demo=True).exists():
            self.stdout.write(
                "Los datos de demostración ya están; no se ha cambiado nada. Para otra escala,"
                " detenga el programa, quite la carpeta var/ (o ponga en DATABASE_URL una base"
                " vacía) y ejecute otra vez esta orden."
            )
            return
        if users.exists() or any(module.in_use() for module in modules):
            raise CommandError(IN_USE)
        say = self.stdout.write if verbosity else lambda _line: None
        started = time.monotonic()
        context = DemoContext(scale=Scale(scale), say=say)
        with acting(reason="datos de demostración"):
            for module in modules:
                module.load(context)
        say(f"Datos de demostración cargados ({scale}), en {time.monotonic() - started:.0f} s.")


def _holds_accounts() -> bool:
    """Whether somebody's account stands in tables that may be older than this program."""
    users = get_user_model()
    tables = connection.introspection.table_names()
    return users._meta.db_table in tables and users.objects.exists()
