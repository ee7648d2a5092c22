"""Reading kinds of process, and batches."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import (  # noqa: F401
        Batch,
        BatchReading,
        BatchStage,
        ProcessRoute,
    )
    from kallari.accounts.models import User


class ProcessRouteQuerySet(models.QuerySet["ProcessRoute"]):
    """Named filters over what a process makes of what."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_processroute") else self.none()

    def on(self, day: date) -> Self:
        """Those in force on a day. Of several for the same forms, the newest is the one that holds:
        they come last."""
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        lasts = models.Q(valid_until=None) | models.Q(valid_until__gte=day)
        return self.filter(begun & lasts).order_by(models.F("valid_from").asc(nulls_first=True))


class BatchQuerySet(models.QuerySet["Batch"]):
    """Named filters over batches."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any: a batch is of several communities."""
        return self if user.has_perm("harvests.view_batch") else self.none()

    def under_way(self) -> Self:
        """Those that have not ended."""
        return self.filter(status="open")

    def with_names(self) -> Self:
        """With kind, center and kilos, read in the same query."""
        return self.select_related("kind", "center", "totals")

    def started_from(self, at: datetime) -> Self:
        """Those begun at a moment or later."""
        return self.filter(started_at__gte=at)

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: a code, or a part of one."""
        plain = "".join(text.split()).upper()
        return self.filter(code__contains=plain) if plain else self


class BatchStageQuerySet(models.QuerySet["BatchStage"]):
    """Named filters over the phases of batches."""

    def current(self) -> Self:
        """Those under way."""
        return self.filter(ended_at=None)


class BatchReadingQuerySet(models.QuerySet["BatchReading"]):
    """Named filters over readings."""

    def standing(self) -> Self:
        """Those that were not replaced by another."""
        return self.filter(replaced_by=None)
