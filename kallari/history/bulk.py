"""The only bulk writes allowed on a model with history.

Django's own `bulk_create`, `bulk_update` and `QuerySet.update` write no history, and
`verify_history` would name every row they touched. These write the rows and their history in one
transaction and a handful of queries a thousand rows.

The history rows are read back from the database after the write, under lock, so that they say
what the records hold, whatever an object in memory holds besides. As with Django's own, `save()`,
`full_clean()` and signals are not called: the caller checks first, and the database's constraints
and triggers hold in any case.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from kallari.history.context import (
    acting,
    current_actor_name,
    current_actor_role,
    current_reason,
    current_request_id,
    require_reason,
)
from kallari.history.records import CREATED

if TYPE_CHECKING:
    from kallari.accounts.models import User

BATCH = 1_000

ModelT = TypeVar("ModelT", bound=models.Model)


@transaction.atomic
def bulk_create_with_history(
    objects: Iterable[ModelT], *, actor: User | None, reason: str = ""
) -> list[ModelT]:
    """Write new rows, each with the creation in its history; return them with their keys.

    Args:
        objects: of one model, not yet saved.
    """
    created = list(objects)
    if created:
        model = type(created[0])
        created = _rows(model).bulk_create(created, batch_size=BATCH)
        _write_history(model, [one.pk for one in created], actor, reason, update=False)
    return created


def insert_with_history(
    *written: tuple[type[models.Model], Sequence[Mapping[str, Any]]], actor: User | None
) -> None:
    """Write new rows and their creation in history, all in one journey to the database: for what
    must be fast, the intake of telephones, imports of years.

    The rows travel as one JSON text a model, and the history is taken from what the table holds
    after its own triggers: several times faster than objects, with the same outcome.

    Args:
        written: models, each with rows of the same columns each, by the names of the columns in
            the database, with values as JSON has them (numbers with decimals and instants as
            text). Columns with a default of the database's own (numbers that count up) may be left
            out, others not. Written in this order: what is referred to first.

    Raises:
        IntegrityError: a constraint refuses a row; nothing is written then.
    """
    filled = [(model, rows) for model, rows in written if rows]
    if not filled:
        return
    # Sent together: all or nothing by itself, without a savepoint's two journeys.
    with acting(actor), connection.cursor() as cursor:
        params: list[Any] = []
        for _model, rows in filled:
            params += [
                json.dumps(rows, ensure_ascii=False, separators=(",", ":")),
                timezone.now(),
                actor.pk if actor is not None else None,
                current_request_id(),
                current_actor_name(),
                current_actor_role(),
                current_reason(),
            ]
        cursor.execute(
            ";".join(_insert_sql(model, tuple(rows[0])) for model, rows in filled), params
        )


def as_rows(objects: Iterable[models.Model]) -> list[dict[str, Any]]:
    """What `insert_with_history` takes of new objects of one model, keys and defaults among it.
    Columns that the database fills itself, and keys that count up, are left out."""
    return [
        {
            str(field.column): _as_json(getattr(one, field.attname))
            for field in one._meta.concrete_fields
            if not (field.generated or isinstance(field, models.AutoField))
        }
        for one in objects
    ]


def cleaned(model: type[models.Model], **told: Any) -> dict[str, Any]:
    """Return some fields of a row as its model keeps them, for a row that is written without
    `full_clean()`: text is tidied, and what nobody sees in it is refused.

    Raises:
        ValidationError: what each field says, at the field.
    """
    row = model(**told)
    row.clean_fields(exclude={one.name for one in model._meta.fields} - set(told))
    return {name: getattr(row, name) for name in told}


def _as_json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):  # moments too
        return value.isoformat()
    return str(value)


@cache
def _insert_sql(model: type[models.Model], columns: tuple[str, ...]) -> str:
    quoted = connection.ops.quote_name
    kept = model.history.model  # type: ignore[attr-defined]  # every tracked model has it
    table, history_table = quoted(model._meta.db_table), quoted(kept._meta.db_table)
    told = ", ".join(quoted(column) for column in columns)
    tracked = ", ".join(
        quoted(field.column)
        for field in kept._meta.concrete_fields
        if field.name in {one.name for one in kept.tracked_fields}
    )
    return f"""
        WITH written AS (
            INSERT INTO {table} ({told})
            SELECT {told} FROM json_populate_recordset(NULL::{table}, %s) RETURNING *
        )
        INSERT INTO {history_table}
            ({tracked}, history_date, history_user_id, request_id, actor_name, actor_role,
             history_change_reason, history_type)
        SELECT {tracked}, %s, %s, %s, %s, %s, %s, '{CREATED}' FROM written
    """  # noqa: S608 - names come from the models and are quoted


@transaction.atomic
def bulk_update_with_history(
    objects: Iterable[models.Model], fields: Sequence[str], *, actor: User | None, reason: str
) -> int:
    """Write these `fields` of the objects, each with the change in its history; return how many.

    Args:
        objects: of one model, saved before.

    Raises:
        ValidationError: code ``reason_required``.
        ObjectDoesNotExist: one of the rows is gone.
    """
    changed = list(objects)
    require_reason(reason.strip() or current_reason())
    if not changed:
        return 0
    model = type(changed[0])
    keys = [one.pk for one in changed]
    if len(_lock(model, keys)) < len(set(keys)):
        raise ObjectDoesNotExist(f"{model._meta.label}: a row to be changed is gone")
    _rows(model).bulk_update(changed, fields, batch_size=BATCH)
    _write_history(model, keys, actor, reason, update=True)
    return len(changed)


@transaction.atomic
def update_with_history(
    queryset: models.QuerySet[Any],
    values: Mapping[str, Any],
    *,
    actor: User | None,
    reason: str,
) -> int:
    """Give every row of the queryset these `values` (expressions too), each with the change in
    its history; return how many.

    A row that another transaction changes meanwhile is looked at again once it is locked: it is
    left alone when it no longer belongs to the queryset.

    Raises:
        ValidationError: code ``reason_required``.
    """
    require_reason(reason.strip() or current_reason())
    model = queryset.model
    candidates = _lock(model, queryset.values_list("pk", flat=True))
    keys = list(queryset.filter(pk__in=candidates).order_by("pk").values_list("pk", flat=True))
    if keys:
        _rows(model).filter(pk__in=keys).update(**values)
        _write_history(model, keys, actor, reason, update=True)
    return len(keys)


def _rows(model: type[ModelT]) -> models.QuerySet[ModelT]:
    """All rows, whatever the model's own manager leaves out."""
    return model._base_manager.all()  # Django's documented door


def _lock(model: type[models.Model], keys: Iterable[Any]) -> list[Any]:
    """Lock the rows in the order of their keys, so that two bulk writes never block each other
    for ever; return the keys of those that are there."""
    rows = _rows(model).select_for_update().filter(pk__in=list(keys)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _write_history(
    model: type[models.Model],
    keys: Collection[Any],
    actor: User | None,
    reason: str,
    *,
    update: bool,
) -> None:
    history = get_history_manager_for_model(model)
    with acting(actor, reason=reason.strip()):
        for batch in _batches(keys):
            stored = _rows(model).in_bulk(batch)
            history.bulk_history_create(
                [stored[key] for key in batch],
                update=update,
                default_change_reason=current_reason(),
            )


def _batches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch
