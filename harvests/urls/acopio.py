"""The addresses of the offline intake."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from harvests.views import acopio as views

urlpatterns = [
    path("", views.shell, name="acopio"),
    path("acopio.js", views.script, name="acopio_script"),
    path("acopio.css", views.style, name="acopio_style"),
    path("sw.js", views.worker, name="acopio_worker"),
    path("manifest.webmanifest", views.manifest, name="acopio_manifest"),
    *(
        path(f"textos/{code}.json", views.texts, {"language": code}, name=f"acopio_texts_{code}")
        for code, _name in settings.LANGUAGES
    ),
]
