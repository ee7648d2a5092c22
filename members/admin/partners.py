"""Memberships: applications and corrections. What is decided by resolution has pages of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kallari.admin_records import REASON, RecordAdmin
from members.admin.families import ReadOnlyInline
from members.models import Partner, Standing, Suspension
from members.permissions.people import may_identify
from members.services import partners as services

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kallari.accounts.models import User


class StandingFilter(admin.SimpleListFilter):
    """What each is today."""

    title = _("registro")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Standing.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Partner]) -> QuerySet[Partner]:
        if self.value() not in Standing.values:
            return queryset
        # `PartnerAdmin.get_queryset` annotates it.
        return queryset.filter(standing=self.value())  # type: ignore[misc]


class SuspensionInline(ReadOnlyInline):
    model = Suspension
    fields: ClassVar[list[str]] = ["starts_on", "ends_on", "resolution", "end_resolution"]


@admin.register(Partner)
class PartnerAdmin(RecordAdmin):
    list_display: ClassVar[list[str]] = [
        "number",
        "person_name",
        "standing_now",
        "community",
        "registered_on",
        "ended_on",
    ]
    list_display_links: ClassVar[list[str]] = ["number", "person_name"]
    list_filter: ClassVar[list[Any]] = [StandingFilter, "family__community", "person__sex"]
    list_select_related: ClassVar[list[str]] = ["person", "family__community"]
    show_full_result_count = False
    search_fields: ClassVar[list[str]] = ["number"]
    search_help_text = _("Un nombre escrito de cualquier manera, el número o la cédula.")
    autocomplete_fields: ClassVar[list[str]] = ["person", "succeeds"]
    inlines: ClassVar[list[Any]] = [SuspensionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Partner] = rows.with_standing()
        return found

    def get_fields(self, request: HttpRequest, obj: Partner | None = None) -> list[str]:
        if obj is None:
            return ["person", "applied_on", "succeeds", "note"]
        return [
            "person",
            "family",
            "standing_now",
            "number",
            "applied_on",
            "registered_on",
            "resolution",
            "ended_on",
            "ended_how",
            "end_resolution",
            "succeeds",
            "note",
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Partner | None = None
    ) -> tuple[str, ...]:
        """An event decides on who, how and what follows; a date written wrongly is corrected."""
        if obj is None:
            return ()
        return tuple(
            name for name in self.get_fields(request, obj) if name not in services.CORRECTABLE
        )

    @admin.display(description=_("apellidos y nombres"), ordering="person__search_key")
    def person_name(self, partner: Partner) -> str:
        return partner.person.listed_name

    @admin.display(description=_("comunidad"), ordering="family__community__search_key")
    def community(self, partner: Partner) -> str:
        return partner.family.community.name

    @admin.display(description=_("registro"))
    def standing_now(self, partner: Partner) -> str:
        standing = partner.standing_today
        return str(standing.label) if standing else ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Partner], search_term: str
    ) -> tuple[QuerySet[Partner], bool]:
        """Any spelling finds the row, its number, and a cédula for who may see it."""
        found: Any = queryset
        return found.find(search_term, by_cedula=may_identify(request.user)), False

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:
        actor, told = cast("User", request.user), dict(form.cleaned_data)
        if change:
            reason = told.pop(REASON)
            services.correct_partner(actor=actor, partner=obj, reason=reason, **told)
            return
        made = services.apply_for_partnership(actor=actor, **told)
        vars(obj).update(vars(made))
