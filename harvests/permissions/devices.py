"""Telephones that send deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_devices(user: User | AnonymousUser) -> bool:
    """See which telephones send deliveries, and what of them is still on its way."""
    return user.has_perm("harvests.view_device")


def may_change_devices(user: User | AnonymousUser) -> bool:
    """Name, revoke and restore telephones: the office."""
    return user.has_perm("harvests.change_device")
