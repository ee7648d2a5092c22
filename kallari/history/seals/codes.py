"""The short code of a seal: what a person writes into the minutes and types in again.

``42-7XKQ-M3ND-A0B1-C2D3-9F0G-7T2W-K`` is the number of the seal, the first 120 bits of its digest
in Crockford's base 32 (without I, L, O, U; the first three are read as 1, 1, 0), and one check
character. The alphabet: https://www.crockford.com/base32.html

120 bits, because 80 would let whoever prepares two histories *before* sealing find a pair with
one code in about 2⁴⁰ attempts, which a single graphics card makes in hours; here it takes 2⁶⁰.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGEST_CHARACTERS = 24
_READ_AS = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class PaperCode:
    """A code as read from paper."""

    number: int
    prefix: str

    def fits(self, digest: str) -> bool:
        """Whether the code was made from the digest (hexadecimal)."""
        return _prefix_of(digest) == self.prefix


def paper_code(number: int, digest: str) -> str:
    """Return the code of seal `number` with `digest` (64 hexadecimal digits)."""
    prefix = _prefix_of(digest)
    groups = [prefix[start : start + 4] for start in range(0, DIGEST_CHARACTERS, 4)]
    return "-".join([str(number), *groups, _check_character(f"{number}{prefix}")])


def read_paper_code(text: str) -> PaperCode:
    """Read a code in any spelling: small letters, with or without hyphens and spaces.

    Raises:
        ValidationError: code ``seal_code_invalid``, when it was not copied right: every single
            wrong character and every two exchanged ones are noticed.
    """
    plain = re.sub(r"[\s\-–—]", "", text).upper().translate(_READ_AS)
    number, prefix, check = (
        plain[: -DIGEST_CHARACTERS - 1],
        plain[-DIGEST_CHARACTERS - 1 : -1],
        plain[-1:],
    )
    if not re.fullmatch(r"[1-9][0-9]{0,5}", number) or not set(prefix + check) <= set(ALPHABET):
        raise ValidationError(
            _("Eso no es un código de sello: tiene el número y seis grupos de cuatro signos."),
            code="seal_code_invalid",
        )
    if _check_character(number + prefix) != check:
        raise ValidationError(
            _("El código está mal copiado: el último signo no concuerda. Revíselo."),
            code="seal_code_invalid",
        )
    return PaperCode(int(number), prefix)


def _prefix_of(digest: str) -> str:
    bits = int(digest[: DIGEST_CHARACTERS * 5 // 4], 16)
    return "".join(
        ALPHABET[bits >> (5 * place) & 31] for place in reversed(range(DIGEST_CHARACTERS))
    )


def _check_character(characters: str) -> str:
    """The remainder of a polynomial over GF(32), x⁵ + x² + 1, at its primitive element.

    Each place weighs another power of that element (its order is 31, and a code with a number of
    up to six digits has 31 places), so one wrong character and two exchanged
    ones never go unnoticed.
    """
    remainder = 0
    for character in characters:
        remainder = _times_x(remainder ^ ALPHABET.index(character))
    return ALPHABET[remainder]


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value
