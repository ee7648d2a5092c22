"""What people type, as it is kept: composed letters, single spaces, and nothing that is not seen.

A sign that nobody sees makes two names out of one, turns a line around or hides a word in a note.
It is refused, never taken away silently: whoever copied it from a PDF or a message should look at
what they sent. Letters of every alphabet are welcome.

    name = NameField(_("nombres"), max_length=80)      # one line, with at least one letter
    place = LineField(_("lugar"), max_length=80)       # one line
    note = NoteField(_("nota"), max_length=2000)       # several lines

The fields clean in `full_clean()`, so that forms, the API, imports and services all get the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

UNSEEN_MESSAGE = _(
    "Contiene un signo que no se ve o no es texto (%(sign)s), después de «%(before)s». "
    "Bórrelo y escriba esa parte otra vez."
)
UNSEEN_FIRST_MESSAGE = _(
    "Comienza con un signo que no se ve o no es texto (%(sign)s). Bórrelo y escríbalo otra vez."
)
NO_LETTERS_MESSAGE = _("Escriba un nombre con letras.")

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Control, format (bidirectional and zero-width among them), private use, halves of characters."""

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff9-\uffff"
    "\U000e0000-\U000e0fff]"
)
"""What Unicode counts among letters, marks and symbols, or leaves open, and no font shows."""

_JOINS_EMOJI = frozenset("\u200d\ufe0e\ufe0f")
"""Choose and join the pictures that a telephone's keyboard makes; only after such a picture."""

_SHOWN_BEFORE = 20
"""How many letters before an unseen sign are named, for whoever has to find it."""


def clean_line(text: str) -> str:
    """Return one line of text as it is kept: composed (NFC), trimmed, single spaces.

    Raises:
        ValidationError: ``unseen_sign`` (see `validate_line`).

    >>> clean_line("  Rosa\\t Grefa ")
    'Rosa Grefa'
    """
    text = tidy_line(text)
    validate_line(text)
    return text


def clean_text(text: str) -> str:
    """Return several lines of text as they are kept: composed (NFC), line ends as ``\\n``, no
    spaces at their ends, nothing empty before and after.

    Raises:
        ValidationError: ``unseen_sign`` (see `validate_text`).
    """
    text = tidy_text(text)
    validate_text(text)
    return text


def tidy_line(text: str) -> str:
    """`clean_line` that refuses nothing."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_text(text: str) -> str:
    """`clean_text` that refuses nothing."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in composed.split("\n")).strip()


def validate_line(text: str) -> None:
    """Refuse what nobody sees; white space of any kind is well, `clean_line` makes it one space.

    Raises:
        ValidationError: ``unseen_sign``, with the sign's number and what stands before it.
    """
    _refuse_unseen(text)


def validate_text(text: str) -> None:
    """`validate_line` for notes of several lines, in which emoji may be joined.

    Raises:
        ValidationError: ``unseen_sign``.
    """
    _refuse_unseen(text, emoji=True)


def validate_name(text: str) -> None:
    """`validate_line`, and there is a letter, of whatever alphabet.

    Raises:
        ValidationError: ``unseen_sign``, ``no_letters``.
    """
    _refuse_unseen(text)
    if not any(letter.isalpha() for letter in text):
        raise ValidationError(NO_LETTERS_MESSAGE, code="no_letters")


def is_unseen(sign: str) -> bool:
    """Whether nobody sees this one character; white space, which parts words, is no such sign."""
    unseen = unicodedata.category(sign) in _UNSEEN_CATEGORIES or _UNSEEN.match(sign)
    return bool(unseen) and not sign.isspace()


def _refuse_unseen(text: str, *, emoji: bool = False) -> None:
    if text.isascii() and text.isprintable():
        return
    for place, sign in enumerate(text):
        if not is_unseen(sign) or (
            emoji and sign in _JOINS_EMOJI and _follows_a_picture(text, place)
        ):
            continue
        before = tidy_line(text[:place])[-_SHOWN_BEFORE:]
        raise ValidationError(
            UNSEEN_MESSAGE if before else UNSEEN_FIRST_MESSAGE,
            code="unseen_sign",
            params={"sign": f"U+{ord(sign):04X}", "before": before},
        )


def _follows_a_picture(text: str, place: int) -> bool:
    """Whether a symbol stands before `place`, with at most one choice of its looks between."""
    before = text[:place].removesuffix("\ufe0f")[-1:]
    return bool(before) and unicodedata.category(before) in {"So", "Sk"}


class LineField(models.CharField):
    """One line of text, kept as `clean_line` returns it."""

    default_validators = [validate_line]  # noqa: RUF012 - as Django declares it

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Tidy, then check as every field does."""
        return super().clean(tidy_line(value) if isinstance(value, str) else value, model_instance)


class NameField(LineField):
    """A name on one line: of a person, a family, a place."""

    default_validators = [validate_name]  # noqa: RUF012 - as Django declares it


class NoteField(models.TextField):
    """Several lines of text, kept as `clean_text` returns them."""

    default_validators = [validate_text]  # noqa: RUF012 - as Django declares it

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Tidy, then check as every field does."""
        return super().clean(tidy_text(value) if isinstance(value, str) else value, model_instance)
