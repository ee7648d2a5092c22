"""Addresses."""

from django.urls import path

from members.views import certification as views
from members.views import inspections

urlpatterns = [
    path("", views.overview, name="certification"),
    path("vencimientos/", views.expiries, name="expiries"),
    path("esquemas/<int:pk>/", views.scheme, name="scheme"),
    path("certificados/nuevo/", views.add_certificate, name="add_certificate"),
    path("certificados/<int:pk>/", views.certificate, name="certificate"),
    path("certificados/<int:pk>/archivo/", views.certificate_file, name="certificate_file"),
    path("certificados/<int:pk>/corregir/", views.correct_certificate, name="correct_certificate"),
    path("lista/", views.approved, name="approved"),
    path("lista.xlsx", views.approved_workbook, name="approved_workbook"),
    path("transiciones/", views.transitions, name="transitions"),
    path("chakras/<uuid:pk>/", views.chakra, name="chakra_certification"),
    path("chakras/<uuid:pk>/decidir/", views.decide, name="decide_certification"),
    path("chakras/<uuid:pk>/estimar/", views.estimate, name="estimate_yield"),
    path("estimaciones/", views.estimates, name="estimates"),
    path("muestras/", views.samples, name="samples"),
    path("muestras/nueva/", views.draw, name="draw_sample"),
    path("muestras/<uuid:pk>/", views.sample, name="sample"),
    path("inspecciones/", inspections.inspections, name="inspections"),
    path("inspecciones/nueva/", inspections.choose, name="choose_inspection"),
    path("inspecciones/nueva/<uuid:family>/<int:pk>/", inspections.inspect, name="inspect"),
    path("inspecciones/<uuid:pk>/", inspections.inspection, name="inspection"),
    path("inspecciones/<uuid:pk>/informe/", inspections.report_file, name="inspection_file"),
    path("inspecciones/<uuid:pk>/sancion/", inspections.sanction, name="sanction"),
    path("sanciones/<int:pk>/levantar/", inspections.lift, name="lift_sanction"),
    path("acciones/", inspections.actions, name="actions"),
    path("acciones/<int:pk>/cumplir/", inspections.close, name="close_action"),
    path("acciones/<int:pk>/plazo/", inspections.extend, name="extend_action"),
]
