"""History for programs: /api/v1/changes/, and /api/v1/seals/ (`kallari.history.seal_api`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from kallari.history import changes
from kallari.history.changes import Cursor, Filters, Kind, parse_pk
from kallari.history.forms import day_validators
from kallari.history.permissions import HistoryReaders
from kallari.history.seal_api import SealViewSet
from kallari.history.tracked import tracked_models

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

KINDS = {kind.code: kind for kind in Kind}

LARGEST_PAGE = 200


class ChangeQuery(serializers.Serializer[Any]):
    """Which changes, and from where. Filters add up; an unknown one is refused."""

    actor = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("Número de la cuenta que hizo el cambio."),
    )
    without_account = serializers.BooleanField(
        required=False, help_text=_("true: solo lo que hicieron el sistema o visitas sin cuenta.")
    )
    model = serializers.ChoiceField(
        choices=[],
        required=False,
        help_text=_("Tipo de registro, por ejemplo members.community."),
        error_messages={"invalid_choice": _("Ningún tipo de registro con historia se llama así.")},
    )
    object_id = serializers.CharField(
        required=False, max_length=100, help_text=_("Número del registro; pide también model.")
    )
    kind = serializers.ChoiceField(
        choices=list(KINDS),
        required=False,
        help_text=_("Qué pasó: created, changed o removed."),
        error_messages={"invalid_choice": _("Escriba created, changed o removed.")},
    )
    since = serializers.DateField(
        required=False,
        validators=day_validators(),
        help_text=_("Primer día, en hora de Ecuador, por ejemplo 2026-11-22."),
    )
    until = serializers.DateField(
        required=False,
        validators=day_validators(),
        help_text=_("Último día, incluido, en hora de Ecuador."),
    )
    request_id = serializers.UUIDField(
        required=False,
        help_text=_("Todo lo hecho en una solicitud; es la que devuelve X-Request-ID."),
    )
    cursor = serializers.CharField(
        required=False,
        max_length=64,
        help_text=_("El lugar de la página; viene en next y previous, no se compone."),
    )
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_PAGE,
        default=changes.PAGE_SIZE,
        help_text=_("Cuántos por página, 200 como máximo."),
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        model = fields["model"]
        if isinstance(model, serializers.ChoiceField):
            model.choices = [each._meta.label_lower for each in tracked_models()]
        return fields

    def to_internal_value(self, data: dict[str, Any]) -> Any:
        if unknown := sorted(set(data) - set(self.fields)):
            message = gettext(
                "Esta lista no tiene ese filtro. Los que tiene están en /api/v1/docs/."
            )
            raise serializers.ValidationError(
                {
                    name: serializers.ErrorDetail(message, code="unknown_parameter")
                    for name in unknown
                }
            )
        return super().to_internal_value(data)

    def validate_cursor(self, text: str) -> Cursor:
        return Cursor.parse(text)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        since, until = attrs.get("since"), attrs.get("until")
        if since and until and since > until:
            raise serializers.ValidationError(
                {"until": gettext("El último día es anterior al primero. Cambie uno de los dos.")},
                code="days_reversed",
            )
        if "object_id" in attrs:
            if "model" not in attrs:
                raise serializers.ValidationError(
                    {
                        "model": gettext(
                            "Los números se repiten de un tipo a otro: dé también model."
                        )
                    },
                    code="model_needed",
                )
            try:
                attrs["object_pk"] = parse_pk(apps.get_model(attrs["model"]), attrs["object_id"])
            except ValidationError as error:
                raise serializers.ValidationError(
                    {"object_id": error.messages}, code="object_invalid"
                ) from error
        return attrs

    @property
    def filters(self) -> Filters:
        """The filters of a valid query."""
        asked = self.validated_data
        return Filters(
            model=apps.get_model(asked["model"]) if "model" in asked else None,
            object_pk=asked.get("object_pk"),
            kind=KINDS.get(asked.get("kind", "")),
            actor_id=asked.get("actor"),
            without_account=asked.get("without_account", False),
            since=asked.get("since"),
            until=asked.get("until"),
            request_id=asked.get("request_id"),
        )


class FieldChangeSerializer(serializers.Serializer[changes.FieldChange]):
    """One field before and after: as data, and as a person reads it. What is kept only as a
    fingerprint (a password) tells that it changed; its values are null."""

    field = serializers.CharField(source="name")
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.JSONField(help_text=_("null: vacío, o no se muestra."))
    after = serializers.JSONField(help_text=_("null: vacío, o no se muestra."))
    before_text = serializers.CharField(source="old.text")
    after_text = serializers.CharField(source="new.text")


class ChangeSerializer(serializers.Serializer[changes.Change]):
    """One creation, change or removal of one record, as history keeps it.

    `changes` holds the fields that differ; for a creation or a removal, those that are not empty.
    """

    history_id = serializers.IntegerField(help_text=_("Su lugar en el orden de todo lo escrito."))
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=list(KINDS), source="kind.code")
    model = serializers.CharField(source="model_label")
    object_id = serializers.CharField(source="object_pk")
    object_label = serializers.CharField(help_text=_("Cómo se llamaba entonces."))
    actor = serializers.IntegerField(source="actor_id", allow_null=True)
    actor_name = serializers.CharField()
    actor_role = serializers.CharField(help_text=_("Los roles que tenía entonces."))
    request_id = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    changes = FieldChangeSerializer(many=True, source="fields")


class ChangePageSerializer(serializers.Serializer[Any]):
    """A page, newest first."""

    next = serializers.URLField(allow_null=True, help_text=_("La página de lo más antiguo."))
    previous = serializers.URLField(allow_null=True, help_text=_("La página de lo más reciente."))
    results = ChangeSerializer(many=True)


@extend_schema_view(
    list=extend_schema(
        operation_id="changes_list",
        summary=_("Todos los cambios, lo más reciente primero"),
        description=_(
            "Quién, cuándo, por qué, antes y después. Se lee página por página con next y no tiene "
            "total. Lo que se escribe mientras tanto no mueve nada."
        ),
        parameters=[ChangeQuery],
        responses=forced_singular_serializer(  # type: ignore[no-untyped-call]  # a page, no bare list
            ChangePageSerializer
        ),
    )
)
class ChangeViewSet(viewsets.ViewSet):
    """Every change of every record, newest first: who, when, why, before and after.

    The list is read page by page through `next`, and has no total: it is too long to be counted
    for every page. What is written meanwhile moves nothing.
    """

    permission_classes = (HistoryReaders,)
    http_method_names = ["get", "head", "options"]  # noqa: RUF012 - as Django's View declares it

    def list(self, request: Request) -> Response:
        query = ChangeQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        page = changes.find(query.filters, asked.get("cursor"), size=asked["limit"])

        def address(cursor: Cursor | None) -> str | None:
            if cursor is None:
                return None
            return replace_query_param(request.build_absolute_uri(), "cursor", str(cursor))

        shown = {
            "next": address(page.older),
            "previous": address(page.newer),
            "results": changes.describe(page.places),
        }
        return Response(ChangePageSerializer(shown).data)


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("changes", ChangeViewSet, basename="change")
    router.register("seals", SealViewSet)
