"""Chakras for board staff: to look up and to correct. Measuring has its own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kallari.admin_records import REASON, RecordAdmin
from members.admin.searching import FoundThrough
from members.models import Chakra, ChakraConflict
from members.services import chakras as services

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kallari.accounts.models import User


@admin.register(Chakra)
class ChakraAdmin(RecordAdmin):
    """A chakra is taken down from its family's page, where its family is certain."""

    list_display: ClassVar[list[str]] = ["written", "name", "family", "in_community", "state"]
    list_filter: ClassVar[list[str]] = ["state", "family__community"]
    list_select_related: ClassVar[list[str]] = ["family__community"]
    search_fields: ClassVar[list[str]] = ["number"]
    fields: ClassVar[list[str]] = [
        "number",
        "family",
        "state",
        "closed_on",
        "name",
        "declared_area_ha",
        "tenure",
        "shade",
        "species_count",
        "note",
    ]
    readonly_fields: ClassVar[list[str]] = ["number", "family", "state", "closed_on"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("chakra"), ordering="number")
    def written(self, chakra: Chakra) -> str:
        return chakra.code

    @admin.display(description=_("comunidad"), ordering="family__community__search_key")
    def in_community(self, chakra: Chakra) -> str:
        return chakra.community.name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Chakra], search_term: str
    ) -> tuple[QuerySet[Chakra], bool]:
        """The number as on paper, or the family in any spelling."""
        return queryset.find(search_term), False  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Chakra, form: Any, change: bool) -> None:
        told = form.cleaned_data
        changes = {name: told[name] for name in services.CORRECTABLE if name in told}
        services.correct_chakra(
            actor=cast("User", request.user),
            chakra=Chakra.objects.get(pk=obj.pk),
            reason=told[REASON],
            **changes,
        )


@admin.register(ChakraConflict)
class ChakraConflictAdmin(FoundThrough, RecordAdmin):
    """To look up; a conflict is decided on its own page, with the map."""

    found_through: ClassVar[dict[str, Any]] = {
        "one": Chakra.objects.find,
        "other": Chakra.objects.find,
    }
    search_fields: ClassVar[list[str]] = ["one__number", "other__number"]
    list_display: ClassVar[list[str]] = ["__str__", "overlap_m2", "found_on", "outcome"]
    list_filter: ClassVar[list[str]] = ["outcome", "one__family__community"]
    list_select_related: ClassVar[list[str]] = ["one", "other"]
    fields: ClassVar[list[str]] = [
        "one",
        "other",
        "overlap_m2",
        "found_on",
        "outcome",
        "decided_on",
        "decision",
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
