"""The change list: the history of all models in one list, newest first. Reading only.

Order: ``(history_date, history_id)`` descending. A page is found by the place of its border in
that order (keyset), never by counting rows from the start, so that page ten thousand costs what
the first costs, and rows that arrive meanwhile move nothing.

How a page is read, whatever its length:

1. One statement finds the places of its changes. It is a UNION ALL of one branch for each model
   and kind of change; each branch is one index range with its own LIMIT, and PostgreSQL merges
   the heads of the ranges (``Merge Append``) without sorting what it does not show.
2. For each model that occurs: one query for the rows, one for the rows before them.
3. For each model pointed to: one query for the names (see `kallari.history.wording`).

Measured on a million rows by ``tests/benchmarks/change_list.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.history.records import CHANGED, CREATED, REMOVED
from kallari.history.tracked import AnyModel, history_of, is_tracked, tracked_models
from kallari.history.wording import (
    Names,
    Shown,
    is_empty,
    masked_fields,
    name_of,
    plain,
    primary_key,
    shown,
    told_apart,
    tracked_fields,
)

PAGE_SIZE = 50
"""Changes on a page unless somebody asks otherwise."""

EXPORT_CHUNK = 500
"""Changes read at once by an export."""

COUNTED = 10_000
"""Up to here the list says how many changes fit the filters; beyond, "more than"."""

COUNTED_IN_AN_ACT = 1_000
"""The same for the changes of one request, in each model."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST_ID = 2**63 - 1


class Kind(models.TextChoices):
    """What happened to the object."""

    CREATED = CREATED, gettext_lazy("Creación")
    CHANGED = CHANGED, gettext_lazy("Cambio")
    REMOVED = REMOVED, gettext_lazy("Retiro")

    @property
    def code(self) -> str:
        """The kind in the API: created, changed, removed."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Cursor:
    """A border between two pages: everything older (or newer) than one place in the order."""

    at: datetime
    history_id: int
    newer: bool = False

    _WRITTEN = re.compile(r"(?P<way>[ab])(?P<micros>-?[0-9]{1,18})-(?P<id>[0-9]{1,19})", re.ASCII)

    def __str__(self) -> str:
        """The cursor as it stands in an address: way, microseconds since 1970, history id."""
        return f"{'a' if self.newer else 'b'}{(self.at - _EPOCH) // _MICROSECOND}-{self.history_id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor from an address.

        Raises:
            ValidationError: code ``cursor_invalid``, when this list never wrote such a cursor.
        """
        if (match := cls._WRITTEN.fullmatch(text)) and int(match["id"]) <= _LARGEST_ID:
            try:
                at = _EPOCH + int(match["micros"]) * _MICROSECOND
            except OverflowError:
                pass
            else:
                return cls(at, int(match["id"]), newer=match["way"] == "a")
        raise ValidationError(
            _("La dirección de esta página está incompleta. Vuelva al comienzo de la lista."),
            code="cursor_invalid",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which changes; what is None filters nothing. Days are those of America/Guayaquil.

    Attributes:
        model: changes of one kind of record.
        object_pk: changes of one record; needs `model`.
        actor_id: changes made by one account.
        without_account: changes made by commands and visitors.
        since, until: first and last day, both included.
        request_id: everything done in one request or command.
    """

    model: AnyModel | None = None
    object_pk: Any = None
    kind: Kind | None = None
    actor_id: int | None = None
    without_account: bool = False
    since: date | None = None
    until: date | None = None
    request_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.object_pk is not None and self.model is None:
            raise ValueError("object_pk needs model: numbers repeat from model to model.")
        if self.model is not None and not is_tracked(self.model):
            raise ValueError(f"{self.model.__name__} carries no history.")

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one change stands: its model and its place in the order."""

    model: AnyModel
    at: datetime
    history_id: int

    def border(self, *, newer: bool = False) -> Cursor:
        return Cursor(self.at, self.history_id, newer)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list, newest first, and the cursors of its neighbours, if any."""

    places: list[Place]
    older: Cursor | None
    newer: Cursor | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after. Of a masked field, the values stay None.

    `before` and `after` are the values as JSON can carry them; `old` and `new` what is shown.
    """

    name: str
    label: str
    before: Any
    after: Any
    old: Shown
    new: Shown


@dataclass(frozen=True, slots=True)
class Change:
    """One history row in words: who did what to which object, when, why."""

    history_id: int
    at: datetime
    kind: Kind
    model: AnyModel
    object_pk: Any
    object_label: str
    actor_id: int | None
    actor_name: str
    actor_role: str
    request_id: UUID | None
    reason: str
    fields: tuple[FieldChange, ...]
    earlier_known: bool = True
    """False for a change whose object has no earlier history row: all its values are listed."""

    @property
    def model_label(self) -> str:
        return self.model._meta.label_lower

    @property
    def model_name(self) -> str:
        return str(self.model._meta.verbose_name)


@dataclass(slots=True)
class Act:
    """What one person did in one request or command, as far as it stands on the page.

    `total` counts the whole request, whatever the filters; `total_is_more` when counting stopped.
    """

    request_id: UUID | None
    actor_id: int | None
    actor_name: str
    actor_role: str
    changes: list[Change] = field(default_factory=list)
    total: int = 0
    total_is_more: bool = False

    @property
    def at(self) -> datetime:
        """The moment of its newest change on the page."""
        return self.changes[0].at

    @property
    def reason(self) -> str:
        """The reason that all changes share; empty when they have several or none."""
        reasons = {change.reason for change in self.changes}
        return reasons.pop() if len(reasons) == 1 else ""

    @property
    def elsewhere(self) -> int:
        """How many changes of the request do not stand here (other pages, filters, roles)."""
        return max(0, self.total - len(self.changes))


def parse_pk(model: AnyModel, text: str) -> Any:
    """Read the number of a record of `model` from an address.

    Raises:
        ValidationError: code ``object_invalid``, when no record of the model can have it.
    """
    pk = primary_key(model)
    while isinstance(pk, models.ForeignKey):
        pk = pk.target_field
    try:
        value = pk.to_python(text)
        pk.run_validators(value)
    except ValidationError as error:
        raise ValidationError(
            _("Ningún registro de este tipo tiene ese número. Cópielo completo."),
            code="object_invalid",
        ) from error
    return value


def find(filters: Filters, cursor: Cursor | None = None, *, size: int = PAGE_SIZE) -> Page:
    """Return a page of the list.

    Args:
        filters: which changes.
        cursor: the border where the page begins; None for the newest.
        size: changes on the page.
    """
    models_ = _models(filters)
    union, params = _union(filters, models_, cursor, limit=size + 1)
    way = _way(cursor)
    with connection.cursor() as statement:
        statement.execute(
            f"SELECT number, history_id, history_date FROM ({union}) found"  # noqa: S608 - identifiers are our models' tables
            f" ORDER BY history_date {way}, history_id {way} LIMIT %s",
            [*params, size + 1],
        )
        found = [Place(models_[number], at, pk) for number, pk, at in statement.fetchall()]
    more = len(found) > size
    places = found[:size]
    if cursor is None:
        return Page(places, older=places[-1].border() if more else None, newer=None)
    if not places:
        return Page([], older=None, newer=None)
    if cursor.newer:
        places.reverse()
    older, newer = places[-1].border(), places[0].border(newer=True)
    if cursor.newer:
        return Page(places, older=older, newer=newer if more else None)
    return Page(places, older=older if more else None, newer=newer)


def count(filters: Filters, *, limit: int = COUNTED) -> int:
    """Return how many changes fit, at most ``limit + 1``, which means "more than limit"."""
    union, params = _union(filters, _models(filters), None, limit=limit + 1)
    with connection.cursor() as statement:
        statement.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM ({union}) found LIMIT %s) counted",  # noqa: S608 - identifiers are our models' tables
            [*params, limit + 1],
        )
        return int(statement.fetchone()[0])


def describe(places: Sequence[Place]) -> list[Change]:
    """Return the changes at these places, in words, in the same order."""
    by_model: dict[AnyModel, list[int]] = defaultdict(list)
    for place in places:
        by_model[place.model].append(place.history_id)
    rows: dict[int, dict[str, Any]] = {}
    for model, ids in by_model.items():
        rows |= _rows(model, ids)
    names = Names()
    for place in places:
        row = rows[place.history_id]
        names.want(place.model, row)
        if row["_previous"] is not None:
            names.want(place.model, rows[row["_previous"]])
    names.load()
    return [_change(place, rows, names) for place in places]


def read(filters: Filters, *, chunk: int = EXPORT_CHUNK) -> Iterator[Change]:
    """Yield every change that fits, newest first, holding one chunk in memory at a time."""
    cursor = None
    while True:
        page = find(filters, cursor, size=chunk)
        yield from describe(page.places)
        if (cursor := page.older) is None:
            return


def acts(changes: Iterable[Change]) -> list[Act]:
    """Group changes by request and person, in the order of each group's newest change.

    A change outside any request (plain scripts) stands alone.
    """
    groups: dict[object, Act] = {}
    for change in changes:
        key: object = change.history_id
        if change.request_id is not None:
            key = (change.request_id, change.actor_id, change.actor_name, change.actor_role)
        if key not in groups:
            groups[key] = Act(
                change.request_id, change.actor_id, change.actor_name, change.actor_role
            )
        groups[key].changes.append(change)
    totals = _totals({act.request_id for act in groups.values() if act.request_id})
    for act in groups.values():
        counted = totals.get(act.request_id, len(act.changes)) if act.request_id else 1
        act.total_is_more = counted > COUNTED_IN_AN_ACT
        act.total = max(min(counted, COUNTED_IN_AN_ACT), len(act.changes))
    return list(groups.values())


# --- Finding ------------------------------------------------------------------------------------


def _models(filters: Filters) -> list[AnyModel]:
    return [filters.model] if filters.model is not None else tracked_models()


def _way(cursor: Cursor | None) -> str:
    return "ASC" if cursor is not None and cursor.newer else "DESC"


def _union(
    filters: Filters, models_: list[AnyModel], cursor: Cursor | None, *, limit: int
) -> tuple[str, list[Any]]:
    """Return the UNION ALL of the branches, and its parameters.

    The indexes that begin with the kind of change are entered once for each kind; a request or
    an object has its own index, where a kind is only a further condition.
    """
    kinds: list[Kind | None] = [filters.kind]
    if filters.kind is None and filters.request_id is None and filters.object_pk is None:
        kinds = list(Kind)
    branches: list[str] = []
    params: list[Any] = []
    for number, model in enumerate(models_):
        for kind in kinds:
            branch, branch_params = _branch(number, model, filters, kind, cursor, limit)
            branches.append(branch)
            params += branch_params
    return " UNION ALL ".join(branches), params


def _branch(
    number: int,
    model: AnyModel,
    filters: Filters,
    kind: Kind | None,
    cursor: Cursor | None,
    limit: int,
) -> tuple[str, list[Any]]:
    quote = connection.ops.quote_name
    conditions: list[str] = ["TRUE"]
    params: list[Any] = []

    def require(condition: str, *values: Any) -> None:
        conditions.append(condition)
        params.extend(values)

    if filters.object_pk is not None:
        pk = primary_key(model)
        require(
            f"{quote(str(pk.column))} = %s", pk.get_db_prep_value(filters.object_pk, connection)
        )
    if filters.request_id is not None:
        require("request_id = %s", filters.request_id)
    if filters.actor_id is not None:
        require("history_user_id = %s", filters.actor_id)
    if filters.without_account:
        require("history_user_id IS NULL")
    if kind is not None:
        require("history_type = %s", kind.value)
    if filters.since is not None:
        require("history_date >= %s", _midnight(filters.since))
    if filters.until is not None:
        require("history_date < %s", _midnight(filters.until + timedelta(days=1)))
    if cursor is not None:
        sign = ">" if cursor.newer else "<"
        require(f"(history_date, history_id) {sign} (%s, %s)", cursor.at, cursor.history_id)
    way = _way(cursor)
    order = f"history_date {way}, history_id {way}"
    if filters.without_account:  # for the planner, IS NULL does not make a column constant
        order = f"history_user_id {way}, {order}"
    table = quote(history_of(model)._meta.db_table)
    return (
        f"(SELECT {number} AS number, history_id, history_date FROM {table}"  # noqa: S608 - identifiers are our models' tables, values are parameters
        f" WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT %s)"
    ), [*params, limit]


def _midnight(day: date) -> datetime:
    """The instant at which a day begins where the association lives."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _totals(request_ids: set[UUID]) -> dict[UUID, int]:
    """Return how many changes each request made, in all models; each model counted up to
    one more than `COUNTED_IN_AN_ACT`."""
    if not request_ids:
        return {}
    quote = connection.ops.quote_name
    tables = [quote(history_of(model)._meta.db_table) for model in tracked_models()]
    counts = " + ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE request_id = wanted.id LIMIT %s) c)"  # noqa: S608 - identifiers are our models' tables
        for table in tables
    )
    limits = [COUNTED_IN_AN_ACT + 1] * len(tables)
    with connection.cursor() as statement:
        statement.execute(
            f"SELECT wanted.id, {counts}"  # noqa: S608 - identifiers are our models' tables
            " FROM unnest(%s::uuid[]) AS wanted (id)",
            [*limits, list(request_ids)],
        )
        return dict(statement.fetchall())


# --- Describing ---------------------------------------------------------------------------------


def _rows(model: AnyModel, ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return history rows by id, and beside them the rows before the changed ones.

    Each row carries as ``_previous`` the id of the row before it of the same object, in the
    order of writing.
    """
    pk = primary_key(model).attname
    manager = history_of(model)._base_manager
    earlier = manager.filter(**{pk: OuterRef(pk)}, history_id__lt=OuterRef("history_id")).order_by(
        "-history_id"
    )
    rows = {
        row["history_id"]: row
        for row in manager.filter(history_id__in=ids)
        .order_by()
        .annotate(_previous=Subquery(earlier.values("history_id")[:1]))
        .values()
    }
    for row in rows.values():
        if row["history_type"] != CHANGED:
            row["_previous"] = None
    missing = {row["_previous"] for row in rows.values()} - rows.keys() - {None}
    if missing:
        rows |= {
            row["history_id"]: row | {"_previous": None}
            for row in manager.filter(history_id__in=missing).order_by().values()
        }
    return rows


def _change(place: Place, rows: dict[int, dict[str, Any]], names: Names) -> Change:
    model, row = place.model, rows[place.history_id]
    kind = Kind(row["history_type"])
    previous = rows.get(row["_previous"])
    before: dict[str, Any] | None = previous
    after: dict[str, Any] | None = row
    if kind is Kind.REMOVED:
        before, after = row, None
    return Change(
        history_id=place.history_id,
        at=place.at,
        kind=kind,
        model=model,
        object_pk=row[primary_key(model).attname],
        object_label=name_of(names.instance(model, row)),
        actor_id=row["history_user_id"],
        actor_name=row["actor_name"],
        actor_role=row["actor_role"],
        request_id=row["request_id"],
        reason=row["history_change_reason"],
        fields=tuple(_fields(model, before, after, names)),
        earlier_known=kind is not Kind.CHANGED or previous is not None,
    )


def _fields(
    model: AnyModel,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    names: Names,
) -> Iterator[FieldChange]:
    """Yield the fields that differ; for a creation or a removal, those that are not empty."""
    masked = masked_fields(model)
    for tracked in tracked_fields(model):
        old = before[tracked.attname] if before is not None else None
        new = after[tracked.attname] if after is not None else None
        if tracked.primary_key or old == new or (is_empty(old) and is_empty(new)):
            continue
        label = str(tracked.verbose_name)
        if tracked.name in masked:
            if before is not None and after is not None:
                hidden, changed = Shown(_("no se muestra")), Shown(_("cambió"))
                yield FieldChange(tracked.name, label, None, None, hidden, changed)
            continue
        texts = _said(model, tracked, before, names), _said(model, tracked, after, names)
        if before is not None and after is not None:
            texts = told_apart(old, new, *texts)
        yield FieldChange(tracked.name, label, plain(old), plain(new), *texts)


def _said(model: AnyModel, tracked: Any, row: Mapping[str, Any] | None, names: Names) -> Shown:
    """A field's value as a person reads it: in the model's own words, when what it means depends
    on the row's other fields (``said_in_history(row, field_name)``), else by its kind."""
    said = getattr(model, "said_in_history", None)
    if row is not None and said is not None and (text := said(row, tracked.name)):
        return Shown(text)
    return shown(tracked, row[tracked.attname] if row is not None else None, names)
