"""Addresses."""

from django.urls import path

from members.views import persons as views

urlpatterns = [
    path("", views.persons, name="persons"),
    path("<uuid:pk>/", views.person, name="person"),
    path("<uuid:pk>/foto/", views.photograph, name="person_photograph"),
    path("<uuid:pk>/foto/nueva/", views.change_photograph, name="person_photograph_change"),
    path("<uuid:pk>/corregir/", views.correct, name="person_correct"),
    path("<uuid:pk>/otra-familia/", views.move, name="person_move"),
    path("<uuid:pk>/fallecimiento/", views.death, name="person_death"),
    path("<uuid:pk>/fallecimiento/corregir/", views.correct_death, name="person_death_correct"),
    path("<uuid:pk>/cuentas/", views.bank_accounts, name="bank_accounts"),
    path(
        "<uuid:pk>/cuentas/<int:account>/cerrar/",
        views.close_bank_account,
        name="bank_account_close",
    ),
]
