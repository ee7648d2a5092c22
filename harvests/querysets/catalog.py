"""Reading what is bought and where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import FormFigure, Season  # noqa: F401
    from kallari.accounts.models import User


class CatalogQuerySet(models.QuerySet[Any]):
    """Named filters over products, forms, varieties, qualities and centers."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any: what is bought is no secret."""
        meta = self.model._meta
        return self if user.has_perm(f"{meta.app_label}.view_{meta.model_name}") else self.none()

    def offered(self, day: date | None = None) -> Self:
        """Those that are bought, offered or open, today or on a day. Forms that only come out of a
        process are `worked`, not offered."""
        rows = self.filter(is_bought=True) if _has(self.model, "is_bought") else self
        field = "closed_on" if _has(self.model, "closed_on") else "retired_on"
        if day is None:
            return rows.filter(**{field: None})
        return rows.filter(models.Q(**{field: None}) | models.Q(**{f"{field}__gt": day}))

    def bought(self) -> Self:
        """Forms in which families hand something in, or once did."""
        return self.filter(is_bought=True)

    def worked(self) -> Self:
        """Those in use that a process may take or give."""
        return self.filter(retired_on=None)


def _has(model: type[models.Model], field: str) -> bool:
    return any(one.name == field for one in model._meta.concrete_fields)


class FormFigureQuerySet(models.QuerySet["FormFigure"]):
    """Named filters over figures."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_formfigure") else self.none()

    def on(self, day: date) -> dict[tuple[int, str], Decimal]:
        """What each figure says on a day: (form's key, kind) → value. One query."""
        begun = self.filter(models.Q(valid_from=None) | models.Q(valid_from__lte=day))
        rows = begun.order_by(models.F("valid_from").asc(nulls_first=True))
        return {
            (form, kind): value for form, kind, value in rows.values_list("form", "kind", "value")
        }


class SeasonQuerySet(models.QuerySet["Season"]):
    """Named filters over seasons."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_season") else self.none()

    def on(self, day: date) -> Self:
        """Those under way on a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)
