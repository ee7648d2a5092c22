"""Gatherings, kinds of inputs, volunteers and allies for board staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.admin.by_services import ByServices
from members.admin.families import ReadOnlyInline
from members.admin.searching import FoundThrough
from members.models import Agreement, Ally, Contribution, Gathering, InputKind, Stay, Volunteer
from members.models.volunteer import CONTACT_FIELDS
from members.permissions.community_life import may_contact_volunteers
from members.services import allies, gatherings, inputs, volunteers

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class _Named(ByServices):
    """Found by any spelling of its name."""

    search_help_text = _("Un nombre escrito de cualquier manera.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.search(search_term), False  # type: ignore[attr-defined]


@admin.register(Gathering)
class GatheringAdmin(_Named):
    """To look up and to correct; planned, called off and attended on its own pages."""

    correct = staticmethod(gatherings.correct_gathering)
    corrected_as = "gathering"
    list_display: ClassVar[list[str]] = ["topic", "kind", "held_on", "community", "ally"]
    list_filter: ClassVar[list[Any]] = [
        "kind",
        "community",
        ("cancelled_on", admin.EmptyFieldListFilter),
    ]
    list_select_related: ClassVar[list[str]] = ["community", "ally"]
    search_fields: ClassVar[list[str]] = ["topic"]
    fields: ClassVar[list[str]] = [
        "kind",
        "topic",
        "held_on",
        "starts_at",
        "hours",
        "community",
        "place",
        "led_by",
        "ally",
        "done",
        "result",
        "visiting_women",
        "visiting_men",
        "visiting_unknown",
        "cancelled_on",
    ]
    readonly_fields: ClassVar[list[str]] = ["cancelled_on"]


@admin.register(InputKind)
class InputKindAdmin(_Named):
    enter = staticmethod(inputs.add_input_kind)
    correct = staticmethod(inputs.correct_input_kind)
    corrected_as = "kind"
    list_display: ClassVar[list[str]] = ["name", "unit", "is_organic", "retired_on"]
    list_filter: ClassVar[list[Any]] = ["is_organic", ("retired_on", admin.EmptyFieldListFilter)]
    search_fields: ClassVar[list[str]] = ["name"]

    def get_fields(self, request: HttpRequest, obj: InputKind | None = None) -> list[str]:
        told = ["name", "unit", "is_organic", "note"]
        return told if obj is None else [*told, "retired_on"]


class StayInline(ReadOnlyInline):
    model = Stay
    fields: ClassVar[list[str]] = ["kind", "starts_on", "ends_on", "community", "cancelled_on"]
    readonly_fields: ClassVar[list[str]] = ["cancelled_on"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stay]:
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Stay]", rows.select_related("volunteer", "community"))


@admin.register(Volunteer)
class VolunteerAdmin(_Named):
    enter = staticmethod(volunteers.add_volunteer)
    correct = staticmethod(volunteers.correct_volunteer)
    corrected_as = "volunteer"
    list_display: ClassVar[list[str]] = ["surnames", "given_names", "country", "institution"]
    search_fields: ClassVar[list[str]] = ["surnames"]
    inlines: ClassVar[list[Any]] = [StayInline]

    def get_fields(self, request: HttpRequest, obj: Volunteer | None = None) -> list[str]:
        """How they are reached, for the office alone."""
        contact = CONTACT_FIELDS if may_contact_volunteers(request.user) else ()
        return ["surnames", "given_names", "country", "institution", *contact, "note"]


@admin.register(Stay)
class StayAdmin(FoundThrough, ByServices):
    found_through: ClassVar[dict[str, Any]] = {"volunteer": Volunteer.objects.search}
    search_fields: ClassVar[list[str]] = ["volunteer__surnames"]
    enter = staticmethod(volunteers.add_stay)
    correct = staticmethod(volunteers.correct_stay)
    corrected_as = "stay"
    fixed = ("volunteer",)
    list_display: ClassVar[list[str]] = ["volunteer", "kind", "starts_on", "ends_on", "community"]
    list_filter: ClassVar[list[Any]] = [
        "kind",
        "community",
        ("cancelled_on", admin.EmptyFieldListFilter),
    ]
    list_select_related: ClassVar[list[str]] = ["volunteer", "community"]
    fields: ClassVar[list[str]] = [
        "volunteer",
        "kind",
        "starts_on",
        "ends_on",
        "community",
        "host_family",
        *Stay.TASKS,
        "other_tasks",
        "length_note",
        "cancelled_on",
    ]
    readonly_fields: ClassVar[list[str]] = ["cancelled_on"]
    autocomplete_fields: ClassVar[list[str]] = ["volunteer", "host_family"]


class AgreementInline(ReadOnlyInline):
    model = Agreement
    fields: ClassVar[list[str]] = ["title", "starts_on", "ends_on"]
    show_change_link = True


class ContributionInline(ReadOnlyInline):
    model = Contribution
    fields: ClassVar[list[str]] = ["received_on", "kind", "description", "value_usd"]
    readonly_fields: ClassVar[list[str]] = ["value_usd"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Contribution]", rows.select_related("ally"))


@admin.register(Ally)
class AllyAdmin(_Named):
    enter = staticmethod(allies.add_ally)
    correct = staticmethod(allies.correct_ally)
    corrected_as = "ally"
    list_display: ClassVar[list[str]] = ["name", "full_name", "kind"]
    list_filter: ClassVar[list[str]] = ["kind"]
    search_fields: ClassVar[list[str]] = ["name"]
    fields: ClassVar[list[str]] = ["name", "full_name", "kind", "contact", "note"]
    inlines: ClassVar[list[Any]] = [AgreementInline, ContributionInline]


@admin.register(Agreement)
class AgreementAdmin(ByServices):
    """Its paper is attached on the ally's page."""

    enter = staticmethod(allies.sign_agreement)
    correct = staticmethod(allies.correct_agreement)
    corrected_as = "agreement"
    fixed = ("ally",)
    list_display: ClassVar[list[str]] = ["title", "ally", "starts_on", "ends_on"]
    list_filter: ClassVar[list[str]] = ["ally"]
    list_select_related: ClassVar[list[str]] = ["ally"]
    search_fields: ClassVar[list[str]] = ["title", "ally__name"]
    fields: ClassVar[list[str]] = ["ally", "title", "starts_on", "ends_on", "note"]


@admin.register(Contribution)
class ContributionAdmin(ByServices):
    """What it paid for is written on its own page."""

    enter = staticmethod(allies.receive_contribution)
    correct = staticmethod(allies.correct_contribution)
    corrected_as = "contribution"
    fixed = ("ally",)
    list_display: ClassVar[list[str]] = ["description", "ally", "kind", "received_on", "value_usd"]
    list_filter: ClassVar[list[str]] = ["kind", "ally"]
    list_select_related: ClassVar[list[str]] = ["ally"]
    search_fields: ClassVar[list[str]] = ["description", "ally__name"]
    fields: ClassVar[list[str]] = [
        "ally",
        "agreement",
        "kind",
        "description",
        "received_on",
        "amount",
        "currency",
        "usd_rate",
        "valued_by",
        "value_usd",
    ]
    readonly_fields: ClassVar[list[str]] = ["value_usd"]
