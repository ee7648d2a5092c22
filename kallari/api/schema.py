"""What the OpenAPI description says of every resource alike: tokens, and problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from kallari.api.problems import MEDIA_TYPE


class Description(AutoSchema):
    """Says of an operation what ``extend_schema(summary=…, description=…)`` says, in the reader's
    language. Docstrings are for whoever works on this program."""

    def get_description(self) -> str:  # type: ignore[override]  # as the base class has it
        return ""


class TokenScheme(OpenApiAuthenticationExtension):
    """How `TokenAuthentication` is described."""

    target_class = "kallari.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, con una clave de `manage.py token USUARIO`.",
        }


PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` no cambia; los textos siguen el idioma de la solicitud.",
    "properties": {
        "type": {"type": "string", "format": "uri", "example": "urn:kallari:problem:invalid"},
        "title": {"type": "string", "example": "Datos no válidos"},
        "status": {"type": "integer", "example": 400},
        "detail": {
            "type": "string",
            "example": "Corrija lo que dice cada campo y envíelo otra vez.",
        },
        "code": {"type": "string", "example": "invalid"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": ["string", "null"], "example": "name"},
                    "code": {"type": "string", "example": "blank"},
                    "message": {"type": "string"},
                },
                "required": ["field", "code", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}

WRITES = {"post", "put", "patch"}


def describe_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Say of each operation which problems it may answer with, and that no field is passed over.
    Serializers' docstrings are left out, as in `Description`."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in schemas.items():
        schema.pop("description", None)
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    schemas["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    parameter.pop("description", None)  # made up from the model's name
            answers = {
                "401": "Falta identificarse.",
                "403": "El rol no lo permite, o falta el segundo factor.",
                "404": "No existe, o no se puede ver.",
                "406": "El formato pedido no está disponible.",
            }
            if method in WRITES or operation.get("parameters"):
                answers["400"] = "Datos no válidos."
            if method in WRITES:
                answers["409"] = "Choca con lo registrado."
                answers["413"] = "Es demasiado de una vez."
                answers["415"] = "El formato enviado no se acepta."
            if path.endswith("/schema/"):
                continue
            for status, description in answers.items():
                operation["responses"].setdefault(
                    status, {"description": description, "content": content}
                )
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result
