"""What is on screen is there in English too, and says the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "kallari").glob("locale*/*/LC_MESSAGES/*.po"))
ENGLISH = ROOT / "kallari/locale/en/LC_MESSAGES/django.po"
KICHWA = ROOT / "kallari/locale/qu/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}|</?\w+[^>]*>")
SOURCES = ["kallari", "members", "harvests", "templates"]

Key = tuple[str | None, str, str]


def _entries(path: Path) -> dict[Key, polib.POEntry]:
    return {
        (entry.msgctxt, entry.msgid, entry.msgid_plural or ""): entry
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_english_is_complete() -> None:
    entries = _entries(ENGLISH)
    assert len(entries) > 100
    assert [entry.msgid for entry in entries.values() if not entry.translated()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=_name)
def test_nothing_is_guessed(path: Path) -> None:
    """A text that gettext proposed and nobody confirmed is marked fuzzy, and is not shown."""
    assert [entry.msgid for entry in _entries(path).values() if entry.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=_name)
def test_a_translation_keeps_the_placeholders(path: Path) -> None:
    differ = []
    for entry in _entries(path).values():
        if not entry.translated():
            continue
        sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = [sorted(PLACEHOLDER.findall(source)) for source in sources]
        differ += [text for text in texts if sorted(PLACEHOLDER.findall(text)) not in wanted]
    assert differ == []


@pytest.mark.parametrize("path", CATALOGUES, ids=_name)
def test_the_compiled_catalogue_is_that_of_its_source(path: Path) -> None:
    """Users' machines have no gettext: the compiled file is kept beside its source."""
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    source = polib.pofile(str(path))

    def spoken(entries: Iterable[polib.POEntry | polib.MOEntry]) -> dict[Key, object]:
        return {
            (entry.msgctxt, entry.msgid, entry.msgid_plural or ""): (
                {int(form): text for form, text in entry.msgstr_plural.items()} or entry.msgstr
            )
            for entry in entries
        }

    assert spoken(compiled) == spoken(source.translated_entries())
    assert compiled.metadata["Plural-Forms"] == source.metadata["Plural-Forms"]


def test_english_has_every_text_of_the_screens_and_no_other(tmp_path: Path) -> None:
    """Texts are collected anew, in a copy of the tree, and compared with the catalogue."""
    if shutil.which("xgettext") is None:
        sentence = "no xgettext: install the system's gettext"
        if os.environ.get("KALLARI_REQUIRE_GETTEXT") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-obsolete"],
        cwd=tmp_path,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kallari.settings",
            "PYTHONPATH": str(tmp_path),
            "KALLARI_SECRET_KEY": "collects texts and nothing else",
        },
        capture_output=True,
        check=True,
    )
    collected = set(_entries(tmp_path / ENGLISH.relative_to(ROOT)))
    kept = set(_entries(ENGLISH))
    assert collected - kept == set(), "put these into English; see README, Work on it"
    assert kept - collected == set(), "nothing shows these any more; see README, Work on it"


def test_what_is_not_in_kichwa_is_shown_in_spanish() -> None:
    with override("qu"):
        assert gettext("Kichwa") == "Kichwa"
        assert gettext("Consejo de vigilancia") == "Consejo de vigilancia"
    with override("en"):
        assert gettext("Consejo de vigilancia") == "Surveillance board"


def test_kichwa_waits_for_a_speaker_and_says_so() -> None:
    assert "pending review by a speaker" in polib.pofile(str(KICHWA)).header
    assert set(_entries(KICHWA)) <= set(_entries(ENGLISH))
