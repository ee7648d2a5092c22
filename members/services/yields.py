"""What chakras should give in a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from kallari.history.context import acting, require_reason
from members.models import Chakra, YieldEstimate
from members.services.corrections import assign
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def estimate_yield(
    *,
    actor: User | None,
    chakra: Chakra,
    product: str,
    year: int,
    estimated_kg: Decimal,
    estimated_on: date,
    basis: str = "",
    reason: str = "",
) -> YieldEstimate:
    """Say how many kilos a chakra should give of a product in a year.

    Raises:
        ValidationError: there is one already (constraint); what the fields refuse.
    """
    with acting(actor, reason=reason):
        locked(chakra)
        estimate = YieldEstimate(
            chakra=chakra,
            product=product,
            year=year,
            estimated_kg=estimated_kg,
            estimated_on=estimated_on,
            basis=basis,
        )
        estimate.full_clean()
        estimate.save()
    return estimate


@transaction.atomic
def revise_estimate(
    *,
    actor: User | None,
    estimate: YieldEstimate,
    estimated_kg: Decimal,
    estimated_on: date,
    basis: str,
    reason: str,
) -> YieldEstimate:
    """Estimate again; the earlier figure stays in the history.

    Raises:
        ValidationError: ``reason_required``; what the fields refuse.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        estimate = locked(estimate)
        changes = {
            "estimated_kg": estimated_kg,
            "estimated_on": estimated_on,
            "basis": basis,
        }
        if assign(estimate, changes):
            estimate.full_clean()
            estimate.save()
    return estimate
