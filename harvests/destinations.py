"""Where the kilos of one delivery are now: still as handed in, in stock, handed out, lost on the
way. All of it, to the gram."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import models

from harvests.genealogy import batch_shares, parts_of
from harvests.models import BatchTotals, Delivery, Lot, StockBalance, StockMovement
from kallari.units import GRAM, apportioned

Kind = StockMovement.Kind


@dataclass(slots=True)
class DestinationLot:
    """What of a delivery is, or was, in one lot."""

    id: uuid.UUID
    code: str
    form: str
    certification_class: str
    made_at: datetime
    kg: Decimal
    """Kilos of the lot, as it came out of its batch, that are of the delivery."""
    left_kg: Decimal = Decimal(0)
    dispatched_kg: Decimal = Decimal(0)
    written_off_kg: Decimal = Decimal(0)
    recipients: list[str] = field(default_factory=list)

    @property
    def ended_kg(self) -> Decimal:
        """What did not go on into another batch."""
        return self.left_kg + self.dispatched_kg + self.written_off_kg


@dataclass(slots=True)
class Destinations:
    """Where a delivery went."""

    net_kg: Decimal
    unused_kg: Decimal
    """Not yet in any batch."""
    lost_kg: Decimal
    """Water, husk, dust: what went into batches and did not come out."""
    lots: list[DestinationLot]

    @property
    def adds_up(self) -> bool:
        """Whether every gram is somewhere."""
        held = sum((one.ended_kg for one in self.lots), Decimal(0))
        return self.unused_kg + self.lost_kg + held == self.net_kg


def destinations(delivery: Delivery) -> Destinations:
    """Where the kilos of a delivery are. A handful of queries, whatever the number of blends.

    The kilos in stock, handed out and written off are those of the lots where they ended; what went
    on into another batch is told there. Together with what is unused and what was lost they are all
    that was handed in (rounded to the gram by the largest remainder).

    Raises:
        ValueError: it was received by the piece.
    """
    if delivery.net_kg is None:
        raise ValueError(f"{delivery} was received by the piece")
    balance = StockBalance.objects.filter(delivery=delivery).first()
    unused = balance.kg if balance is not None else delivery.net_kg
    shares = batch_shares(delivery)
    if not shares:
        return Destinations(delivery.net_kg, delivery.net_kg, Decimal(0), [])
    lots = list(
        Lot.objects.filter(batch__in=shares).select_related("form", "balance").order_by("made_at")
    )
    parts = parts_of(delivery, [lot.pk for lot in lots])
    found = [
        DestinationLot(
            lot.pk,
            lot.code,
            lot.form.name,
            lot.certification_class,
            lot.made_at,
            parts.get(lot.pk, Decimal(0)),
        )
        for lot in lots
    ]
    lost = _fill(found, lots, shares, delivery.net_kg - unused)
    kept = [one for one in found if one.kg or one.ended_kg]
    return Destinations(delivery.net_kg, unused, lost, kept)


def _fill(
    found: list[DestinationLot],
    lots: list[Lot],
    shares: dict[uuid.UUID, Decimal],
    used: Decimal,
) -> Decimal:
    """Tell each lot what of the delivery ended there, and return what was lost on the way."""
    moved = _moved([lot.pk for lot in lots])
    ends: list[Decimal] = []
    for lot in lots:
        share, of_lot = shares[lot.batch_id], moved.get(lot.pk, {})
        ends += [
            share * lot.balance.kg,
            share * -of_lot.get(Kind.DISPATCH, Decimal(0)),
            share * -of_lot.get(Kind.ADJUSTMENT, Decimal(0)),
        ]
    totals = BatchTotals.objects.filter(batch__in=shares)
    lost = sum((shares[one.batch_id] * one.lost_kg for one in totals), Decimal(0))
    whole = apportioned(used, [*ends, lost], GRAM)
    for place, one in enumerate(found):
        one.left_kg, one.dispatched_kg, one.written_off_kg = whole[3 * place : 3 * place + 3]
    _name_recipients(found)
    return whole[-1]


def _moved(lots: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Decimal]]:
    rows = (
        StockMovement.objects.filter(lot__in=lots, kind__in=[Kind.DISPATCH, Kind.ADJUSTMENT])
        .values_list("lot", "kind")
        .annotate(kg=models.Sum("kg"))
        .order_by()
    )
    moved: dict[uuid.UUID, dict[str, Decimal]] = {}
    for lot, kind, kg in rows:
        moved.setdefault(lot, {})[kind] = kg
    return moved


def _name_recipients(found: list[DestinationLot]) -> None:
    dispatched = {one.id: one for one in found if one.dispatched_kg}
    rows = (
        StockMovement.objects.filter(lot__in=dispatched, kind=Kind.DISPATCH)
        .values_list("lot", "recipient")
        .annotate(kg=models.Sum("kg"))
        .filter(kg__lt=0)
        .order_by("recipient")
    )
    for lot, recipient, _kg in rows:
        dispatched[lot].recipients.append(recipient)
