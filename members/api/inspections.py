"""Inspections for programs: what is asked, what was found, and what follows.

An agent's telephone hands in a visit under a key of its own, and may send it again.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import RecordViewSet
from members.api.reach import ChecklistField, FamilyField, PersonField
from members.models import Answer, CorrectiveAction, Finding, Inspection
from members.services import inspections as services

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter

    from kallari.accounts.models import User

TOLD = (
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
)
MOST_ANSWERS = 500
"""More than any checklist asks."""


# --- What is shown --------------------------------------------------------------------------------


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
        fields: ClassVar[list[str]] = ["id", *TOLD, "answers", "findings"]


# --- What is told ---------------------------------------------------------------------------------


class NewAnswerSerializer(RecordSerializer[Answer]):
    """An answer to hand in. The service knows the questions: none is looked up by itself."""

    item = serializers.IntegerField(
        help_text=_("La pregunta: su id en la lista de control de la visita.")
    )

    class Meta:
        model = Answer
        fields: ClassVar[list[str]] = ["item", "value", "note"]
        validators: ClassVar[list[Any]] = []


class NewInspectionSerializer(RecordSerializer[Inspection]):
    """A visit to hand in."""

    id = KeyField()
    family = FamilyField()
    checklist = ChecklistField()
    inspector_person = PersonField(required=False, allow_null=True)
    answers = NewAnswerSerializer(many=True, max_length=MOST_ANSWERS)  # type: ignore[call-arg]  # of the list
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Inspection
        fields: ClassVar[list[str]] = ["id", *TOLD, "answers", "reason"]
        validators: ClassVar[list[Any]] = []

    def validate_answers(self, answers: list[dict[str, Any]]) -> dict[int, services.Reply]:
        """The answers by question. The last of two would win unseen: neither is taken."""
        replies = {one["item"]: (one["value"], one.get("note", "")) for one in answers}
        if len(replies) < len(answers):
            raise serializers.ValidationError(
                _("Hay dos respuestas a la misma pregunta. Deje una."), code="answered_twice"
            )
        return replies


# --- Filters --------------------------------------------------------------------------------------


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
    changed_since = ChangedSinceFilter(
        related=[
            (Answer, "inspection"),
            (Finding, "inspection"),
            (CorrectiveAction, "finding__inspection"),
        ]
    )


# --- Resources ------------------------------------------------------------------------------------


class _Listed(mixins.ListModelMixin, mixins.RetrieveModelMixin, RecordViewSet):
    """Read in pages, and one by one."""


@extend_schema_view(
    list=extend_schema(summary=_("Las inspecciones, la más reciente primero")),
    retrieve=extend_schema(summary=_("Una inspección con sus respuestas y hallazgos")),
)
class InspectionViewSet(CreatesOnce, _Listed):
    """Visits to families, with what they found."""

    queryset = Inspection.objects.prefetch_related("answers", "findings__actions")
    serializer_class = InspectionSerializer
    filterset_class = InspectionFilter
    told_fields = TOLD

    @extend_schema(
        summary=_("Registrar una inspección"),
        description=_(
            "Con una respuesta a cada pregunta de la lista de control. Nadie inspecciona a su "
            "propia familia; un conflicto de interés se explica."
        ),
        request=NewInspectionSerializer,
        responses={200: InspectionSerializer, 201: InspectionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Hand in a visit; the same message again changes nothing."""
        told = NewInspectionSerializer(data=request.data, context=self.get_serializer_context())
        told.is_valid(raise_exception=True)
        return self.create_once(told.validated_data, _hand_in)

    def _is_what_was_told(self, key: UUID, told: Mapping[str, Any]) -> bool:
        """Whether the answers are those of the first message too."""
        of_the_visit = {name: value for name, value in told.items() if name != "answers"}
        if not super()._is_what_was_told(key, of_the_visit):
            return False
        first = Answer.history.filter(inspection=key, history_type="+")
        kept = {item: reply for item, *reply in first.values_list("item", "value", "note")}
        return kept == {item: list(_as_kept(*reply)) for item, reply in told["answers"].items()}


def _hand_in(*, actor: User, kind: str, **told: Any) -> Inspection:
    """Record a visit; of the association's own, who sends it was there."""
    if kind == Inspection.Kind.INTERNAL:
        told["inspector"] = actor
    return services.record_inspection(actor=actor, kind=kind, **told)


def _as_kept(value: str, note: str) -> services.Reply:
    """An answer as its fields keep it, spaces and accents in one form."""
    answer = Answer(value=value, note=note)
    answer.clean_fields(exclude={"inspection", "item"})
    return answer.value, answer.note


def register(router: BaseRouter) -> None:
    """Add the resources of inspections."""
    router.register("inspections", InspectionViewSet, "inspection")
