"""The offline intake: a page that starts without a network (harvests/acopio/shell.py).

Anybody may load it, also before signing in: it is the same for everybody, and what it shows of the
register comes by the sync API, which asks who is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from harvests.acopio import shell as acopio_shell


def _kept(content_type: str) -> Callable[[Callable[..., str]], Callable[..., HttpResponse]]:
    """A text that browsers keep and ask about: unchanged, it does not travel again. It is
    compressed although the connection is encrypted, for it holds no secret."""

    def view_of(text_of: Callable[..., str]) -> Callable[..., HttpResponse]:
        @transaction.non_atomic_requests  # nothing is read from the database
        @require_safe
        @gzip_page
        @wraps(text_of)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            text = text_of(request, **arguments)
            etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
            response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
            response["ETag"] = etag
            response["Cache-Control"] = "no-cache"
            answer = get_conditional_response(request, etag=etag, response=response)
            return answer if isinstance(answer, HttpResponse) else response

        return view

    return view_of


@_kept("text/html")
def shell(request: HttpRequest) -> str:
    """The page itself."""
    return acopio_shell.shell()


@_kept("text/javascript")
def script(request: HttpRequest) -> str:
    """The program."""
    return acopio_shell.script()


@_kept("text/css")
def style(request: HttpRequest) -> str:
    """How it looks."""
    return acopio_shell.style()


@_kept("text/javascript")
def worker(request: HttpRequest) -> str:
    """The service worker; its address makes all of /acopio/ its scope."""
    return acopio_shell.worker()


@_kept("application/manifest+json")
def manifest(request: HttpRequest) -> str:
    """What a telephone needs to install it."""
    return acopio_shell.manifest()


@_kept("application/json")
def texts(request: HttpRequest, language: str) -> str:
    """The words in one language of the house."""
    return acopio_shell.texts(language)
