"""The home page is made of parts, one for each thing that people come for.

An app offers its parts from ``AppConfig.ready()``; the house never imports an app to show it.
A part says nothing to those it is not for, reads what it shows in a bounded number of queries,
and leads to a page that exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kallari import roles

if TYPE_CHECKING:
    from kallari.accounts.models import User

PLAIN_ROLES = frozenset({roles.Role.DELEGATE, roles.Role.EXTENSION_AGENT})
"""Whoever holds no other role is shown a plainer page: few things, large."""


@dataclass(frozen=True)
class Part:
    """One card of the home page.

    `facts` returns what `template` shows to an account, or None when the part is not for it.
    `place` orders the parts: work first (below 50), then what watches over it, one's own account
    (90), and last the lists that take the whole width. `tile` is the template for the plain page;
    without one, the part is left out there.
    """

    place: int
    template: str
    facts: Callable[[User], dict[str, Any] | None]
    tile: str = ""


_parts: list[Part] = []


def offer(part: Part) -> None:
    """Add a part to the home page; offering the same part again changes nothing."""
    if part not in _parts:
        _parts.append(part)
        _parts.sort(key=lambda offered: offered.place)


@dataclass(frozen=True)
class Shown:
    """A part as one reader sees it."""

    template: str
    facts: dict[str, Any]


def is_plain_for(user: User) -> bool:
    """Whether the account's home is the plain one."""
    return bool(user.role_names) and not user.is_superuser and user.role_names <= PLAIN_ROLES


def parts_for(user: User) -> list[Shown]:
    """Return what the home page shows to an account, in order."""
    plain = is_plain_for(user)
    shown = []
    for part in _parts:
        template = part.tile if plain else part.template
        if template and (facts := part.facts(user)) is not None:
            shown.append(Shown(template, facts))
    return shown
