"""Who may open a page: visitors are led to the sign-in, for others it may not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from kallari.sent_once import sent_once

if TYPE_CHECKING:
    from kallari.accounts.models import User

    View = Callable[..., HttpResponseBase]


def form_page(view: View) -> View:
    """A page with a form: shown, and sent to the same address; sent twice, it acts once."""
    return require_http_methods(["GET", "HEAD", "POST"])(sent_once(view))


def actor_of(request: HttpRequest) -> User:
    """Who acts; the door has let them in."""
    return cast("User", request.user)


def only(may: Callable[[User], bool]) -> Callable[[View], View]:
    """Let in whom `may` says yes to. Visitors are led to the sign-in; for everybody else there is
    no such page, whatever they ask of it. Nothing of it is kept by the browser, unless the view
    says itself what may be kept (`kallari.files.responses`)."""

    def door(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user):  # type: ignore[arg-type]  # login_required stands before
                raise Http404
            return view(request, *args, **kwargs)

        asked = login_required(checked)

        @wraps(view)
        def not_kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = asked(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
            return response

        return not_kept

    return door
