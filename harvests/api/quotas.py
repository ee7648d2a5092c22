"""Quotas and advances for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from harvests.api.catalog import code_of
from harvests.models import Advance, ProductForm, Quota
from harvests.services import advances as advance_services
from harvests.services import quotas as quota_services
from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, YesNoFilter
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import (
    CommunityField,
    CommunityFilter,
    FamilyField,
    InputDistributionField,
)
from members.models import Community, Family

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter

ADVANCE_TOLD = (
    "family",
    "kind",
    "inputs",
    "amount_usd",
    "given_on",
    "given_by",
    "purpose",
    "note",
)


class QuotaSerializer(RecordSerializer[Quota]):
    """How many kilos are taken in from a family, a community, or from all."""

    product_form = serializers.CharField(source="form.code")
    delivered_kg = serializers.DecimalField(
        max_digits=14, decimal_places=3, read_only=True, help_text=_("Cuánto ha llegado.")
    )

    class Meta:
        model = Quota
        fields: ClassVar[list[str]] = [
            "id",
            "product_form",
            "community",
            "family",
            "starts_on",
            "ends_on",
            "limit_kg",
            "delivered_kg",
            "resolution",
            "withdrawn_on",
        ]
        read_only_fields = fields


class NewQuotaSerializer(RecordSerializer[Quota]):
    """What is told of a quota."""

    product_form = serializers.SlugRelatedField(
        source="form", slug_field="code", queryset=ProductForm.objects.select_related("product")
    )
    community = CommunityField(required=False, allow_null=True)
    family = FamilyField(required=False, allow_null=True)
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Quota
        fields: ClassVar[list[str]] = [
            "product_form",
            "community",
            "family",
            "starts_on",
            "ends_on",
            "limit_kg",
            "resolution",
            "reason",
        ]


class QuotaFilter(filters.FilterSet):
    """Which quotas a list holds."""

    product_form = code_of("form", _("De una presentación, por su código."))
    community = CommunityFilter("community")
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    on = filters.DateFilter(method="by_day", label=_("Solo los que rigen ese día."))
    withdrawn = YesNoFilter(
        field_name="withdrawn_on",
        lookup_expr="isnull",
        exclude=True,
        label=_("Solo los retirados, o solo los demás."),
    )
    changed_since = ChangedSinceFilter()

    def by_day(
        self, rows: models.QuerySet[Quota], _name: str, value: Any
    ) -> models.QuerySet[Quota]:
        return rows.on(value)  # type: ignore[attr-defined]  # of QuotaQuerySet


@extend_schema_view(
    list=extend_schema(summary=_("Los cupos que su rol ve, con lo que ha llegado de cada uno")),
    retrieve=extend_schema(summary=_("Un cupo")),
)
class QuotaViewSet(ListedViewSet):
    """Quotas: agents and delegates see those of their communities and of all."""

    queryset = Quota.objects.with_names().with_delivered()
    serializer_class = QuotaSerializer
    filterset_class = QuotaFilter

    @extend_schema(
        summary=_("Poner un cupo"),
        request=NewQuotaSerializer,
        responses={201: QuotaSerializer},
    )
    def create(self, request: Request) -> Response:
        """Set a quota."""
        return self.written_by(NewQuotaSerializer, quota_services.set_quota)


class AdvanceSerializer(RecordSerializer[Advance]):
    """What was given to a family before it delivers: money, or inputs on credit."""

    code = serializers.CharField(help_text=_("Su número como está en el recibo: A-00042."))
    family_name = serializers.CharField(source="family.name", help_text=_("A qué familia."))
    community_name = serializers.CharField(
        source="family.community.name", help_text=_("Dónde vive la familia.")
    )
    left_usd = serializers.DecimalField(
        max_digits=14,
        decimal_places=2,
        help_text=_("Lo que las liquidaciones tienen todavía que descontar."),
    )

    class Meta:
        model = Advance
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            *ADVANCE_TOLD,
            "family_name",
            "community_name",
            "left_usd",
            "voided_on",
        ]
        read_only_fields = fields


class NewAdvanceSerializer(RecordSerializer[Advance]):
    """What is told of an advance."""

    id = KeyField()
    family = FamilyField()
    inputs = InputDistributionField(required=False, allow_null=True)
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Advance
        fields: ClassVar[list[str]] = ["id", *ADVANCE_TOLD, "reason"]


class AdvanceFilter(filters.FilterSet):
    """Which advances a list holds."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre, de la familia o de su gente, o un recibo: A-00042."),
    )
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    voided = YesNoFilter(
        field_name="voided_on",
        lookup_expr="isnull",
        exclude=True,
        label=_("Solo los anulados, o solo los válidos."),
    )
    kind = filters.ChoiceFilter(choices=Advance.Kind, label=_("Dinero, o insumos a crédito."))
    given_from = filters.DateFilter(
        field_name="given_on", lookup_expr="gte", label=_("Desde este día.")
    )
    given_until = filters.DateFilter(
        field_name="given_on", lookup_expr="lte", label=_("Hasta este día.")
    )
    changed_since = ChangedSinceFilter(
        related=[(Family, "id", "family_id"), (Community, "id", "family__community_id")]
    )
    ordering = Ordering(
        fields=[("given_on", "given_on"), ("number", "number"), ("family__number", "family")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[Advance], _name: str, value: str
    ) -> models.QuerySet[Advance]:
        return rows.find(value)  # type: ignore[attr-defined]  # of AdvanceQuerySet


@extend_schema_view(
    list=extend_schema(summary=_("Los anticipos, los últimos primero")),
    retrieve=extend_schema(summary=_("Un anticipo")),
)
class AdvanceViewSet(CreatesOnce, ListedViewSet):
    """What was given in advance: for who pays or checks."""

    queryset = Advance.objects.with_names().with_taken()
    serializer_class = AdvanceSerializer
    filterset_class = AdvanceFilter
    told_fields = ADVANCE_TOLD

    @extend_schema(
        summary=_("Dar un anticipo"),
        description=_("El sistema le da el número del recibo que sigue."),
        request=NewAdvanceSerializer,
        responses={200: AdvanceSerializer, 201: AdvanceSerializer},
    )
    def create(self, request: Request) -> Response:
        """Give an advance; the same message again changes nothing."""
        return self.create_once(self.told_by(NewAdvanceSerializer), advance_services.give_advance)


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("quotas", QuotaViewSet, basename="quota")
    router.register("advances", AdvanceViewSet, basename="advance")
