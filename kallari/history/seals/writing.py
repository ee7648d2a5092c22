"""`manage.py seal`: append one link to the chain, over all history rows since the last one.

Why no row is ever left out: a history row takes its number under a shared advisory lock that it
holds until it is committed or gone (`kallari_next_history_id`). A seal takes the same lock
exclusively for an instant to read the newest number. Nobody holds the lock then, so every row
with a number up to that one is there to be read, and every later row has a greater number.
"""

# names of tables and columns come from the models and are quoted

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kallari.history.models import Seal, SealedRow
from kallari.history.seals import canonical
from kallari.history.seals.tables import last_history_id, rows_sql, steps, tables_to_seal

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's code for a lock that was not had within lock_timeout."""

STEP = 50_000
"""Rows written by one statement, between two reports of progress."""

Progress = Callable[[int, int], None]
"""Called with how far the work is and how far it goes."""


class SealError(Exception):
    """The history cannot be sealed now; the message says to a person what to do."""


def seal(
    *,
    progress: Progress = lambda done, total: None,
    attempts: int = 30,
    lock_timeout_ms: int = 1_000,
    pause_seconds: float = 1.0,
) -> Seal | None:
    """Seal what was written since the newest seal, in one transaction: a seal that is interrupted
    leaves nothing behind. None when nothing was written: a seal without rows would say nothing
    that the code before it does not say.

    Args:
        attempts, lock_timeout_ms, pause_seconds: how often, how long and at what distance it
            waits for writers to finish. While it waits, new writers wait too, so it waits briefly
            and often.

    Raises:
        SealError: writers did not pause; another seal is being written; the numbering of history
            was tampered with.
    """
    upto = _settled_upto(attempts, lock_timeout_ms, pause_seconds)
    with transaction.atomic(durable=True):
        if not _only_sealer():
            raise SealError(_("Otro sello se está haciendo en este momento. Espere a que termine."))
        newest = Seal.objects.newest()
        after = newest.upto_id if newest else 0
        if upto < after and last_history_id() < after:
            raise SealError(
                _(
                    "La numeración de la historia fue puesta atrás: va por %(now)s y ya se selló"
                    " hasta %(sealed)s. Ejecute verify_history y busque la causa."
                )
                % {"now": upto, "sealed": after}
            )
        if upto <= after:  # nothing was written, or another seal came between
            return None
        with canonical.fixed_session():
            return _append(newest, after, upto, progress)


def _settled_upto(attempts: int, lock_timeout_ms: int, pause_seconds: float) -> int:
    """The newest number below which no row is still on its way."""
    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic(durable=True), connection.cursor() as cursor:
                with canonical.local_settings({"lock_timeout": f"{lock_timeout_ms}"}):
                    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kallari_history'))")
                return last_history_id()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                raise
            if attempt < attempts:
                time.sleep(pause_seconds)
    raise SealError(
        _(
            "Alguien está escribiendo desde hace rato y no se pudo sellar. No se selló nada;"
            " vuelva a intentarlo dentro de unos minutos."
        )
    )


def _only_sealer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('kallari_seal'))")
        return bool(cursor.fetchone()[0])


def _append(newest: Seal | None, after: int, upto: int, progress: Progress) -> Seal | None:
    tables = tables_to_seal()
    try:
        with transaction.atomic():
            row_count = _write_rows(tables, after, upto, progress)
    except IntegrityError as error:
        raise SealError(
            _(
                "Dos filas de la historia llevan el mismo número: alguien escribió en ella con"
                " SQL. No se selló nada; verify_history las nombra."
            )
        ) from error
    if not row_count:
        return None
    sealed_at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz::text", [sealed_at])
        sealed_at_text = cursor.fetchone()[0]
    header = canonical.Header(
        number=newest.number + 1 if newest else 1,
        previous_digest=newest.digest if newest else None,
        sealed_at=sealed_at_text,
        after_id=after,
        upto_id=upto,
        row_count=row_count,
        tables=tables,
    )
    digest, _count = canonical.entries_digest(
        sealed_entries(tables, after, upto), canonical.header_bytes(header)
    )
    return Seal.objects.create(
        number=header.number,
        sealed_at=sealed_at,
        previous_digest=header.previous_digest,
        after_id=after,
        upto_id=upto,
        row_count=row_count,
        tables=tables,
        digest=digest,
    )


def _write_rows(
    tables: list[canonical.SealedTable], after: int, upto: int, progress: Progress
) -> int:
    names = [covered["table"] for covered in tables]
    rows = rows_sql(list(enumerate(tables)))
    written = 0
    table = canonical.quoted(SealedRow._meta.db_table)
    columns = "history_id, table_index, object_pk, digest"
    with connection.cursor() as cursor:
        for low, high in steps(names, after, upto, STEP):
            cursor.execute(
                f"INSERT INTO {table} ({columns}) {rows} ORDER BY 1",  # without history: evidence
                {"after": low, "upto": high},
            )
            written += cursor.rowcount
            progress(high - after, upto - after)
    return written


def sealed_entries(
    tables: list[canonical.SealedTable], after: int, upto: int
) -> Iterator[canonical.Entry]:
    """The entries as they stand in the list of sealed rows, in order. A place that the seal does
    not have (somebody wrote it) becomes an empty name, which gives another digest."""
    names = dict(enumerate(covered["table"] for covered in tables))
    rows = (
        SealedRow.objects.filter(history_id__gt=after, history_id__lte=upto)
        .order_by("history_id")
        .values_list("history_id", "table_index", "object_pk", "digest")
    )
    for history_id, index, object_pk, digest in rows.iterator(chunk_size=20_000):
        yield history_id, names.get(index, ""), object_pk, bytes(digest).hex()
