"""Families, and who works with which communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kallari.admin_records import REASON, RecordAdmin, RecordTabularInline
from members.models import CommunityAssignment, Family, Person
from members.services import families as services

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kallari.accounts.models import User


class ReadOnlyInline(RecordTabularInline):
    """Rows that are written where they live, by their own services; each leads there."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PeopleInline(ReadOnlyInline):
    model = Person
    fields: ClassVar[list[str]] = ["surnames", "given_names", "kinship", "sex", "born_on"]
    show_change_link = True


@admin.register(Family)
class FamilyAdmin(RecordAdmin):
    list_display: ClassVar[list[str]] = [
        "family_code",
        "name",
        "community",
        "joined_on",
        "closed_on",
    ]
    list_display_links: ClassVar[list[str]] = ["family_code", "name"]
    list_filter: ClassVar[list[Any]] = [
        "community",
        ("closed_on", admin.EmptyFieldListFilter),
    ]
    list_select_related: ClassVar[list[str]] = ["community"]
    show_full_result_count = False
    search_fields: ClassVar[list[str]] = ["name"]
    search_help_text = _("Un nombre escrito de cualquier manera, o el número: F-0042.")
    fields: ClassVar[list[str]] = [
        "family_code",
        "name",
        "community",
        "joined_on",
        "note",
        "closed_on",
    ]
    readonly_fields: ClassVar[list[str]] = ["family_code", "closed_on"]
    inlines: ClassVar[list[Any]] = [PeopleInline]

    @admin.display(description=_("número"), ordering="number")
    def family_code(self, family: Family) -> str:
        return family.code if family.number else ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Family], search_term: str
    ) -> tuple[QuerySet[Family], bool]:
        """Any spelling finds the row, and its number."""
        return queryset.find(search_term), False  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Family, form: Any, change: bool) -> None:
        actor, told = cast("User", request.user), dict(form.cleaned_data)
        if change:
            reason = told.pop(REASON)
            services.correct_family(actor=actor, family=obj, reason=reason, **told)
            return
        made = services.add_family(actor=actor, **told)
        vars(obj).update(vars(made))


@admin.register(CommunityAssignment)
class CommunityAssignmentAdmin(RecordAdmin):
    """Which communities agents and delegates see."""

    list_display: ClassVar[list[str]] = ["user", "community"]
    list_filter: ClassVar[list[str]] = ["community"]
    list_select_related: ClassVar[list[str]] = ["user", "community"]
    show_full_result_count = False
    search_fields: ClassVar[list[str]] = ["user__full_name", "user__username"]
    fields: ClassVar[list[str]] = ["user", "community"]

    def save_model(
        self, request: HttpRequest, obj: CommunityAssignment, form: Any, change: bool
    ) -> None:
        made = services.assign_community(actor=cast("User", request.user), **form.cleaned_data)
        vars(obj).update(vars(made))

    def delete_model(self, request: HttpRequest, obj: CommunityAssignment) -> None:
        services.withdraw_community(
            actor=cast("User", request.user), assignment=obj, reason=request.POST[REASON]
        )
