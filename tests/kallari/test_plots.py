"""Plots: what is drawn is what is so, nothing gets in unescaped, and not known is not zero."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kallari.plots import (
    Bars,
    Columns,
    Lines,
    Plot,
    Pyramid,
    Row,
    Series,
    Share,
    Sparkline,
    percents,
)
from kallari.plots.scale import written

HOSTILE = """<script>alert("1")</script>'&"""


def given_to(*series: Series, labels: int | list[str] | None = None, **more: Any) -> dict[str, Any]:
    if labels is None:
        labels = len(series[0].values)
    if isinstance(labels, int):
        labels = [f"Comunidad {place}" for place in range(labels)]
    return {"key": "some", "title": "Algo", "labels": labels, "series": series, **more}


def drawings(plot: Plot) -> list[ET.Element]:
    """What is drawn, read by an XML parser."""
    return list(ET.fromstring(f"<all>{plot.svg}</all>"))  # noqa: S314  our own drawing


def fills(drawing: ET.Element, number: int = 1) -> list[dict[str, float]]:
    """The marks of one series, by their geometry; the squares beside names are no marks."""
    return [
        {name: float(rect.attrib[name]) for name in ("x", "y", "width", "height")}
        for mark in drawing.iter("g")
        if mark.get("class") == "plot-mark"
        for rect in mark.iter("rect")
        if rect.get("class") == f"plot-fill plot-{number}"
    ]


def texts(drawing: ET.Element) -> list[str]:
    return [" ".join(text.itertext()) for text in drawing.iter("text")]


def one_of_each(name: str = "Serie", label: str = "Nombre") -> list[Plot]:
    pair = (Series(name, [3, 5]), Series(name, [4, None]))
    words: dict[str, Any] = {
        "labels": [label, "Otra"],
        "title": name,
        "unit": label,
        "as_of": name,
        "source": name,
    }
    return [
        Bars(**given_to(*pair, **words)),
        Bars(**given_to(*pair, stacked=False, **words)),
        Columns(**given_to(*pair, **words)),
        Columns(**given_to(*pair, stacked=False, **words)),
        Lines(**given_to(*pair, **words)),
        Lines(**given_to(*pair, steps=True, **words)),
        Pyramid(**given_to(*pair, **words)),
        Share(**given_to(pair[0], **words)),
        Sparkline(**given_to(pair[0], **words)),
    ]


# --- Geometry

COUNTS = st.lists(st.integers(0, 100_000), min_size=1, max_size=12).filter(any)


@given(COUNTS)
def test_bars_are_as_long_as_their_values(values: list[int]) -> None:
    for drawing in drawings(Bars(**given_to(Series("Socias", values)))):
        bars, known = fills(drawing), [value for value in values if value]
        longest = max(bar["width"] for bar in bars)
        for bar, value in zip(bars, known, strict=True):
            assert bar["width"] == pytest.approx(longest * value / max(known), abs=0.02)


@given(COUNTS)
def test_columns_are_as_high_as_their_values(values: list[int]) -> None:
    for drawing in drawings(Columns(**given_to(Series("Socias", values)))):
        columns, known = fills(drawing), [value for value in values if value]
        highest = max(column["height"] for column in columns)
        for column, value in zip(columns, known, strict=True):
            assert column["height"] == pytest.approx(highest * value / max(known), abs=0.02)


def test_all_bars_begin_at_zero_in_one_line() -> None:
    for drawing in drawings(Bars(**given_to(Series("Socias", [1000, 1001, 7])))):
        bars = fills(drawing)
        assert len({bar["x"] for bar in bars}) == 1
        assert bars[0]["width"] / bars[2]["width"] == pytest.approx(1000 / 7, rel=0.01)


def test_all_columns_stand_on_one_foot() -> None:
    for drawing in drawings(Columns(**given_to(Series("Socias", [1000, 1001, 7])))):
        feet = [column["y"] + column["height"] for column in fills(drawing)]
        assert feet == pytest.approx([feet[0]] * 3, abs=0.02)


def test_stacked_parts_follow_each_other_and_keep_their_proportion() -> None:
    women, men = Series("Mujeres", [18, 9]), Series("Hombres", [12, 3])
    for drawing in drawings(Bars(**given_to(women, men))):
        for first, second, shares in zip(
            fills(drawing, 1), fills(drawing, 2), ((18, 12), (9, 3)), strict=True
        ):
            assert second["x"] == pytest.approx(first["x"] + first["width"], abs=0.02)
            assert first["width"] / second["width"] == pytest.approx(shares[0] / shares[1], 0.01)


def test_what_is_below_zero_lies_on_the_other_side() -> None:
    plot = Bars(**given_to(Series("Cambio", [Decimal("2.5"), Decimal(-5)])))
    for drawing in drawings(plot):
        up, down = fills(drawing)
        assert down["x"] + down["width"] == pytest.approx(up["x"], abs=0.02)
        assert down["width"] == pytest.approx(2 * up["width"], abs=0.05)
    for drawing in drawings(Columns(**given_to(Series("Cambio", [Decimal("2.5"), Decimal(-5)])))):
        up, down = fills(drawing)
        assert down["y"] == pytest.approx(up["y"] + up["height"], abs=0.02)


def test_both_sides_of_a_pyramid_have_one_scale_and_the_first_label_stands_below() -> None:
    plot = Pyramid(**given_to(Series("Mujeres", [20, 10]), Series("Hombres", [5, 10])))
    for drawing in drawings(plot):
        (women_old, women_young), (men_old, men_young) = fills(drawing, 1), fills(drawing, 2)
        assert women_young["width"] == pytest.approx(4 * men_young["width"], abs=0.05)
        assert women_old["width"] == pytest.approx(men_old["width"], abs=0.02)
        assert women_young["y"] > women_old["y"]


def test_the_parts_of_a_whole_fill_it() -> None:
    for drawing, width in zip(
        drawings(Share(**given_to(Series("Personas", [189, 116])))), (288, 640), strict=True
    ):
        women, men = fills(drawing, 1)[0], fills(drawing, 2)[0]
        assert women["width"] == pytest.approx(width * 189 / 305, abs=0.02)
        assert women["width"] + men["width"] == pytest.approx(width, abs=0.02)


@pytest.mark.parametrize("count", [1, 2, 23, 60])
@pytest.mark.parametrize("kind", [Bars, Columns, Lines])
@pytest.mark.parametrize("label", ["ene 2026", "Nueva Jerusalén de la Ribera Derecha " * 3])
def test_everything_stays_inside_the_frame(kind: type[Plot], count: int, label: str) -> None:
    values = [Decimal(1000 * place - 5000) for place in range(count)]
    for drawing in drawings(kind(**given_to(Series("kg", values), labels=[label] * count))):
        width, height = map(float, drawing.attrib["viewBox"].split()[2:])
        for rect in fills(drawing):
            assert rect["x"] >= -0.1
            assert rect["x"] + rect["width"] <= width + 0.1
            assert rect["y"] + rect["height"] <= height + 0.1
        for text in drawing.iter("text"):
            assert 0 <= float(text.attrib["x"]) <= width
            assert 0 <= float(text.attrib["y"]) <= height


# --- Not known is not zero


def test_what_is_not_known_leaves_a_gap_and_says_so() -> None:
    known = Bars(**given_to(Series("Socias", [3, 0])))
    unknown = Bars(**given_to(Series("Socias", [3, None])))
    assert "sin dato" not in known.svg
    assert texts(drawings(known)[0])[-1] == "0"
    assert texts(drawings(unknown)[0])[-1] == "sin dato"
    assert known.table.rows[1].cells == ("0",)
    assert unknown.table.rows[1].cells == ("sin dato",)


def test_a_line_breaks_where_nothing_is_known() -> None:
    whole = Lines(**given_to(Series("Socias", [1, 2, 0, 4, 5])))
    broken = Lines(**given_to(Series("Socias", [1, 2, None, 4, 5])))
    for plot, pieces in ((whole, 1), (broken, 2)):
        for drawing in drawings(plot):
            lines = [path for path in drawing.iter("path") if "plot-line" in path.get("class", "")]
            assert len(lines) == pieces


def test_a_sum_of_which_a_part_is_not_known_says_that_it_is_incomplete() -> None:
    plot = Bars(
        **given_to(Series("Mujeres", [3, 5]), Series("Hombres", [None, 4]), with_total=True)
    )
    assert plot.table.rows[0].cells == ("3", "sin dato", "3, incompleto")
    assert plot.table.rows[1].cells == ("5", "4", "9")
    assert plot.table.total == ("8", "4, incompleto", "12, incompleto")


def test_a_column_of_which_a_part_is_not_known_is_at_least_so_high() -> None:
    plot = Columns(**given_to(Series("Mujeres", [3, 5]), Series("Hombres", [None, 4])))
    assert {"≥\u00a03", "9"} <= set(texts(drawings(plot)[0]))


def test_a_whole_with_an_unknown_part_has_no_shares() -> None:
    plot = Share(**given_to(Series("Personas", [189, None])))
    assert plot.is_empty
    assert plot.svg == ""
    assert plot.table.rows[0].cells == ("189", "sin dato")


@pytest.mark.parametrize("kind", [Bars, Columns, Lines, Share])
@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_known_is_nothing_drawn(kind: type[Plot], values: list[None]) -> None:
    plot = kind(**given_to(Series("Socias", values)))
    html = render_to_string("kallari/components/plot.html", {"plot": plot})
    assert "<svg" not in html
    assert "Todavía no hay datos" in html


@pytest.mark.parametrize("kind", [Bars, Columns, Lines])
def test_zeros_are_drawn_without_length(kind: type[Plot]) -> None:
    plot = kind(**given_to(Series("Socias", [0, 0])))
    for drawing in drawings(plot):
        assert fills(drawing) == []
        assert "0" in texts(drawing)


# --- The table


def test_the_table_holds_what_is_drawn() -> None:
    women, men = Series("Mujeres", [18, 9]), Series("Hombres", [12, 3])
    plot = Bars(
        **given_to(
            women,
            men,
            labels=["Serena", "Pano"],
            label_heading="Comunidad",
            links=["/comunidades/1/", "/comunidades/2/"],
            with_total=True,
        )
    )
    assert plot.table.headers == ("Comunidad", "Mujeres", "Hombres", "Total")
    assert plot.table.rows == (
        Row("Serena", "/comunidades/1/", ("18", "12", "30")),
        Row("Pano", "/comunidades/2/", ("9", "3", "12")),
    )
    assert plot.table.total == ("27", "15", "42")
    assert {"30", "12"} <= set(texts(drawings(plot)[0]))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([189, 116], [62, 38]),  # 61.97 and 38.03
        ([1, 1, 1], [34, 33, 33]),
        ([0, 0], [0, 0]),
        ([0, 5], [0, 100]),
    ],
)
def test_shares_add_up_to_a_hundred(values: list[int], expected: list[int]) -> None:
    assert percents(values) == expected


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5).filter(any))
def test_no_share_is_a_whole_percent_off(values: list[int]) -> None:
    shares = percents(values)
    assert sum(shares) == 100
    for share, value in zip(shares, values, strict=True):
        assert abs(share - 100 * value / sum(values)) < 1


@pytest.mark.parametrize(
    ("language", "number"), [("es", "1.234,5"), ("en", "1,234.5"), ("qu", "1.234,5")]
)
def test_numbers_are_written_as_the_reader_writes_them(language: str, number: str) -> None:
    plot = Bars(**given_to(Series("kg", [Decimal("1234.5")]), digits=1))
    with translation.override(language):
        assert plot.table.rows[0].cells == (number,)
        for drawing in drawings(plot):
            assert number in texts(drawing)
            assert len(fills(drawing)) == 1  # coordinates keep their point


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("12.5", 0, "13"),  # as PostgreSQL's round(numeric)
        ("-12.5", 0, "−13"),
        ("2.345", 2, "2,35"),
        ("-0.04", 1, "0,0"),
    ],
)
def test_halves_are_written_away_from_zero_and_nothing_without_a_sign(
    value: str, digits: int, text: str
) -> None:
    with translation.override("es"):
        assert written(Decimal(value), digits) == text


# --- What gets in, and what is refused


@pytest.mark.parametrize("plot", one_of_each(HOSTILE, HOSTILE), ids=lambda plot: plot.kind())
def test_words_are_text_whatever_they_hold(plot: Plot) -> None:
    html = render_to_string("kallari/components/plot.html", {"plot": plot})
    assert "<script" not in html
    assert 'alert("' not in html
    assert {drawing.findtext("title") for drawing in drawings(plot)} == {HOSTILE}


@pytest.mark.parametrize("plot", one_of_each(), ids=lambda plot: plot.kind())
def test_the_page_allows_what_is_drawn(plot: Plot) -> None:
    """The content security policy knows neither style attributes nor scripts in the page."""
    html = render_to_string("kallari/components/plot.html", {"plot": plot, "file_url": "/x.csv"})
    assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=|javascript:", html)


@pytest.mark.parametrize("plot", one_of_each(), ids=lambda plot: plot.kind())
def test_a_drawing_has_a_name_a_description_and_ids_of_its_own(plot: Plot) -> None:
    html = render_to_string("kallari/components/plot.html", {"plot": plot})
    found = re.findall(r'\sid="([^"]+)"', html)
    assert len(found) == len(set(found))
    for name in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html):
        assert name in found
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(found)
    for drawing in drawings(plot):
        assert drawing.get("role") == "img"
        assert "Los números están en la tabla" in str(drawing.findtext("desc"))


@pytest.mark.parametrize("kind", [Bars, Columns, Lines])
def test_more_than_five_series_are_refused(kind: type[Plot]) -> None:
    assert kind(**given_to(*[Series("Una", [1])] * 5)).svg
    with pytest.raises(ValueError, match="one to 5 series"):
        kind(**given_to(*[Series("Una", [1])] * 6))
    with pytest.raises(ValueError, match="one to 5 series"):
        kind(**given_to(labels=1))


def test_a_share_bar_has_at_most_five_parts() -> None:
    assert Share(**given_to(Series("Una", [1] * 5))).svg
    with pytest.raises(ValueError, match="one to 5 parts"):
        Share(**given_to(Series("Una", [1] * 6)))


def test_every_label_needs_its_value() -> None:
    with pytest.raises(ValueError, match="one value for each label"):
        Bars(**given_to(Series("Una", [1, 2]), labels=3))


def test_only_exact_numbers_are_taken() -> None:
    for value in (1.5, True, "3"):
        with pytest.raises(TypeError):
            Bars(**given_to(Series("Una", [value])))  # type: ignore[list-item]
    with pytest.raises(ValueError, match="no number"):
        Bars(**given_to(Series("Una", [Decimal("NaN")])))


@pytest.mark.parametrize(
    ("kind", "more"),
    [(Bars, {}), (Columns, {}), (Pyramid, {})],
)
def test_what_is_less_than_nothing_is_part_of_no_whole(
    kind: type[Plot], more: dict[str, Any]
) -> None:
    assert kind(**given_to(Series("Una", [1]), Series("Otra", [1]), **more))
    with pytest.raises(ValueError, match="Negative"):
        kind(**given_to(Series("Una", [1]), Series("Otra", [-1]), **more))


@pytest.mark.parametrize("link", ["javascript:go()", "https://example.org/", "//example.org/"])
def test_links_stay_in_the_house(link: str) -> None:
    assert Bars(**given_to(Series("Una", [1]), links=["/comunidades/?page=2"])).svg
    with pytest.raises(ValueError, match="this application"):
        Bars(**given_to(Series("Una", [1]), links=[link]))


def test_a_name_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        Bars(**(given_to(Series("Una", [1])) | {"key": 'x"y'}))
