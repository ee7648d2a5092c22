"""Of which days and which harvest a report speaks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import CollectionCenter, Product, ProductForm, Season
from harvests.reports.periods import (
    MOST_DAYS,
    Kind,
    Period,
    a_year_before,
    around,
    between,
    of_season,
    season_on,
)
from harvests.reports.totals import Scope
from kallari.forms import DayInput
from members.forms.lists import EARLIEST_DAY, LATEST_DAY, community_field
from members.models import Community

if TYPE_CHECKING:
    from kallari.accounts.models import User


class ReportForm(forms.Form):
    """The season under way of the first product, in all communities and centers, unless somebody
    says otherwise. Which of the days and seasons are asked for depends on the period."""

    use_required_attribute = False
    shows_optional = False

    periodo = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    producto = forms.ModelChoiceField(
        label=_("Producto"),
        required=False,
        queryset=Product.objects.none(),
        empty_label=_("Todos"),
    )
    presentacion = forms.ModelChoiceField(
        label=_("Presentación"),
        required=False,
        queryset=ProductForm.objects.none(),
        empty_label=_("Todas"),
    )
    temporada = forms.ModelChoiceField(
        label=_("Temporada"),
        required=False,
        queryset=Season.objects.none(),
        empty_label=_("La de ahora"),
    )
    desde = forms.DateField(label=_("Desde"), required=False, widget=DayInput())
    hasta = forms.DateField(label=_("Hasta"), required=False, widget=DayInput())
    comunidad = community_field()
    centro = forms.ModelChoiceField(
        label=_("Centro de acopio"),
        required=False,
        queryset=CollectionCenter.objects.none(),
        empty_label=_("Todos"),
    )

    def __init__(self, asked: dict[str, Any], *, user: User) -> None:
        self.user = user
        self.today = timezone.localdate()
        self.products = list(Product.objects.visible_to(user))
        told = {"periodo": Kind.SEASON.value} | asked
        if "producto" not in asked and self.products:
            told["producto"] = str(self.products[0].pk)
        product = next((one for one in self.products if str(one.pk) == told.get("producto")), None)
        seasons = Season.objects.visible_to(user).filter(product=product)
        self.seasons = list(seasons.order_by("-starts_on"))
        product_forms = ProductForm.objects.visible_to(user).bought().filter(product=product)
        # What belongs to the product chosen before is no mistake: it is left behind with it.
        self.forms = list(product_forms) if product is not None else []
        for name, rows in (("temporada", self.seasons), ("presentacion", self.forms)):
            if told.get(name) not in {str(row.pk) for row in rows}:
                told.pop(name, None)
        if told["periodo"] != Kind.SEASON or not self.seasons:
            first = self.today.replace(day=1) if told["periodo"] == Kind.DATES else self.today
            told.setdefault("desde", first.isoformat())
            told.setdefault("hasta", self.today.isoformat())
        super().__init__(told)
        fields: dict[str, Any] = dict(self.fields)
        fields["producto"].queryset = Product.objects.visible_to(user)
        fields["presentacion"].queryset = product_forms
        fields["temporada"].queryset = seasons
        fields["temporada"].label_from_instance = lambda season: season.name
        if self.is_between_seasons:
            fields["temporada"].empty_label = _("La última")
        fields["comunidad"].queryset = Community.objects.whose_people_are_seen_by(user)
        fields["centro"].queryset = CollectionCenter.objects.visible_to(user)
        self._leave_out(told["periodo"])

    @property
    def is_between_seasons(self) -> bool:
        """Whether there are seasons, and none of them is under way today."""
        newest = season_on(self.seasons, self.today)
        return bool(self.seasons) and (newest is None or newest.ends_on < self.today)

    @property
    def shows_past_season(self) -> bool:
        """Whether nobody chose a season and the one shown has ended. Needs a valid form."""
        told = self.cleaned_data
        is_left_open = told["periodo"] == Kind.SEASON and not told.get("temporada")
        return is_left_open and self.is_between_seasons

    def _leave_out(self, kind: str) -> None:
        """Ask for nothing that the period does not need."""
        if kind != Kind.SEASON or not self.seasons:
            del self.fields["temporada"]
        if kind != Kind.DATES:
            del self.fields["hasta"]
            self.fields["desde"].label = {
                Kind.DAY.value: _("Día"),
                Kind.WEEK.value: _("Un día de la semana"),
                Kind.MONTH.value: _("Un día del mes"),
            }.get(kind, _("Un día del año"))
        if kind == Kind.SEASON and self.seasons:
            del self.fields["desde"]
        if not self.forms:
            del self.fields["presentacion"]

    def clean(self) -> dict[str, Any]:
        """Days that no report holds are refused; two that are turned round too."""
        told = super().clean() or {}
        for name in ("desde", "hasta"):
            day = told.get(name)
            if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
                self.add_error(name, _("De un día tan lejano no se sabe nada."))
        first, last = told.get("desde"), told.get("hasta")
        if told.get("periodo") == Kind.DATES and first and last:
            if last < first:
                self.add_error("hasta", _("El último día es anterior al primero."))
            elif (last - first).days >= MOST_DAYS:
                message = _("Aquí caben tres años. Escoja fechas más cercanas.")
                self.add_error("hasta", ValidationError(message, code="too_long"))
        return told

    @property
    def period(self) -> Period:
        """What the valid form asks for."""
        told = self.cleaned_data
        kind, day = Kind(told["periodo"]), told.get("desde") or self.today
        if kind == Kind.DATES:
            last = told.get("hasta") or max(day, self.today)
            first = told.get("desde") or last.replace(day=1)
            return between(max(first, last - timedelta(days=MOST_DAYS - 1)), last, self.today)
        season = told.get("temporada") or season_on(self.seasons, self.today)
        if kind == Kind.SEASON and season is not None:
            return of_season(season, a_year_before(self.seasons, season), self.today)
        return around(kind, day, self.today)

    @property
    def scope(self) -> Scope:
        """Whose deliveries the valid form asks for."""
        told = self.cleaned_data
        return Scope(
            self.user,
            product=told["producto"],
            form=told.get("presentacion"),
            community=told["comunidad"],
            center=told["centro"],
        )

    @property
    def told(self) -> dict[str, str | int]:
        """What the valid form says, as it stands in the address of the same report tomorrow."""
        found: dict[str, str | int] = {}
        for name, value in self.cleaned_data.items():
            if isinstance(value, date):
                found[name] = value.isoformat()
            elif value not in (None, ""):
                found[name] = getattr(value, "pk", value)
        found.setdefault("producto", "")
        return found
