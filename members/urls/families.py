"""Addresses."""

from django.urls import path

from members.views import families as views
from members.views import persons

urlpatterns = [
    path("", views.families, name="families"),
    path("nueva/", views.add, name="family_add"),
    path("<uuid:pk>/", views.family, name="family"),
    path("<uuid:pk>/historia/", views.story, name="family_story"),
    path("<uuid:pk>/corregir/", views.correct, name="family_correct"),
    path("<uuid:pk>/retirar/", views.close, name="family_close"),
    path("<uuid:pk>/reabrir/", views.reopen, name="family_reopen"),
    path("<uuid:pk>/persona-nueva/", persons.add, name="person_add"),
]
