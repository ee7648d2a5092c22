"""Addresses of tests, tables of grades and laboratories."""

from django.urls import path

from harvests.views import grade_tables, lab_results
from harvests.views import quality as views

urlpatterns = [
    path("", views.quality_tests, name="quality_tests"),
    path("nueva/", views.choose_subject, name="quality_test_choose"),
    path("nueva/<str:kind>/<str:code>/", views.note_test, name="quality_test_note"),
    path("<uuid:pk>/", views.quality_test, name="quality_test"),
    path("<uuid:pk>/corregir/", views.correct_test, name="quality_test_correct"),
    path("<uuid:pk>/calificar/", views.regrade, name="quality_test_regrade"),
    path("<uuid:pk>/foto/", views.add_photograph, name="quality_photograph_add"),
    path("<uuid:pk>/fotos/<int:number>/", views.photograph, name="quality_photograph"),
    path("laboratorio/", lab_results.lab_results, name="lab_results"),
    path("laboratorio/nuevo/", lab_results.choose_lot, name="lab_result_choose"),
    path("laboratorio/nuevo/<str:code>/", lab_results.note_result, name="lab_result_note"),
    path("laboratorio/<uuid:pk>/", lab_results.lab_result, name="lab_result"),
    path("laboratorio/<uuid:pk>/corregir/", lab_results.correct, name="lab_result_correct"),
    path("laboratorio/<uuid:pk>/informe/", lab_results.report, name="lab_result_report"),
    path("tablas/", grade_tables.grade_tables, name="grade_tables"),
    path("tablas/usual/", grade_tables.usual, name="grade_tables_usual"),
    path("tablas/nueva/", grade_tables.draft, name="grade_table_draft"),
    path("tablas/<int:pk>/", grade_tables.grade_table, name="grade_table"),
    path("tablas/<int:pk>/corregir/", grade_tables.correct, name="grade_table_correct"),
    path("tablas/<int:pk>/grado/", grade_tables.add_grade, name="grade_add"),
    path("tablas/<int:pk>/grados/<int:grade>/", grade_tables.correct_grade, name="grade_correct"),
    path(
        "tablas/<int:pk>/grados/<int:grade>/quitar/",
        grade_tables.remove_grade,
        name="grade_remove",
    ),
    path("tablas/<int:pk>/publicar/", grade_tables.publish, name="grade_table_publish"),
    path("tablas/<int:pk>/confirmar/", grade_tables.confirm, name="grade_table_confirm"),
]
