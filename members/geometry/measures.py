"""Areas, lengths and overlaps on the ellipsoid WGS 84, by geographiclib; shapely cuts shapes.

Square metres and metres are exact to the decimal that is shown, rounded half up once, at the end.
Sides are geodesics for areas and straight in degrees for cutting; within a chakra the two differ by
less than a millimetre.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

import shapely
from geographiclib.geodesic import Geodesic
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from members.geometry.positions import GeoJSON, Position

SQUARE_METRES_PER_HECTARE = 10_000
KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True)
class Box:
    """The degrees between which a geometry lies: what a database compares first."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: Box) -> bool:
        """Whether the two share at least a border."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


def box(geometry: GeoJSON) -> Box:
    """The smallest box around a geometry."""
    return Box(*shape(geometry).bounds)


def area_m2(geometry: GeoJSON) -> Decimal:
    """Geodesic area in m², to 0.01; 0 for a point."""
    return _rounded(_area(shape(geometry)), "0.01")


def area_ha(geometry: GeoJSON) -> Decimal:
    """Geodesic area in hectares, to 0.0001 (one square metre, the least that the EUDR counts)."""
    return _rounded(_area(shape(geometry)) / SQUARE_METRES_PER_HECTARE, "0.0001")


def perimeter_m(geometry: GeoJSON) -> Decimal:
    """Geodesic length of the outer boundary in metres, to 0.1; 0 for a point."""
    return _rounded(sum(_ring(part.exterior.coords)[0] for part in _pieces(shape(geometry))), "0.1")


def centroid(geometry: GeoJSON) -> Position:
    """The centre of gravity. It may lie outside a bent chakra; see :func:`inner_point`."""
    center = shape(geometry).centroid
    return center.x, center.y


def inner_point(geometry: GeoJSON) -> Position:
    """A position that surely lies inside, for a label."""
    inside = shape(geometry).representative_point()
    return inside.x, inside.y


def distance_m(one: Sequence[float], other: Sequence[float]) -> Decimal:
    """Geodesic distance of two positions (longitude, latitude) in metres, to 0.1."""
    line = Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0], Geodesic.DISTANCE)
    return _rounded(line["s12"], "0.1")


def overlap_m2(one: GeoJSON, other: GeoJSON) -> Decimal:
    """Geodesic area in m² (to 0.01) that two polygons share; neighbours that touch share 0.

    The order of the two makes no difference, not even in the last decimal.
    """
    return _rounded(_area(_shared(one, other)), "0.01")


def overlap(one: GeoJSON, other: GeoJSON) -> list[GeoJSON]:
    """The polygons that two polygons share, for drawing."""
    return [_plain(part) for part in _pieces(_shared(one, other))]


def overlapping_pairs(
    geometries: Mapping[KeyT, GeoJSON], *, above_m2: Decimal = Decimal(0)
) -> Iterator[tuple[KeyT, KeyT, Decimal]]:
    """Every pair of polygons that share more than `above_m2`, with the area in m².

    A tree of boxes finds the candidates, so that a thousand chakras take a second.
    """
    keys = list(geometries)
    shapes = [shape(geometries[key]) for key in keys]
    tree = shapely.STRtree(shapes)
    for one, other in sorted(zip(*tree.query(shapes, predicate="intersects"), strict=True)):
        if one < other:
            shared = overlap_m2(geometries[keys[one]], geometries[keys[other]])
            if shared > above_m2:
                yield keys[one], keys[other], shared


def _shared(one: GeoJSON, other: GeoJSON) -> BaseGeometry:
    first, second = sorted((shape(one), shape(other)), key=lambda piece: piece.wkb)
    return first.intersection(second)


def _pieces(found: BaseGeometry) -> list[Any]:
    """The polygons of a shape; lines and points have no area."""
    parts = getattr(found, "geoms", [found])
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _area(found: BaseGeometry) -> float:
    return sum(
        _ring(part.exterior.coords)[1] - sum(_ring(hole.coords)[1] for hole in part.interiors)
        for part in _pieces(found)
    )


def _ring(coordinates: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Perimeter in metres and area in m² of a closed ring, whichever way it turns."""
    polygon = Geodesic.WGS84.Polygon()
    for longitude, latitude, *_height in coordinates[:-1]:
        polygon.AddPoint(latitude, longitude)
    _count, perimeter, area = polygon.Compute()
    return perimeter, abs(area)


def _plain(part: BaseGeometry) -> GeoJSON:
    found = mapping(part)
    return {
        "type": found["type"],
        "coordinates": [[list(place) for place in ring] for ring in found["coordinates"]],
    }


def _rounded(value: float, step: str) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(step), ROUND_HALF_UP)
