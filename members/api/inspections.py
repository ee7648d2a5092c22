"""Inspections for programs: what is asked, what was found, and what follows.

An agent's telephone hands in a visit under a key of its own, and may send it again.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, WholeNumberFilter, YesNoFilter
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import (
    ChecklistField,
    CommunityFilter,
    FamilyField,
    InspectionField,
    PersonField,
    SchemeField,
)
from members.models import (
    Answer,
    Checklist,
    ChecklistItem,
    Community,
    CorrectiveAction,
    Family,
    Finding,
    Inspection,
    Sanction,
    Severity,
)
from members.services import inspections as services

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from django.db import models
    from rest_framework.request import Request
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


class ChecklistItemSerializer(RecordSerializer[ChecklistItem]):
    """A question, and what a "no" means."""

    class Meta:
        model = ChecklistItem
        fields: ClassVar[list[str]] = ["id", "number", "question", "severity", "days_to_correct"]
        read_only_fields = fields


class ChecklistSerializer(RecordSerializer[Checklist]):
    """The questions that a scheme asks in a year."""

    scheme_code = serializers.CharField(
        source="scheme.code", help_text=_("El código del esquema; no cambia.")
    )
    items = ChecklistItemSerializer(many=True)

    class Meta:
        model = Checklist
        fields: ClassVar[list[str]] = ["id", "scheme", "scheme_code", "year", "note", "items"]
        read_only_fields = fields


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


def _key_of(source: str, **options: Any) -> serializers.PrimaryKeyRelatedField[Any]:
    return serializers.PrimaryKeyRelatedField(source=source, read_only=True, **options)


class WholeFindingSerializer(FindingSerializer):
    """A finding by itself, with where it was made."""

    family = _key_of("inspection.family", help_text=_("A qué familia se visitó."))
    family_name = serializers.CharField(source="inspection.family.name")
    community = _key_of("inspection.family.community", help_text=_("Dónde vive la familia."))
    community_name = serializers.CharField(source="inspection.family.community.name")
    inspected_on = serializers.DateField(source="inspection.inspected_on")

    class Meta(FindingSerializer.Meta):
        fields: ClassVar[list[str]] = [
            "id",
            "inspection",
            "inspected_on",
            "family",
            "family_name",
            "community",
            "community_name",
            *FindingSerializer.Meta.fields[1:],
        ]
        read_only_fields = fields


class WholeActionSerializer(CorrectiveActionSerializer):
    """A corrective action by itself, with what it mends and where."""

    inspection = _key_of("finding.inspection", help_text=_("La visita que la halló."))
    family = _key_of("finding.inspection.family", help_text=_("A qué familia se visitó."))
    family_name = serializers.CharField(source="finding.inspection.family.name")
    community = _key_of("finding.inspection.family.community")
    community_name = serializers.CharField(source="finding.inspection.family.community.name")
    severity = serializers.ChoiceField(
        source="finding.severity", choices=Severity.choices, help_text=_("La del hallazgo.")
    )

    class Meta(CorrectiveActionSerializer.Meta):
        fields: ClassVar[list[str]] = [
            "id",
            "finding",
            "inspection",
            "family",
            "family_name",
            "community",
            "community_name",
            "severity",
            *CorrectiveActionSerializer.Meta.fields[1:],
        ]
        read_only_fields = fields


class SanctionSerializer(RecordSerializer[Sanction]):
    """What was decided against a family under a scheme."""

    family_name = serializers.CharField(source="family.name")
    scheme_code = serializers.CharField(
        source="scheme.code", help_text=_("El código del esquema; no cambia.")
    )

    class Meta:
        model = Sanction
        fields: ClassVar[list[str]] = [
            "id",
            "family",
            "family_name",
            "scheme",
            "scheme_code",
            "inspection",
            "kind",
            "starts_on",
            "resolution",
            "lifted_on",
            "lift_resolution",
            "note",
        ]
        read_only_fields = fields


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


class ClosingSerializer(RecordSerializer[CorrectiveAction]):
    """When it was done, and what shows it."""

    closed_on = serializers.DateField(help_text=_("El día en que se cumplió."))
    evidence = serializers.CharField(
        max_length=1000, help_text=_("Quién lo vio y qué se vio, o qué papel lo prueba.")
    )

    class Meta:
        model = CorrectiveAction
        fields: ClassVar[list[str]] = ["closed_on", "evidence"]


# --- Filters --------------------------------------------------------------------------------------


class NewSanctionSerializer(RecordSerializer[Sanction]):
    """What is decided against a family, and why."""

    family = FamilyField()
    scheme = SchemeField()
    inspection = InspectionField(required=False, allow_null=True)
    note = serializers.CharField(max_length=500, help_text=_("Por qué se sanciona."))

    class Meta:
        model = Sanction
        fields: ClassVar[list[str]] = [
            "family",
            "scheme",
            "inspection",
            "kind",
            "starts_on",
            "resolution",
            "note",
        ]
        validators: ClassVar[list[Any]] = []


class LiftingSerializer(RecordSerializer[Sanction]):
    """Since when a sanction no longer weighs, by which resolution, and why."""

    lifted_on = serializers.DateField(help_text=_("Desde qué día no pesa."))
    resolution = serializers.CharField(max_length=120)
    reason = ReasonField()

    class Meta:
        model = Sanction
        fields: ClassVar[list[str]] = ["lifted_on", "resolution", "reason"]


def _scheme_filter(way: str) -> filters.CharFilter:
    return filters.CharFilter(field_name=f"{way}__code", label=_("El código del esquema."))


class ChecklistFilter(filters.FilterSet):
    """Which checklists a list holds."""

    scheme = _scheme_filter("scheme")
    year = WholeNumberFilter(
        field_name="year", min_value=MINYEAR, max_value=MAXYEAR, label=_("De un año.")
    )
    in_force_on = filters.DateFilter(
        method="by_day", label=_("Con la que se inspecciona ese día: la última de cada esquema.")
    )
    changed_since = ChangedSinceFilter(related=[(ChecklistItem, "checklist")])

    def by_day(
        self, rows: models.QuerySet[Checklist], _name: str, value: date
    ) -> models.QuerySet[Checklist]:
        return rows.filter(pk__in=Checklist.objects.in_force(value).order_by().values("pk"))


class InspectionFilter(filters.FilterSet):
    """Which visits a list holds."""

    scheme = _scheme_filter("checklist__scheme")
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    kind = filters.ChoiceFilter(choices=Inspection.Kind.choices, label=_("De una clase."))
    year = WholeNumberFilter(
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


def _within(
    rows: models.QuerySet[Any], those: models.QuerySet[Any], wanted: bool
) -> models.QuerySet[Any]:
    """The rows that are among `those`, or the others."""
    keys = those.order_by().values("pk")
    return rows.filter(pk__in=keys) if wanted else rows.exclude(pk__in=keys)


class FindingFilter(filters.FilterSet):
    """Which findings a list holds."""

    scheme = _scheme_filter("inspection__checklist__scheme")
    inspection = filters.UUIDFilter(field_name="inspection", label=_("De una visita."))
    family = filters.UUIDFilter(field_name="inspection__family", label=_("De una familia."))
    community = CommunityFilter("inspection__family__community")
    chakra = filters.UUIDFilter(field_name="chakra", label=_("De una chakra."))
    severity = filters.MultipleChoiceFilter(choices=Severity.choices, label=_("De esa gravedad."))
    open = YesNoFilter(
        method="by_rest", label=_("Solo con algo por hacer todavía, o solo los ya resueltos.")
    )
    changed_since = ChangedSinceFilter(
        related=[
            (CorrectiveAction, "finding"),
            (Inspection, "id", "inspection_id"),
            (Family, "id", "inspection__family_id"),
            (Community, "id", "inspection__family__community_id"),
        ]
    )

    def by_rest(
        self, rows: models.QuerySet[Finding], _name: str, value: bool
    ) -> models.QuerySet[Finding]:
        return _within(rows, Finding.objects.opened(), value)


class CorrectiveActionFilter(filters.FilterSet):
    """Which corrective actions a list holds."""

    scheme = _scheme_filter("finding__inspection__checklist__scheme")
    inspection = filters.UUIDFilter(field_name="finding__inspection", label=_("De una visita."))
    family = filters.UUIDFilter(
        field_name="finding__inspection__family", label=_("De una familia.")
    )
    community = CommunityFilter("finding__inspection__family__community")
    open = YesNoFilter(
        field_name="closed_on",
        lookup_expr="isnull",
        label=_("Solo las pendientes, o solo las cumplidas."),
    )
    overdue = YesNoFilter(
        method="by_term", label=_("Solo las vencidas sin cumplir hasta hoy, o solo las demás.")
    )
    due_until = filters.DateFilter(
        field_name="due_on", lookup_expr="lte", label=_("Con plazo hasta este día.")
    )
    changed_since = ChangedSinceFilter(
        related=[
            (Finding, "id", "finding_id"),
            (Inspection, "id", "finding__inspection_id"),
            (Family, "id", "finding__inspection__family_id"),
            (Community, "id", "finding__inspection__family__community_id"),
        ]
    )

    def by_term(
        self, rows: models.QuerySet[CorrectiveAction], _name: str, value: bool
    ) -> models.QuerySet[CorrectiveAction]:
        return _within(rows, CorrectiveAction.objects.overdue_on(timezone.localdate()), value)


class SanctionFilter(filters.FilterSet):
    """Which sanctions a list holds."""

    scheme = _scheme_filter("scheme")
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    kind = filters.ChoiceFilter(choices=Sanction.Kind.choices, label=_("De una clase."))
    on = filters.DateFilter(method="by_day", label=_("Las que pesaban ese día."))
    changed_since = ChangedSinceFilter(related=[(Family, "id", "family_id")])

    def by_day(
        self, rows: models.QuerySet[Sanction], _name: str, value: date
    ) -> models.QuerySet[Sanction]:
        return _within(rows, Sanction.objects.in_force_on(value), True)


# --- Resources ------------------------------------------------------------------------------------


@extend_schema_view(
    list=extend_schema(summary=_("Las listas de control, con sus preguntas")),
    retrieve=extend_schema(summary=_("Una lista de control")),
)
class ChecklistViewSet(ListedViewSet):
    """What a visit has to answer, by scheme and year."""

    queryset = Checklist.objects.select_related("scheme").prefetch_related("items")
    serializer_class = ChecklistSerializer
    filterset_class = ChecklistFilter


@extend_schema_view(
    list=extend_schema(summary=_("Las inspecciones, la más reciente primero")),
    retrieve=extend_schema(summary=_("Una inspección con sus respuestas y hallazgos")),
)
class InspectionViewSet(CreatesOnce, ListedViewSet):
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
        return self.create_once(self.told_by(NewInspectionSerializer), _hand_in)

    def _is_what_was_told(self, key: UUID, told: Mapping[str, Any]) -> bool:
        """Whether the answers are those of the first message too."""
        of_the_visit = {name: value for name, value in told.items() if name != "answers"}
        if not super()._is_what_was_told(key, of_the_visit):
            return False
        first = Answer.history.filter(inspection=key, history_type="+")
        kept = {item: reply for item, *reply in first.values_list("item", "value", "note")}
        return kept == {item: list(_as_kept(*reply)) for item, reply in told["answers"].items()}


@extend_schema_view(
    list=extend_schema(summary=_("Los hallazgos de las inspecciones, con sus acciones")),
    retrieve=extend_schema(summary=_("Un hallazgo")),
)
class FindingViewSet(ListedViewSet):
    """Findings: agents see those of the families of their communities."""

    queryset = Finding.objects.select_related("inspection__family__community").prefetch_related(
        "actions"
    )
    serializer_class = WholeFindingSerializer
    filterset_class = FindingFilter


@extend_schema_view(
    list=extend_schema(summary=_("Las acciones correctivas, las de plazo más cercano primero")),
    retrieve=extend_schema(summary=_("Una acción correctiva")),
)
class CorrectiveActionViewSet(ListedViewSet):
    """Corrective actions: agents see and close those of their communities."""

    queryset = CorrectiveAction.objects.with_places()
    serializer_class = WholeActionSerializer
    filterset_class = CorrectiveActionFilter
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "close": ("members.view_correctiveaction", "members.change_correctiveaction"),
    }

    @extend_schema(
        summary=_("Anotar que una acción correctiva se cumplió"),
        description=_(
            "Una que ya se cumplió se rechaza (already_closed): nadie cambia así lo que otra"
            " persona vio."
        ),
        request=ClosingSerializer,
        responses=WholeActionSerializer,
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """What was to be done is done."""
        return self.written_by(ClosingSerializer, services.close_action, action=self.get_object())


@extend_schema_view(
    list=extend_schema(summary=_("Las sanciones, las últimas primero")),
    retrieve=extend_schema(summary=_("Una sanción")),
)
class SanctionViewSet(ListedViewSet):
    """Sanctions, with those that were lifted."""

    queryset = Sanction.objects.select_related("family", "scheme")
    serializer_class = SanctionSerializer
    filterset_class = SanctionFilter
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "lift": ("members.view_sanction", "members.change_sanction"),
    }

    @extend_schema(
        summary=_("Sancionar a una familia bajo un esquema"),
        description=_(
            "Una suspensión o exclusión cambia ese día todas las chakras de la familia bajo el"
            " esquema. Una advertencia no cambia ninguna."
        ),
        request=NewSanctionSerializer,
        responses={201: SanctionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Warn, suspend or exclude a family. Its note says why."""
        return self.written_by(NewSanctionSerializer, services.impose_sanction)

    @extend_schema(
        summary=_("Levantar una sanción"),
        description=_("Lo que se suspendió vuelve a ser lo que era; una exclusión no se deshace."),
        request=LiftingSerializer,
        responses=SanctionSerializer,
    )
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """A sanction no longer weighs. Asks for a reason."""
        return self.written_by(
            LiftingSerializer, services.lift_sanction, sanction=self.get_object()
        )


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
    router.register("checklists", ChecklistViewSet, "checklist")
    router.register("inspections", InspectionViewSet, "inspection")
    router.register("findings", FindingViewSet, "finding")
    router.register("corrective-actions", CorrectiveActionViewSet, "corrective-action")
    router.register("sanctions", SanctionViewSet, "sanction")
