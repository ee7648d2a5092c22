"""What a telephone loads of the offline intake, and keeps to start without a network.

The program is written as small modules (static/harvests/acopio/) and sent as one: a telephone
in a village opens one connection instead of twenty, and what is sent together compresses better.
Nothing is built beforehand and nothing is rewritten but the lines of import and export. Its style
is the sections of the house's style sheet that it uses, and its own after them.

What is sent holds nothing personal: it is the same for everybody, also before anybody signs in.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, override

from harvests.acopio.texts import GREETING, TEXTS

MODULES = Path(settings.BASE_DIR, "static/harvests/acopio")
HOUSE_STYLE = Path(settings.BASE_DIR, "static/kallari/kallari.css")
ENTRY = "app"
WORKER = "sw"
HOUSE_SECTIONS = (
    "Ground",
    "Buttons",
    "Cards, facts, badges, lists",
    "Messages",
    "Forms",
    "Very plain: delegates and agents",
)
"""Of the house's style sheet; its tokens stand before the first section and always come along."""
ICONS = [
    "add",
    "back",
    "card",
    "changes",
    "close",
    "community",
    "devices",
    "document",
    "download",
    "error",
    "external",
    "good",
    "home",
    "info",
    "leaf",
    "list",
    "lock",
    "menu",
    "next",
    "people",
    "person",
    "print",
    "sign-in",
    "waiting",
    "warning",
]
"""Of templates/kallari/icons; products have symbols of their own beside the page."""

_IMPORT = re.compile(
    r'^import (?:\{ (?P<names>[^}]+) \}|\* as (?P<whole>\w+)) from "\./(\w+)\.js";$'
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))")
_SECTION = re.compile(r"^/\* --- (.+?) -* ?\*/$", re.MULTILINE)


def _module(name: str) -> tuple[list[str], str]:
    """Return the modules that a module imports, and itself as one expression: its exports."""
    needs, exports, lines = [], [], []
    for line in (MODULES / f"{name}.js").read_text().splitlines():
        text = line.strip()
        if found := _IMPORT.match(text):
            needs.append(found[3])
            names = f"{{ {found['names']} }}" if found["names"] else found["whole"]
            lines.append(f"const {names} = m_{found[3]};")
        elif text and not text.startswith(("//", "/**", "* ", "*/")):
            if found := _EXPORT.match(text):
                exports.append(found[1])
                text = text[found.end() :]
            lines.append(text)
    body = "\n".join(lines)
    return needs, f"const m_{name} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();"


@cache
def script() -> str:
    """The program: every module after those that it imports."""
    order: dict[str, str] = {}

    def add(name: str) -> None:
        needs, text = _module(name)
        for needed in needs:
            if needed not in order:
                add(needed)
        order[name] = text

    add(ENTRY)
    return "\n".join(order.values())


@cache
def style() -> str:
    """The house's tokens and the sections in use, then the intake's own style."""
    tokens, *rest = _SECTION.split(HOUSE_STYLE.read_text())
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    own = (MODULES / "acopio.css").read_text()
    return "".join([tokens, *(sections[name] for name in HOUSE_SECTIONS), own])


def texts(language: str) -> str:
    """The words of the screens in a language, as JSON by name.

    A greeting in Kichwa comes along only if the Kichwa catalogue has one.
    """
    with override(language):
        words = {name: str(text) for name, text in TEXTS.items()}
    with override("qu"):
        if (greeting := gettext(GREETING)) != GREETING:
            words["greeting_kichwa"] = greeting
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def shell() -> str:
    """The page, the same for everybody and in every language; its words come with `texts`."""
    with override("es"):
        return render_to_string("harvests/acopio/shell.html", {"icons": ICONS})


def manifest() -> str:
    """What a telephone needs to install it."""
    icon: dict[str, Any] = {"src": static("kallari/icon-512.png"), "sizes": "512x512"}
    return json.dumps(
        {
            "name": "Kallari · Acopio",
            "short_name": "Acopio",
            "lang": "es",
            "id": reverse("harvests:acopio"),
            "start_url": reverse("harvests:acopio"),
            "scope": reverse("harvests:acopio"),
            "display": "standalone",
            "background_color": "#fbf7f0",
            "theme_color": "#fbf7f0",
            "icons": [
                {"src": static("kallari/mark.svg"), "type": "image/svg+xml", "sizes": "any"},
                icon | {"type": "image/png", "purpose": "any"},
                icon | {"type": "image/png", "purpose": "maskable"},
            ],
        },
        ensure_ascii=False,
    )


def assets() -> dict[str, str]:
    """What the service worker keeps: address → text, but for pictures, which are their address."""
    kept = {
        reverse("harvests:acopio"): shell(),
        reverse("harvests:acopio_script"): script(),
        reverse("harvests:acopio_style"): style(),
        reverse("harvests:acopio_manifest"): manifest(),
        reverse("harvests:acopio_texts_es"): texts("es"),
    }
    picture = static("kallari/mark.svg")
    return kept | {picture: picture}


def version() -> str:
    """A digest of all that is sent, in every language: another word is another version."""
    digest = hashlib.sha256()
    for part in (
        *assets().values(),
        *(texts(code) for code, _name in settings.LANGUAGES),
        _worker(),
    ):
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def _worker() -> str:
    return (MODULES / f"{WORKER}.js").read_text()


def worker() -> str:
    """The service worker, which knows its version and what it keeps."""
    known = {
        "VERSION": version(),
        "SCOPE": reverse("harvests:acopio"),
        "ASSETS": list(assets()),
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    return head + _worker()
