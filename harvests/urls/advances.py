"""Addresses of advances."""

from django.urls import path

from harvests.views import advances as views

urlpatterns = [
    path("", views.advances, name="advances"),
    path("nuevo/", views.choose_family, name="advance_choose_family"),
    path("familia/<uuid:pk>/", views.give, name="advance_give"),
    path("<uuid:pk>/", views.advance, name="advance"),
    path("<uuid:pk>/anular/", views.void, name="advance_void"),
]
