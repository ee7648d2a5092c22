"""Where Ecuador is, roughly: enough to refuse a chakra in the ocean or on another continent."""

from __future__ import annotations

import shapely

MAINLAND = (
    (-80.302561, -3.404856), (-79.770293, -2.657512), (-79.986559, -2.220794),
    (-80.368784, -2.685159), (-80.967765, -2.246943), (-80.764806, -1.965048),
    (-80.933659, -1.057455), (-80.58337, -0.906663), (-80.399325, -0.283703),
    (-80.020898, 0.36034), (-80.09061, 0.768429), (-79.542762, 0.982938),
    (-78.855259, 1.380924), (-77.855061, 0.809925), (-77.668613, 0.825893),
    (-77.424984, 0.395687), (-76.57638, 0.256936), (-76.292314, 0.416047),
    (-75.801466, 0.084801), (-75.373223, -0.152032), (-75.233723, -0.911417),
    (-75.544996, -1.56161), (-76.635394, -2.608678), (-77.837905, -3.003021),
    (-78.450684, -3.873097), (-78.639897, -4.547784), (-79.205289, -4.959129),
    (-79.624979, -4.454198), (-80.028908, -4.346091), (-80.442242, -4.425724),
    (-80.469295, -4.059287), (-80.184015, -3.821162),
)  # fmt: skip
"""Longitude and latitude of the mainland's outline after Natural Earth, 1 : 110 million, admin 0
countries (public domain, https://www.naturalearthdata.com). It is coarse; hence the margin."""

MAINLAND_MARGIN_DEGREES = 0.25
"""28 km around: what an outline of that scale may miss, and the islands before the coast."""

GALAPAGOS = (-92.10, -1.60, -89.10, 1.80)
"""West, south, east, north: from Darwin (92.00° W, 1.68° N) to Española (1.42° S) and Punta Pitt on
San Cristóbal (89.24° W), with a tenth of a degree around."""

_MAINLAND = shapely.Polygon(MAINLAND).buffer(MAINLAND_MARGIN_DEGREES)
_GALAPAGOS = shapely.box(*GALAPAGOS)
shapely.prepare(_MAINLAND)


def in_ecuador(longitude: float, latitude: float) -> bool:
    """Whether a position may lie in Ecuador."""
    place = shapely.Point(longitude, latitude)
    return bool(_MAINLAND.covers(place) or _GALAPAGOS.covers(place))
