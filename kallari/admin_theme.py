"""How the admin looks: LOOK.md's colors for django-unfold, as data for the settings.

The colors themselves stand in ``static/kallari/admin.css``, so that no page carries a style of
its own; what Unfold must know beyond them is here.
"""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Kallari · Administración"),
    "SITE_HEADER": _("Kallari · Administración"),
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "STYLES": [lambda request: static("kallari/admin.css")],
}
