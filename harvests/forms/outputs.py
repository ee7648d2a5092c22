"""What came out of a process: a row for each lot, weighed in kilos, pounds or quintals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from harvests.forms.batches import SHORT_NOTE
from harvests.forms.places import MinuteField, PlaceField
from harvests.models import STRONGEST_FIRST, Batch, CertificationClass, ProductForm
from harvests.services.batches import Given
from kallari.forms import CommaOrPointField
from kallari.units import Unit, in_kg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kallari.accounts.models import User

ROWS = 1
MOST_ROWS = 20
WEIGHTS = [(Unit.KG.value, "kg"), (Unit.LB.value, "lb"), (Unit.QQ.value, "qq")]
WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


class OutputForm(forms.Form):
    """One lot to come. A row of which nothing is told is no lot."""

    form = forms.ModelChoiceField(
        label=_("Qué salió"), queryset=ProductForm.objects.none(), to_field_name="code"
    )
    pieces = forms.IntegerField(
        label=_("Unidades"), required=False, min_value=1, widget=forms.TextInput(attrs=WHOLE)
    )
    quantity = CommaOrPointField(
        label=_("Peso"),
        required=False,
        min_value=Decimal("0.001"),
        max_digits=12,
        decimal_places=3,
    )
    unit = forms.ChoiceField(label=_("Unidad"), choices=WEIGHTS, initial=Unit.KG.value)
    added_kg = CommaOrPointField(
        label=_("De eso, ingredientes agregados (kg)"),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=3,
        help_text=_("Azúcar, leche: no cuentan como kilos de las familias."),
    )
    where = PlaceField(label=_("Dónde queda"))
    sacks = forms.IntegerField(
        label=_("Sacos"), required=False, min_value=1, widget=forms.TextInput(attrs=WHOLE)
    )
    marks = forms.CharField(label=_("Marcas"), required=False, max_length=120)
    certification_class = forms.ChoiceField(label=_("Certificación"), required=False)
    note = forms.CharField(label=_("Nota"), required=False, max_length=1000)

    def __init__(
        self,
        *args: Any,
        batch: Batch,
        user: User,
        given: Sequence[ProductForm],
        least: str,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            given: what may come out.
            least: the weakest class of what went in.
        """
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["form"]
        keys = [one.pk for one in given]
        shown.queryset = ProductForm.objects.filter(pk__in=keys).order_by("place", "name")
        shown.empty_label = None if len(given) == 1 else _("Escoja")
        shown.initial = given[0].code if len(given) == 1 else None
        places: Any = self.fields["where"]
        places.offer(user, "store")
        if all(one.is_weighed for one in given):
            del self.fields["pieces"]
            self.fields["quantity"].required = True
        elif any(one.piece_kg for one in given):
            self.fields["quantity"].help_text = _(
                "Vacío: las unidades por lo que pesa cada una, menos lo agregado."
            )
        if not batch.kind.asks_added:
            del self.fields["added_kg"]
        labels = dict(CertificationClass.choices)
        weaker = STRONGEST_FIRST[STRONGEST_FIRST.index(least) + 1 :]
        classes: Any = self.fields["certification_class"]
        classes.choices = [
            ("", _("%(class)s (lo que entró)") % {"class": labels[least]}),
            *((one, labels[one]) for one in weaker),
        ]

    @property
    def is_told(self) -> bool:
        """Whether it says that something came out."""
        told = self.cleaned_data
        return bool(told.get("quantity") or told.get("pieces"))

    def clean(self) -> dict[str, Any]:
        """What is counted says how many; what is weighed, how heavy."""
        told = super().clean() or self.cleaned_data
        form = told.get("form")
        if form is None or self.errors:
            return told
        if form.is_weighed and told.get("pieces"):
            self.add_error(
                "pieces",
                ValidationError(_("%(form)s se pesa.") % {"form": form.name}, code="weighed"),
            )
        if not form.is_weighed and not told.get("pieces"):
            self.add_error(
                "pieces",
                ValidationError(
                    _("Se cuenta por unidades: escriba cuántas."), code="pieces_required"
                ),
            )
        if told.get("quantity") is None and form.piece_kg is None:
            message = _("Escriba cuánto pesó.")
            self.add_error("quantity", ValidationError(message, code="weight_required"))
        elif not self.errors and self.kg <= 0:
            message = _("Lo agregado pesa tanto o más que todo: revise los números.")
            self.add_error("added_kg", ValidationError(message, code="all_added"))
        return told

    @property
    def kg(self) -> Decimal:
        """Kilos of the families: what was weighed, or what the pieces weigh, less what was
        added."""
        told = self.cleaned_data
        added = told.get("added_kg") or Decimal(0)
        quantity = told.get("quantity")
        if quantity is not None:
            return in_kg(quantity, told["unit"]) - added
        piece_kg: Decimal = told["form"].piece_kg
        return piece_kg * int(told["pieces"]) - added

    def given(self) -> Given:
        """As the services take it."""
        told = self.cleaned_data
        return Given(
            form=told["form"],
            kg=self.kg,
            pieces=None if told["form"].is_weighed else told.get("pieces"),
            where=told["where"],
            certification_class=told["certification_class"],
            sacks=told["sacks"],
            marks=told["marks"],
            added_kg=told.get("added_kg") or Decimal(0),
            note=told["note"],
        )


class OutputFormSet(forms.BaseFormSet):
    """All that came out at once."""

    def given(self) -> list[Given]:
        """Those rows that say something."""
        return [one.given() for one in self.forms if one.has_changed() and one.is_told]


OutputRows = forms.formset_factory(
    OutputForm, formset=OutputFormSet, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class TakeOutForm(forms.Form):
    """When it came out."""

    at = MinuteField(label=_("Cuándo salió"))


class FinishForm(forms.Form):
    """When the last came out; and why so much or so little did."""

    ended_at = MinuteField(label=_("Cuándo terminó"))
    yield_note = forms.CharField(
        label=_("Por qué salió más o menos de lo esperado"),
        required=False,
        max_length=500,
        help_text=_("Solo si el rendimiento no es el esperado."),
        widget=forms.Textarea(attrs=SHORT_NOTE),
    )
