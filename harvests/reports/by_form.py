"""What deliveries add up to, by the form in which they arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from harvests.models import ProductForm

if TYPE_CHECKING:
    from harvests.querysets.deliveries import DeliveryQuerySet


@dataclass(frozen=True)
class Total:
    """Deliveries of one form added up; of all forms where `form` is None.

    Args:
        net_kg: of what is weighed. pieces: of what is counted. usd: amounts and premiums.
    """

    form: ProductForm | None
    number: int
    net_kg: Decimal
    pieces: Decimal
    usd: Decimal


def totals_by_form(rows: DeliveryQuerySet) -> list[Total]:
    """The totals of deliveries, a row a form, in the order of the catalogue. Two queries; the first
    reads no row of the table where only what the index ``deliveries_to_add_up`` holds is asked."""
    found = {
        form: (number, net_kg, quantity, amount, premium)
        for form, number, net_kg, quantity, amount, premium in rows.order_by()
        .values_list("form")
        .annotate(
            number=Count("*"),
            net=Sum("net_kg"),
            counted=Sum("quantity"),
            amount=Sum("amount_usd"),
            premium=Sum("premium_usd"),
        )
    }
    forms = ProductForm.objects.filter(pk__in=found).select_related("product")
    return [
        Total(
            form=form,
            number=found[form.pk][0],
            net_kg=found[form.pk][1] or Decimal(0),
            pieces=Decimal(0) if form.is_weighed else found[form.pk][2],
            usd=found[form.pk][3] + found[form.pk][4],
        )
        for form in forms.order_by("product__place", "product__name", "place", "name")
    ]


def added_up(totals: Iterable[Total]) -> Total:
    """One total of several forms. Kilos of wet and dry stand in one sum: say so beside it."""
    rows = list(totals)
    return Total(
        form=None,
        number=sum(row.number for row in rows),
        net_kg=sum((row.net_kg for row in rows), Decimal(0)),
        pieces=sum((row.pieces for row in rows), Decimal(0)),
        usd=sum((row.usd for row in rows), Decimal(0)),
    )
