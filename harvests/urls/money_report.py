"""Addresses of the report on what is owed."""

from django.urls import path

from harvests.views import money_report as views

urlpatterns = [
    path("", views.money_report, name="money_report"),
    path("<slug:key>.xlsx", views.money_workbook, name="money_workbook"),
]
