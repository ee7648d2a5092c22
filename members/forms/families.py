"""What people fill in about families."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.accounts.models import User
from kallari.forms import DayInput, ReasonMixin
from kallari.roles import Role
from members.forms.lists import FilterForm, community_field, search_field
from members.forms.persons import PersonForm
from members.models import Community, Family
from members.querysets.reach import BOUND_TO_COMMUNITIES


class FamilyFilterForm(FilterForm):
    """Which families a list shows; all fields but a cédula stay in the address."""

    OPEN, CLOSED, ALL = "abiertas", "retiradas", "todas"
    WITH, WITHOUT = "con", "sin"

    buscar = search_field(_("Nombre o número"))
    comunidad = community_field()
    socia = forms.ChoiceField(
        label=_("Socia o socio"),
        required=False,
        choices=[
            ("", _("Con y sin")),
            (WITH, _("Con socia o socio")),
            (WITHOUT, _("Sin socia ni socio")),
        ],
    )
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[(OPEN, _("En la asociación")), (CLOSED, _("Retiradas")), (ALL, _("Todas"))],
    )

    def __init__(self, *args: Any, user: User, may_identify: bool, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if may_identify:
            self.fields["buscar"].label = _("Nombre, número o cédula")


class NewFamilyForm(PersonForm):
    """A family to enter, with the person who answers for it."""

    name = forms.CharField(
        label=_("Nombre de la familia"),
        required=False,
        max_length=120,
        help_text=_("Los apellidos por los que se la conoce. Si lo deja vacío, los de la persona."),
    )
    community = forms.ModelChoiceField(
        label=_("Comunidad"), queryset=Community.objects.none(), empty_label=_("Escoja")
    )
    joined_on = forms.DateField(
        label=_("Con la asociación desde"),
        required=False,
        widget=DayInput,
        help_text=_("Si se sabe: el día en que empezó a entregar o se acercó."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Community.objects.whose_people_are_seen_by(user).opened()
        self.fields["community"].queryset = offered  # type: ignore[attr-defined]


class FamilyForm(ReasonMixin, forms.ModelForm):
    """A family to correct."""

    class Meta:
        model = Family
        fields: ClassVar[list[str]] = ["name", "community", "joined_on", "note"]
        widgets: ClassVar[dict[str, Any]] = {
            "note": forms.Textarea(attrs={"rows": 3}),
            "joined_on": DayInput,
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "community", "joined_on", "note", "reason"])
        present = Community.objects.filter(pk=self.instance.community_id)
        offered = Community.objects.whose_people_are_seen_by(user).opened() | present
        self.fields["community"].queryset = offered  # type: ignore[attr-defined]
        self.fields["joined_on"].widget = DayInput()


class CloseFamilyForm(ReasonMixin):
    """The day from which a family is no longer in the association, and why."""

    closed_on = forms.DateField(label=_("Retirada desde el día"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["closed_on", "reason"])
        self.fields["closed_on"].initial = timezone.localdate()


class ReopenFamilyForm(ReasonMixin):
    """Why a family comes back."""


class StoryFilterForm(forms.Form):
    """What of a family's story is shown."""

    shows_optional = False

    clase = forms.ChoiceField(label=_("De qué"), required=False)
    ano = forms.IntegerField(
        label=_("Año"),
        required=False,
        min_value=1900,
        max_value=2200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Escriba el año con cuatro cifras.")},
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clase"].choices = [("", _("Todo")), *kinds]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who will work in a community, or represent it."""

    user = forms.ModelChoiceField(
        label=_("Cuenta"), queryset=User.objects.none(), empty_label=_("Escoja")
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound = User.objects.filter(
            is_active=True, groups__name__in=[role.value for role in BOUND_TO_COMMUNITIES]
        )
        free = bound.exclude(community_assignments__community=community)
        self.fields["user"].queryset = free.distinct().order_by("full_name", "username")  # type: ignore[attr-defined]
        self.fields["user"].help_text = _(
            "Se ofrecen las cuentas de %(agents)s y de %(delegates)s que todavía no la tienen."
        ) % {
            "agents": Role.EXTENSION_AGENT.label.lower(),
            "delegates": Role.DELEGATE.label.lower(),
        }


class WithdrawForm(ReasonMixin):
    """Why an account no longer works in a community."""
