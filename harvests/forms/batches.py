"""What people fill in about batches under way."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harvests.forms.places import MinuteField, PlaceField
from harvests.models import Batch, BatchReading, CollectionCenter, ProcessKind, ProcessPhase
from kallari.forms import CommaOrPointField, ReasonMixin
from members.forms.lists import search_field, year_field

if TYPE_CHECKING:
    from kallari.accounts.models import User

Kind = BatchReading.Kind
SHORT_NOTE = {"rows": 2}
FIGURE = {"inputmode": "decimal", "autocomplete": "off", "class": "figure-input"}


def center_field(**options: Any) -> forms.ModelChoiceField[CollectionCenter]:
    """One center; the form fills in which are offered."""
    options.setdefault("label", _("Centro"))
    options.setdefault("required", False)
    options.setdefault("empty_label", _("Todos"))
    return forms.ModelChoiceField(
        queryset=CollectionCenter.objects.none(), to_field_name="code", **options
    )


class BoardFilterForm(forms.Form):
    """Of which center the board is."""

    shows_optional = False

    centro = center_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centers: Any = self.fields["centro"]
        centers.queryset = CollectionCenter.objects.visible_to(user)


class BatchFilterForm(forms.Form):
    """Which batches a list shows."""

    shows_optional = False

    OUTSIDE = "fuera"

    buscar = search_field(_("Código del proceso"))
    clase = forms.ModelChoiceField(
        label=_("Proceso"),
        required=False,
        queryset=ProcessKind.objects.none(),
        to_field_name="code",
        empty_label=_("Todos"),
    )
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            ("", _("Todos")),
            *Batch.Status.choices,
            (OUTSIDE, _("rendimiento fuera de lo esperado")),
        ],
    )
    centro = center_field()
    anio = year_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["clase"]
        kinds.queryset = ProcessKind.objects.visible_to(user)
        centers: Any = self.fields["centro"]
        centers.queryset = CollectionCenter.objects.visible_to(user)


LABELS: dict[str, Any] = {
    Kind.TEMPERATURE.value: _("Temperatura (°C)"),
    Kind.MOISTURE.value: _("Humedad (%)"),
    Kind.ACIDITY.value: _("Acidez (pH)"),
    Kind.WEIGHT.value: _("Peso (kg)"),
}


class ReadingForm(forms.Form):
    """One thing seen or done during a batch."""

    value = CommaOrPointField(
        label=_("Valor"),
        max_digits=9,
        decimal_places=3,
        widget=forms.TextInput(attrs=FIGURE),
    )
    note = forms.CharField(
        label=_("Nota"), required=False, max_length=500, widget=forms.Textarea(attrs=SHORT_NOTE)
    )
    read_at = MinuteField(label=_("Cuándo"))
    where = PlaceField()
    key = forms.UUIDField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, kind: str, user: User, where: Any = None, **kwargs: Any) -> None:
        """
        Args:
            where: the place that is taken for granted.
        """
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["key"].initial = uuid.uuid4
        places: Any = self.fields["where"]
        places.offer(user)
        places.initial = where.code if where is not None else None
        if kind in LABELS:
            self.fields["value"].label = LABELS[kind]
        else:
            del self.fields["value"]
        self.fields["note"].required = kind == Kind.NOTE

    @property
    def told(self) -> dict[str, Any]:
        """What `harvests.services.batches.note_reading` is told."""
        return dict(self.cleaned_data) | {"kind": self.kind}


class MoveForm(forms.Form):
    """To which phase or place a batch goes on."""

    phase = forms.ModelChoiceField(
        label=_("Fase"), queryset=ProcessPhase.objects.none(), required=False, empty_label=None
    )
    where = PlaceField()
    at = MinuteField(label=_("Cuándo pasó"))

    def __init__(self, *args: Any, batch: Batch, current: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = list(ProcessPhase.objects.filter(kind=batch.kind_id).order_by("position"))
        field: Any = self.fields["phase"]
        field.queryset = ProcessPhase.objects.filter(kind=batch.kind_id).order_by("position")
        following = _after(phases, current.phase_id if current else None)
        field.initial = following.pk if following else None
        places: Any = self.fields["where"]
        places.offer(user, following.happens_in if following else "")
        if following is not None and current is not None and following.pk == current.phase_id:
            places.initial = current.where.code if current.where else None


def _after(phases: list[ProcessPhase], current: int | None) -> ProcessPhase | None:
    """The phase after the one a batch is in; the same where it is the last."""
    keys = [one.pk for one in phases]
    if current in keys:
        place = keys.index(current)
        return phases[min(place + 1, len(phases) - 1)]
    return phases[0] if phases else None


class OutputCorrectionForm(ReasonMixin):
    """What really came out of a batch as one lot."""

    kg = CommaOrPointField(
        label=_("Salió del proceso (kg)"),
        min_value=Decimal("0.001"),
        max_digits=12,
        decimal_places=3,
        help_text=_("Todo lo que salió como este lote, aunque una parte ya no esté."),
    )
    pieces = forms.IntegerField(
        label=_("Salieron (unidades)"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    field_order = ("kg", "pieces", "reason")

    def __init__(self, *args: Any, is_counted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_counted:
            del self.fields["pieces"]
