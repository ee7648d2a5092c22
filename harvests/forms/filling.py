"""Choosing what goes into a process: one box to tick and one weight for each thing there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.forms.batches import SHORT_NOTE, center_field
from harvests.forms.places import MinuteField, PlaceField
from harvests.models import (
    CertificationClass,
    CollectionCenter,
    Delivery,
    Lot,
    ProcessKind,
    ProcessPhase,
    ProductForm,
)
from harvests.services.ledger import Taken, weakest
from harvests.usable import Usable, Wanted, forms_taken, usable
from harvests.wording import plain
from kallari.forms import CommaOrPointField, DayInput
from members.forms.lists import FilterForm, community_field, search_field

if TYPE_CHECKING:
    from kallari.accounts.models import User

USUAL_DAYS = timedelta(days=14)
"""How far back deliveries are offered when nobody asked for days."""
KEY = re.compile(r"^take-([dl][0-9a-f]{32})$", re.ASCII)
PIECES = {"inputmode": "numeric", "autocomplete": "off"}
KILOS = {"inputmode": "decimal", "autocomplete": "off"}


@dataclass(frozen=True)
class Row:
    """A line of the page: what there is, and its fields."""

    usable: Usable
    take: BoundField
    kg: BoundField | None
    pieces: BoundField | None


class NarrowingForm(FilterForm):
    """What is offered. It travels with what is chosen, so that neither is lost."""

    buscar = search_field(_("Folio, familia o lote"))
    presentacion = forms.ModelChoiceField(
        label=_("Presentación"),
        required=False,
        queryset=ProductForm.objects.none(),
        to_field_name="code",
        empty_label=_("Todas"),
    )
    desde = forms.DateField(label=_("Entregado desde"), required=False, widget=DayInput())
    hasta = forms.DateField(label=_("hasta"), required=False, widget=DayInput())
    comunidad = community_field()
    certificacion = forms.ChoiceField(
        label=_("Certificación"),
        required=False,
        choices=[("", _("Todas")), *CertificationClass.choices],
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        kind: ProcessKind,
        usual_form: ProductForm | None = None,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            usual_form: what is in the batch, or the lot that the address names. Where a process
                takes several, the choice is narrowed to it until somebody asks for another: one
                product does not mix with another.
        """
        super().__init__(*args, user=user, **kwargs)
        self.fields["desde"].initial = timezone.localdate() - USUAL_DAYS
        self.taken = forms_taken(kind)
        self.usual_form = usual_form if self.taken is None or len(self.taken) > 1 else None
        shown: Any = self.fields["presentacion"]
        shown.queryset = ProductForm.objects.select_related("product").order_by(
            "product__place", "product__name", "place", "name"
        )
        if self.taken is not None:
            shown.queryset = shown.queryset.filter(pk__in=self.taken)
        shown.initial = self.usual_form.code if self.usual_form else None

    @property
    def form(self) -> ProductForm | None:
        """The only form that is offered; None: all that may go in."""
        if not self.is_bound or not self.is_valid():
            return self.usual_form
        found: ProductForm | None = self.cleaned_data["presentacion"]
        return found

    @property
    def forms(self) -> set[int] | None:
        """The forms that are offered; None: all."""
        return self.taken if self.form is None else {self.form.pk}

    @property
    def is_of_usual_days(self) -> bool:
        """Whether deliveries older than the usual days are left out."""
        return self.wanted.first == timezone.localdate() - USUAL_DAYS

    @property
    def wanted(self) -> Wanted:
        """To what the choice is narrowed; the usual days until somebody asked."""
        if not self.is_bound or not self.is_valid():
            return Wanted(first=timezone.localdate() - USUAL_DAYS)
        told = self.cleaned_data
        return Wanted(
            told["desde"],
            told["hasta"],
            told["comunidad"],
            told["certificacion"],
            told["buscar"],
        )


class FillingForm(forms.Form):
    """What goes into a batch, of what there is."""

    MIXED = "mixed"

    mixed = forms.BooleanField(
        label=_("Sí: se mezcla, y todo baja a la certificación más débil"), required=False
    )

    def __init__(
        self,
        *args: Any,
        kind: ProcessKind,
        user: User,
        narrowing: NarrowingForm,
        in_class: str | None = None,
        chosen: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        """
        Args:
            in_class: of what lies in the batch already.
            chosen: what is ticked from the beginning, as `Usable.key` names it.
        """
        super().__init__(*args, **kwargs)
        self.in_class = in_class
        ticked = self._ticked() if self.is_bound else chosen
        offered = narrowing.forms
        if offered is not None:
            # What is ticked stays in sight, whatever is asked; so does what may not go in: the
            # service says why.
            offered = offered | _forms_of(ticked)
        self.offered = usable(user, offered, narrowing.wanted, ticked)
        for one in self.offered:
            self._add_fields(one, one.key in chosen)
        if self.is_bound:
            self._fill_in_new_rows()

    def _ticked(self) -> tuple[str, ...]:
        found = (KEY.match(name) for name in self.data)
        return tuple(one[1] for one in found if one)

    def _fill_in_new_rows(self) -> None:
        """Rows that were not on the page that was sent say how much is left, as on a new page."""
        told: Any = self.data
        self.data = told = told.copy()
        for name, field in self.fields.items():
            if name.startswith(("kg-", "pieces-")) and name not in told:
                told[name] = str(field.prepare_value(field.initial))

    def _add_fields(self, one: Usable, is_chosen: bool) -> None:
        label = str(one.source)
        self.fields[f"take-{one.key}"] = forms.BooleanField(
            label=label,
            required=False,
            initial=is_chosen,
            widget=forms.CheckboxInput(attrs={"aria-label": label}),
        )
        if one.left_pieces is not None:
            named = _("Unidades de %(source)s") % {"source": label}
            self.fields[f"pieces-{one.key}"] = forms.IntegerField(
                label=named,
                required=False,
                min_value=1,
                initial=one.left_pieces,
                widget=forms.TextInput(attrs=PIECES | {"aria-label": named}),
            )
            return
        named = _("Kilos de %(source)s") % {"source": label}
        self.fields[f"kg-{one.key}"] = CommaOrPointField(
            label=named,
            widget=forms.TextInput(attrs=KILOS | {"aria-label": named}),
            required=False,
            min_value=Decimal("0.001"),
            max_digits=12,
            decimal_places=3,
            initial=_short(one.left_kg),
        )

    @cached_property
    def rows(self) -> list[Row]:
        """What there is, with its fields."""
        return [
            Row(
                one,
                self[f"take-{one.key}"],
                self[f"kg-{one.key}"] if f"kg-{one.key}" in self.fields else None,
                self[f"pieces-{one.key}"] if f"pieces-{one.key}" in self.fields else None,
            )
            for one in self.offered
        ]

    @property
    def lots(self) -> list[Row]:
        """The lots among them."""
        return [one for one in self.rows if one.usable.is_lot]

    @property
    def deliveries(self) -> list[Row]:
        """The deliveries among them."""
        return [one for one in self.rows if not one.usable.is_lot]

    @property
    def told_fields(self) -> list[BoundField]:
        """Those that are neither a line nor the question about mixing."""
        return [self[name] for name in self.fields if "-" not in name and name != self.MIXED]

    def clean(self) -> dict[str, Any]:
        """Something is chosen, no more than is left, and what mixes classes is meant."""
        told = super().clean() or self.cleaned_data
        for one in self.offered:
            kg = told.get(f"kg-{one.key}")
            if told.get(f"take-{one.key}") and kg is not None and kg > one.left_kg:
                self.add_error(
                    f"kg-{one.key}",
                    ValidationError(
                        _("Quedan %(left)s kg."),
                        code="not_enough",
                        params={"left": plain(one.left_kg)},
                    ),
                )
        missing = [key for key in self._ticked() if key not in {one.key for one in self.offered}]
        if missing:
            message = _("Algo de lo que marcó ya no está: alguien lo usó. Revise lo que queda.")
            raise ValidationError(message, code="gone")
        if self.needs_consent and not told.get(self.MIXED):
            self.add_error(
                self.MIXED,
                ValidationError(
                    _("Se mezclan certificaciones distintas. Confírmelo, o quite lo que no va."),
                    code="mixed",
                ),
            )
        return told

    @property
    def classes(self) -> set[str]:
        """The certification classes of what is chosen, and of what lies in the batch."""
        told = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else {}
        found = {
            one.source.certification_class
            for one in self.offered
            if told.get(f"take-{one.key}", self.fields[f"take-{one.key}"].initial)
        }
        return found | ({self.in_class} if self.in_class else set())

    @property
    def needs_consent(self) -> bool:
        """Whether something would lose its certification by being mixed."""
        return len(self.classes) > 1

    @property
    def resulting(self) -> str:
        """The class that would come out, in words; empty while nothing is chosen."""
        found = self.classes
        return str(CertificationClass(weakest(found)).label) if found else ""

    def taken(self) -> list[Taken]:
        """What was chosen, as the services take it; a weight left empty is all that is left."""
        told = self.cleaned_data
        return [
            Taken(one.source, told.get(f"kg-{one.key}"), told.get(f"pieces-{one.key}"))
            for one in self.offered
            if told.get(f"take-{one.key}")
        ]

    def as_chosen(self) -> Mapping[str, Any]:
        """For a page shown again: nothing was asked for yet, so nothing is wrong."""
        self.full_clean()
        self._errors = forms.utils.ErrorDict()
        return self.cleaned_data


class StartForm(FillingForm):
    """A batch to begin."""

    center = center_field(required=True, empty_label=None)
    where = PlaceField()
    started_at = MinuteField(label=_("Empezó"))
    note = forms.CharField(
        label=_("Nota"), required=False, max_length=1000, widget=forms.Textarea(attrs=SHORT_NOTE)
    )

    field_order = ("where", "center", "started_at", "note")

    def __init__(self, *args: Any, kind: ProcessKind, user: User, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, user=user, **kwargs)
        centers: Any = self.fields["center"]
        centers.queryset = CollectionCenter.objects.visible_to(user).offered()
        phase = ProcessPhase.objects.filter(kind=kind).order_by("position").first()
        places: Any = self.fields["where"]
        places.offer(user, phase.happens_in if phase else "")


class AddForm(FillingForm):
    """More to put into a batch."""

    at = MinuteField(label=_("Cuándo entró"))


def _forms_of(keys: tuple[str, ...]) -> set[int]:
    """The forms of what `Usable.key` names. Two queries at most."""
    found: set[int] = set()
    for letter, rows in (("d", Delivery.objects.all()), ("l", Lot.objects.all())):
        of_kind = [key[1:] for key in keys if key[0] == letter]
        if of_kind:
            found |= set(rows.filter(pk__in=of_kind).order_by().values_list("form", flat=True))
    return found


def _short(kg: Decimal) -> Decimal:
    """Kilos without zeros that nobody typed: 60, not 60,000."""
    plain = kg.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
