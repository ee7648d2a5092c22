"""Deliveries on record, written without the intake: for what reads them.

Kilos and money are those of `kallari.units`, whose own tests hold them against their sources.
"""

from __future__ import annotations

import itertools
import json
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from harvests.models import Delivery, DeliveryAlert, DeliveryShare, Operation, PriceLine
from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting
from kallari.units import in_kg, worth
from tests.people import make_account

GUAYAQUIL = ZoneInfo("America/Guayaquil")
_numbers = itertools.count(500_001)  # far from those that the intake draws in the same test


def at(day: date | str, hour: int = 10, minute: int = 0) -> datetime:
    """An hour of a day in Ecuador."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=GUAYAQUIL)


def agent():
    """Who weighed where a test does not say."""
    from kallari.accounts.models import User

    found = User.objects.filter(username="tecnica-de-campo").first()
    return found or make_account("extension_agent", username="tecnica-de-campo")


def delivery(
    family: Any,
    quality: Any,
    quantity: str = "100",
    unit: str | None = None,
    *,
    center: Any = None,
    weighed_at: datetime | None = None,
    of_class: str = "conventional",
    chakras: dict[Any, str] | None = None,
    **fields: Any,
) -> Delivery:
    """A delivery of a family, valued by the published price of its quality and class.

    Args:
        chakras: the share of each: {chakra: "0.60"}.
    """
    from harvests.models import CollectionCenter

    center = center or CollectionCenter.objects.get()
    form = quality.form
    unit = unit or form.unit
    weighed_at = weighed_at or timezone.now() - timedelta(hours=1)
    line = PriceLine.objects.get(
        quality=quality, certification_class=of_class, price_list__published_at__isnull=False
    )
    number = next(_numbers)
    year = weighed_at.astimezone(GUAYAQUIL).year
    weights: dict[str, Any] = {}
    counted, counted_in = Decimal(quantity), "piece"
    if form.is_weighed:
        gross = in_kg(Decimal(quantity), unit)
        tare = Decimal(fields.pop("tare_kg", 0))
        deduction = Decimal(fields.pop("deduction_kg", 0))
        net = gross - tare - deduction
        weights = {"gross_kg": gross, "tare_kg": tare, "deduction_kg": deduction, "net_kg": net}
        counted, counted_in = net, "kg"
    made = Delivery(
        folio=f"{center.code}-{year}-{number:06d}",
        folio_year=year,
        folio_number=number,
        family=family,
        community=fields.pop("community", family.community),
        center=center,
        form=form,
        quality=quality,
        certification_class=of_class,
        quantity=Decimal(quantity),
        unit=unit,
        **weights,
        price_line=line,
        unit_price_usd=line.price_usd,
        premium_unit_usd=line.premium_usd,
        price_unit=line.unit,
        amount_usd=worth(counted, counted_in, line.price_usd, line.unit),
        premium_usd=worth(counted, counted_in, line.premium_usd, line.unit),
        weighed_at=weighed_at,
        content_digest=f"{number:064d}",
        **{
            "agent": None,
            "via": Delivery.Via.DEVICE,
            "received_at": weighed_at + timedelta(minutes=1),
        }
        | {"agent": fields.pop("agent", None) or agent()}
        | fields,
    )
    made.full_clean(exclude=["weighed_on"])
    made.save()
    made.refresh_from_db()
    if chakras:
        shares = [
            DeliveryShare(
                delivery=made,
                chakra=chakra,
                weighed_on=made.weighed_on,
                share=Decimal(share),
                net_kg=None if made.net_kg is None else made.net_kg * Decimal(share),
            )
            for chakra, share in chakras.items()
        ]
        bulk_create_with_history(shares, actor=None)  # together, as the trigger adds them up
    return made


def ended(of: Delivery, status: str) -> Delivery:
    """A delivery that no longer counts."""
    with acting(None, reason="Se escribió mal."):
        of.status = status
        of.ended_at = timezone.now()
        of.save()
    return of


def voided(of: Delivery) -> Delivery:
    """A delivery that never was."""
    return ended(of, Delivery.Status.VOIDED)


def corrected(of: Delivery, quantity: str, **fields: Any) -> Delivery:
    """Another delivery that takes the place of one."""
    ended(of, Delivery.Status.SUPERSEDED)
    return delivery(
        of.family,
        of.quality,
        quantity,
        of.unit,
        weighed_at=of.weighed_at,
        supersedes=of,
        **fields,
    )


def alert(of: Delivery, kind: str, *, is_open: bool = True, **facts: Any) -> DeliveryAlert:
    """Something about a delivery that somebody should look at."""
    other = facts.pop("other", None)
    return DeliveryAlert.objects.create(
        delivery=of, kind=kind, facts=facts, other=other, is_open=is_open, raised_at=of.received_at
    )


def operation(
    entity_id: Any,
    payload: dict[str, Any],
    *,
    result: str = "held",
    entity: str = "delivery",
    action: str = "create",
    errors: Any = (),
    raw: str | None = None,
    **fields: Any,
) -> Operation:
    """Something that a telephone sent, as it is written down."""
    number = next(_numbers)
    op_id = uuid.uuid4()
    sent = {
        "op_id": str(op_id),
        "entity": entity,
        "entity_id": str(entity_id),
        "action": action,
        "schema": 1,
        "device_seq": number,
        "recorded_at": "2026-11-26T09:59:00-05:00",
        "clock_offset_ms": 0,
        "payload": payload,
    }
    return Operation.objects.create(
        op_id=op_id,
        entity=entity,
        entity_id=entity_id,
        action=action,
        digest=f"{number:064d}",
        raw=json.dumps(sent, ensure_ascii=False) if raw is None else raw,
        device_seq=number,
        result=result,
        errors=list(errors),
        **{"received_at": timezone.now(), "is_open": True}
        | {"user": fields.pop("user", None) or agent()}
        | fields,
    )
