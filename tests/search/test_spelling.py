"""Names in any spelling: the rules, and that the database follows them to the letter."""

from __future__ import annotations

import importlib
from itertools import combinations
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kallari.search.spelling import (
    function_sql,
    search_key,
    search_words,
    sound_key,
    words,
)
from members.demo.communities import COMMUNITIES, NAMED_ELSEWHERE

MIGRATIONS = Path(importlib.import_module("kallari.migrations").__path__[0])

typed_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
latin_text = st.text(
    "abcdefghijklmnñopqrstuvwxyzABCHJKQÑÁÉÍÓÚáéíóúüÜ 0123456789.'’-\u0301\u0303ºªßæøĿſ",
    max_size=40,
)
number_words = st.lists(
    st.sampled_from(["uno", "dos", "treinta", "y", "veintiuno", "de", "Mayo", "el", "las", "11"]),
    max_size=6,
).map(" ".join)


def keys_in_the_database(text: str) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kallari_search_key(%s), kallari_sound_key(%s)", [text, text])
        return cursor.fetchone()


class TheDatabaseFollowsTheRules(TestCase):
    @settings(max_examples=400, deadline=None)
    @given(st.one_of(typed_text, latin_text, number_words))
    @example("Ǆordža ﬃ ＡＢＣ ẞ ŉ")
    @example("n\u0303ukanchi\u0301k")
    @example("11 de Noviembre, 31 & 22")
    @example("los los el")
    def test_both_sides_make_the_same_keys(self, text: str) -> None:
        assert keys_in_the_database(text) == (search_key(text), sound_key(text))


def test_both_sides_agree_on_every_character_there_is(db):
    characters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x, kallari_search_key('a' || x || 'b'), kallari_sound_key(x || 'o')"
            " FROM unnest(%s) x",
            [characters],
        )
        different = [
            hex(ord(x))
            for x, key, sound in cursor
            if (key, sound) != (search_key(f"a{x}b"), sound_key(f"{x}o"))
        ]
    assert different == []


def test_the_newest_migration_holds_the_rules_word_for_word():
    holding = [
        path
        for path in sorted(MIGRATIONS.glob("0*.py"))
        if "FUNCTION kallari_sound_key(name text)" in path.read_text()
    ]
    assert function_sql() in holding[-1].read_text()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Rumi Yacu", "Rumi Yaku"),
        ("rumi yaku", "Rumi Yaku"),
        ("RUMIYAKU", "Rumi Yaku"),
        ("Rumy Iaku", "Rumi Yaku"),
        ("Cam pococha", "Campo Cocha"),
        ("Kampo Kocha", "Campo Cocha"),
        ("EL MIRADOR", "Mirador"),
        ("Shinci Runa", "Shinchi Runa"),
        ("Isla Apaai", "Islas APAAI"),
        ("santa barbara", "Santa Bárbara"),
        ("Santa Várvara", "Santa Bárbara"),
        ("Hatun Yacu", "Jatun Yaku"),
        ("6 de marzo", "Seis de Marzo"),
        ("10 de Agosto", "Diez de Agosto"),
        ("Nukanchic Causay", "Ñukanchik Kawsay"),
        ("Mushuc Causai", "Mushuk Kawsay"),
        ("Sumac Samai", "Sumak Samay"),
        ("Zerena", "Serena"),
        ("Chandia", "Shandia"),
        ("La Serena", "Serena"),
        ("Colonia  Volivar", "Colonia Bolívar"),
        ("Ginea Chimbana", "Ginea Chimvana"),
        ("1º de Mayo", "Primero de Mayo"),
        ("31 de Mayo", "treinta y uno de mayo"),
        # Surnames of Napo and of Ecuador in their usual two spellings
        ("Shiguango", "Chiguango"),
        ("Huatatoca", "Guatatoca"),
        ("Quishpe", "Kishpe"),
        ("Cevallos", "Zeballos"),
        ("Jiménez", "Gimenes"),
        ("Hernández", "Ernandes"),
        ("Yumbo", "Llumbo"),
    ],
)
def test_two_spellings_sound_the_same(typed, name):
    assert sound_key(typed) == sound_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("11 de Noviembre", "1 de Noviembre"),
        ("Río Blanco", "Río Negro"),
        ("Bajo Talag", "Centro Talag"),
        ("Mushuk Kawsay", "Suyu Kawsay"),
        ("Guerra", "Jerra"),
        ("Puni", "Pano"),
    ],
)
def test_different_names_sound_different(one, other):
    assert sound_key(one) != sound_key(other)


@pytest.mark.parametrize("key", [search_key, sound_key])
def test_all_communities_of_the_book_stay_apart(key):
    names = [*COMMUNITIES, *NAMED_ELSEWHERE]
    assert len(names) == 23 + 5
    assert [(a, b) for a, b in combinations(names, 2) if key(a) == key(b)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  ÑUKANCHIK-Kawsay (Nº 2)", "nukanchik kawsay no 2"),
        ("n\u0303ukanchik", "nukanchik"),
        ("Straße, ﬁn", "strasse fin"),
        ("Владимир", "Владимир"),
        ("¿? … —", ""),
        ("\0", ""),
    ],
)
def test_words_are_plain_small_letters(text, expected):
    assert words(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([w for n in COMMUNITIES for w in n.split()]), min_size=1))
def test_each_searched_word_is_heard_in_the_whole_name(parts):
    name = " ".join(parts)
    assert all(sound in sound_key(name) for sound in search_words(name))
