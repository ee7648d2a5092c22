"""`manage.py verify_history`: history against its seals, records against their history.

Everything is read in one snapshot that writes nothing, so a role with SELECT alone (or a replica)
suffices. Findings are reported as they are found; memory stays bounded.

How the guilty one is told apart: a seal's digest covers the entries of its rows. If the entries as
listed (`SealedRow`) give the digest, the list is genuine, and a history row that differs from its
entry was changed. If they do not, but entries recomputed from the history rows do, the list was
altered and history is intact. If neither does, the seal itself was changed, or more than one
thing; then the code on paper decides, because it cannot be reached by SQL.
"""

# ruff: noqa: S608  # names of tables and columns come from the models and are quoted

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kallari.history.models import Seal, SealedRow
from kallari.history.seals import guards
from kallari.history.seals.canonical import (
    Header,
    SealedTable,
    entries_digest,
    fixed_session,
    header_bytes,
    quoted,
)
from kallari.history.seals.codes import PaperCode
from kallari.history.seals.findings import Finding, Kind, Report
from kallari.history.seals.tables import (
    SEQUENCE,
    Tracked,
    column_of,
    count_after,
    database_columns,
    entries_of_rows,
    fetch,
    last_history_id,
    rows_sql,
    steps,
    tracked_tables,
)
from kallari.history.seals.writing import sealed_entries

STEP = 50_000

Progress = Callable[[str, int, int], None]
"""Called with what is being checked, how far it is and how far it goes."""


@dataclass
class Verified:
    """What was looked at; the findings went to `report`."""

    since: int = 1
    seals: int = 0
    sealed_rows: int = 0
    unsealed_rows: int = 0
    records: int = 0
    newest_code: str = ""
    findings: int = 0


@dataclass
class _Chain:
    """What the first part learned about the seals."""

    sealed_upto: int = 0
    seals: list[Seal] = field(default_factory=list)
    """Those that are recomputed."""
    unreliable: set[int] = field(default_factory=set)
    """Seals whose list of rows was altered while history is intact."""


def verify_history(
    report: Report,
    *,
    codes: Iterable[PaperCode] = (),
    since: int = 1,
    progress: Progress = lambda what, done, total: None,
) -> Verified:
    """Check everything; call `report` for each finding.

    Args:
        codes: from paper; each must fit its seal.
        since: recompute the rows of seals from this number on only. The links between all seals,
            all records and all guards are checked in any case.

    Raises:
        ValidationError: code ``seal_unknown``, when there is no seal `since`.
    """
    verified = Verified(since=since)

    def count_and_report(finding: Finding) -> None:
        verified.findings += 1
        report(finding)

    outermost = not connection.in_atomic_block
    with transaction.atomic(durable=True):
        if outermost:  # a test's own transaction is its snapshot
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with fixed_session():
            guards.check_guards(count_and_report)
            existing = _check_tables(count_and_report)
            chain = _check_chain(count_and_report, codes, since, verified, progress)
            _check_rows(count_and_report, chain, existing, progress)
            _check_numbers(count_and_report, chain, existing, verified)
            _check_records(count_and_report, existing, verified, progress)
    return verified


# --- Tables -------------------------------------------------------------------------------------


def _check_tables(report: Report) -> list[Tracked]:
    """All history tables and their models' tables must be there; those that are go on."""
    tracked = tracked_tables()
    names = [name for one in tracked for name in (one.table, one.model._meta.db_table)]
    columns = database_columns(names)
    there = []
    for one in tracked:
        lacking = _lacking_columns(one, columns)
        for name in lacking:
            report(
                Finding(
                    Kind.TABLE_CHANGED,
                    _("Falta %(name)s en la base de datos.") % {"name": name},
                    model=one.model._meta.label,
                )
            )
        if not lacking:
            there.append(one)
    return there


def _lacking_columns(one: Tracked, columns: dict[str, list[str]]) -> list[str]:
    live, past = one.model._meta.db_table, one.table
    lacking = [table for table in (live, past) if table not in columns]
    if not lacking:
        for _label, live_column, past_column in one.columns:
            lacking += [f"{live}.{live_column}"] if live_column not in columns[live] else []
            lacking += [f"{past}.{past_column}"] if past_column not in columns[past] else []
    return lacking


# --- The chain ----------------------------------------------------------------------------------


def _check_chain(
    report: Report,
    codes: Iterable[PaperCode],
    since: int,
    verified: Verified,
    progress: Progress,
) -> _Chain:
    seals = list(
        Seal.objects.order_by("number").annotate(sealed_at_text=Cast("sealed_at", TextField()))
    )
    newest = seals[-1].number if seals else 1
    if since > newest:
        raise ValidationError(
            _("No hay sello %(number)s: el último es el %(newest)s."),
            code="seal_unknown",
            params={"number": since, "newest": newest},
        )
    _check_links(report, seals)
    _check_codes(report, seals, codes)
    chain = _Chain(
        sealed_upto=seals[-1].upto_id if seals else 0,
        seals=[seal for seal in seals if seal.number >= since],
    )
    verified.seals = len(seals)
    verified.newest_code = seals[-1].code if seals else ""
    total = sum(seal.row_count for seal in chain.seals)
    for seal in chain.seals:
        verified.sealed_rows += _check_digest(report, seal, chain)
        progress(_("Cadena de sellos"), verified.sealed_rows, total)
    if since <= 1:
        _check_stray_entries(report, verified.sealed_rows)
    return chain


def _check_links(report: Report, seals: list[Seal]) -> None:
    """Numbers 1, 2, 3…, each beginning where the one before ends and naming its digest."""
    number, upto, digest = 0, 0, None
    for seal in seals:
        if seal.number != number + 1:
            report(
                Finding(
                    Kind.CHAIN_BROKEN,
                    _("Antes del sello %(number)s falta el sello %(missing)s.")
                    % {"number": seal.number, "missing": number + 1},
                    seal=seal.number,
                )
            )
        elif seal.after_id != upto or seal.previous_digest != digest:
            report(
                Finding(
                    Kind.CHAIN_BROKEN,
                    _("El sello %(number)s no continúa el sello anterior.")
                    % {"number": seal.number},
                    seal=seal.number,
                )
            )
        number, upto, digest = seal.number, seal.upto_id, seal.digest


def _check_codes(report: Report, seals: list[Seal], codes: Iterable[PaperCode]) -> None:
    by_number = {seal.number: seal for seal in seals}
    for code in codes:
        seal = by_number.get(code.number)
        if seal is None:
            message = _("El sello %(number)s, anotado en papel, ya no está.")
        elif not code.fits(seal.digest):
            message = _("El sello %(number)s no es el que se anotó en papel: fue rehecho.")
        else:
            continue
        report(Finding(Kind.CODE_DIFFERS, message % {"number": code.number}, seal=code.number))


def _check_digest(report: Report, seal: Seal, chain: _Chain) -> int:
    """Recompute one seal from the listed entries; tell what is wrong. Returns the entries read."""
    tables: list[SealedTable] = seal.tables
    start = header_bytes(
        Header(
            number=seal.number,
            previous_digest=seal.previous_digest,
            sealed_at=seal.sealed_at_text,  # type: ignore[attr-defined]  # selected by _check_chain
            after_id=seal.after_id,
            upto_id=seal.upto_id,
            row_count=seal.row_count,
            tables=tables,
        )
    )
    digest, count = entries_digest(sealed_entries(tables, seal.after_id, seal.upto_id), start)
    if digest == seal.digest and count == seal.row_count:
        return count
    intact = not _unreadable(tables, database_columns([one["table"] for one in tables]))
    if intact and (
        entries_digest(entries_of_rows(tables, seal.after_id, seal.upto_id), start)
        == (seal.digest, seal.row_count)
    ):
        chain.unreliable.add(seal.number)
        message = _(
            "La lista de filas del sello %(number)s fue alterada. La historia misma da la huella"
            " del sello: está intacta."
        )
        kind = Kind.LIST_ALTERED
    else:
        message = _(
            "El sello %(number)s no da su propia huella: fue cambiado el sello, o su lista y la"
            " historia a la vez. Compárelo con el código anotado en papel."
        )
        kind = Kind.CHAIN_BROKEN
    report(Finding(kind, message % {"number": seal.number}, seal=seal.number))
    return count


def _check_stray_entries(report: Report, counted: int) -> None:
    stray = SealedRow.objects.count() - counted
    if stray:
        report(
            Finding(
                Kind.LIST_ALTERED,
                ngettext(
                    "La lista de filas selladas tiene %(count)s fila que no es de ningún sello.",
                    "La lista de filas selladas tiene %(count)s filas que no son de ningún sello.",
                    stray,
                )
                % {"count": stray},
            )
        )


# --- History rows against the seals -------------------------------------------------------------


def _check_rows(report: Report, chain: _Chain, existing: list[Tracked], progress: Progress) -> None:
    labels = {one.table: one.model._meta.label for one in existing}
    total = chain.seals[-1].upto_id - chain.seals[0].after_id if chain.seals else 0
    for _tables, seals in groupby(chain.seals, key=lambda seal: seal.tables):
        run = _Run(list(seals), existing)
        run.report_missing_columns(report, labels)
        for low, high in run.steps():
            for finding in run.differences(low, high, chain, labels):
                report(finding)
            progress(_("Historia sellada"), high - chain.seals[0].after_id, total)


class _Run:
    """Neighbouring seals that cover the same tables and columns: checked in one sweep."""

    def __init__(self, seals: list[Seal], existing: list[Tracked]) -> None:
        self.seals = seals
        sealed: list[SealedTable] = seals[0].tables
        later = [
            SealedTable(table=one.table, object=one.object_column, columns=["history_id"])
            for one in existing
            if one.table not in {covered["table"] for covered in sealed}
        ]  # tables made after these seals: no row of theirs belongs here
        self.names = [covered["table"] for covered in [*sealed, *later]]
        columns = database_columns(self.names)
        self.unreadable = _unreadable(sealed, columns)
        self.readable = [
            (index, covered)
            for index, covered in enumerate([*sealed, *later])
            if covered["table"] not in self.unreadable
        ]

    def report_missing_columns(self, report: Report, labels: dict[str, str]) -> None:
        for table, missing in self.unreadable.items():
            report(
                Finding(
                    Kind.TABLE_CHANGED,
                    _("Falta %(name)s, que los sellos %(first)s a %(last)s cubren.")
                    % {
                        "name": ", ".join(missing),
                        "first": self.seals[0].number,
                        "last": self.seals[-1].number,
                    },
                    model=labels.get(table, table),
                    seal=self.seals[0].number,
                )
            )

    def steps(self) -> Iterable[tuple[int, int]]:
        tables = [SealedRow._meta.db_table, *(covered["table"] for _, covered in self.readable)]
        return steps(tables, self.seals[0].after_id, self.seals[-1].upto_id, STEP)

    def differences(
        self, low: int, high: int, chain: _Chain, labels: dict[str, str]
    ) -> Iterable[Finding]:
        """Where the listed entries and the history rows of one step disagree."""
        rows = rows_sql(self.readable) or (
            "SELECT NULL::bigint AS history_id, NULL::smallint AS table_index,"
            " NULL::text AS object_pk, NULL::bytea AS digest WHERE false"
        )
        sql = f"""
            SELECT coalesce(l.history_id, r.history_id), coalesce(l.table_index, r.table_index),
                   l.object_pk, r.object_pk, l.digest = r.digest
            FROM (
                SELECT * FROM {quoted(SealedRow._meta.db_table)}
                WHERE history_id > %(after)s AND history_id <= %(upto)s
                AND table_index <> ALL (%(unreadable)s)
            ) l
            FULL JOIN ({rows}) r
            ON l.history_id = r.history_id AND l.table_index = r.table_index
            WHERE l.digest IS DISTINCT FROM r.digest OR l.object_pk IS DISTINCT FROM r.object_pk
            ORDER BY 1, 2
        """
        unreadable = [i for i, name in enumerate(self.names) if name in self.unreadable]
        params = {"after": low, "upto": high, "unreadable": unreadable}
        for history_id, index, listed, present, same in fetch(sql, params):
            seal = next((s for s in self.seals if history_id <= s.upto_id), self.seals[-1])
            table = self.names[index] if 0 <= index < len(self.names) else ""
            yield _difference(
                Finding(
                    Kind.ROW_CHANGED,
                    "",
                    model=labels.get(table, table),
                    object_pk=present if present is not None else listed,
                    history_id=history_id,
                    seal=seal.number,
                ),
                listed=listed is not None,
                present=present is not None,
                same=bool(same),
                list_altered=seal.number in chain.unreliable,
            )


def _difference(
    row: Finding, *, listed: bool, present: bool, same: bool, list_altered: bool
) -> Finding:
    if list_altered or same:
        kind = Kind.LIST_ALTERED
        message = _("En la lista del sello %(seal)s está alterada la fila %(id)s.")
    elif not present:
        kind = Kind.ROW_REMOVED
        message = _("Fila %(id)s: estaba cuando se hizo el sello %(seal)s y ya no está.")
    elif not listed:
        kind = Kind.ROW_INSERTED
        message = _("Fila %(id)s: no estaba cuando se hizo el sello %(seal)s.")
    else:
        kind = Kind.ROW_CHANGED
        message = _("Fila %(id)s: no es la misma que cuando se hizo el sello %(seal)s.")
    return Finding(
        kind,
        message % {"id": row.history_id, "seal": row.seal},
        model=row.model,
        object_pk=row.object_pk,
        history_id=row.history_id,
        seal=row.seal,
    )


def _unreadable(tables: list[SealedTable], columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """The sealed tables that cannot be recomputed: table → what is missing of it."""
    unreadable = {}
    for covered in tables:
        name = covered["table"]
        if name not in columns:
            unreadable[name] = [name]
        elif missing := sorted(set(covered["columns"]) - set(columns[name])):
            unreadable[name] = [f"{name}.{column}" for column in missing]
    return unreadable


# --- Numbers and order --------------------------------------------------------------------------


def _check_numbers(
    report: Report, chain: _Chain, existing: list[Tracked], verified: Verified
) -> None:
    """No number that the sequence never gave, none twice, no change before a creation."""
    sealed = chain.sealed_upto
    last = last_history_id()
    verified.unsealed_rows = count_after(sealed)
    if last < sealed:
        report(
            Finding(
                Kind.FUNCTION_REPLACED,
                _("La numeración %(name)s fue puesta atrás: lo nuevo no se podrá sellar.")
                % {"name": SEQUENCE},
            )
        )
    for one in existing:
        for history_id, object_pk in fetch(_never_given_sql(one), {"last": max(last, sealed)}):
            report(
                Finding(
                    Kind.ROW_INSERTED,
                    _("Fila %(id)s: ese número no lo dio la base de datos.") % {"id": history_id},
                    model=one.model._meta.label,
                    object_pk=object_pk,
                    history_id=history_id,
                )
            )
        for history_id, object_pk in fetch(_impossible_order_sql(one)):
            report(
                Finding(
                    Kind.ROW_IMPOSSIBLE,
                    _("Fila %(id)s: no puede venir después de la anterior del mismo registro.")
                    % {"id": history_id},
                    model=one.model._meta.label,
                    object_pk=object_pk,
                    history_id=history_id,
                )
            )
    for history_id, tables in fetch(_twice_sql(existing), {"after": sealed}):
        report(
            Finding(
                Kind.ROW_INSERTED,
                _("El número %(id)s está dos veces: en %(tables)s.")
                % {"id": history_id, "tables": ", ".join(tables)},
                history_id=history_id,
            )
        )


def _never_given_sql(one: Tracked) -> str:
    return (
        f"SELECT history_id, {quoted(one.object_column)}::text FROM {quoted(one.table)}"
        " WHERE history_id > %(last)s OR history_id < 1 ORDER BY 1"
    )


def _impossible_order_sql(one: Tracked) -> str:
    object_column = quoted(one.object_column)
    return f"""
        SELECT history_id, object_pk FROM (
            SELECT history_id, {object_column}::text AS object_pk, history_type AS kind,
                   lag(history_type) OVER (PARTITION BY {object_column} ORDER BY history_id) AS last
            FROM {quoted(one.table)}
        ) h
        WHERE CASE WHEN kind = '+' THEN last <> '-' ELSE last IS NULL OR last = '-' END
        ORDER BY 1
    """


def _twice_sql(existing: list[Tracked]) -> str:
    every = " UNION ALL ".join(
        f"SELECT history_id, '{one.model._meta.label}' AS label FROM {quoted(one.table)}"
        " WHERE history_id > %(after)s"
        for one in existing
    )
    return (
        f"SELECT history_id, array_agg(label ORDER BY label) FROM ({every}) h"
        " GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
    )


# --- Records against their history --------------------------------------------------------------


def _check_records(
    report: Report, existing: list[Tracked], verified: Verified, progress: Progress
) -> None:
    for place, one in enumerate(existing):
        progress(_("Registros vivos"), place, len(existing))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {quoted(one.model._meta.db_table)}")
            verified.records += cursor.fetchone()[0]
        labels = [label for label, _live, _past in one.columns]
        for object_pk, history_id, kind, alive, differing in fetch(_records_sql(one)):
            report(
                _record_finding(
                    one, object_pk, history_id, kind, alive, [labels[i] for i in differing]
                )
            )
    progress(_("Registros vivos"), len(existing), len(existing))


def _records_sql(one: Tracked) -> str:
    """Records that differ from their newest history row; `differing` counts columns from 0."""
    key = quoted(one.object_column)
    live_key = quoted(column_of(one.model, one.model._meta.pk.name))
    differs = ", ".join(
        f"CASE WHEN l.{quoted(live)}::text IS DISTINCT FROM h.{quoted(past)}::text THEN {place} END"
        for place, (_label, live, past) in enumerate(one.columns)
    )
    return f"""
        SELECT * FROM (
            SELECT coalesce(l.{live_key}, h.{key})::text AS object_pk, h.history_id, h.history_type,
                   l.{live_key} IS NOT NULL AS alive,
                   CASE WHEN l.{live_key} IS NULL OR h.{key} IS NULL THEN ARRAY[]::int[]
                   ELSE array_remove(ARRAY[{differs}]::int[], NULL) END AS differing
            FROM {quoted(one.model._meta.db_table)} l
            FULL JOIN (
                SELECT DISTINCT ON ({key}) * FROM {quoted(one.table)}
                ORDER BY {key} DESC, history_id DESC
            ) h ON l.{live_key} = h.{key}
        ) r
        WHERE history_id IS NULL OR alive = (history_type = '-') OR (alive AND differing <> '{{}}')
        ORDER BY history_id, object_pk
    """


def _record_finding(
    one: Tracked,
    object_pk: str,
    history_id: int | None,
    kind: str | None,
    alive: bool,
    differing: list[str],
) -> Finding:
    if history_id is None:
        found, message = Kind.LIVE_WITHOUT_HISTORY, _("El registro no tiene historia alguna.")
    elif not alive:
        found = Kind.LIVE_MISSING
        message = _("El registro ya no está, y su historia (fila %(id)s) no dice que se borró.")
    elif kind == "-":
        found = Kind.LIVE_THOUGH_REMOVED
        message = _("El registro está, aunque su historia (fila %(id)s) dice que se borró.")
    else:
        found = Kind.LIVE_CHANGED
        message = _("No coincide con su última historia (fila %(id)s) en: %(fields)s.")
    return Finding(
        found,
        message % {"id": history_id, "fields": ", ".join(differing)},
        model=one.model._meta.label,
        object_pk=object_pk,
        history_id=history_id,
        fields=tuple(differing),
    )
