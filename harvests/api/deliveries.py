"""Deliveries for programs: one at a time, read newest first, corrected and voided."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from harvests.api.genealogy import TellsDestinations
from harvests.api.permissions import ReadsAndReceives
from harvests.intake.reading import Refusal, Refused, content_digest, read_delivery
from harvests.intake.receiving import Fate, Outcome, receive
from harvests.intake.valuing import row_of
from harvests.intake.writing import waits
from harvests.models import (
    CertificationClass,
    CollectionCenter,
    Delivery,
    DeliveryAlert,
    DeliveryShare,
    ProductForm,
    Quality,
    Variety,
)
from harvests.permissions.deliveries import may_correct, may_see_values
from harvests.services import deliveries as services
from kallari.api.creation import HYPHENATED, KeyField
from kallari.api.filters import ChangedSinceFilter
from kallari.api.paging import StrictSize
from kallari.api.problems import Conflict
from kallari.api.serializers import GuardedSerializer, ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from kallari.history.context import acting
from kallari.units import Unit
from members.api.reach import CommunityFilter

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

    from kallari.accounts.models import User

VALUES = frozenset(
    {
        "price_line",
        "unit_price_usd",
        "price_unit",
        "premium_unit_usd",
        "amount_usd",
        "premium_usd",
    }
)


class ShareSerializer(RecordSerializer[DeliveryShare]):
    """How much of a delivery grew in a chakra."""

    class Meta:
        model = DeliveryShare
        fields: ClassVar[list[str]] = ["chakra", "share", "net_kg"]
        read_only_fields = fields


class AlertSerializer(RecordSerializer[DeliveryAlert]):
    """Something to look at."""

    class Meta:
        model = DeliveryAlert
        fields: ClassVar[list[str]] = ["kind", "is_open", "facts", "other"]
        read_only_fields = fields


class DeliverySerializer(GuardedSerializer[Delivery]):
    """A delivery, as it was weighed and valued."""

    guarded = VALUES | {"alerts"}

    product_form = serializers.CharField(source="form.code")
    variety = serializers.CharField(source="variety.code", default=None, allow_null=True)
    quality = serializers.CharField(source="quality.code", default=None, allow_null=True)
    center = serializers.CharField(source="center.code")
    agent = serializers.CharField(source="agent.username", help_text=_("Quién recibió."))
    chakras = ShareSerializer(source="shares", many=True)
    alerts = AlertSerializer(many=True)

    class Meta:
        model = Delivery
        fields: ClassVar[list[str]] = [
            "id",
            "folio",
            "status",
            "supersedes",
            "family",
            "partner",
            "community",
            "center",
            "agent",
            "via",
            "product_form",
            "variety",
            "quality",
            "certification_class",
            "quantity",
            "unit",
            "containers",
            "gross_kg",
            "tare_kg",
            "deduction_kg",
            "deduction_reason",
            "net_kg",
            "moisture_percent",
            "harvested_on",
            "pollinated_on",
            "price_line",
            "unit_price_usd",
            "price_unit",
            "premium_unit_usd",
            "amount_usd",
            "premium_usd",
            "weighed_at",
            "weighed_on",
            "received_at",
            "chakras",
            "alerts",
            "note",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return may_see_values(user)


class ChakraPartSerializer(serializers.Serializer[Any]):
    """A chakra and its part of the delivery."""

    chakra = serializers.UUIDField()
    share = serializers.DecimalField(max_digits=7, decimal_places=6)


class PositionSerializer(serializers.Serializer[Any]):
    """Where it was weighed."""

    type = serializers.ChoiceField(choices=["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=3)
    accuracy_m = serializers.FloatField(required=False)


class NewDeliverySerializer(serializers.Serializer[Any]):
    """What is told of a delivery: the payload of a push. It only describes; what is told is read by
    `harvests.intake.reading`, as that of a telephone."""

    id = KeyField()
    family = serializers.UUIDField(required=False, allow_null=True)
    partner = serializers.UUIDField(required=False, allow_null=True)
    product_form = serializers.CharField(max_length=20)
    variety = serializers.CharField(max_length=20, required=False, allow_null=True)
    quality = serializers.CharField(max_length=20, required=False, allow_null=True)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)
    unit = serializers.ChoiceField(choices=Unit.choices)
    containers = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=30_000
    )
    tare_kg = serializers.DecimalField(
        max_digits=9, decimal_places=3, required=False, allow_null=True
    )
    deduction_kg = serializers.DecimalField(
        max_digits=9, decimal_places=3, required=False, allow_null=True
    )
    deduction_reason = serializers.CharField(
        max_length=200, required=False, allow_null=True, allow_blank=True
    )
    moisture_percent = serializers.DecimalField(
        max_digits=4, decimal_places=1, required=False, allow_null=True
    )
    harvested_on = serializers.DateField(required=False, allow_null=True)
    pollinated_on = serializers.DateField(required=False, allow_null=True)
    weighed_at = serializers.DateTimeField()
    center = serializers.CharField(max_length=20, required=False, allow_null=True)
    chakras = ChakraPartSerializer(many=True, required=False, allow_null=True)
    position = PositionSerializer(required=False, allow_null=True)
    price_line_seen = serializers.IntegerField(required=False, allow_null=True)
    note = serializers.CharField(max_length=1000, required=False, allow_null=True, allow_blank=True)


class CorrectedDeliverySerializer(NewDeliverySerializer):
    """The whole delivery as it should be, and why."""

    reason = ReasonField()


class DeliveryReasonSerializer(serializers.Serializer[Any]):
    """Why a delivery is voided."""

    reason = ReasonField()


class NewestFirst(StrictSize, CursorPagination):  # type: ignore[misc]  # as kallari.api.paging.Pages
    """Page by page through `next`, without a total: there are too many to be counted each time,
    and what is weighed meanwhile moves nothing."""

    ordering = ("-weighed_at", "-id")
    cursor_query_description = _("Lo que next dice; no se escribe a mano.")  # type: ignore[assignment]  # lazy


class DeliveryFilter(filters.FilterSet):
    """Which deliveries a list holds."""

    family = filters.UUIDFilter(label=_("De una familia."))
    partner = filters.UUIDFilter(label=_("De una socia o un socio."))
    community = CommunityFilter("community")
    center = filters.CharFilter(field_name="center__code", label=_("De un centro (código)."))
    product_form = filters.CharFilter(field_name="form__code", label=_("Presentación (código)."))
    product = filters.CharFilter(field_name="form__product__code", label=_("Producto (código)."))
    certification_class = filters.ChoiceFilter(
        choices=CertificationClass.choices, label=_("Certificación de ese día.")
    )
    status = filters.ChoiceFilter(choices=Delivery.Status.choices, label=_("Estado."))
    folio = filters.CharFilter(label=_("El folio, entero."))
    weighed_from = filters.DateFilter(
        field_name="weighed_on", lookup_expr="gte", label=_("Desde este día.")
    )
    weighed_until = filters.DateFilter(
        field_name="weighed_on", lookup_expr="lte", label=_("Hasta este día.")
    )
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las entregas que su rol ve, las últimas primero")),
    retrieve=extend_schema(summary=_("Una entrega")),
)
class DeliveryViewSet(TellsDestinations, ListedViewSet):
    """Deliveries: agents and delegates see those of their communities. Never removed."""

    queryset = Delivery.objects.select_related(
        "form", "variety", "quality", "center", "agent"
    ).prefetch_related("shares", "alerts")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    pagination_class = NewestFirst
    permission_classes = (ReadsAndReceives,)
    is_outside_transaction = True

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        """Each writes in a transaction of its own: no look-up before it needs one."""
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    @extend_schema(
        summary=_("Registrar una entrega"),
        description=_(
            "Se valora con el precio que rige en el momento del peso. El mismo mensaje otra vez se"
            " contesta 200; con otro contenido, 409."
        ),
        request=NewDeliverySerializer,
        responses={200: DeliverySerializer, 201: DeliverySerializer},
    )
    def create(self, request: Request) -> Response:
        """Weighed, valued, written; the same message again changes nothing."""
        told = dict(_object(request.data))
        key = _key(told.pop("id", None))
        digest = content_digest("delivery", str(key), "create", told)
        try:
            draft = read_delivery(told, key=key, digest=digest)
        except Refused as refused:
            raise _refused(refused.refusals) from refused
        with acting(self.actor):
            (outcome,) = receive([draft], actor=self.actor, via=Delivery.Via.API)
        if outcome.fate is Fate.CONFLICT:
            raise Conflict(outcome.refusals[0].message, code="other_content")
        if outcome.fate is Fate.REFUSED:
            raise _refused(outcome.refusals)
        is_new = outcome.fate is Fate.CREATED
        if not is_new and not self.get_queryset().filter(pk=key).exists():
            raise Conflict(
                _("Ese identificador ya es de otra entrega. Nada se ha cambiado."),
                code="other_content",
            )
        if is_new:
            return Response(_as_written(outcome, self.actor), status=status.HTTP_201_CREATED)
        return Response(self._shown(key), status=status.HTTP_200_OK)

    @extend_schema(
        summary=_("Corregir una entrega con otra que toma su lugar"),
        request=CorrectedDeliverySerializer,
        responses={201: DeliverySerializer},
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Another delivery takes its place; the first stays as it was."""
        told = dict(_object(request.data))
        key = _key(told.pop("id", None))
        delivery = self._mendable()
        made = services.correct_delivery(
            actor=self.actor,
            delivery=delivery,
            reason=_reason(told),
            told={name: told[name] for name in told if name != "reason"},
            key=key,
        )
        return Response(self._shown(made.pk), status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("Anular una entrega"),
        request=DeliveryReasonSerializer,
        responses=DeliverySerializer,
    )
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: str) -> Response:
        """It stays, and counts for nothing."""
        reason = self.told_by(DeliveryReasonSerializer)["reason"]
        made = services.void_delivery(actor=self.actor, delivery=self._mendable(), reason=reason)
        return Response(self._shown(made.pk))

    def _mendable(self) -> Delivery:
        delivery: Delivery = self.get_object()
        if not may_correct(self.actor, delivery):
            raise exceptions.PermissionDenied
        return delivery

    def _shown(self, key: uuid.UUID) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=key)).data


@cache
def _whole() -> DeliverySerializer:
    """Made once: its fields are the same for every delivery and every reader."""
    return DeliverySerializer()


def _as_written(outcome: Outcome, agent: User) -> dict[str, Any]:
    """What was just written, from what it came to: nothing is read back."""
    valued, now = outcome.valued, outcome.received_at
    assert valued is not None, "what was created has been valued"  # noqa: S101
    assert now is not None  # noqa: S101 - at an instant
    draft = valued.draft
    delivery = Delivery(**row_of(valued, agent=agent.pk, via=Delivery.Via.API, now=now))
    delivery.weighed_at, delivery.received_at = valued.weighed_at, now
    delivery.weighed_on = valued.weighed_on
    delivery.agent = agent
    delivery.form = ProductForm(pk=valued.form.id, code=draft.form)
    delivery.center = CollectionCenter(pk=valued.center, code=valued.center_code)
    if valued.variety is not None:
        delivery.variety = Variety(pk=valued.variety, code=draft.variety)
    if valued.quality is not None:
        delivery.quality = Quality(pk=valued.quality, code=valued.quality_code)
    # Django's place for rows that are known; it has no public door.
    delivery._prefetched_objects_cache = {  # type: ignore[attr-defined]  # noqa: SLF001
        "shares": [
            DeliveryShare(chakra_id=chakra, share=share, net_kg=kilos)
            for chakra, share, kilos in valued.shares
        ],
        "alerts": [
            DeliveryAlert(
                kind=alert.kind,
                is_open=waits(alert, valued),
                facts=alert.facts,
                other_id=alert.other,
            )
            for alert in reversed(valued.alerts)  # the newest first
        ],
    }
    told: dict[str, Any] = super(GuardedSerializer, _whole()).to_representation(delivery)
    return told | dict.fromkeys(() if may_see_values(agent) else DeliverySerializer.guarded)


def _object(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise exceptions.ValidationError(str(_("Envíe un objeto.")), code="invalid")
    return data


def _key(value: Any) -> uuid.UUID:
    if value is None:
        return uuid.uuid4()
    if not isinstance(value, str) or not HYPHENATED.fullmatch(value):
        raise exceptions.ValidationError(
            {"id": [exceptions.ErrorDetail(str(_("No es un UUID.")), code="invalid")]}
        )
    return uuid.UUID(value)


def _reason(told: Mapping[str, Any]) -> str:
    reason: str = ReasonField(required=False, allow_blank=True).run_validation(
        told.get("reason", "")
    )
    return reason


def _refused(refusals: tuple[Refusal, ...]) -> exceptions.ValidationError:
    by_field: dict[str, list[exceptions.ErrorDetail]] = {}
    for one in refusals:
        told = one.told()
        by_field.setdefault(told["field"] or "non_field_errors", []).append(
            exceptions.ErrorDetail(told["message"], code=told["code"])
        )
    return exceptions.ValidationError(by_field)


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("deliveries", DeliveryViewSet)
