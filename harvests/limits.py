"""Beside what limit the result of a laboratory is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from harvests.models import LabResult
from harvests.rules import CADMIUM_CHOCOLATE


def with_limits(results: Iterable[LabResult]) -> Iterator[tuple[LabResult, Decimal | None]]:
    """Each result with the limit of its day, in mg/kg; None where there is none. The limit is of
    chocolate, not of beans: it is there to compare. One query."""
    limits = CADMIUM_CHOCOLATE.through_time()
    for one in results:
        is_cadmium = one.substance == LabResult.Substance.CADMIUM
        yield one, limits.on(one.reported_on) if is_cadmium else None
