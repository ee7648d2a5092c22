"""Data entry for board staff: schemes, checklists, certificates, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kallari.admin_records import RecordAdmin, RecordTabularInline
from members.admin.searching import FoundThrough
from members.models import (
    Certificate,
    CertificationScheme,
    Chakra,
    ChakraCertification,
    Checklist,
    ChecklistItem,
    Family,
    Sanction,
)
from members.services import certification as services

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kallari.accounts.models import User


@admin.register(CertificationScheme)
class CertificationSchemeAdmin(RecordAdmin):
    list_display: ClassVar[list[str]] = ["name", "code", "kind", "is_sought", "has_transition"]
    list_filter: ClassVar[list[str]] = ["kind", "is_sought"]
    search_fields: ClassVar[list[str]] = ["name", "code"]


class ChecklistItemInline(RecordTabularInline):
    model = ChecklistItem
    fields: ClassVar[list[str]] = ["number", "question", "severity", "days_to_correct"]


@admin.register(Checklist)
class ChecklistAdmin(RecordAdmin):
    list_display: ClassVar[list[str]] = ["scheme", "of_year"]
    list_filter: ClassVar[list[str]] = ["scheme", "year"]
    list_select_related: ClassVar[list[str]] = ["scheme"]
    search_fields: ClassVar[list[str]] = ["scheme__name", "scheme__code", "items__question"]
    inlines: ClassVar[list[Any]] = [ChecklistItemInline]

    @admin.display(description=_("año"), ordering="year")
    def of_year(self, checklist: Checklist) -> str:
        return str(checklist.year)


@admin.register(Certificate)
class CertificateAdmin(RecordAdmin):
    list_display: ClassVar[list[str]] = ["scheme", "number", "body", "valid_from", "valid_until"]
    list_filter: ClassVar[list[str]] = ["scheme"]
    list_select_related: ClassVar[list[str]] = ["scheme"]
    search_fields: ClassVar[list[str]] = ["number", "body"]
    fields: ClassVar[list[str]] = [
        "scheme",
        "number",
        "body",
        "valid_from",
        "valid_until",
        "withdrawn_on",
        "scope",
        "note",
    ]


class ReadOnlyAdmin(RecordAdmin):
    """Rows that events write: they are looked at here, and decided on at /certificacion/."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChakraCertification)
class ChakraCertificationAdmin(FoundThrough, RecordAdmin):
    """Dates that were written wrongly are corrected here; what happens is decided on the pages."""

    found_through: ClassVar[dict[str, Any]] = {"chakra": Chakra.objects.find}
    search_fields: ClassVar[list[str]] = ["chakra__number"]
    list_display: ClassVar[list[str]] = ["chakra", "scheme", "status", "starts_on", "ends_on"]
    list_filter: ClassVar[list[str]] = ["scheme", "status"]
    list_select_related: ClassVar[list[str]] = ["chakra", "scheme"]
    fields: ClassVar[list[str]] = [
        "chakra",
        "scheme",
        "status",
        "starts_on",
        "ends_on",
        "transition_started_on",
        "resolution",
    ]
    readonly_fields: ClassVar[list[str]] = ["chakra", "scheme", "status"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: ChakraCertification, form: Any, change: bool
    ) -> None:
        told = form.cleaned_data
        done = services.correct_status(
            actor=cast("User", request.user),
            certification=obj,
            reason=told["change_reason"],
            **{name: told[name] for name in self.fields if name in told},
        )
        vars(obj).update(vars(done))


@admin.register(Sanction)
class SanctionAdmin(FoundThrough, ReadOnlyAdmin):
    found_through: ClassVar[dict[str, Any]] = {"family": Family.objects.find}
    search_fields: ClassVar[list[str]] = ["family__number"]
    list_display: ClassVar[list[str]] = ["family", "scheme", "kind", "starts_on", "lifted_on"]
    list_filter: ClassVar[list[str]] = ["scheme", "kind"]
    list_select_related: ClassVar[list[str]] = ["family", "scheme"]
