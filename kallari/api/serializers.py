"""What every resource of the API takes and gives."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

ModelT = TypeVar("ModelT", bound=models.Model)


class RecordSerializer(serializers.ModelSerializer[ModelT]):
    """Refuses a field that it does not have, instead of passing over it.

    A misspelled field that is passed over would be answered as if it had been written. The schema
    says so too (``additionalProperties: false``, see `kallari.api.schema`).
    """

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
        return super().to_internal_value(data)


class ReasonField(serializers.CharField):
    """Why something is written; it becomes the history reason."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("help_text", _("Por qué; queda en la historia."))
        super().__init__(**kwargs)
