"""Folios, rows, shares, alerts and their history, in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from harvests.intake.facts import Facts
from harvests.intake.valuing import Alert, Valued, row_of
from harvests.intake.watching import number_and_watch
from harvests.models import Delivery, DeliveryAlert, DeliveryShare
from kallari.history.bulk import insert_with_history

if TYPE_CHECKING:
    from kallari.accounts.models import User

INFORMS_ONLY = frozenset(kind.value for kind in DeliveryAlert.INFORMS_ONLY)


def write(
    deliveries: Sequence[Valued],
    facts: Facts,
    *,
    actor: User,
    agent: User,
    via: str,
    now: datetime,
) -> None:
    """Give each its folio and write all of them, with shares, alerts and history.

    Raises:
        IntegrityError: one of the keys is taken meanwhile; nothing is written then.
    """
    number_and_watch(deliveries, facts)
    rows = [row_of(one, agent=agent.pk, via=via, now=now) for one in deliveries]
    shares = [
        {
            "delivery_id": str(one.draft.id),
            "chakra_id": chakra,
            "weighed_on": one.weighed_on.isoformat(),
            "share": str(share),
            "net_kg": None if kilos is None else str(kilos),
        }
        for one in deliveries
        for chakra, share, kilos in one.shares
    ]
    alerts = [
        {
            "delivery_id": str(one.draft.id),
            "kind": alert.kind,
            "facts": alert.facts,
            "other_id": alert.other,
            "is_open": waits(alert, one),
            "raised_at": now.isoformat(),
            "decision": "",
            "decision_reason": "",
        }
        for one in deliveries
        for alert in one.alerts
    ]
    insert_with_history(
        (Delivery, rows), (DeliveryShare, shares), (DeliveryAlert, alerts), actor=actor
    )


def waits(alert: Alert, of: Valued) -> bool:
    """Whether somebody has to decide: not where it only informs, nor where the note of whoever
    weighed explains it. That two are the same no note explains."""
    return alert.kind not in INFORMS_ONLY and (alert.kind == "double" or not of.draft.note)
