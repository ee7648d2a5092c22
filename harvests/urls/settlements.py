"""Addresses of settlements, payments, purchase documents, premiums and statements."""

from django.urls import path

from harvests.views import bank_orders, payments, premiums, statements
from harvests.views import purchase_documents as documents
from harvests.views import settlement_decisions as decisions
from harvests.views import settlements as views

urlpatterns = [
    path("", views.settlements, name="settlements"),
    path("por-pagar/", views.owed, name="settlements_owed"),
    path("nueva/", views.choose_family, name="settle_choose_family"),
    path("nueva/familia/<uuid:pk>/", views.settle_family, name="settle_family"),
    path("hacer/", views.settle_many, name="settle_many"),
    path("aprobar/", decisions.approve_many, name="settlements_approve"),
    path("pagos/", payments.payments, name="payments"),
    path("pagos/transferencia/", bank_orders.pay_by_one_transfer, name="bank_order"),
    path("pagos/<uuid:pk>/", payments.payment, name="payment"),
    path("pagos/<uuid:pk>/revertir/", payments.reverse_payment, name="payment_reverse"),
    path("premios/", premiums.premium_rules, name="premium_rules"),
    path("premios/nuevo/", premiums.add_rule, name="premium_rule_add"),
    path("premios/<int:pk>/confirmar/", premiums.confirm_rule, name="premium_rule_confirm"),
    path("premios/<int:pk>/cerrar/", premiums.close_rule, name="premium_rule_close"),
    path("familia/<uuid:pk>/", statements.statement, name="statement"),
    path("familia/<uuid:pk>/codigo/", statements.make_link, name="statement_link"),
    path("familia/<uuid:pk>/codigo/anular/", statements.revoke_link, name="statement_link_revoke"),
    path("<uuid:pk>/", views.settlement, name="settlement"),
    path("<uuid:pk>/aprobar/", decisions.approve, name="settlement_approve"),
    path("<uuid:pk>/descartar/", decisions.discard, name="settlement_discard"),
    path("<uuid:pk>/revertir/", decisions.reverse_, name="settlement_reverse"),
    path("<uuid:pk>/pagar/", payments.pay, name="settlement_pay"),
    path("<uuid:pk>/compra/", documents.issue_document, name="purchase_document"),
    path(
        "<uuid:pk>/compra/<int:document>/",
        documents.tell_outcome,
        name="purchase_document_outcome",
    ),
    path(
        "<uuid:pk>/compra/<int:document>.xml",
        documents.document_file,
        name="purchase_document_file",
    ),
]
