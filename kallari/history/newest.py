"""The newest changes of one record, for its page; the rest is one link away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.http import urlencode

from kallari.history import changes
from kallari.history.permissions import reads_history
from kallari.history.tracked import history_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User

NEWEST_CHANGES = 5


@dataclass(frozen=True)
class Newest:
    """What ``{% include "history/newest.html" %}`` shows."""

    changes: list[changes.Change]
    url: str
    model_label: str
    """Of the record itself; a change of another model names what was changed."""


def newest_changes(
    user: User | AnonymousUser,
    row: models.Model,
    *,
    size: int = NEWEST_CHANGES,
    parts: tuple[type[models.Model], str] | None = None,
) -> Newest | None:
    """The newest changes of `row` and where all of them are; None for who reads no history.

    Args:
        parts: a model whose rows are parts of `row`, and the field that names it: the newest
            `size` of their changes, those of removed parts too, stand among the others. One query.
    """
    if not reads_history(user):
        return None
    model = type(row)
    filters = changes.Filters(model=model, object_pk=row.pk)
    places = changes.find(filters, size=size).places
    if parts is not None:
        places = sorted([*places, *_of_parts(*parts, row.pk, size)], key=_when, reverse=True)
    query = urlencode({"modelo": model._meta.label_lower, "objeto": str(row.pk)})
    address = f"{reverse('history:changes')}?{query}"
    return Newest(list(changes.describe(places)), address, model._meta.label_lower)


def _of_parts(model: type[models.Model], field: str, key: Any, size: int) -> list[changes.Place]:
    history: Any = history_of(model)
    rows = history.objects.filter(**{field: key})
    newest = rows.order_by("-history_date", "-history_id")[:size]
    return [
        changes.Place(model, at, pk) for at, pk in newest.values_list("history_date", "history_id")
    ]


def _when(place: changes.Place) -> tuple[datetime, int]:
    return place.at, place.history_id
