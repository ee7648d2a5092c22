"""Rivers, roads, borders and centers, kept by the office."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from kallari.admin_records import RecordAdmin
from members.models import Landmark


@admin.register(Landmark)
class LandmarkAdmin(RecordAdmin):
    """What the maps of chakras show around them."""

    list_display: ClassVar[list[str]] = ["name", "kind", "source"]
    list_filter: ClassVar[list[str]] = ["kind"]
    search_fields: ClassVar[list[str]] = ["name"]
    fields: ClassVar[list[str]] = ["kind", "name", "geometry", "source"]
