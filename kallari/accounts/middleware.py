"""What a signed-in account owes before anything else, and when its session was last used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from kallari.accounts.lockout import client_address
from kallari.api.problems import MEDIA_TYPE, problem

SEEN_EVERY = timedelta(minutes=1)

OWN_ACCOUNT = ("account_", "mfa_", "usersessions_")
"""How the names of the own account's pages begin (kallari/accounts/urls.py)."""

FOR_EVERYBODY = frozenset({"healthz", "set_language", "admin:logout", "admin:jsi18n"})
"""Names of what works for every visitor, signed in or not, whatever the account still owes."""

PASSWORD_PAGES = frozenset({"account_change_password", "account_login", "account_logout"})


class SessionActivityMiddleware:
    """Notes when and from where a session was last used, at most once a minute; and keeps the
    pages of who is signed in, and the API's answers, out of the browser's cache, for the next one
    at the same computer.

    In place of allauth's own middleware, which reads and writes four times in every request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            now = timezone.now()
            UserSession.objects.filter(
                session_key=request.session.session_key, last_seen_at__lt=now - SEEN_EVERY
            ).update(last_seen_at=now, ip=client_address(request))
        response = self.get_response(request)
        page = response.get("Content-Type", "").startswith("text/html")
        if request.path.startswith("/api/") or (request.session.session_key and page):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class AccountDutiesMiddleware:
    """Leads a signed-in account to what it owes: first a password of its own, in place of one
    that somebody else knows; then a second factor, where its roles ask for one.

    Until then its own account's pages work, signing out, and what is there for every visitor.
    Pages lead on with an explanation; the API answers 403 with a code. Tokens are held to the
    same by `kallari.accounts.authentication`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        user = request.user
        if name in FOR_EVERYBODY or not user.is_authenticated:
            return None
        if user.must_change_password and name not in PASSWORD_PAGES:
            return _lead(
                request,
                "account_change_password",
                code="password_change_required",
                words=_("Elija su propia contraseña para continuar: la actual es provisional."),
            )
        if user.lacks_second_factor and not name.startswith(OWN_ACCOUNT):
            return _lead(
                request,
                "mfa_index",
                code="second_factor_required",
                words=_(
                    "Por su rol, esta cuenta necesita un segundo factor, además de la "
                    "contraseña. Póngalo aquí para continuar."
                ),
            )
        return None


def _lead(request: HttpRequest, to: str, *, code: str, words: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = problem(403, PermissionDenied(words, code=code))
        return JsonResponse(body, status=403, content_type=MEDIA_TYPE)
    messages.warning(request, words)
    address = reverse(to)
    if request.method == "GET":
        address += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(address)
