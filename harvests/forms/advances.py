"""What people fill in about advances."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from harvests.forms.settlements import offer_open_boxes, open_box_field
from harvests.models import Advance
from kallari.forms import CommaOrPointField, DayInput
from members.forms.community_life import SHORT_NOTE, ServiceForm
from members.forms.lists import FilterForm, community_field, search_field, year_field
from members.models import Family, InputDistribution


class AdvanceFilterForm(FilterForm):
    """Which advances a list shows."""

    VALID, VOIDED = "validos", "anulados"

    buscar = search_field(_("Familia, persona o recibo"))
    comunidad = community_field()
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[(VALID, _("Válidos")), (VOIDED, _("Anulados"))],
    )
    anio = year_field()


class InputsField(forms.ModelChoiceField):
    """A handing out of inputs, by what and when."""

    def label_from_instance(self, obj: Any) -> str:
        day = date_format(obj.handed_on, "SHORT_DATE_FORMAT")
        return f"{obj.code}: {obj.kind}, {day}"


class AdvanceForm(ServiceForm):
    """Money to a family, or inputs on credit."""

    needed = ("kind",)

    inputs = InputsField(
        label=_("Qué insumos"),
        required=False,
        queryset=InputDistribution.objects.none(),
        empty_label=_("Ninguna entrega registrada"),
        help_text=_("Si es a crédito: la entrega de insumos que la familia debe."),
    )
    session = open_box_field(
        empty_label=_("De ninguna caja registrada"),
        help_text=_("Si es dinero de una caja abierta, sale de ella."),
    )
    field_order = (
        "kind",
        "amount_usd",
        "session",
        "inputs",
        "given_on",
        "given_by",
        "purpose",
        "note",
    )

    class Meta:
        model = Advance
        fields: ClassVar[list[str]] = [
            "kind",
            "amount_usd",
            "given_on",
            "given_by",
            "purpose",
            "note",
        ]
        field_classes: ClassVar[dict[str, Any]] = {"amount_usd": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {
            "kind": forms.RadioSelect(),
            "given_on": DayInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, user: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices, kind.required = Advance.Kind.choices, False
        inputs: Any = self.fields["inputs"]
        owed = Advance.objects.valid().exclude(inputs=None).values("inputs")
        handed_out = InputDistribution.objects.visible_to(user).filter(family=family)
        inputs.queryset = (
            handed_out.filter(voided_on=None).exclude(pk__in=owed).select_related("kind")
        )
        offer_open_boxes(self.fields["session"], user)
        self.fields["given_on"].initial = timezone.localdate()
        self.fields["given_by"].initial = user.get_full_name()
        self.fields["purpose"].help_text = _("Por ejemplo: cosecha de marzo, útiles escolares.")

    def clean_kind(self) -> str:
        """What is not said is money, as it always was."""
        return self.cleaned_data["kind"] or Advance.Kind.CASH
