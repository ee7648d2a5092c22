"""Addresses of where lots come from."""

from django.urls import path

from harvests.views import genealogy as views

urlpatterns = [
    path("<slug:code>/origen/", views.lot_origin, name="lot_origin"),
    path("<slug:code>/origen.xlsx", views.lot_origin_workbook, name="lot_origin_workbook"),
]
