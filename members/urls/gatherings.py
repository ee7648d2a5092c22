"""Addresses of trainings and mingas."""

from django.urls import path

from members.views import gatherings as views

urlpatterns = [
    path("", views.gatherings, name="gatherings"),
    path("nuevo/", views.add, name="gathering_add"),
    path("resumen/", views.summary, name="gathering_summary"),
    path("<uuid:pk>/", views.gathering, name="gathering"),
    path("<uuid:pk>/corregir/", views.correct, name="gathering_correct"),
    path("<uuid:pk>/suspender/", views.cancel, name="gathering_cancel"),
    path("<uuid:pk>/lista/", views.roll, name="gathering_roll"),
    path("<uuid:pk>/hoja/", views.sheet, name="gathering_sheet"),
    path("<uuid:pk>/archivos/nuevo/", views.add_file, name="gathering_add_file"),
    path("<uuid:pk>/archivos/<int:number>/", views.file, name="gathering_file"),
    path("<uuid:pk>/archivos/<int:number>/borrar/", views.erase_file, name="gathering_erase_file"),
]
