"""The list of resources, the documentation, and the answer where there is nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import APIRootView
from rest_framework.views import APIView


class Resources(APIRootView):
    """The addresses of all resources."""

    schema = None


class Documentation(TemplateView):
    """Swagger UI over our schema, from our own host, without anything inline.

    Open to everybody, as the schema is: it tells what the program can do, which is no secret,
    and shows no data.
    """

    template_name = "kallari/api_docs.html"


class Nowhere(APIView):
    """404 as a problem, whatever the method, for every address of the API that means nothing."""

    schema = None
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound(_("Esta dirección no existe en la API. Vea /api/v1/docs/."))
