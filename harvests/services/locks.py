"""What a delivery and a price list wait for each other by: nobody values by an old list while a new
one is published."""

from __future__ import annotations

from django.db import connection

SHARE_PRICES = "SELECT pg_advisory_xact_lock_shared(hashtext('harvests_prices'))"
"""Let nobody publish prices until the transaction ends. A statement, because who values deliveries
sends it together with the question that it protects (`harvests.intake.facts.gather`)."""
_LOCK_PRICES = "SELECT pg_advisory_xact_lock(hashtext('harvests_prices'))"


def lock_prices() -> None:
    """Let nobody value a delivery, nor publish prices, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_PRICES)
