"""Addresses: each theme has a path of its own, all names are ``members:…``."""

from django.urls import include, path

from members.urls import (
    allies,
    certification,
    chakras,
    communities,
    families,
    gatherings,
    inputs,
    panorama,
    partner_lists,
    partners,
    persons,
    volunteers,
)

app_name = "members"
urlpatterns = [
    path("comunidades/", include(communities)),
    path("encuentros/", include(gatherings)),
    path("insumos/", include(inputs)),
    path("voluntariado/", include(volunteers)),
    path("aliados/", include(allies)),
    path("socios/", include(partner_lists)),  # before addresses that take a key
    path("socios/", include(partners)),
    path("familias/", include(families)),
    path("personas/", include(persons)),
    path("chakras/", include(chakras)),
    path("panorama/", include(panorama)),
    path("certificacion/", include(certification)),
]
