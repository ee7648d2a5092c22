"""A page that is sent twice is carried out once.

Somebody touches the button twice, or goes back and sends again because no answer came: neither is
meant to hand out, pay or write off a second time. Each page that is shown carries a CSRF token
masked anew (Django's `get_token`), so the token with all that was typed names one sending. It is
written in the transaction of what it causes: two at once wait for each other, and what was refused
or failed may be sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    View = Callable[..., HttpResponseBase]

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
KEPT_DAYS = 3
"""How long a browser may keep a page and send it again."""


def sent_once(view: View) -> View:
    """Lead a page that was carried out already to where it led the first time.

    For views that answer a sending that was carried out with a redirect, and one that was not with
    the page. What bears no token, as programs send it, always goes through.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not request.POST.get(TOKEN):
            return view(request, *args, **kwargs)
        digest = _digest(request)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kallari_sent_page (digest) VALUES (%s)"
                " ON CONFLICT DO NOTHING",  # without history: a page that was sent is no record
                [digest],
            )
            if not cursor.rowcount:
                cursor.execute("SELECT went_to FROM kallari_sent_page WHERE digest = %s", [digest])
                (went_to,) = cursor.fetchone()
                messages.info(request, _("Esto ya se había enviado: no se hizo dos veces."))
                return HttpResponseRedirect(went_to)
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                cursor.execute(
                    "UPDATE kallari_sent_page SET went_to = %s"
                    " WHERE digest = %s",  # without history: as above
                    [response.url, digest],
                )
                _forget_the_old(cursor)
            else:
                cursor.execute(
                    "DELETE FROM kallari_sent_page WHERE digest = %s",  # without history: as above
                    [digest],
                )
        return response

    return checked


def _digest(request: HttpRequest) -> bytes:
    """SHA-256 of who sends what to which address, files included."""
    digest = hashlib.sha256()
    told = [str(request.user.pk), request.get_full_path()]
    for name, values in sorted(request.POST.lists()):
        told += [name, *values]
    for name, files in sorted(request.FILES.lists()):
        told.append(name)
        for file in files:
            told += [file.name or "", hashlib.sha256(file.read()).hexdigest()]
            file.seek(0)
    for one in told:
        digest.update(f"{len(one)}:{one}".encode())
    return digest.digest()


def _forget_the_old(cursor: Any) -> None:
    cursor.execute(
        """
        DELETE FROM kallari_sent_page WHERE digest IN (
            SELECT digest FROM kallari_sent_page
            WHERE sent_at < now() - make_interval(days => %s)
            LIMIT 20 FOR UPDATE SKIP LOCKED)
        """,  # without history: as above
        [KEPT_DAYS],
    )
