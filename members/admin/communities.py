"""Data entry for board staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin

from kallari.admin_records import RecordAdmin, RecordTabularInline
from members.models import Community, CommunityAlias
from members.services import communities as services

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kallari.accounts.models import User


class AliasInline(RecordTabularInline):
    model = CommunityAlias
    fields: ClassVar[list[str]] = ["spelling", "source"]


@admin.register(Community)
class CommunityAdmin(RecordAdmin):
    list_display: ClassVar[list[str]] = ["name", "canton", "parish", "closed_on"]
    list_filter: ClassVar[list[str]] = ["canton"]
    search_fields: ClassVar[list[str]] = ["name"]
    fields: ClassVar[list[str]] = ["name", "canton", "parish", "note", "closed_on"]
    readonly_fields: ClassVar[list[str]] = ["closed_on"]
    inlines: ClassVar[list[Any]] = [AliasInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Community], search_term: str
    ) -> tuple[QuerySet[Community], bool]:
        """Any spelling finds the row."""
        return queryset.search(search_term), False  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Community, form: Any, change: bool) -> None:
        actor, told = cast("User", request.user), form.cleaned_data
        if not change:
            made = services.add_community(
                actor=actor,
                name=obj.name,
                canton=obj.canton,
                parish=obj.parish,
                note=obj.note,
            )
            vars(obj).update(vars(made))
            return
        why = {"actor": actor, "reason": told["change_reason"]}
        services.rename_community(community=obj, name=obj.name, **why)
        services.correct_community(
            community=obj, canton=obj.canton, parish=obj.parish, note=obj.note, **why
        )
