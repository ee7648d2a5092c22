"""Tests of samples and results of laboratories for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from harvests.models import Batch, Delivery, LabResult, Lot, QualityTest, Variety
from harvests.services import quality as services
from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, YesNoFilter
from kallari.api.serializers import RecordSerializer
from kallari.api.viewsets import ListedViewSet

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter

TEST_TOLD = ("lot", "batch", "delivery", *services.TOLD)
RESULT_TOLD = (
    "lot",
    "substance",
    "value_mg_kg",
    "is_below_detection",
    "laboratory",
    "report_number",
    "sampled_on",
    "reported_on",
    "note",
)


class _DeliveryField(serializers.PrimaryKeyRelatedField[Delivery]):
    """A delivery that the sender may see."""

    def get_queryset(self) -> models.QuerySet[Delivery]:
        return Delivery.objects.visible_to(self.context["request"].user).select_related(
            "form__product"
        )


class ShortfallSerializer(serializers.Serializer[Any]):
    """One limit of a better grade that the sample does not hold."""

    grade = serializers.CharField(help_text=_("De qué grado es el límite."))
    what = serializers.ChoiceField(
        choices=["weight", "well_fermented", "fermented", "violet", "slaty", "mouldy"],
        help_text=_("Qué limita."),
    )
    has = serializers.CharField(
        allow_null=True, help_text=_("Lo que tiene la muestra, en gramos o por ciento.")
    )
    limit = serializers.CharField(help_text=_("Lo que pide la tabla."))


class QualityTestSerializer(RecordSerializer[QualityTest]):
    """What was found in a sample, and the grade that the table in force gave it then."""

    code = serializers.CharField(help_text=_("Su número como está en el certificado: Q-00042."))
    lot = serializers.CharField(source="lot.code", default=None, allow_null=True)
    batch = serializers.CharField(source="batch.code", default=None, allow_null=True)
    variety = serializers.CharField(source="variety.code", default=None, allow_null=True)
    grade = serializers.CharField(
        source="grade.code",
        default=None,
        allow_null=True,
        help_text=_("Vacío con una tabla: la muestra no llega a ninguno."),
    )
    grade_table = serializers.SerializerMethodField(
        help_text=_("La norma y la edición con que se calificó.")
    )
    below = ShortfallSerializer(many=True, help_text=_("Por qué no un grado mejor."))
    replaced_by = serializers.SerializerMethodField(help_text=_("Qué prueba vale en su lugar."))

    class Meta:
        model = QualityTest
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            *TEST_TOLD,
            "grade",
            "grade_table",
            "below",
            "replaces",
            "replaced_by",
            "why",
            "noted_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_grade_table(self, test: QualityTest) -> str | None:
        return None if test.edition is None else str(test.edition)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_replaced_by(self, test: QualityTest) -> str | None:
        return str(test.replaced_by.pk) if test.is_replaced else None


class NewQualityTestSerializer(RecordSerializer[QualityTest]):
    """What is told of a test: of one lot, one batch or one delivery."""

    id = KeyField()
    lot = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Lot.objects.select_related("form__product", "variety"),
        required=False,
        allow_null=True,
    )
    batch = serializers.SlugRelatedField(
        slug_field="code", queryset=Batch.objects.all(), required=False, allow_null=True
    )
    delivery = _DeliveryField(required=False, allow_null=True)
    variety = serializers.SlugRelatedField(
        slug_field="code", queryset=Variety.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = QualityTest
        fields: ClassVar[list[str]] = ["id", *TEST_TOLD]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Complete what was told as the service does, so that a repeat is known as one."""
        return services.completed(attrs, source=attrs.get("lot") or attrs.get("delivery"))


class QualityTestFilter(filters.FilterSet):
    """Which tests a list holds."""

    search = filters.CharFilter(
        method="by_search", label=_("Un número, Q-00042, o parte del código de lo que se probó.")
    )
    lot = filters.CharFilter(field_name="lot__code", label=_("De un lote, por su código."))
    batch = filters.CharFilter(field_name="batch__code", label=_("De un proceso, por su código."))
    delivery = filters.UUIDFilter(field_name="delivery", label=_("De una entrega."))
    grade = filters.CharFilter(field_name="grade__code", label=_("De un grado, por su sigla."))
    standing = YesNoFilter(
        field_name="replaced_by",
        lookup_expr="isnull",
        label=_("Solo las que valen, o solo las corregidas."),
    )
    tested_from = filters.DateFilter(
        field_name="tested_at", lookup_expr="date__gte", label=_("Desde este día.")
    )
    tested_until = filters.DateFilter(
        field_name="tested_at", lookup_expr="date__lte", label=_("Hasta este día.")
    )
    changed_since = ChangedSinceFilter()
    ordering = Ordering(
        fields=[("tested_at", "tested_at"), ("number", "number")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[QualityTest], _name: str, value: str
    ) -> models.QuerySet[QualityTest]:
        return rows.find(value)  # type: ignore[attr-defined]  # of QualityTestQuerySet


@extend_schema_view(
    list=extend_schema(summary=_("Las pruebas de calidad, las últimas primero")),
    retrieve=extend_schema(summary=_("Una prueba de calidad")),
)
class QualityTestViewSet(CreatesOnce, ListedViewSet):
    """What was found in samples: for who buys, pays or checks."""

    queryset = QualityTest.objects.with_names()
    serializer_class = QualityTestSerializer
    filterset_class = QualityTestFilter
    told_fields = TEST_TOLD

    @extend_schema(
        summary=_("Anotar una prueba"),
        description=_(
            "La califica la tabla que regía ese día. De 95 a 105 granos; fuera de 97 a 103 se pide"
            " una nota."
        ),
        request=NewQualityTestSerializer,
        responses={200: QualityTestSerializer, 201: QualityTestSerializer},
    )
    def create(self, request: Request) -> Response:
        """Note a test; the same message again changes nothing."""
        return self.create_once(self.told_by(NewQualityTestSerializer), services.note_quality_test)


class LabResultSerializer(RecordSerializer[LabResult]):
    """What a laboratory found of one substance in a lot."""

    lot = serializers.CharField(source="lot.code")
    has_report = serializers.SerializerMethodField(help_text=_("Si está el informe en archivo."))
    replaced_by = serializers.SerializerMethodField(help_text=_("Qué resultado vale en su lugar."))

    class Meta:
        model = LabResult
        fields: ClassVar[list[str]] = [
            "id",
            *RESULT_TOLD,
            "has_report",
            "replaces",
            "replaced_by",
            "why",
            "noted_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.BooleanField())
    def get_has_report(self, result: LabResult) -> bool:
        return result.file_id is not None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_replaced_by(self, result: LabResult) -> str | None:
        return str(result.replaced_by.pk) if result.is_replaced else None


class NewLabResultSerializer(RecordSerializer[LabResult]):
    """What is told of a result; its report is added on the page."""

    id = KeyField()
    lot = serializers.SlugRelatedField(slug_field="code", queryset=Lot.objects.all())

    class Meta:
        model = LabResult
        fields: ClassVar[list[str]] = ["id", *RESULT_TOLD]


class LabResultFilter(filters.FilterSet):
    """Which results a list holds."""

    search = filters.CharFilter(
        method="by_search", label=_("Parte de un lote, de un informe o de un laboratorio.")
    )
    lot = filters.CharFilter(field_name="lot__code", label=_("De un lote, por su código."))
    substance = filters.ChoiceFilter(
        choices=LabResult.Substance.choices, label=_("De una sustancia.")
    )
    standing = YesNoFilter(
        field_name="replaced_by",
        lookup_expr="isnull",
        label=_("Solo los que valen, o solo los corregidos."),
    )
    reported_from = filters.DateFilter(
        field_name="reported_on", lookup_expr="gte", label=_("Desde este día.")
    )
    reported_until = filters.DateFilter(
        field_name="reported_on", lookup_expr="lte", label=_("Hasta este día.")
    )
    changed_since = ChangedSinceFilter()

    def by_search(
        self, rows: models.QuerySet[LabResult], _name: str, value: str
    ) -> models.QuerySet[LabResult]:
        return rows.find(value)  # type: ignore[attr-defined]  # of LabResultQuerySet


@extend_schema_view(
    list=extend_schema(summary=_("Los resultados de laboratorio, los últimos primero")),
    retrieve=extend_schema(summary=_("Un resultado de laboratorio")),
)
class LabResultViewSet(CreatesOnce, ListedViewSet):
    """What laboratories found: for who buys, pays or checks."""

    queryset = LabResult.objects.with_names()
    serializer_class = LabResultSerializer
    filterset_class = LabResultFilter
    told_fields = RESULT_TOLD

    @extend_schema(
        summary=_("Anotar un resultado de laboratorio"),
        request=NewLabResultSerializer,
        responses={200: LabResultSerializer, 201: LabResultSerializer},
    )
    def create(self, request: Request) -> Response:
        """Note a result; the same message again changes nothing."""
        return self.create_once(self.told_by(NewLabResultSerializer), services.note_lab_result)


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("quality-tests", QualityTestViewSet, basename="quality-test")
    router.register("lab-results", LabResultViewSet, basename="lab-result")
