"""Where else a family has a page: what the page of a family leads to.

Accounts and deliveries are kept by apps above this one. They offer their links from
``AppConfig.ready()``, and the register never imports them::

    offer_family_links(lambda family, user: [...])   # see `Reader`
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kallari.accounts.models import User
    from members.models import Family


@dataclass(frozen=True)
class FamilyLink:
    """A page of another app about a family, which the reader may open.

    Args:
        icon: a file in templates/kallari/icons/.
    """

    label: StrOrPromise
    url: str
    icon: str


Reader = Callable[["Family", "User"], list[FamilyLink]]
"""From a family and who reads its page: what else there is for her. No query."""

_readers: list[Reader] = []


def offer_family_links(reader: Reader) -> None:
    """Show these links too; offering the same reader again changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def withdraw_family_links(reader: Reader) -> None:
    """Show them no more."""
    _readers.remove(reader)


def family_links(family: Family, user: User) -> list[FamilyLink]:
    """Return where the page of a family leads its reader."""
    return [link for reader in _readers for link in reader(family, user)]
