"""How fast kilos are traced, both ways. Run by hand, on a database of the full demo:

    python -m tests.benchmarks.genealogy [--deliveries 5000] [--depth 12] [--width 5] [--runs 20]

First every lot and two hundred deliveries of the demo are traced. Then, in a transaction that is
rolled back, so many deliveries are dried to fifty lots, and these blended `depth` times: each
level is `width` lots, every one mixed of all lots of the level before, so that there are width to
the depth ways. Aim on an idle machine: 100 ms on the demo, 1 s on the blends.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - after django.setup()
from django.utils import timezone  # noqa: E402

from harvests.destinations import destinations  # noqa: E402
from harvests.genealogy import origin_lines, origins  # noqa: E402
from harvests.lot_origin import LotOrigin  # noqa: E402
from harvests.models import (  # noqa: E402
    CollectionCenter,
    Delivery,
    Lot,
    ProcessKind,
    ProductForm,
)
from harvests.services import batches  # noqa: E402
from harvests.services.batches import Given  # noqa: E402
from harvests.services.ledger import Taken  # noqa: E402
from kallari.history.bulk import as_rows, insert_with_history  # noqa: E402

DRY_LOTS = 50
GRAM = Decimal("0.001")


def main() -> None:
    """Trace, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=5000)
    parser.add_argument("--depth", type=int, default=12)
    parser.add_argument("--width", type=int, default=5)
    parser.add_argument("--runs", type=int, default=20)
    asked = parser.parse_args()
    say(f"{'':44} {'p50':>8} {'p95':>8} ms")
    demo()
    with transaction.atomic():
        blends(asked.deliveries, asked.depth, asked.width, asked.runs)
        transaction.set_rollback(True)


def say(line: str) -> None:
    """For whoever waits."""
    sys.stdout.write(f"{line}\n")


def demo() -> None:
    """What the demo holds."""
    lots = list(Lot.objects.order_by("number"))
    used = list(Delivery.objects.valid().filter(balance__isnull=False).order_by("folio")[:200])
    timed(f"origin of each of {len(lots)} lots", [partial(origin_lines, one) for one in lots])
    timed("the page of an origin, with its drawing", [partial(page, one) for one in lots[-60:]])
    timed(
        f"destinations of {len(used)} deliveries",
        [partial(destinations, one) for one in used],
    )


def page(lot: Lot) -> None:
    """All that the page of an origin asks for."""
    origin = LotOrigin(lot)
    _all = origin.lines, origin.communities, origin.classes, origin.batches, origin.flow.svg


def blends(count: int, depth: int, width: int, runs: int) -> None:
    """Everything mixed with everything."""
    pattern = Delivery.objects.valid().filter(form__code="baba").first()
    assert pattern is not None, "load the full demo first"
    numbers = range(900_000_001, 900_000_001 + count)
    rows = as_rows([pattern])[0]
    insert_with_history(
        (
            Delivery,
            [
                {
                    **rows,
                    "id": str(uuid.uuid4()),
                    "folio": f"TENA-{pattern.folio_year}-{number}",
                    "folio_number": number,
                    "supersedes_id": None,
                }
                for number in numbers
            ],
        ),
        actor=None,
    )
    made = list(Delivery.objects.filter(folio_number__in=numbers).order_by("folio_number"))
    lots = [mixed("beneficio", made[place::DRY_LOTS], Decimal("0.39")) for place in range(DRY_LOTS)]
    for _level in range(depth):
        left = [lot.balance.kg for lot in lots]
        level = []
        for column in range(width):
            parts = [None if column == width - 1 else (kg / width).quantize(GRAM) for kg in left]
            level.append(mixed("mezcla", lots, Decimal(1), parts))
        lots = [Lot.objects.select_related("balance").get(pk=lot.pk) for lot in level]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE harvests_stockmovement, harvests_lot, harvests_batchtotals")
    last = lots[0]
    found = origins([last.pk])
    assert len(found) == count
    assert sum(one.kg for one in found) == last.movements.get(kind="output").kg
    assert destinations(made[0]).adds_up
    ways = f"{width} to the {depth}th"
    timed(f"origin: {count} deliveries, {ways} ways", [partial(origin_lines, last)] * runs)
    timed("its page, with the drawing", [partial(page, last)] * runs)
    timed("destinations of one of them", [partial(destinations, made[7])] * runs)


def mixed(
    code: str, sources: Sequence[Any], out: Decimal, parts: Sequence[Decimal | None] | None = None
) -> Lot:
    """One lot of some sources."""
    batch = batches.start_batch(
        actor=None,
        kind=ProcessKind.objects.get(code=code),
        center=CollectionCenter.objects.get(code="TENA"),
        started_at=timezone.now(),
        taken=[
            Taken(one, kg) for one, kg in zip(sources, parts or [None] * len(sources), strict=True)
        ],
    )
    batch.totals.refresh_from_db()
    batches.finish_batch(
        actor=None,
        batch=batch,
        given=[
            Given(ProductForm.objects.get(code="seco"), (batch.totals.in_kg * out).quantize(GRAM))
        ],
        yield_note="Medición.",
    )
    return Lot.objects.select_related("balance").get(batch=batch)


def timed(what: str, acts: Sequence[Callable[[], Any]]) -> None:
    """Print how long acts take, the slowest twentieth apart."""
    acts[0]()
    took = []
    for act in acts:
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    p95 = sorted(took)[max(0, round(len(took) * 0.95) - 1)]
    say(f"{what:44} {statistics.median(took):8.1f} {p95:8.1f}")


if __name__ == "__main__":
    main()
