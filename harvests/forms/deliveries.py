"""What people fill in to correct, void or register a delivery, in the fields of docs/sync.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    CollectionCenter,
    Delivery,
    ProductForm,
    Quality,
    Variety,
)
from kallari.accounts.models import User
from kallari.api.creation import HYPHENATED
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from kallari.units import Unit
from members.models import Chakra, Family

if TYPE_CHECKING:
    from collections.abc import Mapping


KEPT = ("position", "price_line_seen", "supersedes")
"""Fields that the form does not ask, and that stay as they were told."""
MOST_CHOICES = 6
"""How many families are named when what was typed may mean several."""
PERCENT = Decimal(100)
_SPACES = re.compile(r"\s+")


class LocalMinuteInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%S", attrs={"step": "1"})


class DeliveryForm(forms.Form):
    """A delivery as it is told: what `told` returns are the fields of docs/sync.md.

    The form asks; whether it can be weighed, valued and written down, the services say.
    """

    family = forms.CharField(
        label=_("Familia"),
        max_length=80,
        help_text=_("Su código (F-0042), o su nombre si no hay otra que se llame así."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    product_form = forms.ModelChoiceField(
        label=_("Presentación"), queryset=ProductForm.objects.none(), to_field_name="code"
    )
    quality = forms.ModelChoiceField(
        label=_("Calidad"),
        queryset=Quality.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("La usual"),
    )
    variety = forms.ModelChoiceField(
        label=_("Variedad"),
        queryset=Variety.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("No se sabe"),
    )
    quantity = CommaOrPointField(label=_("Cantidad"), max_digits=12, decimal_places=3)
    unit = forms.ChoiceField(label=_("Unidad"), choices=Unit.choices)
    containers = forms.IntegerField(
        label=_("Envases"),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    tare_kg = CommaOrPointField(
        label=_("Tara de todos los envases (kg)"), required=False, decimal_places=3
    )
    deduction_kg = CommaOrPointField(label=_("Descuento (kg)"), required=False, decimal_places=3)
    deduction_reason = forms.CharField(
        label=_("Por qué se descuenta"), required=False, max_length=200
    )
    moisture_percent = CommaOrPointField(label=_("Humedad (%)"), required=False, decimal_places=1)
    harvested_on = forms.DateField(label=_("Cosechado el"), required=False, widget=DayInput())
    pollinated_on = forms.DateField(label=_("Polinizado el"), required=False, widget=DayInput())
    weighed_at = forms.DateTimeField(
        label=_("Pesado el"),
        widget=LocalMinuteInput(),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"],
        help_text=_("Día y hora del Ecuador. De ella dependen el precio y la certificación."),
    )
    center = forms.ModelChoiceField(
        label=_("Centro"),
        queryset=CollectionCenter.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("El único que está abierto"),
    )
    note = forms.CharField(
        label=_("Nota"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    CHAKRA = "chakra_"

    def __init__(
        self,
        *args: Any,
        user: User,
        told: Mapping[str, Any],
        family: Family | None = None,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            told: what was told before, in the fields of docs/sync.md: what the form begins with,
                and what it does not ask stays (the position, the price that was seen).
            family: whose chakras are asked about, where it is known.
        """
        self.before = dict(told)
        self.chakras: list[Chakra] = list(_chakras_of(family, user, self.before)) if family else []
        super().__init__(*args, **{"initial": initial_of(told, family)} | kwargs)
        self._user, self._family = user, family
        offered: dict[str, Any] = {
            "product_form": ProductForm.objects.visible_to(user).bought().select_related("product"),
            "quality": Quality.objects.visible_to(user).select_related("form"),
            "variety": Variety.objects.visible_to(user).select_related("product"),
            "center": CollectionCenter.objects.visible_to(user),
        }
        for name, rows in offered.items():
            field: Any = self.fields[name]
            field.queryset = rows
        self.fields["quality"].label_from_instance = _quality_label  # type: ignore[attr-defined]
        self.fields["variety"].label_from_instance = _variety_label  # type: ignore[attr-defined]
        for chakra in self.chakras:
            self.fields[f"{self.CHAKRA}{chakra.pk}"] = CommaOrPointField(
                label=_("Parte de la chakra %(chakra)s (%%)") % {"chakra": chakra},
                required=False,
                min_value=Decimal(0),
                max_value=PERCENT,
                decimal_places=4,
            )
        self.order_fields(
            [
                *(name for name in self.fields if name not in {"note", "reason"}),
                "note",
                "reason",
            ]
        )

    def clean_family(self) -> Family:
        typed = self.cleaned_data["family"]
        rows = Family.objects.visible_to(self._user).select_related("community")
        found = list(rows.find(_code_in(typed))[: MOST_CHOICES + 1])
        if len(found) == 1:
            return found[0]
        exactly = [one for one in found if one.name.casefold() == typed.strip().casefold()]
        if len(exactly) == 1:
            return exactly[0]
        if not found:
            raise ValidationError(
                _("No hay ninguna familia así. Escriba su código, como F-0042."), code="no_family"
            )
        named = ", ".join(f"{one} ({one.community})" for one in found[:MOST_CHOICES])
        raise ValidationError(
            _("Hay varias así: escriba el código de una. %(families)s"),
            code="several_families",
            params={"families": named},
        )

    def told(self) -> dict[str, Any]:
        """The delivery in the fields of docs/sync.md, of a valid form: numbers and days as text,
        what is empty left out; what was told before and is not asked here, as it was."""
        told = {name: self.before[name] for name in KEPT if name in self.before}
        data = self.cleaned_data
        family: Family = data["family"]
        told["family"] = str(family.pk)
        for name in ("product_form", "quality", "variety", "center"):
            if data.get(name) is not None:
                told[name] = data[name].code
        for name in ("unit", "deduction_reason", "note"):
            if data.get(name):
                told[name] = data[name]
        for name in ("quantity", "tare_kg", "deduction_kg", "moisture_percent"):
            if data.get(name) is not None:
                told[name] = f"{data[name]:f}"
        if data.get("containers"):
            told["containers"] = data["containers"]
        for name in ("harvested_on", "pollinated_on", "weighed_at"):
            if data.get(name):
                told[name] = data[name].isoformat()
        if _is_same_second(self.before.get("weighed_at"), data["weighed_at"]):
            told["weighed_at"] = self.before["weighed_at"]  # to the fraction of a second
        parts = [(chakra, data.get(f"{self.CHAKRA}{chakra.pk}")) for chakra in self.chakras]
        shares = [
            {"chakra": str(chakra.pk), "share": f"{_plain(part / PERCENT)}"}
            for chakra, part in parts
            if part
        ]
        if shares and self._family is not None and family.pk == self._family.pk:
            told["chakras"] = shares
        return told


class CorrectionForm(ReasonMixin, DeliveryForm):
    """A delivery as it should have been told, and why."""


class VoidForm(ReasonMixin):
    """Why a delivery never was."""


def _chakras_of(family: Family, user: User, told: Mapping[str, Any]) -> Iterable[Chakra]:
    """Those that the family works, and those given up since that were told of."""
    shares = told.get("chakras")
    named = [
        one["chakra"]
        for one in (shares if isinstance(shares, list) else [])
        if isinstance(one, dict) and HYPHENATED.fullmatch(str(one.get("chakra")))
    ]
    rows = Chakra.objects.visible_to(user).filter(family=family)
    return rows.filter(Q(closed_on=None) | Q(pk__in=named)).order_by("number")


def _quality_label(quality: Quality) -> str:
    return f"{quality.form}: {quality.name}"


def _variety_label(variety: Variety) -> str:
    return f"{variety.product}: {variety.name}"


def _code_in(typed: str) -> str:
    """The code in "Grefa Andi (F-0042)" or "Familia 42", as telephones call one that they do not
    know, or what was typed."""
    found = re.search(r"\bF-?\s*(\d{1,9})\b", typed, re.IGNORECASE | re.ASCII)
    found = found or re.fullmatch(r"\s*familia\s+(\d{1,9})\s*", typed, re.IGNORECASE | re.ASCII)
    return found[1] if found else _SPACES.sub(" ", typed)


def initial_of(told: Mapping[str, Any], family: Family | None = None) -> dict[str, Any]:
    """What a form begins with, from the fields of docs/sync.md; what cannot be read stays as it
    was sent, for somebody to mend."""
    initial = {name: told.get(name) for name in DeliveryForm.base_fields if told.get(name)}
    for name in ("quantity", "tare_kg", "deduction_kg", "moisture_percent"):
        if name in initial:
            initial[name] = _decimal_or_text(initial[name])
    if family is not None:
        initial["family"] = str(family)
    if isinstance(told.get("weighed_at"), str):
        initial["weighed_at"] = _instant_or_text(told["weighed_at"])
    shares = told.get("chakras")
    for share in shares if isinstance(shares, list) else []:
        if isinstance(share, dict):
            part = _decimal_or_text(share.get("share"))
            if isinstance(part, Decimal):
                initial[f"{DeliveryForm.CHAKRA}{share.get('chakra')}"] = _plain(part * PERCENT)
    return initial


def _decimal_or_text(value: Any) -> Any:
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", str(value), re.ASCII):
        return _plain(Decimal(str(value)))
    return value


def _plain(value: Decimal) -> Decimal:
    """The number without zeros that nobody typed, and never as 1E+2."""
    return Decimal(f"{value.normalize():f}")


def _instant_or_text(text: str) -> Any:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return text
    return told if timezone.is_naive(told) else timezone.localtime(told)


def _is_same_second(told: Any, shown: datetime) -> bool:
    before = _instant_or_text(str(told))
    return (
        isinstance(before, datetime)
        and timezone.is_aware(before)
        and before.replace(microsecond=0) == shown
    )


def told_of(delivery: Delivery) -> dict[str, Any]:
    """A delivery on record in the fields of docs/sync.md: what a correction begins with."""
    told: dict[str, Any] = {
        "family": str(delivery.family_id),
        "product_form": delivery.form.code,
        "quantity": f"{delivery.quantity:f}",
        "unit": delivery.unit,
        "weighed_at": timezone.localtime(delivery.weighed_at).isoformat(),
        "center": delivery.center.code,
        "containers": delivery.containers,
        "deduction_reason": delivery.deduction_reason,
        "note": delivery.note,
        "quality": delivery.quality.code if delivery.quality else None,
        "variety": delivery.variety.code if delivery.variety else None,
    }
    for name in ("tare_kg", "deduction_kg"):
        told[name] = f"{getattr(delivery, name):f}" if getattr(delivery, name) else None
    moisture = delivery.moisture_percent
    told["moisture_percent"] = None if moisture is None else f"{moisture:f}"
    for name in ("harvested_on", "pollinated_on"):
        value = getattr(delivery, name)
        told[name] = value and value.isoformat()
    if delivery.longitude is not None and delivery.latitude is not None:
        told["position"] = {
            "type": "Point",
            "coordinates": [float(delivery.longitude), float(delivery.latitude)],
            "accuracy_m": None if delivery.accuracy_m is None else float(delivery.accuracy_m),
        }
    told["chakras"] = [
        {"chakra": str(share.chakra_id), "share": f"{share.share.normalize():f}"}
        for share in delivery.shares.all()
    ]
    return {name: value for name, value in told.items() if value not in (None, "", [])}
