"""What browser and machine a session runs on, in words that its owner recognizes."""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = [
    # The first that is named wins: most browsers also carry the names of others.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
MACHINES = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


def in_words(user_agent: str) -> str:
    """Return for example "Chrome en Android"; "Equipo desconocido" when nothing is recognized."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    machine = next((name for mark, name in MACHINES if mark in user_agent), None)
    if browser and machine:
        return _("%(browser)s en %(machine)s") % {"browser": browser, "machine": machine}
    return browser or machine or _("Equipo desconocido")
