"""What two spellings of one name have in common, in Python and, to the letter, in SQL.

Two keys are made of a name:

``search_key``  the letters and figures alone, without accents, case, spaces or punctuation. Two
                names with the same key are the same name: "ÑUKANCHIK  KAWSAY" = "Nukanchik Kawsay".
``sound_key``   what an ear in Napo hears, whatever the pen made of it. Two names with the same
                sound are probably the same: "Rumi Yacu" = "Rumi Yaku", "EL MIRADOR" = "Mirador",
                "10 de Agosto" = "Diez de Agosto". It finds and suggests; it decides only where
                nothing else has the same sound.

The keys live in generated columns, so the database computes them too, without an extension and
whatever its locale and Unicode version. Every rule below is therefore a `Step` that exists in both
languages; it names its characters one by one and relies on no table of letters but the one built
here, from blocks of Unicode that are complete and will not change. The migrations freeze the SQL;
a test compares both sides over everything that can be typed, and another fails when the rules and
the newest migration part ways.

The sound rules follow the Spanish of Ecuador (seseo, yeísmo, silent h, b = v) and the two
spellings of Kichwa in use, the unified one (y, k, w, h) and the Spanish one (i, c/qu, hu/gu, j).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Step:
    """One rule: the same text for the same text, in Python and as an SQL expression."""

    python: Callable[[str], str]
    sql: Callable[[str], str]


def _quoted(text: str) -> str:
    """An SQL literal. Escapes, so that no invisible character stands in a migration."""
    body = "".join(
        character
        if " " <= character <= "~" and character not in "'\\"
        else ("''" if character == "'" else f"\\{ord(character):04x}")
        if ord(character) < 0x10000
        else f"\\+{ord(character):06x}"
        for character in text
    )
    return f"U&'{body}'" if "\\" in body else f"'{body}'"


def _letters(table: dict[str, str]) -> Step:
    """Each character becomes another one, or nothing."""
    mapped = sorted(key for key, value in table.items() if value)
    removed = sorted(key for key, value in table.items() if not value)
    source = _quoted("".join(mapped + removed))
    target = _quoted("".join(table[key] for key in mapped))
    translation = str.maketrans(table)
    return Step(
        lambda text: text.translate(translation),
        lambda expression: f"translate({expression}, {source}, {target})",
    )


def _replace(old: str, new: str) -> Step:
    return Step(
        lambda text: text.replace(old, new),
        lambda expression: f"replace({expression}, {_quoted(old)}, {_quoted(new)})",
    )


def _pattern(pattern: str, replacement: str) -> Step:
    r"""A pattern both engines read alike: literal characters, ranges, \uXXXX, lookahead."""
    compiled = re.compile(pattern)
    literal = f"'{pattern}'"
    return Step(
        lambda text: compiled.sub(replacement, text),
        lambda expression: f"regexp_replace({expression}, {literal}, '{replacement}', 'g')",
    )


# --- Letters ------------------------------------------------------------------------------------

_LATIN = [
    *range(0x41, 0x5B),  # A to Z
    *range(0xAA, 0x250),  # Latin-1, Latin Extended-A and -B
    *range(0x1E00, 0x1F00),  # Latin Extended Additional
    *range(0xFB00, 0xFB07),  # ligatures that a copied PDF contains
    *range(0xFF10, 0xFF5B),  # full-width letters and figures
]
_WITHOUT_DECOMPOSITION = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l",
    "ŋ": "n", "þ": "th", "ŧ": "t", "ƒ": "f", "ĸ": "k", "ɨ": "i",
}  # fmt: skip


def _plain(character: str) -> str | None:
    """The ASCII letters a Latin letter stands for, in small; None for what is no such letter."""
    found = ""
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).lower()):
        if unicodedata.combining(part):
            continue
        plain = part if part.isascii() and part.isalnum() else _WITHOUT_DECOMPOSITION.get(part)
        if plain is None:
            return None
        found += plain
    return found or None


_PLAIN = {
    chr(code): plain
    for code in _LATIN
    if (plain := _plain(chr(code))) is not None and plain != chr(code)
}

_ONE_LETTER = _letters({key: value for key, value in _PLAIN.items() if len(value) == 1})
_SEVERAL_LETTERS = [_replace(key, value) for key, value in _PLAIN.items() if len(value) > 1]
_ACCENTS_APART = _pattern(
    r"[\u00AD\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200D\u2060\u20D0-\u20FF"
    r"\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]+",
    "",
)
"""Accents that come as characters of their own, and what nobody can see."""

_NO_LETTERS = _pattern(
    r"[\u0001-\u002F\u003A-\u0060\u007B-\u00A9\u00AB-\u00B9\u00BB-\u00BF\u00D7\u00F7\u02B0-\u02FF"
    r"\u2000-\u2BFF\u2E00-\u2E7F\u3000-\u303F\uE000-\uF8FF\uFE10-\uFE6F\uFF00-\uFF0F\uFF1A-\uFF20"
    r"\uFF3B-\uFF40\uFF5B-\uFF65\uFFE0-\uFFFF\U0001F000-\U0001FAFF]+",
    " ",
)
"""Spaces, punctuation, symbols. Letters of other scripts stay as they are."""

_TRIMMED = Step(lambda text: text.strip(" "), lambda expression: f"btrim({expression}, ' ')")
_WITHOUT_SPACES = _replace(" ", "")

WORDS = [_ONE_LETTER, *_SEVERAL_LETTERS, _ACCENTS_APART, _NO_LETTERS, _TRIMMED]
"""Words in plain small letters with one space between them."""

# --- Sounds -------------------------------------------------------------------------------------

_UNITS = ["", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
_NUMBERS = {
    "primero": 1, "primer": 1, "1o": 1, "1ro": 1, "1ero": 1, "1er": 1,
    **{word: value for value, word in enumerate(_UNITS) if word},
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
    **{f"dieci{_UNITS[value]}": 10 + value for value in range(6, 10)},
    "veinte": 20,
    **{f"veinti{_UNITS[value]}": 20 + value for value in range(1, 10)},
    "treinta": 30,
}  # fmt: skip
"""Days of a month: villages are named after dates."""

_SPACED = Step(
    lambda text: " " + text.replace(" ", "  ") + " ",
    lambda expression: f"' ' || replace({expression}, ' ', '  ') || ' '",
)
"""Each word with a space of its own on both sides, so that replacing one leaves its neighbours'."""

SOUNDS = [
    _SPACED,
    _replace(" treinta  y  uno ", " 31 "),
    *(_replace(f" {word} ", f" {value} ") for word, value in _NUMBERS.items()),
    _pattern(r"^ (el|la|los|las) (?= .)", ""),  # EL MIRADOR = Mirador
    _replace("ph", "f"),
    _replace("ll", "y"),
    _pattern(r"(ch|sh|c(?=[ei])|z)", "s"),  # seseo; Shinci = Shinchi, Shiguango = Chiguango
    _pattern(r"([a-z][a-z][aeiou])s(?= )", r"\1"),  # Islas = Isla, Hernandez = Hernande
    _pattern(r"(qu(?=[ei])|[cq])", "k"),
    _replace(" x", " j"),  # Xavier = Javier
    _replace("x", "ks"),
    _pattern(r"gu(?=[ei])", "G"),  # Miguel, Guerra: a hard g
    _pattern(r"g(?=u[ao])", ""),  # Guaman = Huaman = Waman
    _pattern(r"g(?=[ei])", "j"),  # Gimenez = Jimenez
    _letters({"w": "u", "y": "i", "v": "b", "h": "", "j": "", "G": "g", " ": ""}),
    _pattern(r"([^0-9])\1+", r"\1"),  # Apaai = Apai; but 11 is not 1
]
"""From words to their sound. Order matters: each rule sees what the ones before it left."""


def _apply(steps: list[Step], text: str) -> str:
    for step in steps:
        text = step.python(text)
    return text


def _nest(steps: list[Step], expression: str) -> str:
    for step in steps:
        expression = step.sql(expression)
    return expression


def words(text: str) -> str:
    """Return the words in plain small letters, one space between them.

    A null character, which PostgreSQL cannot hold, counts as a space.

    >>> words("  ÑUKANCHIK-Kawsay (Nº 2)")
    'nukanchik kawsay no 2'
    """
    return _apply(WORDS, text.replace("\0", " "))


def search_key(text: str) -> str:
    """Return the letters and figures alone: equal for the same name, however typed.

    Empty when the text has neither.

    >>> search_key("Santa  BÁRBARA") == search_key("santabarbara")
    True
    """
    return words(text).replace(" ", "")


def sound_key(text: str) -> str:
    """Return how a name sounds: equal for spellings that are probably one name.

    May be empty for a text of silent letters alone ("h").

    >>> sound_key("Jatun Yacu") == sound_key("Hatun Yaku")
    True
    """
    return _apply(SOUNDS, words(text))


def search_words(text: str) -> list[str]:
    """Return the sounds of the single words of a search, without a leading article.

    Each is contained in the sound of every name that holds the word, in any order.
    """
    parts = words(text).split(" ")
    if len(parts) > 1 and parts[0] in {"el", "la", "los", "las"}:
        parts = parts[1:]
    return [sound for part in parts if (sound := sound_key(part))]


SEARCH_KEY_FUNCTION = "kallari_search_key"
SOUND_KEY_FUNCTION = "kallari_sound_key"


def function_sql() -> str:
    """The SQL that defines both functions; what the newest migration holds, word for word."""
    search = _nest([*WORDS, _WITHOUT_SPACES], "name")
    sound = _nest(SOUNDS, _nest(WORDS, "name"))
    return "".join(
        f"CREATE OR REPLACE FUNCTION {function}(name text) RETURNS text\n"
        f"LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE\nRETURN {body};\n"
        for function, body in ((SEARCH_KEY_FUNCTION, search), (SOUND_KEY_FUNCTION, sound))
    )
