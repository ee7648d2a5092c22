"""Addresses of the dashboard."""

from django.urls import path

from members.views import panorama as views

urlpatterns = [
    path("", views.panorama, name="panorama"),
    path("<slug:key>.xlsx", views.panorama_workbook, name="panorama_workbook"),
]
