"""Addresses of volunteers and interns."""

from django.urls import path

from members.views import volunteers as views

urlpatterns = [
    path("", views.volunteers, name="volunteers"),
    path("nueva/", views.add, name="volunteer_add"),
    path("<uuid:pk>/", views.volunteer, name="volunteer"),
    path("<uuid:pk>/corregir/", views.correct, name="volunteer_correct"),
    path("<uuid:pk>/estadia/", views.add_stay, name="stay_add"),
    path("estadias/<int:pk>/corregir/", views.correct_stay, name="stay_correct"),
    path("estadias/<int:pk>/anular/", views.cancel_stay, name="stay_cancel"),
]
