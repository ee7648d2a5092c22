"""Products, forms, qualities, varieties, figures, seasons and centers for board staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib import admin

from harvests.models import (
    CollectionCenter,
    FormFigure,
    Product,
    ProductForm,
    Quality,
    Season,
    Variety,
)
from harvests.services import catalog
from members.admin.by_services import ByServices
from members.admin.families import ReadOnlyInline

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest


class Retired(ByServices):
    """What is no longer bought or offered says since when; that is told in a correction alone."""

    told: ClassVar[list[str]]
    ends_by: ClassVar[str] = "retired_on"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.told if obj is None else [*self.told, self.ends_by]


class FormInline(ReadOnlyInline):
    model = ProductForm
    fields: ClassVar[list[str]] = ["name", "counted", "unit", "retired_on"]
    show_change_link = True


class VarietyInline(ReadOnlyInline):
    model = Variety
    fields: ClassVar[list[str]] = ["name", "retired_on"]
    show_change_link = True


class SeasonInline(ReadOnlyInline):
    model = Season
    fields: ClassVar[list[str]] = ["name", "starts_on", "ends_on"]
    show_change_link = True


@admin.register(Product)
class ProductAdmin(Retired):
    enter = staticmethod(catalog.add_product)
    correct = staticmethod(catalog.correct_product)
    corrected_as = "product"
    fixed = ("code",)
    told: ClassVar[list[str]] = ["code", "name", "kind", "place", "note"]
    list_display: ClassVar[list[str]] = ["name", "code", "kind", "place", "retired_on"]
    list_filter: ClassVar[list[Any]] = ["kind", ("retired_on", admin.EmptyFieldListFilter)]
    search_fields: ClassVar[list[str]] = ["name", "code"]
    inlines: ClassVar[list[Any]] = [FormInline, VarietyInline, SeasonInline]


class QualityInline(ReadOnlyInline):
    model = Quality
    fields: ClassVar[list[str]] = ["name", "is_default", "retired_on"]
    show_change_link = True


class FigureInline(ReadOnlyInline):
    model = FormFigure
    fields: ClassVar[list[str]] = ["kind", "value", "valid_from", "source", "confirmed"]
    show_change_link = True


@admin.register(ProductForm)
class ProductFormAdmin(Retired):
    enter = staticmethod(catalog.add_form)
    correct = staticmethod(catalog.correct_form)
    corrected_as = "form"
    fixed = ("code", "product", "counted")
    told: ClassVar[list[str]] = [
        "product",
        "code",
        "name",
        "counted",
        "unit",
        "tare_kg",
        "asks_moisture",
        "is_bought",
        "piece_kg",
        "place",
    ]
    list_display: ClassVar[list[str]] = ["name", "product", "code", "counted", "unit", "retired_on"]
    list_filter: ClassVar[list[Any]] = ["product", ("retired_on", admin.EmptyFieldListFilter)]
    list_select_related: ClassVar[list[str]] = ["product"]
    search_fields: ClassVar[list[str]] = ["name", "code"]
    inlines: ClassVar[list[Any]] = [QualityInline, FigureInline]


@admin.register(Variety)
class VarietyAdmin(Retired):
    enter = staticmethod(catalog.add_variety)
    correct = staticmethod(catalog.correct_variety)
    corrected_as = "variety"
    fixed = ("code", "product")
    told: ClassVar[list[str]] = ["product", "code", "name"]
    list_display: ClassVar[list[str]] = ["name", "product", "code", "retired_on"]
    list_filter: ClassVar[list[Any]] = ["product"]
    list_select_related: ClassVar[list[str]] = ["product"]
    search_fields: ClassVar[list[str]] = ["name", "code"]


@admin.register(Quality)
class QualityAdmin(Retired):
    enter = staticmethod(catalog.add_quality)
    correct = staticmethod(catalog.correct_quality)
    corrected_as = "quality"
    fixed = ("code", "form")
    told: ClassVar[list[str]] = ["form", "code", "name", "is_default", "place"]
    list_display: ClassVar[list[str]] = ["name", "form", "code", "is_default", "retired_on"]
    list_filter: ClassVar[list[Any]] = ["form"]
    list_select_related: ClassVar[list[str]] = ["form"]
    search_fields: ClassVar[list[str]] = ["name", "code"]


@admin.register(FormFigure)
class FormFigureAdmin(ByServices):
    enter = staticmethod(catalog.add_figure)
    correct = staticmethod(catalog.correct_figure)
    corrected_as = "figure"
    fixed = ("form", "kind")
    list_display: ClassVar[list[str]] = ["kind", "form", "value", "valid_from", "confirmed"]
    list_filter: ClassVar[list[Any]] = ["form", "kind", "confirmed"]
    list_select_related: ClassVar[list[str]] = ["form"]
    search_fields: ClassVar[list[str]] = ["source", "form__name"]
    fields: ClassVar[list[str]] = ["form", "kind", "value", "valid_from", "source", "confirmed"]


@admin.register(Season)
class SeasonAdmin(ByServices):
    enter = staticmethod(catalog.add_season)
    correct = staticmethod(catalog.correct_season)
    corrected_as = "season"
    fixed = ("product",)
    list_display: ClassVar[list[str]] = ["name", "product", "starts_on", "ends_on"]
    list_filter: ClassVar[list[Any]] = ["product"]
    list_select_related: ClassVar[list[str]] = ["product"]
    search_fields: ClassVar[list[str]] = ["name"]
    fields: ClassVar[list[str]] = ["product", "name", "starts_on", "ends_on"]


@admin.register(CollectionCenter)
class CollectionCenterAdmin(Retired):
    enter = staticmethod(catalog.add_center)
    correct = staticmethod(catalog.correct_center)
    corrected_as = "center"
    fixed = ("code",)
    ends_by = "closed_on"
    told: ClassVar[list[str]] = ["code", "name", "address", "note"]
    list_display: ClassVar[list[str]] = ["name", "code", "address", "closed_on"]
    search_fields: ClassVar[list[str]] = ["name", "code"]
