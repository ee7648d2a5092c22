"""What a partner's card says to a machine.

A code is sixteen random signs and one that checks them, all of `ALPHABET`: 80 bits that nobody
guesses, without the letters that people take for numbers. On the card stands a QR with the text

    KALLARI/S/7K3M9QXRT2WV5BCDZ

in capitals and numbers alone, so that the QR stays small (alphanumeric mode, version 2, error
correction Q) and can be read scratched and in the rain. Beneath it the same code is printed in
groups for typing. The sign at the end is the check character of ISO/IEC 7064, hybrid system
MOD 33,32 (as MOD 37,36, with the 32 signs of the alphabet); a telephone without a network computes
it in a few lines::

    p = 32
    for each sign before the last:   p = ((p + place of the sign) mod 32, or 32 for 0) * 2 mod 33
    the code is whole when           (p + place of the last sign) mod 32 = 1

A whole code is only well read. Whether its card is in force says
`members.services.cards.partner_by_card`; offline, the list that a telephone carries along.
"""

from __future__ import annotations

import re
import secrets

import segno
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
PREFIX = "KALLARI/S/"
RANDOM_SIGNS = 16
LENGTH = RANDOM_SIGNS + 1

_MISTAKEN = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE = re.compile(rf"^[{ALPHABET}]{{{LENGTH}}}$")


def new_code() -> str:
    """Return a code that nobody can guess, with its check character."""
    signs = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM_SIGNS))
    return signs + check_sign(signs)


def check_sign(signs: str) -> str:
    """Return the check character of ISO/IEC 7064 MOD 33,32."""
    return str(mod_37_36.calc_check_digit(signs, ALPHABET))


def read_code(text: str) -> str:
    """Return the code in what was scanned or typed: with the QR's prefix or without, in groups,
    in small letters, with I or L for 1 and O for 0.

    Raises:
        ValidationError: ``card_misread``: it is no code, or a sign is wrong.
    """
    plain = "".join(text.split()).upper().removeprefix(PREFIX).replace("-", "").translate(_MISTAKEN)
    if not _CODE.match(plain) or check_sign(plain[:-1]) != plain[-1]:
        raise ValidationError(
            _("Ese código no está completo o tiene un signo equivocado. Léalo otra vez."),
            code="card_misread",
        )
    return plain


def qr_text(code: str) -> str:
    """Return what the QR of a card says."""
    return PREFIX + code


def in_groups(code: str) -> str:
    """Return a code as people read it aloud: 7K3M 9QXR T2WV 5BCD Z.

    >>> in_groups("7K3M9QXRT2WV5BCDZ")
    '7K3M 9QXR T2WV 5BCD Z'
    """
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def qr_svg(code: str) -> str:
    """Return the QR of a card as inline SVG, four modules of white around it."""
    qr = segno.make(qr_text(code), error="q", boost_error=False, micro=False, mode="alphanumeric")
    return qr.svg_inline(border=4, omitsize=True, svgclass="card-qr", lineclass=None, dark="#000")
