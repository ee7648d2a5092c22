"""The list of resources, the documentation, and the answer where there is nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import APIRootView
from rest_framework.views import APIView

SWAGGER_WORDS = {
    # What Swagger UI 5 says in English, and cannot be told to say otherwise
    "Authorize": _("Poner la clave"),
    "Available authorizations": _("Maneras de entrar"),
    "Authorized": _("Clave puesta"),
    "Logout": _("Quitar la clave"),
    "Close": _("Cerrar"),
    "Value:": _("Valor:"),
    "Name:": _("Nombre:"),
    "In:": _("Dónde:"),
    "Parameters": _("Parámetros"),
    "No parameters": _("Sin parámetros"),
    "Name": _("Nombre"),
    "Description": _("Descripción"),
    "Request body": _("Lo que se envía"),
    "required": _("necesario"),
    "Responses": _("Respuestas"),
    "Response": _("Respuesta"),
    "Code": _("Código"),
    "Links": _("Enlaces"),
    "No links": _("Sin enlaces"),
    "Media type": _("Formato"),
    "Controls": _("Determina"),
    "header.": _("de la solicitud."),
    "Example Value": _("Ejemplo"),
    "Schema": _("Descripción"),
    "Try it out": _("Probar"),
    "Cancel": _("Cancelar"),
    "Reset": _("Empezar de nuevo"),
    "Execute": _("Enviar"),
    "Clear": _("Borrar"),
    "Server response": _("Respuesta del servidor"),
    "Response body": _("Cuerpo de la respuesta"),
    "Response headers": _("Cabeceras de la respuesta"),
    "Request URL": _("Dirección"),
    "Request duration": _("Tiempo"),
    "Details": _("Detalles"),
    "Download": _("Descargar"),
    "Loading": _("Cargando"),
    "Default value": _("Si no se dice"),
    "Available values": _("Valores posibles"),
    "Examples": _("Ejemplos"),
    "Send empty value": _("Enviar vacío"),
}


class Resources(APIRootView):
    """The addresses of all resources."""

    schema = None


class Documentation(TemplateView):
    """Swagger UI over our schema, from our own host, without anything inline.

    Open to everybody, as the schema is: it tells what the program can do, which is no secret,
    and shows no data.
    """

    template_name = "kallari/api_docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = [] if get_language() == "en" else list(SWAGGER_WORDS.items())
        return super().get_context_data(words=words, **kwargs)


class Nowhere(APIView):
    """404 as a problem, whatever the method, for every address of the API that means nothing."""

    schema = None
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound(_("Esta dirección no existe en la API. Vea /api/v1/docs/."))
