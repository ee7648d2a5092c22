"""Whom a wrong password counts against, and what the person then reads.

django-axes counts; these functions tell it by what name and address, so that nothing personal is
stored or logged: people type passwords and cédulas into the wrong box.
"""

from __future__ import annotations

import ipaddress
import math
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext
from rest_framework.exceptions import APIException

from kallari.accounts.models import User
from kallari.api.problems import MEDIA_TYPE, problem

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - no binding: what is counted when there is no address


def client_address(request: HttpRequest) -> str:
    """Return the address a request comes from, as IPv4 or IPv6 text.

    The peer of the connection; behind `settings.PROXIES` proxies the entry that the outermost of
    them appended to X-Forwarded-For, counted from the right. What the client itself wrote there
    stands further left and is never read.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    entries = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXIES <= len(entries):
        peer = entries[-settings.PROXIES]
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return UNKNOWN_ADDRESS
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def counted_address(request: HttpRequest) -> str:
    """Return the address that failures are counted by.

    Of an IPv6 address the network of 64 bits, because one subscriber owns all addresses in it.
    """
    address = ipaddress.ip_address(client_address(request))
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def counted_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return the name that failures are counted by.

    The account's username however it was typed (a cédula, another case); for what is no account
    a keyed digest, from which nobody reads back what was typed.
    """
    typed = str((credentials or {}).get("username") or "")
    known: dict[str, str] = request.__dict__.setdefault("kallari_counted", {}) if request else {}
    if typed not in known:
        account = User.objects.found_by(typed).first()
        known[typed] = account.username if account else _digest(typed)
    return known[typed]


def logged_client(username: str | None, *_anything: Any) -> str:
    """Return what the log calls the one who failed: the same digest for the same account."""
    return _digest(username or "")


def _digest(text: str) -> str:
    mark = salted_hmac("kallari.accounts.lockout", text, algorithm="sha256").hexdigest()
    return f"?{mark[:32]}"


def minutes_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return for how many whole minutes, rounded up, the account is still locked here."""
    newest = (
        AccessAttempt.objects.filter(
            username=counted_name(request, credentials), ip_address=counted_address(request)
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    cool_off = get_cool_off(request)
    left = (newest or timezone.now()) + cool_off - timezone.now()
    return max(1, math.ceil(left.total_seconds() / 60))


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer 429 in words that say how long to wait: as a page, or as a problem to programs."""
    minutes = minutes_left(request, credentials)
    words = ngettext(
        "Hubo demasiados intentos con una contraseña equivocada. "
        "Espere %(minutes)d minuto y vuelva a intentar.",
        "Hubo demasiados intentos con una contraseña equivocada. "
        "Espere %(minutes)d minutos y vuelva a intentar.",
        minutes,
    ) % {"minutes": minutes}
    answer: HttpResponse
    if request.accepts("text/html") and not request.path.startswith("/api/"):
        context = {"minutes": minutes, "explanation": words}
        answer = render(request, "accounts/locked.html", context, status=429)
    else:
        body = problem(429, APIException(words, code="locked_out"))
        answer = JsonResponse(body, status=429, content_type=MEDIA_TYPE)
    answer["Retry-After"] = str(minutes * 60)
    return answer
