"""Who acts, in which request, and why: what every history row written meanwhile carries.

The web request sets it (`ChangeContextMiddleware`); commands, imports and services set or narrow
it with `acting`. It lives in a context variable, so threads and nested acts never mix.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from kallari.accounts.models import User


REASON_REQUIRED = _("Escriba el motivo del cambio: queda en la historia.")
"""What is said wherever a change comes without a reason."""


@dataclass(frozen=True)
class ChangeContext:
    """What is known about the change under way.

    `actor` is a function, because a request learns who is asking only when a view looks.
    """

    request_id: uuid.UUID | None = None
    actor: Callable[[], User | None] = lambda: None
    reason: str = ""


_NOTHING_KNOWN = ChangeContext()
_current: ContextVar[ChangeContext] = ContextVar("kallari_change", default=_NOTHING_KNOWN)


@contextmanager
def entering(change: ChangeContext) -> Iterator[ChangeContext]:
    """Make `change` the current context until the block ends."""
    token = _current.set(change)
    try:
        yield change
    finally:
        _current.reset(token)


@contextmanager
def acting(
    actor: User | None = None, *, reason: str = "", request_id: uuid.UUID | None = None
) -> Iterator[ChangeContext]:
    """Write history in the name of `actor`, for `reason`, until the block ends.

    What is not given is taken from the surrounding context; without one, a new request id is
    drawn, so that everything one command does stays together in the change list.
    """
    outer = _current.get()
    change = replace(
        outer,
        request_id=request_id or outer.request_id or uuid.uuid4(),
        reason=reason or outer.reason,
    )
    if actor is not None:
        change = replace(change, actor=lambda: actor)
    with entering(change):
        yield change


def current_request_id() -> uuid.UUID | None:
    """The id that groups all changes of one request or command; None outside of any."""
    return _current.get().request_id


def current_reason() -> str:
    """The reason given for the change under way; empty when nobody gave one."""
    return _current.get().reason


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it; signs that say nothing are none.

    Raises:
        ValidationError: code ``reason_required``, when there is none.
    """
    if not any(character.isalnum() for character in reason):
        raise ValidationError(REASON_REQUIRED, code="reason_required")
    return reason.strip()


def current_actor() -> User | None:
    """The signed-in account that acts, or None (commands, anonymous visitors)."""
    return _current.get().actor()


def current_actor_name() -> str:
    """The actor's name as text: it stays readable whatever becomes of the account."""
    actor = current_actor()
    return actor.get_full_name() or actor.get_username() if actor else ""


def current_actor_role() -> str:
    """The actor's roles as text, as they were at the moment of the change."""
    actor = current_actor()
    return actor.role_labels if actor else ""
