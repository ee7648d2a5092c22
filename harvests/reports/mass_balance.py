"""Mass balance of a product: what was on hand, received, lost in processes, handed out, and is on
hand, by certification class and for what partners brought (Fairtrade).

Everything is added up from the deliveries and the ledger of movements as they stand now, each at
its day; what was bought before this program is received as it is used, for nobody knows how much
of it was left. A process that is under way holds its kilos; once it ended, what did not come out is
lost. What a stronger class gives to a mixture has moved to the weaker one.

    on hand before + received + moved between classes
        − lost − handed out − written off = on hand after

holds to the gram for every line, and `Balance.difference` is what would be left over.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from harvests.models import (
    STRONGEST_FIRST,
    Batch,
    Delivery,
    Lot,
    StockAdjustment,
    StockBalance,
    StockMovement,
)
from kallari.units import GRAM, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvests.models import Product
    from harvests.reports.periods import Span

NOTHING = Decimal(0)
Kind = StockMovement.Kind
_FLOWS = ("received", "processed", "moved", "lost", "dispatched", "written_off")
_PLACES = ("unused", "under_way", "in_lots")


@dataclass(slots=True)
class OnHand:
    """Kilos there are at the end of a day."""

    unused: Decimal = NOTHING
    """Handed in, in no process yet."""
    under_way: Decimal = NOTHING
    """In processes that have not ended."""
    in_lots: Decimal = NOTHING

    @property
    def kg(self) -> Decimal:
        """All of it."""
        return self.unused + self.under_way + self.in_lots


@dataclass(slots=True)
class Balance:
    """One line of the mass balance: a class, or what partners brought."""

    key: str
    before: OnHand = field(default_factory=OnHand)
    after: OnHand = field(default_factory=OnHand)
    received: Decimal = NOTHING
    processed: Decimal = NOTHING
    """What went into processes: told beside, because it is no change of what there is."""
    moved: Decimal = NOTHING
    """Came from a stronger class (above zero) or went to a weaker one (below)."""
    lost: Decimal = NOTHING
    dispatched: Decimal = NOTHING
    written_off: Decimal = NOTHING

    @property
    def difference(self) -> Decimal:
        """What does not add up: zero."""
        came = self.before.kg + self.received + self.moved
        return came - self.lost - self.dispatched - self.written_off - self.after.kg


@dataclass(slots=True)
class _Batch:
    """What a batch took and gave until a day, by class."""

    ended_on: date | None
    took: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    gave: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def is_over(self, span: Span, *, is_after: bool) -> bool:
        """Whether it had ended before the days, or by their end."""
        return self.ended_on is not None and (is_after or self.ended_on < span.first)


@dataclass(frozen=True)
class _Line:
    """Movements of one source kind, added up."""

    batch: uuid.UUID | None
    made_in: uuid.UUID | None
    """The batch that its lot came out of."""
    is_delivery: bool
    is_partner: bool
    is_earlier: bool
    """Of a delivery from before this program: it is received as it is used."""
    kind: str
    of_class: str
    before: Decimal
    within: Decimal


class MassBalance:
    """The mass balance of a product over some days. About eight queries, whatever there is."""

    def __init__(self, product: Product, span: Span) -> None:
        self.product, self.span = product, span

    # --- What is asked ----------------------------------------------------------------------------

    @cached_property
    def _lines(self) -> list[_Line]:
        before = models.Q(moved_on__lt=self.span.first)
        within = models.Q(moved_on__gte=self.span.first, moved_on__lte=self.span.last)
        rows = (
            StockMovement.objects.filter(
                models.Q(lot__form__product=self.product)
                | models.Q(delivery__form__product=self.product),
                moved_on__lte=self.span.last,
            )
            .values_list("batch", "lot__batch", "kind", "certification_class")
            .annotate(
                of_delivery=models.Q(delivery__isnull=False),
                of_partner=models.Q(delivery__partner__isnull=False),
                of_earlier=models.Q(delivery__isnull=False, delivery__via=Delivery.Via.IMPORT),
                before=models.Sum("kg", filter=before),
                within=models.Sum("kg", filter=within),
            )
            .order_by()
        )
        return [
            _Line(
                batch=batch,
                made_in=made_in,
                is_delivery=of_delivery,
                is_partner=of_partner,
                is_earlier=of_earlier,
                kind=kind,
                of_class=of_class,
                before=old or NOTHING,
                within=new or NOTHING,
            )
            for (
                batch,
                made_in,
                kind,
                of_class,
                of_delivery,
                of_partner,
                of_earlier,
                old,
                new,
            ) in rows
        ]

    @cached_property
    def _ended(self) -> dict[uuid.UUID, date]:
        keys = {line.batch for line in self._lines if line.batch is not None}
        last = timezone.make_aware(datetime.combine(self.span.last + timedelta(days=1), time()))
        rows = Batch.objects.filter(pk__in=keys, ended_at__lt=last).values_list("pk", "ended_at")
        return {key: timezone.localdate(at) for key, at in rows}

    @cached_property
    def _received(self) -> dict[tuple[str, bool], tuple[Decimal, Decimal]]:
        """By class and whether of a partner: before the days, and within them."""
        first, last = self.span.first, self.span.last
        rows = (
            Delivery.objects.valid()
            .filter(form__product=self.product, net_kg__isnull=False, weighed_on__lte=last)
            .exclude(via=Delivery.Via.IMPORT)
            .values_list("certification_class")
            .annotate(
                of_partner=models.Q(partner__isnull=False),
                before=models.Sum("net_kg", filter=models.Q(weighed_on__lt=first)),
                within=models.Sum("net_kg", filter=models.Q(weighed_on__gte=first)),
            )
            .order_by()
        )
        return {
            (of_class, of_partner): (old or NOTHING, new or NOTHING)
            for of_class, of_partner, old, new in rows
        }

    # --- By class ---------------------------------------------------------------------------------

    @cached_property
    def classes(self) -> list[Balance]:
        """One line a class, the strongest first."""
        found = {name: Balance(name) for name in STRONGEST_FIRST}
        for (name, _of_partner), (before, within) in self._received.items():
            found[name].received += within
            found[name].before.unused += before
            found[name].after.unused += before + within
        for line in self._lines:
            self._add(found[line.of_class], line)
        self._add_batches(found)
        return [found[name] for name in STRONGEST_FIRST]

    @cached_property
    def total(self) -> Balance:
        """All classes together: nothing moves between them any more."""
        total = Balance("total")
        for one in self.classes:
            for name in _FLOWS:
                setattr(total, name, getattr(total, name) + getattr(one, name))
            for there, of_one in ((total.before, one.before), (total.after, one.after)):
                for name in _PLACES:
                    setattr(there, name, getattr(there, name) + getattr(of_one, name))
        return total

    def _add(self, balance: Balance, line: _Line) -> None:
        """What a line of the ledger says, but for what batches keep or lose."""
        if line.is_earlier:
            balance.received -= line.within
        elif line.is_delivery:
            balance.before.unused += line.before
            balance.after.unused += line.before + line.within
        else:
            balance.before.in_lots += line.before
            balance.after.in_lots += line.before + line.within
        if line.kind == Kind.INPUT:
            balance.processed -= line.within
        elif line.kind == Kind.DISPATCH:
            balance.dispatched -= line.within
        elif line.kind == Kind.ADJUSTMENT:
            balance.written_off -= line.within
        elif line.kind == Kind.RECLASS:
            balance.moved += line.within

    def _add_batches(self, found: Mapping[str, Balance]) -> None:
        for is_after in (False, True):
            for batch in self._batches(is_after=is_after).values():
                sign = 1 if is_after else -1
                names = {name for name in STRONGEST_FIRST if batch.took[name] or batch.gave[name]}
                if not names:
                    continue
                if not batch.is_over(self.span, is_after=is_after):
                    for name in names:
                        there = found[name].after if is_after else found[name].before
                        there.under_way += batch.took[name] - batch.gave[name]
                    continue
                weakest = max(names, key=STRONGEST_FIRST.index)
                for name in names - {weakest}:
                    kept = batch.took[name] - batch.gave[name]
                    found[name].moved -= sign * kept
                    found[weakest].moved += sign * kept
                lost = sum(batch.took.values()) - sum(batch.gave.values())
                found[weakest].lost += sign * lost

    def _batches(self, *, is_after: bool) -> dict[uuid.UUID, _Batch]:
        """What each batch had taken and given before the days, or at their end."""
        found: dict[uuid.UUID, _Batch] = {}
        for line in self._lines:
            if line.batch is None:
                continue
            batch = found.setdefault(line.batch, _Batch(self._ended.get(line.batch)))
            kg = self._until(line, is_after=is_after)
            if line.kind == Kind.INPUT:
                batch.took[line.of_class] -= kg
            else:
                batch.gave[line.of_class] += kg
        return found

    # --- What partners brought --------------------------------------------------------------------

    @cached_property
    def partners(self) -> Balance:
        """What may be sold as Fairtrade: partners' kilos, and their part of every lot.

        At the end of a day every kilo is of partners to the part that its batch had taken of theirs
        by then, so that the end of one month is the beginning of the next. A batch that is filled
        on changes that part for what it gave before, too: that shows in what left meanwhile.
        """
        before, after = self._partners_until(is_after=False), self._partners_until(is_after=True)
        found = Balance("fairtrade", before=before.after, after=after.after)
        for name in _FLOWS:
            setattr(found, name, getattr(after, name) - getattr(before, name))
        for row, names in (
            (found, _FLOWS),
            (found.before, _PLACES),
            (found.after, _PLACES),
        ):
            for name in names:
                setattr(row, name, rounded(getattr(row, name), GRAM))
        if abs(found.difference) <= GRAM * len(_FLOWS + 2 * _PLACES) / 2:
            found.lost += found.difference  # what rounding to the gram has left over
        return found

    def _partners_until(self, *, is_after: bool) -> Balance:
        """All that ever happened to partners' kilos until before the days, or until their end."""
        found = Balance("fairtrade")
        for (_name, of_partner), (before, within) in self._received.items():
            if of_partner:
                kg = before + within if is_after else before
                found.received += kg
                found.after.unused += kg
        shares = self._partner_shares(is_after=is_after)
        for line in self._lines:
            if line.kind != Kind.RECLASS:
                kg = self._until(line, is_after=is_after) * self._share(line, shares)
                self._add(found, replace(line, before=NOTHING, within=kg))
        for key, batch in self._batches(is_after=is_after).items():
            kept = sum(batch.took.values()) - sum(batch.gave.values())
            of_partners = kept * shares.get(key, NOTHING)
            if batch.is_over(self.span, is_after=is_after):
                found.lost += of_partners
            else:
                found.after.under_way += of_partners
        return found

    @staticmethod
    def _until(line: _Line, *, is_after: bool) -> Decimal:
        return line.before + line.within if is_after else line.before

    @staticmethod
    def _share(line: _Line, shares: Mapping[uuid.UUID, Decimal]) -> Decimal:
        if line.is_delivery:
            return Decimal(line.is_partner)
        assert line.made_in is not None, "a lot came out of a batch"  # noqa: S101
        return shares.get(line.made_in, NOTHING)

    def _partner_shares(self, *, is_after: bool) -> dict[uuid.UUID, Decimal]:
        """The part of each batch that partners brought, of what it had taken before the days or at
        their end: those it took of, first."""
        took: dict[uuid.UUID, list[tuple[_Line, Decimal]]] = defaultdict(list)
        for line in self._lines:
            if line.kind == Kind.INPUT and line.batch is not None:
                took[line.batch].append((line, -self._until(line, is_after=is_after)))
        shares: dict[uuid.UUID, Decimal] = {}
        # A batch takes lots only of batches that gave before it: no way leads back to it.
        waiting = list(took)
        while waiting:
            batch = waiting[-1]
            needed = {
                line.made_in
                for line, _kg in took[batch]
                if line.made_in is not None and line.made_in in took and line.made_in not in shares
            }
            if needed:
                waiting += needed
                continue
            waiting.pop()
            total = sum((kg for _line, kg in took[batch]), NOTHING)
            of_partners = sum((kg * self._share(line, shares) for line, kg in took[batch]), NOTHING)
            shares[batch] = of_partners / total if total else NOTHING
        return shares

    # --- What does not agree ----------------------------------------------------------------------

    @cached_property
    def adjustments(self) -> list[StockAdjustment]:
        """What was counted otherwise, spoiled or taken as a sample within the days."""
        first = timezone.make_aware(datetime.combine(self.span.first, time()))
        last = timezone.make_aware(datetime.combine(self.span.last + timedelta(days=1), time()))
        rows = StockAdjustment.objects.filter(
            lot__form__product=self.product, made_at__gte=first, made_at__lt=last
        )
        return list(rows.select_related("lot", "made_by", "decided_by").order_by("made_at"))

    @cached_property
    def wrong_balances(self) -> list[tuple[Lot, Decimal, Decimal]]:
        """Lots whose balance is not the sum of their movements: none, unless somebody silenced the
        database. With what is written and what is moved."""
        rows = (
            StockBalance.objects.filter(lot__form__product=self.product)
            .annotate(moved=models.functions.Coalesce(models.Sum("lot__movements__kg"), NOTHING))
            .exclude(moved=models.F("kg"))
            .select_related("lot")
        )
        found: Any = rows
        return [(one.lot, one.kg, one.moved) for one in found]
