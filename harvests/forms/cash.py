"""What people fill in about cash boxes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from harvests.models import CashBox, CashMovement, CashSession
from kallari.forms import CommaOrPointField
from members.forms.community_life import ServiceForm


class CashBoxForm(ServiceForm):
    """A place where money is kept."""

    class Meta:
        model = CashBox
        fields: ClassVar[list[str]] = ["name", "center", "custodian"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        custodians: Any = self.fields["custodian"]
        custodians.queryset = custodians.queryset.filter(is_active=True).order_by("full_name")


class OpenForm(ServiceForm):
    """What is in the box when it is opened."""

    needed = ("opening_note",)  # its help says when

    class Meta:
        model = CashSession
        fields: ClassVar[list[str]] = ["opening_usd", "opening_note"]
        field_classes: ClassVar[dict[str, Any]] = {"opening_usd": CommaOrPointField}


class CloseForm(ServiceForm):
    """What was counted at the end."""

    needed = ("closing_note",)

    counted_usd = CommaOrPointField(
        label=_("Dinero contado (USD)"), min_value=0, max_digits=12, decimal_places=2
    )

    class Meta:
        model = CashSession
        fields: ClassVar[list[str]] = ["counted_usd", "closing_note"]
        help_texts: ClassVar[dict[str, Any]] = {
            "closing_note": _("Hace falta si lo contado no es lo que debía haber."),
        }


class MoveForm(ServiceForm):
    """Money put in, or taken to the bank."""

    class Meta:
        model = CashMovement
        fields: ClassVar[list[str]] = ["kind", "amount_usd", "note"]
        field_classes: ClassVar[dict[str, Any]] = {"amount_usd": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {"kind": forms.RadioSelect()}
        help_texts: ClassVar[dict[str, Any]] = {"amount_usd": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in CashMovement.TYPED]
