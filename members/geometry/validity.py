"""Whether a geometry can be a chakra. Each refusal has its own code, and says where and what to do.

Nothing is repaired. Three things are done that move no place by more than 0.11 m, and each is said
in ``noticed``: positions are cut to six decimals, because the EU's information system does so and a
polygon must still be valid afterwards (cut first, then validate); the order of the positions is
turned where needed to run counter-clockwise (RFC 7946 section 3.1.6); and a MultiPolygon of one
piece, as map programs write it, is taken as that piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely.validation import explain_validity

from members.geometry.ecuador import in_ecuador
from members.geometry.measures import area_ha, distance_m
from members.geometry.positions import (
    DECIMALS,
    GeoJSON,
    Position,
    cut,
    position,
    positions,
    refused,
    shown,
)

_SCALE = 10**DECIMALS
Whole = tuple[int, int]
"""A position in millionths of a degree: whole numbers, so that nothing is lost in comparing."""


@dataclass(frozen=True)
class Limits:
    """What areas are taken, in hectares. The caller reads them from where they are dated.

    Points from 0.0001 to 4 ha: EUDR (Regulation 2023/1115 art. 2 (28); file description 1.3). The
    largest polygon is a guard against slips, not a rule.
    """

    smallest_ha: Decimal = Decimal("0.0001")
    largest_point_ha: Decimal = Decimal(4)
    largest_polygon_ha: Decimal = Decimal(100)


@dataclass(frozen=True)
class Checked:
    """A Point or Polygon that can be a chakra, as it is kept, its area, and what was noticed."""

    geometry: GeoJSON
    area_ha: Decimal
    """Computed for a polygon, declared for a point."""
    noticed: tuple[str, ...] = ()


DEFAULT_LIMITS = Limits()


def check(
    geometry: object,
    *,
    declared_area_ha: Decimal | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Checked:
    """Take a GeoJSON Point or Polygon, as parsed from JSON, or refuse it.

    Raises:
        ValidationError: of shape: ``not_a_geometry``, ``line``, ``several_pieces``,
            ``unsupported_kind``, ``hole``, ``too_few_positions``, ``not_a_position``,
            ``not_a_number``, ``too_many_positions``; of place: ``not_in_degrees``, ``swapped``,
            ``sign_missing``, ``outside_ecuador``; of the boundary: ``open_ring``, ``repeated``,
            ``repeated_when_cut``, ``collinear``, ``spike``, ``crossing``, ``touches_itself``; of
            area: ``area_missing``, ``area_not_a_number``, ``area_too_small``, ``point_too_large``,
            ``polygon_too_large``.
    """
    if not isinstance(geometry, dict):
        raise refused(
            _("Falta la geometría de la chakra: un punto o un polígono."), "not_a_geometry"
        )
    noticed: list[str] = []
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    kind = kind if isinstance(kind, str) else str(kind)
    if kind == "MultiPolygon":
        kind, coordinates = "Polygon", _only_piece(coordinates, noticed)
    if kind == "Point":
        return _point(coordinates, declared_area_ha, limits, noticed)
    if kind == "Polygon":
        return _polygon(coordinates, limits, noticed)
    if kind in {"LineString", "MultiLineString"}:
        raise refused(
            _(
                "Es una línea, no un polígono: una chakra se dibuja como contorno cerrado. Si la "
                "línea da la vuelta a la chakra, impórtela como contorno."
            ),
            "line",
        )
    raise refused(
        _("No se acepta un dibujo de la clase «%(kind)s»: dibuje un punto o un polígono."),
        "unsupported_kind",
        kind=str(kind)[:40],
    )


def _only_piece(coordinates: object, noticed: list[str]) -> object:
    if not isinstance(coordinates, (list, tuple)) or len(coordinates) != 1:
        raise refused(
            _(
                "El dibujo tiene %(count)s pedazos y una chakra tiene uno solo. Registre una "
                "chakra por cada pedazo."
            ),
            "several_pieces",
            count=len(coordinates) if isinstance(coordinates, (list, tuple)) else 0,
        )
    noticed.append(_("El archivo decía varios polígonos y trae uno solo: se tomó ese."))
    return coordinates[0]


# --- Points -----------------------------------------------------------------------------------


def _point(
    coordinates: object, declared: Decimal | None, limits: Limits, noticed: list[str]
) -> Checked:
    place = position(coordinates)
    _say_heights([coordinates], noticed)
    _refuse_elsewhere([place])
    if declared is None:
        raise refused(
            _("Un punto no dice cuánto mide la chakra: escriba su área en hectáreas."),
            "area_missing",
        )
    if not declared.is_finite():
        raise refused(_("El área no es un número. Escríbala en hectáreas."), "area_not_a_number")
    if declared < limits.smallest_ha:
        raise refused(
            _("El área es de %(area)s ha; lo menos que se registra son %(least)s ha (1 m²)."),
            "area_too_small",
            area=_plain(declared),
            least=_plain(limits.smallest_ha),
        )
    if declared > limits.largest_point_ha:
        raise refused(
            _(
                "La chakra mide %(area)s ha. Con un punto se registran hasta %(most)s ha; por "
                "encima la Unión Europea pide el polígono: recorra el lindero con el teléfono o "
                "dibújelo."
            ),
            "point_too_large",
            area=_plain(declared),
            most=_plain(limits.largest_point_ha),
        )
    kept = [cut(place[0]), cut(place[1])]
    _say_cut([place], noticed)
    return Checked({"type": "Point", "coordinates": kept}, declared, tuple(noticed))


# --- Polygons ---------------------------------------------------------------------------------


def _polygon(coordinates: object, limits: Limits, noticed: list[str]) -> Checked:
    if not isinstance(coordinates, (list, tuple)) or not coordinates:
        raise _too_few(0)
    if len(coordinates) > 1:
        raise refused(
            _(
                "El polígono tiene un hueco cerca de %(where)s. Dibuje solo el contorno; si "
                "adentro hay algo que no es chakra, dibújela en dos partes que lo rodeen."
            ),
            "hole",
            where=_somewhere(coordinates[1]),
        )
    read = positions(coordinates[0])
    if len(read) < 4:
        raise _too_few(len(read))
    _say_heights(coordinates[0], noticed)
    _refuse_elsewhere(read)
    ring = [_whole(cut(longitude), cut(latitude)) for longitude, latitude in read]
    _refuse_open(read, ring)
    _refuse_repeated(read, ring)
    _refuse_collinear(ring)
    _refuse_spikes(ring)
    _refuse_crossings(ring)
    _say_cut(read, noticed)
    if not shapely.LinearRing(ring).is_ccw:
        ring.reverse()
        noticed.append(
            _(
                "El contorno se guarda en sentido contrario al reloj (RFC 7946): ningún lugar "
                "cambió."
            )
        )
    kept: GeoJSON = {"type": "Polygon", "coordinates": [[list(_degrees(at)) for at in ring]]}
    area = area_ha(kept)
    if area < limits.smallest_ha:
        raise refused(
            _("El polígono mide menos de 1 m² cerca de %(where)s. Dibuje el contorno completo."),
            "area_too_small",
            where=shown(_degrees(ring[0])),
        )
    if area > limits.largest_polygon_ha:
        raise refused(
            _(
                "El polígono mide %(area)s ha y se aceptan hasta %(most)s ha. Revise que sea de "
                "una sola chakra y no de toda la comunidad."
            ),
            "polygon_too_large",
            area=_plain(area),
            most=_plain(limits.largest_polygon_ha),
        )
    return Checked(kept, area, tuple(noticed))


def _too_few(count: int) -> ValidationError:
    return refused(
        _(
            "El polígono tiene %(count)s posiciones. Hacen falta al menos 4: tres esquinas y otra "
            "vez la primera."
        ),
        "too_few_positions",
        count=count,
    )


def _refuse_elsewhere(read: list[Position]) -> None:
    """The first position that lies outside Ecuador, with the likely reason."""
    stray = next((place for place in read if not in_ecuador(*place)), None)
    if stray is None:
        return
    longitude, latitude = stray
    if max(abs(longitude), abs(latitude)) > 180:
        raise refused(
            _(
                "%(x)s, %(y)s no son grados: parecen metros (UTM). Exporte el archivo en WGS 84, "
                "grados (EPSG:4326)."
            ),
            "not_in_degrees",
            x=f"{longitude:.6g}",
            y=f"{latitude:.6g}",
        )
    if in_ecuador(latitude, longitude):
        raise refused(
            _(
                "La latitud y la longitud están cambiadas: se leyó latitud %(latitude)s y longitud "
                "%(longitude)s, y al revés quedaría en el Ecuador. Escritas a mano va primero la "
                "latitud (cerca de −1); en GeoJSON y KML, la longitud (cerca de −77)."
            ),
            "swapped",
            latitude=f"{latitude:.6f}",
            longitude=f"{longitude:.6f}",
        )
    for signs in ((-1, 1), (-1, -1), (1, -1)):
        if in_ecuador(longitude * signs[0], latitude * signs[1]):
            raise refused(
                _(
                    "%(where)s no queda en el Ecuador, y con otro signo sí. La longitud lleva "
                    "menos (oeste) y, en Napo, la latitud también (sur): por ejemplo −1.0123, "
                    "−77.8123."
                ),
                "sign_missing",
                where=shown(stray),
            )
    raise refused(
        _("%(where)s (latitud, longitud) no queda en el Ecuador. Revise las coordenadas."),
        "outside_ecuador",
        where=shown(stray),
    )


def _refuse_open(read: list[Position], ring: list[Whole]) -> None:
    if ring[0] != ring[-1]:
        raise refused(
            _(
                "El contorno no se cierra: entre el final (%(end)s) y el comienzo (%(start)s) "
                "faltan %(gap)s m. Complete el recorrido, o indique que se unan los dos."
            ),
            "open_ring",
            end=shown(read[-1]),
            start=shown(read[0]),
            gap=_plain(distance_m(read[-1], read[0])),
        )


def _refuse_repeated(read: list[Position], ring: list[Whole]) -> None:
    for place in range(1, len(ring)):
        if ring[place] != ring[place - 1]:
            continue
        if read[place] == read[place - 1]:
            raise refused(
                _(
                    "La posición %(place)s repite la anterior (%(where)s). Quítela o vuelva a "
                    "exportar el contorno."
                ),
                "repeated",
                place=place + 1,
                where=shown(read[place]),
            )
        raise refused(
            _(
                "Las posiciones %(before)s y %(place)s (%(where)s) están a menos de 11 cm: con los "
                "6 decimales que usa la Unión Europea caen en el mismo lugar. Quite una de las dos."
            ),
            "repeated_when_cut",
            before=place,
            place=place + 1,
            where=shown(read[place]),
        )


def _refuse_collinear(ring: list[Whole]) -> None:
    start = ring[0]
    far = max(ring, key=lambda at: (at[0] - start[0]) ** 2 + (at[1] - start[1]) ** 2)
    if all(_turn(start, far, at) == 0 for at in ring):
        raise refused(
            _(
                "Todas las posiciones están en una misma recta, de %(start)s a %(end)s: eso no "
                "encierra ninguna área. Dibuje el contorno completo."
            ),
            "collinear",
            start=shown(_degrees(start)),
            end=shown(_degrees(far)),
        )


def _refuse_spikes(ring: list[Whole]) -> None:
    """A boundary that goes out along a line and back on it has a side that lies on another."""
    corners = ring[:-1]
    for place, tip in enumerate(corners):
        before, after = corners[place - 1], corners[(place + 1) % len(corners)]
        back = (tip[0] - before[0]) * (after[0] - tip[0]) + (tip[1] - before[1]) * (
            after[1] - tip[1]
        )
        if _turn(before, tip, after) == 0 and back < 0:
            raise refused(
                _(
                    "En %(where)s el contorno sale en una punta y regresa por la misma línea. "
                    "Quite esa posición."
                ),
                "spike",
                where=shown(_degrees(tip)),
            )


_EXPLAINED = re.compile(r"^(?P<what>[^\[]+)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")


def _refuse_crossings(ring: list[Whole]) -> None:
    """shapely decides, and says `Self-intersection[x y]` or `Ring Self-intersection[x y]`."""
    explained = explain_validity(shapely.Polygon(ring))
    found = _EXPLAINED.match(explained)
    if explained == "Valid Geometry" or found is None:
        return
    where = ""
    if found["x"]:
        where = shown((float(found["x"]) / _SCALE, float(found["y"]) / _SCALE))
    if found["what"] == "Ring Self-intersection":
        raise refused(
            _(
                "El contorno pasa dos veces por el mismo lugar, %(where)s: queda como dos chakras "
                "unidas por un punto. Sepárelas, o mueva una de las dos posiciones."
            ),
            "touches_itself",
            where=where,
        )
    raise refused(
        _(
            "El contorno se cruza a sí mismo en %(where)s, como un lazo. Ponga las posiciones en "
            "el orden en que se camina el lindero."
        ),
        "crossing",
        where=where,
    )


def _turn(one: Whole, two: Whole, three: Whole) -> int:
    """Positive when the path turns left at `two`, zero when it goes straight on or back."""
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def _whole(longitude: float, latitude: float) -> Whole:
    return round(longitude * _SCALE), round(latitude * _SCALE)


def _degrees(at: Whole) -> Position:
    return at[0] / _SCALE, at[1] / _SCALE


def _say_cut(read: list[Position], noticed: list[str]) -> None:
    if any(
        (cut(longitude), cut(latitude)) != (longitude, latitude) for longitude, latitude in read
    ):
        noticed.append(
            _("Las coordenadas se guardan con 6 decimales (11 cm), como las lee la Unión Europea.")
        )


def _say_heights(given: Any, noticed: list[str]) -> None:
    if any(len(place) > 2 for place in given):
        noticed.append(_("La altura de las posiciones no se guarda."))


def _somewhere(ring: object) -> str:
    try:
        return shown(positions(ring)[0])
    except (ValidationError, IndexError):
        return "?"


def _plain(quantity: Decimal) -> str:
    """A quantity in local writing, without zeros at its end: 4, 4,01, 0,0001."""
    return number_format(Decimal(f"{quantity.normalize():f}"))
