"""Places, kinds of process, their phases and their yields for board staff."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from harvests.admin.catalog import Retired
from harvests.models import Place, ProcessKind, ProcessPhase, ProcessRoute
from harvests.services import processes
from members.admin.by_services import ByServices
from members.admin.families import ReadOnlyInline


@admin.register(Place)
class PlaceAdmin(Retired):
    enter = staticmethod(processes.add_place)
    correct = staticmethod(processes.correct_place)
    corrected_as = "place"
    fixed = ("code",)
    told: ClassVar[list[str]] = [
        "code",
        "name",
        "kind",
        "center",
        "capacity_kg",
        "address",
        "place",
    ]
    list_display: ClassVar[list[str]] = [
        "name",
        "code",
        "kind",
        "center",
        "capacity_kg",
        "retired_on",
    ]
    list_filter: ClassVar[list[Any]] = [
        "kind",
        "center",
        ("retired_on", admin.EmptyFieldListFilter),
    ]
    list_select_related: ClassVar[list[str]] = ["center"]
    search_fields: ClassVar[list[str]] = ["name", "code"]


class PhaseInline(ReadOnlyInline):
    model = ProcessPhase
    fields: ClassVar[list[str]] = ["position", "name", "happens_in", "days_min", "days_max"]
    show_change_link = True


class RouteInline(ReadOnlyInline):
    model = ProcessRoute
    fields: ClassVar[list[str]] = [
        "takes",
        "gives",
        "yield_low",
        "yield_expected",
        "yield_high",
        "valid_from",
        "confirmed",
    ]
    show_change_link = True


@admin.register(ProcessKind)
class ProcessKindAdmin(Retired):
    enter = staticmethod(processes.add_process_kind)
    correct = staticmethod(processes.correct_process_kind)
    corrected_as = "process_kind"
    fixed = ("code", "mark")
    told: ClassVar[list[str]] = ["code", "name", "mark", "place", "asks_added", "note"]
    list_display: ClassVar[list[str]] = ["name", "code", "mark", "asks_added", "retired_on"]
    list_filter: ClassVar[list[Any]] = [("retired_on", admin.EmptyFieldListFilter)]
    search_fields: ClassVar[list[str]] = ["name", "code"]
    inlines: ClassVar[list[Any]] = [PhaseInline, RouteInline]


@admin.register(ProcessPhase)
class ProcessPhaseAdmin(ByServices):
    enter = staticmethod(processes.add_phase)
    correct = staticmethod(processes.correct_phase)
    corrected_as = "phase"
    fixed = ("kind",)
    list_display: ClassVar[list[str]] = [
        "name",
        "kind",
        "position",
        "happens_in",
        "days_min",
        "days_max",
        "confirmed",
    ]
    list_filter: ClassVar[list[Any]] = ["kind", "confirmed"]
    list_select_related: ClassVar[list[str]] = ["kind"]
    search_fields: ClassVar[list[str]] = ["name"]
    fields: ClassVar[list[str]] = [
        "kind",
        "position",
        "name",
        "happens_in",
        "days_min",
        "days_max",
        "turn_hours",
        "asks_temperature",
        "asks_moisture",
        "moisture_target",
        "source",
        "confirmed",
    ]


@admin.register(ProcessRoute)
class ProcessRouteAdmin(ByServices):
    enter = staticmethod(processes.add_route)
    correct = staticmethod(processes.correct_route)
    corrected_as = "route"
    fixed = ("kind", "takes", "gives")
    list_display: ClassVar[list[str]] = [
        "kind",
        "takes",
        "gives",
        "yield_low",
        "yield_expected",
        "yield_high",
        "valid_from",
        "confirmed",
    ]
    list_filter: ClassVar[list[Any]] = ["kind", "confirmed"]
    list_select_related: ClassVar[list[str]] = ["kind", "takes", "gives"]
    search_fields: ClassVar[list[str]] = ["source", "kind__name"]
    fields: ClassVar[list[str]] = [
        "kind",
        "takes",
        "gives",
        "yield_low",
        "yield_expected",
        "yield_high",
        "valid_from",
        "valid_until",
        "source",
        "confirmed",
    ]
