"""What people fill in about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.forms import PhotographField
from kallari.forms import DayInput, ReasonMixin
from members.forms.lists import FilterForm, community_field, search_field
from members.models import BankAccount, Person
from members.models.person import CEDULA_OR_REASON_MESSAGE

if TYPE_CHECKING:
    from kallari.accounts.models import User

TOLD = [
    "given_names",
    "surnames",
    "sex",
    "kinship",
    "cedula",
    "cedula_missing_reason",
    "born_on",
    "birth_year",
    "phone",
    "speaks_kichwa",
    "speaks_spanish",
    "other_languages",
    "next_of_kin_name",
    "next_of_kin_relation",
    "next_of_kin_phone",
    "note",
]
"""What is written down of a person, in the order in which one asks."""

WIDGETS: dict[str, Any] = {
    "born_on": DayInput,
    "birth_year": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
    "phone": forms.TextInput(attrs={"type": "tel"}),
    "next_of_kin_phone": forms.TextInput(attrs={"type": "tel"}),
    "note": forms.Textarea(attrs={"rows": 3}),
}


class PersonFilterForm(FilterForm):
    """Which people a list shows; all fields but a cédula stay in the address."""

    ALIVE, DEAD, ALL = "viven", "fallecidas", "todas"
    YES, NO = "si", "no"

    buscar = search_field(_("Nombre o número de socia"))
    comunidad = community_field()
    sexo = forms.ChoiceField(
        label=_("Sexo"), required=False, choices=[("", _("Todos")), *Person.Sex.choices]
    )
    cedula = forms.ChoiceField(
        label=_("Cédula"),
        required=False,
        choices=[("", _("Con y sin")), (YES, _("Con cédula")), (NO, _("Sin cédula"))],
    )
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[(ALIVE, _("Que viven")), (DEAD, _("Fallecidas")), (ALL, _("Todas"))],
    )

    def __init__(self, *args: Any, user: User, may_identify: bool, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if may_identify:
            self.fields["buscar"].label = _("Nombre, número de socia o cédula")
        else:
            del self.fields["cedula"]


class PersonForm(forms.ModelForm):
    """A person to enter. The box appears once somebody similar was found."""

    GROUPS: ClassVar[list[tuple[Any, list[str]]]] = [
        (_("Quién es"), ["given_names", "surnames", "sex", "kinship"]),
        (_("Cédula y edad"), ["cedula", "cedula_missing_reason", "born_on", "birth_year"]),
        (
            _("Cómo hablar con ella"),
            ["phone", "speaks_kichwa", "speaks_spanish", "other_languages"],
        ),
        (
            _("A quién avisar si pasa algo"),
            ["next_of_kin_name", "next_of_kin_relation", "next_of_kin_phone"],
        ),
        (_("Nota"), ["note"]),
    ]

    distinct = forms.BooleanField(
        label=_("Lo he revisado: es otra persona"),
        required=False,
        help_text=_("Márquelo solo si no es ninguna de las que se muestran aquí."),
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = TOLD
        widgets: ClassVar[dict[str, Any]] = WIDGETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sex", "kinship"):
            field = self.fields[name]
            field.choices = [("", _("No se sabe")), *list(field.choices)[1:]]  # type: ignore[attr-defined]
        if "distinct" in self.fields and "distinct" not in self.data:
            self.fields["distinct"].widget = forms.HiddenInput()

    def ask_whether_distinct(self) -> None:
        """Show the box, because somebody similar was found."""
        self.fields["distinct"].widget = forms.CheckboxInput()

    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them, under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def validate_unique(self) -> None:
        """The service says whose the cédula is."""

    def _post_clean(self) -> None:
        """What the table asks of cédula and reason together is said at the cédula."""
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        general: list[Any] = list(self.errors.get(NON_FIELD_ERRORS, []))
        if str(CEDULA_OR_REASON_MESSAGE) in [str(error) for error in general]:
            del self.errors[NON_FIELD_ERRORS]
            self.add_error("cedula", CEDULA_OR_REASON_MESSAGE)


class CorrectPersonForm(ReasonMixin, PersonForm):
    """A person to correct. The box appears once she would resemble somebody else."""

    GROUPS: ClassVar[list[tuple[Any, list[str]]]] = [
        *PersonForm.GROUPS,
        (_("Por qué se corrige"), ["reason"]),
    ]


class PhotographForm(ReasonMixin):
    """A photograph, from the camera or from what one has."""

    photograph = PhotographField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["photograph", "reason"])
        self.fields["reason"].initial = _("Fotografía nueva, con su permiso")
        self.fields["reason"].help_text = _("Queda en la historia junto a su nombre.")


class MoveForm(ReasonMixin):
    """Why a person goes over to another family."""


class BankAccountForm(ReasonMixin, forms.ModelForm):
    """Where a person is paid from a day on."""

    on = forms.DateField(label=_("Se usa desde el día"), widget=DayInput)

    class Meta:
        model = BankAccount
        fields: ClassVar[list[str]] = ["institution", "kind", "number"]
        widgets: ClassVar[dict[str, Any]] = {
            "number": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["institution", "kind", "number", "on", "reason"])
        kind = self.fields["kind"]
        kind.choices = [("", _("Escoja")), *list(kind.choices)[1:]]  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()


class CloseBankAccountForm(ReasonMixin):
    """The day from which an account is no longer used, and why."""

    closed_on = forms.DateField(label=_("En desuso desde el día"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["closed_on", "reason"])
        self.fields["closed_on"].initial = timezone.localdate()
