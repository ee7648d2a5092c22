"""What people fill in about batches under way."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests.forms.places import MinuteField, PlaceField
from harvests.models import Batch, BatchReading, CollectionCenter, ProcessKind, ProcessPhase
from harvests.wording import plain
from kallari.forms import CommaOrPointField, ReasonMixin
from members.forms.lists import search_field, year_field

if TYPE_CHECKING:
    from datetime import datetime

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


MOST_MOISTURE = Decimal(60)
MOST_MORE_MOISTURE = Decimal(5)
"""Percents. A batch dries: more than this above the reading before was mistyped, or was wetted."""
USUAL_TEMPERATURES = (Decimal(15), Decimal(60))
"""°C between which a box or a dryer is."""

POSSIBLE: dict[str, tuple[Decimal, Decimal]] = {
    Kind.TEMPERATURE.value: (Decimal(-10), Decimal(90)),
    Kind.MOISTURE.value: (Decimal(0), Decimal(100)),
    Kind.ACIDITY.value: (Decimal(0), Decimal(14)),
}
"""Between which the database takes a reading at all."""


class ReadingForm(forms.Form):
    """One thing seen or done during a batch. A number that it can hardly be is asked again."""

    value = CommaOrPointField(
        label=_("Valor"),
        max_digits=9,
        decimal_places=3,
        widget=forms.TextInput(attrs=FIGURE),
    )
    sure = forms.BooleanField(label=_("Sí, es así"), required=False)
    note = forms.CharField(
        label=_("Nota"), required=False, max_length=500, widget=forms.Textarea(attrs=SHORT_NOTE)
    )
    read_at = MinuteField(label=_("Cuándo"))
    where = PlaceField()
    key = forms.UUIDField(widget=forms.HiddenInput(), required=False)

    def __init__(
        self,
        *args: Any,
        batch: Batch,
        kind: str,
        user: User,
        where: Any = None,
        replaces: BatchReading | None = None,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            where: the place that is taken for granted.
            replaces: the reading that was wrong; what is told is not held against it.
        """
        super().__init__(*args, **kwargs)
        self.batch, self.kind, self.replaces = batch, kind, replaces
        if not self.is_bound:
            del self.fields["sure"]
        self.fields["key"].initial = uuid.uuid4
        places: Any = self.fields["where"]
        places.offer(user)
        places.initial = where.code if where is not None else None
        if kind in LABELS:
            self.fields["value"].label = LABELS[kind]
        else:
            del self.fields["value"]
        self.fields["note"].required = kind == Kind.NOTE

    def clean_value(self) -> Decimal:
        """Say between what a reading is; the database takes no other."""
        value: Decimal = self.cleaned_data["value"]
        if self.kind in POSSIBLE and not self._is_possible(value):
            low, high = POSSIBLE[self.kind]
            raise ValidationError(
                _("Esa lectura no es posible: va de %(low)s a %(high)s. Revise el número."),
                code="impossible",
                params={"low": plain(low), "high": plain(high)},
            )
        return value

    def clean(self) -> dict[str, Any]:
        """A number that is hardly meant is taken from who says that it is."""
        told = super().clean() or self.cleaned_data
        doubt = self._doubt(told.get("value"), told.get("read_at") or timezone.now())
        if doubt is None:
            del self.fields["sure"]
        elif not told.get("sure"):
            self.add_error("sure", ValidationError(doubt, code="unusual"))
        told.pop("sure", None)
        return told

    def _doubt(self, value: Decimal | None, read_at: datetime) -> str | None:
        """What is odd about a number that a reading can be, in words."""
        if value is None:
            return None
        if self.kind == Kind.TEMPERATURE:
            low, high = USUAL_TEMPERATURES
            if low <= value <= high:
                return None
            return gettext(
                "%(value)s °C es raro: lo usual es de %(low)s a %(high)s °C. Corríjalo, o márquelo"
                " si es así."
            ) % {"value": plain(value), "low": plain(low), "high": plain(high)}
        if self.kind != Kind.MOISTURE:
            return None
        if value > MOST_MOISTURE:
            return gettext(
                "%(value)s %% de humedad es mucho. ¿Falta una coma? Corríjalo, o márquelo si es"
                " así."
            ) % {"value": plain(value)}
        before = self._moisture_before(read_at)
        if before is None or value <= before + MOST_MORE_MOISTURE:
            return None
        return gettext(
            "%(value)s %% de humedad es mucho más que la lectura de antes, de %(before)s %%."
            " Corríjalo, o márquelo si es así."
        ) % {"value": plain(value), "before": plain(before)}

    def _is_possible(self, value: Decimal) -> bool:
        low, high = POSSIBLE.get(self.kind, (value, value))
        return low <= value <= high

    def _moisture_before(self, read_at: datetime) -> Decimal | None:
        rows = self.batch.readings.standing().filter(kind=Kind.MOISTURE, read_at__lte=read_at)
        if self.replaces is not None:
            rows = rows.exclude(pk=self.replaces.pk)
        newest = rows.order_by("-read_at", "-pk").first()
        return newest.value if newest is not None else None

    @property
    def told(self) -> dict[str, Any]:
        """What `harvests.services.batches.note_reading` is told."""
        told = dict(self.cleaned_data) | {"kind": self.kind}
        was = self.replaces.read_at if self.replaces is not None else None
        if was is not None and told["read_at"] == was.replace(second=0, microsecond=0):
            told["read_at"] = was  # the page shows minutes alone
        return told


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
