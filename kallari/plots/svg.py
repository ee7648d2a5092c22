"""Writing SVG: elements with everything escaped, and text broken to a width.

No font can be measured on the server. Widths are those of Arial, widened to DejaVu Sans, the widest
font that a page is shown or printed in where none of the stylesheet's is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from django.utils.safestring import SafeString

TEXT = 14
"""Size of the text, in the units of the drawing; the stylesheet says the same."""

LINE = 18
"""From one line of text to the next."""

ELLIPSIS = "…"

_NARROW = frozenset("iíjltfrI.,:;'’|!()[]/- \u00a0\u202f·")
_WIDE = frozenset("mwMWÑ@%OQGDCÓ—…")
_WIDENED = 1.16
_BOLDER = 1.09


def element(name: str, *children: str, **attributes: str | float | None) -> SafeString:
    """Return one element; `class_` is written class and other underscores become hyphens.

    What is None is left out. Children and values are escaped unless they are safe already.
    """
    # By hand and not by format_html: a page of plots has thousands of elements.
    told = "".join(
        f' {_attribute(key)}="{_harmless(value) if isinstance(value, str) else coordinate(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return SafeString(f"<{name}{told}>{joined(children)}</{name}>")


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def joined(parts: Iterable[str]) -> SafeString:
    """Return the parts one after the other, escaped unless safe."""
    return SafeString("".join(_harmless(part) for part in parts))


def _harmless(text: str) -> str:
    """`django.utils.html.conditional_escape` for text that is here already: a tenth of its time."""
    return text if isinstance(text, SafeString) else escape(str(text))


def coordinate(value: float) -> str:
    """Write a number with a point and at most two decimals, in every language."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0", value > -0.005)


def width_of(text: str, *, is_bold: bool = False) -> float:
    """Return how wide a text becomes, at most."""
    ems = sum(
        0.32 if sign in _NARROW else 0.86 if sign in _WIDE else 0.7 if sign.isupper() else 0.556
        for sign in text
    )
    return ems * TEXT * _WIDENED * (_BOLDER if is_bold else 1)


def wrapped(text: str, width: float, lines: int = 3) -> list[str]:
    """Break a text into at most so many lines of this width; what is left out shows as "…"."""
    rest = text.split()
    found: list[str] = []
    while rest and len(found) < lines:
        line = rest.pop(0)
        while rest and width_of(f"{line} {rest[0]}") <= width:
            line = f"{line} {rest.pop(0)}"
        if rest and len(found) == lines - 1:
            line = f"{line}{ELLIPSIS}"
        found.append(_shortened(line, width))
    return found or [""]


def _shortened(text: str, width: float) -> str:
    if width_of(text) <= width:
        return text
    text = text.removesuffix(ELLIPSIS)
    while text and width_of(text + ELLIPSIS) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def write(
    lines: str | Sequence[str],
    x: float,
    y: float,
    *,
    anchor: str | None = None,
    class_: str | None = None,
    link: str = "",
) -> SafeString:
    """Write lines of text; `y` is the base of the first.

    A link is for pointers only: whoever uses keys or hears the page has it in the table.
    """
    lines = [lines] if isinstance(lines, str) else lines
    if len(lines) == 1:
        content: list[str] = [lines[0]]
    else:
        content = [
            element("tspan", line, x=x, y=y + place * LINE) for place, line in enumerate(lines)
        ]
    text = element("text", *content, x=x, y=y, text_anchor=anchor, class_=class_)
    return element("a", text, href=link, tabindex="-1") if link else text
