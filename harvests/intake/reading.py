"""What was sent, read strictly and without asking the database anything (docs/sync.md)."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from harvests.price import Price
from kallari.api.creation import HYPHENATED
from kallari.api.filters import RFC_3339
from kallari.text import clean_line, clean_text
from kallari.units import KG_PER

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 12, 31)
"""Of days and instants: a telephone without a battery says 1970, and none says more."""
UNITS = frozenset({*KG_PER, "piece"})
MOST_CHAKRAS = 20
WORST_ACCURACY_M = 100_000
"""A position that is worse than that says nothing, and is left out."""
LONGEST_NOTE = 1000
LONGEST_REASON = 200
MOST_OFFSET_MS = 200 * 366 * 24 * 3600 * 1000
"""A telephone whose battery was out may believe that it is 1970; none is off by more than that."""

NEEDED = _("Falta este dato.")
NOT_A_NUMBER = _("Escriba un número con punto para los decimales, así: 103.5")
NOT_A_KEY = _("No es un identificador (UUID).")
NOT_A_DAY = _("Escriba el día así: 2026-03-01.")
NOT_AN_INSTANT = _("Escriba el instante con su zona horaria, así: 2026-03-01T07:30:00-05:00.")


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be taken: at which field, a stable code, and a sentence."""

    field: str | None
    code: str
    message: StrOrPromise
    params: Mapping[str, Any] | None = None

    def told(self) -> dict[str, Any]:
        """As it stands in an answer, in the reader's language."""
        words = str(self.message)
        return {
            "field": self.field and printable(self.field, 60),
            "code": self.code,
            "message": words % self.params if self.params else words,
        }


def printable(text: str, longest: int) -> str:
    """What can be shown and kept of a text that anybody may have sent."""
    return "".join(sign for sign in text if sign.isprintable())[:longest]


class Refused(Exception):  # noqa: N818 - what was sent is refused; the program did not fail
    """One or several refusals of what was sent."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__([one.code for one in refusals])
        self.refusals = refusals


@dataclass(slots=True)
class Draft:
    """A delivery as it was told. None is unknown."""

    id: uuid.UUID
    digest: str
    weighed_at: datetime
    form: str
    quantity: Decimal
    unit: str
    family: uuid.UUID | None = None
    partner: uuid.UUID | None = None
    variety: str | None = None
    quality: str | None = None
    containers: int | None = None
    tare_kg: Decimal = Decimal(0)
    deduction_kg: Decimal = Decimal(0)
    deduction_reason: str = ""
    moisture_percent: Decimal | None = None
    harvested_on: date | None = None
    pollinated_on: date | None = None
    center: str | None = None
    chakras: list[tuple[uuid.UUID, Decimal]] = field(default_factory=list)
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    accuracy_m: Decimal | None = None
    price_line_seen: int | None = None
    note: str = ""
    device: uuid.UUID | None = None
    clock_offset_ms: int | None = None
    supersedes: uuid.UUID | None = None
    paid: Price | None = None
    """What an earlier record says was paid; None where a published price decides."""
    reference: str = ""
    """Where an earlier record stands."""


FIELDS = frozenset(
    {
        "family",
        "partner",
        "product_form",
        "variety",
        "quality",
        "quantity",
        "unit",
        "containers",
        "tare_kg",
        "deduction_kg",
        "deduction_reason",
        "moisture_percent",
        "harvested_on",
        "pollinated_on",
        "weighed_at",
        "center",
        "chakras",
        "position",
        "price_line_seen",
        "note",
    }
)
"""What a delivery's payload may hold."""


def content_digest(entity: str, key: str, action: str, payload: Any) -> str:
    """SHA-256 of what an operation says: two with the same digest say the same.

    The JSON is written with sorted keys and without nulls, so that the order of keys and "absent"
    against "null" make no difference; everything else does.
    """
    said = [entity, key.lower(), action, _without_nulls(payload)]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    return value


def read_key(value: Any, name: str) -> uuid.UUID:
    """Return a UUID written with hyphens, as the schema says.

    Raises:
        Refused: ``required``, ``invalid``.
    """
    if value is None:
        raise Refused(Refusal(name, "required", NEEDED))
    if not isinstance(value, str) or not HYPHENATED.fullmatch(value):
        raise Refused(Refusal(name, "invalid", NOT_A_KEY))
    return uuid.UUID(value)


def read_instant(value: Any, name: str) -> datetime:
    """Return an instant written with its offset, in UTC.

    Raises:
        Refused: ``required``, ``invalid``.
    """
    if value is None:
        raise Refused(Refusal(name, "required", NEEDED))
    if isinstance(value, str) and RFC_3339.fullmatch(value):
        try:
            instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
            if EARLIEST.year <= instant.year <= LATEST.year:
                return instant
        except (ValueError, OverflowError):  # 30 February; the year 0 or 10000 in UTC
            pass
    raise Refused(Refusal(name, "invalid", NOT_AN_INSTANT))


def read_delivery(
    payload: Mapping[str, Any],
    *,
    key: uuid.UUID,
    digest: str,
    device: uuid.UUID | None = None,
    clock_offset_ms: int | None = None,
) -> Draft:
    """Return the delivery that a payload tells.

    Raises:
        Refused: with every refusal at once: ``required``, ``invalid``, ``unknown_field`` and
            what each field refuses.
    """
    reader = _Reader(payload)
    draft = Draft(
        id=key,
        digest=digest,
        weighed_at=reader.instant("weighed_at"),
        form=reader.code("product_form", needed=True) or "",
        quantity=reader.number("quantity", places=3, needed=True) or Decimal(0),
        unit=reader.unit(),
        family=reader.key("family"),
        partner=reader.key("partner"),
        variety=reader.code("variety"),
        quality=reader.code("quality"),
        containers=reader.count("containers"),
        tare_kg=reader.number("tare_kg", places=3) or Decimal(0),
        deduction_kg=reader.number("deduction_kg", places=3) or Decimal(0),
        deduction_reason=reader.text("deduction_reason", LONGEST_REASON, clean_line),
        moisture_percent=reader.number("moisture_percent", places=1, most=Decimal(100)),
        harvested_on=reader.day("harvested_on"),
        pollinated_on=reader.day("pollinated_on"),
        center=reader.code("center"),
        chakras=reader.chakras(),
        price_line_seen=reader.whole("price_line_seen"),
        note=reader.text("note", LONGEST_NOTE, clean_text),
        device=device,
        clock_offset_ms=clock_offset_ms,
    )
    reader.position_into(draft)
    if draft.family is None and draft.partner is None and not reader.has("family", "partner"):
        reader.refuse("family", "required", _("Falta quién entrega: la familia o la socia."))
    if not reader.refusals and draft.quantity <= 0:
        reader.refuse("quantity", "not_positive", _("La cantidad es mayor que cero."))
    if draft.deduction_kg and not draft.deduction_reason:
        reader.refuse("deduction_reason", "required", _("Escriba por qué se descuenta."))
    for name in sorted(set(payload) - FIELDS):
        reader.refuse(name, "unknown_field", _("Este campo no existe o no se puede escribir aquí."))
    if reader.refusals:
        raise Refused(*reader.refusals)
    return draft


class _Reader:
    """Takes one field after the other and gathers what is wrong."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        self._payload = payload
        self.refusals: list[Refusal] = []

    def refuse(self, name: str, code: str, message: StrOrPromise, **params: Any) -> None:
        self.refusals.append(Refusal(name, code, message, params))

    def has(self, *names: str) -> bool:
        """Whether any of these fields was sent, well or badly."""
        return any(self._payload.get(name) is not None for name in names)

    def instant(self, name: str) -> datetime:
        try:
            return read_instant(self._payload.get(name), name)
        except Refused as refused:
            self.refusals += refused.refusals
        return datetime.min.replace(tzinfo=UTC)

    def key(self, name: str) -> uuid.UUID | None:
        value = self._payload.get(name)
        if value is None:
            return None
        try:
            return read_key(value, name)
        except Refused as refused:
            self.refusals += refused.refusals
        return None

    def code(self, name: str, *, needed: bool = False) -> str | None:
        value = self._payload.get(name)
        if value is None or value == "":
            if needed:
                self.refuse(name, "required", NEEDED)
            return None
        if not isinstance(value, str) or not CODE.fullmatch(value):
            self.refuse(name, "invalid", _("No es un código."))
            return None
        return value

    def number(
        self, name: str, *, places: int, needed: bool = False, most: Decimal | None = None
    ) -> Decimal | None:
        value = self._payload.get(name)
        if value is None or value == "":
            if needed:
                self.refuse(name, "required", NEEDED)
            return None
        number = _number(value)
        if number is None or (most is not None and number > most):
            self.refuse(name, "invalid", NOT_A_NUMBER)
            return None
        if number != round(number, places):
            self.refuse(
                name, "too_many_decimals", _("A lo más %(places)s decimales."), places=places
            )
            return None
        return number

    def count(self, name: str) -> int | None:
        number = self.whole(name)
        if number is not None and not 0 < number <= 30_000:
            self.refuse(name, "invalid", _("Escriba cuántos, en números enteros."))
            return None
        return number

    def whole(self, name: str) -> int | None:
        value = self._payload.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
            return value
        self.refuse(name, "invalid", _("Escriba un número entero."))
        return None

    def unit(self) -> str:
        value = self._payload.get("unit")
        if isinstance(value, str) and value in UNITS:
            return value
        if value is None:
            self.refuse("unit", "required", NEEDED)
        else:
            self.refuse("unit", "invalid", _("Las unidades son kg, lb, qq, arroba y piece."))
        return "kg"

    def day(self, name: str) -> date | None:
        value = self._payload.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and DAY.fullmatch(value):
            try:
                day = date.fromisoformat(value)
                if EARLIEST <= day <= LATEST:
                    return day
            except ValueError:  # 30 February
                pass
        self.refuse(name, "invalid", NOT_A_DAY)
        return None

    def text(self, name: str, longest: int, clean: Any) -> str:
        value = self._payload.get(name)
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            self.refuse(name, "invalid", _("Escriba un texto."))
            return ""
        try:
            plain: str = clean(value)
        except ValidationError as refusal:
            self.refuse(name, refusal.error_list[0].code or "invalid", refusal.messages[0])
            return ""
        if len(plain) > longest:
            self.refuse(name, "max_length", _("A lo más %(longest)s letras."), longest=longest)
            return ""
        return plain

    def chakras(self) -> list[tuple[uuid.UUID, Decimal]]:
        value = self._payload.get("chakras")
        if value is None or value == []:
            return []
        shares: list[tuple[uuid.UUID, Decimal]] = []
        if isinstance(value, list) and len(value) <= MOST_CHAKRAS:
            for one in value:
                share = _number(one.get("share")) if isinstance(one, dict) else None
                key = one.get("chakra") if isinstance(one, dict) else None
                if (
                    share is None
                    or set(one) - {"chakra", "share"}
                    or not isinstance(key, str)
                    or not HYPHENATED.fullmatch(key)
                    or not 0 < share <= 1
                ):
                    break
                shares.append((uuid.UUID(key), share))
        if not isinstance(value, list) or len(shares) < len(value):
            self.refuse(
                "chakras",
                "invalid",
                _("Escriba de cada chakra su identificador y su parte, mayor que 0 y hasta 1."),
            )
        elif sum(share for _chakra, share in shares) != 1:
            self.refuse(
                "chakras", "shares_do_not_add_up", _("Las partes de las chakras no suman 1.")
            )
        elif len({chakra for chakra, _share in shares}) < len(shares):
            self.refuse("chakras", "repeated", _("Una chakra aparece dos veces."))
        return shares

    def position_into(self, draft: Draft) -> None:
        value = self._payload.get("position")
        if value is None:
            return
        if isinstance(value, dict) and value.get("type") == "Point":
            places = value.get("coordinates")
            if isinstance(places, list) and 2 <= len(places) <= 3:
                longitude, latitude = _signed(places[0]), _signed(places[1])
                if (
                    longitude is not None
                    and latitude is not None
                    and abs(longitude) <= 180
                    and abs(latitude) <= 90
                ):
                    draft.longitude = round(longitude, 6)
                    draft.latitude = round(latitude, 6)
                    told = value.get("accuracy_m", value.get("accuracy"))
                    accuracy = _number(told) if told is not None else None
                    if accuracy is not None and accuracy < WORST_ACCURACY_M:
                        draft.accuracy_m = round(accuracy, 1)
                    return
        self.refuse("position", "invalid", _("Escriba un punto GeoJSON: longitud y latitud."))


def _number(value: Any) -> Decimal | None:
    """A number that is not negative, from text, or from JSON's own numbers as they were written."""
    if isinstance(value, bool):
        return None
    text = value if isinstance(value, str) else repr(value) if _is_number(value) else ""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _signed(value: Any) -> Decimal | None:
    """A coordinate: JSON writes them as numbers."""
    if not _is_number(value):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() else None
