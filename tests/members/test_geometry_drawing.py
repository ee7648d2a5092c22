"""Maps: drawn to scale, told apart without colour, safe with any words in them."""

from __future__ import annotations

import gzip
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from members.geometry import drawing, measures
from members.geometry.drawing import Context, Plot, draw
from tests.members.test_geometry_measures import square

SVG = "{http://www.w3.org/2000/svg}"


def tree(drawn: drawing.Map) -> ET.Element:
    """Parse the picture as XML, as it would stand in a file of its own."""
    text = drawn.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ET.fromstring(text)  # noqa: S314  our own drawing


def shown(drawn: drawing.Map, css: str) -> list[ET.Element]:
    return [item for item in tree(drawn).iter() if css in item.get("class", "").split()]


def test_a_square_is_drawn_square_and_to_the_scale_that_the_bar_shows():
    drawn = draw([Plot(square(0.005), "verified")], title="Una")
    [plot] = shown(drawn, "map-plot")
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", plot.get("d", ""))]
    wide, high = max(numbers[::2]) - min(numbers[::2]), max(numbers[1::2]) - min(numbers[1::2])
    assert wide == pytest.approx(high, abs=0.5)
    unit = float(tree(drawn).get("data-metres-per-unit", "0"))
    side = float(measures.distance_m((-77.8, -1), (-77.795, -1)))
    assert wide * unit == pytest.approx(side, rel=0.005)
    [bar] = shown(drawn, "map-scale")
    drawn_bar = re.search(r"M(\S+) \S+v6H(\S+)v-6", bar.get("d", ""))
    assert drawn_bar is not None
    start, end = drawn_bar.groups()
    [text] = shown(drawn, "map-scale-text")
    assert text.text is not None
    assert (float(end) - float(start)) * unit == pytest.approx(int(text.text.split()[0]), rel=0.01)


@pytest.mark.parametrize(
    ("most", "round_"), [(0.4, 1), (1, 1), (4.9, 2), (5, 5), (199, 100), (200, 200), (7300, 5000)]
)
def test_the_bar_is_one_two_or_five(most, round_):
    assert drawing.round_metres(most) == round_


def test_north_is_above_and_east_to_the_right():
    drawn = draw(
        [Plot(square(0.002, -77.80, -1.00), "draft"), Plot(square(0.002, -77.79, -0.99))],
        title="Dos",
    )
    first, second = (
        [float(number) for number in re.findall(r"-?\d+\.?\d*", plot.get("d", ""))[:2]]
        for plot in sorted(shown(drawn, "map-plot"), key=lambda plot: plot.get("class") or "")
    )  # map-draft, then map-other
    assert second[0] > first[0]
    assert second[1] < first[1]


def test_words_cannot_become_markup():
    bad = '"><script>alert(1)</script>&'
    drawn = draw(
        [Plot(square(0.002), label=bad, title=bad, href=f'/chakras/1/?"{bad}')],
        title=bad,
        description=bad,
        context=[Context("center", {"type": "Point", "coordinates": [-77.799, -0.999]}, bad)],
        words={"other": bad},
    )
    page = render_to_string("members/components/map.html", {"map": drawn})
    assert "<script>" not in page
    assert tree(drawn).findtext(f"{SVG}title") == bad
    assert next(item.text for item in shown(drawn, "map-label")) == bad


def test_nothing_needs_what_the_content_policy_forbids():
    drawn = draw([Plot(square(0.002), "draft", "A", href="/a/")], title="Una")
    page = render_to_string("members/components/map.html", {"map": drawn})
    assert not re.search(r"\bstyle=|\bon\w+=|<style|javascript:", page)
    assert re.findall(r"<script[^>]*>[^<]*</script>", page) == [
        f'<script type="module" src="{settings.STATIC_URL}kallari/map.js"></script>'
    ]
    assert (settings.BASE_DIR / "static/kallari/map.js").stat().st_size <= 6 * 1024


def test_it_says_what_it_shows_to_those_who_do_not_see_it():
    drawn = draw(
        [Plot(square(0.002), "verified"), Plot(square(0.002, -77.79), "draft")],
        title="Chakras de Bajo Talag",
        overlaps=[square(0.001)],
    )
    root = tree(drawn)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "map-title map-desc")
    assert root.findtext(f"{SVG}title") == "Chakras de Bajo Talag"
    assert root.findtext(f"{SVG}desc") == "Borrador: 1. Verificada: 1. Traslape entre chakras: 1."
    assert [(entry.words, entry.count) for entry in drawn.legend] == [
        ("Verificada", 1),
        ("Borrador", 1),
        ("Traslape entre chakras", 1),
    ]


def test_each_status_has_a_pattern_of_its_own():
    drawn = draw([Plot(square(0.002))], title="Una", identifier="m7")
    patterns = {item.get("id"): ET.tostring(item[0]) for item in tree(drawn).iter(f"{SVG}pattern")}
    assert set(patterns) == {
        f"m7-{name}" for name in ("verified", "draft", "suspended", "other", "overlap")
    }
    assert patterns.pop("m7-verified") == patterns["m7-other"]  # these differ by their border
    assert len(set(patterns.values())) == 4


def test_a_point_is_a_circle_of_its_declared_area():
    point = {"type": "Point", "coordinates": [-77.8, -1.0]}
    drawn = draw([Plot(point, "verified", area_ha=Decimal("3.1416"))], title="Punto")
    [circle] = shown(drawn, "map-point")
    radius = float(circle.get("r", "0")) * float(tree(drawn).get("data-metres-per-unit", "0"))
    assert radius == pytest.approx(100, rel=0.01)  # π × (100 m)² = 3.1416 ha


def test_what_is_too_small_to_see_is_a_dot_that_can_be_opened():
    drawn = draw(
        [
            Plot(square(0.001), "suspended", "CH-1", href="/chakras/1/"),
            Plot(square(0.001, -77.3), "verified", "CH-2"),
        ],
        title="Lejos",
    )
    assert len(shown(drawn, "map-dot")) == 2
    assert not shown(drawn, "map-plot")
    [link] = tree(drawn).iter(f"{SVG}a")
    assert link.get("href") == "/chakras/1/"
    assert link.findtext(f"{SVG}title") == "CH-1"


def test_labels_do_not_cover_each_other():
    side_by_side = [
        Plot(square(0.001, -77.8 + place * 0.00001), label=f"CH-{place}") for place in range(10)
    ]
    apart = [Plot(square(0.001, -77.8 + place * 0.002), label=f"CH-{place}") for place in range(10)]
    assert len(shown(draw(side_by_side, title="x"), "map-label")) < 10
    assert len(shown(draw(apart, title="x"), "map-label")) == 10


def test_far_surroundings_are_left_out():
    river = {"type": "LineString", "coordinates": [[-77.81, -0.9985], [-77.79, -0.9985]]}
    far = {"type": "LineString", "coordinates": [[-77.5, -0.5], [-77.4, -0.5]]}
    drawn = draw(
        [Plot(square(0.002))],
        title="Una",
        context=[Context("river", river, "Río Napo"), Context("road", far, "Troncal")],
    )
    assert len(shown(drawn, "map-river")) == 1
    assert not shown(drawn, "map-road")
    assert [entry.words for entry in drawn.legend] == ["Chakra", "Río"]


def test_a_map_of_nothing_says_so():
    drawn = draw([], title="Nada")
    assert "Todavía no hay nada" in drawn.svg
    assert drawn.legend == []


def test_a_thousand_chakras_stay_light():
    """An agent's telephone loads it: the page may weigh 50 KB compressed."""
    plots = [
        Plot(
            square(0.0015, -77.9 + (place % 40) * 0.008, -1.2 + place // 40 * 0.012),
            "verified",
            f"CH-{place:04}",
            f"CH-{place:04} · Familia Grefa",
            f"/chakras/{place}/",
        )
        for place in range(1000)
    ]
    assert len(gzip.compress(draw(plots, title="Todas").svg.encode())) < 40 * 1024
