"""Addresses of deliveries."""

from django.urls import include, path

from harvests.imports.purchases import PurchaseImporter
from harvests.views import day_sheets, delivery_files, genealogy, receipts
from harvests.views import deliveries as views
from kallari.imports.views import addresses

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("hoja.xlsx", delivery_files.deliveries_workbook, name="deliveries_workbook"),
    path("hoja.csv", delivery_files.deliveries_csv, name="deliveries_csv"),
    path("importar/", include(addresses(PurchaseImporter))),
    path("dia/<slug:day>/", day_sheets.day_sheet, name="day_sheet"),
    path("<uuid:pk>/", views.delivery, name="delivery"),
    path("<uuid:pk>/corregir/", views.correct, name="delivery_correct"),
    path("<uuid:pk>/anular/", views.void, name="delivery_void"),
    path("<uuid:pk>/recibo/", receipts.receipt, name="receipt"),
    path("<uuid:pk>/destino/", genealogy.delivery_destinations, name="delivery_destinations"),
]
