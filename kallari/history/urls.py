"""Addresses."""

from django.urls import path

from kallari.history import seal_views, views

app_name = "history"
urlpatterns = [
    path("", views.change_list, name="changes"),
    path("exportar.csv", views.export, name="export"),
    path("sellos/", seal_views.seal_list, name="seals"),
    path("sellos/<int:number>/", seal_views.seal_sheet, name="seal"),
]
