"""A map as SVG, drawn here: no tiles, no other host, the same on the telephone and on paper.

Degrees become a plane around the middle of what is shown (equirectangular, longitudes shortened by
the cosine of the latitude): within a canton no distance is off by more than the line is thick.
Colours, widths and sizes of text are classes in kallari.css; fills that must be told apart without
colour are patterns here. ``static/kallari/map.js`` adds moving and zooming to what is whole
without it. templates/members/components/map.html shows the three together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import shapely
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from members.geometry.positions import GeoJSON

_Room: TypeAlias = tuple[float, float, float, float]
Status = Literal["draft", "verified", "suspended", "other"]
ContextKind = Literal["river", "road", "border", "center"]

METRES_PER_DEGREE = 111_319.49
"""Of longitude on the equator of WGS 84: 6 378 137 m × π / 180."""
LEAST_EXTENT_M = 160
"""A single small chakra is shown with its surroundings."""
MARGIN = 36
SIMPLIFIED_PX = 0.15
DOT_BELOW_PX = 5
"""What would be smaller is shown as a dot of its status."""
_LABEL_LARGE, _LABEL_SMALL = 20, 11
"""Sizes of labels in units of the drawing, on phones and elsewhere (--map-text in kallari.css)."""


@dataclass(frozen=True)
class Plot:
    """A chakra on a map. `area_ha` gives a point the circle of its declared area."""

    geometry: GeoJSON
    status: Status = "other"
    label: str = ""
    title: str = ""
    href: str = ""
    area_ha: Decimal | None = None


@dataclass(frozen=True)
class Context:
    """What helps to find one's way: a river, a road, a border, a center."""

    kind: ContextKind
    geometry: GeoJSON
    label: str = ""


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: its sample, its words, how many there are (nothing for context)."""

    sample: SafeString
    words: str
    count: int | None = None


@dataclass(frozen=True)
class Map:
    """A drawn map, for the component ``members/components/map.html``."""

    svg: SafeString
    legend: list[LegendEntry] = field(default_factory=list)
    title: str = ""


def draw(
    plots: Iterable[Plot],
    *,
    title: str,
    description: str = "",
    overlaps: Sequence[GeoJSON] = (),
    context: Sequence[Context] = (),
    words: Mapping[str, str] | None = None,
    identifier: str = "map",
    size: tuple[int, int] = (640, 480),
) -> Map:
    """Draw chakras over their surroundings.

    `overlaps` are the polygons in dispute; `words` replaces the legend's words of a status;
    `identifier` tells several maps of a page apart. The extent is that of the chakras; without any,
    that of the context.
    """
    drawn = list(plots)
    shapes = [shape(plot.geometry) for plot in drawn]
    surroundings = [(layer, shape(layer.geometry)) for layer in context]
    plane = _Plane.around(shapes or [around for _layer, around in surroundings], size)
    said = _words() | dict(words or {})
    labels = _Labels()
    plots_svg = [
        _plot(plot, found, plane, identifier, labels)
        for plot, found in sorted(
            zip(drawn, shapes, strict=True), key=lambda pair: -pair[1].area
        )  # the small above the large
    ]
    around_svg = [_context(layer, found, plane, labels) for layer, found in surroundings]
    overlaps_svg = [
        format_html(
            '<path class="map-overlap" fill="url(#{}-overlap)" d="{}"/>',
            identifier,
            plane.path(shape(overlap)),
        )
        for overlap in overlaps
    ]
    linked = any(plot.href for plot in drawn)
    svg = format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="{}" aria-labelledby="{}-title {}-desc" '
        'data-metres-per-unit="{}"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>'
        '{}<g class="map-ground">{}{}{}{}</g>{}</svg>',
        *size,
        "group" if linked else "img",
        identifier,
        identifier,
        f"{plane.metres_per_unit:.6g}",
        identifier,
        title,
        identifier,
        description or _described(drawn, overlaps, said),
        _patterns(identifier),
        _joined(around_svg),
        _joined(plots_svg),
        _joined(overlaps_svg),
        labels.svg(),
        _furniture(plane, empty=not drawn and not surroundings),
    )
    in_view = [layer for layer, seen in zip(context, around_svg, strict=True) if seen]
    return Map(svg, _legend(drawn, overlaps, in_view, said, identifier), title)


def round_metres(most: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … metres that does not exceed `most` (at least 1)."""
    power = 10 ** math.floor(math.log10(max(most, 1)))
    return next((step * power for step in (5, 2) if step * power <= most), power)


# --- The plane --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plane:
    """Degrees to units of the drawing."""

    longitude: float
    latitude: float
    metres_per_unit: float
    width: int
    height: int

    @classmethod
    def around(cls, shapes: Sequence[BaseGeometry], size: tuple[int, int]) -> _Plane:
        width, height = size
        bounds = [found.bounds for found in shapes if not found.is_empty]
        if not bounds:
            return cls(0, 0, LEAST_EXTENT_M / width, width, height)
        west, south = (min(bound[side] for bound in bounds) for side in (0, 1))
        east, north = (max(bound[side] for bound in bounds) for side in (2, 3))
        latitude = (south + north) / 2
        across = (east - west) * METRES_PER_DEGREE * math.cos(math.radians(latitude))
        metres_per_unit = max(
            LEAST_EXTENT_M / min(width - 2 * MARGIN, height - 2 * MARGIN),
            across / (width - 2 * MARGIN),
            (north - south) * METRES_PER_DEGREE / (height - 2 * MARGIN),
        )
        return cls((west + east) / 2, latitude, metres_per_unit, width, height)

    def onto(self, found: BaseGeometry) -> BaseGeometry:
        """The shape in units of the drawing, north above."""
        north = METRES_PER_DEGREE / self.metres_per_unit
        east = north * math.cos(math.radians(self.latitude))

        def moved(places: Any) -> Any:
            return (places - [self.longitude, self.latitude]) * [east, -north] + [
                self.width / 2,
                self.height / 2,
            ]

        return shapely.transform(found, moved)

    def path(self, found: BaseGeometry) -> str:
        return _path(self.onto(found))


def _path(flat: BaseGeometry) -> str:
    """The `d` of a shape, to 0.1 units, thinned by less than anybody sees."""
    thin = flat.simplify(SIMPLIFIED_PX, preserve_topology=True)
    if thin.geom_type == "Polygon":
        return "".join(f"{_line(ring.coords[:-1])}Z" for ring in (thin.exterior, *thin.interiors))
    if thin.geom_type == "LineString":
        return _line(thin.coords)
    return "".join(_path(part) for part in getattr(thin, "geoms", ()))


def _line(coordinates: Iterable[Sequence[float]]) -> str:
    texts = [f"{_tenth(place[0])} {_tenth(place[1])}" for place in coordinates]
    kept = [text for text, before in zip(texts, [None, *texts], strict=False) if text != before]
    return f"M{'L'.join(kept)}" if kept else ""


def _tenth(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0" if abs(value) < 0.05 else "-0")


# --- Layers -----------------------------------------------------------------------------------


def _plot(
    plot: Plot, found: BaseGeometry, plane: _Plane, identifier: str, labels: _Labels
) -> SafeString:
    flat = plane.onto(found)
    left, top, right, bottom = flat.bounds
    radius = 0.0
    if found.geom_type == "Point" and plot.area_ha is not None:
        radius = math.sqrt(float(plot.area_ha) * 10_000 / math.pi) / plane.metres_per_unit
    center = flat.representative_point()
    x, y = _tenth(center.x), _tenth(center.y)
    if max(right - left, bottom - top, 2 * radius) < DOT_BELOW_PX:
        drawn = format_html('<path class="map-dot map-{}" d="M{} {}h0"/>', plot.status, x, y)
    elif found.geom_type == "Point":
        drawn = format_html(
            '<circle class="map-plot map-point map-{}" fill="url(#{}-{})" cx="{}" cy="{}" r="{}"/>'
            '<path class="map-dot map-{}" d="M{} {}h0"/>',
            plot.status, identifier, plot.status, x, y, _tenth(radius), plot.status, x, y,
        )  # fmt: skip
        labels.place(plot.label, center.x, center.y, below=1)
    else:
        drawn = format_html(
            '<path class="map-plot map-{}" fill="url(#{}-{})" d="{}"/>',
            plot.status,
            identifier,
            plot.status,
            _path(flat),
        )
        labels.place(plot.label, center.x, center.y)
    name = plot.title or plot.label
    if name:
        drawn = format_html("<title>{}</title>{}", name, drawn)
    if plot.href:
        return format_html('<a href="{}">{}</a>', plot.href, drawn)
    return format_html("<g>{}</g>", drawn) if name else drawn


def _context(layer: Context, found: BaseGeometry, plane: _Plane, labels: _Labels) -> SafeString:
    """A layer that comes into view; far rivers weigh nothing."""
    flat = plane.onto(found)
    wide, high = plane.width, plane.height
    seen = shapely.clip_by_rect(flat, 0, 0, wide, high)
    if seen.is_empty:
        return mark_safe("")
    if layer.kind == "center":
        center = flat.centroid
        labels.place(layer.label, center.x, center.y, layer.kind, below=1.3)
        return format_html(
            '<path class="map-center" d="M{} {}h0"/>', _tenth(center.x), _tenth(center.y)
        )
    longest = max(getattr(seen, "geoms", [seen]), key=lambda part: part.length)
    line = longest.boundary if longest.geom_type == "Polygon" else longest
    if line.length > 4 * MARGIN:
        middle = line.interpolate(0.5, normalized=True)
        labels.place(layer.label, middle.x, middle.y, layer.kind, below=-0.6)
    near = shapely.clip_by_rect(flat, -wide, -high, 2 * wide, 2 * high)
    return format_html('<path class="map-{}" d="{}"/>', layer.kind, _path(near))


class _Labels:
    """Words on a map, as many as fit. What fits only in small letters is not shown on phones."""

    def __init__(self) -> None:
        self._wanted: list[tuple[str, float, float, str, float]] = []

    def place(self, text: str, x: float, y: float, kind: str = "plot", below: float = 0) -> None:
        """Want a text at a place, or so many of its heights below it."""
        if text:
            self._wanted.append((text, x, y, kind, below))

    def svg(self) -> SafeString:
        """The texts that fit; those of communities and rivers come first."""
        large: list[_Room] = []
        small: list[_Room] = []
        written = []
        for text, x, y, kind, below in sorted(self._wanted, key=lambda label: label[3] == "plot"):
            room = _room(text, x, y, _LABEL_SMALL, below)
            if any(_meet(room, other) for other in small):
                continue
            small.append(room)
            extra = " map-label-small"
            room = _room(text, x, y, _LABEL_LARGE, below)
            if not any(_meet(room, other) for other in large):
                large.append(room)
                extra = ""
            down = format_html(' dy="{}em"', below) if below else ""
            written.append((kind, extra, _tenth(x), _tenth(y), down, text))
        return format_html_join(
            "", '<text class="map-label map-label-{}{}" x="{}" y="{}"{}>{}</text>', written
        )


def _room(text: str, x: float, y: float, size: int, below: float) -> _Room:
    """What a text covers with a space around it: letters are about 0.6 of their height wide."""
    half = len(text) * size * 0.3 + size * 0.3
    middle = y + below * size
    return x - half, middle - size / 2, x + half, middle + size / 2


def _meet(one: _Room, other: _Room) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


# --- What stands around -----------------------------------------------------------------------


def _patterns(identifier: str) -> SafeString:
    """Fills that differ without colour: even, striped, dotted, none; crossed for overlaps."""
    patterns = (
        ("verified", 8, mark_safe('<rect width="8" height="8"/>')),
        ("draft", 8, mark_safe('<path d="M-2 2L2-2M0 8L8 0M6 10L10 6"/>')),
        ("suspended", 6, mark_safe('<circle cx="3" cy="3" r="1.1"/>')),
        ("other", 8, mark_safe('<rect width="8" height="8"/>')),
        ("overlap", 6, mark_safe('<path d="M0 0L6 6M0 6L6 0"/>')),
    )
    return format_html(
        "<defs>{}</defs>",
        format_html_join(
            "",
            '<pattern id="{}-{}" class="map-fill-{}" width="{}" height="{}" '
            'patternUnits="userSpaceOnUse">{}</pattern>',
            [(identifier, name, name, side, side, drawn) for name, side, drawn in patterns],
        ),
    )


def _furniture(plane: _Plane, *, empty: bool) -> SafeString:
    """Scale, north and the coordinates of the centre; they stay while the ground moves."""
    if empty:
        return format_html(
            '<text class="map-label map-label-center" x="{}" y="{}">{}</text>',
            plane.width / 2,
            plane.height / 2,
            _("Todavía no hay nada que mostrar en el mapa."),
        )
    metres = round_metres(plane.metres_per_unit * plane.width / 4)
    length = metres / plane.metres_per_unit
    bottom = plane.height - 12
    return format_html(
        '<g class="map-furniture"><path class="map-scale" d="M12 {}v6H{}v-6"/>'
        '<text class="map-scale-text" x="12" y="{}">{}</text>'
        '<path class="map-north" d="M{} 34l7-22 7 22-7-6z"/>'
        '<text class="map-north-text" x="{}" y="52">N</text>'
        '<text class="map-place" x="{}" y="{}">{}</text></g>',
        bottom - 6,
        _tenth(12 + length),
        bottom - 12,
        _length(metres),
        plane.width - 32,
        plane.width - 25,
        plane.width - 12,
        bottom,
        _place(plane.longitude, plane.latitude),
    )


def _length(metres: int) -> str:
    return f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"


def _place(longitude: float, latitude: float) -> str:
    return _("Centro: %(latitude)s° %(north)s, %(longitude)s° %(east)s") % {
        "latitude": number_format(round(abs(latitude), 4), decimal_pos=4),
        "north": pgettext("punto cardinal", "N")
        if latitude >= 0
        else pgettext("punto cardinal", "S"),
        "longitude": number_format(round(abs(longitude), 4), decimal_pos=4),
        "east": pgettext("punto cardinal", "E")
        if longitude >= 0
        else pgettext("punto cardinal", "O"),
    }


def _words() -> dict[str, str]:
    return {
        "verified": _("Verificada"),
        "draft": _("Borrador"),
        "suspended": _("Suspendida"),
        "other": _("Chakra"),
        "overlap": _("Traslape entre chakras"),
        "river": _("Río"),
        "road": _("Camino"),
        "border": _("Límite"),
        "center": _("Centro de la comunidad"),
    }


def _described(plots: Sequence[Plot], overlaps: Sequence[GeoJSON], said: Mapping[str, str]) -> str:
    counts = Counter(plot.status for plot in plots)
    parts = [f"{said[status]}: {count}" for status, count in sorted(counts.items())]
    if overlaps:
        parts.append(f"{said['overlap']}: {len(overlaps)}")
    return f"{'. '.join(parts)}." if parts else ""


def _legend(
    plots: Sequence[Plot],
    overlaps: Sequence[GeoJSON],
    context: Sequence[Context],
    said: Mapping[str, str],
    identifier: str,
) -> list[LegendEntry]:
    counts = Counter(plot.status for plot in plots)
    entries = [
        LegendEntry(
            _sample(
                format_html(
                    '<rect class="map-plot map-{}" fill="url(#{}-{})" x="1" y="2" width="20" '
                    'height="16"/><path class="map-dot map-{}" d="M28 10h0"/>',
                    status,
                    identifier,
                    status,
                    status,
                )
            ),
            said[status],
            counts[status],
        )
        for status in ("verified", "draft", "suspended", "other")
        if counts[status]
    ]
    if overlaps:
        rect = (
            '<rect class="map-overlap" fill="url(#{}-overlap)" x="2" y="2" width="28" height="16"/>'
        )
        entries.append(
            LegendEntry(_sample(format_html(rect, identifier)), said["overlap"], len(overlaps))
        )
    samples = {"river": "M2 12q7-8 14 0t14-4", "road": "M2 10H30", "border": "M2 10H30"}
    for kind in dict.fromkeys(layer.kind for layer in context):
        sample = format_html('<path class="map-{}" d="{}"/>', kind, samples.get(kind, "M16 10h0"))
        entries.append(LegendEntry(_sample(sample), said[kind]))
    return entries


def _sample(drawn: SafeString) -> SafeString:
    return format_html(
        '<svg class="map-sample" viewBox="0 0 32 20" aria-hidden="true">{}</svg>', drawn
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
