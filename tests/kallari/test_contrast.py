"""Whether everything can be read in sunlight: contrast of the color tokens, from the stylesheet.

Formula: WCAG 2.2, definitions of "relative luminance" and "contrast ratio"
(https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). Text needs 4.5 : 1 (1.4.3), borders of
controls and the focus ring 3 : 1 (1.4.11).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLESHEET = (settings.BASE_DIR / "static/kallari/kallari.css").read_text()

TEXT = [
    *((token, ground) for token in ("ink", "muted", "cocoa", "leaf", "river", "achiote")
      for ground in ("ground", "surface")),
    ("on-leaf", "leaf"),
    ("on-achiote", "achiote"),
    ("on-vanilla", "vanilla"),
    ("cocoa", "vanilla"),
]  # fmt: skip
CONTROLS = [
    ("edge", "ground"),
    ("edge", "surface"),
    ("river", "ground"),
    ("river", "surface"),
    ("ray", "ground"),
    *((mark, ground) for mark in ("cocoa", "leaf", "river", "achiote", "vanilla-dark")
      for ground in ("ground", "surface")),
]  # fmt: skip


def tokens(place: str) -> dict[str, str]:
    """The colors of the :root block that `place` (a regular expression) leads to."""
    block = re.search(place + r":root \{(.*?)\}", STYLESHEET, re.DOTALL | re.MULTILINE)
    assert block
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block[1]))


LIGHT = tokens("^")
DARK = LIGHT | tokens(r"@media \(prefers-color-scheme: dark\) \{\s*")
PAPER = LIGHT | tokens(r"@media print \{\s*")
NOT_PRINTED = {"leaf", "achiote"}
"""Grounds of buttons."""


def luminance(color: str) -> float:
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#fff", "#ffffff") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WCAG's classic miss


def test_the_dark_tokens_differ_from_the_light_ones() -> None:
    assert LIGHT["ground"] == "#fbf7f0"
    assert DARK["ground"] == "#171310"
    assert PAPER["ground"] == "#fff"


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(colors: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colors[text], colors[ground]) >= 4.5


@pytest.mark.parametrize(("text", "ground"), [pair for pair in TEXT if pair[1] not in NOT_PRINTED])
def test_text_can_be_read_on_paper(text: str, ground: str) -> None:
    assert contrast(PAPER[text], PAPER[ground]) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), CONTROLS)
def test_controls_and_focus_can_be_seen(colors: dict[str, str], line: str, ground: str) -> None:
    assert contrast(colors[line], colors[ground]) >= 3


def test_a_partner_s_card_wears_the_light_colors_in_the_dark_too() -> None:
    [card] = re.findall(r"^\.id-card \{(.*?)\}", STYLESHEET, flags=re.DOTALL | re.MULTILINE)
    worn = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", card))
    assert worn
    assert worn.items() <= LIGHT.items()


def test_colors_stand_in_the_tokens_alone() -> None:
    rules = re.sub(r":root \{.*?\}", "", STYLESHEET, flags=re.DOTALL)
    rules = re.sub(r"--[a-z-]+: #[0-9a-f]{3,6};", "", rules)
    stray = set(re.findall(r"(?<!url\()#[0-9a-f]{3,6}\b", rules))
    assert stray <= {"#fff", "#000", "#777", "#999"}  # the QR's ground, and paper


@pytest.mark.parametrize("sheet", sorted((settings.BASE_DIR / "static").rglob("*.css")), ids=str)
def test_every_block_of_a_stylesheet_is_closed_before_the_next_part(sheet: Path) -> None:
    """A block left open swallows what follows: half the pages were once styled on paper alone."""
    depth = 0
    for number, line in enumerate(sheet.read_text().splitlines(), 1):
        assert not (depth and line.startswith("@media")), f"line {number}: inside another block"
        assert not (depth and line.startswith(("/* ---", "."))), f"line {number}: inside a block"
        depth += line.count("{") - line.count("}")
        assert depth >= 0, f"line {number}: closes what was not open"
    assert depth == 0
