"""Where kilos came from and where they went, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from harvests.api.batches import LotViewSet
from harvests.destinations import destinations
from harvests.lot_origin import LotOrigin
from harvests.models import CertificationClass
from kallari.api.viewsets import MatrixPermissions

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

KG: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}


class CommunityPartSerializer(serializers.Serializer[Any]):
    """What a lot holds of one community."""

    id = serializers.IntegerField(source="key")
    name = serializers.CharField()
    kg = serializers.DecimalField(**KG)
    families = serializers.IntegerField()
    deliveries = serializers.IntegerField()


class ClassPartSerializer(serializers.Serializer[Any]):
    """What a lot holds of what was handed in as one class."""

    certification_class = serializers.ChoiceField(source="key", choices=CertificationClass.choices)
    kg = serializers.DecimalField(**KG)


class OriginLineSerializer(serializers.Serializer[Any]):
    """What a lot holds of one delivery."""

    id = serializers.UUIDField(source="delivery_id")
    folio = serializers.CharField()
    kg = serializers.DecimalField(**KG, help_text=_("Kilos del lote que son de la entrega."))
    delivered_kg = serializers.DecimalField(**KG, help_text=_("Cuánto se entregó."))
    product_form = serializers.CharField(source="form")
    certification_class = serializers.ChoiceField(choices=CertificationClass.choices)
    weighed_on = serializers.DateField()
    family = serializers.UUIDField(source="family_id")
    family_name = serializers.CharField(source="family")
    community = serializers.IntegerField(source="community_id")
    community_name = serializers.CharField(source="community")
    is_partner = serializers.BooleanField(
        help_text=_("Si la familia era socia ese día: solo eso cuenta como comercio justo.")
    )


class OriginBatchSerializer(serializers.Serializer[Any]):
    """A process on the way."""

    code = serializers.CharField()
    kind = serializers.CharField(source="kind.code")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    in_kg = serializers.DecimalField(source="totals.in_kg", **KG)
    out_kg = serializers.DecimalField(source="totals.out_kg", **KG)


class OriginSerializer(serializers.Serializer[Any]):
    """Where a lot comes from; the parts add up to it, to the gram."""

    lot = serializers.CharField(source="lot.code")
    product_form = serializers.CharField(source="lot.form.code")
    certification_class = serializers.ChoiceField(
        source="lot.certification_class", choices=CertificationClass.choices
    )
    kg = serializers.DecimalField(source="made_kg", **KG, help_text=_("Lo que salió como lote."))
    left_kg = serializers.DecimalField(source="lot.balance.kg", **KG)
    partner_kg = serializers.DecimalField(
        **KG, help_text=_("De socias y socios: lo que puede venderse como comercio justo.")
    )
    communities = CommunityPartSerializer(many=True)
    classes = ClassPartSerializer(many=True)
    batches = OriginBatchSerializer(many=True)
    deliveries = OriginLineSerializer(source="lines", many=True)


class TracedLotViewSet(LotViewSet):
    """Lots, with their origin."""

    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "origin": ("harvests.trace_lot", "harvests.trace_lot")
    }

    @extend_schema(
        summary=_("De dónde viene un lote, en kilos"),
        description=_(
            "Las partes de las entregas suman el lote al gramo, a través de mezclas, divisiones y"
            " plantas de fuera."
        ),
        responses=OriginSerializer,
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def origin(self, request: Request, code: str) -> Response:
        """Which deliveries it holds, and how much of each."""
        return Response(OriginSerializer(LotOrigin(self.get_object())).data)


class DestinationLotSerializer(serializers.Serializer[Any]):
    """What of a delivery is, or was, in one lot."""

    lot = serializers.CharField(source="code")
    product_form = serializers.CharField(source="form")
    certification_class = serializers.ChoiceField(choices=CertificationClass.choices)
    made_at = serializers.DateTimeField()
    kg = serializers.DecimalField(**KG, help_text=_("Kilos del lote que son de la entrega."))
    left_kg = serializers.DecimalField(**KG)
    dispatched_kg = serializers.DecimalField(**KG)
    written_off_kg = serializers.DecimalField(**KG)
    recipients = serializers.ListField(child=serializers.CharField())


class DestinationsSerializer(serializers.Serializer[Any]):
    """Where a delivery is; what is unused, lost, left, handed out and written off adds up to it."""

    net_kg = serializers.DecimalField(**KG)
    unused_kg = serializers.DecimalField(**KG, help_text=_("Sin usar todavía."))
    lost_kg = serializers.DecimalField(**KG, help_text=_("Agua, cáscara, polvo."))
    lots = DestinationLotSerializer(many=True)


class TellsDestinations:
    """What deliveries tell of where they went."""

    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "destinations": ("harvests.view_lot", "harvests.view_lot")
    }

    @extend_schema(
        summary=_("A dónde fue una entrega, en kilos"),
        responses=DestinationsSerializer,
        filters=False,
    )
    @action(
        detail=True,
        methods=["get"],
        pagination_class=None,
        filterset_class=None,
        permission_classes=[MatrixPermissions],
    )
    def destinations(self, request: Request, pk: str) -> Response:
        """Where its kilos are; 404 for what was received by the piece."""
        delivery = self.get_object()  # type: ignore[attr-defined]  # the viewset's
        if delivery.net_kg is None:
            raise NotFound
        return Response(DestinationsSerializer(destinations(delivery)).data)


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("lots", TracedLotViewSet, basename="lot")
