"""Addresses of the reports over kilos."""

from django.urls import path

from harvests.views import stock_reports as views

urlpatterns = [
    path("balance/", views.mass_balance, name="mass_balance"),
    path("balance.xlsx", views.mass_balance_workbook, name="mass_balance_workbook"),
    path("existencias/", views.stock_report, name="stock_report"),
    path("existencias/<slug:key>.xlsx", views.stock_report_workbook, name="stock_report_workbook"),
]
