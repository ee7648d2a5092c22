"""What people fill in about lots and what moves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from harvests.forms.batches import SHORT_NOTE
from harvests.forms.outputs import WEIGHTS, WHOLE
from harvests.forms.places import MinuteField, PlaceField
from harvests.models import (
    STRONGEST_FIRST,
    CertificationClass,
    Lot,
    Place,
    Product,
    ProductForm,
    StockAdjustment,
)
from harvests.wording import counted
from kallari.forms import CommaOrPointField, ReasonMixin
from kallari.units import Unit, in_kg
from members.forms.lists import search_field

if TYPE_CHECKING:
    from kallari.accounts.models import User


class LotFilterForm(forms.Form):
    """Which lots a list shows."""

    shows_optional = False

    IN_STOCK, HELD, ALL = "saldo", "retenidos", "todos"

    buscar = search_field(_("Código o marcas"))
    producto = forms.ModelChoiceField(
        label=_("Producto"),
        required=False,
        queryset=Product.objects.none(),
        to_field_name="code",
        empty_label=_("Todos"),
    )
    presentacion = forms.ModelChoiceField(
        label=_("Presentación"),
        required=False,
        queryset=ProductForm.objects.none(),
        to_field_name="code",
        empty_label=_("Todas"),
    )
    certificacion = forms.ChoiceField(
        label=_("Certificación"),
        required=False,
        choices=[("", _("Todas")), *CertificationClass.choices],
    )
    lugar = forms.ModelChoiceField(
        label=_("Lugar"),
        required=False,
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=_("Todos"),
    )
    cuales = forms.ChoiceField(
        label=_("Cuáles"),
        required=False,
        choices=[
            (IN_STOCK, _("Con saldo")),
            (HELD, _("Retenidos")),
            (ALL, _("Todos, también los agotados")),
        ],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = {
            "producto": Product.objects.visible_to(user),
            "presentacion": ProductForm.objects.visible_to(user).select_related("product"),
            "lugar": Place.objects.visible_to(user),
        }
        for name, rows in offered.items():
            field: Any = self.fields[name]
            field.queryset = rows


class AmountForm(forms.Form):
    """How much of a lot: kilos in any unit, or pieces where it is counted."""

    whole = forms.BooleanField(label=_("Todo lo que queda"), required=False)
    quantity = CommaOrPointField(
        label=_("Cuánto"),
        required=False,
        min_value=Decimal("0.001"),
        max_digits=12,
        decimal_places=3,
    )
    unit = forms.ChoiceField(label=_("Unidad"), choices=WEIGHTS, initial=Unit.KG.value)
    pieces = forms.IntegerField(
        label=_("Cuántas unidades"),
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs=WHOLE),
    )

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_counted = lot.balance.pieces is not None
        for name in ("quantity", "unit") if self.is_counted else ("pieces",):
            del self.fields[name]
        self.lot = lot
        self.amount_name = "pieces" if self.is_counted else "quantity"
        amount = self.fields[self.amount_name]
        amount.required = not (self.is_bound and self.data.get("whole"))
        amount.error_messages["required"] = _("Escriba cuánto, o marque todo lo que queda.")

    def clean(self) -> dict[str, Any]:
        """Either all that is left or so much, and no more than is left."""
        told = super().clean() or self.cleaned_data
        asked = told.get(self.amount_name)
        if asked is None or "unit" in self.errors:
            return told
        if told.get("whole"):
            message = _("Marcó «Todo lo que queda» y también escribió cuánto: deje uno de los dos.")
            self.add_error(self.amount_name, ValidationError(message, code="both"))
            return told
        balance = self.lot.balance
        if self.is_counted and asked > (balance.pieces or 0):
            self._refuse(counted(Decimal(balance.pieces or 0), Unit.PIECE))
        elif not self.is_counted and in_kg(asked, told["unit"]) > balance.kg:
            self._refuse(counted(balance.kg, Unit.KG))
        return told

    def _refuse(self, left: str) -> None:
        self.add_error(
            self.amount_name,
            ValidationError(
                _("En el lote quedan %(left)s: escriba cuánto sale, o marque todo."),
                code="not_enough",
                params={"left": left},
            ),
        )

    @property
    def amount(self) -> dict[str, Any]:
        """As the services take it; nothing where it is all that is left."""
        told = self.cleaned_data
        if told.get("whole"):
            return {}
        if self.is_counted:
            return {"pieces": told["pieces"]}
        return {"kg": in_kg(told["quantity"], told["unit"])}


class DispatchForm(AmountForm):
    """What leaves the house."""

    recipient = forms.CharField(
        label=_("A quién se entrega"),
        max_length=160,
        help_text=_("Si hubiera que retirar el lote, así se le avisa."),
    )
    reference = forms.CharField(
        label=_("Documento"),
        required=False,
        max_length=80,
        help_text=_("Factura, guía o embarque."),
    )
    at = MinuteField(label=_("Cuándo"))
    note = forms.CharField(
        label=_("Nota"), required=False, max_length=500, widget=forms.Textarea(attrs=SHORT_NOTE)
    )

    field_order = ("recipient", "quantity", "unit", "pieces", "whole", "reference", "at", "note")

    @property
    def told(self) -> dict[str, Any]:
        """What `harvests.services.stock.dispatch_from_lot` is told."""
        told = self.cleaned_data
        return self.amount | {name: told[name] for name in ("recipient", "reference", "at", "note")}


class CountForm(ReasonMixin):
    """What somebody weighed or counted."""

    counted = CommaOrPointField(
        label=_("Se pesó"), min_value=Decimal(0), max_digits=12, decimal_places=3
    )
    unit = forms.ChoiceField(label=_("Unidad"), choices=WEIGHTS, initial=Unit.KG.value)
    counted_pieces = forms.IntegerField(
        label=_("Se contaron (unidades)"), min_value=0, widget=forms.TextInput(attrs=WHOLE)
    )

    field_order = ("counted", "unit", "counted_pieces", "reason")

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Por qué puede haber una diferencia.")
        if lot.balance.pieces is None:
            del self.fields["counted_pieces"]

    @property
    def told(self) -> dict[str, Any]:
        """What `harvests.services.stock.count_lot` is told."""
        told = self.cleaned_data
        return {
            "counted_kg": in_kg(told["counted"], told["unit"]),
            "counted_pieces": told.get("counted_pieces"),
            "reason": told["reason"],
        }


class WriteOffForm(ReasonMixin, AmountForm):
    """What spoiled, or was taken to be tasted."""

    kind = forms.ChoiceField(
        label=_("Qué pasó"),
        choices=[
            (StockAdjustment.Kind.SPOILED.value, _("Se dañó o se perdió")),
            (StockAdjustment.Kind.SAMPLE.value, _("Se tomó como muestra")),
        ],
        widget=forms.RadioSelect,
        initial=StockAdjustment.Kind.SPOILED.value,
    )

    field_order = ("kind", "quantity", "unit", "pieces", "whole", "reason")

    @property
    def told(self) -> dict[str, Any]:
        """What `harvests.services.stock.write_off` is told."""
        told = self.cleaned_data
        return self.amount | {"kind": told["kind"], "reason": told["reason"]}


class MoveLotForm(ReasonMixin):
    """Where a lot lies, and what stands on its sacks."""

    where = PlaceField(label=_("Dónde está"))
    sacks = forms.IntegerField(
        label=_("Sacos"), required=False, min_value=1, widget=forms.TextInput(attrs=WHOLE)
    )
    marks = forms.CharField(label=_("Marcas"), required=False, max_length=120)
    note = forms.CharField(
        label=_("Nota"), required=False, max_length=1000, widget=forms.Textarea(attrs=SHORT_NOTE)
    )

    field_order = ("where", "sacks", "marks", "note", "reason")

    def __init__(self, *args: Any, lot: Lot, user: User, **kwargs: Any) -> None:
        initial = {
            "where": lot.where.code if lot.where else None,
            "sacks": lot.sacks,
            "marks": lot.marks,
            "note": lot.note,
        }
        super().__init__(*args, **{"initial": initial} | kwargs)
        places: Any = self.fields["where"]
        places.offer(user, "store")
        self.fields["reason"].help_text = _("Por ejemplo: se pasó a la bodega de exportación.")


class HoldForm(ReasonMixin):
    """Why nothing may leave a lot."""

    with_all_made_of_it = forms.BooleanField(
        label=_("También todo lo que se hizo con él"), required=False, initial=True
    )

    field_order = ("with_all_made_of_it", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Una duda, un resultado que se espera, un reclamo.")


class DowngradeForm(ReasonMixin):
    """To which class a lot falls."""

    to = forms.ChoiceField(label=_("Queda como"), widget=forms.RadioSelect)

    field_order = ("to", "reason")

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(CertificationClass.choices)
        weaker = STRONGEST_FIRST[STRONGEST_FIRST.index(lot.certification_class) + 1 :]
        choices: Any = self.fields["to"]
        choices.choices = [(one, labels[one]) for one in weaker]
        self.fields["reason"].help_text = _("Qué se encontró, y con qué documento.")


class DecisionForm(ReasonMixin):
    """Whether another person agrees to a difference."""

    AGREES, REFUSES = "si", "no"

    agrees = forms.ChoiceField(
        label=_("Su decisión"),
        choices=[
            (AGREES, _("De acuerdo: es lo que hay")),
            (REFUSES, _("No: se rechaza, el saldo queda como estaba")),
        ],
        widget=forms.RadioSelect,
    )

    field_order = ("agrees", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Qué revisó usted.")

    @property
    def told(self) -> dict[str, Any]:
        """What `harvests.services.stock.decide_adjustment` is told."""
        told = self.cleaned_data
        return {"agrees": told["agrees"] == self.AGREES, "reason": told["reason"]}
