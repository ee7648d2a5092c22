"""The codes that open families' statements.

A code is twenty random signs of Crockford's base 32: 100 bits. It stands on paper alone; the
database keeps its SHA-256, which suffices for something that nobody can guess.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from members.cards import ALPHABET, in_groups

LENGTH = 20

__all__ = ["LENGTH", "digest_of", "in_groups", "is_code", "new_code"]

_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)


def new_code() -> str:
    """Return a code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def is_code(text: str) -> bool:
    """Whether a text has the form of a code."""
    return _CODE.fullmatch(text) is not None


def digest_of(code: str) -> str:
    """Return what the database keeps of a code."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()
