"""A family's deliveries and payments in its story (`members.timeline`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harvests.models import Delivery, Payment
from harvests.permissions.deliveries import may_see_values
from harvests.wording import in_kilos, in_usd, typed
from members.timeline import Entry, Source, Window, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Family


def offer_entries() -> None:
    """Called once, when the app is ready."""
    offer(Source("entregas", gettext_lazy("Entregas"), "down", read=deliveries, place=50))
    offer(Source("pagos", gettext_lazy("Pagos"), "money", read=payments, place=51))


def deliveries(family: Family, user: User, window: Window) -> list[Entry]:
    """What the family handed in. One query."""
    rows = Delivery.objects.visible_to(user).valid().filter(family=family)
    sees_values = may_see_values(user)
    return [
        Entry(
            row.weighed_on,
            _("Entregó %(quantity)s: %(form)s") % {"quantity": typed(row), "form": row.form.name},
            detail=" · ".join(
                part
                for part in (
                    row.folio,
                    in_kilos(row.net_kg) if row.net_kg is not None and row.unit != "kg" else "",
                    in_usd(row.total_usd) if sees_values else "",
                )
                if part
            ),
            url=row.get_absolute_url(),
        )
        for row in window.newest(rows.select_related("form"), "weighed_on")
    ]


def payments(family: Family, user: User, window: Window) -> list[Entry]:
    """What the family was paid. One query."""
    rows = Payment.objects.visible_to(user).standing().filter(settlement__family=family)
    return [
        Entry(
            row.paid_on,
            _("Se le pagó %(usd)s por la liquidación %(code)s")
            % {"usd": in_usd(row.amount_usd), "code": row.settlement.code},
            detail=f"{row.code} · {row.get_method_display()}",
            url=row.get_absolute_url(),
        )
        for row in window.newest(rows.select_related("settlement"), "paid_on")
    ]
