"""Errors as problems (RFC 9457): what went wrong, in words that say what to do, with stable codes.

    HTTP/1.1 400 Bad Request
    Content-Type: application/problem+json

    {"type": "urn:kallari:problem:invalid", "title": "Datos no válidos", "status": 400,
     "detail": "…", "code": "invalid",
     "errors": [{"field": "name", "code": "spelling_taken", "message": "…"}]}

``code`` and the codes in ``errors`` are part of the contract; titles, details and messages are for
people and follow the language of the request. ``field`` is the path of the field in what was sent
("aliases.0.spelling"), or null for what concerns the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as rest_exception_handler

from kallari.refusals import in_words

if TYPE_CHECKING:
    from uuid import UUID

MEDIA_TYPE = "application/problem+json"

TITLES = {
    HTTPStatus.BAD_REQUEST: _("Datos no válidos"),
    HTTPStatus.UNAUTHORIZED: _("Falta identificarse"),
    HTTPStatus.FORBIDDEN: _("Sin permiso"),
    HTTPStatus.NOT_FOUND: _("No existe"),
    HTTPStatus.METHOD_NOT_ALLOWED: _("Aquí no se hace así"),
    HTTPStatus.NOT_ACCEPTABLE: _("Formato no disponible"),
    HTTPStatus.CONFLICT: _("Choca con lo registrado"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Demasiado grande"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("Formato no aceptado"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Demasiadas solicitudes"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Falla nuestra"),
}


class Conflict(exceptions.APIException):
    """What was sent is well-formed but contradicts what is on record."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"
    default_detail = _("Lo enviado choca con lo que ya está registrado.")


def as_api_error(error: ValidationError) -> exceptions.ValidationError:
    """Return what a service or a model refuses as an error of the API, codes kept."""

    def details(items: list[ValidationError]) -> list[exceptions.ErrorDetail]:
        return [
            exceptions.ErrorDetail(message, code=item.code or "invalid")
            for item in items
            for message in item.messages
        ]

    if hasattr(error, "error_dict"):
        return exceptions.ValidationError(
            {
                (api_settings.NON_FIELD_ERRORS_KEY if name == NON_FIELD_ERRORS else name): details(
                    items
                )
                for name, items in error.error_dict.items()
            }
        )
    return exceptions.ValidationError(
        {api_settings.NON_FIELD_ERRORS_KEY: details(error.error_list)}
    )


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error with a problem. None for faults, which go on to the log and a page 500."""
    if isinstance(error, ValidationError):
        error = as_api_error(error)
    elif isinstance(error, DatabaseError):
        error = Conflict(in_words(error).messages[0])
    response = rest_exception_handler(error, context)
    if getattr(context.get("view"), "is_outside_transaction", False) and connection.in_atomic_block:
        transaction.set_rollback(False)  # not the view's own: whoever holds it decides
    if response is None:
        return None
    if not isinstance(error, exceptions.APIException):  # Http404, PermissionDenied
        found = response.data["detail"]
        error = exceptions.APIException(found, code=found.code)
    response.data = problem(response.status_code, error)
    response.content_type = MEDIA_TYPE
    return response


def problem(status_code: int, error: exceptions.APIException) -> dict[str, Any]:
    """Return the body of the answer to `error`."""
    fields: list[dict[str, Any]] = []
    code, detail = "invalid", str(_("Corrija lo que dice cada campo y envíelo otra vez."))
    if isinstance(error.detail, dict | list):
        fields = list(_errors(error.detail))
    else:
        code, detail = error.detail.code or error.default_code, str(error.detail)
    if fields and all(item["field"] is None for item in fields):
        detail = " ".join(item["message"] for item in fields)
        code = fields[0]["code"] if len(fields) == 1 else code
    body: dict[str, Any] = {
        "type": f"urn:kallari:problem:{code}",
        "title": str(TITLES.get(HTTPStatus(status_code), HTTPStatus(status_code).phrase)),
        "status": status_code,
        "detail": detail,
        "code": code,
    }
    if fields:
        body["errors"] = fields
    return body


def fault(request_id: UUID | None) -> dict[str, Any]:
    """Return the body of the answer when the fault is ours; nothing of it but the request's id,
    by which the log tells more."""
    error = exceptions.APIException(
        _("Algo falló de nuestro lado y no se guardó nada. Avise con este número: %(request)s.")
        % {"request": request_id},
        code="fault",
    )
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, error)


def _errors(detail: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Every single refusal in DRF's nested lists and dictionaries."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _errors(inner, path if whole else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            plain = isinstance(inner, str)
            yield from _errors(inner, path if plain else f"{path}.{place}".lstrip("."))
    else:
        yield {"field": path or None, "code": detail.code, "message": str(detail)}
