"""Schemes, certificates and what chakras are under them, for programs."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.api.filters import ChangedSinceFilter, WholeNumberFilter
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import ChakraField, SchemeField
from members.models import (
    Certificate,
    CertificationScheme,
    ChakraCertification,
    ReinspectionSample,
    SampledPartner,
    YieldEstimate,
)
from members.services import certification as services
from members.services import sampling, yields

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
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
            "note",
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

    number = serializers.SerializerMethodField(
        help_text=_("Su número en el registro, con el que se sorteó.")
    )

    class Meta:
        model = SampledPartner
        fields: ClassVar[list[str]] = ["place", "partner", "number", "why", "risk"]
        read_only_fields = fields

    def get_number(self, sampled: SampledPartner) -> int | None:
        return sampled.sample.number_of(sampled.partner)


class ReinspectionSampleSerializer(RecordSerializer[ReinspectionSample]):
    """Whom the certifying body inspects again, with all that is needed to draw it once more."""

    population = serializers.ListField(
        source="lots",
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


# --- What is told ---------------------------------------------------------------------------------


class NewCertificateSerializer(RecordSerializer[Certificate]):
    """A paper to register; its copy is attached in the pages."""

    scheme = SchemeField()
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Certificate
        fields: ClassVar[list[str]] = [
            "scheme",
            "number",
            "body",
            "valid_from",
            "valid_until",
            "scope",
            "note",
            "reason",
        ]
        # The database decides whether the number is taken.
        validators: ClassVar[list[Any]] = []


class CertificateCorrectionSerializer(RecordSerializer[Certificate]):
    """What differs from now on, and why; ``withdrawn_on`` withdraws it."""

    reason = ReasonField()

    class Meta:
        model = Certificate
        fields: ClassVar[list[str]] = [
            "number",
            "body",
            "valid_from",
            "valid_until",
            "withdrawn_on",
            "scope",
            "note",
            "reason",
        ]
        validators: ClassVar[list[Any]] = []
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {
            name: {"required": False} for name in ("number", "body", "valid_from", "valid_until")
        }


class TransitionSerializer(RecordSerializer[ChakraCertification]):
    """Since when a chakra is on the list of a scheme, and since when its transition counts."""

    chakra = ChakraField()
    scheme = SchemeField()
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = ChakraCertification
        fields: ClassVar[list[str]] = [
            "chakra",
            "scheme",
            "starts_on",
            "transition_started_on",
            "reason",
        ]
        validators: ClassVar[list[Any]] = []


class ApprovalSerializer(RecordSerializer[ChakraCertification]):
    """Since when, and by which resolution."""

    chakra = ChakraField()
    scheme = SchemeField()
    resolution = serializers.CharField(
        max_length=120, help_text=_("Resolución, acta del comité o informe de la certificadora.")
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = ChakraCertification
        fields: ClassVar[list[str]] = ["chakra", "scheme", "starts_on", "resolution", "reason"]
        validators: ClassVar[list[Any]] = []


class RulingSerializer(ApprovalSerializer):
    """The same, for what has to be explained."""

    reason = ReasonField()


class NewYieldEstimateSerializer(RecordSerializer[YieldEstimate]):
    """What a chakra should give."""

    chakra = ChakraField()
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = YieldEstimate
        fields: ClassVar[list[str]] = [
            "chakra",
            "product",
            "year",
            "estimated_kg",
            "estimated_on",
            "basis",
            "reason",
        ]
        # The database decides whether there is one already.
        validators: ClassVar[list[Any]] = []


class EstimateRevisionSerializer(RecordSerializer[YieldEstimate]):
    """What it should give, as seen on a later day, and why."""

    reason = ReasonField()

    class Meta:
        model = YieldEstimate
        fields: ClassVar[list[str]] = ["estimated_kg", "estimated_on", "basis", "reason"]
        validators: ClassVar[list[Any]] = []


class NewSampleSerializer(RecordSerializer[ReinspectionSample]):
    """Of which group a sample is drawn, as it was on which day."""

    scheme = SchemeField()
    seed = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        help_text=_("La dice quien vigila, antes de ver la lista."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = ReinspectionSample
        fields: ClassVar[list[str]] = ["scheme", "drawn_on", "seed", "reason"]
        validators: ClassVar[list[Any]] = []


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
    year = WholeNumberFilter(
        field_name="year", min_value=MINYEAR, max_value=MAXYEAR, label=_("De un año.")
    )
    product = filters.CharFilter(field_name="product")
    changed_since = ChangedSinceFilter()


class ReinspectionSampleFilter(filters.FilterSet):
    """Which samples a list holds."""

    scheme = filters.CharFilter(field_name="scheme__code", label=_("El código del esquema."))
    year = WholeNumberFilter(
        field_name="drawn_on__year", min_value=MINYEAR, max_value=MAXYEAR, label=_("De un año.")
    )
    changed_since = ChangedSinceFilter()


# --- Resources ------------------------------------------------------------------------------------


@extend_schema_view(
    list=extend_schema(summary=_("Los esquemas de certificación")),
    retrieve=extend_schema(summary=_("Un esquema")),
)
class CertificationSchemeViewSet(ListedViewSet):
    """The seals under which the association sells, or wants to."""

    queryset = CertificationScheme.objects.all()
    serializer_class = CertificationSchemeSerializer


@extend_schema_view(
    list=extend_schema(summary=_("Los certificados de la asociación")),
    retrieve=extend_schema(summary=_("Un certificado")),
)
class CertificateViewSet(ListedViewSet):
    """The papers of the certifying bodies."""

    queryset = Certificate.objects.all()
    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter

    @extend_schema(
        summary=_("Registrar un certificado"),
        description=_("La copia del papel se adjunta en las páginas."),
        request=NewCertificateSerializer,
        responses={201: CertificateSerializer},
    )
    def create(self, request: Request) -> Response:
        """Register a paper of a certifying body."""
        return self.written_by(NewCertificateSerializer, services.add_certificate)

    @extend_schema(
        summary=_("Corregir un certificado, o anotar que fue retirado"),
        request=CertificateCorrectionSerializer,
        responses=CertificateSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what is written of it. Asks for a reason."""
        return self.written_by(
            CertificateCorrectionSerializer,
            services.correct_certificate,
            certificate=self.get_object(),
        )


@extend_schema_view(
    list=extend_schema(summary=_("Lo que son las chakras bajo cada esquema, por períodos")),
    retrieve=extend_schema(summary=_("Un período")),
)
class ChakraCertificationViewSet(ListedViewSet):
    """Status by period; ``approved_on`` gives the list of approved farmers of any day."""

    queryset = ChakraCertification.objects.all()
    serializer_class = ChakraCertificationSerializer
    filterset_class = ChakraCertificationFilter

    @extend_schema(
        summary=_("Poner una chakra en la lista de un esquema que pide transición"),
        description=_(
            "El año de transición sale de transition_started_on o, sin él, de starts_on."
        ),
        request=TransitionSerializer,
        responses={201: ChakraCertificationSerializer},
    )
    @action(detail=False, methods=["post"], url_path="begin-transition", filterset_class=None)
    def begin_transition(self, request: Request) -> Response:
        """A chakra enters a scheme."""
        return self.written_by(TransitionSerializer, services.begin_transition)

    @extend_schema(
        summary=_("Certificar una chakra por resolución"),
        description=_("Antes de que termine su transición se rechaza (transition_not_over)."),
        request=ApprovalSerializer,
        responses={201: ChakraCertificationSerializer},
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def certify(self, request: Request) -> Response:
        """A chakra is certified."""
        return self.written_by(ApprovalSerializer, services.certify_chakra)

    @extend_schema(
        summary=_("Suspender una chakra bajo un esquema"),
        request=RulingSerializer,
        responses={201: ChakraCertificationSerializer},
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def suspend(self, request: Request) -> Response:
        """A chakra may not be sold under the scheme for a time."""
        return self.written_by(RulingSerializer, services.suspend_chakra)

    @extend_schema(
        summary=_("Levantar la suspensión de una chakra"),
        request=RulingSerializer,
        responses={201: ChakraCertificationSerializer},
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def reinstate(self, request: Request) -> Response:
        """A chakra is again what it was."""
        return self.written_by(RulingSerializer, services.reinstate_chakra)

    @extend_schema(
        summary=_("Excluir una chakra de un esquema"),
        description=_("Vuelve solo con otra transición."),
        request=RulingSerializer,
        responses={201: ChakraCertificationSerializer},
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def exclude(self, request: Request) -> Response:
        """A chakra leaves the scheme."""
        return self.written_by(RulingSerializer, services.exclude_chakra)


@extend_schema_view(
    list=extend_schema(summary=_("Lo que las chakras deberían dar")),
    retrieve=extend_schema(summary=_("Una estimación")),
)
class YieldEstimateViewSet(ListedViewSet):
    """Estimated harvests by chakra, product and year."""

    queryset = YieldEstimate.objects.all()
    serializer_class = YieldEstimateSerializer
    filterset_class = YieldEstimateFilter

    @extend_schema(
        summary=_("Anotar cuánto debería dar una chakra en un año"),
        request=NewYieldEstimateSerializer,
        responses={201: YieldEstimateSerializer},
    )
    def create(self, request: Request) -> Response:
        """Estimate a harvest."""
        return self.written_by(NewYieldEstimateSerializer, yields.estimate_yield)

    @extend_schema(
        summary=_("Estimar otra vez; lo anterior queda en la historia"),
        request=EstimateRevisionSerializer,
        responses=YieldEstimateSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Estimate again. Asks for a reason."""
        return self.written_by(EstimateRevisionSerializer, _revise, estimate=self.get_object())


@extend_schema_view(
    list=extend_schema(
        summary=_("Las muestras de reinspección, las últimas primero"),
        description=_("Con la semilla y los integrantes, cualquiera repite el sorteo."),
    ),
    retrieve=extend_schema(summary=_("Una muestra, con quiénes salieron")),
)
class ReinspectionSampleViewSet(ListedViewSet):
    """Samples, for who decides or checks; 404 for the field, which is not told beforehand."""

    queryset = ReinspectionSample.objects.prefetch_related(
        Prefetch("sampled", SampledPartner.objects.select_related("partner").order_by("place"))
    )
    serializer_class = ReinspectionSampleSerializer
    filterset_class = ReinspectionSampleFilter

    @extend_schema(
        summary=_("Sortear una muestra"),
        description=_(
            "Una parte por riesgo y el resto al azar, según las reglas. Sin seed, la semilla"
            " también sale al azar."
        ),
        request=NewSampleSerializer,
        responses={201: ReinspectionSampleSerializer},
    )
    def create(self, request: Request) -> Response:
        """Draw the sample of a scheme's group."""
        return self.written_by(NewSampleSerializer, sampling.draw_sample)


def _revise(*, estimate: YieldEstimate, **told: Any) -> YieldEstimate:
    """Estimate again; what it rests on stays where nothing else is said."""
    return yields.revise_estimate(estimate=estimate, **{"basis": estimate.basis} | told)


def register(router: BaseRouter) -> None:
    """Add the resources of certification."""
    router.register("certification-schemes", CertificationSchemeViewSet, "certification-scheme")
    router.register("certificates", CertificateViewSet, "certificate")
    router.register("chakra-certifications", ChakraCertificationViewSet, "chakra-certification")
    router.register("yield-estimates", YieldEstimateViewSet, "yield-estimate")
    router.register("reinspection-samples", ReinspectionSampleViewSet, "reinspection-sample")
