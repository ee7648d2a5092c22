"""The register for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.accounts.models import User
from kallari.api.filters import ChangedSinceFilter, YesNoFilter
from kallari.api.serializers import ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet, MatrixPermissions
from members.api.reach import CommunityFilter as CommunityChoice
from members.models import Community, CommunityAlias, CommunityAssignment
from members.services import communities as services

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter
    from rest_framework.views import APIView


class CommunityAliasSerializer(RecordSerializer[CommunityAlias]):
    """One more spelling of a community."""

    class Meta:
        model = CommunityAlias
        fields: ClassVar[list[str]] = ["id", "spelling", "source"]
        # The service decides under a lock, with words for what is taken.
        validators: ClassVar[list[Any]] = []


class CommunitySerializer(RecordSerializer[Community]):
    """A village, with all spellings under which it is found."""

    aliases = CommunityAliasSerializer(many=True, read_only=True)

    class Meta:
        model = Community
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "canton",
            "parish",
            "note",
            "delegate_seats",
            "closed_on",
            "aliases",
        ]
        validators: ClassVar[list[Any]] = []


class NewCommunitySerializer(RecordSerializer[Community]):
    """What is told of a village when it is entered."""

    reason = ReasonField(required=False, allow_blank=True)
    distinct = serializers.BooleanField(
        default=False,
        help_text=_("Alguien lo ha mirado: es otra comunidad, aunque su nombre se parezca."),
    )

    class Meta:
        model = Community
        fields: ClassVar[list[str]] = ["name", "canton", "parish", "note", "reason", "distinct"]
        validators: ClassVar[list[Any]] = []


class CommunityCorrectionSerializer(RecordSerializer[Community]):
    """What differs from now on, and why. A new name keeps the old one as a spelling;
    ``closed_on`` closes the community, and null opens it again."""

    reason = ReasonField()

    class Meta:
        model = Community
        fields: ClassVar[list[str]] = ["name", "canton", "parish", "note", "closed_on", "reason"]
        validators: ClassVar[list[Any]] = []
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"name": {"required": False}}


class CommunityFilter(filters.FilterSet):
    """Which communities a list holds."""

    search = filters.CharFilter(
        method="by_search", label=_("Parte de un nombre, escrito de cualquier manera.")
    )
    name = filters.CharFilter(
        method="by_name", label=_("El nombre entero, escrito de cualquier manera.")
    )
    open = YesNoFilter(
        field_name="closed_on", lookup_expr="isnull", label=_("Solo abiertas, o solo cerradas.")
    )
    changed_since = ChangedSinceFilter(related=[(CommunityAlias, "community")])

    def by_search(
        self, rows: models.QuerySet[Community], _name: str, value: str
    ) -> models.QuerySet[Community]:
        return rows.search(value)  # type: ignore[attr-defined]

    def by_name(
        self, rows: models.QuerySet[Community], _name: str, value: str
    ) -> models.QuerySet[Community]:
        return rows.named(value)  # type: ignore[attr-defined]


class CommunityPermissions(MatrixPermissions):
    """Whoever may add a spelling may do it where the communities are."""

    def _queryset(self, view: APIView) -> models.QuerySet[Any]:
        if getattr(view, "action", "") == "aliases":
            return CommunityAlias.objects.all()
        return super()._queryset(view)


@extend_schema_view(
    list=extend_schema(summary=_("Todas las comunidades, en orden alfabético")),
    retrieve=extend_schema(summary=_("Una comunidad")),
)
class CommunityViewSet(ListedViewSet):
    """Communities, found by their name in any spelling. Closed, never removed."""

    queryset = Community.objects.with_aliases()
    serializer_class = CommunitySerializer
    permission_classes = (CommunityPermissions,)
    filterset_class = CommunityFilter

    @extend_schema(
        summary=_("Registrar una comunidad"),
        description=_(
            "Un nombre que se parece a otro registrado se rechaza (código similar), a menos que "
            "distinct diga que alguien lo ha mirado."
        ),
        request=NewCommunitySerializer,
        responses={201: CommunitySerializer},
    )
    def create(self, request: Request) -> Response:
        """Enter a community."""
        return self.written_by(NewCommunitySerializer, services.add_community)

    @extend_schema(
        summary=_("Cambiar el nombre, corregir, cerrar o abrir otra vez una comunidad"),
        description=_(
            "Con un nombre nuevo, el de antes queda como otra escritura. closed_on cierra la "
            "comunidad; null la abre otra vez."
        ),
        request=CommunityCorrectionSerializer,
        responses=CommunitySerializer,
    )
    @transaction.atomic
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename, correct, close or open a community again. Asks for a reason."""
        community = self.get_object()
        wanted = self.told_by(CommunityCorrectionSerializer, community)
        who = {"actor": self.actor, "reason": wanted.pop("reason")}
        if "name" in wanted:
            services.rename_community(community=community, name=wanted.pop("name"), **who)
        if "closed_on" in wanted:
            closed_on = wanted.pop("closed_on")
            if closed_on is None and not community.is_open:
                services.reopen_community(community=community, **who)
            elif closed_on is not None and closed_on != community.closed_on:
                services.close_community(community=community, closed_on=closed_on, **who)
        if wanted:
            services.correct_community(community=community, **wanted, **who)
        return Response(self._shown(community))

    @extend_schema(
        methods=["GET"],
        summary=_("Las otras escrituras de una comunidad"),
        responses=CommunityAliasSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        methods=["POST"],
        summary=_("Añadir otra escritura"),
        request=CommunityAliasSerializer,
        responses={201: CommunityAliasSerializer},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def aliases(self, request: Request, pk: str) -> Response:
        """The further spellings of a community; a new one is added by POST."""
        community = self.get_object()
        if request.method == "GET":
            return Response(CommunityAliasSerializer(community.aliases.all(), many=True).data)
        told = self.told_by(CommunityAliasSerializer)
        alias = services.add_alias(actor=self.actor, community=community, **told)
        return Response(CommunityAliasSerializer(alias).data, status=status.HTTP_201_CREATED)

    def _shown(self, community: Community) -> Any:
        return CommunitySerializer(self.get_queryset().get(pk=community.pk)).data


class CommunityAssignmentSerializer(RecordSerializer[CommunityAssignment]):
    """Which account works in which community, or represents it."""

    username = serializers.CharField(source="user.username", help_text=_("Con qué usuario entra."))
    full_name = serializers.CharField(source="user.full_name")
    community_name = serializers.CharField(
        source="community.name", help_text=_("Cómo se llama la comunidad.")
    )

    class Meta:
        model = CommunityAssignment
        fields: ClassVar[list[str]] = [
            "id",
            "user",
            "username",
            "full_name",
            "community",
            "community_name",
        ]
        read_only_fields = fields


class CommunityAssignmentFilter(filters.FilterSet):
    """Which assignments a list holds."""

    community = CommunityChoice("community")
    username = filters.CharFilter(field_name="user__username", label=_("De una cuenta."))
    changed_since = ChangedSinceFilter(
        related=[(User, "id", "user_id"), (Community, "id", "community_id")]
    )


@extend_schema_view(
    list=extend_schema(
        summary=_("Qué comunidades tiene a cargo cada cuenta"),
        description=_(
            "Lo que se retira desaparece de la lista: changed_since no lo nombra, /changes/ sí."
        ),
    ),
    retrieve=extend_schema(summary=_("Una comunidad a cargo de una cuenta")),
)
class CommunityAssignmentViewSet(ListedViewSet):
    """Assignments, for who decides or checks; 404 for everybody else."""

    queryset = CommunityAssignment.objects.select_related("user", "community")
    serializer_class = CommunityAssignmentSerializer
    filterset_class = CommunityAssignmentFilter


def register(router: BaseRouter) -> None:
    """Add the register's resources."""
    router.register("communities", CommunityViewSet, basename="community")
    router.register(
        "community-assignments", CommunityAssignmentViewSet, basename="community-assignment"
    )
