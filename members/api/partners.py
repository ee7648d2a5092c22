"""Memberships for programs: the legal list of a day, and what happens to a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, WholeNumberFilter
from kallari.api.serializers import GuardedSerializer, ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import CommunityFilter, PartnerField, PersonField
from members.models import (
    Community,
    Family,
    Partner,
    Person,
    Standing,
    Suspension,
    TradeEvidence,
)
from members.permissions.people import may_identify
from members.services import partners as services
from members.services.requirements import requirements

if TYPE_CHECKING:
    from datetime import date

    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


TOLD = ("person", "applied_on", "succeeds", "note")
DECIDES = ("members.view_partner", "members.change_partner")


class SuspensionSerializer(RecordSerializer[Suspension]):
    """A time in which a partner neither sells as one nor votes."""

    class Meta:
        model = Suspension
        fields: ClassVar[list[str]] = ["starts_on", "ends_on", "resolution", "end_resolution"]
        read_only_fields = fields


class PartnerSerializer(GuardedSerializer[Partner]):
    """One person's membership, from the application to its end. The note is for who may
    identify people: nobody knows what is in it."""

    guarded = frozenset({"note"})

    person_name = serializers.CharField(
        source="person.listed_name", help_text=_("Apellidos y nombres.")
    )
    family_name = serializers.CharField(source="family.name", help_text=_("De qué familia es."))
    community: serializers.PrimaryKeyRelatedField[Community] = serializers.PrimaryKeyRelatedField(
        source="family.community", read_only=True, help_text=_("Dónde vive su familia.")
    )
    community_name = serializers.CharField(
        source="family.community.name", help_text=_("Cómo se llama su comunidad.")
    )
    sex = serializers.ChoiceField(
        source="person.sex", choices=Person.Sex.choices, allow_blank=True, read_only=True
    )
    standing = serializers.SerializerMethodField(
        help_text=_("Qué es hoy o, con as_of, qué era ese día; null antes de la solicitud.")
    )
    suspensions = SuspensionSerializer(many=True, read_only=True)

    class Meta:
        model = Partner
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "standing",
            "person",
            "person_name",
            "sex",
            "family",
            "family_name",
            "community",
            "community_name",
            "applied_on",
            "registered_on",
            "resolution",
            "ended_on",
            "ended_how",
            "end_resolution",
            "succeeds",
            "note",
            "suspensions",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return may_identify(user)

    def get_standing(self, partner: Partner) -> Standing | None:
        if hasattr(partner, "standing_on_day"):
            return Standing(partner.standing) if partner.standing else None
        return partner.standing_today


class ApplicationSerializer(RecordSerializer[Partner]):
    """Somebody asks to become a partner."""

    id = KeyField()
    person = PersonField()
    succeeds = PartnerField(
        required=False,
        allow_null=True,
        help_text=_("La socia o el socio de la misma familia cuyo lugar ocupa."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Partner
        fields: ClassVar[list[str]] = ["id", *TOLD, "reason"]
        validators: ClassVar[list[Any]] = []


class PartnerCorrectionSerializer(RecordSerializer[Partner]):
    """What was written wrongly, and why; lists of past days follow."""

    reason = ReasonField()

    class Meta:
        model = Partner
        fields: ClassVar[list[str]] = [*sorted(services.CORRECTABLE), "reason"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"applied_on": {"required": False}}
        validators: ClassVar[list[Any]] = []


class RegistrationSerializer(RecordSerializer[Partner]):
    """The resolution that admits an applicant."""

    number = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2_147_483_647,
        help_text=_("Si ya lo tiene en el registro en papel; si no, el que sigue."),
    )
    registered_on = serializers.DateField(help_text=_("Desde este día es socia o socio."))
    resolution = serializers.CharField(
        max_length=120,
        help_text=_("La que la admite, con su número y fecha, como está en el acta."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Partner
        fields: ClassVar[list[str]] = ["registered_on", "resolution", "number", "reason"]
        validators: ClassVar[list[Any]] = []


class NewSuspensionSerializer(RecordSerializer[Suspension]):
    """From when on a partner is suspended, by which resolution and why."""

    reason = ReasonField()

    class Meta:
        model = Suspension
        fields: ClassVar[list[str]] = ["starts_on", "resolution", "reason"]
        validators: ClassVar[list[Any]] = []


class ReinstatementSerializer(RecordSerializer[Suspension]):
    """From when on a partner is active again, by which resolution and why."""

    ends_on = serializers.DateField(help_text=_("Desde este día vuelve a estar activa."))
    resolution = serializers.CharField(max_length=120, help_text=_("La que la levanta."))
    reason = ReasonField()

    class Meta:
        model = Suspension
        fields: ClassVar[list[str]] = ["ends_on", "resolution", "reason"]
        validators: ClassVar[list[Any]] = []


class EndSerializer(RecordSerializer[Partner]):
    """How and from when on somebody is no longer a partner or an applicant."""

    ended_on = serializers.DateField(help_text=_("Desde este día ya no lo es."))
    how = serializers.ChoiceField(
        choices=[
            (ending.value, ending.label)
            for ending in Partner.Ending
            if ending != Partner.Ending.DIED
        ],
        help_text=_(
            "Una socia o un socio sale o es excluido; una solicitud se retira o no se admite. Un"
            " fallecimiento se anota en la persona."
        ),
    )
    resolution = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=120,
        help_text=_("Una exclusión no vale sin ella."),
    )
    reason = ReasonField()

    class Meta:
        model = Partner
        fields: ClassVar[list[str]] = ["ended_on", "how", "resolution", "reason"]
        validators: ClassVar[list[Any]] = []


class TradeEvidenceSerializer(RecordSerializer[TradeEvidence]):
    """A paper that shows earlier trade of the family."""

    class Meta:
        model = TradeEvidence
        fields: ClassVar[list[str]] = ["id", "product", "first_on", "last_on", "reference"]
        validators: ClassVar[list[Any]] = []


class NewTradeEvidenceSerializer(TradeEvidenceSerializer):
    """The same, told."""

    reason = ReasonField(required=False, allow_blank=True)

    class Meta(TradeEvidenceSerializer.Meta):
        fields: ClassVar[list[str]] = ["product", "first_on", "last_on", "reference", "reason"]


class RequirementSerializer(serializers.Serializer[Any]):
    """One thing that is asked of an applicant, and whether it holds."""

    code = serializers.ChoiceField(
        choices=[
            ("age", _("la edad")),
            ("trade", _("el comercio")),
            ("place", _("el lugar en la familia")),
        ],
        help_text=_("No cambia: age, trade, place."),
    )
    met = serializers.BooleanField(help_text=_("Si se cumple ese día."))
    title = serializers.CharField(help_text=_("Qué se pide."))
    detail = serializers.CharField(help_text=_("Con qué se muestra, o qué falta."))


class PartnerFilter(filters.FilterSet):
    """Which memberships a list holds."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre, el número de socia o, si su rol ve cédulas, parte de una."),
    )
    number = WholeNumberFilter(
        field_name="number", min_value=0, max_value=2_147_483_647, label=_("Su número.")
    )
    person = filters.UUIDFilter(field_name="person", label=_("De una persona."))
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    sex = filters.ChoiceFilter(
        field_name="person__sex",
        choices=Person.Sex.choices,
        label=_("Mujeres, hombres u otras."),
    )
    standing = filters.ChoiceFilter(
        choices=Standing.choices, method="as_it_is", label=_("Qué es hoy o, con as_of, ese día.")
    )
    as_of = filters.DateFilter(
        method="as_it_is",
        label=_(
            "La lista legal de ese día: quienes estaban registrados, también los suspendidos. Con"
            " standing, quienes eran eso ese día."
        ),
    )
    changed_since = ChangedSinceFilter(
        related=[
            (Suspension, "partner_id"),
            (Person, "id", "person_id"),
            (Family, "id", "family_id"),
            (Community, "id", "family__community_id"),
        ]
    )
    ordering = Ordering(
        fields=[
            ("number", "number"),
            ("person__search_key", "name"),
            ("family__community__search_key", "community"),
            ("applied_on", "applied_on"),
            ("registered_on", "registered_on"),
            ("ended_on", "ended_on"),
        ],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def filter_queryset(self, rows: models.QuerySet[Partner]) -> models.QuerySet[Partner]:
        day: date | None = self.form.cleaned_data["as_of"]
        standing: str = self.form.cleaned_data["standing"]
        found: Any = rows.with_standing(day)  # type: ignore[attr-defined]
        if standing:
            found = found.filter(standing=standing)
        elif day is not None:
            found = found.members_on(day)
        return super().filter_queryset(found)

    def as_it_is(
        self, rows: models.QuerySet[Partner], _name: str, _value: Any
    ) -> models.QuerySet[Partner]:
        """Narrowed by `filter_queryset`: the day and the standing mean something together."""
        return rows

    def by_search(
        self, rows: models.QuerySet[Partner], _name: str, value: str
    ) -> models.QuerySet[Partner]:
        by_cedula = may_identify(self.request.user)
        return rows.find(value, by_cedula=by_cedula)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary=_("Socias, socios y aspirantes que su rol ve, por número"),
        description=_("También quienes ya salieron. La lista legal de un día se pide con as_of."),
    ),
    retrieve=extend_schema(summary=_("Una socia, un socio o aspirante")),
)
class PartnerViewSet(CreatesOnce, ListedViewSet):
    """Memberships: agents and delegates see those of their communities. Ended, never removed."""

    queryset = Partner.objects.with_people().prefetch_related("suspensions")
    serializer_class = PartnerSerializer
    filterset_class = PartnerFilter
    told_fields = TOLD
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "register": DECIDES,
        "suspend": DECIDES,
        "reinstate": DECIDES,
        "end": DECIDES,
        "evidence": ("members.view_tradeevidence", "members.add_tradeevidence"),
        # Tells when somebody comes of age.
        "requirements": ("members.identify_person", "members.identify_person"),
    }

    @extend_schema(
        summary=_("Tomar una solicitud"),
        description=_("La decide después la resolución: /partners/{id}/register/."),
        request=ApplicationSerializer,
        responses={200: PartnerSerializer, 201: PartnerSerializer},
    )
    def create(self, request: Request) -> Response:
        """A person applies; the same message again changes nothing."""
        told = self.told_by(ApplicationSerializer)
        return self.create_once(told, services.apply_for_partnership)

    @extend_schema(
        summary=_("Corregir una fecha, un número o una resolución mal escritos"),
        description=_("Las listas de días pasados cambian con ella."),
        request=PartnerCorrectionSerializer,
        responses=PartnerSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what was written wrongly. Asks for a reason."""
        return self._happens(PartnerCorrectionSerializer, services.correct_partner)

    @extend_schema(
        summary=_("Registrar a una aspirante por resolución"),
        description=_(
            "Se rechaza sin la edad (not_of_age), sin un año de comercio (not_enough_trade) o si"
            " la familia ya tiene a alguien (family_has_partner)."
        ),
        request=RegistrationSerializer,
        responses=PartnerSerializer,
    )
    @action(detail=True, methods=["post"])
    def register(self, request: Request, pk: str) -> Response:
        """Admit an applicant."""
        return self._happens(RegistrationSerializer, services.register_partner)

    @extend_schema(
        summary=_("Suspender a una socia o un socio por resolución"),
        request=NewSuspensionSerializer,
        responses=PartnerSerializer,
    )
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        """Suspend a partner until reinstated."""
        return self._happens(NewSuspensionSerializer, services.suspend_partner)

    @extend_schema(
        summary=_("Levantar la suspensión por resolución"),
        request=ReinstatementSerializer,
        responses=PartnerSerializer,
    )
    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, pk: str) -> Response:
        """End a suspension."""
        return self._happens(ReinstatementSerializer, services.reinstate_partner)

    @extend_schema(
        summary=_("Anotar la salida o la exclusión, o cerrar una solicitud"),
        request=EndSerializer,
        responses=PartnerSerializer,
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a membership or an application."""
        return self._happens(EndSerializer, _end)

    @extend_schema(
        summary=_("Qué se pide para registrarla, y si se cumple"),
        responses=RequirementSerializer(many=True),
        parameters=[
            OpenApiParameter(
                "on", OpenApiTypes.DATE, description=_("El día del registro; sin él, hoy.")
            )
        ],
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def requirements(self, request: Request, pk: str) -> Response:
        """What would hold on a day."""
        day = timezone.localdate()
        if "on" in request.query_params:
            asked = _OnSerializer(data={"on": request.query_params["on"]})
            asked.is_valid(raise_exception=True)
            day = asked.validated_data["on"]
        found = requirements(self.get_object(), day)
        return Response(RequirementSerializer(found, many=True).data)

    @extend_schema(
        methods=["GET"],
        summary=_("Los papeles que muestran el comercio anterior de la familia"),
        responses=TradeEvidenceSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        methods=["POST"],
        summary=_("Añadir un papel de comercio anterior"),
        description=_("La copia del papel se adjunta en las páginas."),
        request=NewTradeEvidenceSerializer,
        responses={201: TradeEvidenceSerializer},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def evidence(self, request: Request, pk: str) -> Response:
        """The papers of the partner's family; a new one is added by POST."""
        family = self.get_object().family
        if request.method == "GET":
            papers = TradeEvidence.objects.visible_to(self.actor)
            rows = papers.filter(family=family)
            return Response(TradeEvidenceSerializer(rows, many=True).data)
        paper = services.add_trade_evidence(
            actor=self.actor,
            family=family,
            **self.told_by(NewTradeEvidenceSerializer),
        )
        return Response(TradeEvidenceSerializer(paper).data, status=status.HTTP_201_CREATED)

    def _happens(self, serializer: type[RecordSerializer[Any]], service: Any) -> Response:
        """Let a service do what was told to the partner of the address."""
        partner = self.get_object()
        told = self.told_by(serializer)
        service(actor=self.actor, partner=partner, **told)
        return Response(self.shown(partner.pk))


class _OnSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()


def _end(*, partner: Partner, how: str, resolution: str = "", **told: Any) -> Partner:
    """End an application or a membership, whichever it is."""
    if how in Partner.OF_APPLICANTS:
        return services.end_application(partner=partner, how=how, **told)
    return services.end_partnership(partner=partner, how=how, resolution=resolution, **told)


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("partners", PartnerViewSet, basename="partner")
