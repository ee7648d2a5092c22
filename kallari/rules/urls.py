"""Addresses."""

from django.urls import path

from kallari.rules import views

app_name = "rules"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("<str:key>/", views.rule, name="rule"),
    path("<str:key>/nuevo/", views.add, name="add"),
    path("<str:key>/<int:pk>/corregir/", views.correct, name="correct"),
    path("<str:key>/<int:pk>/confirmar/", views.confirm, name="confirm"),
]
