"""Addresses of processes."""

from django.urls import path

from harvests.views import batch_filling, batch_outputs, process_kinds, readings
from harvests.views import batches as views

urlpatterns = [
    path("", views.board, name="board"),
    path("lista/", views.batches, name="batches"),
    path("clases/", process_kinds.process_kinds, name="process_kinds"),
    path("clases/usuales/", process_kinds.usual, name="process_kinds_usual"),
    path("nuevo/", batch_filling.choose_kind, name="batch_choose_kind"),
    path("nuevo/<slug:kind>/", batch_filling.start, name="batch_start"),
    path("<slug:code>/", views.batch, name="batch"),
    path("<slug:code>/agregar/", batch_filling.add, name="batch_add"),
    path("<slug:code>/pasar/", views.move, name="batch_move"),
    path("<slug:code>/lectura/", readings.reading, name="batch_reading"),
    path("<slug:code>/volteo/", readings.turned, name="batch_turned"),
    path("<slug:code>/lectura/<uuid:pk>/corregir/", readings.replace, name="batch_reading_replace"),
    path("<slug:code>/sacar/", batch_outputs.take_out, name="batch_take_out"),
    path("<slug:code>/terminar/", batch_outputs.finish, name="batch_finish"),
    path("<slug:code>/anular/", views.void, name="batch_void"),
]
