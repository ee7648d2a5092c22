"""What people bring, as it stands: typed, pasted, uploaded, walked; and what is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings

from members.geometry import measures, reading
from members.geometry.reading import Outline, read_file, read_one, read_text, read_typed, read_walk
from members.geometry.validity import check
from tests.members.test_geometry_validity import SQUARE, outlines, polygon

Line = Iterable[Sequence[float]]
OUTLINE = Outline(is_outline=True)
JOINED = Outline(is_outline=True, join=True)


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> str | None:
    return error.value.code


def geojson(value: object) -> bytes:
    return json.dumps(value).encode()


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def kml(*places: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{''.join(places)}</Document></kml>"
    ).encode()


def placemark(ring: Line, name: str = "", height: bool = False) -> str:
    told = " ".join(f"{x!r},{y!r}{',0' if height else ''}" for x, y in ring)
    return (
        f"<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{told}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )


def gpx(inside: str) -> bytes:
    return (
        '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
        f"{inside}</gpx>"
    ).encode()


def points(tag: str, line: Line) -> str:
    return "".join(f'<{tag} lon="{x!r}" lat="{y!r}"/>' for x, y in line)


def track(*segments: Line, name: str = "Lindero") -> bytes:
    told = "".join(f"<trkseg>{points('trkpt', segment)}</trkseg>" for segment in segments)
    return gpx(f"<trk><name>{name}</name>{told}</trk>")


# --- Typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "−1.0125, −77.8125",
        "-1.0125,-77.8125",
        "-1,0125, -77,8125",
        "-1,0125; -77,8125",
        "-1,0125 -77,8125",
        "1.0125 S, 77.8125 W",
        "1,0125 S 77,8125 O",
        "S 1.0125 O 77.8125",
        "1°0'45\" S 77°48'45\" O",
        "77°48'45\" O, 1°0'45\" S",
        "1° 0.75' S, 77° 48.75' W",
        "1º0′45″ s; 77º48′45″ o",
    ],
)
def test_one_place_is_understood_in_every_way_that_people_write_it(text):
    """45 seconds are 0.0125 degrees."""
    place = read_typed(text).geometry
    assert place["type"] == "Point"
    assert place["coordinates"] == pytest.approx([-77.8125, -1.0125], abs=1e-12)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("-1.0125", "not_a_pair"),
        ("-1,0125,-77,8125", "not_a_pair"),  # which comma separates?
        ("Bajo Talag, Tena", "not_degrees"),
        ("-1.0.125, -77.8", "not_degrees"),
        ("1e999, -77.8", "not_degrees"),
        ("nan, -77.8", "not_degrees"),
        ("1.0125 O, 77.8125 O", "other_side"),
        ("-1.0125 S, 77.8125 O", "sign_twice"),
        ("1°60' S, 77°48' O", "minutes"),
        ("1.5°10' S, 77°48' O", "minutes"),
    ],
)
def test_what_could_mean_two_things_is_refused(text, code):
    with pytest.raises(ValidationError) as error:
        read_typed(text)
    assert refusal(error) == code


@pytest.mark.parametrize(
    "gap", [" " * 50_000, "\t" * 50_000, "0" * 50_000, "1" + " " * 2_000 + "x"]
)
def test_a_line_as_long_as_a_book_is_answered_at_once(gap):
    """A thousand spaces were tried in every way in which they can be shared out: for hours."""
    started = time.process_time()
    with suppress(ValidationError):
        read_typed(f"-1.0{gap}, -77.8")
    assert time.process_time() - started < 1


def test_several_typed_places_are_an_outline_that_stays_open_unless_joined():
    text = "\n".join(f"{latitude}, {longitude}" for longitude, latitude in SQUARE[:-1])
    with pytest.raises(ValidationError) as error:
        check(read_typed(text).geometry)
    assert refusal(error) == "open_ring"
    joined = read_typed(text, join=True)
    assert check(joined.geometry).geometry == polygon(SQUARE)
    assert "110,6 m" in joined.noticed[0]


def test_a_wrong_line_is_named():
    with pytest.raises(ValidationError) as error:
        read_typed("-1.0, -77.8\n\n-1.0, aquí")
    assert refusal(error) == "not_degrees"
    assert error.value.messages[0].startswith("Línea 3")


# --- GeoJSON ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        polygon(SQUARE),
        feature(polygon(SQUARE)),
        {"type": "FeatureCollection", "features": [feature(polygon(SQUARE))]},
    ],
    ids=["geometry", "feature", "collection"],
)
def test_geojson_is_read_as_it_stands(value):
    found = read_one(geojson(value))
    assert (found.geometry, found.noticed) == (polygon(SQUARE), ())
    assert read_text(json.dumps(value, indent=1)) == [found]


def test_a_collection_of_several_keeps_names_and_tells_which_one_is_wrong():
    readings = read_file(
        geojson(
            {
                "type": "FeatureCollection",
                "features": [
                    feature(polygon(SQUARE), Nombre="Chakra de abajo", area=1.2),
                    feature(None, name="Sin dibujo"),
                    feature({"type": "Point", "coordinates": [-77.8, "-1"]}, id=7),
                ],
            }
        )
    )
    assert [found.name for found in readings] == ["Chakra de abajo", "Sin dibujo", "7"]
    assert readings[0].properties == {"Nombre": "Chakra de abajo", "area": "1.2"}
    assert [found.problem and found.problem.code for found in readings] == [
        None,
        "no_shape",
        "not_a_number",
    ]


def test_one_is_expected_and_several_are_refused():
    two = {"type": "FeatureCollection", "features": [feature(polygon(SQUARE))] * 2}
    with pytest.raises(ValidationError) as error:
        read_one(geojson(two))
    assert refusal(error) == "several"
    assert len(read_file(geojson(two))) == 2


def test_heights_are_left_aside_and_that_is_said():
    found = read_one(geojson(polygon([[*place, 512.3] for place in SQUARE])))
    assert found.geometry == polygon(SQUARE)
    assert found.noticed == ("La altura de las posiciones no se guarda.",)


def nested(depth: int) -> bytes:
    return b'{"type":"Polygon","coordinates":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b" " * (10 * 1024 * 1024) + b"{}", "too_large"),
        (b"PK\x03\x04kmz", "kmz"),
        (b"lat;lon\n-1;-77", "unknown_kind"),
        (b'{"type": "Polygon"', "malformed"),
        (b'{"type": "Point", "type": "Polygon"}', "malformed"),
        (b'{"type":"Point","coordinates":[' + b"9" * 5000 + b",1]}", "malformed"),
        (b"[1, 2]", "malformed"),
        (b'{"type": "Topology"}', "unsupported_kind"),
        (b'{"type": "FeatureCollection", "features": {}}', "malformed"),
        (b'{"type": "FeatureCollection", "features": []}', "nothing_drawn"),
        (b'{"type":"Point","coordinates":[-77.8,-1],"n":"\xf1"}', "encoding"),
        (nested(100_000), "too_deep"),
        (b'{"type":"Point","coordinates":[NaN,-1]}', "not_a_number"),
        (b'{"type":"Point","coordinates":[-Infinity,-1]}', "not_a_number"),
        (b'{"type":"Point","coordinates":[1e999,-1]}', "not_a_number"),
        (b'{"type":"Point","coordinates":[true,-1]}', "not_a_number"),
        (b'{"type":"Point","coordinates":["-77.8",-1]}', "not_a_number"),
        (b'{"type":"Point","coordinates":[' + b"9" * 400 + b",1]}", "not_a_number"),
        (b'{"type":"Point","coordinates":{"x":1}}', "not_a_position"),
        (b'{"type":"Polygon","coordinates":[1]}', "not_a_position"),
        (b'{"type":["Point"],"coordinates":[1]}', "unsupported_kind"),
        (geojson({"type": "LineString", "coordinates": [[-77.8, -1]] * 10_001}),
         "too_many_positions"),
        (geojson({"type": "FeatureCollection", "features": [{}] * 2_001}), "too_many_features"),
        (
            geojson(polygon(SQUARE) | {"crs": {"type": "name", "properties": {
                "name": "urn:ogc:def:crs:EPSG::32718"}}}),
            "other_system",
        ),
    ],
)  # fmt: skip
def test_hostile_and_broken_geojson_is_refused(content, code):
    with pytest.raises(ValidationError) as error:
        read_one(content)
    assert refusal(error) == code


def test_wgs_84_may_be_named_and_utf_16_be_written():
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = json.dumps(polygon(SQUARE) | {"crs": named})
    assert read_one(text.encode("utf-16")).geometry == polygon(SQUARE)
    assert read_one(text.encode("utf-8-sig")).geometry == polygon(SQUARE)


# --- KML --------------------------------------------------------------------------------------


def test_kml_of_several_places_keeps_their_names():
    readings = read_file(kml(placemark(SQUARE, "Ñaña", height=True), placemark(SQUARE, "Dos")))
    assert [(found.name, found.geometry) for found in readings] == [
        ("Ñaña", polygon(SQUARE)),
        ("Dos", polygon(SQUARE)),
    ]
    assert readings[0].noticed == ("La altura de las posiciones no se guarda.",)
    assert readings[1].noticed == ()


def test_a_hole_of_kml_stays_for_the_refusal_to_see():
    hole = (
        "<innerBoundaryIs><LinearRing><coordinates>-77.7998,-0.9998 -77.7996,-0.9998 "
        "-77.7996,-0.9996 -77.7998,-0.9998</coordinates></LinearRing></innerBoundaryIs></Polygon>"
    )
    with pytest.raises(ValidationError) as error:
        check(read_one(kml(placemark(SQUARE).replace("</Polygon>", hole))).geometry)
    assert refusal(error) == "hole"


def test_kml_pieces_stay_several():
    two = (
        placemark(SQUARE)
        .replace("<Polygon>", "<MultiGeometry><Polygon>")
        .replace(
            "</Polygon>",
            "</Polygon><Polygon><outerBoundaryIs><LinearRing><coordinates>-77.79,-1 -77.789,-1 "
            "-77.789,-0.999 -77.79,-1</coordinates></LinearRing></outerBoundaryIs></Polygon>"
            "</MultiGeometry>",
        )
    )
    with pytest.raises(ValidationError) as error:
        check(read_one(kml(two)).geometry)
    assert refusal(error) == "several_pieces"


def test_kml_points_lines_and_data_are_read():
    point, line = read_file(
        kml(
            "<Placemark><name>Casa</name><ExtendedData><Data name='familia'><value>Grefa</value>"
            "</Data></ExtendedData><Point><coordinates> -77.8,-1 "
            "</coordinates></Point></Placemark>",
            "<Placemark><LineString><coordinates>-77.8,-1 -77.79,-1</coordinates></LineString>"
            "</Placemark>",
        )
    )
    assert point.geometry == {"type": "Point", "coordinates": [-77.8, -1.0]}
    assert point.properties == {"familia": "Grefa"}
    assert line.geometry["type"] == "LineString"


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<kml><Placemark><name>&b;</name></Placemark></kml>"
)
OUTSIDE = b'<!DOCTYPE kml SYSTEM "file:///etc/passwd"><kml/>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LAUGHS, "xml_dtd"),
        (OUTSIDE, "xml_dtd"),
        (LAUGHS.decode().encode("utf-16"), "xml_dtd"),
        (b"<kml>" + b"<a>" * 100_000, "too_deep"),
        (b"<kml><Placemark>", "malformed"),
        (b"<kml>&nbsp;</kml>", "malformed"),
        (b"<html><body/></html>", "unknown_kind"),
        (kml(), "nothing_drawn"),
        (kml("<Placemark/>"), "no_shape"),
        (kml("<Placemark><Point><coordinates>NaN,-1</coordinates></Point></Placemark>"),
         "not_a_number"),
        (kml("<Placemark><Point><coordinates>1e999,-1</coordinates></Point></Placemark>"),
         "not_a_number"),
        (kml("<Placemark><Point><coordinates>-77.8, -1</coordinates></Point></Placemark>"),
         "not_a_number"),
        (kml("<Placemark><Point><coordinates/></Point></Placemark>"), "not_a_position"),
        (gpx(""), "nothing_drawn"),
        (gpx('<wpt lon="-77.8"/>'), "not_a_number"),
    ],
)  # fmt: skip
def test_hostile_and_broken_xml_is_refused(content, code):
    with pytest.raises(ValidationError) as error:
        read_one(content)
    assert refusal(error) == code


# --- GPX --------------------------------------------------------------------------------------


def test_a_track_stays_a_line_unless_somebody_says_that_it_goes_around():
    assert read_one(track(SQUARE)).geometry["type"] == "LineString"
    around = read_one(track(SQUARE), outline=OUTLINE)
    assert around.geometry == polygon(SQUARE)
    assert around.name == "Lindero"
    assert around.noticed == ("La línea se tomó como contorno de la chakra.",)


def test_an_open_track_stays_open_unless_somebody_says_to_join_it():
    with pytest.raises(ValidationError) as error:
        check(read_one(track(SQUARE[:-1]), outline=OUTLINE).geometry)
    assert refusal(error) == "open_ring"
    assert "110,6 m" in error.value.messages[0]
    joined = read_one(track(SQUARE[:-1]), outline=JOINED)
    assert check(joined.geometry).geometry == polygon(SQUARE)
    assert "110,6 m" in joined.noticed[-1]


def test_standing_still_counts_once_and_that_is_said():
    found = read_one(
        track([SQUARE[0], SQUARE[0], [-77.8000004, -1.0], *SQUARE[1:]]), outline=OUTLINE
    )
    assert found.geometry == polygon(SQUARE)
    assert "2 posiciones repetidas" in found.noticed[1]


def test_a_pause_on_the_way_is_said_with_its_length():
    found = read_one(track(SQUARE[:2], SQUARE[2:]), outline=OUTLINE)
    assert found.geometry == polygon(SQUARE)
    assert "sigue a 110,6 m" in found.noticed[0]
    assert "-1.000000, -77.799000" in found.noticed[0]


def test_waypoints_are_points_unless_they_are_the_corners():
    content = gpx("".join(f'<wpt lon="{x}" lat="{y}"><ele>5</ele></wpt>' for x, y in SQUARE[:-1]))
    assert [found.geometry["type"] for found in read_file(content)] == ["Point"] * 4
    assert read_one(content, outline=JOINED).geometry == polygon(SQUARE)


def test_a_route_is_a_line_too():
    content = gpx(f"<rte>{points('rtept', SQUARE)}</rte>")
    assert read_one(content).geometry["type"] == "LineString"
    assert read_one(content, outline=OUTLINE).geometry == polygon(SQUARE)


# --- Walked -----------------------------------------------------------------------------------


def steps(ring, accuracy=6.5):
    return [{"longitude": x, "latitude": y, "accuracy": accuracy} for x, y in ring]


def test_a_walk_is_an_outline_with_the_accuracy_of_its_worst_step():
    walked = steps(SQUARE)
    walked[2]["accuracy"] = 30
    found = read_walk(walked)
    assert (found.geometry, found.accuracy_m) == (polygon(SQUARE), Decimal("30.0"))


@pytest.mark.parametrize("accuracy", [30.1, -1])
def test_a_walk_with_an_uncertain_step_is_refused_and_says_where(accuracy):
    walked = steps(SQUARE)
    walked[2]["accuracy"] = accuracy
    with pytest.raises(ValidationError) as error:
        read_walk(walked)
    assert refusal(error) == "inaccurate"
    assert "1 de 5" in error.value.messages[0]


@pytest.mark.parametrize(
    ("walked", "code"),
    [
        ([], "empty"),
        ([{"longitude": -77.8, "latitude": -1}], "not_a_number"),
        ([{"accuracy": 5}], "not_a_number"),
        (["-77.8, -1"], "not_a_position"),
    ],
)
def test_a_walk_without_its_numbers_is_refused(walked, code):
    with pytest.raises(ValidationError) as error:
        read_walk(walked)
    assert refusal(error) == code


def test_a_walk_is_joined_only_when_the_walker_says_so():
    assert read_walk(steps(SQUARE[:-1])).geometry == polygon(SQUARE[:-1])
    assert read_walk(steps(SQUARE[:-1]), join=True).geometry == polygon(SQUARE)


# --- There and back ---------------------------------------------------------------------------


@given(outlines())
@settings(max_examples=60, deadline=None)
def test_an_outline_has_the_same_area_whichever_file_carries_it(ring):
    kept = check(polygon(ring)).geometry
    [corners] = kept["coordinates"]
    assert read_one(geojson(kept)).geometry == kept
    assert read_one(kml(placemark(corners))).geometry == kept
    assert read_one(track(corners), outline=OUTLINE).geometry == kept
    assert read_walk(steps(corners)).geometry == kept
    written = "\n".join(f"{latitude:.6f}, {longitude:.6f}" for longitude, latitude in corners)
    typed = reading.read_typed(written).geometry
    assert typed == kept
    assert measures.area_m2(typed) == measures.area_m2(kept)


def test_half_a_sign_is_refused_and_a_whole_one_is_read():
    place = '"geometry": {"type": "Point", "coordinates": [-77.8, -1]}'
    point = '{"type": "Feature", "properties": {"name": "%s"}, ' + place + "}"
    with pytest.raises(ValidationError) as error:
        reading.read_one((point % "\\ud800").encode())
    assert error.value.code == "malformed"
    assert reading.read_one((point % "\\ud83c\\udf31").encode()).name == "🌱"
