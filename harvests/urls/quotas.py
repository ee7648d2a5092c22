"""Addresses of quotas."""

from django.urls import path

from harvests.views import quotas as views

urlpatterns = [
    path("", views.quotas, name="quotas"),
    path("nuevo/", views.set_quota, name="quota_set"),
    path("familia/", views.choose_family, name="quota_choose_family"),
    path("familia/<uuid:pk>/", views.of_family, name="quota_of_family"),
    path("<int:pk>/corregir/", views.correct, name="quota_correct"),
    path("<int:pk>/retirar/", views.withdraw, name="quota_withdraw"),
]
