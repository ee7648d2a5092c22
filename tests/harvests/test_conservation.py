"""Kilos are conserved: random sequences of everything that can happen to them, held against a
book-keeping of its own in exact fractions.

In CI a few hundred acts; by hand as many as one likes:

    KALLARI_CONSERVATION=2000 python3 manage.py pytest -s tests/harvests/test_conservation.py
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvests.destinations import destinations
from harvests.genealogy import origins
from harvests.models import (
    STRONGEST_FIRST,
    Batch,
    BatchTotals,
    Delivery,
    Lot,
    StockBalance,
    StockMovement,
)
from harvests.reports.mass_balance import MassBalance
from harvests.reports.periods import Span
from harvests.services import batches, deliveries, stock
from harvests.services.ledger import Taken
from tests.harvests import works
from tests.harvests.telephones import payload
from tests.people import make_account

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("KALLARI_CONSERVATION", "20"))
RANK = STRONGEST_FIRST.index
GRAMS = Decimal(1000)

ACTS = (
    ["deliver"] * 4
    + ["dry"] * 4
    + ["blend"] * 4
    + ["split", "sell", "sell", "come back", "count", "count more", "spoil"]
    + ["void a delivery", "correct a delivery", "correct an output", "void a batch", "weaken"]
)

ORDER: dict[Any, str] = {
    Delivery: "folio_number",
    Lot: "number",
    Batch: "code",
    StockMovement: "pk",
}
"""Not by random keys: a sequence that fails must fail again."""

Act = tuple[str, int, int, int]
acts = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.integers(1, 1000),
    ),
    min_size=30,
    max_size=50,
)


@dataclass
class Made:
    """A lot, as the book-keeping of the test knows it: what it took, to the gram."""

    grams: int
    parts: dict[Any, Fraction] = field(default_factory=dict)
    """Delivery → its part of one."""


@pytest.fixture
def world() -> Any:
    made = works.workshop()
    made.office = make_account("manager")
    return made


class Center:
    """Does what a sequence says, as far as it is allowed, and looks after each act."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.done: dict[str, int] = defaultdict(int)

    def run(self, sequence: list[Act]) -> None:
        for name, which, other, part in sequence:
            try:
                with transaction.atomic():
                    getattr(self, "_" + name.replace(" ", "_"))(which, other, part)
                    connection.check_constraints()
            except (ValidationError, DatabaseError):
                continue  # refused: everything is as before, which is looked at below
            self.done[name] += 1
        self.look()

    # --- Acts: each picks by the numbers it is given --------------------------------------------

    def _pick(self, rows: models.QuerySet[Any], which: int) -> Any:
        found = list(rows.order_by(ORDER[rows.model]))
        if not found:
            raise ValidationError("nothing to pick")
        return found[which % len(found)]

    def _lots(self) -> models.QuerySet[Lot]:
        return Lot.objects.filter(balance__kg__gt=0, form__code="seco")

    def _unused(self) -> models.QuerySet[Delivery]:
        return Delivery.objects.valid().exclude(balance__kg=0)

    def _part(self, source: Any, part: int) -> Decimal:
        return max(Decimal("0.001"), (works.left(source) * part / 1000).quantize(Decimal("0.001")))

    def _deliver(self, which: int, other: int, part: int) -> None:
        of_class = STRONGEST_FIRST[which % 7 % 3]
        works.handed_in(self.world, str(Decimal(other % 90_000 + 1) / GRAMS), of_class)

    def _work(self, code: str, sources: list[Any], part: int, out: Decimal) -> None:
        batch = works.started(self.world, code=code)
        batches.add_to_batch(
            actor=self.world.operator,
            batch=batch,
            taken=[Taken(one, self._part(one, part)) for one in sources],
        )
        took = BatchTotals.objects.get(batch=batch).in_kg
        works.finished(
            self.world,
            batch,
            works.given(str((took * out).quantize(Decimal("0.001")))),
            yield_note="Así salió.",
        )

    def _dry(self, which: int, other: int, part: int) -> None:
        first = self._pick(self._unused(), which)
        second = self._pick(self._unused(), other)
        sources = [first] if first == second else [first, second]
        self._work("beneficio", sources, part, Decimal(which % 1100) / 1000)

    def _blend(self, which: int, other: int, part: int) -> None:
        first, second = self._pick(self._lots(), which), self._pick(self._lots(), other)
        sources = [first] if first == second else [first, second]
        self._work("mezcla", sources, part, Decimal(980 + other % 25) / 1000)

    def _split(self, which: int, other: int, part: int) -> None:
        lot = self._pick(self._lots(), which)
        batch = works.started(self.world, lot, code="division")
        one = self._part_of(BatchTotals.objects.get(batch=batch).in_kg, part)
        rest = BatchTotals.objects.get(batch=batch).in_kg - one
        works.finished(
            self.world, batch, works.given(str(one)), works.given(str(rest)), yield_note="Así."
        )

    def _part_of(self, kg: Decimal, part: int) -> Decimal:
        return (kg * part / 1000).quantize(Decimal("0.001"))

    def _sell(self, which: int, other: int, part: int) -> None:
        lot = self._pick(self._lots(), which)
        kg = self._part(lot, part) + Decimal(other % 3) / 100  # sometimes more than is there
        stock.dispatch_from_lot(
            actor=self.world.operator, lot=lot, kg=kg, recipient=f"Cliente {which % 3}"
        )

    def _come_back(self, which: int, other: int, part: int) -> None:
        movement = self._pick(StockMovement.objects.filter(kind="dispatch"), which)
        stock.take_back(actor=self.world.operator, movement=movement, reason="Volvió.")

    def _count(self, which: int, other: int, part: int) -> None:
        lot = self._pick(self._lots(), which)
        made = stock.count_lot(
            actor=self.world.operator,
            lot=lot,
            counted_kg=self._part(lot, part),
            reason="Conteo.",
        )
        if made.needs_second:
            stock.decide_adjustment(
                actor=self.world.office, adjustment=made, agrees=bool(other % 2), reason="Visto."
            )

    def _count_more(self, which: int, other: int, part: int) -> None:
        lot = self._pick(self._lots(), which)
        made = stock.count_lot(
            actor=self.world.operator,
            lot=lot,
            counted_kg=works.left(lot) + Decimal(part) / 500,
            reason="Conteo.",
        )
        if made.needs_second:
            stock.decide_adjustment(
                actor=self.world.office, adjustment=made, agrees=True, reason="Visto."
            )

    def _spoil(self, which: int, other: int, part: int) -> None:
        lot = self._pick(self._lots(), which)
        stock.write_off(
            actor=self.world.operator,
            lot=lot,
            kind="spoiled",
            kg=min(Decimal(5), self._part(lot, part)),
            reason="Moho.",
        )

    def _void_a_delivery(self, which: int, other: int, part: int) -> None:
        delivery = self._pick(Delivery.objects.valid(), which)
        deliveries.void_delivery(actor=self.world.operator, delivery=delivery, reason="No fue.")

    def _correct_a_delivery(self, which: int, other: int, part: int) -> None:
        """Of no chakra, as told: it becomes conventional."""
        delivery = self._pick(Delivery.objects.valid(), which)
        assert delivery.net_kg is not None
        kg = delivery.net_kg * (500 + other % 1000) / 1000
        deliveries.correct_delivery(
            actor=self.world.operator,
            delivery=delivery,
            told=payload(
                delivery.family,
                quantity=str(kg.quantize(Decimal("0.001"))),
                unit="kg",
                weighed_at=delivery.weighed_at.isoformat(),
            ),
            reason="Se pesó otra vez.",
        )

    def _correct_an_output(self, which: int, other: int, part: int) -> None:
        lot = self._pick(Lot.objects.all(), which)
        made = sum(lot.movements.filter(kind="output").values_list("kg", flat=True))
        kg = (made * (500 + other % 1000) / 1000).quantize(Decimal("0.001"))
        batches.correct_output(actor=self.world.office, lot=lot, kg=kg, reason="Mal.")

    def _void_a_batch(self, which: int, other: int, part: int) -> None:
        batch = self._pick(Batch.objects.exclude(status="voided"), which)
        batches.void_batch(actor=self.world.operator, batch=batch, reason="Nunca fue.")

    def _weaken(self, which: int, other: int, part: int) -> None:
        lot = self._pick(Lot.objects.all(), which)
        stock.downgrade_lot(
            actor=self.world.office, lot=lot, to=STRONGEST_FIRST[other % 3], reason="Deriva."
        )

    # --- What must hold ---------------------------------------------------------------------------

    def look(self) -> None:
        self._nothing_is_below_zero()
        self._all_is_somewhere()
        self._no_class_grows()
        self._origins_add_up()
        self._mass_balances_close()

    def _mass_balances_close(self) -> None:
        """Of today and of the days before, by class and for what partners brought."""
        today = timezone.localdate()
        for first in (today, today - timedelta(days=2)):
            found = MassBalance(self.world.cacao, Span(first, today))
            assert [one.difference for one in (*found.classes, found.total)] == [0, 0, 0, 0]
            assert found.total.moved == 0
            assert found.partners.after.kg == 0
            assert not found.wrong_balances
            for one in found.classes:
                assert min(one.after.unused, one.after.in_lots, one.dispatched + 0) >= 0

    def _nothing_is_below_zero(self) -> None:
        for balance in StockBalance.objects.filter(lot__isnull=False):
            moved = StockMovement.objects.filter(lot=balance.lot).aggregate(kg=models.Sum("kg"))
            assert balance.kg == (moved["kg"] or 0) >= 0
        for totals in BatchTotals.objects.all():
            assert 0 <= totals.out_kg <= totals.in_kg

    def _all_is_somewhere(self) -> None:
        """In = out + losses + stock: from the rows themselves, not from what is reckoned."""
        moved: Any = defaultdict(Decimal)
        for kind, kg in StockMovement.objects.values_list("kind", "kg"):
            moved[kind] += kg
        received: Any = _sum(Delivery.objects.valid())
        used = -sum(StockMovement.objects.exclude(delivery=None).values_list("kg", flat=True))
        lost = -moved["input"] - moved["output"]
        on_hand = sum(StockBalance.objects.filter(lot__isnull=False).values_list("kg", flat=True))
        sold, spoiled = -moved["dispatch"], -moved["adjustment"]
        assert received == (received - used) + lost + on_hand + sold + spoiled
        assert min(lost, on_hand, sold, spoiled, received - used) >= 0
        assert moved["reclass"] == 0

    def _no_class_grows(self) -> None:
        """What is on hand or sold as a class or a stronger one came in so; no lot is stronger than
        anything in it."""
        for weakest in STRONGEST_FIRST[:2]:
            strong = STRONGEST_FIRST[: RANK(weakest) + 1]
            received = _sum(Delivery.objects.valid().filter(certification_class__in=strong))
            out = sum(
                StockBalance.objects.filter(lot__certification_class__in=strong).values_list(
                    "kg", flat=True
                )
            ) - sum(
                StockMovement.objects.filter(
                    kind="dispatch",
                    certification_class__in=strong,
                    lot__certification_class__in=strong,
                ).values_list("kg", flat=True)
            )
            assert out <= received
        took = (
            StockMovement.objects.filter(kind="input")
            .values_list(
                "batch",
                "delivery__certification_class",
                "lot__certification_class",
                "delivery",
                "lot",
            )
            .annotate(kg=models.Sum("kg"))
            .filter(kg__lt=0)
            .order_by()
        )
        for batch, of_delivery, of_lot, _delivery, _lot, _kg in took:
            for made in Lot.objects.filter(batch=batch):
                assert RANK(made.certification_class) >= RANK(of_delivery or of_lot)

    def _origins_add_up(self) -> None:
        """Parts of every lot add up to it and are those of a recursion in exact fractions; every
        delivery is somewhere to the gram, and both ways agree."""
        lots = list(Lot.objects.all())
        told: Any = defaultdict(dict)
        for one in origins([lot.pk for lot in lots]):
            told[one.lot][one.delivery] = one
        known: dict[Any, dict[Any, Fraction]] = {}
        for lot in lots:
            made = sum(lot.movements.filter(kind="output").values_list("kg", flat=True))
            if not made:
                assert not told[lot.pk]
                continue
            exact = _exact(lot, known)
            assert sum(one.kg for one in told[lot.pk].values()) == made
            assert set(told[lot.pk]) == set(exact)
            for key, part in exact.items():
                found = told[lot.pk][key]
                assert abs(Fraction(found.share) - part) < Fraction(1, 10**18)
                assert abs(Fraction(found.kg) - part * Fraction(made)) < Fraction(1, 1000)
        for delivery in Delivery.objects.valid().exclude(balance=None):
            whole = destinations(delivery)
            assert whole.adds_up
            for line in whole.lots:
                assert line.kg == told[line.id][delivery.pk].kg


def _sum(rows: models.QuerySet[Delivery]) -> Any:
    """What deliveries weighed, all in all."""
    return rows.aggregate(kg=models.Sum("net_kg"))["kg"] or 0


def _exact(lot: Lot, known: dict[Any, dict[Any, Fraction]]) -> dict[Any, Fraction]:
    """What a lot is made of: the plain recursion, in fractions."""
    if lot.batch_id in known:
        return known[lot.batch_id]
    took: Any = defaultdict(Fraction)
    sources = {}
    for movement in StockMovement.objects.filter(batch=lot.batch_id, kind="input").select_related(
        "lot", "delivery"
    ):
        source: Any = movement.delivery or movement.lot
        sources[source.pk] = source
        took[source.pk] -= Fraction(movement.kg)
    total = sum(took.values())
    parts: dict[Any, Fraction] = defaultdict(Fraction)
    for key, kg in took.items():
        if not kg:
            continue
        source = sources[key]
        within = {key: Fraction(1)} if isinstance(source, Delivery) else _exact(source, known)
        for delivery, part in within.items():
            parts[delivery] += part * kg / total
    known[lot.batch_id] = dict(parts)
    return known[lot.batch_id]


def test_kilos_are_conserved_whatever_happens(world: Any) -> None:
    done: dict[str, int] = defaultdict(int)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES <= 25,
        suppress_health_check=list(HealthCheck),
    )
    @given(acts)
    def whatever(sequence: list[Act]) -> None:
        savepoint = transaction.savepoint()
        center = Center(world)
        try:
            center.run(sequence)
        finally:
            transaction.savepoint_rollback(savepoint)
        for name, number in center.done.items():
            done[name] += number

    whatever()
    print({name: done[name] for name in sorted(done)})  # noqa: T201 - how often each act was allowed
    assert set(done) == set(ACTS), f"never done: {set(ACTS) - set(done)}"
