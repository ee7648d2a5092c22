"""Whose people an account may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from kallari.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User

BOUND_TO_COMMUNITIES = frozenset({Role.EXTENSION_AGENT, Role.DELEGATE})
"""Roles that see the communities assigned to them alone."""


def sees_every_community(user: User | AnonymousUser) -> bool:
    """Whether the account holds a role that is not bound to communities."""
    if user.is_anonymous:
        return False
    return bool(user.is_superuser or user.role_names - BOUND_TO_COMMUNITIES)


def within_reach(user: User | AnonymousUser, path: str) -> models.Q:
    """The condition that a row belongs to a community which the account sees.

    Args:
        path: the way from the row to its community: ``"family__community"``.
    """
    from members.models import CommunityAssignment

    if sees_every_community(user):
        return models.Q()
    assigned: models.QuerySet[Any] = CommunityAssignment.objects.filter(user=user.pk)
    return models.Q(**{f"{path}__in": assigned.values("community")})
