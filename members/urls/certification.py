"""Addresses."""

from django.urls import path

from members.views import certificates, consequences, estimates, inspections, samples
from members.views import certification as views

urlpatterns = [
    path("", views.overview, name="certification"),
    path("vencimientos/", views.expiries, name="expiries"),
    path("esquemas/<int:pk>/", views.scheme, name="scheme"),
    path("certificados/nuevo/", certificates.add_certificate, name="add_certificate"),
    path("certificados/<int:pk>/", certificates.certificate, name="certificate"),
    path("certificados/<int:pk>/archivo/", certificates.certificate_file, name="certificate_file"),
    path(
        "certificados/<int:pk>/corregir/",
        certificates.correct_certificate,
        name="correct_certificate",
    ),
    path("lista/", views.approved, name="approved"),
    path("lista.xlsx", views.approved_workbook, name="approved_workbook"),
    path("transiciones/", views.transitions, name="transitions"),
    path("chakras/<uuid:pk>/", views.chakra, name="chakra_certification"),
    path("chakras/<uuid:pk>/decidir/", views.decide, name="decide_certification"),
    path("chakras/<uuid:pk>/estimar/", estimates.estimate, name="estimate_yield"),
    path("estimaciones/", estimates.estimates, name="estimates"),
    path("muestras/", samples.samples, name="samples"),
    path("muestras/nueva/", samples.draw, name="draw_sample"),
    path("muestras/<uuid:pk>/", samples.sample, name="sample"),
    path("inspecciones/", inspections.inspections, name="inspections"),
    path("inspecciones/nueva/", inspections.choose, name="choose_inspection"),
    path("inspecciones/nueva/<uuid:family>/<int:pk>/", inspections.inspect, name="inspect"),
    path("inspecciones/<uuid:pk>/", inspections.inspection, name="inspection"),
    path("inspecciones/<uuid:pk>/informe/", inspections.report_file, name="inspection_file"),
    path("inspecciones/<uuid:pk>/sancion/", consequences.sanction, name="sanction"),
    path("sanciones/<int:pk>/levantar/", consequences.lift, name="lift_sanction"),
    path("inspecciones/<uuid:pk>/corregir/", inspections.correct, name="correct_inspection"),
    path("hallazgos/<int:pk>/acordar/", consequences.agree, name="agree_action"),
    path("listas/<int:pk>/copiar/", views.copy_checklist, name="copy_checklist"),
    path("estimaciones/<int:pk>/revisar/", estimates.revise, name="revise_estimate"),
    path("acciones/", consequences.actions, name="actions"),
    path("acciones/<int:pk>/cumplir/", consequences.close, name="close_action"),
    path("acciones/<int:pk>/plazo/", consequences.extend, name="extend_action"),
]
