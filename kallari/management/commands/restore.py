"""Bring the database and the files to what a backup holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError

from kallari.backups import BackupError, restore_backup
from kallari.management.progress import ProgressLine

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Recupera una copia hecha con «backup»; la comprueba antes de tocar nada."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="ARCHIVO", type=Path, help="la copia")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="reemplaza todo lo que la base de datos y la carpeta de archivos contienen",
        )

        parser.add_argument(
            "--end-sessions",
            action="store_true",
            help="cierra además todas las sesiones que estaban abiertas el día de la copia",
        )

    def handle(self, *, file: Path, overwrite: bool, end_sessions: bool, **_options: Any) -> None:
        try:
            with ProgressLine(self.stderr) as line:
                restored = restore_backup(file.absolute(), line.show_size, overwrite=overwrite)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Recuperada la copia del {restored.created_at}: {restored.tables} tablas,"
            f" {restored.rows} filas, {restored.files} archivos."
        )
        if end_sessions:
            Session.objects.all().delete()
            UserSession.objects.all().delete()
            self.stdout.write("Se cerraron todas las sesiones.")
        else:
            self.stdout.write(
                "Sesiones, claves y contraseñas son las del día de la copia: lo que se cerró o se"
                " anuló después vuelve a valer. Anúlelo otra vez; --end-sessions cierra todas las"
                " sesiones."
            )
        following = ["python3 manage.py verify_history", "python3 manage.py up"]
        if restored.needs_migrate:
            self.stdout.write("La copia es de una versión anterior del programa.")
            following.insert(0, "python3 manage.py migrate")
        if restored.needs_secret_key:
            self.stdout.write(
                "Los segundos factores están cifrados con otra clave secreta. Ponga la del servidor"
                " de origen en KALLARI_SECRET_KEY (o KALLARI_SECRET_KEY_FALLBACKS), o nadie podrá"
                " entrar con su código."
            )
        self.stdout.write("\n  ".join(["Ahora:", *following]))
