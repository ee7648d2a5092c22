"""Addresses of lots and what moves."""

from django.urls import path

from harvests.views import adjustments, lot_acts, lots

urlpatterns = [
    path("", lots.lots, name="lots"),
    path("ajustes/", adjustments.adjustments, name="adjustments"),
    path("ajustes/<uuid:pk>/", adjustments.decide, name="adjustment_decide"),
    path("<slug:code>/", lots.lot, name="lot"),
    path("<slug:code>/etiqueta/", lots.label, name="lot_label"),
    path("<slug:code>/retiro/", lots.recall, name="lot_recall"),
    path("<slug:code>/retiro.xlsx", lots.recall_workbook, name="lot_recall_workbook"),
    path("<slug:code>/entregar/", lot_acts.dispatch, name="lot_dispatch"),
    path("<slug:code>/devolver/<int:pk>/", lot_acts.take_back, name="lot_take_back"),
    path("<slug:code>/contar/", lot_acts.count, name="lot_count"),
    path("<slug:code>/danado/", lot_acts.write_off, name="lot_write_off"),
    path("<slug:code>/mover/", lot_acts.move, name="lot_move"),
    path("<slug:code>/retener/", lot_acts.hold, name="lot_hold"),
    path("<slug:code>/liberar/", lot_acts.release, name="lot_release"),
    path("<slug:code>/bajar/", lot_acts.downgrade, name="lot_downgrade"),
    path("<slug:code>/corregir/", lot_acts.correct_output, name="lot_correct_output"),
]
