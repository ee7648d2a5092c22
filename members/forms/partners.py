"""What people fill in about memberships."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.forms import DocumentField
from kallari.forms import DayInput, ReasonMixin
from members.forms.lists import community_field, search_field
from members.models import Partner, Person, Standing
from members.products import TradedProduct

RESOLUTION_HELP = _("Número y fecha, como está en el acta: «Resolución AG-2026-03, 14/02/2026».")


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, **kwargs)


class PartnerFilterForm(forms.Form):
    """Which memberships the register shows; all fields stay in the address."""

    MEMBERS, ALL = "registro", "todas"
    BY_NUMBER, BY_NAME = "numero", "nombre"

    shows_optional = False

    buscar = search_field(_("Nombre o número"))
    comunidad = community_field(
        error_messages={"invalid_choice": _("Escoja una comunidad de la lista.")}
    )
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            (MEMBERS, _("En el registro")),
            (Standing.APPLICANT, _("Aspirantes")),
            (Standing.REGISTERED, _("Solo registro activo")),
            (Standing.SUSPENDED, _("Solo registro suspendido")),
            (Standing.LEFT, _("Salieron")),
            (Standing.EXPELLED, _("Exclusiones")),
            (Standing.DIED, _("Fallecieron")),
            (Standing.WITHDREW, _("Solicitudes retiradas")),
            (Standing.REJECTED, _("Solicitudes no admitidas")),
            (ALL, _("Todo lo anterior")),
        ],
        error_messages={"invalid_choice": _("Escoja un estado de la lista.")},
    )
    sexo = forms.ChoiceField(
        label=_("Sexo"),
        required=False,
        choices=[("", _("Todos")), *Person.Sex.choices],
        error_messages={"invalid_choice": _("Escoja una opción de la lista.")},
    )
    al = _day(
        _("Como estaba el día"),
        required=False,
    )
    orden = forms.ChoiceField(
        label=_("Orden"),
        required=False,
        choices=[(BY_NUMBER, _("Por número")), (BY_NAME, _("Por apellido"))],
        error_messages={"invalid_choice": _("Escoja un orden de la lista.")},
    )

    def __init__(self, *args: Any, communities: Any, by_cedula: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["comunidad"]
        field.queryset = communities
        if by_cedula:
            self.fields["buscar"].label = _("Nombre, número o cédula")


class PersonSearchForm(forms.Form):
    """Whom an application is for."""

    shows_optional = False

    buscar = search_field(_("Nombre"))

    def __init__(self, *args: Any, by_cedula: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_cedula:
            self.fields["buscar"].label = _("Nombre o cédula")


class ApplyForm(forms.Form):
    """The day on which somebody asked to become a partner."""

    applied_on = _day(_("Solicitud del día"))
    note = forms.CharField(
        label=_("Nota"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lo que la oficina debe saber para decidir."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applied_on"].initial = timezone.localdate()


class TradeEvidenceForm(forms.Form):
    """A paper of trade before this system, with its copy."""

    product = forms.ChoiceField(label=_("Producto"), choices=TradedProduct.choices)
    first_on = _day(_("Primera entrega"))
    last_on = _day(_("Última entrega"))
    reference = forms.CharField(
        label=_("Qué papel es"),
        max_length=200,
        help_text=_("Qué papel es y dónde está: «cuaderno de compras 2021, folio 14»."),
    )
    document = DocumentField(label=_("Copia del papel"))


class RegisterForm(forms.Form):
    """The resolution that admits an applicant."""

    registered_on = _day(_("Registro del día"))
    resolution = forms.CharField(
        label=_("Resolución que la admite"), max_length=120, help_text=RESOLUTION_HELP
    )
    number = forms.IntegerField(
        label=_("Número"),
        required=False,
        min_value=1,
        max_value=2_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    leaves_gap = forms.BooleanField(
        label=_("El acta dice ese número: los que faltan quedan libres"), required=False
    )

    def __init__(self, *args: Any, proposed: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposed
        if "leaves_gap" not in self.data:
            self.fields["leaves_gap"].widget = forms.HiddenInput()
        self.fields["registered_on"].initial = timezone.localdate()
        self.fields["number"].help_text = _(
            "Vacío: el siguiente, que es el %(number)s. Escriba otro solo si ya está en el acta."
        ) % {"number": proposed}

    def clean(self) -> dict[str, Any]:
        """Ask again for a number far ahead: every number after it would follow it."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        gap_is_meant = told.pop("leaves_gap", False)
        if (told.get("number") or 0) > self.proposed and not gap_is_meant:
            self.fields["leaves_gap"].widget = forms.CheckboxInput()
            message = _("El siguiente es el %(number)s. Si el acta dice otro, márquelo abajo.")
            params = {"number": self.proposed}
            self.add_error("number", ValidationError(message, code="leaves_gap", params=params))
        return told


class EndApplicationForm(ReasonMixin):
    """How an application ended without admission."""

    ended_how = forms.ChoiceField(
        label=_("Qué pasó"),
        widget=forms.RadioSelect,
        choices=[
            (Partner.Ending.WITHDREW, _("La persona retira su solicitud")),
            (Partner.Ending.REJECTED, _("La asociación no la admite")),
        ],
    )
    ended_on = _day(_("Desde el día"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["ended_how", "ended_on", "reason"])
        self.fields["ended_on"].initial = timezone.localdate()


class SuspendForm(ReasonMixin):
    """The resolution that suspends a partner."""

    starts_on = _day(_("Suspensión desde el día"))
    resolution = forms.CharField(
        label=_("Resolución que la suspende"), max_length=120, help_text=RESOLUTION_HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["starts_on", "resolution", "reason"])
        self.fields["starts_on"].initial = timezone.localdate()


class ReinstateForm(ReasonMixin):
    """The resolution that ends a suspension."""

    ends_on = _day(_("Activa otra vez desde el día"))
    resolution = forms.CharField(
        label=_("Resolución que levanta la suspensión"), max_length=120, help_text=RESOLUTION_HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["ends_on", "resolution", "reason"])
        self.fields["ends_on"].initial = timezone.localdate()


class LeaveForm(ReasonMixin):
    """How a membership ended among the living."""

    ended_how = forms.ChoiceField(
        label=_("Qué pasó"),
        widget=forms.RadioSelect,
        choices=[
            (Partner.Ending.LEFT, _("Sale por su voluntad")),
            (Partner.Ending.EXPELLED, _("La asociación la excluye")),
        ],
    )
    ended_on = _day(_("Desde el día"), help_text=_("Desde este día ya no lo es."))
    resolution = forms.CharField(
        label=_("Resolución"),
        required=False,
        max_length=120,
        help_text=_("Una exclusión la necesita siempre."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["ended_how", "ended_on", "resolution", "reason"])
        self.fields["ended_on"].initial = timezone.localdate()


class DeathForm(ReasonMixin):
    """The day somebody died, and how it is known."""

    died_on = _day(_("Falleció el día"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["died_on", "reason"])
        self.fields["reason"].help_text = _(
            "Cómo se supo: por ejemplo «partida de defunción del 12/03/2026»."
        )


class CorrectDeathForm(ReasonMixin):
    """The right day of a death that was noted, or none."""

    died_on = _day(
        _("Falleció el día"),
        required=False,
        help_text=_("Si vive y se anotó por error, deje este campo vacío."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["died_on", "reason"])
        self.fields["died_on"].initial = person.died_on


class _PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        kinship = obj.get_kinship_display()
        return f"{obj.name} ({kinship})" if kinship else str(obj.name)


class SuccessionForm(forms.Form):
    """Who of the family takes the place of a former partner."""

    successor = _PersonChoice(
        label=_("Quién ocupa su lugar"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Escoja a una persona de la familia.")},
    )
    registered_on = _day(_("Registro del día"))
    resolution = forms.CharField(
        label=_("Resolución que la admite"), max_length=120, help_text=RESOLUTION_HELP
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = people
        self.fields["registered_on"].initial = timezone.localdate()


class CorrectPartnerForm(ReasonMixin):
    """Dates, number and resolutions that were written wrongly: of those that the membership has."""

    number = forms.IntegerField(
        label=_("Número"),
        min_value=1,
        max_value=2_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    applied_on = _day(_("Solicitud del día"))
    registered_on = _day(_("Registro del día"))
    resolution = forms.CharField(label=_("Resolución que la admite"), max_length=120)
    ended_on = _day(_("Terminó el día"))
    end_resolution = forms.CharField(
        label=_("Resolución de salida"), max_length=120, required=False
    )
    note = forms.CharField(
        label=_("Nota"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner.registered_on is None:
            for name in ("number", "registered_on", "resolution"):
                del self.fields[name]
        if partner.ended_on is None:
            del self.fields["ended_on"]
        if partner.ended_on is None or partner.registered_on is None:
            del self.fields["end_resolution"]
        for name in self.fields.keys() - {"reason"}:
            self.fields[name].initial = getattr(partner, name)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])
