"""What people fill in about prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    CertificationClass,
    MarketPrice,
    PriceLine,
    PriceList,
    Product,
    ProductForm,
    Quality,
)
from harvests.services.prices import TablePrice
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from kallari.units import PRICE_STEP, Unit
from members.forms.community_life import SHORT_NOTE, ServiceForm


class PriceListForm(ServiceForm):
    """A price list to begin."""

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = ["name", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs=SHORT_NOTE)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Por ejemplo: Precios de marzo de 2026.")


class PriceListCorrectionForm(ReasonMixin, PriceListForm):
    """A draft to correct."""

    field_order = ("name", "note", "reason")


class ApprovalForm(forms.Form):
    """The resolution that approves a list."""

    resolution = forms.CharField(
        label=_("Resolución"),
        max_length=120,
        help_text=_("Con su número y fecha, como está en el acta."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PublicationForm(forms.Form):
    """From which instant on."""

    valid_from = forms.DateTimeField(
        label=_("Rige desde"),
        required=False,
        help_text=_("Día y hora. Vacío: desde este momento."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


@dataclass(frozen=True)
class PriceFields:
    """The two fields of one kind."""

    certification_class: CertificationClass
    price: BoundField
    premium: BoundField


@dataclass(frozen=True)
class QualityFields:
    """The fields of one quality."""

    quality: Quality
    kinds: list[PriceFields]


@dataclass(frozen=True)
class FormFields:
    """The fields of one form: its unit, and its qualities."""

    form: ProductForm
    unit: BoundField
    qualities: list[QualityFields]
    had_other_units: bool


def _number(label: Any, *, at_least: Decimal) -> CommaOrPointField:
    names: dict[str, Any] = {"inputmode": "decimal", "autocomplete": "off", "aria-label": label}
    return CommaOrPointField(
        label=label,
        required=False,
        max_digits=10,
        decimal_places=4,
        min_value=at_least,
        widget=forms.TextInput(attrs=names),
    )


def _shown(value: Decimal) -> Decimal:
    """Without zeros at the end beyond cents."""
    cents = value.quantize(Decimal("0.01"))
    return cents if cents == value else value


class PriceTableForm(forms.Form):
    """A whole draft, typed at once: a price and a premium for each quality and class."""

    def __init__(
        self,
        *args: Any,
        qualities: list[Quality],
        lines: list[PriceLine],
        in_force: list[PriceLine],
        **kwargs: Any,
    ) -> None:
        """
        Args:
            lines: what the draft has.
            in_force: what is paid now: a form that has no price yet begins with its unit.
        """
        super().__init__(*args, **kwargs)
        self._qualities = qualities
        self._lines = {(line.quality_id, line.certification_class): line for line in lines}
        for form in self._forms:
            units = [unit for unit in Unit if (unit == Unit.PIECE) != form.is_weighed]
            used = [line.unit for line in (*lines, *in_force) if line.form_id == form.pk]
            self.fields[f"unit-{form.pk}"] = forms.ChoiceField(
                label=_("Precio por"),
                choices=[(unit.value, unit.label) for unit in units],
                initial=used[0] if used else form.unit,
            )
        for quality in qualities:
            for one in CertificationClass:
                line = self._lines.get((quality.pk, one.value))
                what = {"form": quality.form.name, "quality": quality.name, "class": one.label}
                price = _number(
                    _("Precio de %(form)s, %(quality)s, %(class)s") % what, at_least=PRICE_STEP
                )
                premium = _number(
                    _("Premio de %(form)s, %(quality)s, %(class)s") % what, at_least=Decimal(0)
                )
                if line is not None:
                    price.initial = _shown(line.price_usd)
                    premium.initial = _shown(line.premium_usd) if line.premium_usd else None
                self.fields[_name("price", quality, one)] = price
                self.fields[_name("premium", quality, one)] = premium

    @property
    def _forms(self) -> list[ProductForm]:
        return list({quality.form_id: quality.form for quality in self._qualities}.values())

    def tables(self) -> list[FormFields]:
        """The fields as the page lays them out."""
        return [
            FormFields(
                form,
                self[f"unit-{form.pk}"],
                [
                    QualityFields(
                        quality,
                        [
                            PriceFields(
                                one,
                                self[_name("price", quality, one)],
                                self[_name("premium", quality, one)],
                            )
                            for one in CertificationClass
                        ],
                    )
                    for quality in self._qualities
                    if quality.form_id == form.pk
                ],
                len({line.unit for line in self._lines.values() if line.form_id == form.pk}) > 1,
            )
            for form in self._forms
        ]

    def clean(self) -> dict[str, Any]:
        """A premium goes on top of a price."""
        told = super().clean() or {}
        for quality in self._qualities:
            for one in CertificationClass:
                name = _name("price", quality, one)
                if name in told and told[name] is None and told.get(_name("premium", quality, one)):
                    self.add_error(name, _("Hay un premio sin precio: escriba el precio."))
        return told

    def prices(self) -> list[TablePrice]:
        """What was typed, for the service."""
        told = self.cleaned_data
        return [
            TablePrice(
                quality=quality,
                certification_class=one.value,
                unit=told[f"unit-{quality.form_id}"],
                price_usd=told[_name("price", quality, one)],
                premium_usd=told[_name("premium", quality, one)] or Decimal(0),
            )
            for quality in self._qualities
            for one in CertificationClass
        ]


def _name(what: str, quality: Quality, one: CertificationClass) -> str:
    return f"{what}-{quality.pk}-{one.value}"


class MarketPriceForm(ServiceForm):
    """What the market paid on a day."""

    class Meta:
        model = MarketPrice
        fields: ClassVar[list[str]] = ["product", "day", "usd_per_tonne", "source"]
        field_classes: ClassVar[dict[str, Any]] = {"usd_per_tonne": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {"day": DayInput()}

    reason = forms.CharField(
        label=_("Motivo, si corrige un precio ya anotado"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["product"]
        choices.queryset = products
        self.fields["source"].help_text = _("Por ejemplo: ICE Nueva York, cierre.")


class MarketFilterForm(forms.Form):
    """Which market prices a list shows."""

    shows_optional = False

    producto = forms.ModelChoiceField(
        label=_("Producto"), queryset=Product.objects.none(), required=False, empty_label=_("Todos")
    )

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["producto"]
        choices.queryset = products
