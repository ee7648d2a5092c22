"""The numbers that stand on paper, as a person types them into a search."""

from __future__ import annotations

LONGEST_NUMBER = 9
"""Figures that an integer column holds whatever they are; longer ones are no number of ours."""


def paper_number(text: str, *, prefix: str) -> int | None:
    """Return the number that `text` is, whole as on paper or its figures alone.

    None when it is something else: a name, nothing, or more figures than any number has.

    >>> paper_number(" ch-0042 ", prefix="CH"), paper_number("42", prefix="CH")
    (42, 42)
    """
    digits = text.strip().upper().removeprefix(prefix).lstrip("- ")
    if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER:
        return int(digits)
    return None
