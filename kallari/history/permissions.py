"""Who reads the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from rest_framework.permissions import BasePermission

from kallari.roles import READS_HISTORY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from kallari.accounts.models import User


def reads_history(user: User | AnonymousUser) -> bool:
    """Whether the account may see every change, by whom and why.

    The roles of `kallari.roles.READS_HISTORY`, and whoever installs; for all others the history
    is as if it did not exist.
    """
    if not user.is_authenticated:
        return False
    return user.is_superuser or user.has_role(*READS_HISTORY)


class HistoryReaders(BasePermission):
    """Those who read the history; for everybody else signed in there is none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let in who reads the history, refuse visitors; 404 for everybody else."""
        if not request.user.is_authenticated:
            return False
        if not reads_history(request.user):
            raise Http404
        return True
