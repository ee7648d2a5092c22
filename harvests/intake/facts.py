"""All that is known about many drafts, in one question to the database."""

from __future__ import annotations

import json
import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from harvests.intake.reading import Draft
from harvests.models import STRONGEST_FIRST
from harvests.price import Price
from harvests.services.locks import SHARE_PRICES
from kallari.dates import months_later
from kallari.prepared import Prepared
from members.querysets.reach import sees_every_community

if TYPE_CHECKING:
    from kallari.accounts.models import User

CLASSES = STRONGEST_FIRST
ORGANIC, TRANSITION, CONVENTIONAL = range(3)
"""Their places among `CLASSES`: a greater one is weaker."""
HERE = ZoneInfo("America/Guayaquil")

_FACTS = Prepared(
    "harvests_facts",
    """
WITH fam AS MATERIALIZED (
    SELECT id, community_id, closed_on FROM members_family
    WHERE id IN (SELECT unnest(%(families)s)
                 UNION SELECT family_id FROM members_partner WHERE id = ANY (%(partners)s))
), form AS MATERIALIZED (
    SELECT f.id, f.code, f.counted, f.retired_on, f.product_id, p.kind
    FROM harvests_productform f JOIN harvests_product p ON p.id = f.product_id
    WHERE f.code = ANY (%(forms)s)
), chakra AS MATERIALIZED (
    SELECT id, family_id, closed_on FROM members_chakra
    WHERE family_id IN (SELECT id FROM fam)
)
SELECT json_build_object(
    'families',
    (SELECT json_agg(json_build_array(id, community_id, closed_on)) FROM fam),
    'partners',
    (SELECT json_agg(json_build_array(id, family_id, registered_on, ended_on))
     FROM members_partner WHERE family_id IN (SELECT id FROM fam)),
    'chakras',
    (SELECT json_agg(json_build_array(id, family_id, closed_on) ORDER BY id) FROM chakra),
    'certified',
    (SELECT json_agg(json_build_array(c.chakra_id, c.status, c.starts_on, c.ends_on))
     FROM members_chakracertification c
     WHERE c.chakra_id IN (SELECT id FROM chakra)
       AND c.status IN ('certified', 't1', 't2', 't3')
       AND c.starts_on <= %(last_day)s AND (c.ends_on IS NULL OR c.ends_on > %(first_day)s)
       AND c.scheme_id IN (SELECT id FROM members_certificationscheme WHERE kind = 'organic')),
    'forms',
    (SELECT json_agg(json_build_array(id, code, counted, retired_on, product_id, kind)) FROM form),
    'qualities',
    (SELECT json_agg(json_build_array(id, code, form_id, is_default))
     FROM harvests_quality WHERE form_id IN (SELECT id FROM form)),
    'varieties',
    (SELECT json_agg(json_build_array(id, code, product_id))
     FROM harvests_variety WHERE product_id IN (SELECT product_id FROM form)),
    'centers',
    (SELECT json_agg(json_build_array(id, code, closed_on)) FROM harvests_collectioncenter),
    'figures',
    (SELECT json_agg(json_build_array(form_id, kind, valid_from, value::text))
     FROM harvests_formfigure WHERE form_id IN (SELECT id FROM form)),
    'prices',
    (SELECT json_agg(json_build_array(form_id, quality_id, certification_class, id,
                                      price_usd::text, premium_usd::text, unit, valid_from)
                     ORDER BY valid_from, price_list_id)
     FROM (SELECT l.*, s.valid_from, lead(s.valid_from) OVER (
               PARTITION BY l.form_id, l.quality_id, l.certification_class
               ORDER BY s.valid_from, s.id) AS until
           FROM harvests_priceline l JOIN harvests_pricelist s ON s.id = l.price_list_id
           WHERE l.form_id IN (SELECT id FROM form) AND s.published_at IS NOT NULL
             AND s.valid_from <= %(last_at)s) line
     WHERE until IS NULL OR until > %(first_at)s),
    'taken',
    (SELECT json_agg(json_build_array(id, content_digest, folio, status))
     FROM harvests_delivery WHERE id = ANY (%(ids)s)),
    'reach',
    (SELECT json_agg(community_id) FROM members_communityassignment WHERE user_id = %(user)s),
    'rules',
    (SELECT json_object_agg(day, json_build_array(
            kallari_rule_value('delivery.double_percent', day),
            kallari_rule_value('yield.warn_share_of_estimate', day),
            kallari_rule_value('delivery.clock_tolerance_seconds', day)))
     FROM unnest(%(days)s) day)
)
""",
    {
        "families": "uuid[]",
        "partners": "uuid[]",
        "forms": "text[]",
        "ids": "uuid[]",
        "days": "date[]",
        "first_day": "date",
        "last_day": "date",
        "first_at": "timestamptz",
        "last_at": "timestamptz",
        "user": "bigint",
    },
)


@dataclass(frozen=True, slots=True)
class Form:
    """A product form, as far as intake asks."""

    id: int
    is_weighed: bool
    retired_on: date | None
    product: int
    kind: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that is on record under a key."""

    digest: str
    folio: str
    status: str


@dataclass(slots=True)
class Facts:
    """What is known. Keys of families, partners and chakras are UUIDs as text, as JSON has them."""

    families: dict[str, tuple[int, date | None]] = field(default_factory=dict)
    partners: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, list[tuple[str, date, date | None]]] = field(default_factory=dict)
    chakras: dict[str, list[tuple[str, date | None]]] = field(default_factory=dict)
    certified: dict[str, list[tuple[int, date, date | None]]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    qualities: dict[tuple[int, str], int] = field(default_factory=dict)
    usual_quality: dict[int, int] = field(default_factory=dict)
    varieties: dict[tuple[int, str], int] = field(default_factory=dict)
    centers: dict[str, tuple[int, date | None]] = field(default_factory=dict)
    figures: dict[tuple[int, str], list[tuple[date, Decimal]]] = field(default_factory=dict)
    prices: dict[tuple[int, int, str], tuple[list[datetime], list[Price]]] = field(
        default_factory=dict
    )
    taken: dict[str, Taken] = field(default_factory=dict)
    reach: frozenset[int] | None = None
    """The communities in which the actor works; None for all."""
    rules: dict[date, tuple[Decimal, Decimal, int]] = field(default_factory=dict)
    """By day: percent of doubles, percent of an estimate, seconds of a clock."""

    def membership_on(self, family: str, day: date) -> str | None:
        """The registered partner of a family on a day."""
        for partner, since, until in self.memberships.get(family, ()):
            if since <= day and (until is None or day < until):
                return partner
        return None

    def open_chakras(self, family: str, day: date) -> list[str]:
        """Those that the family worked on a day."""
        return [
            chakra
            for chakra, closed in self.chakras.get(family, ())
            if closed is None or day < closed
        ]

    def class_of(self, chakra: str, day: date) -> int:
        """As what a chakra's harvest counted on a day: organic where it was certified under an
        organic scheme; in transition from its second year on (Regulation (EU) 2018/848, art. 10:
        "in-conversion" needs twelve months); else conventional."""
        strongest = CONVENTIONAL
        for rank, since, until in self.certified.get(chakra, ()):
            if rank < strongest and since <= day and (until is None or day < until):
                strongest = rank
        return strongest

    def figure(self, form: int, kind: str, day: date) -> Decimal | None:
        """What a dated figure of a form says on a day."""
        begun = [value for since, value in self.figures.get((form, kind), ()) if since <= day]
        return begun[-1] if begun else None

    def price(self, form: int, quality: int, rank: int, at: datetime) -> Price | None:
        """The newest published price at an instant, for the strongest class that is not above
        `rank`: organic kilos without an organic price are paid as the next class."""
        for name in CLASSES[rank:]:
            begins, prices = self.prices.get((form, quality, name), ([], []))
            place = bisect_right(begins, at)
            if place:
                return prices[place - 1]
        return None


RANKS: dict[str, int] = {"certified": ORGANIC, "t1": TRANSITION, "t2": TRANSITION, "t3": TRANSITION}


def local_day(instant: datetime) -> date:
    """The day at the association."""
    return instant.astimezone(HERE).date()


def gather(drafts: Sequence[Draft], *, actor: User, instants: Sequence[datetime]) -> Facts:
    """Return all that is known about the drafts. One query, in which the lock on prices is taken
    first, shared, so that no list is published between reading prices and writing amounts.

    Args:
        instants: when they were weighed.
    """
    days = {local_day(one) for one in instants}
    params: dict[str, Any] = {
        "families": list({str(one.family) for one in drafts if one.family is not None}),
        "partners": list({str(one.partner) for one in drafts if one.partner is not None}),
        "forms": list({one.form for one in drafts}),
        "ids": [str(one.id) for one in drafts],
        "days": list(days),
        "first_day": min(days),
        "last_day": max(days),
        "first_at": min(instants),
        "last_at": max(instants),
        "user": actor.pk,
    }
    with connection.cursor() as cursor:
        _FACTS.execute(cursor, params, first=f"{SHARE_PRICES};")
        known = cursor.fetchone()[0]
    return _typed(known if isinstance(known, dict) else json.loads(known), actor)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _typed(known: Mapping[str, Any], actor: User) -> Facts:
    """The facts, from the lists of rows that `_FACTS` answers with; None for an empty one."""
    facts = Facts()
    facts.families = {
        key: (community, _day(closed)) for key, community, closed in known["families"] or ()
    }
    memberships: dict[str, list[Any]] = defaultdict(list)
    for key, family, since, until in known["partners"] or ():
        facts.partners[key] = family
        if since is not None:
            memberships[family].append((key, date.fromisoformat(since), _day(until)))
    facts.memberships = memberships
    worked: dict[str, list[Any]] = defaultdict(list)
    for key, family, closed in known["chakras"] or ():
        worked[family].append((key, _day(closed)))
    facts.chakras = worked
    statuses: dict[str, list[Any]] = defaultdict(list)
    for chakra, status, since, until in known["certified"] or ():
        statuses[chakra].append((RANKS[status], date.fromisoformat(since), _day(until)))
    facts.certified = statuses
    for key, code, counted, retired, product, kind in known["forms"] or ():
        facts.forms[code] = Form(key, counted == "weight", _day(retired), product, kind)
    for key, code, form, is_default in known["qualities"] or ():
        facts.qualities[form, code] = key
        if is_default:
            facts.usual_quality[form] = key
    facts.varieties = {(product, code): key for key, code, product in known["varieties"] or ()}
    facts.centers = {code: (key, _day(closed)) for key, code, closed in known["centers"] or ()}
    dated: dict[tuple[int, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for form, kind, since, value in known["figures"] or ():
        dated[form, kind].append((_day(since) or date.min, Decimal(value)))
    facts.figures = {key: sorted(values) for key, values in dated.items()}
    lines: dict[tuple[int, int, str], tuple[list[datetime], list[Price]]] = {}
    for form, quality, name, line, price, premium, unit, since in known["prices"] or ():
        begins, worth = lines.setdefault((form, quality, name), ([], []))
        begins.append(datetime.fromisoformat(since))
        worth.append(Price(Decimal(price), Decimal(premium), unit, line))
    facts.prices = lines
    facts.taken = {
        key: Taken(digest, folio, status) for key, digest, folio, status in known["taken"] or ()
    }
    facts.reach = None if sees_every_community(actor) else frozenset(known["reach"] or ())
    facts.rules = {
        date.fromisoformat(day): (Decimal(double), Decimal(share), int(seconds))
        for day, (double, share, seconds) in (known["rules"] or {}).items()
    }
    return facts


def ripe_from(pollinated_on: date, months: Decimal) -> date:
    """The first day on which a pod is ripe."""
    return months_later(pollinated_on, int(months))


def as_text(key: uuid.UUID | None) -> str | None:
    """A key as JSON has it."""
    return None if key is None else str(key)
