"""What people fill in about quality."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.grading import CLASSES
from harvests.models import Grade, GradeEdition, LabResult, Product, QualityTest, Variety
from harvests.services.quality import MEASURES
from harvests.wording.quality import CLASS_NAMES
from kallari.files.forms import DocumentField, PhotographField
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from members.forms.community_life import SHORT_NOTE, ServiceForm
from members.forms.lists import search_field

MOST_BEANS = 999


class _MomentInput(forms.DateTimeInput):
    """The browser's own calendar with its clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TestFilterForm(forms.Form):
    """Which tests a list shows."""

    shows_optional = False

    STANDING, ALL = "vigentes", "todas"
    LOT, BATCH, DELIVERY = "lote", "proceso", "entrega"
    BELOW, UNGRADED = "bajo", "sin"

    buscar = search_field(_("Lote, proceso o folio"))
    de = forms.ChoiceField(
        label=_("De qué"),
        required=False,
        choices=[
            ("", _("Todo")),
            (LOT, _("Lotes")),
            (BATCH, _("Procesos")),
            (DELIVERY, _("Entregas")),
        ],
    )
    grado = forms.ChoiceField(label=_("Grado"), required=False)
    desde = forms.DateField(label=_("Desde"), required=False, widget=DayInput)
    hasta = forms.DateField(label=_("Hasta"), required=False, widget=DayInput)
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[(STANDING, _("Las que valen")), (ALL, _("También las corregidas"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Grade.objects.order_by("code").values_list("code", flat=True).distinct()
        grades: Any = self.fields["grado"]
        grades.choices = [
            ("", _("Todos")),
            *((code, code) for code in codes),
            (self.BELOW, _("Bajo la tabla")),
            (self.UNGRADED, _("Sin calificar")),
        ]


class LabFilterForm(forms.Form):
    """Which results of laboratories a list shows."""

    shows_optional = False

    buscar = search_field(_("Lote, laboratorio o informe"))
    sustancia = forms.ChoiceField(
        label=_("Sustancia"),
        required=False,
        choices=[("", _("Todas")), *LabResult.Substance.choices],
    )
    desde = forms.DateField(label=_("Desde"), required=False, widget=DayInput)
    hasta = forms.DateField(label=_("Hasta"), required=False, widget=DayInput)
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            (TestFilterForm.STANDING, _("Los que valen")),
            (TestFilterForm.ALL, _("También los corregidos")),
        ],
    )


class SubjectFilterForm(forms.Form):
    """What is to be tested."""

    shows_optional = False

    buscar = search_field(_("Código o folio"))


class QualityTestForm(ServiceForm):
    """The cut of a hundred beans and what else was measured. First it is looked at, then kept."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    looked_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = QualityTest
        fields: ClassVar[list[str]] = [
            *CLASSES,
            *MEASURES,
            "variety",
            "tested_at",
            "sampler",
            "note",
        ]
        field_classes: ClassVar[dict[str, Any]] = {
            "beans_weight_g": CommaOrPointField,
            "moisture_percent": CommaOrPointField,
            "foreign_matter_percent": CommaOrPointField,
        }
        widgets: ClassVar[dict[str, Any]] = {
            "tested_at": _MomentInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, product: Product | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("key", uuid.uuid4())
        for name in CLASSES:
            counter: Any = self.fields[name]
            counter.label = CLASS_NAMES[name]
            counter.max_value = MOST_BEANS
            counter.widget.attrs |= {
                "min": 0,
                "max": MOST_BEANS,
                "inputmode": "numeric",
                "placeholder": "0",
                "data-beans": "",
            }
        varieties: Any = self.fields["variety"]
        varieties.queryset = Variety.objects.filter(product=product, retired_on=None)
        varieties.empty_label = _("No se sabe")
        self.fields["tested_at"].label = _("Cuándo se probó")
        self.fields["tested_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["beans_per_100g"].help_text = _("Si se contaron en lugar de pesar cien granos.")
        self.needed: tuple[str, ...] = ()
        if product is not None and _table_asks_for_weight(product):
            self.needed = ("beans_weight_g",)
            self.fields["beans_weight_g"].help_text = _(
                "Sin este peso, o los granos en 100 g más abajo, no hay grado."
            )

    @property
    def counters(self) -> list[forms.BoundField]:
        """A field for each class of beans."""
        return [self[name] for name in CLASSES]

    @property
    def measures(self) -> list[forms.BoundField]:
        """What else is measured of the sample."""
        return [self[name] for name in MEASURES]

    @property
    def about(self) -> list[forms.BoundField]:
        """When, by whom, and what else there is to say."""
        names = ["tested_at", "sampler", "note"]
        varieties: Any = self.fields["variety"]
        if varieties.queryset.exists():
            names.insert(0, "variety")
        return [self[name] for name in names if name in self.fields]


def _table_asks_for_weight(product: Product) -> bool:
    table = GradeEdition.objects.latest_on(product, timezone.localdate())
    return table is not None and table.grades.filter(weight_min_g__isnull=False).exists()


class CorrectTestForm(ReasonMixin, QualityTestForm):
    """What a test should have said."""

    @property
    def about(self) -> list[forms.BoundField]:
        return [*super().about, self["reason"]]


class QualityPhotographForm(forms.Form):
    """The cut beans on their board."""

    upload = PhotographField()
    caption = forms.CharField(
        label=_("Qué se ve"),
        required=False,
        max_length=120,
        help_text=_("Por ejemplo: los cien granos cortados, en su tablero."),
    )


class LabResultForm(ServiceForm):
    """What a laboratory reports of one substance."""

    upload = DocumentField(label=_("Informe del laboratorio"))

    class Meta:
        model = LabResult
        fields: ClassVar[list[str]] = [
            "substance",
            "value_mg_kg",
            "is_below_detection",
            "laboratory",
            "report_number",
            "sampled_on",
            "reported_on",
            "note",
        ]
        field_classes: ClassVar[dict[str, Any]] = {"value_mg_kg": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {
            "sampled_on": DayInput(),
            "reported_on": DayInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    field_order = [  # noqa: RUF012 - as Django declares it
        "substance",
        "value_mg_kg",
        "is_below_detection",
        "laboratory",
        "report_number",
        "sampled_on",
        "reported_on",
        "upload",
        "note",
    ]


class CorrectLabResultForm(ReasonMixin, LabResultForm):
    """What a result should have said; the report stays unless another comes."""

    upload = DocumentField(label=_("Otro informe del laboratorio"), required=False)

    class Meta(LabResultForm.Meta):
        fields: ClassVar[list[str]] = [
            one for one in LabResultForm.Meta.fields if one != "substance"
        ]


class EditionForm(ServiceForm):
    """A table of grades."""

    class Meta:
        model = GradeEdition
        fields: ClassVar[list[str]] = ["name", "edition", "valid_from", "source", "note"]
        widgets: ClassVar[dict[str, Any]] = {
            "valid_from": DayInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }


class NewEditionForm(EditionForm):
    """A table that begins with the grades of another, or empty."""

    product = forms.ModelChoiceField(label=_("Producto"), queryset=Product.objects.none())
    like = forms.ModelChoiceField(
        label=_("Comenzar con los grados de"),
        required=False,
        queryset=GradeEdition.objects.none(),
        empty_label=_("Ninguna: vacía"),
    )
    field_order = [  # noqa: RUF012 - as Django declares it
        "product",
        "name",
        "edition",
        "valid_from",
        "source",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products: Any = self.fields["product"]
        products.queryset = Product.objects.filter(retired_on=None)
        tables: Any = self.fields["like"]
        tables.queryset = GradeEdition.objects.published().select_related("product")


class CorrectEditionForm(ReasonMixin, EditionForm):
    """A draft was written wrongly."""


class GradeForm(ServiceForm):
    """A grade with its limits, per hundred beans."""

    class Meta:
        model = Grade
        fields: ClassVar[list[str]] = [
            "position",
            "code",
            "name",
            "variety",
            "weight_min_g",
            "weight_max_g",
            "well_fermented_min",
            "fermented_min",
            "violet_max",
            "slaty_max",
            "mouldy_max",
        ]
        field_classes: ClassVar[dict[str, Any]] = dict.fromkeys(fields[4:], CommaOrPointField)

    def __init__(self, *args: Any, edition: GradeEdition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        varieties: Any = self.fields["variety"]
        varieties.queryset = Variety.objects.filter(product=edition.product_id)
        varieties.empty_label = _("Todas las que no tienen grado propio")


class CorrectGradeForm(ReasonMixin, GradeForm):
    """A grade of a draft was written wrongly."""
