"""The page on which one order to the bank pays many families."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from harvests.forms.bank_orders import BankOrderForm
from harvests.models import Settlement
from harvests.permissions import settlements as permissions
from harvests.services import payments as services
from harvests.wording import in_usd
from kallari.doors import actor_of, form_page, only
from kallari.forms import written
from members.models import BankAccount

if TYPE_CHECKING:
    from uuid import UUID

    from harvests.models import Payment
    from kallari.accounts.models import User

PAID_AT_ONCE = 500
"""How many settlements one page offers, those of one community together."""


@only(permissions.may_pay)
@form_page
def pay_by_one_transfer(request: HttpRequest) -> HttpResponse:
    """Pay all that is owed on the settlements that are ticked, each with its own receipt. At first
    those are ticked whose family has a bank account."""
    user = actor_of(request)
    form = BankOrderForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        settlements = told.pop("settlement")
        paid = written(
            form,
            lambda: services.pay_by_one_transfer(
                actor=user, settlements=settlements, seen=form.seen, **told
            ),
        )
        if paid is not None:
            messages.success(request, _what_was_paid(paid))
            query = urlencode({"buscar": told["reference"]})
            return redirect(f"{reverse('harvests:payments')}?{query}")
    unpaid = Settlement.objects.visible_to(user).unpaid().with_names()
    rows = list(unpaid.order_by("family__community__search_key", "number")[:PAID_AT_ONCE])
    accounts = _accounts(user, {one.family_id for one in rows})
    return render(
        request,
        "harvests/bank_order.html",
        {
            "form": form,
            "rows": [
                (
                    one,
                    accounts.get(one.family_id),
                    str(one.pk) in form.ticked if form.is_bound else one.family_id in accounts,
                )
                for one in rows
            ],
            "number": unpaid.count(),
            "total": sum((one.owed_usd for one in rows), Decimal(0)),
        },
    )


def _accounts(user: User, families: set[UUID]) -> dict[UUID, BankAccount]:
    """Where each family's money is transferred to, of those that have an account in use."""
    in_use = BankAccount.objects.visible_to(user).in_use().filter(person__family__in=families)
    return {one.person.family_id: one for one in in_use.select_related("person")}


def _what_was_paid(paid: list[Payment]) -> str:
    total = sum((one.amount_usd for one in paid), Decimal(0))
    return ngettext(
        "Un pago registrado, por %(usd)s. Imprima su recibo para firmar.",
        "%(number)s pagos registrados, por %(usd)s. Imprima sus recibos para firmar.",
        len(paid),
    ) % {"number": len(paid), "usd": in_usd(total)}
