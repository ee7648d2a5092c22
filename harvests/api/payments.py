"""Payments and cash boxes for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from harvests.api.settlements import UndoingSerializer
from harvests.models import CashBox, CashSession, Payment, Settlement
from harvests.services import cash as cash_services
from harvests.services import payments as services
from kallari.api.creation import CreatesOnce, KeyField, RowKeyField
from kallari.api.filters import ChangedSinceFilter, Ordering
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import CommunityFilter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

PAYMENT_TOLD = (
    "settlement",
    "amount_usd",
    "method",
    "reference",
    "paid_on",
    "paid_by",
    "note",
)


class _VisibleField(serializers.PrimaryKeyRelatedField[Any]):
    """A row that whoever writes may see; any other does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"pk_field": RowKeyField(), **kwargs})

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user)


class PaymentSerializer(RecordSerializer[Payment]):
    """Money handed to a family; below zero, a payment taken back."""

    code = serializers.CharField(help_text=_("Su número como está en el recibo: P-00042."))
    settlement_code = serializers.CharField(
        source="settlement.code", help_text=_("Por qué liquidación.")
    )
    cash_session = serializers.UUIDField(
        source="cash_movement.session_id",
        allow_null=True,
        default=None,
        read_only=True,
        help_text=_("La caja abierta de la que salió el efectivo."),
    )

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            *PAYMENT_TOLD,
            "settlement_code",
            "cash_session",
            "recorded_at",
            "reverses",
        ]
        read_only_fields = fields


class NewPaymentSerializer(RecordSerializer[Payment]):
    """What is told of a payment."""

    id = KeyField()
    settlement = _VisibleField(queryset=Settlement.objects.all())
    cash_session = _VisibleField(
        source="session",
        queryset=CashSession.objects.all(),
        required=False,
        allow_null=True,
        help_text=_("La caja abierta de la que sale el efectivo; sin ella, una transferencia."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = ["id", *PAYMENT_TOLD, "cash_session", "reason"]


class PaymentFilter(filters.FilterSet):
    """Which payments a list holds."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre, de la familia o de su gente, un recibo o una transferencia."),
    )
    settlement = filters.UUIDFilter(field_name="settlement", label=_("De una liquidación."))
    family = filters.UUIDFilter(field_name="settlement__family", label=_("De una familia."))
    community = CommunityFilter("settlement__family__community")
    method = filters.ChoiceFilter(choices=Payment.Method, label=_("Efectivo o transferencia."))
    paid_from = filters.DateFilter(
        field_name="paid_on", lookup_expr="gte", label=_("Desde este día.")
    )
    paid_until = filters.DateFilter(
        field_name="paid_on", lookup_expr="lte", label=_("Hasta este día.")
    )
    changed_since = ChangedSinceFilter()
    ordering = Ordering(
        fields=[("number", "number"), ("paid_on", "paid_on")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[Payment], _name: str, value: str
    ) -> models.QuerySet[Payment]:
        return rows.find(value)  # type: ignore[attr-defined]  # of PaymentQuerySet


@extend_schema_view(
    list=extend_schema(summary=_("Los pagos, los últimos primero")),
    retrieve=extend_schema(summary=_("Un pago")),
)
class PaymentViewSet(CreatesOnce, ListedViewSet):
    """What was paid: for who pays or checks. Never changed; taken back by another row."""

    queryset = Payment.objects.with_names().select_related("cash_movement")
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    told_fields = PAYMENT_TOLD
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "reverse": ("harvests.view_payment", "harvests.add_payment"),
    }

    @extend_schema(
        summary=_("Pagar una liquidación aprobada, o una parte"),
        request=NewPaymentSerializer,
        responses={200: PaymentSerializer, 201: PaymentSerializer},
    )
    def create(self, request: Request) -> Response:
        """Pay; the same message again changes nothing."""
        return self.create_once(self.told_by(NewPaymentSerializer), services.pay_settlement)

    def is_the_same_besides(self, row: Payment, told: Mapping[str, Any]) -> bool:
        """Whether a repeat takes the cash out of the same box."""
        movement, session = row.cash_movement, told.get("session")
        return (movement and movement.session_id) == (session and session.pk)

    @extend_schema(
        summary=_("Revertir un pago"),
        description=_("Responde con la reversión: otro pago con el valor en contra."),
        request=UndoingSerializer,
        responses={201: PaymentSerializer},
    )
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        """Another row takes it back."""
        made = services.reverse_payment(
            actor=self.actor, payment=self.get_object(), **self.told_by(UndoingSerializer)
        )
        return Response(self.shown(made.pk), status=status.HTTP_201_CREATED)


# --- Cash -----------------------------------------------------------------------------------------


class CashSessionSerializer(RecordSerializer[CashSession]):
    """A cash box from its opening to its closing."""

    box_name = serializers.CharField(source="box.name", help_text=_("Qué caja."))
    balance_usd = serializers.DecimalField(
        max_digits=14, decimal_places=2, help_text=_("Lo que debe haber.")
    )

    class Meta:
        model = CashSession
        fields: ClassVar[list[str]] = [
            "id",
            "box",
            "box_name",
            "opening_usd",
            "opening_note",
            "opened_at",
            "balance_usd",
            "expected_usd",
            "counted_usd",
            "closing_note",
            "closed_at",
        ]
        read_only_fields = fields


class NewCashSessionSerializer(RecordSerializer[CashSession]):
    """Which box is opened, and with how much."""

    id = KeyField()
    box = serializers.PrimaryKeyRelatedField(queryset=CashBox.objects.in_use())
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = CashSession
        fields: ClassVar[list[str]] = ["id", "box", "opening_usd", "opening_note", "reason"]


class CashSessionFilter(filters.FilterSet):
    """Which openings a list holds."""

    box = filters.NumberFilter(field_name="box", label=_("De una caja."))
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las cajas cada vez que se abrieron, las últimas primero")),
    retrieve=extend_schema(summary=_("Una caja desde que se abre hasta que se cierra")),
)
class CashSessionViewSet(CreatesOnce, ListedViewSet):
    """Cash boxes: for who pays or checks."""

    queryset = CashSession.objects.with_names().with_moved()
    serializer_class = CashSessionSerializer
    filterset_class = CashSessionFilter
    told_fields = ("box", "opening_usd", "opening_note")

    @extend_schema(
        summary=_("Abrir una caja con lo que se contó"),
        request=NewCashSessionSerializer,
        responses={200: CashSessionSerializer, 201: CashSessionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Open a box; the same message again changes nothing."""
        return self.create_once(self.told_by(NewCashSessionSerializer), cash_services.open_cash_box)


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("payments", PaymentViewSet, basename="payment")
    router.register("cash-sessions", CashSessionViewSet, basename="cash-session")
