"""Families for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, WholeNumberFilter, YesNoFilter
from kallari.api.serializers import GuardedSerializer, ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from members.api.reach import CommunityField, CommunityFilter
from members.models import Community, Family
from members.permissions.people import may_identify
from members.services import families as services

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


TOLD = ("name", "community", "joined_on", "note")


class FamilySerializer(GuardedSerializer[Family]):
    """A productive unit. The note is for who may identify people: nobody knows what is in it."""

    guarded = frozenset({"note"})

    community_name = serializers.CharField(
        source="community.name", help_text=_("Cómo se llama su comunidad.")
    )
    code = serializers.CharField(help_text=_("Su número como está en los papeles: F-0042."))

    class Meta:
        model = Family
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "code",
            "name",
            "community",
            "community_name",
            "joined_on",
            "closed_on",
            "note",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return may_identify(user)


class NewFamilySerializer(RecordSerializer[Family]):
    """What is told of a family when it is entered."""

    id = KeyField()
    community = CommunityField()
    reason = ReasonField(required=False, allow_blank=True)

    class Meta:
        model = Family
        fields: ClassVar[list[str]] = ["id", *TOLD, "reason"]


class FamilyCorrectionSerializer(RecordSerializer[Family]):
    """What differs from now on, and why; ``closed_on`` closes, null opens again."""

    community = CommunityField(required=False)
    closed_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text=_("Desde este día ya no está en la asociación; null: volvió."),
    )
    reason = ReasonField()

    class Meta:
        model = Family
        fields: ClassVar[list[str]] = [*TOLD, "closed_on", "reason"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"name": {"required": False}}


class FamilyFilter(filters.FilterSet):
    """Which families a list holds."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre, de la familia o de su gente, o su número: F-0042."),
    )
    number = WholeNumberFilter(
        field_name="number", min_value=0, max_value=2_147_483_647, label=_("Su número.")
    )
    community = CommunityFilter("community")
    open = YesNoFilter(
        field_name="closed_on",
        lookup_expr="isnull",
        label=_("Solo las de la asociación, o solo las retiradas."),
    )
    changed_since = ChangedSinceFilter(related=[(Community, "id", "community_id")])
    ordering = Ordering(
        fields=[
            ("search_key", "name"),
            ("number", "number"),
            ("community__search_key", "community"),
            ("joined_on", "joined_on"),
        ],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[Family], _name: str, value: str
    ) -> models.QuerySet[Family]:
        return rows.find(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(summary=_("Las familias que su rol ve, en orden alfabético")),
    retrieve=extend_schema(summary=_("Una familia")),
)
class FamilyViewSet(CreatesOnce, ListedViewSet):
    """Families: agents and delegates see those of their communities. Closed, never removed."""

    queryset = Family.objects.select_related("community")
    serializer_class = FamilySerializer
    filterset_class = FamilyFilter
    told_fields = TOLD

    @extend_schema(
        summary=_("Registrar una familia"),
        description=_("El sistema le da el número que sigue."),
        request=NewFamilySerializer,
        responses={200: FamilySerializer, 201: FamilySerializer},
    )
    def create(self, request: Request) -> Response:
        """Enter a family; the same message again changes nothing."""
        return self.create_once(self.told_by(NewFamilySerializer), services.add_family)

    @extend_schema(
        summary=_("Corregir una familia, mudarla, retirarla o recibirla otra vez"),
        description=_("closed_on la retira desde ese día; null la recibe otra vez."),
        request=FamilyCorrectionSerializer,
        responses=FamilySerializer,
    )
    @transaction.atomic
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct, close or open a family again. Asks for a reason."""
        family = self.get_object()
        wanted = self.told_by(FamilyCorrectionSerializer, family)
        who = {"actor": self.actor, "reason": wanted.pop("reason")}
        closes = "closed_on" in wanted
        closed_on = wanted.pop("closed_on", None)
        if wanted:
            services.correct_family(family=family, **wanted, **who)
        if closes and closed_on is None and not family.is_open:
            services.reopen_family(family=family, **who)
        elif closes and closed_on is not None and closed_on != family.closed_on:
            services.close_family(family=family, closed_on=closed_on, **who)
        return Response(self.shown(family.pk))


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("families", FamilyViewSet, basename="family")
