"""Kilos that chakras gave: what estimates of their yield are held against
(`members.delivered`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from harvests.models import Delivery, DeliveryShare


def kilos_of_chakras(chakras: Collection[UUID], year: int) -> dict[tuple[UUID, str], Decimal]:
    """The net kilos of each chakra and kind of product in a year, as they were handed in. One
    query.

    Deliveries that say no chakra are nobody's: they stand in no chakra's sum. What is counted in
    pieces has no kilos.
    """
    rows = (
        DeliveryShare.objects.filter(
            chakra__in=chakras,
            weighed_on__range=(date(year, 1, 1), date(year, 12, 31)),
            delivery__status=Delivery.Status.VALID,
            net_kg__isnull=False,
        )
        .order_by()
        .values_list("chakra", "delivery__form__product__kind")
        .annotate(kilos=Sum("net_kg"))
    )
    return {(chakra, product): kilos for chakra, product, kilos in rows}
