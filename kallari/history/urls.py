"""Addresses."""

from django.urls import path

from kallari.history import views

app_name = "history"
urlpatterns = [
    path("", views.change_list, name="changes"),
    path("exportar.csv", views.export, name="export"),
]
