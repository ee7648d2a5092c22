"""Addresses of chakras."""

from django.urls import path

from members.views import chakras as views

urlpatterns = [
    path("", views.chakras, name="chakras"),
    path("mapa/", views.chakra_map, name="chakra_map"),
    path("conflictos/<int:pk>/", views.conflict, name="conflict"),
    path("nueva/<uuid:pk>/", views.chakra_add, name="chakra_add"),
    path("<uuid:pk>/", views.chakra, name="chakra"),
    path("<uuid:pk>/corregir/", views.chakra_correct, name="chakra_correct"),
    path("<uuid:pk>/lindero/", views.chakra_geometry, name="chakra_geometry"),
    path("<uuid:pk>/cultivos/", views.chakra_crops, name="chakra_crops"),
    path("<uuid:pk>/fotografia/", views.chakra_photograph_add, name="chakra_photograph_add"),
    path(
        "<uuid:pk>/fotografias/<int:photograph>/",
        views.chakra_photograph,
        name="chakra_photograph",
    ),
    path("<uuid:pk>/verificar/", views.chakra_verify, name="chakra_verify"),
    path("<uuid:pk>/suspender/", views.chakra_suspend, name="chakra_suspend"),
    path("<uuid:pk>/dejar/", views.chakra_close, name="chakra_close"),
    path("<uuid:pk>/retomar/", views.chakra_reopen, name="chakra_reopen"),
]
