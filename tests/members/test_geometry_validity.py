"""What can be a chakra: every refusal beside what passes, the two differing in one thing."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from members.demo.communities import COMMUNITIES
from members.demo.places import APPROXIMATE_CENTERS, SKETCHED_RIVERS
from members.geometry import measures
from members.geometry.ecuador import in_ecuador
from members.geometry.validity import Limits, check

SQUARE = [[-77.8, -1.0], [-77.799, -1.0], [-77.799, -0.999], [-77.8, -0.999], [-77.8, -1.0]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def swapped(ring):
    return [[latitude, longitude] for longitude, latitude in ring]


REFUSALS = {
    # code: (refused, its twin that passes, what the message must say)
    "crossing": (
        polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]),
        polygon(SQUARE),
        "-0.999500, -77.799500",  # the middle of the square, where its diagonals cross
    ),
    "hole": (
        polygon(
            SQUARE,
            [[-77.7998, -0.9998], [-77.7996, -0.9998], [-77.7996, -0.9996], [-77.7998, -0.9998]],
        ),
        polygon(SQUARE),
        "-0.999800, -77.799800",
    ),
    "open_ring": (polygon(SQUARE[:-1]), polygon(SQUARE), "110,6 m"),
    "too_few_positions": (
        polygon([SQUARE[0], SQUARE[1], SQUARE[0]]),
        polygon([SQUARE[0], SQUARE[1], SQUARE[2], SQUARE[0]]),
        "3 posiciones",
    ),
    "line": ({"type": "LineString", "coordinates": SQUARE}, polygon(SQUARE), "línea"),
    "collinear": (
        polygon([[-77.8, -1.0], [-77.799, -1.0], [-77.798, -1.0], [-77.8, -1.0]]),
        polygon([[-77.8, -1.0], [-77.799, -1.0], [-77.798, -0.999], [-77.8, -1.0]]),
        "recta",
    ),
    "swapped": (polygon(swapped(SQUARE)), polygon(SQUARE), "cambiadas"),
    "sign_missing": (
        polygon([[-longitude, latitude] for longitude, latitude in SQUARE]),
        polygon(SQUARE),
        "signo",
    ),
    "outside_ecuador": (  # Lima, and no turn of it is in Ecuador
        polygon([[longitude + 0.8, latitude - 11] for longitude, latitude in SQUARE]),
        polygon(SQUARE),
        "-12.000000, -77.000000",
    ),
    "not_in_degrees": (  # Tena in UTM, zone 18 south
        polygon([[187000, 9890000], [187100, 9890000], [187100, 9890100], [187000, 9890000]]),
        polygon(SQUARE),
        "UTM",
    ),
    "repeated": (
        polygon([SQUARE[0], SQUARE[1], SQUARE[1], *SQUARE[2:]]),
        polygon(SQUARE),
        "-1.000000, -77.799000",
    ),
    "repeated_when_cut": (
        polygon([SQUARE[0], SQUARE[1], [-77.7990004, -1.0000004], *SQUARE[2:]]),
        polygon([SQUARE[0], SQUARE[1], [-77.7990004, -0.9999504], *SQUARE[2:]]),
        "6 decimales",
    ),
    "several_pieces": (
        {
            "type": "MultiPolygon",
            "coordinates": [[SQUARE], [[[x + 0.01, y] for x, y in SQUARE]]],
        },
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        "2 pedazos",
    ),
    "spike": (
        polygon([*SQUARE[:2], [-77.798, -1.0], SQUARE[1], *SQUARE[2:]]),
        polygon([*SQUARE[:2], [-77.798, -0.9995], *SQUARE[2:]]),
        "-1.000000, -77.798000",
    ),
    "touches_itself": (
        polygon(
            [
                [-77.8, -1.0], [-77.799, -1.0], [-77.7995, -0.9995], [-77.799, -0.999],
                [-77.8, -0.999], [-77.7995, -0.9995], [-77.8, -1.0],
            ]
        ),
        polygon(
            [
                [-77.8, -1.0], [-77.799, -1.0], [-77.7994, -0.9995], [-77.799, -0.999],
                [-77.8, -0.999], [-77.7996, -0.9995], [-77.8, -1.0],
            ]
        ),
        "-0.999500, -77.799500",
    ),
    "polygon_too_large": (  # 0.0091 degrees: 1.013 km by 1.006 km are 102 ha
        polygon([[-77.8 + x * 0.0091, -1 + y * 0.0091] for x, y in
                 ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]),
        polygon([[-77.8 + x * 0.0089, -1 + y * 0.0089] for x, y in
                 ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]),
        "100 ha",
    ),
    "area_too_small": (  # 3 by 3 millionths: 0.11 m²; 10 by 10: 1.2 m²
        polygon([[-77.8, -1.0], [-77.799997, -1.0], [-77.799997, -0.999997], [-77.8, -1.0]]),
        polygon([[-77.8, -1.0], [-77.79998, -1.0], [-77.79998, -0.99998], [-77.8, -1.0]]),
        "1 m²",
    ),
    "not_a_number": (
        polygon([["-77.8", -1.0], *SQUARE[1:]]),
        polygon([[-77.8, -1.0], *SQUARE[1:]]),
        "«-77.8»",
    ),
    "not_a_position": (polygon([[-77.8], *SQUARE[1:]]), polygon(SQUARE), "dos números"),
    "unsupported_kind": (
        {"type": "GeometryCollection", "geometries": [polygon(SQUARE)]},
        polygon(SQUARE),
        "GeometryCollection",
    ),
    "not_a_geometry": (None, polygon(SQUARE), "Falta"),
}  # fmt: skip


@pytest.mark.parametrize("kind", [[], {}, 1, None, True])
def test_a_kind_that_is_no_word_is_refused_like_an_unknown_one(kind):
    with pytest.raises(ValidationError) as error:
        check({"type": kind, "coordinates": []})
    assert error.value.code == "unsupported_kind"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_polygon_is_refused_with_its_own_words(code):
    wrong, right, said = REFUSALS[code]
    with pytest.raises(ValidationError) as error:
        check(wrong)
    assert error.value.code == code
    assert said in error.value.messages[0]
    assert check(right).geometry["type"] == "Polygon"


def test_every_refusal_speaks_its_own_sentence():
    sentences = set()
    for wrong, _right, _said in REFUSALS.values():
        with pytest.raises(ValidationError) as error:
            check(wrong)
        sentences.add(error.value.message)
    assert len(sentences) == len(REFUSALS)


def test_a_spike_that_does_not_end_at_a_corner_is_a_crossing():
    """Out beyond a side and back over it: the tip is no corner twice, the sides still overlap."""
    ring = [*SQUARE[:2], [-77.798, -1.0], [-77.7995, -1.0], *SQUARE[2:]]
    with pytest.raises(ValidationError) as error:
        check(polygon(ring))
    assert error.value.code in {"spike", "crossing"}


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**400, True, None, "1"])
def test_only_finite_numbers_are_coordinates(value):
    with pytest.raises(ValidationError) as error:
        check({"type": "Point", "coordinates": [value, -1.0]}, declared_area_ha=Decimal(1))
    assert error.value.code == "not_a_number"


def test_more_than_ten_thousand_positions_are_refused():
    def circle(count):
        ring = [
            [-77.8 + 0.004 * math.cos(2 * math.pi * n / count),
             -1 + 0.004 * math.sin(2 * math.pi * n / count)]
            for n in range(count)
        ]  # fmt: skip
        return polygon([*ring, ring[0]])

    with pytest.raises(ValidationError) as error:
        check(circle(10_000))
    assert error.value.code == "too_many_positions"
    assert check(circle(9_999)).area_ha > 40  # π × (0.004 × 111 km)² = 62 ha


# --- Points -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("4.01", "point_too_large"),
        ("4", None),
        ("0.00009", "area_too_small"),
        ("0.0001", None),
        ("-1", "area_too_small"),
        ("NaN", "area_not_a_number"),
        ("Infinity", "area_not_a_number"),
        (None, "area_missing"),
    ],
)
def test_a_point_has_a_declared_area_up_to_four_hectares(area, code):
    declared = None if area is None else Decimal(area)
    point = {"type": "Point", "coordinates": [-77.8123, -1.0123]}
    if code is None:
        assert check(point, declared_area_ha=declared).area_ha == declared
        return
    with pytest.raises(ValidationError) as error:
        check(point, declared_area_ha=declared)
    assert error.value.code == code


def test_a_polygon_may_have_more_than_four_hectares():
    ring = [[-77.8 + x * 0.002, -1 + y * 0.002] for x, y in ((0, 0), (1, 0), (1, 1), (0, 0))]
    wide = [[-77.8 + x * 0.003, -1 + y * 0.003] for x, y in ((0, 0), (1, 0), (1, 1), (0, 0))]
    assert check(polygon(ring)).area_ha < 4 < check(polygon(wide)).area_ha


def test_the_limits_come_from_the_caller():
    point = {"type": "Point", "coordinates": [-77.8123, -1.0123]}
    wider = Limits(largest_point_ha=Decimal(5))
    assert check(point, declared_area_ha=Decimal("4.01"), limits=wider).area_ha == Decimal("4.01")


def test_swapped_is_said_of_points_too():
    with pytest.raises(ValidationError) as error:
        check({"type": "Point", "coordinates": [-1.0123, -77.8123]}, declared_area_ha=Decimal(1))
    assert error.value.code == "swapped"


# --- What is done, and said -------------------------------------------------------------------


def test_what_is_already_right_is_kept_to_the_last_digit_and_nothing_is_said():
    checked = check(polygon(SQUARE))
    assert checked.geometry == polygon(SQUARE)
    assert checked.noticed == ()


def test_a_clockwise_outline_is_turned_and_that_is_said():
    checked = check(polygon(SQUARE[::-1]))
    assert checked.geometry == polygon(SQUARE)
    assert len(checked.noticed) == 1
    assert "sentido contrario al reloj" in checked.noticed[0]


def test_positions_are_cut_not_rounded_and_that_is_said():
    longer = [[longitude - 0.0000009, latitude] for longitude, latitude in SQUARE]
    checked = check(polygon(longer))
    assert checked.geometry == polygon(SQUARE)
    assert "6 decimales" in checked.noticed[0]


def test_heights_are_left_aside_and_that_is_said():
    checked = check(polygon([[*place, 510.0] for place in SQUARE]))
    assert checked.geometry == polygon(SQUARE)
    assert "altura" in checked.noticed[0]


def test_one_piece_written_as_several_is_taken_and_that_is_said():
    checked = check({"type": "MultiPolygon", "coordinates": [[SQUARE]]})
    assert checked.geometry == polygon(SQUARE)
    assert "uno solo" in checked.noticed[0]


def test_what_was_brought_is_not_changed():
    brought = polygon(SQUARE[::-1])
    check(brought)
    assert brought == polygon(SQUARE[::-1])


def test_numbers_in_messages_are_written_as_the_reader_writes_them():
    with override("en"), pytest.raises(ValidationError) as error:
        check(polygon(SQUARE[:-1]))
    assert "110.6 m" in error.value.messages[0]


# --- Ecuador ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((-77.8129, -0.9938), True),  # Tena
        ((-78.4678, -0.1807), True),  # Quito
        ((-79.9224, -2.1894), True),  # Guayaquil
        ((-79.2042, -3.9931), True),  # Loja
        ((-90.3138, -0.7432), True),  # Puerto Ayora, Galápagos
        ((-74.0721, 4.7110), False),  # Bogotá
        ((-77.0428, -12.0464), False),  # Lima
        ((-73.2472, -3.7491), False),  # Iquitos
        ((-85.0, -1.0), False),  # the ocean between
    ],
)
def test_ecuador_is_where_it_is(place, inside):
    assert in_ecuador(*place) is inside


def test_the_demo_has_a_place_for_every_community_and_all_lie_around_tena():
    assert set(APPROXIMATE_CENTERS) == set(COMMUNITIES)
    rivers = [place for line in SKETCHED_RIVERS.values() for place in line]
    for longitude, latitude in [*APPROXIMATE_CENTERS.values(), *rivers]:
        assert -78.0 <= longitude <= -77.5
        assert -1.25 <= latitude <= -0.85


# --- Any simple polygon -----------------------------------------------------------------------


@st.composite
def outlines(draw):
    """A star-shaped outline around a place in Napo: simple by construction."""
    corners = draw(st.integers(3, 24))
    longitude = draw(st.floats(-78.5, -76.5))
    latitude = draw(st.floats(-1.5, -0.3))
    radii = draw(st.lists(st.floats(0.0003, 0.002), min_size=corners, max_size=corners))
    ring = [
        [
            longitude + radius * math.cos(2 * math.pi * place / corners),
            latitude + radius * math.sin(2 * math.pi * place / corners),
        ]
        for place, radius in enumerate(radii)
    ]
    return [*ring, ring[0]]


@given(outlines())
@settings(max_examples=150, deadline=None)
def test_every_simple_outline_is_taken_and_checking_twice_changes_nothing(ring):
    once = check(polygon(ring))
    twice = check(once.geometry)
    assert (twice.geometry, twice.area_ha, twice.noticed) == (once.geometry, once.area_ha, ())


@given(outlines(), st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_neither_direction_nor_start_changes_the_area(ring, start):
    start %= len(ring) - 1
    turned = [*ring[start:-1], *ring[: start + 1]][::-1]
    assert check(polygon(turned)).area_ha == check(polygon(ring)).area_ha


@given(outlines(), outlines())
@settings(max_examples=60, deadline=None)
def test_overlap_is_the_same_from_both_sides_and_never_more_than_either(one, other):
    shift = [one[0][0] - other[0][0], one[0][1] - other[0][1]]  # let them meet
    first = check(polygon(one)).geometry
    second = check(polygon([[x + shift[0], y + shift[1]] for x, y in other])).geometry
    shared = measures.overlap_m2(first, second)
    assert shared == measures.overlap_m2(second, first)
    least = min(measures.area_m2(first), measures.area_m2(second))
    assert 0 <= shared <= least + Decimal("0.01")
    assert measures.overlap_m2(first, first) == measures.area_m2(first)
