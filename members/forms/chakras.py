"""What people fill in about chakras."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.forms import PhotographField
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from members.forms.lists import community_field, search_field
from members.geometry import reading
from members.models import Chakra, ChakraConflict, ChakraCrop, ChakraGeometry

LONGEST_PASTE = 500_000
"""Signs of a pasted drawing; larger ones come as a file."""


class ChakraFilterForm(forms.Form):
    """Which chakras a list or a map shows; all fields stay in the address."""

    shows_optional = False

    buscar = search_field(_("Familia o número"))
    comunidad = community_field()
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            ("", _("Las que se trabajan")),
            *Chakra.State.choices,
            ("conflicto", _("en conflicto de linderos")),
            ("sin-lugar", _("sin lindero ni punto")),
            ("dejadas", _("dejadas")),
        ],
    )

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comunidad"].queryset = communities  # type: ignore[attr-defined]


class NewChakraForm(forms.ModelForm):
    """A chakra to take down; where it lies comes next."""

    class Meta:
        model = Chakra
        fields: ClassVar[list[str]] = [
            "name",
            "declared_area_ha",
            "tenure",
            "shade",
            "species_count",
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}
        field_classes: ClassVar[dict[str, Any]] = {"declared_area_ha": CommaOrPointField}


class ChakraForm(ReasonMixin, NewChakraForm):
    """A chakra to correct."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*NewChakraForm.Meta.fields, "reason"])


class GeometryForm(forms.Form):
    """Where a chakra lies: a file, something pasted, or a walk with the telephone."""

    file = forms.FileField(
        label=_("Archivo"),
        required=False,
        help_text=_("GeoJSON, KML o GPX, con una sola chakra."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.kml,.gpx,application/geo+json"}),
    )
    text = forms.CharField(
        label=_("O coordenadas escritas o pegadas"),
        required=False,
        max_length=LONGEST_PASTE,
        strip=True,
        help_text=_(
            "Una esquina por línea, latitud y longitud: −1,0123; −77,8123. La primera se repite "
            "al final. Con una sola se guarda un punto. También se puede pegar GeoJSON, KML o GPX."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    walk = forms.CharField(
        required=False, max_length=LONGEST_PASTE, widget=forms.HiddenInput(attrs={"data-walk": ""})
    )
    is_outline = forms.BooleanField(
        label=_("La línea da la vuelta a la chakra"),
        required=False,
        help_text=_("Para un recorrido (GPX) o una línea: se toma como su contorno."),
    )
    join = forms.BooleanField(
        label=_("Unir el final con el comienzo"),
        required=False,
        help_text=_("Si el recorrido no terminó justo donde empezó."),
    )
    method = forms.ChoiceField(
        label=_("Cómo se tomó"),
        required=False,
        choices=[("", _("Como se trae aquí")), *ChakraGeometry.Method.choices],
    )
    captured_on = forms.DateField(label=_("Tomada el"), widget=DayInput)
    captured_by = forms.CharField(label=_("Tomada por"), max_length=120, required=False)
    declared_area_ha = CommaOrPointField(
        label=_("Área declarada (ha)"),
        required=False,
        max_digits=9,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        help_text=_("Necesaria si se guarda un punto: hasta 4 ha."),
    )

    brought: reading.Reading

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["captured_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """Read what was brought; what cannot be read is said at its field.

        Raises:
            ValidationError: ``nothing`` or ``too_much`` brought.
        """
        told: dict[str, Any] = super().clean() or {}
        brought = [name for name in ("file", "text", "walk") if told.get(name)]
        if self.errors:
            return told
        if brought == ["walk"]:
            told["method"] = ChakraGeometry.Method.WALK
        elif not told["method"]:
            is_typed = brought == ["text"] and not told["text"].lstrip().startswith(("{", "<"))
            methods = ChakraGeometry.Method
            told["method"] = methods.TYPED if is_typed else methods.FILE
        if not brought:
            raise ValidationError(
                _("Escoja un archivo, escriba coordenadas o recorra el lindero."), code="nothing"
            )
        if len(brought) > 1:
            raise ValidationError(
                _("Deje una sola cosa: el archivo, las coordenadas o el recorrido."),
                code="too_much",
            )
        outline = reading.Outline(is_outline=told["is_outline"], join=told["join"])
        try:
            self.brought = self._read(brought[0], told, outline)
        except ValidationError as refusal:
            self.add_error(brought[0] if brought[0] != "walk" else None, refusal)
        return told

    @staticmethod
    def _read(brought: str, told: dict[str, Any], outline: reading.Outline) -> reading.Reading:
        if brought == "file":
            return reading.read_one(told["file"].read(), outline=outline)
        if brought == "text":
            return reading.read_one_text(told["text"], outline=outline)
        try:
            walked = json.loads(told["walk"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(
                _("El recorrido llegó dañado. Vuelva a enviarlo."), code="malformed"
            ) from error
        if not isinstance(walked, list):
            raise ValidationError(
                _("El recorrido llegó dañado. Vuelva a enviarlo."), code="malformed"
            )
        return reading.read_walk(walked, join=outline.join)


class CropForm(forms.Form):
    """One line of what a chakra grows."""

    crop = forms.ChoiceField(
        label=_("Cultivo"), required=False, choices=[("", "—"), *ChakraCrop.Crop.choices]
    )
    variety = forms.CharField(label=_("Variedad"), required=False, max_length=60)
    area_ha = CommaOrPointField(
        label=_("Área (ha)"),
        required=False,
        max_digits=8,
        decimal_places=4,
    )
    plants = forms.IntegerField(label=_("Plantas"), required=False, min_value=0)
    planted_in = forms.IntegerField(
        label=_("Sembrado en (año)"), required=False, min_value=1900, max_value=2200
    )

    def clean(self) -> dict[str, Any]:
        """A line that says anything says what grows."""
        told: dict[str, Any] = super().clean() or {}
        if not told.get("crop") and any(
            told.get(name) not in (None, "") for name in self.fields if name != "crop"
        ):
            self.add_error("crop", ValidationError(_("Escoja el cultivo."), code="required"))
        return told


CropFormSet = forms.formset_factory(CropForm, extra=3, max_num=30, validate_max=True)


class WhyForm(ReasonMixin):
    """Why a chakra is verified, suspended or worked again."""


class CloseChakraForm(ReasonMixin):
    """The day on which a family left a chakra, and why."""

    closed_on = forms.DateField(label=_("Dejada desde el día"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["closed_on", "reason"])
        self.fields["closed_on"].initial = timezone.localdate()


class ChakraPhotographForm(forms.Form):
    """What a chakra looks like."""

    upload = PhotographField(camera=False)
    taken_on = forms.DateField(label=_("Tomada el"), widget=DayInput)
    caption = forms.CharField(label=_("Qué se ve"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_on"].initial = timezone.localdate()


class DecideForm(forms.Form):
    """What becomes of a conflict of boundaries."""

    outcome = forms.ChoiceField(
        label=_("Resultado"), choices=ChakraConflict.Outcome.choices, widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label=_("Qué se decidió y por qué"),
        max_length=1000,
        help_text=_("Quiénes lo acordaron y dónde consta. Queda en la historia."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
