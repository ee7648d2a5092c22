"""What holds for every template: nothing inline, nothing from elsewhere, no icon that is missing.

The content security policy refuses such things in the browser; this finds them before.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
OURS = sorted(
    path for path in TEMPLATES.rglob("*.html") if "admin" not in path.relative_to(TEMPLATES).parts
)
"""The admin's own templates live under its own policy (kallari/admin_site.py)."""

INLINE = {
    "a style element": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "another host": r"""(?:src|href|action|content)\s*=\s*["'](?:https?:)?//""",
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)


def faults(source: str) -> list[str]:
    found = [name for name, pattern in INLINE.items() if re.search(pattern, source)]
    for attributes, body in SCRIPT.findall(source):
        is_data = 'type="application/json"' in attributes
        if body.strip() and not is_data:
            found.append("an inline script")
    return found


def test_there_are_templates() -> None:
    assert len(OURS) > 30


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_nothing_is_inline_or_from_elsewhere(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<style>p{}</style>", "a style element"),
        ('<p style="color: red">', "a style attribute"),
        ('<a onclick="go()">', "an event attribute"),
        ('<a href="javascript:go()">', "a script address"),
        ('<img src="https://example.org/x.png">', "another host"),
        ('<script src="//example.org/x.js"></script>', "another host"),
        ("<script>go()</script>", "an inline script"),
    ],
)
def test_each_fault_is_found(source: str, fault: str) -> None:
    assert faults(source) == [fault]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_short_comment_ends_on_its_line(path: Path) -> None:
    """Django shows a {# comment #} that runs over a line's end to the reader."""
    lines = [line for line in path.read_text().splitlines() if "{#" in line]
    assert [line for line in lines if "#}" not in line] == []


def test_data_for_a_script_is_no_script() -> None:
    assert faults('<script type="application/json">{"a": 1}</script>') == []


def test_every_icon_that_a_page_names_is_drawn() -> None:
    named = {name for path in OURS for name in re.findall(r'{%\s*icon "([^"]+)"', path.read_text())}
    drawn = {path.stem for path in (TEMPLATES / "kallari/icons").glob("*.svg")}
    assert named - drawn == set()
    assert len(named) > 20
