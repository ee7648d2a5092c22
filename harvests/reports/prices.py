"""What was paid for cocoa, against what the market and the Fairtrade floor come to at the farm.

Prices are compared on dry cocoa: wet beans count as kg × dry yield of the day, forms of which the
moisture is asked count as they are. What was paid is all of it, premiums included, over those
kilos: the weighted mean.

A price of the world's market becomes one at the farm gate so (REFERENCE, "Cocoa prices"):

    USD per quintal = (USD per tonne − cost of exporting a tonne) / 22.0462 − cost from farm to port

with the costs of the association's dated rules, and 22.0462 quintals in a tonne. The Fairtrade
floor is an FOB price too and goes the same way; it speaks of conventional cocoa, without the
premium that is paid beside it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F

from harvests.models import MarketPrice
from harvests.reports.drying import Kind, Yields
from harvests.reports.totals import NOTHING
from harvests.rules import FAIRTRADE_FLOOR, FARM_GATE_COST_USD_QQ, FARM_GATE_COST_USD_T
from kallari.rules.declaring import NoRuleInForceError, Rule, Timeline
from kallari.rules.models import RuleValue
from kallari.units import KG_PER, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harvests.models import Product, ProductForm
    from harvests.reports.periods import Span
    from harvests.reports.totals import Totals

KG_PER_QQ = KG_PER[Unit.QQ.value]
QQ_PER_TONNE = Decimal(1000) / KG_PER_QQ
OLDEST_PRICE = timedelta(days=45)
"""How long a market price is taken for that of the days after it: somebody notes one a month."""


class Rules:
    """What lies between the market and the farm, and the Fairtrade floor, through time. One
    query."""

    def __init__(self) -> None:
        asked = (FARM_GATE_COST_USD_T, FARM_GATE_COST_USD_QQ, FAIRTRADE_FLOOR)
        rows = RuleValue.objects.filter(key__in=[rule.key for rule in asked])
        oldest_first = F("valid_from").asc(
            nulls_first=True
        )  # without history: it is read, not written
        self._rows = list(rows.order_by(oldest_first))
        self._per_tonne, self._per_qq, self._floor = (self._timeline(rule) for rule in asked)

    def _timeline(self, rule: Rule[Decimal]) -> Timeline[Decimal]:
        values = (
            (row.valid_from or date.min, rule.kind.typed(row.value))
            for row in self._rows
            if row.key == rule.key
        )
        return Timeline(rule.key, tuple(values))

    def row_on(self, rule: Rule[Decimal], day: date) -> RuleValue | None:
        """Return the row in force on a day, with its source."""
        begun = [
            row
            for row in self._rows
            if row.key == rule.key and (row.valid_from is None or row.valid_from <= day)
        ]
        return begun[-1] if begun else None

    def farm_gate(self, usd_per_tonne: Decimal, day: date) -> Decimal:
        """Return USD per quintal of dry cocoa at the farm gate for an FOB price.

        With the costs that are shipped, 3,226 USD/t: (3226 − 700) / 22.0462 − 13 = 101.58.
        """
        at_port = (usd_per_tonne - self._per_tonne.on(day)) / QQ_PER_TONNE
        return at_port - self._per_qq.on(day)

    def floor(self, day: date) -> Decimal | None:
        """The Fairtrade floor in USD per tonne; None before the first that is known."""
        try:
            return self._floor.on(day)
        except NoRuleInForceError:
            return None


class Market:
    """What a quintal of dry cocoa was worth at the farm gate, day by day. Two queries."""

    def __init__(self, product: Product, first: date, last: date) -> None:
        rows = MarketPrice.objects.filter(
            product=product, day__range=(first - OLDEST_PRICE, last)
        ).order_by("day")
        self.rows = list(rows)
        self._days = [row.day for row in self.rows]
        self.rules = Rules()
        self._references: dict[date, Decimal | None] = {}
        self._floors: dict[date, Decimal | None] = {}

    @property
    def sources(self) -> list[str]:
        """Where the prices were looked up, each once."""
        return list(dict.fromkeys(row.source for row in self.rows))

    def price_on(self, day: date) -> MarketPrice | None:
        """Return the newest price noted by a day, unless it is too old to speak of it."""
        place = bisect_right(self._days, day) - 1
        if place < 0 or day - self._days[place] > OLDEST_PRICE:
            return None
        return self.rows[place]

    def reference(self, day: date) -> Decimal | None:
        """The market's, USD per quintal."""
        if day not in self._references:
            row = self.price_on(day)
            self._references[day] = (
                None if row is None else self.rules.farm_gate(row.usd_per_tonne, day)
            )
        return self._references[day]

    def floor(self, day: date) -> Decimal | None:
        """The Fairtrade floor's, USD per quintal; None before the first that is known."""
        if day not in self._floors:
            floor = self.rules.floor(day)
            self._floors[day] = None if floor is None else self.rules.farm_gate(floor, day)
        return self._floors[day]


@dataclass
class Paid:
    """What was paid for kilos of dry cocoa, and what the same kilos would have been worth at the
    market's price and at the floor. Each has its own kilos: those of days on which it is known."""

    kg: Decimal = NOTHING
    usd: Decimal = NOTHING
    market_kg: Decimal = NOTHING
    market_usd: Decimal = NOTHING
    floor_kg: Decimal = NOTHING
    floor_usd: Decimal = NOTHING

    def add(self, day: date, kg: Decimal, usd: Decimal, market: Market) -> None:
        self.kg += kg
        self.usd += usd
        if (reference := market.reference(day)) is not None:
            self.market_kg += kg
            self.market_usd += reference * kg / KG_PER_QQ
        if (floor := market.floor(day)) is not None:
            self.floor_kg += kg
            self.floor_usd += floor * kg / KG_PER_QQ

    @property
    def per_kg(self) -> Decimal | None:
        """USD for a kilo of dry cocoa."""
        return self.usd / self.kg if self.kg else None

    @property
    def per_qq(self) -> Decimal | None:
        """USD for a quintal of dry cocoa."""
        return self.usd * KG_PER_QQ / self.kg if self.kg else None

    @property
    def market_per_qq(self) -> Decimal | None:
        return self.market_usd * KG_PER_QQ / self.market_kg if self.market_kg else None

    @property
    def floor_per_qq(self) -> Decimal | None:
        return self.floor_usd * KG_PER_QQ / self.floor_kg if self.floor_kg else None

    @property
    def above_market_percent(self) -> Decimal | None:
        """By how much what was paid lies above the market's price, in percent of that; below, when
        negative."""
        return _above(self.per_qq, self.market_per_qq)

    @property
    def above_floor_percent(self) -> Decimal | None:
        return _above(self.per_qq, self.floor_per_qq)


class DryKilos:
    """How many kilos of dry product the kilos of a form are on a day."""

    def __init__(self, forms: Mapping[int, ProductForm], yields: Yields) -> None:
        self._forms = forms
        self._yields = yields

    def of(self, form: int, kg: Decimal, day: date) -> Decimal | None:
        """None where nobody knows: no yield on that day, and not a form that arrives dry."""
        figure = self._yields.on(form, Kind.DRY_YIELD, day)
        if figure is not None:
            return kg * figure.value
        return kg if self._forms[form].asks_moisture else None


def paid(
    totals: Totals, dry: DryKilos, market: Market, place: Callable[[date, Span], int]
) -> dict[int, Paid]:
    """Return what was paid in each step of the period, on dry cocoa."""
    found: dict[int, Paid] = {}
    for day, form, group in totals.by_day_and_form():
        if not group.kg:
            continue
        kg = dry.of(form, group.kg, day)
        if kg is not None:
            step = found.setdefault(place(day, totals.span), Paid())
            step.add(day, kg, group.amount_usd + group.premium_usd, market)
    return found


def together(steps: Mapping[int, Paid]) -> Paid:
    """Return what the steps add up to."""
    whole = Paid()
    for one in steps.values():
        for name in ("kg", "usd", "market_kg", "market_usd", "floor_kg", "floor_usd"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole


def _above(price: Decimal | None, other: Decimal | None) -> Decimal | None:
    if price is None or other is None or other <= 0:
        return None
    return (price - other) * 100 / other
