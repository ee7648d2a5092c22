"""How much may be sent at once, and what is said to whoever sends more."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kallari.views import too_large

LARGEST_FORM = 20 * 1024 * 1024
"""Bytes of a form with files: the largest photograph (`kallari.files.cleaning`) and its fields."""

READ_ANYWAY = 64 * 1024 * 1024
"""Bytes of a refused body that are read and forgotten: a browser that is still sending shows no
answer, only that the connection broke."""


class BodyLimitMiddleware:
    """Answers 413 to a body that is too large, before anything looks at it or it fills a disk.

    Files are limited here, because Django limits everything but them; JSON, because REST
    framework reads it past Django's limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_files = request.content_type == "multipart/form-data"
        most = LARGEST_FORM if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        said = request.META.get("CONTENT_LENGTH") or ""
        if said.isdecimal() and most is not None and int(said) > most:
            left = READ_ANYWAY
            while left > 0 and (part := request.read(64 * 1024)):
                left -= len(part)
            return too_large(request, most)
        return self.get_response(request)
