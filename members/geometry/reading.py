"""What people bring becomes geometry as it stands, or is refused in words.

Typed coordinates, GeoJSON, KML, GPX and a walk with the phone all end as a :class:`Reading`: the
geometry as read, and what was noticed on the way (heights left aside, positions taken once). What
is not asked for is not done: a line stays a line unless the caller says that it is an outline,
and an outline that does not end where it began stays open unless the caller says to join it.
Whether the geometry can be a chakra is the question of ``validity``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.geometry.measures import distance_m
from members.geometry.positions import (
    GeoJSON,
    Position,
    cut,
    number,
    position,
    positions,
    refused,
    shown,
)

LARGEST_FILE_MB = 10
MOST_FEATURES = 2_000
"""Twice the chakras of the association."""
DEEPEST_XML = 40
WORST_ACCURACY_M = Decimal(30)
"""A telephone under trees says 5 to 20 m; one that has not found its satellites, 100 and more."""
LONGEST_TYPED = 120
"""Characters of one typed position: its longest way of writing takes half of them."""
_MOST_PROPERTIES = 50
_LONGEST_PROPERTY = 500
_NAMES = ("name", "nombre", "title", "titulo", "título", "chakra", "código", "codigo", "id")


@dataclass(frozen=True)
class Reading:
    """One geometry of what was brought.

    `number` counts from one in the order of the file. `problem` is set instead of `geometry` when
    this one cannot be read although the rest of the file can. `accuracy_m` is the worst of a walk.
    """

    number: int
    geometry: GeoJSON = field(default_factory=dict)
    name: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    noticed: tuple[str, ...] = ()
    accuracy_m: Decimal | None = None
    problem: ValidationError | None = None


@dataclass(frozen=True)
class Outline:
    """What the person who brings a line says about it."""

    is_outline: bool = False
    """The line, or the waypoints in their order, go around the chakra."""
    join: bool = False
    """Where it ends may be joined with where it began."""


LINE = Outline()


# --- Typed ------------------------------------------------------------------------------------

_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-"})
_SIDES = {"N": 1, "S": -1, "E": 1, "W": -1, "O": -1}
_DEGREES = re.compile(
    r"""^\s*(?P<before>[NSEWO])?\s*
    (?P<sign>[-+])?\s*(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*(?:°|º|d\b)?\s*
    (?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:'|’|′|m\b)\s*
       (?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:"|”|″|''|’’|′′|s\b)?\s*)?)?
    (?P<after>[NSEWO])?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_APART = re.compile(r"\s*;\s*|\s*,\s+|\s*\t\s*")
_TWO_WITH_POINTS = re.compile(r"^\s*([-+]?\d+\.\d+)\s*,\s*([-+]?\d+\.\d+)\s*$")
_SIDE_THEN_NEXT = re.compile(r"(?<=[NSEWO])[\s,]+(?=[-+\d])", re.IGNORECASE)
_NEXT_SIDE = re.compile(r"(?<=\S)[\s,]+(?=[NSEWO]\s*\d)", re.IGNORECASE)


def read_degrees(text: str, axis: Literal["latitude", "longitude"]) -> float:
    """One typed coordinate in degrees: ``−1,0123``, ``1.0123 S`` or ``77°48'44" O``.

    Raises:
        ValidationError: ``not_degrees``, ``other_side`` (a latitude to the east), ``sign_twice``
            or ``minutes`` (60 and more).
    """
    text = _one_spaced(text)
    found = _DEGREES.match(text.translate(_MINUS)) if len(text) <= LONGEST_TYPED else None
    if found is None or (found["before"] and found["after"]):
        raise refused(
            _(
                "No se entiende «%(text)s». Escriba grados con decimales, por ejemplo −1,0123, "
                "o grados, minutos y segundos, por ejemplo 1°0'44\" S."
            ),
            "not_degrees",
            text=text[:40],
        )
    side = (found["before"] or found["after"] or "").upper()
    if side and (side in "NS") != (axis == "latitude"):
        raise refused(
            _(
                "«%(text)s» no va en este lugar: la latitud lleva N o S, la longitud E u O. "
                "Escriba primero la latitud y después la longitud."
            ),
            "other_side",
            text=text[:40],
        )
    if side and found["sign"]:
        raise refused(
            _("«%(text)s» lleva signo y letra a la vez. Deje uno de los dos."),
            "sign_twice",
            text=text[:40],
        )
    degrees, minutes, seconds = (
        Decimal((found[part] or "0").replace(",", "."))
        for part in ("degrees", "minutes", "seconds")
    )
    if minutes >= 60 or seconds >= 60 or (found["minutes"] and degrees % 1):
        raise refused(
            _(
                "En «%(text)s» los minutos y los segundos van de 0 a 59, y los grados que los "
                "llevan no tienen decimales."
            ),
            "minutes",
            text=text[:40],
        )
    sign = _SIDES[side] if side else (-1 if found["sign"] == "-" else 1)
    return float(sign * (degrees + minutes / 60 + seconds / 3600))


def _one_spaced(text: str) -> str:
    """With single spaces, tabs kept: a thousand of them would be tried in a million ways."""
    return "\t".join(" ".join(part.split()) for part in text.strip().split("\t"))


def read_pair(text: str) -> Position:
    """One typed position, latitude first: ``−1.0123, −77.8123`` or ``1°0'44" S 77°48'44" O``.

    Raises:
        ValidationError: ``not_a_pair``, and what :func:`read_degrees` raises.
    """
    plain = _one_spaced(text).translate(_MINUS)
    if len(plain) > LONGEST_TYPED:
        plain = ""
    with_points = _TWO_WITH_POINTS.match(plain)
    ways: list[Sequence[str]] = [with_points.groups()] if with_points else []
    ways += [_SIDE_THEN_NEXT.split(plain), _NEXT_SIDE.split(plain), _APART.split(plain)]
    ways += [plain.split()]
    parts = next((way for way in ways if len(way) == 2), None)
    if parts is None:
        raise refused(
            _(
                "No se entiende «%(text)s». Escriba la latitud y la longitud separadas por coma y "
                "espacio, por ejemplo −1.0123, −77.8123."
            ),
            "not_a_pair",
            text=text[:60],
        )
    latitude, longitude = parts
    if latitude[-1:].upper() in "EWO" and longitude[-1:].upper() in "NS":
        latitude, longitude = longitude, latitude  # the letters say which is which
    return read_degrees(longitude, "longitude"), read_degrees(latitude, "latitude")


def read_typed(text: str, *, join: bool = False) -> Reading:
    """One typed position is a point; several, one on each line, are an outline.

    Raises:
        ValidationError: what :func:`read_pair` raises, with the line; ``empty``.
    """
    lines = [(place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise refused(_("No hay ninguna coordenada."), "empty")
    typed: list[Position] = []
    for place, line in lines:
        try:
            typed.append(read_pair(line))
        except ValidationError as error:
            if len(lines) == 1:
                raise
            raise refused(
                _("Línea %(line)s: %(problem)s"),
                error.code or "not_a_pair",
                line=place,
                problem=" ".join(error.messages),
            ) from error
    if len(typed) == 1:
        return Reading(1, {"type": "Point", "coordinates": list(typed[0])})
    noticed: list[str] = []
    ring = _as_ring(positions(typed), noticed, join=join, thin=False)
    return Reading(1, _polygon([ring]), noticed=tuple(noticed))


# --- Walked -----------------------------------------------------------------------------------


def read_walk(
    walked: Iterable[Mapping[str, Any]],
    *,
    join: bool = False,
    worst_accuracy_m: Decimal = WORST_ACCURACY_M,
) -> Reading:
    """A walk around a chakra: mappings with ``latitude``, ``longitude`` and ``accuracy`` (metres,
    radius of 95 %), as the Geolocation API of browsers names them.

    Positions where the person stood still count once, and that is said.

    Raises:
        ValidationError: ``inaccurate`` (says where the worst is), ``not_a_number``,
            ``not_a_position``, ``too_many_positions``, ``empty``.
    """
    steps = list(walked)
    if not steps:
        raise refused(_("El recorrido no tiene ninguna posición."), "empty")
    path = positions([_coordinates_of(step) for step in steps])
    accuracies = [number(step.get("accuracy")) for step in steps]
    worst = max(accuracies)
    beyond = sum(1 for accuracy in accuracies if not 0 <= accuracy <= float(worst_accuracy_m))
    if beyond:
        raise refused(
            _(
                "En %(count)s de %(all)s posiciones el teléfono no sabía bien dónde estaba: el "
                "error llega a %(worst)s m y se acepta hasta %(most)s m. La peor está en "
                "%(where)s. Espere a que el teléfono encuentre los satélites y recorra otra vez "
                "ese tramo."
            ),
            "inaccurate",
            count=beyond,
            all=len(steps),
            worst=round(worst),
            most=worst_accuracy_m,
            where=shown(path[accuracies.index(worst)]),
        )
    noticed: list[str] = []
    ring = _as_ring(path, noticed, join=join, thin=True)
    return Reading(
        1,
        _polygon([ring]),
        noticed=tuple(noticed),
        accuracy_m=Decimal(repr(worst)).quantize(Decimal("0.1"), ROUND_HALF_UP),
    )


def _coordinates_of(step: object) -> list[object]:
    if not isinstance(step, Mapping):
        raise refused(_("El recorrido no trae posiciones. Vuelva a enviarlo."), "not_a_position")
    return [step.get("longitude"), step.get("latitude")]


# --- Files ------------------------------------------------------------------------------------


def read_text(text: str, *, outline: Outline = LINE) -> list[Reading]:
    """What was pasted: GeoJSON, KML, GPX, or typed coordinates."""
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "[", "<"}:
        return read_file(text.encode(), outline=outline)
    return [read_typed(text, join=outline.join)]


def read_one(content: bytes, *, outline: Outline = LINE) -> Reading:
    """The one geometry of a file.

    Raises:
        ValidationError: ``several`` when there are more, and what :func:`read_file` raises.
    """
    return _the_only(read_file(content, outline=outline))


def read_one_text(text: str, *, outline: Outline = LINE) -> Reading:
    """The one geometry of what was pasted or typed.

    Raises:
        ValidationError: as `read_one`, and what typed coordinates are refused for.
    """
    return _the_only(read_text(text, outline=outline))


def _the_only(readings: list[Reading]) -> Reading:
    if len(readings) > 1:
        raise refused(
            _(
                "El archivo trae %(count)s dibujos y aquí se espera uno. Exporte solo el de esta "
                "chakra."
            ),
            "several",
            count=len(readings),
        )
    if readings[0].problem:
        raise readings[0].problem
    return readings[0]


def read_file(content: bytes, *, outline: Outline = LINE) -> list[Reading]:
    """Read GeoJSON, KML or GPX, whichever it is; never fewer than one reading.

    Raises:
        ValidationError: the file as a whole cannot be taken: ``empty``, ``too_large``, ``kmz``,
            ``unknown_kind``, ``encoding``, ``malformed``, ``too_deep``, ``xml_dtd``,
            ``other_system``, ``too_many_features``, ``nothing_drawn``.
    """
    if not content.strip():
        raise refused(_("El archivo está vacío."), "empty")
    if len(content) > LARGEST_FILE_MB * 1024 * 1024:
        raise refused(
            _("El archivo pesa más de %(megabytes)s MB. Divídalo."),
            "too_large",
            megabytes=LARGEST_FILE_MB,
        )
    if content.startswith(b"PK"):
        raise refused(
            _(
                "Es un archivo comprimido (KMZ o ZIP). En Google Earth escoja «Guardar lugar como» "
                "y el tipo KML, y suba ese archivo."
            ),
            "kmz",
        )
    start = content.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if start in {b"{", b"["}:
        readings = list(_geojson(_json(content), outline))
    elif start == b"<":
        readings = list(_xml(content, outline))
    else:
        raise refused(
            _("No es un archivo GeoJSON, KML ni GPX. Exporte la chakra en uno de esos tres."),
            "unknown_kind",
        )
    if not readings:
        raise refused(_("El archivo no trae ningún punto ni polígono."), "nothing_drawn")
    return readings


def _counted(features: Sequence[Any]) -> Sequence[Any]:
    if len(features) > MOST_FEATURES:
        raise refused(
            _("El archivo trae %(count)s dibujos; se aceptan hasta %(most)s. Divídalo."),
            "too_many_features",
            count=len(features),
            most=MOST_FEATURES,
        )
    return features


# --- GeoJSON ----------------------------------------------------------------------------------


HALF_A_SIGN = re.compile(r"\\u[dD][89a-fA-F]")
"""JSON may name half of a sign, which is no text."""


def _json(content: bytes) -> object:
    try:
        text = content.decode(
            "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        )
    except UnicodeDecodeError as error:
        raise refused(
            _("El archivo no está en UTF-8, como pide GeoJSON. Expórtelo otra vez."), "encoding"
        ) from error
    try:
        read = json.loads(text, object_pairs_hook=_each_key_once)
        if HALF_A_SIGN.search(text):
            json.dumps(read, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise refused(
            _("El archivo trae la mitad de un signo, que no se puede leer. Expórtelo otra vez."),
            "malformed",
        ) from error
    except RecursionError as error:
        raise refused(
            _("El archivo tiene demasiados niveles, uno dentro de otro. Expórtelo otra vez."),
            "too_deep",
        ) from error
    except json.JSONDecodeError as error:
        raise refused(
            _(
                "El archivo GeoJSON está dañado en la línea %(line)s, columna %(column)s. "
                "Expórtelo otra vez."
            ),
            "malformed",
            line=error.lineno,
            column=error.colno,
        ) from error
    except ValueError as error:  # an integer of thousands of digits
        raise refused(
            _("El archivo GeoJSON trae un número absurdo. Expórtelo otra vez."), "malformed"
        ) from error
    return read


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise refused(
            _("El archivo dice dos veces lo mismo, y no se sabe cuál vale. Expórtelo otra vez."),
            "malformed",
        )
    return found


_MULTIPLE = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
_DEPTH = {"Point": 0, "LineString": 1, "MultiPoint": 1}
_DEPTH |= {"Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}


def _geojson(value: object, outline: Outline) -> Iterator[Reading]:
    if not isinstance(value, dict):
        raise refused(_("El archivo no es GeoJSON: no trae ningún objeto."), "malformed")
    _refuse_other_systems(value.get("crs"))
    if value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list):
            raise refused(_("El archivo GeoJSON no trae su lista de dibujos."), "malformed")
        for place, feature in enumerate(_counted(features), 1):
            yield _feature(place, feature, outline)
    else:
        yield _feature(1, value, outline)


def _refuse_other_systems(crs: object) -> None:
    """RFC 7946 section 4: WGS 84 only; files of before 2016 may name another system."""
    if crs is None:
        return
    named = json.dumps(crs)
    if not re.search(r"CRS84|EPSG:{1,2}4326\b", named):
        raise refused(
            _(
                "El archivo está en otro sistema de coordenadas (%(named)s). Expórtelo en "
                "WGS 84, grados (EPSG:4326)."
            ),
            "other_system",
            named=named[:80],
        )


def _feature(place: int, value: object, outline: Outline) -> Reading:
    name = ""
    properties: dict[str, str] = {}
    try:
        if isinstance(value, dict) and value.get("type") == "Feature":
            name, properties = _named(value.get("properties"))
            value = value.get("geometry")
        noticed: list[str] = []
        geometry = _outlined(_geometry(value, noticed), noticed, outline)
    except ValidationError as problem:
        return Reading(place, name=name, properties=properties, problem=problem)
    return Reading(place, geometry, name, properties, tuple(noticed))


def _named(value: object) -> tuple[str, dict[str, str]]:
    if not isinstance(value, dict):
        return "", {}
    properties = {
        str(key)[:_LONGEST_PROPERTY]: str(content)[:_LONGEST_PROPERTY]
        for key, content in list(value.items())[:_MOST_PROPERTIES]
        if isinstance(content, (str, float, bool))
        or (isinstance(content, int) and abs(content) < 10**15)
    }
    by_key = {key.casefold(): content.strip() for key, content in properties.items()}
    return next((by_key[key] for key in _NAMES if by_key.get(key)), ""), properties


def _geometry(value: object, noticed: list[str]) -> GeoJSON:
    """A geometry with two numbers a position, everything else as it stood."""
    if not isinstance(value, dict):
        raise refused(
            _("Este dibujo no tiene geometría: falta el punto o el polígono."), "no_shape"
        )
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in _DEPTH:
        raise refused(
            _("No se acepta un dibujo de la clase «%(kind)s»: dibuje un punto o un polígono."),
            "unsupported_kind",
            kind=str(kind)[:40],
        )
    heights = [False]
    coordinates = _coordinates(value.get("coordinates"), _DEPTH[kind], heights)
    if heights[0]:
        noticed.append(_("La altura de las posiciones no se guarda."))
    return {"type": kind, "coordinates": coordinates}


def _coordinates(value: object, depth: int, heights: list[bool]) -> Any:
    if depth == 0:
        read = position(value)
        heights[0] |= isinstance(value, (list, tuple)) and len(value) > 2
        return list(read)
    if not isinstance(value, (list, tuple)):
        raise refused(
            _("Este dibujo no trae sus posiciones como las escribe GeoJSON. Expórtelo otra vez."),
            "not_a_position",
        )
    if depth == 1:
        heights[0] |= any(isinstance(item, (list, tuple)) and len(item) > 2 for item in value)
        return [list(read) for read in positions(value)]
    return [_coordinates(item, depth - 1, heights) for item in value]


# --- KML and GPX ------------------------------------------------------------------------------


def _xml(content: bytes, outline: Outline) -> Iterator[Reading]:
    root = _tree(content)
    if root.tag == "kml":
        yield from _kml(root, outline)
    elif root.tag == "gpx":
        yield from _gpx(root, outline)
    else:
        raise refused(
            _("Es un archivo XML, pero no KML ni GPX: empieza con «%(root)s»."),
            "unknown_kind",
            root=root.tag[:40],
        )


def _tree(content: bytes) -> Element:
    """The elements by their local names. A DTD is refused, so that no entity can be declared."""
    builder = TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise refused(
                _("El archivo tiene demasiados niveles, uno dentro de otro. Expórtelo otra vez."),
                "too_deep",
            )
        builder.start(tag.rpartition(" ")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(" ")[2])

    def refuse_dtd(*declaration: object) -> None:
        raise refused(
            _(
                "El archivo trae definiciones propias (DTD), que un mapa no necesita y que pueden "
                "hacer daño. Expórtelo otra vez desde el programa de mapas."
            ),
            "xml_dtd",
        )

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse_dtd
    parser.EntityDeclHandler = refuse_dtd
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, UnicodeDecodeError) as error:
        raise refused(
            _("El archivo está dañado en la línea %(line)s. Expórtelo otra vez."),
            "malformed",
            line=getattr(error, "lineno", 1),
        ) from error
    return builder.close()


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


_KML_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track")


def _kml(root: Element, outline: Outline) -> Iterator[Reading]:
    for place, mark in enumerate(_counted(list(root.iter("Placemark"))), 1):
        properties = {"description": _text(mark, "description")[:_LONGEST_PROPERTY]}
        for entry in list(mark.iter("Data"))[:_MOST_PROPERTIES]:
            properties[entry.get("name", "")] = _text(entry, "value")[:_LONGEST_PROPERTY]
        for entry in list(mark.iter("SimpleData"))[:_MOST_PROPERTIES]:
            properties[entry.get("name", "")] = (entry.text or "").strip()[:_LONGEST_PROPERTY]
        properties = {key: value for key, value in properties.items() if key and value}
        name = _text(mark, "name")[:_LONGEST_PROPERTY]
        noticed: list[str] = []
        try:
            shapes = [child for child in mark if child.tag in _KML_SHAPES]
            if not shapes:
                raise refused(
                    _("Este dibujo no tiene geometría: falta el punto o el polígono."), "no_shape"
                )
            geometry = _outlined(_kml_shape(shapes[0], noticed), noticed, outline)
        except ValidationError as problem:
            yield Reading(place, name=name, properties=properties, problem=problem)
        else:
            yield Reading(place, geometry, name, properties, tuple(dict.fromkeys(noticed)))


def _kml_shape(shape: Element, noticed: list[str]) -> GeoJSON:
    if shape.tag == "MultiGeometry":
        parts = [_kml_shape(child, noticed) for child in shape if child.tag in _KML_SHAPES]
        kinds = {part["type"] for part in parts}
        if len(parts) == 1:
            return parts[0]
        if len(kinds) != 1 or not kinds <= set(_MULTIPLE):
            raise refused(
                _("No se acepta un dibujo de la clase «%(kind)s»: dibuje un punto o un polígono."),
                "unsupported_kind",
                kind="MultiGeometry",
            )
        return {
            "type": _MULTIPLE[kinds.pop()],
            "coordinates": [part["coordinates"] for part in parts],
        }
    if shape.tag == "Polygon":
        rings = [
            _kml_line(ring, noticed)
            for boundary in ("outerBoundaryIs", "innerBoundaryIs")
            for ring in shape.iterfind(f"{boundary}/LinearRing")
        ]
        return _polygon(rings)
    line = _kml_line(shape, noticed)
    if shape.tag != "Point":
        return {"type": "LineString", "coordinates": [list(read) for read in line]}
    if len(line) != 1:
        raise refused(_("Este punto no trae una posición."), "not_a_position")
    return {"type": "Point", "coordinates": list(line[0])}


def _kml_line(shape: Element, noticed: list[str]) -> list[Position]:
    if shape.tag == "Track":
        texts = [(entry.text or "").split() for entry in shape.iterfind("coord")]
    else:
        texts = [entry.split(",") for entry in _text(shape, "coordinates").split()]
    if any(len(parts) > 2 for parts in texts):
        noticed.append(_("La altura de las posiciones no se guarda."))
    return positions([[_float(part) for part in parts] for parts in texts])


_PLAIN_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")


def _float(text: str) -> float | str:
    """A number of a file, or the text as it stands, for the refusal to show."""
    return float(text) if _PLAIN_NUMBER.fullmatch(text.strip()) else text


def _gpx(root: Element, outline: Outline) -> Iterator[Reading]:
    marks = root.findall("wpt")
    if outline.is_outline and marks and not root.findall("trk") and not root.findall("rte"):
        sources = [(Element("wpt"), [marks], "LineString")]
    else:
        sources = [(mark, [[mark]], "Point") for mark in marks]
    sources += [(route, [route.findall("rtept")], "LineString") for route in root.findall("rte")]
    sources += [
        (track, [part.findall("trkpt") for part in track.findall("trkseg")], "LineString")
        for track in root.findall("trk")
    ]
    for place, (source, segments, kind) in enumerate(_counted(sources), 1):
        name = _text(source, "name")[:_LONGEST_PROPERTY]
        noticed: list[str] = []
        try:
            line = positions(
                [
                    [_float(point.get("lon", "")), _float(point.get("lat", ""))]
                    for segment in segments
                    for point in segment
                ]
            )
            coordinates = [list(read) for read in line]
            if any(point.find("ele") is not None for segment in segments for point in segment):
                noticed.append(_("La altura de las posiciones no se guarda."))
            if kind == "Point":
                geometry: GeoJSON = {"type": "Point", "coordinates": coordinates[0]}
            else:
                _say_pauses([len(segment) for segment in segments], line, noticed)
                geometry = _outlined(
                    {"type": kind, "coordinates": coordinates}, noticed, outline, thin=True
                )
        except ValidationError as problem:
            yield Reading(place, name=name, problem=problem)
        else:
            yield Reading(place, geometry, name, noticed=tuple(noticed))


def _say_pauses(lengths: Sequence[int], line: Sequence[Position], noticed: list[str]) -> None:
    """A device that was stopped on the way leaves a gap between two segments."""
    at = 0
    for length in lengths[:-1]:
        at += length
        if 0 < at < len(line):
            noticed.append(
                _("El recorrido se interrumpió en %(where)s y sigue a %(gap)s m: se unió en recta.")
                % {
                    "where": shown(line[at - 1]),
                    "gap": number_format(distance_m(line[at - 1], line[at])),
                }
            )


# --- Lines that go around ---------------------------------------------------------------------


def _outlined(
    geometry: GeoJSON, noticed: list[str], outline: Outline, *, thin: bool = False
) -> GeoJSON:
    """A line as a polygon, when the caller says that it goes around the chakra."""
    if not outline.is_outline or geometry["type"] != "LineString":
        return geometry
    line = positions(geometry["coordinates"])
    noticed.append(_("La línea se tomó como contorno de la chakra."))
    return _polygon([_as_ring(line, noticed, join=outline.join, thin=thin)])


def _as_ring(line: list[Position], noticed: list[str], *, join: bool, thin: bool) -> list[Position]:
    """Close a line where asked; a device's repetitions (`thin`) count once. All of it is said."""
    ring = list(line)
    if thin:
        at = [(cut(longitude), cut(latitude)) for longitude, latitude in line]
        ring = [
            line[place] for place in range(len(line)) if place == 0 or at[place] != at[place - 1]
        ]
        if repeated := len(line) - len(ring):
            noticed.append(
                ngettext(
                    "%(count)s posición repetida en el mismo sitio se contó una sola vez.",
                    "%(count)s posiciones repetidas en el mismo sitio se contaron una sola vez.",
                    repeated,
                )
                % {"count": repeated}
            )
    if join and len(ring) > 1 and ring[0] != ring[-1]:
        noticed.append(
            _("El final del recorrido se unió con el comienzo: faltaban %(gap)s m.")
            % {"gap": number_format(distance_m(ring[-1], ring[0]))}
        )
        ring.append(ring[0])
    return ring


def _polygon(rings: Iterable[Iterable[Position]]) -> GeoJSON:
    return {"type": "Polygon", "coordinates": [[list(read) for read in ring] for ring in rings]}
