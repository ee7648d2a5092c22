"""Deliveries count as trade: what a partner's admission rests on (`members.trade`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils.translation import ngettext_lazy

from harvests.models import Delivery
from members.trade import Trade


def trade_in_deliveries(families: Collection[UUID], until: date) -> dict[UUID, list[Trade]]:
    """What each family handed in up to a day, a line a kind of product. One query.

    Voided and superseded deliveries are none; what was brought over from earlier records counts
    as what is weighed today.
    """
    rows = (
        Delivery.objects.valid()
        .filter(family__in=families, weighed_on__lte=until)
        .order_by()
        .values_list("family", "form__product__kind")
        .annotate(first=Min("weighed_on"), last=Max("weighed_on"), number=Count("pk"))
    )
    found: dict[UUID, list[Trade]] = defaultdict(list)
    for family, product, first, last, number in rows:
        shown_by = ngettext_lazy("%(number)s entrega", "%(number)s entregas", "number")
        found[family].append(Trade(product, first, last, shown_by % {"number": number}))
    return dict(found)
