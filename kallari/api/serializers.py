"""What every resource of the API takes and gives."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.validators import UniqueValidator

WRITTEN_OUT = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


class WrittenDecimalField(serializers.DecimalField):
    """A number as everybody writes it: figures, and a point. Python reads more as one: ``1_0``,
    figures of other scripts, blanks around it, ``1e2``; a slip of a program would be an amount."""

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, str) and not WRITTEN_OUT.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


ModelT = TypeVar("ModelT", bound=models.Model)


class RecordSerializer(serializers.ModelSerializer[ModelT]):
    """Refuses a field that it does not have, instead of passing over it, and a number where text
    is asked.

    A misspelled field that is passed over would be answered as if it had been written. The schema
    says so too (``additionalProperties: false``, see `kallari.api.schema`). A number made into text
    would not be the one that was sent: 1e999 and 0.10 have no single writing.
    """

    serializer_field_mapping: ClassVar[dict[type[models.Field[Any, Any]], Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: WrittenDecimalField,
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            taken = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(set(data) - taken):
                raise serializers.ValidationError(
                    {
                        name: ErrorDetail(
                            str(_("Este campo no existe o no se puede escribir aquí.")),
                            code="unknown_field",
                        )
                        for name in unknown
                    }
                )
            if numbers := [name for name in sorted(data) if self._is_number_for_text(name, data)]:
                raise serializers.ValidationError(
                    {
                        name: ErrorDetail(
                            str(self.fields[name].error_messages["invalid"]), code="invalid"
                        )
                        for name in numbers
                    }
                )
        return super().to_internal_value(data)

    def _is_number_for_text(self, name: str, data: dict[str, Any]) -> bool:
        return isinstance(self.fields[name], serializers.CharField) and isinstance(
            data[name], int | float | Decimal
        )

    def build_field(self, *args: Any, **kwargs: Any) -> tuple[type[serializers.Field], Any]:
        """Leave what must be unique to the service, which decides under a lock: a look before it
        would refuse a message that arrives twice."""
        field_class, options = super().build_field(*args, **kwargs)
        if "validators" in options:
            options["validators"] = [
                one for one in options["validators"] if not isinstance(one, UniqueValidator)
            ]
        return field_class, options


class GuardedSerializer(RecordSerializer[ModelT]):
    """Shows some fields to some readers alone; for the others they are null, in every row alike.

    Never empty text, zero or a part of it: null cannot be mistaken for what is on record.
    """

    guarded: ClassVar[frozenset[str]] = frozenset()

    def may_see_guarded(self, user: Any) -> bool:
        """Whether a reader gets the guarded fields."""
        raise NotImplementedError

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for name in self.guarded & set(fields):
            fields[name].allow_null = True
        return fields

    @cached_property
    def _hidden(self) -> frozenset[str]:
        request = self.context.get("request")
        seen = request is not None and self.may_see_guarded(request.user)
        return frozenset() if seen else self.guarded

    def to_representation(self, instance: ModelT) -> Any:
        return super().to_representation(instance) | dict.fromkeys(self._hidden)


class ReasonField(serializers.CharField):
    """Why something is written; it becomes the history reason."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("help_text", _("Por qué; queda en la historia."))
        super().__init__(**kwargs)
