"""Write the whole record, database and files, to one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from kallari.backups import BackupError, write_backup
from kallari.management.progress import ProgressLine

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Guarda todo, la base de datos y los archivos, en una sola copia comprobable."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="ARCHIVO", type=Path, help="dónde guardar la copia")

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            with ProgressLine(self.stderr) as line:
                size = write_backup(file.absolute(), line.show_size)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Copia guardada en {file} ({size / 2**20:.1f} MB). Guárdela en otro lugar: contiene"
            " datos personales."
        )
