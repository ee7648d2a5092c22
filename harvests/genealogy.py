"""Where kilos came from and where they went, both ways, to the gram.

A batch mixes all that it takes: each kilo that comes out is made of every input in the proportion
of its kilos (mass balance within a batch). So a delivery's part of a lot is the product of those
proportions along every way between them, summed over the ways.

Parts are rounded to the gram by their running total, in the order of the deliveries' keys: each is
less than a gram off, and those of a lot add up to all of it. The running total up to one delivery
is known from the kilos of each batch, without the parts of all others; so what became of one
delivery is told as fast as where one lot came from, and both tell the same grams. (The largest
remainder would ask for the parts of every delivery in every lot downstream.)

Everything is one recursive statement. Each step follows all lots of one depth at once and sums the
ways that meet in a lot (a window, because PostgreSQL takes no GROUP BY in a recursive term), so
that twelve blends of everything with everything stay twelve steps, not millions of ways.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from kallari.units import GRAM

if TYPE_CHECKING:
    from harvests.models import Delivery, Lot

# The lots that went into each of `lots`, over any number of blends, with the part of it that each
# makes up; the batches that these came out of, and what was handed in to those. What was taken out
# of a batch again is not in it.
# Thirty places all the way: a running total over thousands of parts is exact to far below a gram.
_UP = """
    WITH RECURSIVE up (root, lot_id, share) AS (
        SELECT id, id, round(1::numeric, 30) FROM harvests_lot WHERE id = ANY(%(lots)s)
      UNION ALL
        SELECT root, lot_id, share
        FROM (
            SELECT up.root, took.lot_id,
                   sum(round(up.share * took.kg / totals.in_kg, 30)) OVER ways AS share,
                   row_number() OVER ways AS way
            FROM up
            JOIN harvests_lot made ON made.id = up.lot_id
            JOIN harvests_batchtotals totals ON totals.batch_id = made.batch_id
            CROSS JOIN LATERAL (
                SELECT lot_id, -sum(kg) AS kg FROM harvests_stockmovement
                WHERE batch_id = made.batch_id AND kind = 'input' AND lot_id IS NOT NULL
                GROUP BY lot_id HAVING sum(kg) < 0
            ) took
            WINDOW ways AS (PARTITION BY up.root, took.lot_id)
        ) step
        WHERE way = 1
    ),
    reached AS (
        SELECT up.root, made.batch_id, sum(up.share) / totals.in_kg AS share_a_kg
        FROM up
        JOIN harvests_lot made ON made.id = up.lot_id
        JOIN harvests_batchtotals totals ON totals.batch_id = made.batch_id
        WHERE totals.in_kg > 0
        GROUP BY up.root, made.batch_id, totals.in_kg
    ),
    handed AS (
        SELECT batch_id, delivery_id, -sum(kg) AS kg
        FROM harvests_stockmovement
        WHERE batch_id = ANY (ARRAY(SELECT DISTINCT batch_id FROM reached))
          AND kind = 'input' AND delivery_id IS NOT NULL
        GROUP BY batch_id, delivery_id
        HAVING sum(kg) < 0
    ),
    made AS (
        SELECT lot_id, sum(kg) * 1000 AS grams FROM harvests_stockmovement
        WHERE lot_id = ANY(%(lots)s) AND kind = 'output' GROUP BY lot_id
    )
"""

# Whole grams of a running total. The first rounding takes off what thirty places leave of a half.
_WHOLE = "round(round({}, 12))"

_ORIGIN = f"""
    {_UP},
    parts AS (
        SELECT reached.root, handed.delivery_id, sum(reached.share_a_kg * handed.kg) AS share
        FROM reached JOIN handed ON handed.batch_id = reached.batch_id
        GROUP BY reached.root, handed.delivery_id
    ),
    running AS (
        SELECT parts.*, {_WHOLE.format("sum(parts.share) OVER way * made.grams")} AS grams
        FROM parts JOIN made ON made.lot_id = parts.root
        WHERE made.grams > 0
        WINDOW way AS (PARTITION BY parts.root ORDER BY parts.delivery_id)
    ),
    origin AS (
        SELECT root, delivery_id, share, (grams - lag(grams, 1, 0::numeric) OVER way) / 1000 AS kg
        FROM running
        WINDOW way AS (PARTITION BY root ORDER BY delivery_id)
    )
"""  # noqa: S608 - no value is written into it


@dataclass(frozen=True, slots=True)
class Origin:
    """What a lot holds of one delivery."""

    lot: uuid.UUID
    delivery: uuid.UUID
    kg: Decimal
    """Kilos of the lot, to the gram; all origins of a lot add up to what came out as it."""
    share: Decimal
    """The same as a part of one, unrounded."""


def shares_of_lot(lot: uuid.UUID, lots: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """Which part of other lots is made of one, over any number of blends; of itself, all. Those in
    which nothing of it is are left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UP + "SELECT root, sum(share) FROM up WHERE lot_id = %(lot)s GROUP BY root",  # noqa: S608 - written of constants alone
            {"lot": lot, "lots": list(lots)},
        )
        return dict(cursor.fetchall())


def origins(lots: Collection[uuid.UUID]) -> list[Origin]:
    """From which deliveries lots come, in kilos of each lot as it came out of its batch. One
    query. What was not a whole gram of a large blend is zero, and still an origin."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ORIGIN + "SELECT root, delivery_id, kg, share FROM origin ORDER BY root, delivery_id",  # noqa: S608 - written of constants alone
            {"lots": list(lots)},
        )
        return [
            Origin(root, delivery, Decimal(kg).quantize(GRAM), share)
            for root, delivery, kg, share in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class OriginLine:
    """What a lot holds of one delivery, with what a reader asks about it."""

    delivery_id: uuid.UUID
    folio: str
    kg: Decimal
    """Kilos of the lot."""
    delivered_kg: Decimal
    """Net kilos of the whole delivery, as it was handed in."""
    form: str
    certification_class: str
    weighed_on: date
    family_id: uuid.UUID
    family: str
    community_id: int
    community: str
    is_partner: bool
    """Whether the family was a partner on the day: only those kilos count as Fairtrade."""


def origin_lines(lot: Lot) -> list[OriginLine]:
    """The deliveries a lot comes from, the greatest part first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ORIGIN  # noqa: S608 - written of constants alone
            + """
            SELECT delivery.id, delivery.folio, origin.kg, delivery.net_kg, form.name,
                   delivery.certification_class, delivery.weighed_on, family.id, family.name,
                   community.id, community.name, delivery.partner_id IS NOT NULL
            FROM origin
            JOIN harvests_delivery delivery ON delivery.id = origin.delivery_id
            JOIN harvests_productform form ON form.id = delivery.form_id
            JOIN members_family family ON family.id = delivery.family_id
            JOIN members_community community ON community.id = delivery.community_id
            ORDER BY origin.kg DESC, delivery.folio
            """,
            {"lots": [lot.pk]},
        )
        return [
            OriginLine(row[0], row[1], Decimal(row[2]).quantize(GRAM), *row[3:])
            for row in cursor.fetchall()
        ]


_PARTS_OF_ONE = f"""
    {_UP},
    up_to_it AS (
        SELECT batch_id, sum(kg) AS kg, sum(kg) FILTER (WHERE delivery_id = %(delivery)s) AS own_kg
        FROM handed WHERE delivery_id <= %(delivery)s GROUP BY batch_id
    )
    SELECT reached.root,
           ({_WHOLE.format("sum(reached.share_a_kg * up_to_it.kg) * made.grams")}
            - {
    _WHOLE.format(
        "sum(reached.share_a_kg * (up_to_it.kg - coalesce(up_to_it.own_kg, 0))) * made.grams"
    )
}) / 1000
    FROM reached
    JOIN up_to_it ON up_to_it.batch_id = reached.batch_id
    JOIN made ON made.lot_id = reached.root
    GROUP BY reached.root, made.grams
    HAVING bool_or(up_to_it.own_kg IS NOT NULL) AND made.grams > 0
"""  # noqa: S608 - no value is written into it


def parts_of(delivery: Delivery, lots: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What each of these lots holds of one delivery, in kilos of the lot, to the gram: what
    `origins` tells of it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS_OF_ONE, {"lots": list(lots), "delivery": delivery.pk})
        return {root: Decimal(kg).quantize(GRAM) for root, kg in cursor.fetchall()}


# What follows a delivery downstream: the part of each batch that is of it.
_DESTINATIONS = """
    WITH RECURSIVE down (batch_id, share) AS (
        SELECT took.batch_id, round(took.kg / totals.in_kg, 30)
        FROM (SELECT batch_id, -sum(kg) AS kg FROM harvests_stockmovement
              WHERE delivery_id = %(delivery)s GROUP BY batch_id HAVING sum(kg) < 0) took
        JOIN harvests_batchtotals totals ON totals.batch_id = took.batch_id
      UNION ALL
        SELECT batch_id, share
        FROM (
            SELECT used.batch_id,
                   sum(round(down.share * used.kg / totals.in_kg, 30)) OVER ways AS share,
                   row_number() OVER ways AS way
            FROM down
            JOIN harvests_lot made ON made.batch_id = down.batch_id
            CROSS JOIN LATERAL (
                SELECT batch_id, -sum(kg) AS kg FROM harvests_stockmovement
                WHERE lot_id = made.id AND kind = 'input' GROUP BY batch_id HAVING sum(kg) < 0
            ) used
            JOIN harvests_batchtotals totals ON totals.batch_id = used.batch_id
            WINDOW ways AS (PARTITION BY used.batch_id)
        ) step
        WHERE way = 1
    )
    SELECT batch_id, sum(share) FROM down GROUP BY batch_id
"""


def batch_shares(delivery: Delivery) -> dict[uuid.UUID, Decimal]:
    """The part of each batch downstream that is of one delivery, as a part of one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DESTINATIONS, {"delivery": delivery.pk})
        return dict(cursor.fetchall())


_DOWNSTREAM = """
    WITH RECURSIVE down (lot_id) AS (
        SELECT unnest(%(lots)s::uuid[])
      UNION
        SELECT made.id
        FROM down
        CROSS JOIN LATERAL (
            SELECT batch_id FROM harvests_stockmovement
            WHERE lot_id = down.lot_id AND kind = 'input' GROUP BY batch_id HAVING sum(kg) < 0
        ) used
        JOIN harvests_lot made ON made.batch_id = used.batch_id
    )
    SELECT lot_id FROM down
"""


def downstream(lots: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """These lots and all that was made of them, in any number of steps. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWNSTREAM, {"lots": list(lots)})
        return {lot for (lot,) in cursor.fetchall()}


_UPSTREAM = """
    WITH RECURSIVE up (lot_id) AS (
        SELECT unnest(%(lots)s::uuid[])
      UNION
        SELECT used.lot_id
        FROM up
        JOIN harvests_lot made ON made.id = up.lot_id
        CROSS JOIN LATERAL (
            SELECT lot_id FROM harvests_stockmovement
            WHERE batch_id = made.batch_id AND kind = 'input' AND lot_id IS NOT NULL
            GROUP BY lot_id HAVING sum(kg) < 0
        ) used
    )
    SELECT lot_id FROM up
"""


def upstream(lots: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """These lots and all that they were made of, in any number of steps. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_UPSTREAM, {"lots": list(lots)})
        return {lot for (lot,) in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Edge:
    """What a lot upstream took of one source, as a part of the lot that is looked at."""

    lot: uuid.UUID
    source_lot: uuid.UUID | None
    source_community: int | None
    """Where the deliveries that it took come from; None of another lot."""
    share: Decimal


_EDGES = f"""
    {_UP},
    flowed AS (SELECT lot_id, sum(share) AS share FROM up GROUP BY lot_id)
    SELECT flowed.lot_id, took.lot_id, delivery.community_id,
           sum(flowed.share * took.kg / totals.in_kg)
    FROM flowed
    JOIN harvests_lot made ON made.id = flowed.lot_id
    JOIN harvests_batchtotals totals ON totals.batch_id = made.batch_id
    CROSS JOIN LATERAL (
        SELECT delivery_id, lot_id, -sum(kg) AS kg FROM harvests_stockmovement
        WHERE batch_id = made.batch_id AND kind = 'input'
        GROUP BY delivery_id, lot_id HAVING sum(kg) < 0
    ) took
    LEFT JOIN harvests_delivery delivery ON delivery.id = took.delivery_id
    GROUP BY flowed.lot_id, took.lot_id, delivery.community_id
"""  # noqa: S608 - no value is written into it


def edges(lot: Lot) -> list[Edge]:
    """What flowed from communities into lots and from lots into lots on the way to this one, each
    as a part of one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_EDGES, {"lots": [lot.pk]})
        return [Edge(*row) for row in cursor.fetchall()]
