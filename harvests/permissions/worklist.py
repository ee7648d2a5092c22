"""What waits for the office: who reads it. Who decides stands with deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvests.permissions.deliveries import may_see_operations

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_worklist(user: User | AnonymousUser) -> bool:
    """See what waits for a decision: who decides, and who checks that it is decided."""
    return may_see_operations(user) and user.has_perm("harvests.view_deliveryalert")
