"""What the database refuses, in words: the same for the admin, the pages and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, models
from django.db import Error as DatabaseError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNIQUE_VIOLATION, FOREIGN_KEY_VIOLATION, CHECK_VIOLATION, EXCLUSION_VIOLATION, RAISED = (
    "23505",
    "23503",
    "23514",
    "23P01",
    "P0001",
)


def refusal_at(
    field: str, message: StrOrPromise, *, code: str, params: dict[str, Any] | None = None
) -> ValidationError:
    """A refusal that stands at one field, to be raised by a service or a ``clean()``."""
    return ValidationError({field: ValidationError(message, code=code, params=params)})


_explained: dict[str, tuple[StrOrPromise, str]] = {}


def explain(constraint: str, message: StrOrPromise, *, code: str) -> None:
    """Give words to what a trigger refuses: it raises ``check_violation`` with
    ``USING CONSTRAINT = '<constraint>'``, and no model has a constraint of that name."""
    _explained[constraint] = (message, code)


def in_words(error: ValidationError | DatabaseError) -> ValidationError:
    """Return what was refused as a sentence that a person can act on.

    Constraints speak through their ``violation_error_message``; the triggers of
    `kallari.history.records` and the keys of PostgreSQL are explained here.

    Raises:
        DatabaseError: the error itself, when it is no refusal but a fault.
    """
    if isinstance(error, ValidationError):
        return error
    if isinstance(error, DataError):
        return ValidationError(
            _("Una cifra no cabe en los registros. Revise los números."), code="does_not_fit"
        )
    cause = error.__cause__
    state = getattr(cause, "pgcode", None)
    detail = getattr(cause, "diag", None)
    name = getattr(detail, "constraint_name", None)
    if name in _explained:
        words, code = _explained[name]
        return ValidationError(words, code=code)
    if message := _constraint_message(name):
        return ValidationError(message, code="constraint")
    if state == RAISED and "closed, never removed" in str(error):
        return ValidationError(
            _("Este registro no se borra, porque otros dependen de él. Ciérrelo en su lugar."),
            code="never_removed",
        )
    if state == RAISED and "append-only" in str(error):
        return ValidationError(
            _(
                "Estos registros solo se añaden: ni se cambian ni se borran. "
                "Registre una corrección nueva."
            ),
            code="append_only",
        )
    if state == FOREIGN_KEY_VIOLATION or isinstance(
        error, models.ProtectedError | models.RestrictedError
    ):
        return ValidationError(
            _("Otros registros dependen de este. Ciérrelo en lugar de borrarlo."),
            code="others_depend",
        )
    if state == UNIQUE_VIOLATION:
        return ValidationError(
            _("Ya existe un registro con esos datos. Búsquelo en la lista antes de crear otro."),
            code="unique",
        )
    raise error


def _constraint_message(name: str | None) -> str | None:
    """What the model says about the constraint of that name; None when no model has it."""
    if not name:
        return None
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    return None
