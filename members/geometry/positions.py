"""One position, read strictly: two finite numbers, longitude first.

Everything that enters as parsed JSON passes here, from a file as from the API.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Position: TypeAlias = tuple[float, float]
"""Longitude and latitude in degrees of WGS 84, in this order (RFC 7946 section 3.1.1)."""
GeoJSON: TypeAlias = dict[str, Any]
"""A geometry object as RFC 7946 section 3.1 writes it."""

MOST_POSITIONS = 10_000
"""More than a walk of a day at one position every three seconds."""
DECIMALS = 6
"""What the EU's information system keeps of a degree (file description 1.3): 0.11 m."""
_STEP = Decimal(1).scaleb(-DECIMALS)


def refused(message: StrOrPromise, code: str, **params: object) -> ValidationError:
    """A refusal in words, with the code that programs read."""
    return ValidationError(message, code=code, params=params)


def shown(position: Sequence[float]) -> str:
    """A position as people write it: latitude, longitude, with decimal points.

    >>> shown((-77.8, -1))
    '-1.000000, -77.800000'
    """
    return f"{position[1]:.{DECIMALS}f}, {position[0]:.{DECIMALS}f}"


def number(value: object) -> float:
    """A finite number that JSON wrote as a number.

    Raises:
        ValidationError: ``not_a_number``: text, a truth value, NaN, infinite, or too large.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            converted = float(value)
        except OverflowError:
            converted = math.inf
        if math.isfinite(converted):
            return converted
    raise refused(
        _(
            "Una coordenada no es un número: «%(value)s». Las coordenadas se escriben como "
            "números, sin comillas, por ejemplo [-77.8123, -1.0123]."
        ),
        "not_a_number",
        value=_short(value),
    )


def position(value: object) -> Position:
    """Longitude and latitude out of a GeoJSON position; a third number is left aside.

    Raises:
        ValidationError: ``not_a_position`` or ``not_a_number``.
    """
    if not isinstance(value, (list, tuple)) or not 2 <= len(value) <= 4:
        raise refused(
            _(
                "Cada posición lleva dos números, longitud y latitud. Aquí dice «%(value)s». "
                "Exporte el archivo otra vez."
            ),
            "not_a_position",
            value=_short(value),
        )
    longitude, latitude, *_others = [number(part) for part in value]
    return longitude, latitude


def positions(value: object) -> list[Position]:
    """The positions of a line or a ring.

    Raises:
        ValidationError: ``not_a_position``, ``not_a_number`` or ``too_many_positions``.
    """
    if not isinstance(value, (list, tuple)):
        raise refused(
            _("El archivo no trae una lista de posiciones. Expórtelo otra vez."), "not_a_position"
        )
    if len(value) > MOST_POSITIONS:
        raise refused(
            _(
                "El dibujo tiene %(count)s posiciones; se aceptan hasta %(most)s. "
                "Simplifíquelo en el programa con que lo hizo."
            ),
            "too_many_positions",
            count=len(value),
            most=MOST_POSITIONS,
        )
    return [position(item) for item in value]


def cut(degrees: float) -> float:
    """Cut (not round) to six decimals, as the EU's information system does.

    >>> cut(-77.8123459)
    -77.812345
    """
    return float(Decimal(repr(degrees)).quantize(_STEP, rounding=ROUND_DOWN))


def _short(value: object) -> str:
    """What stands in a file, short enough for a message."""
    if isinstance(value, (list, tuple, dict)):
        return "[…]" if value else "[]"
    try:
        text = str(value)
    except ValueError:  # an integer of thousands of digits
        return "…"
    return text if len(text) <= 40 else f"{text[:40]}…"
