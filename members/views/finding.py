"""Lists whose search box takes a cédula too.

What stands in an address is kept by the browser, by the server's log, and by whoever is sent the
address; so the box is sent by POST. A name, a number of a family and the filters then go into the
address, as everywhere; a cédula is answered at once, and never stands in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import urlencode

from kallari.cedula import digits_of

if TYPE_CHECKING:
    from django.forms import BaseForm

LONGEST_NUMBER = 5
"""Digits of a family's or a partner's number; whatever has more may be an identity number."""

MOST_FOUND = 50
"""How many are shown of those whose cédula begins with what was typed."""


def is_identity_number(text: str) -> bool:
    """Whether what was typed may be a cédula, or its beginning."""
    digits = digits_of(text.strip())
    return len(digits) > LONGEST_NUMBER and digits.isascii() and digits.isdigit()


def address_of(form: BaseForm, list_url: str, *, without: tuple[str, ...] = ()) -> str:
    """The list's address with the filters that were filled in, as they were written."""
    told = [
        (name, form.data.get(form.add_prefix(name), "").strip())
        for name in form.fields
        if name not in without
    ]
    query = urlencode([(name, value) for name, value in told if value])
    return f"{list_url}?{query}" if query else list_url
