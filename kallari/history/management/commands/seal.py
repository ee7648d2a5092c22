"""`manage.py seal`: put a seal on everything written since the last one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kallari.history.seals.writing import SealError, seal
from kallari.management.progress import ProgressLine


class Command(BaseCommand):
    help = _(
        "Sella la historia escrita desde el último sello y muestra el código para anotar en papel."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--attempts",
            type=int,
            default=30,
            help=_("Cuántas veces espera un segundo a quien está escribiendo (30)."),
        )

    def handle(self, *args: Any, attempts: int, **options: Any) -> None:
        with ProgressLine(self.stderr) as line:
            try:
                made = seal(
                    attempts=attempts,
                    progress=lambda done, total: line.show(_("Sellando"), done, total),
                )
            except SealError as error:
                raise CommandError(str(error)) from error
        if made is None:
            self.stdout.write(_("Nada nuevo que sellar: vale el código del último sello."))
            return
        self.stdout.write(
            ngettext(
                "Sello %(number)s: %(rows)s fila de la historia.",
                "Sello %(number)s: %(rows)s filas de la historia.",
                made.row_count,
            )
            % {"number": made.number, "rows": made.row_count}
        )
        self.stdout.write(_("Código para anotar en el acta: %(code)s") % {"code": made.code})
