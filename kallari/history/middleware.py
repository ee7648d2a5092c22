"""Gives every request an id and lets history know who acts in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kallari.history.context import ChangeContext, entering


class ChangeContextMiddleware:
    """Everything written during one request carries its id and its user.

    The id is drawn here, never taken from the client, and returned as ``X-Request-ID``, so that
    a person who sees an error can name the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4()

        def actor():  # type: ignore[no-untyped-def]  # a lazy object that may be anonymous
            user = getattr(request, "user", None)
            return user if user is not None and user.is_authenticated else None

        with entering(ChangeContext(request_id=request_id, actor=actor)):
            response = self.get_response(request)
        response["X-Request-ID"] = str(request_id)
        return response
