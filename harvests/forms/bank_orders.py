"""The form by which one order to the bank pays many families."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Payment, Settlement
from kallari.forms import DayInput

USD = re.compile(r"[0-9]{1,10}\.[0-9]{2}", re.ASCII)


class BankOrderForm(forms.Form):
    """Which settlements it pays, all that is owed on each, and what the bank calls it."""

    settlement = forms.ModelMultipleChoiceField(
        queryset=Settlement.objects.none(),
        error_messages={"required": _("Marque al menos una liquidación.")},
    )
    reference = forms.CharField(
        label=_("Número de la transferencia"),
        max_length=Payment._meta.get_field("reference").max_length,
        help_text=_("El de la orden al banco: queda en el recibo de cada familia."),
    )
    paid_on = forms.DateField(label=_("Día del pago"), widget=DayInput())
    paid_by = forms.CharField(
        label=_("Quién paga"), max_length=Payment._meta.get_field("paid_by").max_length
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settlements: Any = self.fields["settlement"]
        settlements.queryset = Settlement.objects.visible_to(user)
        self.fields["paid_on"].initial = timezone.localdate()
        self.fields["paid_by"].initial = user.get_full_name()

    @property
    def told_fields(self) -> list[forms.BoundField]:
        """All but the choice of settlements, which stands in the table."""
        return [self[name] for name in self.fields if name != "settlement"]

    @property
    def seen(self) -> dict[UUID, Decimal]:
        """What was owed on each that is ticked, as far as the page that was sent said it."""
        told = {one.pk: self.data.get(f"owed-{one.pk}") for one in self.cleaned_data["settlement"]}
        return {key: Decimal(usd) for key, usd in told.items() if usd and USD.fullmatch(usd)}

    @property
    def ticked(self) -> set[str]:
        """The keys that were ticked when this was sent."""
        sent: Any = self.data
        return set(sent.getlist("settlement")) if self.is_bound else set()
