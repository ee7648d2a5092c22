"""Creating what whoever sends it has already named: the same message twice makes one row.

A telephone gives a row its key before it meets the network, and sends the message again whenever
it is not sure that it arrived::

    class FamilyViewSet(CreatesOnce, ListedViewSet):
        told_fields = ("name", "community", "joined_on", "note")

        def create(self, request):
            told = NewFamilySerializer(data=request.data, context=…)   # with a `KeyField`
            told.is_valid(raise_exception=True)
            return self.create_once(told.validated_data, services.add_family)

answers 201 for a new row, 200 for a true repeat, whatever has been corrected since, and 409
(``other_content``) when the key is taken by something else. Two at once: the second waits.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.response import Response

from kallari.api.problems import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db import models

HYPHENATED = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


class RowKeyField(serializers.UUIDField):
    """A UUID written as the schema says, and in no other of its many ways."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        if not isinstance(data, str) or not HYPHENATED.fullmatch(data):
            self.fail("invalid", value=data)
        return uuid.UUID(data)


class KeyField(RowKeyField):
    """The key that the sender gives to a new row."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "help_text",
            _(
                "Un UUID al azar que da quien envía. Si lo mismo llega otra vez, se responde 200 y"
                " no se registra dos veces; con otro contenido, 409."
            ),
        )
        super().__init__(**kwargs)


class CreatesOnce:
    """Makes a `RecordViewSet` answer repeats; see the module's description."""

    told_fields: ClassVar[tuple[str, ...]]
    """The model's fields that a message tells: two messages with the same are one."""

    def create_once(self, told: Mapping[str, Any], make: Callable[..., Any]) -> Response:
        """Write what was told, unless it was written already.

        Args:
            told: what the serializer took, ``id`` among it where the sender gave one.
            make: a service that takes ``actor``, ``key`` and what was told, and returns the row.

        Raises:
            Conflict: ``other_content``: the key belongs to something else, or to what the sender
                may not see.
        """
        wanted = dict(told)
        key = wanted.pop("id", None)
        with transaction.atomic():
            if key is not None:
                _lock_key(key)
                if self._model._base_manager.filter(pk=key).exists():  # Django's
                    return self._answer_repeat(key, wanted)
            row = make(actor=self.request.user, key=key, **wanted)  # type: ignore[attr-defined]
        return Response(self.shown(row.pk), status=status.HTTP_201_CREATED)

    def shown(self, key: Any) -> Any:
        """The row as the resource shows it."""
        row = self.get_queryset().get(pk=key)  # type: ignore[attr-defined]  # the viewset's
        return self.get_serializer(row).data  # type: ignore[attr-defined]  # the viewset's

    @property
    def _model(self) -> Any:
        return self.queryset.model  # type: ignore[attr-defined]  # the viewset's

    def _answer_repeat(self, key: uuid.UUID, told: Mapping[str, Any]) -> Response:
        seen = self.get_queryset().filter(pk=key).first()  # type: ignore[attr-defined]
        if (
            seen is None
            or not self._is_what_was_told(key, told)
            or not self.is_the_same_besides(seen, told)
        ):
            raise other_content()
        return Response(self.shown(key), status=status.HTTP_200_OK)

    def is_the_same_besides(self, row: Any, told: Mapping[str, Any]) -> bool:
        """Whether a repeat tells the same of what is no field of the row: a resource that takes
        such things compares them."""
        return True

    def _is_what_was_told(self, key: uuid.UUID, told: Mapping[str, Any]) -> bool:
        """Whether the row was made from the same content, whatever it has become since."""
        model = self._model
        first = (
            model.history.filter(**{model._meta.pk.attname: key}, history_type="+")
            .order_by("history_date", "history_id")
            .first()
        )
        again: models.Model = model(
            pk=key, **{name: told[name] for name in self.told_fields if name in told}
        )
        others = {one.name for one in model._meta.concrete_fields} - set(self.told_fields)
        try:
            again.clean_fields(exclude=others)
            again.clean()
        except ValidationError:
            return False
        columns = [model._meta.get_field(name).attname for name in self.told_fields]
        return first is not None and all(
            getattr(again, column) == getattr(first, column) for column in columns
        )


def other_content() -> Conflict:
    """A key that is taken by something else."""
    return Conflict(
        _("Ese identificador ya es de otro registro. Nada se ha cambiado."), code="other_content"
    )


def _lock_key(key: uuid.UUID) -> None:
    """Let one request at a time create the row of a key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
