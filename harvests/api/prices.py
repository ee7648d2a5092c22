"""Price lists and the market's prices for programs: drafted, published, read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from harvests.api.catalog import code_of
from harvests.models import (
    CertificationClass,
    MarketPrice,
    PriceLine,
    PriceList,
    Product,
    Quality,
)
from harvests.services import prices as services
from harvests.services.prices import TablePrice
from kallari.api.filters import ChangedSinceFilter, Ordering, YesNoFilter
from kallari.api.serializers import ReasonField, RecordSerializer, WrittenDecimalField
from kallari.api.viewsets import ListedViewSet
from kallari.units import PRICE_STEP, Unit

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

MOST_LINES = 500
"""How many prices one message tells."""


class PriceLineSerializer(RecordSerializer[PriceLine]):
    """The price of one unit of a form of a quality and a certification class."""

    product_form = serializers.CharField(source="form.code")
    quality = serializers.CharField(source="quality.code")

    class Meta:
        model = PriceLine
        fields: ClassVar[list[str]] = [
            "id",
            "product_form",
            "quality",
            "certification_class",
            "price_usd",
            "premium_usd",
            "unit",
        ]
        read_only_fields = fields


class PriceListSerializer(RecordSerializer[PriceList]):
    """Prices that were decided together."""

    lines = PriceLineSerializer(many=True)

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "resolution",
            "valid_from",
            "published_at",
            "note",
            "lines",
        ]
        read_only_fields = fields


class _ToldPriceSerializer(serializers.Serializer[TablePrice]):
    """One price of a draft; null takes it out."""

    quality = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Quality.objects.select_related("form__product"),
        help_text=_("El código de la calidad; dice también la presentación."),
    )
    certification_class = serializers.ChoiceField(choices=CertificationClass.choices)
    unit = serializers.ChoiceField(choices=Unit.choices)
    price_usd = WrittenDecimalField(
        max_digits=10,
        decimal_places=4,
        min_value=PRICE_STEP,
        allow_null=True,
        help_text=_("Por una unidad. null: la lista no tendrá ese precio."),
    )
    premium_usd = WrittenDecimalField(
        max_digits=10, decimal_places=4, min_value=Decimal(0), default=Decimal(0)
    )


class NewPriceListSerializer(RecordSerializer[PriceList]):
    """A draft, with its prices or without."""

    lines = _ToldPriceSerializer(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # the list's
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = ["name", "resolution", "note", "lines", "reason"]


class PriceListCorrectionSerializer(RecordSerializer[PriceList]):
    """What changes of a draft; prices that are not named stay."""

    lines = _ToldPriceSerializer(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # the list's
    reason = ReasonField()

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = ["name", "resolution", "note", "lines", "reason"]
        extra_kwargs: ClassVar[dict[str, Any]] = {"name": {"required": False}}


class PublicationSerializer(RecordSerializer[PriceList]):
    """From which instant on."""

    valid_from = serializers.DateTimeField(
        required=False, allow_null=True, help_text=_("Sin él, desde este momento.")
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = ["valid_from", "reason"]


class PriceListFilter(filters.FilterSet):
    """Which price lists a list holds."""

    published = YesNoFilter(
        field_name="published_at",
        lookup_expr="isnull",
        exclude=True,
        label=_("Solo las publicadas, o solo los borradores."),
    )
    changed_since = ChangedSinceFilter(related=[(PriceLine, "price_list_id")])
    ordering = Ordering(
        fields=[("valid_from", "valid_from"), ("name", "name")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )


@extend_schema_view(
    list=extend_schema(
        summary=_("Las listas de precios, los borradores y las más nuevas primero"),
        description=_("Los borradores, para quien los escribe."),
    ),
    retrieve=extend_schema(summary=_("Una lista de precios")),
)
class PriceListViewSet(ListedViewSet):
    """Price lists with their prices. A published one never changes."""

    queryset = PriceList.objects.prefetch_related(
        Prefetch("lines", PriceLine.objects.with_names().order_by("pk"))
    )
    serializer_class = PriceListSerializer
    filterset_class = PriceListFilter
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "publish": ("harvests.view_pricelist", "harvests.publish_pricelist"),
    }

    @extend_schema(
        summary=_("Preparar una lista de precios, en borrador"),
        request=NewPriceListSerializer,
        responses={201: PriceListSerializer},
    )
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Begin a draft."""
        told = self.told_by(NewPriceListSerializer)
        lines = told.pop("lines", [])
        resolution = told.pop("resolution", "")
        made = services.draft_price_list(actor=self.actor, **told)
        services.write_table(actor=self.actor, price_list=made, prices=_prices(lines))
        if resolution:  # it approves the prices that were told with it
            services.approve(actor=self.actor, price_list=made, resolution=resolution)
        return Response(self._shown(made), status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("Corregir un borrador o escribir sus precios"),
        description=_(
            "La resolución que lo aprueba se anota también así; si cambian precios sin anotarla, la"
            " que tenía deja de aprobarlos. Una lista publicada: 400."
        ),
        request=PriceListCorrectionSerializer,
        responses=PriceListSerializer,
    )
    @transaction.atomic
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a draft. Asks for a reason."""
        found = self.get_object()
        told = self.told_by(PriceListCorrectionSerializer, found)
        lines = told.pop("lines", [])
        # The prices first: a resolution told with them approves them.
        services.write_table(
            actor=self.actor, price_list=found, prices=_prices(lines), reason=told["reason"]
        )
        made = services.correct_price_list(actor=self.actor, price_list=found, **told)
        return Response(self._shown(made))

    @extend_schema(
        summary=_("Publicar una lista aprobada"),
        description=_(
            "Desde ese momento vale para todo lo que se pese y no cambia más. Se rechaza sin"
            " precios (no_lines), sin resolución (resolution_required), dos veces (published) o"
            " cuando cambiaría lo ya pagado (already_valued)."
        ),
        request=PublicationSerializer,
        responses=PriceListSerializer,
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Put a draft in force."""
        return self.written_by(
            PublicationSerializer, services.publish_price_list, price_list=self.get_object()
        )

    def _shown(self, made: PriceList) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=made.pk)).data


def _prices(lines: list[dict[str, Any]]) -> list[TablePrice]:
    return [TablePrice(**line) for line in lines]


class MarketPriceSerializer(RecordSerializer[MarketPrice]):
    """What the world's market paid on a day."""

    product = serializers.CharField(source="product.code")

    class Meta:
        model = MarketPrice
        fields: ClassVar[list[str]] = ["id", "product", "day", "usd_per_tonne", "source"]
        read_only_fields = fields


class NewMarketPriceSerializer(RecordSerializer[MarketPrice]):
    """A day's price; told again for the same day it corrects it, with a reason."""

    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.all(), help_text=_("El código del producto.")
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = MarketPrice
        fields: ClassVar[list[str]] = ["product", "day", "usd_per_tonne", "source", "reason"]
        validators: ClassVar[list[Any]] = []


class MarketPriceFilter(filters.FilterSet):
    """Which market prices a list holds."""

    product = code_of("product", _("De un producto, por su código."))
    day_from = filters.DateFilter(field_name="day", lookup_expr="gte", label=_("Desde este día."))
    day_until = filters.DateFilter(field_name="day", lookup_expr="lte", label=_("Hasta este día."))
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Los precios del mercado, por producto y día")),
    retrieve=extend_schema(summary=_("Un precio del mercado")),
)
class MarketPriceViewSet(ListedViewSet):
    """What the association's prices are held against."""

    queryset = MarketPrice.objects.select_related("product")
    serializer_class = MarketPriceSerializer
    filterset_class = MarketPriceFilter

    @extend_schema(
        summary=_("Anotar el precio del mercado de un día"),
        description=_("Otra vez para el mismo día, lo corrige y pide un motivo."),
        request=NewMarketPriceSerializer,
        responses={201: MarketPriceSerializer},
    )
    def create(self, request: Request) -> Response:
        """Write down a day's price."""
        return self.written_by(NewMarketPriceSerializer, services.note_market_price)


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("price-lists", PriceListViewSet, basename="price-list")
    router.register("market-prices", MarketPriceViewSet, basename="market-price")
