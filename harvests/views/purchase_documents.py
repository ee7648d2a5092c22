"""The pages of the documents for the tax office: prepared, downloaded, and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.settlements import ConfirmForm, PurchaseOutcomeForm
from harvests.models import PurchaseDocument
from harvests.permissions import settlements as permissions
from harvests.purchase_documents.document import as_bytes, document_of
from harvests.rules import ISSUER_RUC
from harvests.services import purchase_documents as services
from harvests.views.settlements import settlement_of
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.rules.permissions import may_add_values


def _document(request: HttpRequest, pk: UUID, document: int) -> PurchaseDocument:
    rows = PurchaseDocument.objects.visible_to(request.user).select_related("settlement")
    return get_object_or_404(rows.filter(settlement=pk).with_outcomes(), pk=document)


@only(permissions.may_issue_documents)
@form_page
def issue_document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a settlement the next number of the series."""
    found, user = settlement_of(request, pk), actor_of(request)
    today = timezone.localdate()
    mend: dict[str, Any] = {}
    if services.has_no_ruc(today) and may_add_values(user):
        mend["mend_url"] = reverse("rules:rule", args=[ISSUER_RUC.key])
        mend["mend_label"] = _("Registrar el RUC en las reglas")
    return act_page(
        request,
        ConfirmForm(request.POST or None),
        lambda told: services.issue_purchase_document(actor=user, settlement=found, **told),
        title=_("Preparar la liquidación de compra de %(code)s") % {"code": found.code},
        lead=_(
            "Toma el número que sigue, que ya no se libera. Este programa no firma ni envía: el"
            " archivo se firma y se envía al SRI con la firma electrónica de la asociación."
        ),
        button=_("Preparar el documento"),
        back=found,
        back_label=found.code,
        done=lambda made: (
            _("Liquidación de compra %(number)s preparada: falta firmarla y enviarla al SRI.")
            % {"number": made.number}
        ),
        then=lambda _made: found,
        cannot=list(services.what_is_missing(found, today)),
        **mend,
    )


@only(permissions.may_see_documents)
@require_safe
def document_file(request: HttpRequest, pk: UUID, document: int) -> HttpResponse:
    """The XML of a purchase document, to be signed and sent."""
    found = _document(request, pk, document)
    name = f"liquidacion-compra-{found.number}.xml"
    return HttpResponse(
        as_bytes(document_of(found)),
        content_type="application/xml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@only(permissions.may_tell_outcomes)
@form_page
def tell_outcome(request: HttpRequest, pk: UUID, document: int) -> HttpResponse:
    """Tell what became of a document at the tax office."""
    found, user = _document(request, pk, document), actor_of(request)
    return act_page(
        request,
        PurchaseOutcomeForm(request.POST or None, document=found),
        lambda told: services.tell_purchase_outcome(actor=user, document=found, **told),
        title=_("Qué pasó con la liquidación de compra %(number)s") % {"number": found.number},
        lead=_(
            "Lo que se anota aquí ya no cambia. Devuelta o anulada, no vale más: se puede preparar"
            " otra con otro número, o revertir la liquidación."
        ),
        button=_("Anotar qué pasó"),
        back=found.settlement,
        back_label=found.settlement.code,
        done=lambda made: (
            _("Liquidación de compra %(number)s: %(outcome)s.")
            % {"number": found.number, "outcome": made.get_outcome_display()}
        ),
        then=lambda _made: found.settlement,
    )
