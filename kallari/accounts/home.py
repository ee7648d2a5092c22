"""What the home page says about accounts: one's own, and everybody's to who oversees them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from kallari.accounts.models import RoleAssignment, User
from kallari.home import Part, offer


def offer_parts() -> None:
    """Called once, when the app is ready."""
    offer(Part(40, "accounts/home_all.html", all_accounts))
    offer(Part(90, "accounts/home_own.html", own_account, tile="accounts/home_own_tile.html"))


def all_accounts(user: User) -> dict[str, Any] | None:
    """How many accounts can sign in, and how many of them have no role yet. One query.

    For whoever may read all accounts and opens the admin, where the list is.
    """
    if not (user.is_staff and user.has_perm("accounts.view_user")):
        return None
    has_role = Exists(RoleAssignment.objects.filter(user=OuterRef("pk")))
    counts: dict[str, Any] = (
        User.objects.visible_to(user)
        .filter(is_active=True)
        .aggregate(
            open=Count("pk"),
            without_role=Count("pk", filter=~has_role & Q(is_superuser=False)),
        )
    )
    return counts | {"may_change": user.has_perm("accounts.change_user")}


def own_account(_user: User) -> dict[str, Any]:
    """Whether the second factor is set; the account itself says it."""
    return {}
