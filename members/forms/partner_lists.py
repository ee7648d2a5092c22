"""Which day a list is of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.forms import DayInput


def _refuse_future(day: date | None) -> date | None:
    if day is not None and day > timezone.localdate():
        raise ValidationError(
            _("Ese día todavía no llega: la lista dice quién era, no quién será."),
            code="in_the_future",
        )
    return day


class DayForm(forms.Form):
    """One day, today without one."""

    use_required_attribute = False

    fecha = forms.DateField(
        label=_("Lista al"),
        required=False,
        widget=DayInput(),
        help_text=_("Cualquier día hasta hoy."),
    )

    def clean_fecha(self) -> date | None:
        return _refuse_future(self.cleaned_data["fecha"])


class PeriodForm(forms.Form):
    """Two days, to see what changed between them."""

    use_required_attribute = False

    desde = forms.DateField(label=_("Entre el"), widget=DayInput())
    hasta = forms.DateField(label=_("y el"), widget=DayInput())

    def clean_desde(self) -> date | None:
        return _refuse_future(self.cleaned_data["desde"])

    def clean_hasta(self) -> date | None:
        return _refuse_future(self.cleaned_data["hasta"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("desde"), told.get("hasta")
        if first is not None and last is not None and first > last:
            self.add_error(
                "hasta",
                ValidationError(_("Es anterior al primer día."), code="before_the_first"),
            )
        return told
