"""What the home page says about the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kallari.home import Part, offer
from members.models import Community
from members.permissions.communities import may_see_communities

if TYPE_CHECKING:
    from kallari.accounts.models import User


def offer_parts() -> None:
    """Called once, when the app is ready."""
    offer(
        Part(
            30,
            "members/home_communities.html",
            communities,
            tile="members/home_communities_tile.html",
        )
    )


def communities(user: User) -> dict[str, Any] | None:
    """How many communities are open. One query."""
    if not may_see_communities(user):
        return None
    return {"open": Community.objects.visible_to(user).opened().count()}
