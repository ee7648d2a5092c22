"""Start everything: database, migrations, demo data at the first start, production server."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress
from getpass import getpass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from kallari import first_start, roles, serving
from kallari.embedded_postgres import Cluster, EmbeddedPostgresError
from kallari.rules.services import enter_shipped_values

if TYPE_CHECKING:
    import socket
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Pone en marcha todo: base de datos, migraciones, datos de demostración la primera vez,"
        " y el servidor. Ctrl-C lo detiene todo."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="puerto (8000)")
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="dirección en la que escucha (127.0.0.1); con datos de demostración, solo locales",
        )
        parser.add_argument(
            "--empty",
            action="store_true",
            help="sin datos de demostración: pide la primera cuenta de administración,"
            " o la toma de KALLARI_ADMIN_USERNAME y KALLARI_ADMIN_PASSWORD",
        )

    def handle(self, *, host: str, port: int, empty: bool, **_options: Any) -> None:
        with (
            suppress(serving.Ended),
            serving.ending_on_signals(),
            serving.listen(host, port) as listener,
        ):
            self._serve(listener, host=host, empty=empty)
        self._say("Kallari se detuvo.")

    def _serve(self, listener: socket.socket, *, host: str, empty: bool) -> None:
        with ExitStack() as stack:
            cluster = None
            try:
                if settings.EMBEDDED_DATABASE:
                    cluster = Cluster()
                    self._say(f"Arranca la base de datos, en {cluster.place}…")
                    stack.enter_context(cluster.in_use())
                self._prepare(host=host, empty=empty)
            except EmbeddedPostgresError as error:
                raise CommandError(str(error)) from error
            except OperationalError as error:
                raise CommandError(f"La base de datos no contesta: {error}") from error
            finally:
                connection.close()
            server = serving.Server(listener)
            stack.callback(server.end)
            server.start()
            server.wait_until_it_answers()
            self._greet(listener)
            serving.watch(server, cluster, self._say)

    # Before serving

    def _prepare(self, *, host: str, empty: bool) -> None:
        with first_start.preparing_the_database():
            if pending := first_start.pending_migrations():
                self._say(f"Prepara las tablas ({pending} pasos)…")
                first_start.migrate()
            roles.fill_groups()  # a release may change the matrix and no table
            enter_shipped_values()  # or bring a rule
            if not first_start.has_accounts():
                if empty:
                    self._create_first_administrator()
                else:
                    self._check_host(host)
                    self._say("Carga los datos de demostración…")
                    first_start.load_demo()
            elif empty:
                self._say("La base de datos ya tiene cuentas: --empty no cambia nada.")
            if first_start.holds_demo_data():
                self._check_host(host)
        first_start.collect_static_files(self._say)

    def _check_host(self, host: str) -> None:
        if not serving.is_loopback(host):
            raise CommandError(
                "Con datos de demostración las contraseñas son públicas: Kallari solo escucha en"
                f" esta máquina, no en {host}. Quite --host, o empiece con una base de datos vacía:"
                " python3 manage.py up --empty"
            )

    def _create_first_administrator(self) -> None:
        username = os.environ.get("KALLARI_ADMIN_USERNAME", "")
        password = os.environ.get("KALLARI_ADMIN_PASSWORD", "")
        if username and password:
            try:
                self._create(username, password, "")
            except ValidationError as error:
                raise CommandError(
                    "KALLARI_ADMIN_USERNAME o KALLARI_ADMIN_PASSWORD no sirve: "
                    + " ".join(error.messages)
                ) from error
            return
        if not sys.stdin.isatty():
            raise CommandError(
                "Falta la primera cuenta de administración. Como no hay terminal, indique"
                " KALLARI_ADMIN_USERNAME y KALLARI_ADMIN_PASSWORD en el entorno."
            )
        self._say("Primera cuenta de administración:")
        while True:
            username = input("  usuario: ").strip()
            full_name = input("  nombre completo: ").strip()
            password = getpass("  contraseña: ")
            if password != getpass("  otra vez: "):
                self._say("  Las dos contraseñas no son iguales.")
                continue
            try:
                self._create(username, password, full_name)
            except ValidationError as error:
                self._say("  " + " ".join(error.messages))
            else:
                return

    def _create(self, username: str, password: str, full_name: str) -> None:
        validate_password(password, get_user_model()(username=username, full_name=full_name))
        first_start.create_first_administrator(
            username=username, password=password, full_name=full_name
        )

    # While serving

    def _greet(self, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        lines = ["", f"Kallari está lista: http://{shown}:{port}/"]
        if first_start.holds_demo_data():
            from kallari.accounts.demo import DEMO_ACCOUNTS

            rows = [("usuario", "contraseña", "rol")]
            rows += [(each.username, each.password, each.role_label) for each in DEMO_ACCOUNTS]
            widths = [max(len(row[column]) for row in rows) for column in range(3)]
            lines += [
                "",
                "Datos inventados, de demostración; se entra solo desde esta máquina con:",
            ]
            lines += [
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                for row in rows
            ]
        lines += ["", "Ctrl-C la detiene.", ""]
        connection.close()
        self._say("\n".join(line.rstrip() for line in lines))

    def _say(self, text: str) -> None:
        """Print at once; a closed terminal is no reason to fail."""
        with suppress(OSError):
            self.stdout.write(text)
            self.stdout.flush()
