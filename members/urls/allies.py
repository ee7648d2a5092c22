"""Addresses of allies."""

from django.urls import path

from members.views import allies as views

urlpatterns = [
    path("", views.allies, name="allies"),
    path("nuevo/", views.add, name="ally_add"),
    path("<int:pk>/", views.ally, name="ally"),
    path("<int:pk>/corregir/", views.correct, name="ally_correct"),
    path("<int:pk>/convenio/", views.add_agreement, name="agreement_add"),
    path("<int:pk>/aporte/", views.add_contribution, name="contribution_add"),
    path("convenios/<int:pk>/corregir/", views.correct_agreement, name="agreement_correct"),
    path("convenios/<int:pk>/documento/", views.agreement_document, name="agreement_document"),
    path("aportes/<int:pk>/", views.contribution, name="contribution"),
    path("aportes/<int:pk>/corregir/", views.correct_contribution, name="contribution_correct"),
    path("aportes/<int:pk>/uso/", views.add_use, name="use_add"),
    path("usos/<int:pk>/quitar/", views.take_back_use, name="use_take_back"),
]
