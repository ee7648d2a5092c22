"""What django-unfold is told, as data for the settings.

How the admin looks stands in ``static/kallari/admin.css`` and in the templates of the house:
Unfold's own frame, colors, fonts and scripts are not used.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy


def leads_to_history(request: HttpRequest) -> bool:
    """Whether the pages lead the reader to the change list."""
    from kallari.history.permissions import reads_history

    return reads_history(request.user)


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": gettext_lazy("Kallari · Administración"),
    "SITE_HEADER": gettext_lazy("Kallari · Administración"),
    "SITE_URL": "/",
    "SHOW_HISTORY": "kallari.admin_theme.leads_to_history",
    "SHOW_VIEW_ON_SITE": False,
}
