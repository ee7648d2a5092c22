"""Schemes, certificates and what chakras are under them, for programs."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from kallari.api.filters import ChangedSinceFilter
from kallari.api.serializers import RecordSerializer
from kallari.api.viewsets import RecordViewSet
from members.models import (
    Certificate,
    CertificationScheme,
    ChakraCertification,
    ReinspectionSample,
    SampledPartner,
    YieldEstimate,
)

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.routers import BaseRouter


class CertificationSchemeSerializer(RecordSerializer[CertificationScheme]):
    """A seal, and what its norm asks of a group."""

    class Meta:
        model = CertificationScheme
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "name",
            "kind",
            "norm",
            "is_sought",
            "has_transition",
            "limits_the_group",
            "sampling",
        ]


class CertificateSerializer(RecordSerializer[Certificate]):
    """A paper of a certifying body; its copy is at the page of the certificate."""

    class Meta:
        model = Certificate
        fields: ClassVar[list[str]] = [
            "id",
            "scheme",
            "number",
            "body",
            "valid_from",
            "valid_until",
            "withdrawn_on",
            "scope",
        ]


class ChakraCertificationSerializer(RecordSerializer[ChakraCertification]):
    """What a chakra is under a scheme, from ``starts_on`` to before ``ends_on``."""

    class Meta:
        model = ChakraCertification
        fields: ClassVar[list[str]] = [
            "id",
            "chakra",
            "scheme",
            "status",
            "starts_on",
            "ends_on",
            "transition_started_on",
            "resolution",
        ]


class YieldEstimateSerializer(RecordSerializer[YieldEstimate]):
    """What a chakra should give of a product in a year."""

    class Meta:
        model = YieldEstimate
        fields: ClassVar[list[str]] = [
            "id",
            "chakra",
            "product",
            "year",
            "estimated_kg",
            "estimated_on",
            "basis",
        ]


class SampledPartnerSerializer(RecordSerializer[SampledPartner]):
    """A partner in a sample, and why."""

    number = serializers.IntegerField(
        source="partner.number", help_text=_("Su número en el registro, con el que se sorteó.")
    )

    class Meta:
        model = SampledPartner
        fields: ClassVar[list[str]] = ["place", "partner", "number", "why", "risk"]
        read_only_fields = fields


class ReinspectionSampleSerializer(RecordSerializer[ReinspectionSample]):
    """Whom the certifying body inspects again, with all that is needed to draw it once more."""

    population = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text=_("De quiénes se sacó: el número y el riesgo de cada integrante ese día."),
    )
    sampled = SampledPartnerSerializer(many=True)

    class Meta:
        model = ReinspectionSample
        fields: ClassVar[list[str]] = [
            "id",
            "scheme",
            "drawn_on",
            "seed",
            "size",
            "by_risk",
            "rule",
            "rule_is_confirmed",
            "population",
            "sampled",
        ]
        read_only_fields = fields


# --- Filters --------------------------------------------------------------------------------------


class CertificateFilter(filters.FilterSet):
    """Which certificates a list holds."""

    scheme = filters.CharFilter(field_name="scheme__code", label=_("El código del esquema."))
    on = filters.DateFilter(method="by_day", label=_("Los que valían ese día."))
    changed_since = ChangedSinceFilter()

    def by_day(self, rows: Any, _name: str, value: Any) -> models.QuerySet[Any]:
        return cast("models.QuerySet[Any]", rows.valid_on(value))


class ChakraCertificationFilter(filters.FilterSet):
    """Which periods a list holds."""

    scheme = filters.CharFilter(field_name="scheme__code", label=_("El código del esquema."))
    chakra = filters.UUIDFilter(field_name="chakra")
    family = filters.UUIDFilter(field_name="chakra__family")
    status = filters.MultipleChoiceFilter(
        choices=ChakraCertification._meta.get_field("status").choices
    )
    on = filters.DateFilter(method="by_day", label=_("Lo que valía ese día."))
    approved_on = filters.DateFilter(
        method="by_approval",
        label=_("La lista de aprobados de ese día: con certificación y socia o socio activo."),
    )
    changed_since = ChangedSinceFilter()

    def by_day(self, rows: Any, _name: str, value: Any) -> models.QuerySet[Any]:
        return cast("models.QuerySet[Any]", rows.on(value))

    def by_approval(self, rows: Any, _name: str, value: Any) -> models.QuerySet[Any]:
        return cast("models.QuerySet[Any]", rows.approved_on(value))


class YieldEstimateFilter(filters.FilterSet):
    """Which estimates a list holds."""

    chakra = filters.UUIDFilter(field_name="chakra")
    year = filters.NumberFilter(field_name="year")
    product = filters.CharFilter(field_name="product")
    changed_since = ChangedSinceFilter()


class ReinspectionSampleFilter(filters.FilterSet):
    """Which samples a list holds."""

    scheme = filters.CharFilter(field_name="scheme__code", label=_("El código del esquema."))
    year = filters.NumberFilter(
        field_name="drawn_on__year", min_value=MINYEAR, max_value=MAXYEAR, label=_("De un año.")
    )
    changed_since = ChangedSinceFilter()


# --- Resources ------------------------------------------------------------------------------------


class _Listed(mixins.ListModelMixin, mixins.RetrieveModelMixin, RecordViewSet):
    """Read in pages, and one by one."""


@extend_schema_view(
    list=extend_schema(summary=_("Los esquemas de certificación")),
    retrieve=extend_schema(summary=_("Un esquema")),
)
class CertificationSchemeViewSet(_Listed):
    """The seals under which the association sells, or wants to."""

    queryset = CertificationScheme.objects.all()
    serializer_class = CertificationSchemeSerializer


@extend_schema_view(
    list=extend_schema(summary=_("Los certificados de la asociación")),
    retrieve=extend_schema(summary=_("Un certificado")),
)
class CertificateViewSet(_Listed):
    """The papers of the certifying bodies."""

    queryset = Certificate.objects.all()
    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter


@extend_schema_view(
    list=extend_schema(summary=_("Lo que son las chakras bajo cada esquema, por períodos")),
    retrieve=extend_schema(summary=_("Un período")),
)
class ChakraCertificationViewSet(_Listed):
    """Status by period; ``approved_on`` gives the list of approved farmers of any day."""

    queryset = ChakraCertification.objects.all()
    serializer_class = ChakraCertificationSerializer
    filterset_class = ChakraCertificationFilter


@extend_schema_view(
    list=extend_schema(summary=_("Lo que las chakras deberían dar")),
    retrieve=extend_schema(summary=_("Una estimación")),
)
class YieldEstimateViewSet(_Listed):
    """Estimated harvests by chakra, product and year."""

    queryset = YieldEstimate.objects.all()
    serializer_class = YieldEstimateSerializer
    filterset_class = YieldEstimateFilter


@extend_schema_view(
    list=extend_schema(
        summary=_("Las muestras de reinspección, las últimas primero"),
        description=_("Con la semilla y los integrantes, cualquiera repite el sorteo."),
    ),
    retrieve=extend_schema(summary=_("Una muestra, con quiénes salieron")),
)
class ReinspectionSampleViewSet(_Listed):
    """Samples, for who decides or checks; 404 for the field, which is not told beforehand."""

    queryset = ReinspectionSample.objects.prefetch_related(
        Prefetch("sampled", SampledPartner.objects.select_related("partner").order_by("place"))
    )
    serializer_class = ReinspectionSampleSerializer
    filterset_class = ReinspectionSampleFilter


def register(router: BaseRouter) -> None:
    """Add the resources of certification."""
    router.register("certification-schemes", CertificationSchemeViewSet, "certification-scheme")
    router.register("certificates", CertificateViewSet, "certificate")
    router.register("chakra-certifications", ChakraCertificationViewSet, "chakra-certification")
    router.register("yield-estimates", YieldEstimateViewSet, "yield-estimate")
    router.register("reinspection-samples", ReinspectionSampleViewSet, "reinspection-sample")
