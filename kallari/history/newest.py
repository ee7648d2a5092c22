"""The newest changes of one record, for its page; the rest is one link away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.http import urlencode

from kallari.history import changes
from kallari.history.permissions import reads_history

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User

NEWEST_CHANGES = 5


@dataclass(frozen=True)
class Newest:
    """What ``{% include "history/newest.html" %}`` shows."""

    changes: list[changes.Change]
    url: str


def newest_changes(
    user: User | AnonymousUser, row: models.Model, *, size: int = NEWEST_CHANGES
) -> Newest | None:
    """The newest changes of `row` and where all of them are; None for who reads no history."""
    if not reads_history(user):
        return None
    model = type(row)
    filters = changes.Filters(model=model, object_pk=row.pk)
    places = changes.find(filters, size=size).places
    query = urlencode({"modelo": model._meta.label_lower, "objeto": str(row.pk)})
    return Newest(list(changes.describe(places)), f"{reverse('history:changes')}?{query}")
