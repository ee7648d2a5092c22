"""Addresses of the lists of partners: the legal one, and the register from a file."""

from django.urls import include, path

from kallari.imports.views import addresses
from members.imports.people import PersonImporter
from members.views import partner_lists as views

urlpatterns = [
    path("importar/", include(addresses(PersonImporter))),
    path("lista-legal/", views.legal_list, name="legal_list"),
    path("lista-legal.xlsx", views.legal_list_workbook, name="legal_list_workbook"),
    path("lista-legal.csv", views.legal_list_csv, name="legal_list_csv"),
    path("lista-legal/cambios/", views.legal_list_changes, name="legal_list_changes"),
]
