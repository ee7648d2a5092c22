"""Chakras, their boundaries and their conflicts for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, YesNoFilter
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import CommunityFilter, FamilyField
from members.geometry.validity import check
from members.models import (
    Chakra,
    ChakraConflict,
    ChakraCrop,
    ChakraGeometry,
    Community,
    Family,
)
from members.services import chakras as services

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

    from kallari.accounts.models import User

TOLD = ("family", "name", "declared_area_ha", "tenure", "shade", "species_count", "note")
MEASURED = (
    "geometry",
    "method",
    "captured_on",
    "captured_by",
    "accuracy_m",
)
CHANGES = ("members.view_chakra", "members.change_chakra")
COUNTRY = "EC"


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["Point", "Polygon", "MultiPolygon"]},
            "coordinates": {"type": "array", "items": {}},
        },
        "required": ["type", "coordinates"],
        "description": "GeoJSON (RFC 7946): longitud y latitud en WGS 84.",
    }
)
class GeometryField(serializers.JSONField):
    """A geometry as GeoJSON; whether it can be a chakra, `members.geometry.validity` knows."""


# --- What is shown --------------------------------------------------------------------------------


class CropSerializer(RecordSerializer[ChakraCrop]):
    """What grows, on how much."""

    class Meta:
        model = ChakraCrop
        fields: ClassVar[list[str]] = ["crop", "variety", "area_ha", "plants", "planted_in"]


class ConflictSerializer(RecordSerializer[ChakraConflict]):
    """Two boundaries that lie on each other."""

    one_code = serializers.CharField(source="one.code", help_text=_("CH-0042."))
    other_code = serializers.CharField(source="other.code", help_text=_("CH-0043."))
    outcome = serializers.ChoiceField(
        choices=ChakraConflict.Outcome.choices, allow_blank=True, read_only=True
    )
    overlap = serializers.ListField(
        child=GeometryField(), read_only=True, help_text=_("La parte común.")
    )

    class Meta:
        model = ChakraConflict
        fields: ClassVar[list[str]] = [
            "id",
            "one",
            "one_code",
            "other",
            "other_code",
            "overlap_m2",
            "overlap",
            "found_on",
            "outcome",
            "decided_on",
            "decision",
        ]
        read_only_fields = fields


class ChakraSerializer(RecordSerializer[Chakra]):
    """A chakra in a list."""

    code = serializers.CharField(help_text=_("Su número como está en los papeles: CH-0042."))
    family_name = serializers.CharField(source="family.name", help_text=_("De qué familia es."))
    community: serializers.PrimaryKeyRelatedField[Community] = serializers.PrimaryKeyRelatedField(
        source="family.community", read_only=True, help_text=_("Dónde vive su familia.")
    )
    community_name = serializers.CharField(
        source="family.community.name", help_text=_("Cómo se llama su comunidad.")
    )
    area_ha = serializers.DecimalField(
        source="known_area_ha",
        max_digits=9,
        decimal_places=4,
        read_only=True,
        allow_null=True,
        help_text=_("La medida por su lindero o, sin él, la declarada."),
    )
    kind = serializers.ChoiceField(
        source="geometry_kind",
        choices=ChakraGeometry.Kind.choices,
        read_only=True,
        allow_null=True,
        help_text=_("Punto o lindero; null: falta dónde queda."),
    )
    in_conflict = serializers.BooleanField(
        source="disputed", help_text=_("Otra familia tiene un lindero encima, sin decidir.")
    )
    tenure = serializers.ChoiceField(
        choices=Chakra.Tenure.choices, allow_blank=True, read_only=True
    )
    shade = serializers.ChoiceField(choices=Chakra.Shade.choices, allow_blank=True, read_only=True)
    geometry = serializers.SerializerMethodField(
        help_text=_("En la lista, null si no se pide con geometry=true.")
    )

    class Meta:
        model = Chakra
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            "name",
            "family",
            "family_name",
            "community",
            "community_name",
            "state",
            "closed_on",
            "area_ha",
            "declared_area_ha",
            "kind",
            "in_conflict",
            "geometry",
            "tenure",
            "shade",
            "species_count",
            "note",
        ]
        read_only_fields = fields

    @extend_schema_field(GeometryField(allow_null=True))
    def get_geometry(self, chakra: Chakra) -> Any:
        if not self.context["view"].shows_geometry:
            return None
        boundary = chakra.boundary
        return None if boundary is None else boundary.geometry


class BoundarySerializer(RecordSerializer[ChakraGeometry]):
    """How the present geometry was taken."""

    class Meta:
        model = ChakraGeometry
        fields: ClassVar[list[str]] = [
            "version",
            "kind",
            "area_ha",
            "perimeter_m",
            "method",
            "accuracy_m",
            "captured_on",
            "captured_by",
            "noticed",
        ]
        read_only_fields = fields


class WholeChakraSerializer(ChakraSerializer):
    """One chakra, with all that belongs to it."""

    boundary = BoundarySerializer(read_only=True, allow_null=True)
    crops = CropSerializer(many=True, read_only=True)
    conflicts = serializers.SerializerMethodField(help_text=_("También los decididos."))

    class Meta(ChakraSerializer.Meta):
        fields: ClassVar[list[str]] = [
            *ChakraSerializer.Meta.fields,
            "boundary",
            "crops",
            "conflicts",
        ]
        read_only_fields = fields

    @extend_schema_field(ConflictSerializer(many=True))
    def get_conflicts(self, chakra: Chakra) -> Any:
        user = self.context["request"].user
        rows = ChakraConflict.objects.visible_to(user).of(chakra).select_related("one", "other")
        return ConflictSerializer(rows, many=True).data


# --- What is told ---------------------------------------------------------------------------------


class MeasurementSerializer(RecordSerializer[ChakraGeometry]):
    """Where a chakra lies, as it was taken."""

    geometry = GeometryField()
    declared_area_ha = serializers.DecimalField(
        max_digits=9,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        required=False,
        allow_null=True,
        help_text=_("De un punto; sin ella, la que ya consta."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = ChakraGeometry
        fields: ClassVar[list[str]] = [*MEASURED, "declared_area_ha", "reason"]


class NewChakraSerializer(RecordSerializer[Chakra]):
    """What is told of a chakra when it is taken down; with ``geometry`` also where it lies."""

    id = KeyField()
    family = FamilyField()
    geometry = GeometryField(required=False)
    method = serializers.ChoiceField(choices=ChakraGeometry.Method.choices, required=False)
    captured_on = serializers.DateField(
        required=False, help_text=_("Con geometry: el día en que se tomó.")
    )
    captured_by = serializers.CharField(required=False, allow_blank=True, max_length=120)
    accuracy_m = serializers.DecimalField(
        max_digits=6, decimal_places=1, min_value=Decimal(0), required=False, allow_null=True
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Chakra
        fields: ClassVar[list[str]] = ["id", *TOLD, *MEASURED, "reason"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A geometry says how and when it was taken; nothing of it is said without one."""
        if "geometry" in attrs:
            missing = [name for name in ("method", "captured_on") if name not in attrs]
            code = "required"
            words = _("Con la geometría se dice también cómo y cuándo se tomó.")
        else:
            missing = [name for name in MEASURED if name in attrs]
            code = "without_geometry"
            words = _("Esto se dice de una geometría, y falta la geometría.")
        if missing:
            raise serializers.ValidationError(dict.fromkeys(missing, words), code=code)
        return attrs


class ChakraCorrectionSerializer(RecordSerializer[Chakra]):
    """What differs from now on, and why; ``closed_on`` gives it up, null takes it up again."""

    closed_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text=_("Desde este día la familia ya no la trabaja; null: la trabaja otra vez."),
    )
    reason = ReasonField()

    class Meta:
        model = Chakra
        fields: ClassVar[list[str]] = [*TOLD[1:], "closed_on", "reason"]


class WhySerializer(RecordSerializer[Chakra]):
    """Why something is done."""

    reason = ReasonField()

    class Meta:
        model = Chakra
        fields: ClassVar[list[str]] = ["reason"]


class CropsSerializer(RecordSerializer[Chakra]):
    """The whole list of what a chakra grows; what is not in it grows there no more."""

    crops = CropSerializer(many=True, max_length=30)  # type: ignore[call-arg]  # of the list
    reason = ReasonField()

    class Meta:
        model = Chakra
        fields: ClassVar[list[str]] = ["crops", "reason"]


class DecisionSerializer(RecordSerializer[ChakraConflict]):
    """What was decided, and why."""

    outcome = serializers.ChoiceField(choices=ChakraConflict.Outcome.choices)
    decision = serializers.CharField(
        max_length=500, help_text=_("Qué se decidió, por qué y dónde consta.")
    )

    class Meta:
        model = ChakraConflict
        fields: ClassVar[list[str]] = ["outcome", "decision"]


# --- GeoJSON --------------------------------------------------------------------------------------


class GeoJSONRenderer(JSONRenderer):
    """Positions as GIS programs take them."""

    media_type = "application/geo+json"
    format = "geojson"


def feature(chakra: Chakra) -> dict[str, Any]:
    """A chakra that has a place, as a feature of RFC 7946."""
    boundary = cast("ChakraGeometry", chakra.boundary)
    properties: dict[str, Any] = {
        "ProducerName": chakra.family.name,
        "ProducerCountry": COUNTRY,
        "ProductionPlace": chakra.family.community.name,
        "code": chakra.code,
        "state": chakra.state,
    }
    if boundary.is_point:
        properties["Area"] = float(boundary.area_ha)
    return {
        "type": "Feature",
        "id": str(chakra.pk),
        "geometry": boundary.geometry,
        "properties": properties,
    }


COLLECTION = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "enum": ["Feature"]},
                    "id": {"type": "string", "format": "uuid"},
                    "geometry": {"type": "object"},
                    "properties": {
                        "type": "object",
                        "properties": {
                            "ProducerName": {"type": "string"},
                            "ProducerCountry": {"type": "string", "enum": [COUNTRY]},
                            "ProductionPlace": {"type": "string"},
                            "Area": {"type": "number"},
                            "code": {"type": "string"},
                            "state": {"type": "string", "enum": Chakra.State.values},
                        },
                        "required": [
                            "ProducerName",
                            "ProducerCountry",
                            "ProductionPlace",
                            "code",
                            "state",
                        ],
                    },
                },
                "required": ["type", "id", "geometry", "properties"],
            },
        },
    },
    "required": ["type", "features"],
}


# --- Filters --------------------------------------------------------------------------------------


class ChakraFilter(filters.FilterSet):
    """Which chakras a list holds."""

    search = filters.CharFilter(
        method="by_search", label=_("El código, CH-0042, o la familia en cualquier escritura.")
    )
    community = CommunityFilter("family__community")
    family = filters.UUIDFilter(field_name="family_id", label=_("De una familia."))
    state = filters.ChoiceFilter(choices=Chakra.State.choices, label=_("En qué estado está."))
    kind = filters.ChoiceFilter(
        field_name="geometry_kind",
        choices=ChakraGeometry.Kind.choices,
        label=_("Con punto o con lindero."),
    )
    in_conflict = YesNoFilter(
        field_name="disputed", label=_("Con un conflicto de linderos sin decidir, o sin ninguno.")
    )
    open = YesNoFilter(
        field_name="closed_on",
        lookup_expr="isnull",
        label=_("Solo las que se trabajan, o solo las dejadas."),
    )
    geometry = YesNoFilter(method="as_it_is", label=_("Con las posiciones de cada una."))
    changed_since = ChangedSinceFilter(
        related=[
            (ChakraGeometry, "chakra_id"),
            (ChakraCrop, "chakra_id"),
            (ChakraConflict, "one_id"),
            (ChakraConflict, "other_id"),
            (Family, "id", "family_id"),
            (Community, "id", "family__community_id"),
        ]
    )
    ordering = Ordering(
        fields=[
            ("number", "number"),
            ("family__search_key", "family"),
            ("family__community__search_key", "community"),
            ("known_area_ha", "area_ha"),
        ],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[Chakra], _name: str, value: str
    ) -> models.QuerySet[Chakra]:
        return rows.find(value)  # type: ignore[attr-defined]

    def as_it_is(
        self, rows: models.QuerySet[Chakra], _name: str, _value: bool
    ) -> models.QuerySet[Chakra]:
        """`ChakraViewSet.shows_geometry` reads it."""
        return rows


class ConflictFilter(filters.FilterSet):
    """Which conflicts a list holds."""

    open = YesNoFilter(
        field_name="decided_on",
        lookup_expr="isnull",
        label=_("Solo los que faltan decidir, o solo los decididos."),
    )
    outcome = filters.ChoiceFilter(
        choices=ChakraConflict.Outcome.choices, label=_("Con qué resultado.")
    )
    changed_since = ChangedSinceFilter()
    ordering = Ordering(
        fields=[("found_on", "found_on"), ("overlap_m2", "overlap_m2")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )


# --- Resources ------------------------------------------------------------------------------------


@extend_schema_view(
    list=extend_schema(
        summary=_("Las chakras que su rol ve, por número"),
        responses=ChakraSerializer(many=True),
        description=_("Las posiciones vienen si se piden con geometry=true."),
    ),
    retrieve=extend_schema(
        summary=_("Una chakra, con su lugar, sus cultivos y sus conflictos"),
        responses=WholeChakraSerializer,
    ),
)
class ChakraViewSet(CreatesOnce, ListedViewSet):
    """Chakras: agents and delegates see those of their communities. Given up, never removed."""

    queryset = Chakra.objects.with_people().with_areas()
    serializer_class = WholeChakraSerializer
    filterset_class = ChakraFilter
    told_fields = TOLD
    rights: ClassVar[dict[str, tuple[str, str]]] = dict.fromkeys(
        ("geometry", "verify", "suspend", "crops"), CHANGES
    )

    @property
    def shows_geometry(self) -> bool:
        """A list tells positions only to who asks for them."""
        return self.action != "list" or self.request.query_params.get("geometry") == "true"

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.with_boundary() if self.shows_geometry else rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return ChakraSerializer if self.action == "list" else WholeChakraSerializer

    @extend_schema(
        summary=_("Registrar una chakra"),
        description=_(
            "El sistema le da el número que sigue. Con geometry queda también dónde está."
        ),
        request=NewChakraSerializer,
        responses={200: WholeChakraSerializer, 201: WholeChakraSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take a chakra down; the same message again changes nothing."""
        return self.create_once(self.told_by(NewChakraSerializer), _take_down)

    def _is_what_was_told(self, key: uuid.UUID, told: Mapping[str, Any]) -> bool:
        """The first measurement belongs to the message too."""
        if not super()._is_what_was_told(key, told):
            return False
        if "geometry" not in told:
            return True
        first = ChakraGeometry.objects.filter(chakra=key, version=1).first()
        return first is not None and _says_the_same(first, told)

    @extend_schema(
        summary=_("Corregir una chakra, anotar que se dejó o que se trabaja otra vez"),
        description=_("closed_on la deja desde ese día; null la retoma."),
        request=ChakraCorrectionSerializer,
        responses=WholeChakraSerializer,
    )
    @transaction.atomic
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct, give up or take up again. Asks for a reason."""
        chakra = self.get_object()
        wanted = self.told_by(ChakraCorrectionSerializer, chakra)
        who = {"actor": self.actor, "reason": wanted.pop("reason")}
        closes = "closed_on" in wanted
        closed_on = wanted.pop("closed_on", None)
        if wanted:
            services.correct_chakra(chakra=chakra, **wanted, **who)
        if closes and closed_on is None and not chakra.is_open:
            services.reopen_chakra(chakra=chakra, **who)
        elif closes and closed_on is not None and closed_on != chakra.closed_on:
            services.close_chakra(chakra=chakra, closed_on=closed_on, **who)
        return Response(self.shown(chakra.pk))

    @extend_schema(
        summary=_("Anotar dónde queda una chakra"),
        description=_(
            "Otra medición es otra versión; la misma otra vez no cambia nada. Una geometría que no "
            "puede ser una chakra se rechaza y no se corrige: el código dice por qué."
        ),
        request=MeasurementSerializer,
        responses=WholeChakraSerializer,
    )
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def geometry(self, request: Request, pk: str) -> Response:
        """Keep the next version of the boundary."""
        chakra = self.get_object()
        told = self.told_by(MeasurementSerializer)
        services.lock_boundaries()
        present = ChakraGeometry.objects.filter(chakra=chakra, is_current=True).first()
        if present is None or not _says_the_same(present, told):
            _measure(self.actor, chakra, told)
        return Response(self.shown(chakra.pk))

    @extend_schema(
        summary=_("Verificar una chakra"), request=WhySerializer, responses=WholeChakraSerializer
    )
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """The association stands for it."""
        return self._happens(WhySerializer, services.verify_chakra)

    @extend_schema(
        summary=_("Suspender una chakra"), request=WhySerializer, responses=WholeChakraSerializer
    )
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        """The association no longer stands for it."""
        return self._happens(WhySerializer, services.suspend_chakra)

    @extend_schema(
        summary=_("Anotar qué crece en una chakra"),
        description=_("La lista entera: lo que no está en ella ya no crece ahí."),
        request=CropsSerializer,
        responses=WholeChakraSerializer,
    )
    @action(detail=True, methods=["post"])
    def crops(self, request: Request, pk: str) -> Response:
        """Write the list of crops anew."""
        return self._happens(CropsSerializer, services.set_crops)

    @extend_schema(
        summary=_("Las chakras que dejan los filtros, como GeoJSON"),
        description=_(
            "Un FeatureCollection (RFC 7946) sin páginas, con las que tienen lugar. Area va en los "
            "puntos."
        ),
        responses={(200, "application/geo+json"): COLLECTION},
        filters=True,
    )
    @action(
        detail=False,
        methods=["get"],
        pagination_class=None,
        renderer_classes=[GeoJSONRenderer],
    )
    def geojson(self, request: Request) -> Response:
        """All that the filters leave and that has a place."""
        rows = self.filter_queryset(self.get_queryset())
        found = [feature(chakra) for chakra in rows if chakra.boundary is not None]
        return Response({"type": "FeatureCollection", "features": found})

    def _happens(self, serializer: type[RecordSerializer[Any]], service: Any) -> Response:
        """Let a service do what was told to the chakra of the address."""
        chakra = self.get_object()
        service(actor=self.actor, chakra=chakra, **self.told_by(serializer))
        return Response(self.shown(chakra.pk))


def _take_down(*, actor: User, key: uuid.UUID | None, reason: str = "", **told: Any) -> Chakra:
    """A chakra and, where it is told, its first measurement."""
    measured = {name: told.pop(name) for name in MEASURED if name in told}
    chakra = services.add_chakra(actor=actor, key=key, reason=reason, **told)
    if measured:
        _measure(actor, chakra, {**measured, "reason": reason})
    return chakra


def _measure(actor: User, chakra: Chakra, told: Mapping[str, Any]) -> None:
    """Keep a measurement; what is refused of it is refused at its field."""
    try:
        services.set_geometry(actor=actor, chakra=chakra, **told)
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") or refusal.code == "closed":
            raise
        raise ValidationError({"geometry": refusal.error_list}) from refusal


def _says_the_same(version: ChakraGeometry, told: Mapping[str, Any]) -> bool:
    """Whether a measurement is the one that was kept."""
    area = told.get("declared_area_ha") or version.chakra.declared_area_ha
    try:
        limits = services.limits_on(told["captured_on"])
        kept = check(told["geometry"], declared_area_ha=area, limits=limits)
    except ValidationError:
        return False
    return (
        kept.geometry == version.geometry
        and kept.area_ha == version.area_ha
        and all(told.get(name, "") == getattr(version, name) for name in ("method", "captured_on"))
    )


@extend_schema_view(
    list=extend_schema(summary=_("Los conflictos de linderos que su rol ve")),
    retrieve=extend_schema(summary=_("Un conflicto de linderos")),
)
class ConflictViewSet(ListedViewSet):
    """Conflicts: found by the system, decided by the office."""

    queryset = ChakraConflict.objects.select_related("one", "other")
    serializer_class = ConflictSerializer
    filterset_class = ConflictFilter
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "decide": ("members.view_chakraconflict", "members.change_chakraconflict")
    }

    @extend_schema(
        summary=_("Anotar qué se decidió de un conflicto"),
        request=DecisionSerializer,
        responses=ConflictSerializer,
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Write down what was decided; then the chakras can be verified."""
        return self.written_by(
            DecisionSerializer, services.decide_conflict, conflict=self.get_object()
        )


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("chakras", ChakraViewSet, basename="chakra")
    router.register("chakra-conflicts", ConflictViewSet, basename="chakra-conflict")
