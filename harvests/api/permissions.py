"""Who may hand deliveries in through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from rest_framework.permissions import SAFE_METHODS, BasePermission

from harvests.permissions.deliveries import may_receive, may_see_deliveries

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Receives(BasePermission):
    """For whoever weighs; 404 for everybody else who is signed in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let in who weighs; Http404 for others."""
        if not request.user.is_authenticated:
            return False
        if not may_receive(request.user):
            raise Http404
        return True


class ReadsAndReceives(BasePermission):
    """Everybody who may see deliveries reads them, who weighs hands them in; 404 for others. Who
    may correct a delivery is asked of that delivery."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let in who reads, and to write who weighs; Http404 for others."""
        if not request.user.is_authenticated:
            return False
        if not may_see_deliveries(request.user):
            raise Http404
        return request.method in SAFE_METHODS or may_receive(request.user)
