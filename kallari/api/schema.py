"""What the OpenAPI description says of every resource alike: tokens, and problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from kallari.api.problems import MEDIA_TYPE


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
    """Say of each operation which problems it may answer with, and that no field is passed over."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    schemas["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
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
                answers["415"] = "El formato enviado no se acepta."
            if path.endswith("/schema/"):
                continue
            for status, description in answers.items():
                operation["responses"].setdefault(
                    status, {"description": description, "content": content}
                )
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result
