"""What the offline intake sends to a telephone."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from harvests.acopio import shell as acopio_shell
from harvests.acopio.texts import TEXTS

FIRST_LOAD = [
    "/acopio/",
    "/acopio/acopio.js",
    "/acopio/acopio.css",
    "/acopio/textos/es.json",
    "/acopio/manifest.webmanifest",
    "/acopio/sw.js",
    "/static/kallari/mark.svg",
]
"""All that a browser asks for at the first visit; the register comes after it."""
MODULES = sorted(acopio_shell.MODULES.glob("*.js"))


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response) if response.streaming else response.content


def test_the_first_load_is_at_most_fifty_kilobytes(client):
    """STYLE section 8, issue 4: agents' pages, compressed, without the register."""
    weights = {address: len(gzip.compress(body(client, address), 9)) for address in FIRST_LOAD}
    assert sum(weights.values()) <= 50 * 1024, weights


def test_the_service_worker_keeps_all_of_it_but_itself(client):
    (kept,) = re.findall(r"ASSETS = (\[.*\]);", body(client, "/acopio/sw.js").decode())
    assert sorted(json.loads(kept)) == sorted(set(FIRST_LOAD) - {"/acopio/sw.js"})


@pytest.mark.parametrize("actor", ["anonymous", "center_operator", "nobody"])
def test_it_is_the_same_for_everybody(client_of, actor):
    """A service worker keeps it: what it holds may be nobody's."""
    client = client_of(actor)
    for address in FIRST_LOAD[:-1]:
        response = client.get(address)
        assert response.content == Client().get(address).content
        assert not response.cookies
        assert response["Cache-Control"] == "no-cache"


def test_what_did_not_change_does_not_travel_again(client):
    first = client.get("/acopio/acopio.js")
    again = client.get("/acopio/acopio.js", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_travels_compressed(client):
    response = client.get("/acopio/acopio.js", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == client.get("/acopio/acopio.js").content


def test_another_word_is_another_version(monkeypatch):
    before = acopio_shell.version()
    monkeypatch.setitem(TEXTS, "save", "Guardar la entrega")
    assert acopio_shell.version() != before


def test_the_words_are_there_in_every_language_and_no_other(client):
    spanish, english, kichwa = (
        json.loads(body(client, f"/acopio/textos/{code}.json")) for code in ("es", "en", "qu")
    )
    assert spanish.keys() == english.keys() == kichwa.keys()
    assert spanish["save"] == "Guardar entrega"
    assert client.get("/acopio/textos/fr.json").status_code == 404


def test_a_greeting_in_kichwa_comes_only_from_a_speaker(client, monkeypatch):
    assert "greeting_kichwa" not in json.loads(body(client, "/acopio/textos/es.json"))
    monkeypatch.setattr(acopio_shell, "gettext", lambda _text: "(lo que diga el catálogo)")
    words = json.loads(body(client, "/acopio/textos/es.json"))
    assert words["greeting_kichwa"] == "(lo que diga el catálogo)"


def test_every_word_that_the_program_says_is_there_and_no_other():
    program = "\n".join(path.read_text() for path in MODULES)
    said = set(re.findall(r'\bt\("(\w+)"', program)) - {"greeting_kichwa"}
    made = tuple(re.findall(r"\bt\(`(\w+_)\$\{", program))
    assert made
    assert said - TEXTS.keys() == set()
    named = set(re.findall(r'"(\w+)"', program))
    assert [name for name in TEXTS if name not in named and not name.startswith(made)] == []


def test_every_picture_that_the_program_shows_is_on_the_page():
    program = "\n".join(path.read_text() for path in MODULES)
    shown = set(re.findall(r'\b(?:icon\(|mark: )"([\w-]+)"', program))
    shown |= {"cocoa", "guayusa", "vanilla", "coffee", "crafts", "other"}
    there = set(re.findall(r'data-icon="([\w-]+)"', acopio_shell.shell()))
    assert shown - there == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_can_be_joined_with_the_others(path: Path) -> None:
    """`acopio_shell.script` reads imports and exports line by line and takes the indentation away:
    neither may stand inside another line, and no text spans lines."""
    text = path.read_text()
    for line in text.splitlines():
        if line.lstrip().startswith(("import ", "export ")):
            assert acopio_shell._IMPORT.match(line) or acopio_shell._EXPORT.match(line), line
        assert line.count("`") % 2 == 0, line
    assert "import(" not in text
