"""The addresses of the harvests, a module a theme."""

from __future__ import annotations

from django.urls import include, path

from harvests.urls import (
    acopio,
    advances,
    batches,
    cash,
    deliveries,
    devices,
    genealogy,
    money_report,
    prices,
    products,
    quality,
    quotas,
    receipts,
    reports,
    settlements,
    statements,
    stock,
    stock_reports,
    worklist,
)

app_name = "harvests"

urlpatterns = [
    path("acopio/", include(acopio)),
    path("entregas/", include(deliveries)),
    path("pendientes/", include(worklist)),
    path("recibo/", include(receipts)),
    path("precios/", include(prices)),
    path("cupos/", include(quotas)),
    path("anticipos/", include(advances)),
    path("liquidaciones/", include(settlements)),
    path("cajas/", include(cash)),
    path("cuenta/", include(statements)),
    path("productos/", include(products)),
    path("procesos/", include(batches)),
    path("lotes/", include(stock)),
    path("calidad/", include(quality)),
    path("dispositivos/", include(devices)),
    path("lotes/", include(genealogy)),
    path("informes/acopio/", include(reports)),
    path("informes/", include(stock_reports)),
    path("informes/cuentas/", include(money_report)),
]
