"""Addresses: each theme has a path of its own, all names are ``members:…``."""

from django.urls import include, path

from members.urls import communities

app_name = "members"
urlpatterns = [
    path("comunidades/", include(communities)),
]
