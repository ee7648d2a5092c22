"""Addresses of memberships and cards."""

from django.urls import path

from members.views import cards
from members.views import partners as views

urlpatterns = [
    path("", views.partners, name="partners"),
    path("nueva/", views.apply, name="partner_apply"),
    path("carnes/", cards.cards, name="partner_cards"),
    path("carnes/imprimir/", cards.sheets, name="partner_card_sheets"),
    path("<uuid:pk>/", views.partner, name="partner"),
    path("<uuid:pk>/fotografia/", views.photograph, name="partner_photograph"),
    path("<uuid:pk>/prueba/", views.add_paper, name="partner_paper_add"),
    path("<uuid:pk>/prueba/<int:paper>/", views.paper, name="partner_paper"),
    path("<uuid:pk>/registrar/", views.register, name="partner_register"),
    path("<uuid:pk>/solicitud/", views.end_application, name="partner_end_application"),
    path("<uuid:pk>/suspender/", views.suspend, name="partner_suspend"),
    path("<uuid:pk>/levantar/", views.reinstate, name="partner_reinstate"),
    path("<uuid:pk>/salida/", views.leave, name="partner_leave"),
    path("<uuid:pk>/fallecimiento/", views.death, name="partner_death"),
    path("<uuid:pk>/sucesion/", views.succeed, name="partner_succeed"),
    path("<uuid:pk>/corregir/", views.correct, name="partner_correct"),
    path("<uuid:pk>/carne/", cards.card, name="partner_card"),
    path("<uuid:pk>/carne/emitir/", cards.issue, name="partner_card_issue"),
    path("<uuid:pk>/carne/anular/", cards.revoke, name="partner_card_revoke"),
]
