"""What people fill in about certification."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.forms import DocumentField
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from members.forms.lists import search_field
from members.models import (
    Certificate,
    CertificationScheme,
    CertificationStatus,
    Checklist,
    CorrectiveAction,
    Inspection,
    Sanction,
    YieldEstimate,
)
from members.models.inspection import WHO_INSPECTED_MESSAGE

WHY_HELP = _("Por qué se decide así. Queda en la historia junto a su nombre.")
"""Beside the reason of what is decided, where nothing is corrected."""


class DayField(forms.DateField):
    """A day, today until somebody says another."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DayInput, **{"initial": timezone.localdate, **kwargs})


class _SchemeField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(CertificationScheme.objects.all(), **{"label": _("Esquema"), **kwargs})


class ListFilterForm(forms.Form):
    """Which chakras the list shows, and of which day."""

    APPROVED, ALL = "", "todas"

    shows_optional = False

    dia = forms.DateField(
        label=_("Tal como era el día"), required=False, widget=DayInput, initial=""
    )
    esquema = _SchemeField(required=False, empty_label=_("Todos"))
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            (APPROVED, _("Aprobadas")),
            (ALL, _("Todas las que constan")),
            ("transicion", _("En transición")),
            (CertificationStatus.SUSPENDED, _("Suspendidas")),
            (CertificationStatus.EXCLUDED, _("Excluidas")),
        ],
    )


class InspectionFilterForm(forms.Form):
    """Which inspections a list shows."""

    shows_optional = False

    anio = forms.IntegerField(label=_("Año"), required=False, min_value=1990, max_value=2200)
    esquema = _SchemeField(required=False, empty_label=_("Todos"))
    clase = forms.ChoiceField(
        label=_("Clase"), required=False, choices=[("", _("Todas")), *Inspection.Kind.choices]
    )


class ActionFilterForm(forms.Form):
    """Which corrective actions the work-list shows."""

    shows_optional = False

    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            ("", _("Por cumplir")),
            ("vencidas", _("Vencidas")),
            ("cumplidas", _("Cumplidas")),
        ],
    )


class FindFamilyForm(forms.Form):
    """Whom to inspect."""

    shows_optional = False

    buscar = search_field(_("Familia, persona o número"))


class CertificateForm(forms.ModelForm):
    """A certificate to register, with its copy."""

    document = DocumentField(label=_("Copia"), required=False)

    class Meta:
        model = Certificate
        fields: ClassVar[list[str]] = [
            "scheme",
            "number",
            "body",
            "valid_from",
            "valid_until",
            "scope",
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "valid_from": DayInput,
            "valid_until": DayInput,
            "note": forms.Textarea(attrs={"rows": 2}),
        }


class CertificateCorrectionForm(ReasonMixin, CertificateForm):
    """A certificate to correct, or to note as withdrawn."""

    class Meta(CertificateForm.Meta):
        fields: ClassVar[list[str]] = [
            "number",
            "body",
            "valid_from",
            "valid_until",
            "withdrawn_on",
            "scope",
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            **CertificateForm.Meta.widgets,
            "withdrawn_on": DayInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.Meta.fields, "document", "reason"])


class DecisionForm(ReasonMixin):
    """What is decided about a chakra under a scheme."""

    BEGIN, CERTIFY, SUSPEND, REINSTATE, EXCLUDE = (
        "begin",
        "certify",
        "suspend",
        "reinstate",
        "exclude",
    )

    scheme = _SchemeField()
    act = forms.ChoiceField(
        label=_("Qué se decide"),
        widget=forms.RadioSelect,
        choices=[
            (BEGIN, _("Entra en la lista: comienza su transición")),
            (CERTIFY, _("Queda con certificación")),
            (SUSPEND, _("Queda suspendida")),
            (REINSTATE, _("Se levanta la suspensión")),
            (EXCLUDE, _("Queda excluida")),
        ],
    )
    starts_on = DayField(label=_("Desde el día"))
    transition_started_on = DayField(
        label=_("Inicio de la transición"),
        required=False,
        initial=None,
        help_text=_("Solo al entrar, si se reconoce un día anterior."),
    )
    resolution = forms.CharField(
        label=_("Resolución o informe"),
        max_length=120,
        required=False,
        help_text=_("Para todo, menos para comenzar la transición."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = WHY_HELP
        self.order_fields(
            ["scheme", "act", "starts_on", "transition_started_on", "resolution", "reason"]
        )


class InspectionForm(forms.ModelForm):
    """A visit: who, when, whether there is a conflict, and an answer to every question."""

    inspector_number = forms.IntegerField(
        label=_("Su número de socia o socio"),
        required=False,
        min_value=1,
        help_text=_("Si inspecciona otra familia de la asociación."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    document = DocumentField(label=_("Informe firmado"), required=False, camera=True)

    class Meta:
        model = Inspection
        fields: ClassVar[list[str]] = [
            "kind",
            "inspected_on",
            "inspector_name",
            "has_conflict",
            "conflict_note",
            "outcome",
            "present",
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "kind": forms.RadioSelect,
            "inspected_on": DayInput,
            "conflict_note": forms.Textarea(attrs={"rows": 2}),
            "outcome": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Inspection.Kind.choices  # type: ignore[attr-defined]  # radios
        self.fields["outcome"].choices = Inspection.Outcome.choices  # type: ignore[attr-defined]
        self.items = list(checklist.items.all())
        for item in self.items:
            self.fields[f"answer_{item.pk}"] = forms.ChoiceField(
                label=str(item),
                choices=[("yes", _("Sí")), ("no", _("No")), ("na", _("No aplica"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Conteste esta pregunta.")},
            )
            self.fields[f"seen_{item.pk}"] = forms.CharField(
                label=_("Qué se vio"), max_length=300, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the inspector's number at its field where a visit is made by another family."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        is_peer = told.get("kind") == Inspection.Kind.PEER
        if is_peer and told.get("inspector_number", ...) is None:
            self.add_error("inspector_number", WHO_INSPECTED_MESSAGE)
        return told

    def _post_clean(self) -> None:
        """The service checks it, with the family that this form does not know."""

    def head(self) -> list[Any]:
        """The fields above the checklist."""
        return [
            self[name]
            for name in (
                "kind",
                "inspected_on",
                "inspector_name",
                "inspector_number",
                "has_conflict",
                "conflict_note",
            )
        ]

    def questions(self) -> list[tuple[Any, Any]]:
        """The two fields of each question."""
        return [(self[f"answer_{item.pk}"], self[f"seen_{item.pk}"]) for item in self.items]

    def foot(self) -> list[Any]:
        """The fields below the checklist."""
        return [self[name] for name in ("outcome", "present", "note", "document")]

    def answers(self) -> dict[int, tuple[str, str]]:
        """What was answered, as the service takes it."""
        told = self.cleaned_data
        return {
            item.pk: (told[f"answer_{item.pk}"], told[f"seen_{item.pk}"]) for item in self.items
        }


class CloseActionForm(forms.ModelForm):
    """What shows that something is done."""

    document = DocumentField(label=_("Fotografía o papel"), required=False, camera=True)

    class Meta:
        model = CorrectiveAction
        fields: ClassVar[list[str]] = ["closed_on", "evidence"]
        widgets: ClassVar[dict[str, Any]] = {
            "closed_on": DayInput,
            "evidence": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed_on"].initial = timezone.localdate()
        for name in ("closed_on", "evidence"):
            self.fields[name].required = True

    def _post_clean(self) -> None:
        """The service checks it."""


class ExtendActionForm(ReasonMixin):
    """More time, and why."""

    due_on = DayField(label=_("Nuevo plazo"), initial=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = WHY_HELP
        self.order_fields(["due_on", "reason"])


class SanctionForm(forms.ModelForm):
    """What is decided against a family."""

    class Meta:
        model = Sanction
        fields: ClassVar[list[str]] = ["scheme", "kind", "starts_on", "resolution", "note"]
        widgets: ClassVar[dict[str, Any]] = {
            "kind": forms.RadioSelect,
            "starts_on": DayInput,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Sanction.Kind.choices  # type: ignore[attr-defined]  # radios
        self.fields["starts_on"].initial = timezone.localdate()

    def _post_clean(self) -> None:
        """The service checks it, with the family that this form does not know."""


class LiftForm(ReasonMixin):
    """A sanction to lift."""

    lifted_on = DayField(label=_("Desde el día"))
    resolution = forms.CharField(label=_("Resolución que la levanta"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = WHY_HELP
        self.order_fields(["lifted_on", "resolution", "reason"])


class SampleForm(forms.Form):
    """A sample to draw."""

    scheme = _SchemeField()
    drawn_on = DayField(label=_("Con el grupo tal como era el día"))
    seed = forms.CharField(
        label=_("Semilla"),
        required=False,
        max_length=64,
        help_text=_("La dice quien vigila, antes de ver la lista. Vacía: se saca al azar."),
    )
    reason = forms.CharField(
        label=_("Por qué se sortea otra vez"),
        required=False,
        max_length=500,
        help_text=_("Solo si ya hay una muestra de ese esquema y ese día."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = CertificationScheme.objects.exclude(  # type: ignore[attr-defined]
            sampling=CertificationScheme.Sampling.NONE
        )


class YearForm(forms.Form):
    """Of which year."""

    shows_optional = False

    anio = forms.IntegerField(label=_("Año"), required=False, min_value=1990, max_value=2200)


class EstimateForm(forms.ModelForm):
    """What a chakra should give."""

    class Meta:
        model = YieldEstimate
        fields: ClassVar[list[str]] = ["product", "year", "estimated_kg", "estimated_on", "basis"]
        field_classes: ClassVar[dict[str, Any]] = {"estimated_kg": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {"estimated_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial = {"year": today.year, "estimated_on": today, **self.initial}

    def _post_clean(self) -> None:
        """The service checks it, with the chakra that this form does not know."""


class EstimateRevisionForm(ReasonMixin, EstimateForm):
    """Another figure for the same chakra, product and year, and why."""

    class Meta(EstimateForm.Meta):
        fields: ClassVar[list[str]] = ["estimated_kg", "estimated_on", "basis"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.Meta.fields, "reason"])


class CopyChecklistForm(forms.ModelForm):
    """The year for which the questions are taken over."""

    class Meta:
        model = Checklist
        fields: ClassVar[list[str]] = ["year"]

    def _post_clean(self) -> None:
        """The service checks it, with the scheme that this form does not know."""


class AgreeActionForm(forms.ModelForm):
    """One more thing to do about a finding, and until when."""

    class Meta:
        model = CorrectiveAction
        fields: ClassVar[list[str]] = ["what", "due_on"]
        widgets: ClassVar[dict[str, Any]] = {
            "what": forms.Textarea(attrs={"rows": 3}),
            "due_on": DayInput,
        }

    def _post_clean(self) -> None:
        """The service checks it, with the finding that this form does not know."""


class CorrectInspectionForm(ReasonMixin, forms.ModelForm):
    """What was written wrongly of a visit; its answers and findings stay."""

    document = DocumentField(label=_("Informe firmado"), required=False, camera=True)

    class Meta:
        model = Inspection
        fields: ClassVar[list[str]] = [
            name for name in InspectionForm.Meta.fields if name != "kind"
        ]
        widgets: ClassVar[dict[str, Any]] = InspectionForm.Meta.widgets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = Inspection.Outcome.choices  # type: ignore[attr-defined]
        self.order_fields([*self.Meta.fields, "document", "reason"])

    def _post_clean(self) -> None:
        """The service checks it."""
