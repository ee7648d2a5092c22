"""Every address below /api/v1/.

An app takes part with a module ``api`` that holds ``register(router)``, found by itself in the
order of INSTALLED_APPS: this module stands below the apps and imports none of them.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from kallari.api.views import Documentation, Nowhere, Resources


class Router(DefaultRouter):
    """DRF's router with our list of resources at its root, and without format suffixes."""

    APIRootView = Resources
    include_format_suffixes = False
    root_view_name = "api"


def _routes() -> list[Any]:
    router = Router()
    for config in apps.get_app_configs():
        name = f"{config.name}.api"
        if find_spec(name) and hasattr(module := import_module(name), "register"):
            module.register(router)
    return router.urls


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", Documentation.as_view(), name="api-docs"),
    *_routes(),
    re_path(r"", Nowhere.as_view(), name="api-nowhere"),
]
