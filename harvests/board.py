"""What is being worked now, where, and what is due: the board of the center. A handful of queries,
whatever the number of batches."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvests.models import Batch, BatchReading, BatchStage, Place
from harvests.wording import number
from harvests.wording.readings import moment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from harvests.models import CollectionCenter, ProcessPhase
    from kallari.accounts.models import User

READ_EVERY = timedelta(hours=24)
"""How often a temperature or a moisture that a phase asks for is read: once a day."""

Kind = BatchReading.Kind


@dataclass(frozen=True)
class Due:
    """Something that a batch waits for."""

    what: str
    """A kind of reading, or ``late`` (longer than usual), ``ready`` (may go on)."""
    words: str
    at: datetime
    """Since when, or at what hour."""
    is_late: bool

    @property
    def is_reading(self) -> bool:
        """Whether it is done with a reading."""
        return self.what in Kind.values


@dataclass(frozen=True)
class Card:
    """A batch as the board shows it."""

    batch: Batch
    stage: BatchStage | None
    days: int
    """Whole days in its phase."""
    usual: str
    """How many days its phase usually takes, in words; empty where nobody said."""
    share: int
    """How much of the usual time has gone by, in whole percents, 100 at most."""
    last: BatchReading | None
    """The newest reading that has a number."""
    due: tuple[Due, ...]

    @property
    def late(self) -> list[Due]:
        """What should have been done."""
        return [one for one in self.due if one.is_late]

    @property
    def is_ready(self) -> bool:
        """Whether it may go on to what comes next."""
        return any(one.what == "ready" for one in self.due)

    @property
    def rank(self) -> tuple[int, datetime]:
        """Where it stands among others: first what is due, the longest due first."""
        if self.late:
            return 0, min(one.at for one in self.late)
        return (1 if self.is_ready else 2), self.batch.started_at


@dataclass
class Spot:
    """A place with the batches in it."""

    place: Place | None
    cards: list[Card] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        """Whether nothing is in it."""
        return not self.cards


@dataclass(frozen=True)
class Section:
    """The places of one kind."""

    key: str
    title: StrOrPromise
    spots: list[Spot]

    @property
    def is_counted(self) -> bool:
        """Whether it matters which are free: boxes and dryers."""
        return self.key in {Place.Kind.BOX, Place.Kind.DRYER}

    @property
    def shown(self) -> list[Spot]:
        """Those that get a card of their own."""
        return [one for one in self.spots if self.is_counted or not one.is_free]

    @property
    def free(self) -> list[Spot]:
        """Those in which nothing is."""
        return [one for one in self.spots if one.is_free]


@dataclass(frozen=True)
class Board:
    """All that is being worked."""

    sections: list[Section]
    cards: list[Card]

    @property
    def due(self) -> list[tuple[Card, Due]]:
        """What should have been done by now, the longest due first."""
        late = [(card, one) for card in self.cards for one in card.late]
        return sorted(late, key=lambda pair: pair[1].at)


def _titles() -> dict[str, str]:
    return {
        Place.Kind.BOX.value: _("Cajones de fermentación"),
        Place.Kind.DRYER.value: _("Secadoras"),
        Place.Kind.TABLE.value: _("Mesas y máquinas"),
        Place.Kind.STORE.value: _("Bodegas"),
        Place.Kind.PLANT.value: _("Plantas de fuera"),
    }


def board(user: User, center: CollectionCenter | None = None) -> Board:
    """What is in which place now, and what is due. Four queries."""
    batches = Batch.objects.visible_to(user).under_way().with_names()
    places = Place.objects.visible_to(user).order_by("kind", "place", "name")
    if center is not None:
        batches = batches.filter(center=center)
        places = places.filter(center=center) | places.filter(center=None)
    cards = cards_of(list(batches.order_by("started_at", "pk")))
    spots = {place.pk: Spot(place) for place in places}
    nowhere = Spot(None)
    for card in sorted(cards, key=lambda one: one.rank):
        where = card.stage.where_id if card.stage else None
        spots.get(where or 0, nowhere).cards.append(card)
    shown = [one for one in spots.values() if one.cards or _is_used(one.place)]
    sections = [
        Section(key, title, [one for one in shown if one.place and one.place.kind == key])
        for key, title in _titles().items()
    ]
    if nowhere.cards:
        sections.insert(0, Section("nowhere", _("Sin lugar anotado"), [nowhere]))
    return Board([one for one in sections if one.spots], cards)


def _is_used(place: Place | None) -> bool:
    return place is not None and place.retired_on is None


def cards_of(batches: list[Batch]) -> list[Card]:
    """Batches as the board shows them. Two queries: phases and readings."""
    keys = [one.pk for one in batches]
    stages = {
        one.batch_id: one
        for one in BatchStage.objects.current()
        .filter(batch__in=keys)
        .select_related("phase", "where")
    }
    newest = _newest_readings(keys)
    now = timezone.now()
    return [_card(one, stages.get(one.pk), newest.get(one.pk, {}), now) for one in batches]


def _newest_readings(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, BatchReading]]:
    """Of each batch the newest reading of each kind. One query."""
    rows = (
        BatchReading.objects.standing()
        .filter(batch__in=keys)
        .order_by("batch_id", "kind", "-read_at", "-pk")
        .distinct("batch_id", "kind")
    )
    found: dict[uuid.UUID, dict[str, BatchReading]] = {}
    for one in rows:
        found.setdefault(one.batch_id, {})[one.kind] = one
    return found


def _card(
    batch: Batch, stage: BatchStage | None, newest: dict[str, BatchReading], now: datetime
) -> Card:
    since = stage.started_at if stage else batch.started_at
    phase = stage.phase if stage else None
    days = (now - since).days
    numbers = [one for one in newest.values() if one.value is not None]
    longest = phase.days_max or phase.days_min if phase else None
    return Card(
        batch,
        stage,
        days,
        usual_days(phase),
        min(100, 100 * days // longest) if longest else 0,
        max(numbers, key=lambda one: one.read_at, default=None),
        tuple(sorted(_due(phase, since, newest, now), key=lambda one: (not one.is_late, one.at))),
    )


def usual_days(phase: ProcessPhase | None) -> str:
    """How many days a phase usually takes: «4 a 7», «5»."""
    if phase is None:
        return ""
    low, high = phase.days_min, phase.days_max
    if low and high and low != high:
        return _("%(low)s a %(high)s") % {"low": low, "high": high}
    return str(low or high or "")


def _due(
    phase: ProcessPhase | None, since: datetime, newest: dict[str, BatchReading], now: datetime
) -> list[Due]:
    if phase is None:
        return []
    found = [*_turn(phase, since, newest, now), *_readings(phase, since, newest, now)]
    days = (now - since).days
    if phase.days_max and now - since > timedelta(days=phase.days_max):
        words = ngettext(
            "Lleva %(days)s día; lo usual es %(usual)s.",
            "Lleva %(days)s días; lo usual es %(usual)s.",
            days,
        ) % {"days": days, "usual": usual_days(phase)}
        found.append(Due("late", words, since + timedelta(days=phase.days_max), True))
    elif phase.days_min and days >= phase.days_min:
        words = _("Ya puede pasar: lleva lo usual.")
        found.append(Due("ready", words, since + timedelta(days=phase.days_min), False))
    moisture = newest.get(Kind.MOISTURE)
    target = phase.moisture_target
    if target is not None and moisture is not None and moisture.read_at >= since:
        value = moisture.value if moisture.value is not None else Decimal(100)
        if value <= target:
            words = _("Llegó a %(value)s %% de humedad.") % {"value": number(value, "-1")}
            found.append(Due("ready", words, moisture.read_at, False))
    return found


def _turn(
    phase: ProcessPhase, since: datetime, newest: dict[str, BatchReading], now: datetime
) -> list[Due]:
    if not phase.turn_hours:
        return []
    last = newest.get(Kind.TURN)
    begins = max(since, last.read_at) if last is not None else since
    at = begins + timedelta(hours=phase.turn_hours)
    hour = moment(at)
    if at <= now:
        return [Due(Kind.TURN.value, _("Voltear: tocaba el %(hour)s.") % {"hour": hour}, at, True)]
    words = _("Voltear el %(hour)s.") % {"hour": hour}
    return [Due(Kind.TURN.value, words, at, False)]


def _readings(
    phase: ProcessPhase, since: datetime, newest: dict[str, BatchReading], now: datetime
) -> list[Due]:
    asked = {
        Kind.TEMPERATURE: (phase.asks_temperature, _("Medir la temperatura.")),
        Kind.MOISTURE: (phase.asks_moisture, _("Medir la humedad.")),
    }
    found = []
    for kind, (is_asked, words) in asked.items():
        last = newest.get(kind.value)
        at = (max(since, last.read_at) if last is not None else since) + READ_EVERY
        if is_asked and at <= now:
            found.append(Due(kind.value, words, at, True))
    return found
