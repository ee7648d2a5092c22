"""Settlements for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from harvests.models import Settlement, SettlementLine
from harvests.services import settlements as services
from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import CommunityFilter, FamilyField

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class SettlementLineSerializer(RecordSerializer[SettlementLine]):
    """One reason why a settlement is worth what it is; below zero what is taken off."""

    class Meta:
        model = SettlementLine
        fields: ClassVar[list[str]] = [
            "kind",
            "amount_usd",
            "delivery",
            "premium_rule",
            "advance",
            "from_settlement",
            "counts",
        ]
        read_only_fields = fields


class SettlementSerializer(RecordSerializer[Settlement]):
    """What a family is owed up to a day."""

    code = serializers.CharField(help_text=_("Su número como está en el papel: L-00042."))
    family_name = serializers.CharField(source="family.name", help_text=_("De qué familia."))
    community_name = serializers.CharField(
        source="family.community.name", help_text=_("Dónde vive la familia.")
    )
    paid_usd = serializers.DecimalField(
        max_digits=14, decimal_places=2, help_text=_("Lo que ya se pagó.")
    )
    owed_usd = serializers.DecimalField(
        max_digits=14, decimal_places=2, help_text=_("Lo que se debe todavía.")
    )

    class Meta:
        model = Settlement
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            "kind",
            "status",
            "reverses",
            "family",
            "family_name",
            "community_name",
            "partner",
            "first_on",
            "last_on",
            "total_usd",
            "paid_usd",
            "owed_usd",
            "drafted_at",
            "approved_at",
            "ended_at",
            "note",
        ]
        read_only_fields = fields


class SettlementWithLinesSerializer(SettlementSerializer):
    """The same, with its lines."""

    lines = SettlementLineSerializer(many=True)

    class Meta(SettlementSerializer.Meta):
        fields: ClassVar[list[str]] = [*SettlementSerializer.Meta.fields, "lines"]
        read_only_fields = fields


class NewSettlementSerializer(serializers.Serializer[Any]):
    """Whom to settle, and up to which day."""

    id = KeyField()
    family = FamilyField()
    until = serializers.DateField(help_text=_("Entra lo pesado hasta ese día."))
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    reason = ReasonField(required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse fields that there are not, as every resource does."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {name: [_("Este campo no existe o no se puede escribir aquí.")] for name in unknown}
            )
        return super().to_internal_value(data)


class SettlementApprovalSerializer(RecordSerializer[Settlement]):
    """Why a settlement is approved; it may be left out."""

    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Settlement
        fields: ClassVar[list[str]] = ["reason"]


class UndoingSerializer(RecordSerializer[Settlement]):
    """Why something is undone."""

    reason = ReasonField()

    class Meta:
        model = Settlement
        fields: ClassVar[list[str]] = ["reason"]


class SettlementFilter(filters.FilterSet):
    """Which settlements a list holds."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre, de la familia o de su gente, o un número: L-00042."),
    )
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    status = filters.ChoiceFilter(choices=Settlement.Status, label=_("En qué estado."))
    until_from = filters.DateFilter(
        field_name="last_on", lookup_expr="gte", label=_("Las que liquidan hasta este día o más.")
    )
    until_until = filters.DateFilter(
        field_name="last_on", lookup_expr="lte", label=_("Las que liquidan hasta este día o menos.")
    )
    changed_since = ChangedSinceFilter()
    ordering = Ordering(
        fields=[("number", "number"), ("last_on", "last_on"), ("total_usd", "total_usd")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[Settlement], _name: str, value: str
    ) -> models.QuerySet[Settlement]:
        return rows.find(value)  # type: ignore[attr-defined]  # of SettlementQuerySet


@extend_schema_view(
    list=extend_schema(summary=_("Las liquidaciones, las últimas primero")),
    retrieve=extend_schema(
        summary=_("Una liquidación con sus líneas"), responses=SettlementWithLinesSerializer
    ),
)
class SettlementViewSet(CreatesOnce, ListedViewSet):
    """What families are owed: for who pays or checks."""

    queryset = Settlement.objects.with_names().with_paid()
    serializer_class = SettlementSerializer
    filterset_class = SettlementFilter
    told_fields = ("family", "last_on", "note")
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "approve": ("harvests.view_settlement", "harvests.approve_settlement"),
        "reverse": ("harvests.view_settlement", "harvests.approve_settlement"),
        "discard": ("harvests.view_settlement", "harvests.change_settlement"),
    }

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """One alone is shown with its lines."""
        is_list = self.action == "list"
        return SettlementSerializer if is_list else SettlementWithLinesSerializer

    def get_queryset(self) -> models.QuerySet[Settlement]:
        """With the lines where one alone is shown."""
        rows: models.QuerySet[Settlement] = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("lines")

    @extend_schema(
        summary=_("Liquidar a una familia hasta un día"),
        description=_("Queda por aprobar: la aprueba otra persona."),
        request=NewSettlementSerializer,
        responses={200: SettlementWithLinesSerializer, 201: SettlementWithLinesSerializer},
    )
    def create(self, request: Request) -> Response:
        """Draft a settlement; the same message again changes nothing."""
        told = self.told_by(NewSettlementSerializer)
        told["last_on"] = told.pop("until")
        return self.create_once(told, _settle)

    @extend_schema(
        summary=_("Aprobar una liquidación que hizo otra persona"),
        request=SettlementApprovalSerializer,
        responses=SettlementWithLinesSerializer,
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Stand for it."""
        return self.written_by(
            SettlementApprovalSerializer, services.approve_settlement, settlement=self.get_object()
        )

    @extend_schema(
        summary=_("Descartar una liquidación por aprobar"),
        request=UndoingSerializer,
        responses=SettlementWithLinesSerializer,
    )
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """What stood in it can be settled again."""
        return self.written_by(
            UndoingSerializer, services.discard_settlement, settlement=self.get_object()
        )

    @extend_schema(
        summary=_("Revertir una liquidación aprobada de la que nada se pagó"),
        description=_("Responde con la reversión: otra liquidación con los valores en contra."),
        request=UndoingSerializer,
        responses=SettlementWithLinesSerializer,
    )
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        """Another row undoes it."""
        return self.written_by(
            UndoingSerializer, services.reverse_settlement, settlement=self.get_object()
        )


def _settle(*, last_on: Any, **told: Any) -> Settlement:
    return services.settle_family(until=last_on, **told)


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("settlements", SettlementViewSet, basename="settlement")
