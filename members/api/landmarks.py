"""Rivers, roads, borders and centers for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from kallari.api.filters import ChangedSinceFilter
from kallari.api.serializers import RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.models import Landmark

if TYPE_CHECKING:
    from rest_framework.routers import BaseRouter


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": Landmark.Shape.values},
            "coordinates": {"type": "array", "items": {}},
        },
        "required": ["type", "coordinates"],
        "description": "GeoJSON (RFC 7946): longitud y latitud en WGS 84.",
    }
)
class ShapeField(serializers.JSONField):
    """A landmark as GeoJSON."""


class LandmarkSerializer(RecordSerializer[Landmark]):
    """A river, a road, a border or a center."""

    geometry = ShapeField(read_only=True)

    class Meta:
        model = Landmark
        fields: ClassVar[list[str]] = ["id", "kind", "name", "geometry", "source"]
        read_only_fields = fields


class LandmarkFilter(filters.FilterSet):
    """Which landmarks a list holds."""

    kind = filters.MultipleChoiceFilter(choices=Landmark.Kind.choices, label=_("De una clase."))
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Ríos, caminos, límites y centros que se dibujan en los mapas")),
    retrieve=extend_schema(summary=_("Una referencia del mapa")),
)
class LandmarkViewSet(ListedViewSet):
    """Landmarks: the office keeps them in the admin, everybody sees them on the maps."""

    queryset = Landmark.objects.all()
    serializer_class = LandmarkSerializer
    filterset_class = LandmarkFilter


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("landmarks", LandmarkViewSet, basename="landmark")
