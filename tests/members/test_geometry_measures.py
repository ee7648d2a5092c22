"""Areas and lengths against geographiclib's documentation and formulas of other makers."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from members.geometry import measures

ANTARCTICA = [
    (-63.1, -58), (-72.9, -74), (-71.9, -102), (-74.9, -102), (-74.3, -131), (-77.5, -163),
    (-77.4, 163), (-71.7, 172), (-65.9, 140), (-65.7, 113), (-66.6, 88), (-66.9, 59),
    (-69.8, 25), (-70.0, -4), (-71.0, -14), (-77.3, -33), (-77.9, -46), (-74.7, -61),
]  # fmt: skip
"""Latitude and longitude: the example "Measuring areas" of geographiclib's documentation,
https://geographiclib.sourceforge.io/Python/doc/examples.html."""


def square(side, longitude=-77.8, latitude=-1.0):
    east, north = longitude + side, latitude + side
    ring = [[longitude, latitude], [east, latitude], [east, north], [longitude, north]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_the_documented_example_has_its_documented_area_and_perimeter():
    ring = [[longitude, latitude] for latitude, longitude in ANTARCTICA]
    around = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    assert abs(measures.area_m2(around) - Decimal("13662703680020.1")) < Decimal("0.1")
    assert measures.perimeter_m(around) == Decimal("16831067.9")


def test_one_degree_at_the_equator_has_the_area_that_the_rust_port_documents():
    """https://docs.rs/geographiclib-rs, PolygonArea: 443770.917248302 m, 12308778361.469452 m²."""
    degree = square(1, 0, 0)
    assert measures.area_m2(degree) == Decimal("12308778361.47")
    assert measures.area_ha(degree) == Decimal("1230877.8361")
    assert measures.perimeter_m(degree) == Decimal("443770.9")


def test_a_small_square_has_the_area_of_the_radii_of_curvature():
    """Independent: side by side as arcs of the ellipsoid's meridian and parallel (Snyder,
    Map Projections, USGS 1395, 4-18 and 4-20), at the middle latitude."""
    side, latitude = 0.001, math.radians(-0.9995)
    radius, square_of_eccentricity = 6378137.0, 0.00669437999014
    bent = 1 - square_of_eccentricity * math.sin(latitude) ** 2
    north = math.radians(side) * radius * (1 - square_of_eccentricity) / bent**1.5
    east = math.radians(side) * radius * math.cos(latitude) / math.sqrt(bent)
    found = measures.area_m2(square(side))
    assert abs(float(found) / (north * east) - 1) < 0.0001  # 0.01 %


def test_a_point_has_no_area():
    point = {"type": "Point", "coordinates": [-77.8, -1.0]}
    assert measures.area_m2(point) == measures.area_ha(point) == measures.perimeter_m(point) == 0


def test_a_hole_does_not_count():
    outer, inner = square(0.003), square(0.001, -77.799, -0.999)
    holed = {"type": "Polygon", "coordinates": outer["coordinates"] + inner["coordinates"]}
    expected = measures.area_m2(outer) - measures.area_m2(inner)
    assert abs(measures.area_m2(holed) - expected) <= Decimal("0.01")


def test_two_squares_share_the_quarter_in_which_they_lie_over_each_other():
    shared = measures.overlap_m2(square(0.002), square(0.002, -77.799, -0.999))
    assert abs(shared - measures.area_m2(square(0.001, -77.799, -0.999))) <= Decimal("0.01")


@pytest.mark.parametrize("longitude", [-77.798, -77.79])
def test_neighbours_and_strangers_share_nothing(longitude):
    assert measures.overlap_m2(square(0.002), square(0.002, longitude)) == 0
    assert measures.overlap(square(0.002), square(0.002, longitude)) == []


def test_a_point_overlaps_nothing():
    point = {"type": "Point", "coordinates": [-77.7995, -0.9995]}
    assert measures.overlap_m2(point, square(0.002)) == 0


def test_pairs_are_found_among_many():
    places = {
        "a": square(0.002),
        "b": square(0.002, -77.799),
        "c": square(0.002, -77.797),  # touches b
        "d": square(0.002, -77.7),
    }
    [(one, other, shared)] = measures.overlapping_pairs(places)
    assert {one, other} == {"a", "b"}
    assert shared == measures.overlap_m2(places["a"], places["b"])
    assert list(measures.overlapping_pairs(places, above_m2=shared)) == []


def test_boxes_that_do_not_meet_cannot_overlap():
    box = measures.box(square(0.002))
    assert (box.west, box.south) == (-77.8, -1.0)
    assert box.meets(measures.box(square(0.002, -77.799)))
    assert not box.meets(measures.box(square(0.002, -77.79)))
    assert not box.meets(measures.box(square(0.002, -77.8, -0.99)))


def test_distance_along_the_equator_is_that_of_its_radius():
    assert measures.distance_m((0, 0), (1, 0)) == Decimal("111319.5")  # 6378137 m × π / 180


def test_centre_and_label_of_a_bent_chakra():
    bent = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [0, 1], [0, 0]]  # a hook
    hook = {"type": "Polygon", "coordinates": [[[-77 + x / 1e3, -1 + y / 1e3] for x, y in bent]]}
    longitude, latitude = measures.centroid(hook)
    # by parts: 3 × 1 at (1.5, 0.5) and 1 × 2 at (2.5, 2)
    assert (round((longitude + 77) * 1e3, 6), round((latitude + 1) * 1e3, 6)) == (1.9, 1.1)
    x, y = measures.inner_point(hook)
    assert (x + 77) * 1e3 > 2 or (y + 1) * 1e3 < 1
