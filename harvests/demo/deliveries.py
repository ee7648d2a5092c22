"""Sacks, leaves, pods and crafts, family by family through the seasons."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harvests.demo.catalog import CENTER
from harvests.intake import inbox
from harvests.intake.facts import HERE
from harvests.intake.reading import content_digest, read_delivery
from harvests.intake.receiving import receive
from harvests.models import Delivery, DeliveryShare, Device, Operation, ProductForm
from harvests.services.quotas import set_quota
from kallari.demo import UNTIL, Scale, count_rows
from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting
from members.demo import invented
from members.models import Chakra, CommunityAssignment
from members.querysets.reach import sees_every_community

if TYPE_CHECKING:
    from random import Random

    from kallari.accounts.models import User
    from kallari.demo import DemoContext
    from members.models import Family

WEEKS = {Scale.SMALL: 13, Scale.FULL: 104}

BABA_KG_A_YEAR = 186_000
"""1,600 quintals of dry cocoa, says the book: 72.6 t, from about 186 t wet."""

A_WEEK = {
    # Deliveries in a mean week: wet cocoa, dry cocoa, leaf, pods, crafts.
    Scale.SMALL: {"baba": 17.0, "seco": 0.4, "hoja": 3.6, "vaina": 1.0, "pieza": 1.0},
    Scale.FULL: {"seco": 0.6, "hoja": 9.0, "vaina": 1.4, "pieza": 2.0},
}
MEAN_BABA_KG = 46.9
"""Of one delivery: 1.39 sacks (`SACKS`) of 75 lb, less what is taken off."""

WEEKS_WITHOUT_SIGNAL = {Scale.SMALL: 4, Scale.FULL: 1}
"""How long a telephone keeps what it then sends at once. The fewer messages, the sooner loaded."""

DOUBLES = {Scale.SMALL: (1, 1), Scale.FULL: (8, 3)}
"""Sacks weighed twice: long ago, and in the last weeks, about which nobody has decided yet."""

SACKS = ((1, 70), (2, 21), (3, 9))

SEASONS: dict[str, tuple[float, ...]] = {
    # Weight of each month, January first.
    "baba": (0.6, 0.6, 0.9, 1.3, 1.6, 1.6, 1.3, 0.9, 0.7, 0.8, 0.9, 0.8),
    "seco": (0.6, 0.6, 0.9, 1.3, 1.6, 1.6, 1.3, 0.9, 0.7, 0.8, 0.9, 0.8),
    "hoja": (1.0, 0.9, 1.0, 1.1, 1.1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9),
    "vaina": (0.0, 0.0, 0.0, 0.0, 1.8, 3.0, 3.4, 2.6, 1.2, 0.0, 0.0, 0.0),
    "pieza": (0.8, 0.9, 1.0, 1.0, 1.0, 1.2, 1.3, 1.2, 0.9, 0.8, 0.9, 1.0),
}
LATE_NOTES = (
    "Creció el río y no se pudo salir antes.",
    "El camión no entró la semana pasada.",
)


@dataclass(eq=False)
class Door:
    """Where deliveries come in: an account, with a device or at the office."""

    user: User
    device: Device | None = None
    sequence: Iterator[int] = field(default_factory=lambda: itertools.count(1))


@dataclass(slots=True)
class Weighed:
    """A delivery as somebody typed it."""

    at: datetime
    key: uuid.UUID
    family: Family
    door: Door
    payload: dict[str, Any]
    clock_offset_ms: int | None = None


def load(context: DemoContext) -> None:
    """Weigh; later themes find ``loaded["weighed"]`` in the order of weighing, and
    ``loaded["doors"]``."""
    chance = context.random("deliveries")
    doors = _doors(chance, context.loaded["users"])
    made = _Harvests(chance, context, doors).invent()
    _guayusa_quota(made)
    together = WEEKS_WITHOUT_SIGNAL[context.scale] * 7
    spans = itertools.groupby(made, key=lambda one: (UNTIL - one.at.date()).days // together)
    for place, (_span, sent_at_once) in enumerate(spans):
        if place.bit_count() == 1:  # after 1, 2, 4, 8…: each time the tables have doubled
            count_rows((Delivery, DeliveryShare, Operation))
        by_door: dict[int, list[Weighed]] = defaultdict(list)
        for one in sent_at_once:
            by_door[id(one.door)].append(one)
        for several in by_door.values():
            hand_in(several)
    context.loaded["weighed"], context.loaded["doors"] = made, doors


def _doors(chance: Random, users: dict[str, User]) -> dict[str, Door]:
    told = (
        ("village", "tecnico", "Teléfono de Wilmer"),
        ("desk", "acopio", "Computador del centro"),
        ("route", "acopio", "Teléfono del camión"),
        ("lost", "tecnico", "Teléfono anterior de Wilmer"),
    )
    devices = [Device(id=invented.key(chance), user=users[who], name=name) for _, who, name in told]
    bulk_create_with_history(devices, actor=None)
    doors = {
        name: Door(users[who], device)
        for (name, who, _label), device in zip(told, devices, strict=True)
    }
    doors["office"] = Door(users["administracion"])
    return doors


def hand_in(weighed: Sequence[Weighed]) -> list[dict[str, Any]]:
    """Let one door take deliveries in, as telephones and the office do; the results of the
    operations of a device."""
    door = weighed[0].door
    if door.device is not None:
        operations = [operation(one) for one in weighed]
        return inbox.take(operations, actor=door.user, within_transaction=True)
    drafts = [
        read_delivery(
            one.payload,
            key=one.key,
            digest=content_digest("delivery", str(one.key), "create", one.payload),
        )
        for one in weighed
    ]
    with acting(door.user):
        receive(drafts, actor=door.user, via=Delivery.Via.OFFICE)
    return []


def operation(one: Weighed, **other: Any) -> dict[str, Any]:
    """What the device of its door sends (docs/sync.md)."""
    assert one.door.device is not None, "the office sends no operations"  # noqa: S101
    return {
        # Of its own, and the same at every load.
        "op_id": str(uuid.uuid5(one.key, "operation")),
        "entity": "delivery",
        "entity_id": str(one.key),
        "action": "create",
        "schema": 1,
        "device_id": str(one.door.device.pk),
        "device_seq": next(one.door.sequence),
        "recorded_at": one.payload["weighed_at"],
        "clock_offset_ms": one.clock_offset_ms,
        "payload": one.payload,
        **other,
    }


class _Harvests:
    """Who comes with what, week by week."""

    def __init__(self, chance: Random, context: DemoContext, doors: dict[str, Door]) -> None:
        self._chance = chance
        self._scale = context.scale
        self._doors = doors
        self._families: list[Family] = sorted(
            context.loaded["families"], key=lambda family: family.number
        )
        self._chakras: dict[Any, list[Chakra]] = defaultdict(list)
        for chakra in Chakra.objects.order_by("number"):
            self._chakras[chakra.family_id].append(chakra)
        agent = doors["village"].user
        self._agents_communities = (
            None
            if sees_every_community(agent)
            else set(
                CommunityAssignment.objects.filter(user=agent).values_list(
                    "community_id", flat=True
                )
            )
        )
        names = sorted({family.community.name for family in self._families})
        self._route_day = {name: place % 5 for place, name in enumerate(names)}
        self._keenness = {
            family.pk: float(
                sum((one.declared_area_ha or 1) for one in self._chakras[family.pk]) or 1
            )
            * chance.uniform(0.6, 1.4)
            for family in self._families
        }

    def invent(self) -> list[Weighed]:
        """All that is weighed, in the order of weighing."""
        weeks = WEEKS[self._scale]
        first = UNTIL - timedelta(days=UNTIL.weekday(), weeks=weeks - 1)
        made: list[Weighed] = []
        for form in ("baba", "seco", "hoja", "vaina", "pieza"):
            months = SEASONS[form]
            mean = sum(months) / 12
            who = self._who_brings(form)
            total = sum(self._keenness[family.pk] for family in who)
            for week in range(weeks):
                monday = first + timedelta(weeks=week)
                expected = self._a_week(form) * months[monday.month - 1] / mean
                for family in who:
                    if self._chance.random() < expected * self._keenness[family.pk] / total:
                        one = self._weigh(form, family, monday)
                        if one.at.date() <= UNTIL:
                            made.append(one)
        made += self._doubles(made)
        return sorted(made, key=lambda one: (one.at, one.key))

    def _a_week(self, form: str) -> float:
        told = A_WEEK[self._scale].get(form)
        return BABA_KG_A_YEAR / MEAN_BABA_KG / 52.18 if told is None else told

    def _who_brings(self, form: str) -> list[Family]:
        """Nearly everybody has cocoa; leaf, pods and crafts come from some."""
        share = {"baba": 0.94, "seco": 0.2, "hoja": 0.4, "vaina": 0.2, "pieza": 0.25}[form]
        number = max(4, round(len(self._families) * share))
        chosen = self._chance.sample(self._families, number)
        return sorted(chosen, key=lambda family: family.number)

    # --- One delivery -----------------------------------------------------------------------------

    def _weigh(self, form: str, family: Family, monday: date) -> Weighed:
        chance = self._chance
        door, day = self._where(family, monday)
        hour = time(chance.randrange(7, 16), chance.randrange(60), chance.randrange(60))
        at = datetime.combine(day, hour, tzinfo=HERE)
        payload: dict[str, Any] = {"family": str(family.pk), "product_form": form}
        payload |= getattr(self, f"_{form}")(day)
        payload |= {"weighed_at": at.isoformat(), "center": CENTER}
        chakras = self._chakras[family.pk]
        if len(chakras) == 2 and form != "pieza" and chance.random() < 0.8:
            share = chance.choice((50, 60, 70, 75))
            payload["chakras"] = [
                {"chakra": str(chakras[0].pk), "share": f"0.{share}"},
                {"chakra": str(chakras[1].pk), "share": f"0.{100 - share}"},
            ]
        offset = None
        if door.device is not None:
            offset = chance.randrange(-1500, 1500)
            if chance.random() < 0.003:  # somebody set the hour by hand
                offset = 3_600_000
                payload["weighed_at"] = (at - timedelta(hours=1)).isoformat()
        return Weighed(at, invented.key(chance), family, door, payload, offset)

    def _where(self, family: Family, monday: date) -> tuple[Door, date]:
        """On the truck's day in the village, or any day but Sunday at the center."""
        chance = self._chance
        visited = self._agents_communities
        lot = chance.random()
        if lot < 0.6 and (visited is None or family.community_id in visited):
            return self._doors["village"], self._on_route(family, monday)
        if lot < 0.45:
            return self._doors["route"], self._on_route(family, monday)
        day = monday + timedelta(days=chance.randrange(6))
        return self._doors["office" if lot > 0.97 else "desk"], day

    def _on_route(self, family: Family, monday: date) -> date:
        return monday + timedelta(days=self._route_day[family.community.name])

    def _baba(self, day: date) -> dict[str, Any]:
        chance = self._chance
        sacks = chance.choices(*zip(*SACKS, strict=True))[0]
        told: dict[str, Any] = {
            "variety": "nacional",
            "quality": "baba-primera" if chance.random() < 0.93 else "baba-segunda",
            "quantity": _halves(sum(chance.randrange(60, 241) for _sack in range(sacks))),
            "unit": "lb",
            "containers": sacks,
            "tare_kg": f"{sacks * 0.2:.1f}",
        }
        lot = chance.random()
        days = chance.randrange(1, 5) if lot > 0.015 else chance.randrange(8, 13)
        told["harvested_on"] = (day - timedelta(days=days)).isoformat()
        if days > 7 and chance.random() < 0.6:
            told["note"] = chance.choice(LATE_NOTES)
        if chance.random() < 0.05:
            told["deduction_kg"] = f"{chance.randrange(5, 25) / 10:.1f}"
            told["deduction_reason"] = chance.choice(("Agua de más", "Cáscara y placenta"))
        return told

    def _seco(self, day: date) -> dict[str, Any]:
        chance = self._chance
        return {
            "variety": "nacional",
            "quantity": _halves(chance.randrange(80, 220)),
            "unit": "lb",
            "containers": 1,
            "moisture_percent": f"{chance.randrange(68, 85) / 10:.1f}",
            "harvested_on": (day - timedelta(days=chance.randrange(12, 40))).isoformat(),
        }

    def _hoja(self, day: date) -> dict[str, Any]:
        chance = self._chance
        return {
            "quantity": _halves(chance.randrange(70, 300)),
            "unit": "lb",
            "containers": chance.randrange(1, 4),
            "harvested_on": (day - timedelta(days=chance.randrange(2))).isoformat(),
        }

    def _vaina(self, day: date) -> dict[str, Any]:
        chance = self._chance
        grown = chance.randrange(250, 285) if chance.random() > 0.06 else chance.randrange(200, 230)
        return {
            "variety": "planifolia",
            "quality": "vaina-primera" if chance.random() < 0.8 else "vaina-segunda",
            "quantity": f"{chance.randrange(8, 90) / 10:.1f}",
            "unit": "kg",
            "pollinated_on": (day - timedelta(days=grown)).isoformat(),
        }

    def _pieza(self, _day: date) -> dict[str, Any]:
        return {"quantity": str(self._chance.randrange(2, 25)), "unit": "piece"}

    def _doubles(self, made: list[Weighed]) -> list[Weighed]:
        """Sacks that two agents have weighed, the second one pound off."""
        desk = self._doors["desk"]
        once = [
            one
            for one in made
            if one.payload["product_form"] == "baba"
            and one.door.user != desk.user
            and Decimal(one.payload["quantity"]) > 60
        ]
        recent = UNTIL - timedelta(days=25)
        long_ago, lately = DOUBLES[self._scale]
        twice = []
        for one in (
            *self._chance.sample([one for one in once if one.at.date() < recent], long_ago),
            *self._chance.sample([one for one in once if one.at.date() >= recent], lately),
        ):
            later = one.at + timedelta(hours=2, minutes=self._chance.randrange(50))
            payload = one.payload | {
                "quantity": str(Decimal(one.payload["quantity"]) - 1),
                "weighed_at": later.isoformat(),
            }
            key = invented.key(self._chance)
            twice.append(Weighed(later, key, one.family, desk, payload, 0))
        return twice


def _halves(halves: int) -> str:
    """A weight as a scale for sacks shows it, in steps of half a pound."""
    return f"{halves / 2:g}"


def _guayusa_quota(made: list[Weighed]) -> None:
    """More leaf than can be sold: a limit that the last weeks pass."""
    since = date(2026, 7, 1)
    pounds = sum(
        Decimal(one.payload["quantity"])
        for one in made
        if one.payload["product_form"] == "hoja" and one.at.date() >= since
    )
    kilos = pounds * Decimal("0.45359237") * Decimal("0.95")
    set_quota(
        actor=None,
        form=ProductForm.objects.get(code="hoja"),
        starts_on=since,
        ends_on=date(2026, 12, 31),
        limit_kg=round(kilos, -1),
        resolution="Directorio, resolución 2026-06",
    )
