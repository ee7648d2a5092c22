"""Addresses of inputs."""

from django.urls import path

from members.views import inputs as views

urlpatterns = [
    path("", views.inputs, name="inputs"),
    path("nueva/", views.choose_family, name="input_choose_family"),
    path("familia/<uuid:pk>/", views.of_family, name="family_inputs"),
    path("familia/<uuid:pk>/entregar/", views.hand_out, name="input_hand_out"),
    path("clases/", views.kinds, name="input_kinds"),
    path("clases/nueva/", views.add_kind, name="input_kind_add"),
    path("clases/<int:pk>/corregir/", views.correct_kind, name="input_kind_correct"),
    path("<uuid:pk>/", views.given, name="input"),
    path("<uuid:pk>/corregir/", views.correct, name="input_correct"),
    path("<uuid:pk>/anular/", views.void, name="input_void"),
]
