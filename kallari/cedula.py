"""The Ecuadorian identity number, however it is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum.ec import ci
from stdnum.exceptions import ValidationError as InvalidNumber


def digits_of(typed: str) -> str:
    """Return the number without the hyphens and spaces that people write in it.

    >>> digits_of("150 012345-8")
    '1500123458'
    """
    return typed.replace("-", "").replace(" ", "")


def validate_cedula(value: str) -> None:
    """Refuse what is no Ecuadorian identity number (10 digits, province, check digit).

    Source: python-stdnum, `stdnum.ec.ci`.
    """
    try:
        ci.validate(value)
    except InvalidNumber as error:
        raise ValidationError(
            _("Revise la cédula: los diez dígitos no concuerdan con el dígito verificador."),
            code="cedula_invalid",
        ) from error


class CedulaField(models.CharField):
    """Ten digits, checked; empty is NULL, so that many may be unknown and none occurs twice."""

    default_validators = [*models.CharField.default_validators, validate_cedula]  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("cédula"))
        super().__init__(*args, **kwargs | {"max_length": 10})

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return (digits_of(typed) or None) if isinstance(typed, str) else typed

    def formfield(self, **kwargs: Any) -> Any:
        """A box that takes hyphens and spaces too, and opens the keyboard of digits."""
        field = super().formfield(**{"max_length": None, "empty_value": None} | kwargs)
        if isinstance(field, forms.CharField):
            field.widget.attrs.setdefault("inputmode", "numeric")
        return field
