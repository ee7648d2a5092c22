"""Certification and inspections for programs."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from kallari.api.filters import ChangedSinceFilter
from kallari.api.serializers import RecordSerializer
from kallari.api.viewsets import RecordViewSet
from members.models import (
    Answer,
    Certificate,
    CertificationScheme,
    ChakraCertification,
    CorrectiveAction,
    Family,
    Finding,
    Inspection,
    Person,
    YieldEstimate,
)
from members.services import inspections as services

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

    from kallari.accounts.models import User


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


class AnswerSerializer(RecordSerializer[Answer]):
    """An answer to one question of the checklist."""

    class Meta:
        model = Answer
        fields: ClassVar[list[str]] = ["item", "value", "note"]


class CorrectiveActionSerializer(RecordSerializer[CorrectiveAction]):
    """What is to be done about a finding."""

    class Meta:
        model = CorrectiveAction
        fields: ClassVar[list[str]] = ["id", "what", "due_on", "closed_on", "evidence"]


class FindingSerializer(RecordSerializer[Finding]):
    """What a visit found, and what follows."""

    actions = CorrectiveActionSerializer(many=True, read_only=True)

    class Meta:
        model = Finding
        fields: ClassVar[list[str]] = ["id", "item", "chakra", "severity", "description", "actions"]


class InspectionSerializer(RecordSerializer[Inspection]):
    """A visit with its answers and findings."""

    answers = AnswerSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)

    class Meta:
        model = Inspection
        fields: ClassVar[list[str]] = [
            "id",
            "family",
            "checklist",
            "kind",
            "inspected_on",
            "inspector_name",
            "inspector_person",
            "has_conflict",
            "conflict_note",
            "outcome",
            "present",
            "note",
            "answers",
            "findings",
        ]


class NewInspectionSerializer(RecordSerializer[Inspection]):
    """A visit to hand in. ``id`` is drawn by the sender, so that it can be sent again."""

    id = serializers.UUIDField(required=False)
    answers = AnswerSerializer(many=True)
    family: Any = serializers.PrimaryKeyRelatedField(queryset=Family.objects.none())
    inspector_person: Any = serializers.PrimaryKeyRelatedField(
        queryset=Person.objects.none(), required=False, allow_null=True
    )

    class Meta:
        model = Inspection
        fields: ClassVar[list[str]] = [
            "id",
            "family",
            "checklist",
            "kind",
            "inspected_on",
            "inspector_name",
            "inspector_person",
            "has_conflict",
            "conflict_note",
            "outcome",
            "present",
            "note",
            "answers",
        ]
        validators: ClassVar[list[Any]] = []

    def get_fields(self) -> Any:
        fields: Any = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["family"].queryset = Family.objects.visible_to(request.user)
            fields["inspector_person"].queryset = Person.objects.visible_to(request.user)
        return fields


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


class InspectionFilter(filters.FilterSet):
    """Which visits a list holds."""

    scheme = filters.CharFilter(
        field_name="checklist__scheme__code", label=_("El código del esquema.")
    )
    family = filters.UUIDFilter(field_name="family")
    kind = filters.ChoiceFilter(choices=Inspection.Kind.choices)
    year = filters.NumberFilter(
        field_name="inspected_on__year",
        min_value=MINYEAR,
        max_value=MAXYEAR,
        label=_("El año de la visita."),
    )
    changed_since = ChangedSinceFilter(related=[(Answer, "inspection"), (Finding, "inspection")])


class YieldEstimateFilter(filters.FilterSet):
    """Which estimates a list holds."""

    chakra = filters.UUIDFilter(field_name="chakra")
    year = filters.NumberFilter(field_name="year")
    product = filters.CharFilter(field_name="product")
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
    list=extend_schema(summary=_("Las inspecciones, la más reciente primero")),
    retrieve=extend_schema(summary=_("Una inspección con sus respuestas y hallazgos")),
)
class InspectionViewSet(_Listed):
    """Visits to families, with what they found."""

    queryset = Inspection.objects.prefetch_related("answers", "findings__actions")
    serializer_class = InspectionSerializer
    filterset_class = InspectionFilter

    @extend_schema(
        summary=_("Registrar una inspección"),
        description=_(
            "Con una respuesta a cada pregunta de la lista de control. Nadie inspecciona a su "
            "propia familia; un conflicto de interés se explica."
        ),
        request=NewInspectionSerializer,
        responses={201: InspectionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Hand in a visit."""
        told = NewInspectionSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        fields = dict(told.validated_data)
        answers = {
            answer["item"].pk: (answer["value"], answer.get("note", ""))
            for answer in fields.pop("answers")
        }
        actor = cast("User", request.user)
        if fields["kind"] == Inspection.Kind.INTERNAL:
            fields["inspector"] = actor
        made = services.record_inspection(
            actor=actor, answers=answers, key=fields.pop("id", None), **fields
        )
        shown = self.get_queryset().get(pk=made.pk)
        return Response(InspectionSerializer(shown).data, status=status.HTTP_201_CREATED)


@extend_schema_view(
    list=extend_schema(summary=_("Lo que las chakras deberían dar")),
    retrieve=extend_schema(summary=_("Una estimación")),
)
class YieldEstimateViewSet(_Listed):
    """Estimated harvests by chakra, product and year."""

    queryset = YieldEstimate.objects.all()
    serializer_class = YieldEstimateSerializer
    filterset_class = YieldEstimateFilter


def register(router: BaseRouter) -> None:
    """Add the resources of certification."""
    router.register("certification-schemes", CertificationSchemeViewSet, "certification-scheme")
    router.register("certificates", CertificateViewSet, "certificate")
    router.register("chakra-certifications", ChakraCertificationViewSet, "chakra-certification")
    router.register("inspections", InspectionViewSet, "inspection")
    router.register("yield-estimates", YieldEstimateViewSet, "yield-estimate")
