"""What lists of the API can be narrowed by."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.fields import BaseCSVField
from rest_framework import exceptions

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class StrictFilterBackend(filters.DjangoFilterBackend):
    """Filters a list, and refuses a parameter that the list does not have.

    A misspelled filter that is passed over answers with rows that nobody asked for.
    """

    def filter_queryset(
        self, request: Request, queryset: models.QuerySet[Any], view: APIView
    ) -> models.QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = set(filterset.filters) if filterset is not None else set()
        paginator = getattr(view, "paginator", None)
        for parameter in ("page_query_param", "page_size_query_param", "cursor_query_param"):
            known.add(getattr(paginator, parameter, None))
        if unknown := sorted(set(request.query_params) - known):
            raise exceptions.ValidationError(
                {
                    name: exceptions.ErrorDetail(
                        gettext(
                            "Esta lista no tiene ese filtro. Los que tiene están en /api/v1/docs/."
                        ),
                        code="unknown_parameter",
                    )
                    for name in unknown
                }
            )
        if empty := [
            name
            for name, value in request.query_params.items()
            if not value and not isinstance(self._filter(filterset, name), filters.CharFilter)
        ]:
            raise exceptions.ValidationError(
                {
                    name: exceptions.ErrorDetail(
                        gettext("Escriba un valor o quite el filtro."), code="blank"
                    )
                    for name in empty
                }
            )
        return super().filter_queryset(request, queryset, view)

    @staticmethod
    def _filter(filterset: Any, name: str) -> Any:
        return filterset.filters.get(name) if filterset is not None else None


class YesNoField(forms.NullBooleanField):
    """Takes "true" and "false" as programs write them, and nothing else."""

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]  # as its base does
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise ValidationError(_("Escriba true o false."), code="invalid")
        return bool(value == "true")

    def validate(self, value: Any) -> None:
        """Nothing is wrong with either answer."""


class YesNoFilter(filters.BooleanFilter):
    """``?open=true``."""

    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.TextInput, **kwargs)


class WholeNumberFilter(filters.NumberFilter):
    """``?number=42``: a whole number, written in digits."""

    field_class = forms.IntegerField


class InstantField(forms.CharField):
    """An instant with its offset, as RFC 3339 writes it: without one nobody knows which it is."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]  # a CharField's look
        text = str(value or "")
        if text in self.empty_values:
            return None
        if not RFC_3339.fullmatch(text):
            raise self._refusal()
        try:
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:  # 30 February; the year 0 or 10000 in UTC
            raise self._refusal() from error

    @staticmethod
    def _refusal() -> ValidationError:
        return ValidationError(
            _("Escriba el instante con su zona horaria, así: 2026-03-01T00:00:00-05:00."),
            code="invalid",
        )


RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class ChangedSinceFilter(filters.IsoDateTimeFilter):
    """``?changed_since=2026-03-01T00:00:00-05:00``: rows that history has touched since then.

    A program that asks with the time of its last visit, less five minutes, carries along what is
    new: a change bears the time at which it was written and is seen once it is committed, and no
    request lives longer than two minutes (kallari/gunicorn_config.py). The row's own table is
    asked; changes of rows that belong to it are named by `related`, pairs of a model and its
    foreign key's column; changes of a row that it shows, by a third: the way to that row's key,
    as in ``(Person, "id", "person_id")``.
    """

    field_class = InstantField

    def __init__(
        self, *args: Any, related: list[tuple[Any, ...]] | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "label",
            _(
                "Solo lo que cambió desde este instante (RFC 3339). Reste cinco minutos a la hora"
                " de su última consulta: un cambio se ve cuando termina de guardarse."
            ),
        )
        self.related = related or []
        super().__init__(*args, **kwargs)

    def filter(self, qs: models.QuerySet[Any], value: datetime | None) -> models.QuerySet[Any]:
        if value is None:
            return qs
        touched = models.Q(
            models.Exists(qs.model.history.filter(pk_of(qs.model), history_date__gte=value))
        )
        for model, column, *way in self.related:
            there = models.OuterRef(way[0] if way else "pk")
            touched |= models.Q(
                models.Exists(model.history.filter(**{column: there}, history_date__gte=value))
            )
        return qs.filter(touched)


class ColumnsField(BaseCSVField):
    """The columns of an ordering; between two commas stands one."""

    def clean(self, value: list[str] | None) -> Any:
        if "" in (value or []):
            message = self.error_messages["invalid_choice"]
            raise forms.ValidationError(message, code="invalid_choice", params={"value": ""})
        return super().clean(value)


class Ordering(filters.OrderingFilter):
    """``?ordering=-registered_on``: by the columns that the list offers and, so that no row is
    on two pages or on none, by the key at last."""

    base_field_class = ColumnsField

    def filter(self, qs: models.QuerySet[Any], value: list[str] | None) -> models.QuerySet[Any]:
        if not value:
            return qs
        return qs.order_by(*(self.get_ordering_value(param) for param in value), "pk")


def pk_of(model: Any) -> models.Q:
    """The history rows of the row in the outer query."""
    return models.Q(**{model._meta.pk.attname: models.OuterRef("pk")})  # Django's
