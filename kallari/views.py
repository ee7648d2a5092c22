"""Pages of the house itself: each role's home, and the sign of life."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.exceptions import APIException

from kallari.accounts.models import User
from kallari.api.problems import MEDIA_TYPE, fault, problem
from kallari.history.context import current_request_id
from kallari.home import is_plain_for, parts_for

ADMINISTRATORS_NAMED = 5
"""How many people of administration are named to somebody who has no role yet."""


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What each role comes for; whoever has no role is told whom to ask."""
    user = cast("User", request.user)
    context: dict[str, Any] = {
        "greeting": greeting(timezone.localtime()),
        "is_plain": is_plain_for(user),
        "parts": parts_for(user),
    }
    if not user.role_names and not user.is_superuser:
        administrators = User.objects.administrators().filter(is_superuser=False)
        context["askable"] = administrators.order_by("full_name")[:ADMINISTRATORS_NAMED]
    return render(request, "kallari/home.html", context)


def greeting(now: datetime) -> str:
    """Return how one greets at this hour of the day: morning from 5, afternoon from 12, evening
    from 19 o'clock."""
    if 5 <= now.hour < 12:
        return _("Buenos días")
    if 12 <= now.hour < 19:
        return _("Buenas tardes")
    return _("Buenas noches")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: neither the reader nor the address can be trusted, so the page needs neither."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if request.path.startswith("/api/"):
        words = _("La dirección o los datos que llegaron no se pueden leer. Nada cambió.")
        return _problem(APIException(words, code="unreadable"), 400)
    return _broken("400.html", 400)


def too_large(request: HttpRequest, most_bytes: int) -> HttpResponse:
    """413: the body is larger than may be sent at once."""
    megabytes = most_bytes // 1024**2
    if request.path.startswith("/api/"):
        words = _("Aquí caben %(megabytes)s MB de una vez. Envíelo por partes. Nada se guardó.")
        return _problem(APIException(words % {"megabytes": megabytes}, code="too_large"), 413)
    return _broken("413.html", 413, megabytes=megabytes)


def _problem(error: APIException, status: int) -> JsonResponse:
    return JsonResponse(problem(status, error), status=status, content_type=MEDIA_TYPE)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the answer needs neither database nor reader, and names the request."""
    if request.path.startswith("/api/"):
        return JsonResponse(fault(current_request_id()), status=500, content_type=MEDIA_TYPE)
    return _broken("500.html", 500)


def _broken(template: str, status: int, **more: object) -> HttpResponse:
    context = {"request_id": current_request_id(), **more}
    return HttpResponse(render_to_string(template, context), status=status)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the application and its database answer; anything else is an alarm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
