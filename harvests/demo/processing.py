"""What became of the harvests: a box and a dryer every week, lots packed for export, bars from a
plant outside, leaf dried and cut, vanilla cured; the last weeks still under way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harvests.demo.catalog import CENTER
from harvests.intake.facts import HERE
from harvests.models import (
    Batch,
    BatchReading,
    BatchTotals,
    CollectionCenter,
    Delivery,
    Lot,
    Place,
    ProcessKind,
    ProductForm,
    StockBalance,
    StockMovement,
)
from harvests.services import batches, processes, stock
from harvests.services.batches import Given
from harvests.services.ledger import Taken
from harvests.services.usual_processes import add_usual_processes
from kallari.demo import UNTIL, count_rows
from kallari.history.bulk import as_rows, insert_with_history
from kallari.units import GRAM
from members.demo import invented

if TYPE_CHECKING:
    from random import Random

    from kallari.accounts.models import User
    from kallari.demo import DemoContext

PLACES: tuple[tuple[str, str, str, int | None], ...] = (
    *((f"cajon-{number}", f"Cajón {number}", "box", 2500) for number in range(1, 7)),
    *((f"secadora-{number}", f"Secadora {number}", "dryer", 2500) for number in range(1, 5)),
    ("marquesina", "Marquesina", "dryer", 3000),
    ("cajon-vainilla", "Cajón de vainilla", "box", 300),
    ("mesa-1", "Mesa de selección", "table", None),
    ("molino", "Molino de guayusa", "table", None),
    ("bodega", "Bodega", "store", 40_000),
    ("bodega-guayusa", "Bodega de guayusa", "store", 8_000),
)
"""Code, name, kind, how many kilos it holds."""

FERMENTS_DAYS, DRIES_DAYS = 5, 7
PACKED_EVERY_WEEKS = 5
"""Dry lots of one class are packed as one export lot."""
BUYERS = (
    "Chocolatería del Lago, Zúrich",
    "Cacao Fino GmbH, Hamburgo",
    "Maison Forêt, Lyon",
    "Bean Team, Toronto",
)
LOW_NOTE = "Mazorca enferma: mucha cáscara en la baba."
PLANT_YIELD = Decimal("0.82")


@dataclass
class _Hands:
    """Who works, with what, by chance."""

    chance: Random
    operator: User
    office: User
    center: CollectionCenter
    places: dict[str, Place]
    kinds: dict[str, ProcessKind]
    forms: dict[str, ProductForm]

    def start(self, code: str, at: datetime, taken: Sequence[Taken], where: str) -> Batch:
        return batches.start_batch(
            actor=self.operator,
            kind=self.kinds[code],
            center=self.center,
            started_at=at,
            taken=taken,
            where=self.places[where],
            key=invented.key(self.chance),
        )

    def finish(
        self, batch: Batch, at: datetime, form: str, kg: Decimal, where: str, **told: Any
    ) -> Lot:
        note = told.pop("yield_note", "")
        key = invented.key(self.chance)
        given = Given(
            self.forms[form], kg.quantize(GRAM), where=self.places[where], key=key, **told
        )
        batches.finish_batch(
            actor=self.operator, batch=batch, given=[given], ended_at=at, yield_note=note
        )
        return Lot.objects.get(pk=key)


def load(context: DemoContext) -> None:
    """Work up what was handed in, week by week; later themes find ``loaded["lots"]``."""
    add_usual_processes(actor=None)
    center = CollectionCenter.objects.get(code=CENTER)
    for code, name, kind, holds in PLACES:
        processes.add_place(
            actor=None,
            code=code,
            name=name,
            kind=kind,
            center=center,
            capacity_kg=None if holds is None else Decimal(holds),
        )
    hands = _Hands(
        context.random("processing"),
        context.loaded["users"]["acopio"],
        context.loaded["users"]["administracion"],
        center,
        {one.code: one for one in Place.objects.all()},
        {one.code: one for one in ProcessKind.objects.all()},
        {one.code: one for one in ProductForm.objects.all()},
    )
    dry = _cocoa(hands)
    packed = _pack(hands, dry)
    _hand_out(hands, packed)
    _bars(hands, dry)
    _guayusa(hands)
    _vanilla(hands)
    context.loaded["lots"] = packed


def _at(day: date, hour: int = 16, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=HERE)


def _weeks(form: str) -> Iterator[tuple[date, list[Delivery]]]:
    """The deliveries of a form that count, by the Saturday on which their week ends."""
    rows = Delivery.objects.valid().filter(form__code=form).order_by("weighed_at", "id")
    week: list[Delivery] = []
    saturday: date | None = None
    for one in rows:
        ends = one.weighed_on + timedelta(days=(5 - one.weighed_on.weekday()) % 7)
        if saturday is not None and ends != saturday:
            yield saturday, week
            week = []
        saturday = ends
        week.append(one)
    if saturday is not None:
        yield saturday, week


# --- Cocoa ----------------------------------------------------------------------------------------


def _cocoa(hands: _Hands) -> list[Lot]:
    """A box of organic wet cocoa and one of the rest every week; the dry lots, the first first."""
    made: list[Lot] = []
    for week, (saturday, deliveries) in enumerate(_weeks("baba")):
        if week.bit_count() == 1:  # after 1, 2, 4, 8…: each time the tables have doubled
            count_rows((Batch, BatchTotals, Lot, StockBalance, StockMovement))
        parts = (
            [one for one in deliveries if one.certification_class == "organic"],
            [one for one in deliveries if one.certification_class != "organic"],
        )
        for place, part in enumerate(parts):
            if sum((one.net_kg or 0) for one in part) > 60:
                lot = _ferment_and_dry(hands, week * 2 + place, saturday, part)
                made += [lot] if lot is not None else []
    return made


def _ferment_and_dry(
    hands: _Hands, number: int, saturday: date, part: list[Delivery]
) -> Lot | None:
    started, chance = _at(saturday, 17), hands.chance
    if started.date() > UNTIL:
        return None
    box = f"cajon-{number % 6 + 1}"
    batch = hands.start("beneficio", started, [Taken(one) for one in part], box)
    fermented = started + timedelta(days=FERMENTS_DAYS)
    _readings(hands, batch, started, min(fermented, _at(UNTIL, 18)), "temperature", box)
    if fermented.date() > UNTIL:
        return None
    dryer = f"secadora-{number % 4 + 1}" if number % 5 else "marquesina"
    phase = hands.kinds["beneficio"].phases.get(position=2)
    batches.move_batch(
        actor=hands.operator, batch=batch, phase=phase, where=hands.places[dryer], at=fermented
    )
    ended = fermented + timedelta(days=DRIES_DAYS)
    _readings(hands, batch, fermented, min(ended, _at(UNTIL, 18)), "moisture", dryer)
    if ended.date() > UNTIL:
        return None
    kilos = sum((one.net_kg or Decimal(0)) for one in part)
    is_poor = chance.random() < 0.02
    yielded = Decimal(chance.randrange(3780, 4060)) / 10_000
    if is_poor:
        yielded = Decimal(chance.randrange(3050, 3250)) / 10_000
    return hands.finish(
        batch,
        ended,
        "seco",
        kilos * yielded,
        "bodega",
        sacks=max(1, round(kilos * yielded / 69)),
        yield_note=LOW_NOTE if is_poor else "",
    )


def _readings(
    hands: _Hands, batch: Batch, first: datetime, last: datetime, kind: str, where: str
) -> None:
    """What was read once a day: warm and turned in the box, drier and drier in the dryer."""
    chance, rows = hands.chance, []
    at, day = first + timedelta(hours=15), 0
    while at < last:
        if kind == "temperature":
            warmth = (31, 39, 45, 48, 47, 44)[min(day, 5)]
            value: Decimal | None = Decimal(warmth * 10 + chance.randrange(-15, 16)) / 10
        else:
            dry = (52, 38, 27, 19, 13, 9.5, 7.2, 6.9)[min(day, 7)]
            value = Decimal(round(dry * 10) + chance.randrange(-3, 4)) / 10
        rows.append((at, kind, value))
        if kind == "temperature" and day in {1, 3}:
            rows.append((at + timedelta(minutes=20), "turn", None))
        at, day = at + timedelta(days=1), day + 1
    made = as_rows(
        [
            BatchReading(
                id=invented.key(chance),
                batch=batch,
                kind=name,
                value=value,
                read_at=moment,
                read_by=hands.operator,
                where=hands.places[where],
            )
            for moment, name, value in rows
        ]
    )
    insert_with_history((BatchReading, made), actor=hands.operator)


def _pack(hands: _Hands, dry: list[Lot]) -> list[Lot]:
    """Every five weeks the dry lots of a class become one export lot, in sacks with marks."""
    packed: list[Lot] = []
    classes = sorted({lot.certification_class for lot in dry})
    kept = {name: [lot for lot in dry if lot.certification_class == name] for name in classes}
    for name, lots in kept.items():
        for first in range(0, len(lots), PACKED_EVERY_WEEKS):
            together = lots[first : first + PACKED_EVERY_WEEKS]
            if len(together) < PACKED_EVERY_WEEKS:
                break
            at = together[-1].made_at + timedelta(days=2)
            if at.date() > UNTIL:
                break
            kilos = sum((lot.balance.kg for lot in together), Decimal(0)) * Decimal("0.998")
            batch = hands.start("empaque", at, [Taken(lot) for lot in together], "mesa-1")
            lot = hands.finish(
                batch,
                at + timedelta(hours=6),
                "ensacado",
                kilos,
                "bodega",
                sacks=max(1, round(kilos / 69)),
                marks=f"KALLARI {at.year} · {name[:3].upper()}",
            )
            packed.append(lot)
    return sorted(packed, key=lambda lot: lot.made_at)


def _hand_out(hands: _Hands, packed: list[Lot]) -> None:
    """Lots that left within three months; the newest are still there."""
    for number, lot in enumerate(packed, 1):
        leaves = lot.made_at + timedelta(days=hands.chance.randrange(20, 60))
        if leaves.date() > UNTIL - timedelta(days=5):
            continue
        stock.dispatch_from_lot(
            actor=hands.office,
            lot=lot,
            recipient=hands.chance.choice(BUYERS),
            reference=f"Embarque {leaves.year}-{number:02}",
            at=leaves,
        )


def _bars(hands: _Hands, dry: list[Lot]) -> None:
    """Some beans go to a plant outside and come back as bars, which the café sells."""
    left = list(Lot.objects.filter(pk__in=[lot.pk for lot in dry]).in_stock())
    for place, lot in enumerate(left[:4]):
        kilos = (lot.balance.kg / 4).quantize(GRAM)
        sent = lot.made_at + timedelta(days=3)
        back = sent + timedelta(days=9)
        if back.date() > UNTIL:
            hands.start("maquila", sent, [Taken(lot, kilos)], "salinas")
            continue
        batch = hands.start("maquila", sent, [Taken(lot, kilos)], "salinas" if place else "quito")
        cocoa = kilos * PLANT_YIELD
        pieces = int(cocoa / Decimal("0.035"))
        bars = hands.finish(
            batch,
            back,
            "tableta",
            cocoa,
            "bodega",
            pieces=pieces,
            added_kg=(cocoa * 3 / 7).quantize(GRAM),
            marks="Sacha 70 %",
        )
        stock.dispatch_from_lot(
            actor=hands.office,
            lot=bars,
            pieces=max(1, pieces // 3),
            recipient="Café Kallari, Quito",
            reference="Guía de la tienda",
            at=back + timedelta(hours=3),
        )


# --- Guayusa and vanilla --------------------------------------------------------------------------


def _guayusa(hands: _Hands) -> None:
    """Leaf is dried twice a month and cut as it is asked for."""
    weeks = list(_weeks("hoja"))
    for first in range(0, len(weeks), 2):
        part = [one for _day, several in weeks[first : first + 2] for one in several]
        saturday = weeks[min(first + 1, len(weeks) - 1)][0]
        started = _at(saturday, 17)
        if started.date() > UNTIL:
            return
        batch = hands.start("secado", started, [Taken(one) for one in part], "marquesina")
        ended = started + timedelta(days=3)
        if ended.date() > UNTIL:
            return
        kilos = sum((one.net_kg or Decimal(0)) for one in part)
        yielded = Decimal(hands.chance.randrange(310, 350)) / 1000
        lot = hands.finish(batch, ended, "entera", kilos * yielded, "bodega-guayusa")
        if first % 4 == 0 and (ended + timedelta(days=2)).date() <= UNTIL:
            cut = hands.start("molienda", ended + timedelta(days=1), [Taken(lot)], "molino")
            hands.finish(
                cut,
                ended + timedelta(days=2),
                hands.chance.choice(("picada", "triturada", "molida")),
                kilos * yielded * Decimal("0.97"),
                "bodega-guayusa",
            )


def _vanilla(hands: _Hands) -> None:
    """Pods are cured by the month, for sixty days."""
    months: dict[tuple[int, int], list[Delivery]] = {}
    for _saturday, several in _weeks("vaina"):
        for one in several:
            months.setdefault((one.weighed_on.year, one.weighed_on.month), []).append(one)
    for part in months.values():
        started = _at(max(one.weighed_on for one in part), 18)
        batch = hands.start("curado", started, [Taken(one) for one in part], "cajon-vainilla")
        ended = started + timedelta(days=60)
        if ended.date() > UNTIL:
            continue
        kilos = sum((one.net_kg or Decimal(0)) for one in part)
        yielded = Decimal(hands.chance.randrange(205, 235)) / 1000
        hands.finish(batch, ended, "curada", kilos * yielded, "bodega")
