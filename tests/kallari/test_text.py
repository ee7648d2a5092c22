"""What people type: what is kept of it, and what is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kallari.text import clean_line, clean_text, validate_name
from members.models import Community

UNSEEN = {
    "null": "\0",
    "bell": "\a",
    "escape": "\x1b",
    "delete": "\x7f",
    "soft hyphen": "\u00ad",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "private use": "\ue000",
    "variation selector": "\ufe0f",
    "grapheme joiner": "\u034f",
    "Hangul filler": "\u3164",
    "empty Braille": "\u2800",
    "tag": "\U000e0041",
    "half a character": "\ud800",
    "no character": "\uffff",
}
"""From the Unicode standard: default-ignorable, format, control, private-use characters."""


@pytest.mark.parametrize("sign", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_is_refused_and_its_place_is_named(sign):
    for clean in (clean_line, clean_text, validate_name):
        with pytest.raises(ValidationError) as error:
            clean(f"Rosa{sign} Grefa")
        assert error.value.code == "unseen_sign"
        assert f"U+{ord(sign):04X}" in error.value.messages[0]
        assert "«Rosa»" in error.value.messages[0]
        clean("Rosa Grefa")


@pytest.mark.parametrize(
    "name",
    ["Ñusta Ävila", "Wang Xiùyīng 王秀英", "Юлия", "فاطمة", "Ἑλένη", "O’Brien-Díaz, M.ª", "ไพลิน"],
)
def test_letters_of_every_alphabet_are_welcome(name):
    assert clean_line(name) == name
    validate_name(name)


def test_letters_are_composed_and_spaces_made_one():
    assert clean_line("  Jose\u0301 \t\n Nun\u0303ez\u00a0 ") == "Jos\u00e9 Nu\u00f1ez"


def test_a_note_keeps_its_lines():
    assert clean_text("  Uno \r\n\r\n\tdos\r") == "Uno\n\n\tdos"


def test_a_telephones_pictures_are_welcome_in_a_note_and_hide_nothing():
    assert clean_text("Bien ❤️ 👩‍🌾") == "Bien ❤️ 👩‍🌾"
    for hidden in ("Bien\ufe0f", "a\u200db", "❤\ufe0f\ufe0f\u200d", "\u200d"):
        with pytest.raises(ValidationError):
            clean_text(hidden)


@pytest.mark.parametrize("name", ["", "123", "—", "¿?", " "])
def test_a_name_has_a_letter(name):
    with pytest.raises(ValidationError) as error:
        validate_name(name)
    assert error.value.code == "no_letters"


@pytest.mark.parametrize("field", ["name", "canton", "note"])
def test_no_unseen_sign_comes_in_through_the_api(api_client_of, field):
    client, path = api_client_of("administration"), "/api/v1/communities/"
    row = {"name": "Rumi Yaku", "canton": "Tena", "note": "Río arriba"}
    answer = client.post(path, row | {field: "Rumi\u202eYaku"})
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, "unseen_sign")]
    assert not Community.objects.exists()
    assert client.post(path, row).status_code == 201


def test_what_is_written_is_tidy_whichever_field_it_is(api_client_of):
    answer = api_client_of("administration").post(
        "/api/v1/communities/",
        {"name": "Rumi  Yaku", "parish": "Puerto\tNapo", "note": "Uno \r\ndos"},
    )
    assert answer.status_code == 201
    row = Community.objects.get()
    assert (row.name, row.parish, row.note) == ("Rumi Yaku", "Puerto Napo", "Uno\ndos")
    kept = Community.history.get()
    assert (kept.name, kept.parish, kept.note) == (row.name, row.parish, row.note)


def test_a_page_says_what_is_wrong_with_a_name(client_of):
    page = client_of("administration").post("/comunidades/nueva/", {"name": "Rumi\u200bYaku"})
    assert page.status_code == 200
    assert "U+200B" in page.content.decode()
