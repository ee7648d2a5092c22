"""The pages of payments: paid, listed, printed as a receipt, taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.settlements import PaymentFilterForm, PaymentForm
from harvests.models import Payment
from harvests.permissions import settlements as permissions
from harvests.services import payments as services
from harvests.views import PAGE_SIZE
from harvests.views.receipts import FIRST_PRINT, FORMATS, USUAL_FORMAT
from harvests.views.settlements import settlement_of
from harvests.wording import in_usd
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import ReasonForm


@only(permissions.may_see_settlements)
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """What was paid, the newest first."""
    user = actor_of(request)
    form = PaymentFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = Payment.objects.visible_to(user).with_names()
    if told.get("comunidad"):
        rows = rows.filter(settlement__family__community=told["comunidad"])
    if told.get("forma"):
        rows = rows.filter(method=told["forma"])
    if told.get("anio"):
        rows = rows.filter(paid_on__year=told["anio"])
    rows = rows.find(told.get("buscar", ""))
    return render(
        request,
        "harvests/payments.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "total": rows.aggregate(usd=Sum("amount_usd"))["usd"],
            "is_filtered": any(told.values()),
            "may_pay": permissions.may_pay(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_pay)
@form_page
def pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pay a settlement, or a part of it."""
    found, user = settlement_of(request, pk), actor_of(request)
    if request.method == "GET" and found.owed_usd <= 0:
        messages.info(request, _("De %(code)s ya no se debe nada.") % {"code": found.code})
        return redirect(found)
    return act_page(
        request,
        PaymentForm(request.POST or None, user=user, settlement=found),
        lambda told: services.pay_settlement(actor=user, settlement=found, **told),
        title=_("Pagar a %(family)s") % {"family": found.family},
        lead=_("Liquidación %(code)s: se deben %(usd)s. Después se imprime el recibo para firmar.")
        % {"code": found.code, "usd": in_usd(found.owed_usd)},
        button=_("Registrar el pago"),
        back=found,
        back_label=found.code,
        done=lambda made: (
            _("Pago %(code)s registrado: imprima el recibo para firmar.") % {"code": made.code}
        ),
    )


@only(permissions.may_see_settlements)
@require_safe
def payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt of a payment, for thermal paper or A4, to be signed by who is paid."""
    user = actor_of(request)
    rows = Payment.objects.visible_to(user).with_names()
    found = get_object_or_404(rows.select_related("settlement__partner__person"), pk=pk)
    paper = request.GET.get("formato", USUAL_FORMAT)
    paper = paper if paper in FORMATS else USUAL_FORMAT
    return render(
        request,
        "harvests/payment.html",
        {
            "payment": found,
            "settlement": found.settlement,
            "reversal": getattr(found, "reversed_by", None),
            "paper": paper,
            "papers": FORMATS.items(),
            "is_copy": timezone.now() - found.recorded_at > FIRST_PRINT,
            "may_reverse": permissions.may_pay(user)
            and not found.is_reversal
            and not hasattr(found, "reversed_by"),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_pay)
@form_page
def reverse_payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A payment was not made, or came back."""
    user = actor_of(request)
    found = get_object_or_404(Payment.objects.visible_to(user).with_names(), pk=pk)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.reverse_payment(actor=user, payment=found, **told),
        title=_("Revertir el pago %(code)s") % {"code": found.code},
        lead=_(
            "Se escribe otro por %(usd)s en contra. Lo pagado en efectivo vuelve a su caja, que"
            " tiene que estar abierta."
        )
        % {"usd": in_usd(found.amount_usd)},
        button=_("Revertir el pago"),
        is_dangerous=True,
        back=found,
        back_label=found.code,
        done=lambda made: (
            _("El pago %(code)s queda revertido por el %(reversal)s.")
            % {"code": found.code, "reversal": made.code}
        ),
    )
