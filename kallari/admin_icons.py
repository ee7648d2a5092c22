"""Icons of the house in the templates of the admin's package, instead of a font of 285 KB.

Unfold writes its icons as words in an icon font: ``<span class="material-symbols-outlined">search
</span>``. Without the font the words would be read. The loader below gives Django those
templates with the word turned into one of our own SVG icons while they are compiled, and without
the package's inline styles, which our security policy refuses. No file of the package is copied.
"""

from __future__ import annotations

import re
from pathlib import Path

import unfold
from django import template
from django.template.base import Origin
from django.template.loader import render_to_string
from django.template.loaders import app_directories
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

HOUSE_ICONS = {
    "add": "add",
    "arrow_back": "back",
    "arrow_circle_down": "up",
    "arrow_circle_up": "down",
    "arrow_forward": "next",
    "cancel": "close",
    "check_small": "good",
    "chevron_right": "next",
    "close": "close",
    "close_small": "close",
    "delete": "remove",
    "download": "download",
    "edit": "edit",
    "edit_square": "edit",
    "expand_more": "down",
    "file_upload": "import",
    "filter_list": "filter",
    "help": "info",
    "history": "changes",
    "inbox": "list",
    "logout": "sign-out",
    "manage_search": "search",
    "open_in_new": "external",
    "search": "search",
    "undo": "back",
    "upload": "import",
    "visibility": "list",
}
"""The word in Unfold's icon font → the file in templates/kallari/icons/."""

_ICON = re.compile(
    r"<(?P<tag>span|div)\b(?P<attributes>[^>]*\bmaterial-symbols-outlined\b[^>]*)>"
    r"(?P<word>[^<]*)</(?P=tag)>"
)
_INLINE_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL)


@register.filter
def house_icon(word: str) -> SafeString:
    """Return our SVG for a word of Unfold's icon font; nothing for a word we have no icon for.

    >>> house_icon(" nobody_drew_this ")
    ''
    """
    name = HOUSE_ICONS.get(word.strip())
    if name is None:
        return mark_safe("")
    return mark_safe(render_to_string(f"kallari/icons/{name}.svg").strip())  # noqa: S308  our file


def with_house_icons(source: str) -> str:
    """Return a template's source with icon words filtered into SVG and inline styles left out."""
    source = _INLINE_STYLE.sub("", source)
    return _ICON.sub(
        r'<\g<tag>\g<attributes> aria-hidden="true">'
        r"{% load admin_icons %}{% filter house_icon %}\g<word>{% endfilter %}</\g<tag>>",
        source,
    )


class Loader(app_directories.Loader):
    """Finds templates in the apps, as Django does; those of Unfold come with our icons."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        if Path(origin.name).is_relative_to(Path(unfold.__file__).parent):
            return with_house_icons(source)
        return source
