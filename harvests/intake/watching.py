"""Folios, and what somebody should look at: possible doubles, quotas, estimates. Asked once the
folios are locked, so that of two that arrive at once the second sees the first."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection

from harvests.intake.facts import Facts
from harvests.intake.valuing import Alert, Valued
from kallari.prepared import Prepared

LOCK_FAMILIES = """
    SELECT pg_advisory_xact_lock(hashtext('harvests_families'), place)
    FROM (SELECT DISTINCT hashtext(family::text) & 127 AS place
          FROM unnest(%(families)s::uuid[]) family ORDER BY place) ordered;
"""
"""So that of two deliveries of one family at two centers, which wait for no folio of each other,
the second sees the first. By 128 shared places: the database keeps room for a few thousand locks,
and a push brings five hundred families."""
_NUMBER = """
    -- # without history: a counter; each number stands in a delivery's history
    INSERT INTO harvests_folioseries AS series (center_id, year, last)
    SELECT * FROM unnest(%(centers)s::bigint[], %(folio_years)s::int[], %(numbers)s::int[])
    ON CONFLICT (center_id, year) DO UPDATE SET last = series.last + excluded.last;
"""
_OTHERS = Prepared(
    "harvests_others",
    """
SELECT json_build_object(
    'folios',
    (SELECT json_agg(json_build_array(s.center_id, s.year, s.last))
     FROM unnest(%(centers)s, %(folio_years)s) AS drawn (center, year)
     JOIN harvests_folioseries s ON s.center_id = drawn.center AND s.year = drawn.year),
    'same_day',
    (SELECT json_agg(json_build_array(d.id, d.family_id, f.product_id, d.weighed_on,
                                      coalesce(d.net_kg, d.quantity)::text, d.unit = 'piece'))
     FROM unnest(%(pair_families)s, %(pair_days)s) AS pair (family_id, day)
     JOIN harvests_delivery d ON d.family_id = pair.family_id AND d.weighed_on = pair.day
     JOIN harvests_productform f ON f.id = d.form_id
     WHERE d.status = 'valid'),
    'quotas',
    (SELECT json_agg(json_build_array(
         q.id, q.form_id, q.community_id, q.family_id, q.starts_on, q.ends_on, q.limit_kg::text,
         (SELECT coalesce(sum(d.net_kg), 0)::text FROM harvests_delivery d
          WHERE d.form_id = q.form_id AND d.status = 'valid'
            AND d.weighed_on BETWEEN q.starts_on AND q.ends_on
            AND (q.family_id IS NULL OR d.family_id = q.family_id)
            AND (q.community_id IS NULL OR d.community_id = q.community_id))))
     FROM harvests_quota q
     WHERE q.withdrawn_on IS NULL AND q.form_id = ANY (%(forms)s)
       AND q.starts_on <= %(last_day)s AND q.ends_on >= %(first_day)s
       AND (q.family_id IS NULL OR q.family_id = ANY (%(families)s))
       AND (q.community_id IS NULL OR q.community_id = ANY (%(communities)s))),
    'estimates',
    (SELECT json_agg(json_build_array(
         e.chakra_id, e.product, e.year, e.estimated_kg::text,
         (SELECT coalesce(sum(s.net_kg), 0)::text
          FROM harvests_deliveryshare s
          JOIN harvests_delivery d ON d.id = s.delivery_id AND d.status = 'valid'
          JOIN harvests_productform f ON f.id = d.form_id
          JOIN harvests_product p ON p.id = f.product_id AND p.kind = e.product
          WHERE s.chakra_id = e.chakra_id
            AND s.weighed_on BETWEEN make_date(e.year, 1, 1) AND make_date(e.year, 12, 31))))
     FROM members_yieldestimate e
     WHERE e.chakra_id = ANY (%(chakras)s) AND e.year = ANY (%(years)s)
       AND e.product = ANY (%(kinds)s))
)
""",
    {
        "centers": "bigint[]",
        "folio_years": "int[]",
        "pair_families": "uuid[]",
        "pair_days": "date[]",
        "families": "uuid[]",
        "communities": "bigint[]",
        "forms": "bigint[]",
        "kinds": "text[]",
        "first_day": "date",
        "last_day": "date",
        "years": "int[]",
        "chakras": "uuid[]",
    },
)


def number_and_watch(deliveries: Sequence[Valued], facts: Facts) -> None:
    """Draw the next folios of each center and year of weighing, TENA-2026-000042, and add to each
    delivery the alerts that others give rise to. One journey to the database.

    Families and series stay locked until the transaction ends, in this order: numbers follow each
    other without a gap, and of two that arrive at once the second sees the first. A delivery that
    is superseded by one of these counts no more: the caller has ended it.
    """
    wanted = Counter((one.center, one.weighed_on.year) for one in deliveries)
    series = sorted(wanted)  # locked in one order
    days = sorted({one.weighed_on for one in deliveries})
    pairs = list({(one.family, one.weighed_on) for one in deliveries})
    params: dict[str, Any] = {
        "centers": [center for center, _year in series],
        "folio_years": [year for _center, year in series],
        "numbers": [wanted[one] for one in series],
        "pair_families": [family for family, _day in pairs],
        "pair_days": [day for _family, day in pairs],
        "families": list({one.family for one in deliveries}),
        "communities": list({one.community for one in deliveries}),
        "forms": list({one.form.id for one in deliveries}),
        "kinds": list({one.form.kind for one in deliveries}),
        "first_day": days[0],
        "last_day": days[-1],
        "years": list({day.year for day in days}),
        "chakras": [chakra for one in deliveries for chakra, _share, _kg in one.shares],
    }
    with connection.cursor() as cursor:
        _OTHERS.execute(cursor, params, first=LOCK_FAMILIES + _NUMBER)
        others = cursor.fetchone()[0]
    _number(deliveries, {(center, year): last for center, year, last in others["folios"]}, wanted)
    _watch_doubles(deliveries, others["same_day"] or (), facts)
    _watch_quotas(deliveries, others["quotas"] or ())
    _watch_estimates(deliveries, others["estimates"] or (), facts)


def _number(
    deliveries: Sequence[Valued],
    last: Mapping[tuple[int, int], int],
    drawn: Mapping[tuple[int, int], int],
) -> None:
    following = {one: count(last[one] - number + 1) for one, number in drawn.items()}
    for one in deliveries:
        year = one.weighed_on.year
        one.folio_year, one.folio_number = year, next(following[one.center, year])
        one.folio = f"{one.center_code}-{year}-{one.folio_number:06d}"


def _watch_doubles(deliveries: Sequence[Valued], rows: Sequence[Any], facts: Facts) -> None:
    """The same family, product and day, and a weight within the percentage of the rule
    ``delivery.double_percent`` of the heavier one."""
    seen: dict[tuple[str, int, date, bool], list[tuple[str, Decimal]]] = defaultdict(list)
    for key, family, product, day, weight, is_piece in rows:
        seen[family, product, date.fromisoformat(day), is_piece].append((key, Decimal(weight)))
    for one in deliveries:
        place = (one.family, one.form.product, one.weighed_on, one.net_kg is None)
        weight = one.draft.quantity if one.net_kg is None else one.net_kg
        percent = facts.rules[one.weighed_on][0]
        for key, other in seen[place]:
            if abs(weight - other) * 100 <= percent * max(weight, other):
                one.alerts.append(Alert("double", {}, other=key))
                break
        seen[place].append((str(one.draft.id), weight))


def _watch_quotas(deliveries: Sequence[Valued], rows: Sequence[Any]) -> None:
    for quota, form, community, family, starts, ends, limit, delivered in rows:
        limit_kg, so_far = Decimal(limit), Decimal(delivered)
        first, last = date.fromisoformat(starts), date.fromisoformat(ends)
        for one in deliveries:
            if (
                one.form.id != form
                or not first <= one.weighed_on <= last
                or (community is not None and one.community != community)
                or (family is not None and one.family != family)
                or one.net_kg is None
            ):
                continue
            so_far += one.net_kg
            if so_far > limit_kg:
                one.alerts.append(
                    Alert(
                        "quota",
                        {"quota": quota, "limit_kg": str(limit_kg), "with_this_kg": str(so_far)},
                    )
                )


def _watch_estimates(deliveries: Sequence[Valued], rows: Sequence[Any], facts: Facts) -> None:
    expected = {
        (chakra, product, year): [Decimal(estimated), Decimal(delivered)]
        for chakra, product, year, estimated, delivered in rows
    }
    for one in deliveries:
        for chakra, _share, kilos in one.shares:
            figures = expected.get((chakra, one.form.kind, one.weighed_on.year))
            if figures is None or kilos is None:
                continue
            figures[1] += kilos
            percent = facts.rules[one.weighed_on][1]
            if figures[1] * 100 > figures[0] * percent:
                one.alerts.append(
                    Alert(
                        "above_estimate",
                        {
                            "chakra": str(uuid.UUID(chakra)),
                            "estimated_kg": str(figures[0]),
                            "with_this_kg": str(figures[1]),
                        },
                    )
                )
