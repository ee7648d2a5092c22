"""How a record's view hands out its file.

The record's own view decides who may see it; nothing has an address by the file's key:

    @only(permissions.may_see_persons)
    @require_safe
    def photograph(request: HttpRequest, pk: int) -> HttpResponseBase:
        person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
        return file_response(request, person.photograph, preview="grande" not in request.GET)

Lists need no more than ``person.photograph_id`` to know whether to show
``<img src="{% url 'members:photograph' person.pk %}">``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from kallari.files.models import StoredFile

NOTHING_RUNS = "default-src 'none'; sandbox"
"""Whatever a file holds, the browser runs nothing of it, loads nothing for it, and gives it no
origin of ours."""


def file_response(
    request: HttpRequest,
    stored: StoredFile | None,
    *,
    preview: bool = False,
    download: bool = False,
) -> HttpResponseBase:
    """Hand out a file to somebody who may see the record it belongs to.

    The browser may keep it, for this person alone, and asks each time whether it still may be
    shown: 304 without the bytes.

    Args:
        preview: the reduced picture, where there is one.
        download: as a file to keep, in place of one to look at.

    Raises:
        Http404: there is no file, or it was erased.
    """
    if stored is None or stored.is_erased:
        raise Http404
    preview = preview and stored.is_image
    etag = f'"{stored.preview_digest if preview else stored.digest}"'
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": _disposition(stored.name, attachment=download),
        "Content-Security-Policy": NOTHING_RUNS,
        "Content-Type": stored.content_type,
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }
    unchanged = get_conditional_response(request, etag=etag, response=HttpResponse(headers=headers))
    if unchanged is not None and unchanged.status_code != 200:
        return unchanged
    content = bytes(stored.preview if preview else stored.content)
    response = HttpResponse(b"" if request.method == "HEAD" else content, headers=headers)
    response["Content-Length"] = str(len(content))
    return response


def _disposition(name: str, *, attachment: bool) -> str:
    """RFC 6266: the name in ASCII for all, and as it is for whoever reads UTF-8."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "-", plain).strip(" .-") or "archivo"
    kind = "attachment" if attachment else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
