"""Refusals of operations as Django tells them, and what Django refuses as operations tell it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from harvests.intake.reading import Refusal


def as_validation_error(refusals: Sequence[Refusal]) -> ValidationError:
    """Refusals as Django's forms and the API show them."""
    by_field: dict[str, list[ValidationError]] = {}
    for one in refusals:
        by_field.setdefault(one.field or NON_FIELD_ERRORS, []).append(
            ValidationError(one.message, code=one.code, params=dict(one.params or {}))
        )
    return ValidationError(by_field)


def refusals_of(error: ValidationError) -> list[Refusal]:
    """What Django refuses, as operations tell it."""
    if hasattr(error, "error_dict"):
        return [
            Refusal(None if name == NON_FIELD_ERRORS else name, one.code or "invalid", message)
            for name, errors in error.error_dict.items()
            for one in errors
            for message in one.messages
        ]
    return [
        Refusal(None, one.code or "invalid", message)
        for one in error.error_list
        for message in one.messages
    ]
