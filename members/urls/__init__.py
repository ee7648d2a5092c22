"""Addresses: each theme has a path of its own, all names are ``members:…``."""

from django.urls import include, path

from members.urls import chakras, communities, families, partner_lists, persons

app_name = "members"
urlpatterns = [
    path("comunidades/", include(communities)),
    path("socios/", include(partner_lists)),  # before addresses that take a key
    path("familias/", include(families)),
    path("personas/", include(persons)),
    path("chakras/", include(chakras)),
]
