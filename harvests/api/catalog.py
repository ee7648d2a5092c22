"""What is bought, where and in which seasons, for programs. The office enters it in the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from harvests.models import (
    CollectionCenter,
    FormFigure,
    Product,
    ProductForm,
    Quality,
    Season,
    Variety,
)
from harvests.permissions.catalog import may_see_figures
from kallari.api.filters import ChangedSinceFilter, YesNoFilter
from kallari.api.serializers import RecordSerializer
from kallari.api.viewsets import ListedViewSet

if TYPE_CHECKING:
    from rest_framework.routers import BaseRouter


def _offered(field_name: str = "retired_on") -> YesNoFilter:
    return YesNoFilter(
        field_name=field_name,
        lookup_expr="isnull",
        label=_("Solo lo que se compra u ofrece, o solo lo que ya no."),
    )


def code_of(path: str, label: object) -> filters.CharFilter:
    """``?product=cacao``: by the code of what a row belongs to."""
    return filters.CharFilter(field_name=f"{path}__code", max_length=20, label=label)


class ProductSerializer(RecordSerializer[Product]):
    """Something that the association buys."""

    class Meta:
        model = Product
        fields: ClassVar[list[str]] = ["id", "code", "name", "kind", "place", "retired_on", "note"]
        read_only_fields = fields


class ProductFilter(filters.FilterSet):
    """Which products a list holds."""

    kind = filters.CharFilter(field_name="kind", label=_("De un comercio: cocoa, guayusa…"))
    offered = _offered()
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Los productos que se compran")),
    retrieve=extend_schema(summary=_("Un producto")),
)
class ProductViewSet(ListedViewSet):
    """Products."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter


class FormFigureSerializer(RecordSerializer[FormFigure]):
    """A figure of a form, from a day on, with its source."""

    class Meta:
        model = FormFigure
        fields: ClassVar[list[str]] = ["kind", "value", "valid_from", "source", "confirmed"]
        read_only_fields = fields


class ProductFormSerializer(RecordSerializer[ProductForm]):
    """A form in which a product arrives."""

    product = serializers.CharField(source="product.code", help_text=_("El código del producto."))
    figures = serializers.SerializerMethodField(
        help_text=_("Las cifras con que se recibe; vacío para los roles que no las ven.")
    )

    class Meta:
        model = ProductForm
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "product",
            "name",
            "counted",
            "unit",
            "tare_kg",
            "asks_moisture",
            "is_bought",
            "piece_kg",
            "place",
            "retired_on",
            "figures",
        ]
        read_only_fields = fields

    @extend_schema_field(FormFigureSerializer(many=True))
    def get_figures(self, form: ProductForm) -> object:
        seen = may_see_figures(self.context["request"].user)
        return FormFigureSerializer(form.figures.all() if seen else [], many=True).data


class ProductFormFilter(filters.FilterSet):
    """Which forms a list holds."""

    product = code_of("product", _("De un producto, por su código."))
    offered = _offered()
    changed_since = ChangedSinceFilter(related=[(FormFigure, "form_id")])


@extend_schema_view(
    list=extend_schema(summary=_("Las presentaciones en que llega cada producto")),
    retrieve=extend_schema(summary=_("Una presentación")),
)
class ProductFormViewSet(ListedViewSet):
    """Forms, with their figures."""

    queryset = ProductForm.objects.select_related("product").prefetch_related(
        Prefetch("figures", FormFigure.objects.all())
    )
    serializer_class = ProductFormSerializer
    filterset_class = ProductFormFilter


class VarietySerializer(RecordSerializer[Variety]):
    """A kind of plant of a product."""

    product = serializers.CharField(source="product.code", help_text=_("El código del producto."))

    class Meta:
        model = Variety
        fields: ClassVar[list[str]] = ["id", "code", "product", "name", "retired_on"]
        read_only_fields = fields


class VarietyFilter(filters.FilterSet):
    """Which varieties a list holds."""

    product = code_of("product", _("De un producto, por su código."))
    offered = _offered()
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las variedades de cada producto")),
    retrieve=extend_schema(summary=_("Una variedad")),
)
class VarietyViewSet(ListedViewSet):
    """Varieties."""

    queryset = Variety.objects.select_related("product")
    serializer_class = VarietySerializer
    filterset_class = VarietyFilter


class QualitySerializer(RecordSerializer[Quality]):
    """How good something is at first sight."""

    product_form = serializers.CharField(
        source="form.code", help_text=_("El código de la presentación.")
    )

    class Meta:
        model = Quality
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "product_form",
            "name",
            "is_default",
            "place",
            "retired_on",
        ]
        read_only_fields = fields


class QualityFilter(filters.FilterSet):
    """Which qualities a list holds."""

    product_form = code_of("form", _("De una presentación, por su código."))
    offered = _offered()
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las calidades de cada presentación")),
    retrieve=extend_schema(summary=_("Una calidad")),
)
class QualityViewSet(ListedViewSet):
    """Qualities."""

    queryset = Quality.objects.select_related("form")
    serializer_class = QualitySerializer
    filterset_class = QualityFilter


class CollectionCenterSerializer(RecordSerializer[CollectionCenter]):
    """A place that takes harvests in."""

    class Meta:
        model = CollectionCenter
        fields: ClassVar[list[str]] = ["id", "code", "name", "address", "closed_on", "note"]
        read_only_fields = fields


class CollectionCenterFilter(filters.FilterSet):
    """Which centers a list holds."""

    open = _offered("closed_on")
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Los centros de acopio")),
    retrieve=extend_schema(summary=_("Un centro de acopio")),
)
class CollectionCenterViewSet(ListedViewSet):
    """Collection centers."""

    queryset = CollectionCenter.objects.all()
    serializer_class = CollectionCenterSerializer
    filterset_class = CollectionCenterFilter


class SeasonSerializer(RecordSerializer[Season]):
    """A harvest season of a product."""

    product = serializers.CharField(source="product.code", help_text=_("El código del producto."))

    class Meta:
        model = Season
        fields: ClassVar[list[str]] = ["id", "product", "name", "starts_on", "ends_on"]
        read_only_fields = fields


class SeasonFilter(filters.FilterSet):
    """Which seasons a list holds."""

    product = code_of("product", _("De un producto, por su código."))
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las temporadas de cosecha de cada producto")),
    retrieve=extend_schema(summary=_("Una temporada")),
)
class SeasonViewSet(ListedViewSet):
    """Seasons."""

    queryset = Season.objects.select_related("product")
    serializer_class = SeasonSerializer
    filterset_class = SeasonFilter


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("products", ProductViewSet, basename="product")
    router.register("product-forms", ProductFormViewSet, basename="product-form")
    router.register("varieties", VarietyViewSet, basename="variety")
    router.register("qualities", QualityViewSet, basename="quality")
    router.register("collection-centers", CollectionCenterViewSet, basename="collection-center")
    router.register("seasons", SeasonViewSet, basename="season")
