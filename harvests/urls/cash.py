"""Addresses of cash boxes."""

from django.urls import path

from harvests.views import cash as views

urlpatterns = [
    path("", views.boxes, name="cash_boxes"),
    path("nueva/", views.add_box, name="cash_box_add"),
    path("<int:pk>/", views.box, name="cash_box"),
    path("<int:pk>/retirar/", views.retire_box, name="cash_box_retire"),
    path("<int:pk>/abrir/", views.open_box, name="cash_box_open"),
    path("abiertas/<uuid:pk>/", views.session, name="cash_session"),
    path("abiertas/<uuid:pk>/mover/", views.move, name="cash_move"),
    path("abiertas/<uuid:pk>/cerrar/", views.close, name="cash_close"),
    path("movimientos/<uuid:pk>/revertir/", views.reverse_movement, name="cash_reverse"),
]
