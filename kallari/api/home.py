"""What the home page says about the API: where its documentation is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kallari.home import Part, offer
from kallari.roles import Role

if TYPE_CHECKING:
    from kallari.accounts.models import User


def offer_parts() -> None:
    """Called once, when the house is ready."""
    offer(Part(80, "kallari/home_api.html", documentation))


def documentation(user: User) -> dict[str, Any] | None:
    """For those who let programs in, or read by program: who installs, administration, auditors."""
    is_for = user.is_superuser or user.has_role(Role.ADMINISTRATION, Role.AUDITOR)
    return {} if is_for else None
