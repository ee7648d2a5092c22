"""What may be drawn under the chakras. Landmarks help the eye; they are never measured."""

from __future__ import annotations

from django.utils.translation import gettext as _

from members.geometry.ecuador import in_ecuador
from members.geometry.positions import GeoJSON, Position, cut, position, positions, refused, shown

LEAST = {"LineString": 2, "Polygon": 4}


def check_landmark(geometry: object) -> GeoJSON:
    """Take a GeoJSON Point, LineString or Polygon without holes, or refuse it.

    Raises:
        ValidationError: ``not_a_geometry``, ``unsupported_kind``, ``hole``, ``too_few_positions``,
            ``open_ring``, ``outside_ecuador``; what `positions` refuses.
    """
    if not isinstance(geometry, dict):
        raise refused(_("Falta la geometría: un punto, una línea o un polígono."), "not_a_geometry")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        only = _placed(position(coordinates))
        return {"type": "Point", "coordinates": list(only)}
    if kind not in LEAST:
        raise refused(
            _("No se acepta un dibujo de la clase «%(kind)s»: un punto, una línea o un polígono."),
            "unsupported_kind",
            kind=str(kind)[:40],
        )
    if kind == "Polygon":
        if not isinstance(coordinates, list) or len(coordinates) != 1:
            raise refused(_("Un límite se dibuja con un solo contorno, sin huecos."), "hole")
        coordinates = coordinates[0]
    read = [_placed(one) for one in positions(coordinates)]
    if len(read) < LEAST[kind]:
        raise refused(_("Faltan posiciones para dibujarlo."), "too_few_positions")
    if kind == "Polygon" and read[0] != read[-1]:
        raise refused(_("El contorno no termina donde empieza."), "open_ring")
    line = [list(one) for one in read]
    return {"type": kind, "coordinates": [line] if kind == "Polygon" else line}


def _placed(place: Position) -> Position:
    if not in_ecuador(*place):
        raise refused(
            _("La posición %(place)s no está en Ecuador."), "outside_ecuador", place=shown(place)
        )
    return cut(place[0]), cut(place[1])
