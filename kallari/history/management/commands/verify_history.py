"""`manage.py verify_history`: was history rewritten? Names every row that is not as it was."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kallari.history.seals.codes import read_paper_code
from kallari.history.seals.findings import Finding, Kind
from kallari.history.seals.verifying import Verified, verify_history
from kallari.management.progress import ProgressLine

SHOWN_OF_A_KIND = 100


class Command(BaseCommand):
    help = _(
        "Compara la historia con sus sellos y cada registro con su historia; nombra lo alterado."
        " Termina con 0 si todo está bien, con 1 si encontró algo, con 2 si no pudo revisar."
    )
    requires_system_checks = ()  # what is wrong elsewhere must not keep anybody from looking

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--code",
            action="append",
            default=[],
            help=_("Código anotado en papel; puede darse varias veces."),
        )
        parser.add_argument(
            "--since",
            type=int,
            default=1,
            metavar="N",
            help=_("Recalcula solo las filas de los sellos desde el N; lo demás se revisa igual."),
        )
        parser.add_argument(
            "--json",
            type=Path,
            metavar="FILE",
            help=_("Escribe además todo lo encontrado en este archivo JSON."),
        )

    def handle(
        self, *args: Any, code: list[str], since: int, json: Path | None, **options: Any
    ) -> None:
        try:
            codes = [read_paper_code(text) for text in code]
        except ValidationError as error:
            raise CommandError(error.messages[0], returncode=2) from error
        with ExitStack() as stack:
            line = stack.enter_context(ProgressLine(self.stderr))
            file = None
            if json is not None:
                try:
                    file = stack.enter_context(json.open("w", encoding="utf-8"))
                except OSError as error:
                    raise CommandError(
                        _("No se puede escribir %(file)s: %(why)s.")
                        % {"file": json, "why": error.strerror},
                        returncode=2,
                    ) from error
            listing = _Listing(self, line, file)
            try:
                verified = verify_history(listing.add, codes=codes, since=since, progress=line.show)
            except (DatabaseError, ValidationError) as error:
                why = error.messages[0] if isinstance(error, ValidationError) else error
                raise CommandError(
                    _("No se pudo revisar: %(why)s") % {"why": why}, returncode=2
                ) from error
            listing.end(verified)
        if verified.findings:
            sys.exit(1)


class _Listing:
    """Writes findings as they come: the first of each kind for people, all of them as JSON."""

    def __init__(self, command: Command, line: ProgressLine, file: IO[str] | None) -> None:
        self._command = command
        self._line = line
        self._file = file
        self._kinds: Counter[Kind] = Counter()
        if file:
            file.write('{"findings": [')

    def add(self, finding: Finding) -> None:
        if self._file:
            self._file.write(",\n" if self._kinds else "\n")
            self._file.write(json.dumps(finding.as_dict(), ensure_ascii=False))
        self._kinds[finding.kind] += 1
        if self._kinds[finding.kind] > SHOWN_OF_A_KIND:
            return
        self._line.clear()
        where = finding.model
        if finding.object_pk:
            where = f"{where} {finding.object_pk}"
        title = self._command.style.ERROR(str(finding.kind.label))
        self._command.stdout.write(f"{title} · {where}" if where else title)
        self._command.stdout.write(f"    {finding.message}")

    def end(self, verified: Verified) -> None:
        self._line.clear()
        if self._file:
            self._file.write(f'\n], "summary": {json.dumps(vars(verified))}}}\n')
        write = self._command.stdout.write
        for kind, count in self._kinds.items():
            if count > SHOWN_OF_A_KIND:
                write(
                    _("… y %(count)s más de la clase «%(kind)s» (--json FILE los escribe todos).")
                    % {"count": count - SHOWN_OF_A_KIND, "kind": kind.label}
                )
        write(
            _(
                "Revisado: sellos %(seals)s, filas selladas %(sealed)s, filas sin sellar"
                " %(unsealed)s, registros %(records)s."
            )
            % {
                "seals": verified.seals,
                "sealed": verified.sealed_rows,
                "unsealed": verified.unsealed_rows,
                "records": verified.records,
            }
        )
        if verified.newest_code:
            write(_("Código del último sello: %(code)s") % {"code": verified.newest_code})
        if verified.findings:
            write(
                self._command.style.ERROR(
                    ngettext(
                        "Se encontró %(count)s cosa que no está como debe.",
                        "Se encontraron %(count)s cosas que no están como deben.",
                        verified.findings,
                    )
                    % {"count": verified.findings}
                )
            )
        else:
            write(self._command.style.SUCCESS(self._all_well(verified.since)))

    def _all_well(self, since: int) -> str:
        if since > 1:
            return _(
                "Concuerda todo lo revisado; las filas selladas, solo desde el sello %(number)s."
            ) % {"number": since}
        return _("Todo concuerda: nada fue reescrito.")
