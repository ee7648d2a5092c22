"""How telephones hand deliveries in: hello, pull, push (docs/sync.md)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from harvests.api.permissions import Receives
from harvests.intake.envelopes import NEWEST_SCHEMA, OLDEST_SCHEMA
from harvests.intake.inbox import MOST_OPERATIONS
from harvests.intake.reading import Refused, read_key
from harvests.models import Device, DeviceState, Operation
from harvests.pull import pull
from harvests.services.inbox import take_push

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


# --- What the answers hold -----------------------------------------------------------------------


class KnownDeviceSerializer(serializers.Serializer[Any]):
    """What the server knows of the device that asks."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=DeviceState.choices)
    last_seq = serializers.IntegerField(
        allow_null=True, help_text=_("El último número de operación que llegó de él.")
    )


class SyncUserSerializer(serializers.Serializer[Any]):
    """Who is signed in."""

    username = serializers.CharField()
    name = serializers.CharField()
    may_receive = serializers.BooleanField()


class HelloSerializer(serializers.Serializer[Any]):
    """Where the server stands."""

    csrf_token = serializers.CharField()
    server_time = serializers.DateTimeField()
    oldest_schema = serializers.IntegerField()
    newest_schema = serializers.IntegerField()
    user = SyncUserSerializer()
    device = KnownDeviceSerializer(allow_null=True)


class TableSerializer(serializers.Serializer[Any]):
    """Rows of one table, each a list in the order of the fields."""

    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField()))


class PullSerializer(serializers.Serializer[Any]):
    """What changed since a version."""

    version = serializers.CharField()
    full = serializers.BooleanField()
    server_time = serializers.DateTimeField()
    tables = serializers.DictField(child=serializers.JSONField())
    gone = serializers.DictField(child=serializers.ListField(child=serializers.JSONField()))


PUSHED = {
    "application/json": {
        "type": "object",
        "properties": {"operations": {"type": "array", "items": {}, "maxItems": MOST_OPERATIONS}},
        "required": ["operations"],
    }
}
"""Operations as docs/sync.md describes them. Each is kept as it comes, so that what cannot be
understood is not lost either: nothing of them is refused here, nor what a newer telephone says
beside them."""


class ErrorSerializer(serializers.Serializer[Any]):
    """Why an operation was not registered."""

    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ResultSerializer(serializers.Serializer[Any]):
    """What became of one operation."""

    op_id = serializers.UUIDField(allow_null=True)
    result = serializers.ChoiceField(choices=Operation.Result.choices)
    entity_id = serializers.UUIDField(allow_null=True)
    folio = serializers.CharField(allow_null=True)
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]


class ResultsSerializer(serializers.Serializer[Any]):
    """What became of each operation, in order."""

    results = ResultSerializer(many=True)


# --- The addresses --------------------------------------------------------------------------------


class SyncViewSet(viewsets.ViewSet):
    """For whoever may receive deliveries; for others there is no such thing."""

    permission_classes = (Receives,)
    http_method_names = ["get", "post", "head", "options"]  # noqa: RUF012 - as Django's

    @classmethod
    def as_view(cls, actions: Any = None, **options: Any) -> Any:
        """A push is outside of the request's transaction: what a telephone sent is committed
        before it is looked at."""
        view = super().as_view(actions, **options)
        pushes = actions is not None and "push" in actions.values()
        return transaction.non_atomic_requests(view) if pushes else view

    @property
    def is_outside_transaction(self) -> bool:
        """See `as_view`."""
        return self.action == "push"

    @extend_schema(
        summary=_("Saludo de un teléfono"),
        parameters=[
            OpenApiParameter(
                "device", OpenApiTypes.UUID, description=_("El identificador del dispositivo.")
            )
        ],
        responses=HelloSerializer,
    )
    @action(detail=False, methods=["get"])
    def hello(self, request: Request) -> Response:
        """The hour, the token for forms, and what is known of the device."""
        user: Any = request.user
        return Response(
            {
                "csrf_token": get_token(request._request),  # noqa: SLF001 - DRF documents it
                "server_time": _instant(),
                "oldest_schema": OLDEST_SCHEMA,
                "newest_schema": NEWEST_SCHEMA,
                "user": {
                    "username": user.get_username(),
                    "name": user.get_full_name(),
                    "may_receive": True,
                },
                "device": self._device(request.query_params.get("device")),
            }
        )

    @staticmethod
    def _device(text: str | None) -> dict[str, Any] | None:
        if text is None:
            return None
        try:
            key: uuid.UUID = read_key(text, "device")
        except Refused as refused:
            raise exceptions.ValidationError(
                {"device": [str(refused.refusals[0].message)]}
            ) from refused
        device = Device.objects.filter(pk=key).first()
        if device is None:
            return {"id": str(key), "name": "", "state": DeviceState.UNKNOWN, "last_seq": None}
        last = Operation.objects.filter(device=device).aggregate(last=models.Max("device_seq"))
        return {
            "id": str(key),
            "name": device.name,
            "state": DeviceState.REVOKED if device.is_revoked else DeviceState.KNOWN,
            "last_seq": last["last"],
        }

    @extend_schema(
        summary=_("Lo que un teléfono lleva consigo"),
        description=_("Sin since, todo; con la versión que se recibió antes, lo que cambió."),
        parameters=[OpenApiParameter("since", OpenApiTypes.STR)],
        responses=PullSerializer,
    )
    @method_decorator(gzip_page)
    @action(detail=False, methods=["get"])
    def pull(self, request: Request) -> Response:
        """Families, partners, chakras, prices and quotas."""
        user: Any = request.user
        return Response(pull(user, request.query_params.get("since", "")))

    @extend_schema(
        summary=_("Entregar lo registrado sin señal"),
        description=_(
            "Cada operación se guarda como llegó antes de mirarla. La respuesta dice qué fue de"
            " cada una, en orden; lo mismo otra vez se contesta duplicate."
        ),
        request=PUSHED,
        responses=ResultsSerializer,
    )
    @action(detail=False, methods=["post"])
    def push(self, request: Request) -> Response:
        """At most 500 operations, each answered."""
        told = request.data
        operations = told.get("operations") if isinstance(told, dict) else None
        if not isinstance(operations, list):
            raise exceptions.ValidationError(
                {
                    "operations": exceptions.ErrorDetail(
                        str(_("Envíe una lista de operaciones.")), code="required"
                    )
                }
            )
        user: Any = request.user
        try:
            return Response({"results": take_push(actor=user, operations=operations)})
        except ValidationError as refusal:
            raise exceptions.ValidationError(
                {
                    "operations": [
                        exceptions.ErrorDetail(message, code=refusal.code or "invalid")
                        for message in refusal.messages
                    ]
                }
            ) from refusal


def _instant() -> str:
    return timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def register(router: BaseRouter) -> None:
    """Add the three addresses."""
    router.register("sync", SyncViewSet, basename="sync")
