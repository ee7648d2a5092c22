"""Of which product, kind of process and days a report of stock speaks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import ProcessKind, Product
from harvests.reports.periods import MOST_DAYS, Span
from kallari.forms import DayInput
from members.forms.lists import EARLIEST_DAY, LATEST_DAY

if TYPE_CHECKING:
    from kallari.accounts.models import User


class SpanForm(forms.Form):
    """Some days, the year until today unless somebody says otherwise."""

    use_required_attribute = False
    shows_optional = False

    desde = forms.DateField(label=_("Desde"), required=False, widget=DayInput())
    hasta = forms.DateField(label=_("Hasta"), required=False, widget=DayInput())

    def __init__(self, asked: dict[str, Any], *, user: User) -> None:
        today = timezone.localdate()
        told = dict(asked)
        told.setdefault("desde", date(today.year, 1, 1).isoformat())
        told.setdefault("hasta", today.isoformat())
        super().__init__(told)

    def clean(self) -> dict[str, Any]:
        """Days that no report holds are refused; two that are turned round too."""
        told = super().clean() or {}
        first, last = told.get("desde"), told.get("hasta")
        for name, day in (("desde", first), ("hasta", last)):
            if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
                self.add_error(name, _("De un día tan lejano no se sabe nada."))
        if first and last and last < first:
            self.add_error("hasta", _("El último día es anterior al primero."))
        elif first and last and (last - first).days >= MOST_DAYS:
            message = _("Aquí caben tres años. Escoja fechas más cercanas.")
            self.add_error("hasta", ValidationError(message, code="too_long"))
        return told

    @property
    def span(self) -> Span:
        """What the valid form asks for."""
        last = self.cleaned_data.get("hasta") or timezone.localdate()
        first = self.cleaned_data.get("desde") or date(last.year, 1, 1)
        return Span(max(min(first, last), last - timedelta(days=MOST_DAYS - 1)), last)


class BalanceForm(SpanForm):
    """Of which product the kilos are balanced."""

    producto = forms.ModelChoiceField(
        label=_("Producto"), queryset=Product.objects.none(), required=False, empty_label=None
    )
    field_order: Any = ("producto", "desde", "hasta")

    def __init__(self, asked: dict[str, Any], *, user: User) -> None:
        self.products = list(Product.objects.visible_to(user))
        told = dict(asked)
        if self.products:
            told.setdefault("producto", str(self.products[0].pk))
        super().__init__(told, user=user)
        field: Any = self.fields["producto"]
        field.queryset = Product.objects.visible_to(user)

    @property
    def product(self) -> Product | None:
        """What the valid form asks for."""
        chosen: Product | None = self.cleaned_data.get("producto")
        return chosen or (self.products[0] if self.products else None)


class StockReportForm(BalanceForm):
    """And of which kind of process the yields are shown."""

    proceso = forms.ModelChoiceField(
        label=_("Rendimiento de"),
        queryset=ProcessKind.objects.none(),
        required=False,
        empty_label=None,
    )
    field_order: Any = ("producto", "proceso", "desde", "hasta")

    def __init__(self, asked: dict[str, Any], *, user: User) -> None:
        self.kinds = list(ProcessKind.objects.visible_to(user))
        super().__init__(asked, user=user)
        field: Any = self.fields["proceso"]
        field.queryset = ProcessKind.objects.visible_to(user)

    @property
    def kind(self) -> ProcessKind | None:
        """What the valid form asks for."""
        chosen: ProcessKind | None = self.cleaned_data.get("proceso")
        return chosen or (self.kinds[0] if self.kinds else None)
