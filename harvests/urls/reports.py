"""Addresses of the reports."""

from django.urls import path

from harvests.views import reports as views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("<slug:key>.xlsx", views.report_workbook, name="report_workbook"),
]
