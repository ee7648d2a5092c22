"""Addresses of what waits for the office."""

from django.urls import path

from harvests.views import outbox_file
from harvests.views import worklist as views

urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("reintentar/", views.retry_all, name="worklist_retry"),
    path("descartar/", views.discard_many, name="worklist_discard"),
    path("archivo/", outbox_file.outbox_file, name="outbox_file"),
    path("operacion/<int:pk>/", views.operation, name="operation"),
    path("operacion/<int:pk>/corregir/", views.amend, name="operation_amend"),
    path("aviso/<int:pk>/", views.alert, name="alert"),
]
