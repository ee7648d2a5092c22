"""Addresses of devices."""

from django.urls import path

from harvests.views import devices as views

urlpatterns = [
    path("", views.devices, name="devices"),
    path("<uuid:pk>/", views.device, name="device"),
    path("<uuid:pk>/nombre/", views.name, name="device_name"),
    path("<uuid:pk>/anular/", views.revoke, name="device_revoke"),
    path("<uuid:pk>/aceptar/", views.restore, name="device_restore"),
]
