"""A family's deliveries, advances, settlements and payments in its story (`members.timeline`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harvests.models import Advance, Delivery, Payment, Settlement
from harvests.permissions.deliveries import may_see_values
from harvests.wording import in_kilos, in_usd, typed
from members.timeline import Entry, Source, Window, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Family


def offer_entries() -> None:
    """Called once, when the app is ready."""
    offer(Source("entregas", gettext_lazy("Entregas"), "down", read=deliveries, place=50))
    offer(Source("anticipos", gettext_lazy("Anticipos"), "hand-over", read=advances, place=51))
    offer(Source("liquidaciones", gettext_lazy("Liquidaciones"), "document", settlements, place=52))
    offer(Source("pagos", gettext_lazy("Pagos"), "money", read=payments, place=53))


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


def advances(family: Family, user: User, window: Window) -> list[Entry]:
    """What the family was given before it delivered. One query."""
    rows = Advance.objects.visible_to(user).valid().filter(family=family).with_taken()
    return [
        Entry(
            row.given_on,
            _("Recibió un anticipo de %(usd)s") % {"usd": in_usd(row.amount_usd)},
            detail=" · ".join(
                part
                for part in (
                    row.code,
                    row.purpose,
                    _("quedan por descontar %(usd)s") % {"usd": in_usd(row.left_usd)}
                    if row.left_usd
                    else _("ya se descontó todo"),
                )
                if part
            ),
            url=row.get_absolute_url(),
        )
        for row in window.newest(rows, "given_on")
    ]


def settlements(family: Family, user: User, window: Window) -> list[Entry]:
    """What was settled with the family, the day on which it was approved. One query."""
    settled = Settlement.objects.visible_to(user).to_be_paid().filter(family=family)
    rows: QuerySet[Any] = settled.annotate(
        taken=Sum("lines__amount_usd", filter=Q(lines__kind="advance"))
    )
    return [
        Entry(
            localdate(row.approved_at),
            _("Se le liquidó hasta el %(day)s: %(usd)s por pagar")
            % {"day": date_format(row.last_on, "DATE_FORMAT"), "usd": in_usd(row.total_usd)},
            detail=" · ".join(
                part
                for part in (
                    row.code,
                    _("se descontaron %(usd)s de anticipos") % {"usd": in_usd(-row.taken)}
                    if row.taken
                    else "",
                )
                if part
            ),
            url=row.get_absolute_url(),
        )
        for row in window.newest(rows, "approved_at__date")
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
