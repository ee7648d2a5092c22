"""The rules for programs: what holds on a day. Read only; the office sets them in the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.api.filters import YesNoFilter
from kallari.api.serializers import RecordSerializer
from kallari.api.viewsets import ListedViewSet
from kallari.rules.models import RuleValue

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

    from kallari.accounts.models import User


class RuleSerializer(RecordSerializer[RuleValue]):
    """What a rule says from one day until another."""

    # A field by that name, not what the serializer itself is called.
    label = serializers.CharField(  # type: ignore[assignment]
        help_text=_("Cómo se llama la regla.")
    )
    theme = serializers.CharField(source="rule.theme", default="", help_text=_("De qué trata."))
    unit = serializers.CharField(source="rule.unit", default="", help_text=_("En qué se mide."))
    kind = serializers.CharField(
        source="rule.kind.name",
        default="",
        help_text=_("integer, decimal (como texto), text, choices o integers (una lista)."),
    )
    words = serializers.CharField(help_text=_("El valor con su unidad, para leerlo."))
    superseded_on = serializers.DateField(
        allow_null=True, help_text=_("Desde este día rige el valor siguiente.")
    )

    class Meta:
        model = RuleValue
        fields: ClassVar[list[str]] = [
            "key",
            "label",
            "theme",
            "kind",
            "value",
            "unit",
            "words",
            "valid_from",
            "superseded_on",
            "source",
            "resolution",
            "confirmed",
            "note",
        ]
        read_only_fields = fields


class RuleFilter(filters.FilterSet):  # type: ignore[misc]  # its package carries no types
    """Which values a list holds."""

    on = filters.DateFilter(method="as_it_is", label=_("Lo que rige ese día; sin él, hoy."))
    confirmed = YesNoFilter(
        field_name="confirmed", label=_("Solo lo confirmado, o solo lo que falta confirmar.")
    )

    def filter_queryset(self, rows: models.QuerySet[RuleValue]) -> models.QuerySet[RuleValue]:
        day = self.form.cleaned_data["on"] or timezone.localdate()
        in_force: Any = rows
        found: models.QuerySet[RuleValue] = super().filter_queryset(in_force.in_force_on(day))
        return found

    def as_it_is(
        self, rows: models.QuerySet[RuleValue], _name: str, _value: Any
    ) -> models.QuerySet[RuleValue]:
        """Narrowed by `filter_queryset`, with or without a day."""
        return rows


@extend_schema_view(
    list=extend_schema(summary=_("Las reglas de la asociación, con lo que rige un día")),
    retrieve=extend_schema(summary=_("Una regla, con lo que rige hoy")),
)
class RuleViewSet(ListedViewSet):
    """The dated rules, one row each: what holds on a day."""

    queryset = RuleValue.objects.order_by("key")
    serializer_class = RuleSerializer
    filterset_class = RuleFilter
    lookup_field = "key"
    lookup_value_regex = r"[\w.]+"

    @extend_schema(
        summary=_("Todos los valores de una regla, el más nuevo primero"),
        responses=RuleSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def values(self, request: Request, key: str) -> Response:
        """Past and future values too."""
        found = RuleValue.objects.visible_to(cast("User", request.user)).of(key)
        rows = list(found.with_end().newest_first())
        if not rows:
            raise Http404
        return Response(RuleSerializer(rows, many=True).data)


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("rules", RuleViewSet, basename="rule")
