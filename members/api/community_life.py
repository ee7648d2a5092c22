"""Gatherings, inputs, volunteers and allies for programs.

What an agent's telephone writes, it may send here: gatherings, who came, and what was handed out.
The office enters the rest in the pages. What pages hide is null here: what inputs are worth, how
volunteers are reached, what allies gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.api.creation import CreatesOnce, KeyField, RowKeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, WholeNumberFilter, YesNoFilter
from kallari.api.serializers import GuardedSerializer, ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import (
    AllyField,
    CommunityField,
    CommunityFilter,
    FamilyField,
    GatheringField,
    InputKindField,
)
from members.models import (
    Agreement,
    Ally,
    Attendance,
    Community,
    Contribution,
    ContributionUse,
    Family,
    Gathering,
    InputDistribution,
    InputKind,
    Person,
    Stay,
    Volunteer,
)
from members.models.volunteer import CONTACT_FIELDS
from members.permissions import community_life as permissions
from members.querysets.gatherings import Tally
from members.services import gatherings as gathering_services
from members.services import inputs as input_services

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


GATHERING_TOLD = (
    "kind",
    "topic",
    "held_on",
    "starts_at",
    "hours",
    "community",
    "place",
    "led_by",
    "ally",
    "done",
    "result",
    "visiting_women",
    "visiting_men",
    "visiting_unknown",
)
INPUT_TOLD = (
    "kind",
    "family",
    "quantity",
    "value_usd",
    "handed_on",
    "handed_by",
    "gathering",
    "ally",
    "note",
)
MOST_AT_ONCE = 500
"""How many people one message names."""


def _ally_filter(field_name: str = "ally") -> WholeNumberFilter:
    return WholeNumberFilter(
        field_name=field_name, min_value=0, max_value=2_147_483_647, label=_("De un aliado.")
    )


def _from(field_name: str) -> filters.DateFilter:
    return filters.DateFilter(field_name=field_name, lookup_expr="gte", label=_("Desde este día."))


def _until(field_name: str) -> filters.DateFilter:
    return filters.DateFilter(field_name=field_name, lookup_expr="lte", label=_("Hasta este día."))


class _BySearch(filters.FilterSet):
    """Lists of what has a name."""

    search = filters.CharFilter(
        method="by_search", label=_("Parte de un nombre, escrito de cualquier manera.")
    )

    def by_search(self, rows: models.QuerySet[Any], _name: str, value: str) -> models.QuerySet[Any]:
        return rows.search(value)  # type: ignore[attr-defined]


# --- Gatherings -----------------------------------------------------------------------------------


class TallySerializer(serializers.Serializer[Tally]):
    """Who came, with the visitors; who is of unknown sex or age is never guessed."""

    total = serializers.IntegerField()
    women = serializers.IntegerField()
    men = serializers.IntegerField()
    other_sex = serializers.IntegerField()
    unknown_sex = serializers.IntegerField()
    youth = serializers.IntegerField(help_text=_("Jóvenes el día del encuentro."))
    not_youth = serializers.IntegerField()
    unknown_age = serializers.IntegerField()


class GatheringSerializer(RecordSerializer[Gathering]):
    """A training or a minga."""

    community_name = serializers.CharField(
        source="community.name", help_text=_("Cómo se llama la comunidad.")
    )
    ally_name = serializers.CharField(
        source="ally.name", default=None, allow_null=True, help_text=_("Quién la apoya.")
    )
    attendance = serializers.SerializerMethodField(
        help_text=_("Cuántas personas asistieron, con las visitas.")
    )

    class Meta:
        model = Gathering
        fields: ClassVar[list[str]] = [
            "id",
            *GATHERING_TOLD,
            "community_name",
            "ally_name",
            "attendance",
            "cancelled_on",
        ]
        read_only_fields = fields

    @extend_schema_field(TallySerializer)
    def get_attendance(self, gathering: Gathering) -> Any:
        return TallySerializer(self.context["tallies"][gathering.pk]).data


class NewGatheringSerializer(RecordSerializer[Gathering]):
    """What is told of a gathering when it is entered, before it or after."""

    id = KeyField()
    community = CommunityField()
    ally = AllyField(required=False, allow_null=True)
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Gathering
        fields: ClassVar[list[str]] = ["id", *GATHERING_TOLD, "reason"]


class AttendanceSerializer(RecordSerializer[Attendance]):
    """Somebody of the register who came."""

    surnames = serializers.CharField(source="person.surnames")
    given_names = serializers.CharField(source="person.given_names")
    family_name = serializers.CharField(source="person.family.name")
    community_name = serializers.CharField(source="person.family.community.name")

    class Meta:
        model = Attendance
        fields: ClassVar[list[str]] = [
            "person",
            "surnames",
            "given_names",
            "family_name",
            "community_name",
            "noted",
        ]
        read_only_fields = fields


class RollSerializer(RecordSerializer[Attendance]):
    """What changes of the roll: who came, and whom somebody noted by mistake."""

    came = serializers.ListField(
        child=RowKeyField(),
        max_length=MOST_AT_ONCE,
        help_text=_("Quiénes asistieron. Quien ya está en la lista se pasa por alto."),
    )
    struck = serializers.ListField(
        child=RowKeyField(),
        max_length=MOST_AT_ONCE,
        required=False,
        default=list,
        help_text=_("A quiénes se anotó por error; pide un motivo."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Attendance
        fields: ClassVar[list[str]] = ["came", "struck", "noted", "reason"]

    def validate_came(self, keys: list[UUID]) -> list[Person]:
        """Refuse people whom the sender may not see, as if they did not exist."""
        people = list(Person.objects.visible_to(self.context["request"].user).filter(pk__in=keys))
        known = {person.pk for person in people}
        if missing := [key for key in keys if key not in known]:
            raise serializers.ValidationError(
                _("No hay ninguna persona %(key)s.") % {"key": missing[0]}, code="does_not_exist"
            )
        return people


class GatheringFilter(_BySearch):
    """Which gatherings a list holds."""

    kind = filters.ChoiceFilter(
        choices=Gathering.Kind.choices, label=_("Solo capacitaciones, o solo mingas.")
    )
    community = CommunityFilter("community")
    ally = _ally_filter()
    held_from = _from("held_on")
    held_until = _until("held_on")
    cancelled = YesNoFilter(
        field_name="cancelled_on",
        lookup_expr="isnull",
        exclude=True,
        label=_("Solo los suspendidos, o solo los demás."),
    )
    changed_since = ChangedSinceFilter(
        related=[
            (Attendance, "gathering_id"),
            (Community, "id", "community_id"),
            (Ally, "id", "ally_id"),
        ]
    )
    ordering = Ordering(
        fields=[
            ("held_on", "held_on"),
            ("search_key", "topic"),
            ("community__search_key", "community"),
        ],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )


@extend_schema_view(
    list=extend_schema(summary=_("Las capacitaciones y mingas que su rol ve, las últimas primero")),
    retrieve=extend_schema(summary=_("Una capacitación o minga")),
)
class GatheringViewSet(CreatesOnce, ListedViewSet):
    """Gatherings: agents and delegates see those of their communities. Never removed."""

    queryset = Gathering.objects.with_names()
    serializer_class = GatheringSerializer
    filterset_class = GatheringFilter
    told_fields = GATHERING_TOLD
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "attendances": ("members.view_attendance", "members.add_attendance"),
    }

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With who came to each of the rows shown, counted once for all."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        if args:
            shown = args[0] if kwargs.get("many") else [args[0]]
            counted = Gathering.objects.filter(pk__in=[one.pk for one in shown])
            serializer.context["tallies"] = counted.tallies()
        return serializer

    @extend_schema(
        summary=_("Anotar una capacitación o minga, prevista o realizada"),
        description=_("Quiénes asistieron se anota aparte, en attendances."),
        request=NewGatheringSerializer,
        responses={200: GatheringSerializer, 201: GatheringSerializer},
    )
    def create(self, request: Request) -> Response:
        """Enter a gathering; the same message again changes nothing."""
        return self.create_once(
            self.told_by(NewGatheringSerializer), gathering_services.add_gathering
        )

    @extend_schema(
        methods=["GET"],
        summary=_("Quiénes asistieron, en orden alfabético"),
        responses=AttendanceSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        methods=["POST"],
        summary=_("Pasar lista"),
        description=_(
            "Dice solo lo que cambia: dos teléfonos que pasan lista a la vez no se estorban, y el"
            " mismo mensaje otra vez no cambia nada. Responde la lista entera."
        ),
        request=RollSerializer,
        responses={200: AttendanceSerializer(many=True)},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def attendances(self, request: Request, pk: str) -> Response:
        """Who came; POST notes who came and strikes whom somebody noted by mistake."""
        gathering = self.get_object()
        if request.method == "POST":
            wanted = self.told_by(RollSerializer)
            struck = Person.objects.filter(
                attendances__gathering=gathering, pk__in=wanted.pop("struck")
            )
            gathering_services.call_roll(
                actor=self.actor, gathering=gathering, struck=struck, **wanted
            )
        rows = gathering.attendances.with_people()
        return Response(AttendanceSerializer(rows, many=True).data)


# --- Inputs ---------------------------------------------------------------------------------------


class InputKindSerializer(RecordSerializer[InputKind]):
    """One kind of thing that is given."""

    class Meta:
        model = InputKind
        fields: ClassVar[list[str]] = ["id", "name", "unit", "is_organic", "note", "retired_on"]
        read_only_fields = fields


class InputKindFilter(_BySearch):
    """Which kinds a list holds."""

    offered = YesNoFilter(
        field_name="retired_on",
        lookup_expr="isnull",
        label=_("Solo las que se entregan, o solo las que ya no."),
    )
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las clases de insumos, con su unidad")),
    retrieve=extend_schema(summary=_("Una clase de insumo")),
)
class InputKindViewSet(ListedViewSet):
    """Kinds of inputs, to choose from."""

    queryset = InputKind.objects.all()
    serializer_class = InputKindSerializer
    filterset_class = InputKindFilter


class InputDistributionSerializer(GuardedSerializer[InputDistribution]):
    """Something handed to a family."""

    guarded = frozenset({"value_usd"})

    code = serializers.CharField(help_text=_("Su número como está en el recibo: I-00042."))
    kind_name = serializers.CharField(source="kind.name", help_text=_("Qué se entregó."))
    family_name = serializers.CharField(source="family.name", help_text=_("A qué familia."))
    community_name = serializers.CharField(
        source="family.community.name", help_text=_("Dónde vive la familia.")
    )
    ally_name = serializers.CharField(
        source="ally.name", default=None, allow_null=True, help_text=_("Quién lo pagó.")
    )

    class Meta:
        model = InputDistribution
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            *INPUT_TOLD,
            "unit",
            "was_organic",
            "kind_name",
            "family_name",
            "community_name",
            "ally_name",
            "voided_on",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return permissions.may_see_input_values(user)


class NewInputDistributionSerializer(RecordSerializer[InputDistribution]):
    """What is told of something handed out."""

    id = KeyField()
    kind = InputKindField()
    family = FamilyField()
    gathering = GatheringField(required=False, allow_null=True)
    ally = AllyField(required=False, allow_null=True)
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = InputDistribution
        fields: ClassVar[list[str]] = ["id", *INPUT_TOLD, "reason"]

    def validate_value_usd(self, value: Any) -> Any:
        """Who does not see values writes none."""
        if value is not None and not permissions.may_see_input_values(self.context["request"].user):
            raise serializers.ValidationError(
                _("Su rol no anota cuánto valen los insumos."), code="not_for_your_role"
            )
        return value


class InputDistributionFilter(filters.FilterSet):
    """Which handings out a list holds."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre, de la familia o de su gente, o un recibo: I-00042."),
    )
    kind = WholeNumberFilter(
        field_name="kind", min_value=0, max_value=2_147_483_647, label=_("De una clase de insumo.")
    )
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    gathering = filters.UUIDFilter(field_name="gathering", label=_("En un encuentro."))
    ally = _ally_filter()
    organic = YesNoFilter(
        field_name="was_organic",
        label=_("Solo lo permitido en chakras orgánicas ese día, o solo lo que no."),
    )
    voided = YesNoFilter(
        field_name="voided_on",
        lookup_expr="isnull",
        exclude=True,
        label=_("Solo las anuladas, o solo las válidas."),
    )
    handed_from = _from("handed_on")
    handed_until = _until("handed_on")
    changed_since = ChangedSinceFilter(
        related=[
            (InputKind, "id", "kind_id"),
            (Family, "id", "family_id"),
            (Community, "id", "family__community_id"),
            (Ally, "id", "ally_id"),
        ]
    )
    ordering = Ordering(
        fields=[("handed_on", "handed_on"), ("number", "number"), ("family__number", "family")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[InputDistribution], _name: str, value: str
    ) -> models.QuerySet[InputDistribution]:
        return rows.find(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary=_("Las entregas de insumos que su rol ve, las últimas primero"),
        description=_("El valor es null para los roles que no pagan ni revisan."),
    ),
    retrieve=extend_schema(summary=_("Una entrega de insumos")),
)
class InputDistributionViewSet(CreatesOnce, ListedViewSet):
    """What was handed out: agents see that of the families of their communities."""

    queryset = InputDistribution.objects.with_names()
    serializer_class = InputDistributionSerializer
    filterset_class = InputDistributionFilter
    told_fields = INPUT_TOLD

    @extend_schema(
        summary=_("Anotar una entrega de insumos"),
        description=_(
            "El sistema le da el número del recibo que sigue. Lo que no se permite en chakras"
            " orgánicas pide una nota."
        ),
        request=NewInputDistributionSerializer,
        responses={200: InputDistributionSerializer, 201: InputDistributionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Hand something out; the same message again changes nothing."""
        return self.create_once(
            self.told_by(NewInputDistributionSerializer), input_services.hand_out_input
        )


# --- Volunteers -----------------------------------------------------------------------------------


class StaySerializer(RecordSerializer[Stay]):
    """A time in which a volunteer or intern helps."""

    community_name = serializers.CharField(
        source="community.name", help_text=_("Cómo se llama la comunidad que acoge.")
    )

    class Meta:
        model = Stay
        fields: ClassVar[list[str]] = [
            "id",
            "kind",
            "starts_on",
            "ends_on",
            "community",
            "community_name",
            "host_family",
            *Stay.TASKS,
            "other_tasks",
            "length_note",
            "cancelled_on",
        ]
        read_only_fields = fields


class VolunteerSerializer(GuardedSerializer[Volunteer]):
    """A volunteer or an intern, with the stays that the reader sees."""

    guarded = frozenset(CONTACT_FIELDS)

    country = serializers.CharField(
        source="country.code", help_text=_("De dónde viene: el código ISO 3166 de dos letras.")
    )
    stays = StaySerializer(source="shown_stays", many=True)

    class Meta:
        model = Volunteer
        fields: ClassVar[list[str]] = [
            "id",
            "surnames",
            "given_names",
            "country",
            "institution",
            *CONTACT_FIELDS,
            "note",
            "stays",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return permissions.may_contact_volunteers(user)


class VolunteerFilter(_BySearch):
    """Which volunteers a list holds."""

    here_on = filters.DateFilter(method="by_day", label=_("Quiénes están ese día."))
    changed_since = ChangedSinceFilter(related=[(Stay, "volunteer_id")])

    def by_day(
        self, rows: models.QuerySet[Volunteer], _name: str, value: Any
    ) -> models.QuerySet[Volunteer]:
        return rows.here_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary=_("Voluntariado y pasantías que su rol ve, en orden alfabético"),
        description=_(
            "Teléfono, correo, a quién avisar y salud son null para todos menos la oficina."
        ),
    ),
    retrieve=extend_schema(summary=_("Una voluntaria, un voluntario o pasante")),
)
class VolunteerViewSet(ListedViewSet):
    """Volunteers: agents see who stays in their communities."""

    queryset = Volunteer.objects.all()
    serializer_class = VolunteerSerializer
    filterset_class = VolunteerFilter

    def get_queryset(self) -> models.QuerySet[Any]:
        stays = Stay.objects.visible_to(self.actor)
        shown = Prefetch("stays", queryset=stays.select_related("community"), to_attr="shown_stays")
        return super().get_queryset().prefetch_related(shown)


# --- Allies ---------------------------------------------------------------------------------------


class AllySerializer(GuardedSerializer[Ally]):
    """An institution that helps the association."""

    guarded = frozenset({"contact", "note", "given_usd", "agreement_ends_on"})

    given_usd = serializers.DecimalField(
        max_digits=16, decimal_places=2, help_text=_("Lo que ha aportado en total, en USD.")
    )
    agreement_ends_on = serializers.DateField(
        source="last_agreement_ends",
        allow_null=True,
        help_text=_("Hasta cuándo rige el convenio que más dura; null: no vence, o no hay."),
    )

    class Meta:
        model = Ally
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "full_name",
            "kind",
            "contact",
            "note",
            "given_usd",
            "agreement_ends_on",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return permissions.may_see_allies(user)


class AllyFilter(_BySearch):
    """Which allies a list holds."""

    kind = filters.ChoiceFilter(choices=Ally.Kind.choices, label=_("De una clase."))
    changed_since = ChangedSinceFilter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and permissions.may_see_allies(self.request.user):
            # Who does not see what an ally gives is not told when it gives either.
            self.filters["changed_since"].related = [
                (Contribution, "ally_id"),
                (Agreement, "ally_id"),
            ]


@extend_schema_view(
    list=extend_schema(
        summary=_("Los aliados, en orden alfabético"),
        description=_("Lo que aportaron y cómo se los encuentra es null para quien solo escoge."),
    ),
    retrieve=extend_schema(summary=_("Un aliado")),
)
class AllyViewSet(ListedViewSet):
    """Allies: agents choose one by name, and see no more of them."""

    queryset = Ally.objects.with_totals()
    serializer_class = AllySerializer
    filterset_class = AllyFilter


class AgreementSerializer(RecordSerializer[Agreement]):
    """A signed agreement with an ally; its copy is at the page of the ally."""

    ally_name = serializers.CharField(source="ally.name", help_text=_("Con quién."))

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = [
            "id",
            "ally",
            "ally_name",
            "title",
            "starts_on",
            "ends_on",
            "note",
        ]
        read_only_fields = fields


class AgreementFilter(filters.FilterSet):
    """Which agreements a list holds."""

    ally = _ally_filter()
    on = filters.DateFilter(method="by_day", label=_("Los que rigen ese día."))
    changed_since = ChangedSinceFilter(related=[(Ally, "id", "ally_id")])

    def by_day(
        self, rows: models.QuerySet[Agreement], _name: str, value: Any
    ) -> models.QuerySet[Agreement]:
        return rows.in_force(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(summary=_("Los convenios con los aliados")),
    retrieve=extend_schema(summary=_("Un convenio")),
)
class AgreementViewSet(ListedViewSet):
    """Agreements, for who decides, pays or checks; 404 for everybody else."""

    queryset = Agreement.objects.select_related("ally")
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter


class ContributionUseSerializer(RecordSerializer[ContributionUse]):
    """A part of a contribution, and what it paid for."""

    class Meta:
        model = ContributionUse
        fields: ClassVar[list[str]] = [
            "id",
            "used_on",
            "amount_usd",
            "gathering",
            "distribution",
            "purpose",
        ]
        read_only_fields = fields


class ContributionSerializer(RecordSerializer[Contribution]):
    """What an ally gave, what it paid for, and what is left."""

    ally_name = serializers.CharField(source="ally.name", help_text=_("Quién lo dio."))
    agreement_title = serializers.CharField(
        source="agreement.title", default=None, allow_null=True, help_text=_("Por qué convenio.")
    )
    used_usd = serializers.DecimalField(max_digits=16, decimal_places=2)
    left_usd = serializers.DecimalField(max_digits=16, decimal_places=2)
    uses = ContributionUseSerializer(many=True)

    class Meta:
        model = Contribution
        fields: ClassVar[list[str]] = [
            "id",
            "ally",
            "ally_name",
            "agreement",
            "agreement_title",
            "kind",
            "description",
            "received_on",
            "amount",
            "currency",
            "usd_rate",
            "valued_by",
            "value_usd",
            "used_usd",
            "left_usd",
            "uses",
        ]
        read_only_fields = fields


class ContributionFilter(filters.FilterSet):
    """Which contributions a list holds."""

    ally = _ally_filter()
    kind = filters.ChoiceFilter(choices=Contribution.Kind.choices, label=_("De una clase."))
    received_from = _from("received_on")
    received_until = _until("received_on")
    changed_since = ChangedSinceFilter(
        related=[(ContributionUse, "contribution_id"), (Ally, "id", "ally_id")]
    )
    ordering = Ordering(
        fields=[("received_on", "received_on"), ("value_usd", "value_usd")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )


@extend_schema_view(
    list=extend_schema(summary=_("Los aportes de los aliados, los últimos primero")),
    retrieve=extend_schema(summary=_("Un aporte, con lo que pagó")),
)
class ContributionViewSet(ListedViewSet):
    """Contributions, for who decides, pays or checks; 404 for everybody else."""

    queryset = Contribution.objects.with_names().with_used().prefetch_related("uses")
    serializer_class = ContributionSerializer
    filterset_class = ContributionFilter


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("gatherings", GatheringViewSet, basename="gathering")
    router.register("input-kinds", InputKindViewSet, basename="input-kind")
    router.register("input-distributions", InputDistributionViewSet, basename="input-distribution")
    router.register("volunteers", VolunteerViewSet, basename="volunteer")
    router.register("allies", AllyViewSet, basename="ally")
    router.register("agreements", AgreementViewSet, basename="agreement")
    router.register("contributions", ContributionViewSet, basename="contribution")
