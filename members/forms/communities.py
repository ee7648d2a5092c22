"""What people fill in about the register."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.forms import DayInput, ReasonMixin
from members.forms.lists import search_field
from members.models import Community, CommunityAlias


class CommunityFilterForm(forms.Form):
    """Which communities a list shows; all fields stay in the address."""

    OPEN, CLOSED, ALL = "abiertas", "cerradas", "todas"

    shows_optional = False

    buscar = search_field(_("Nombre"))
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[(OPEN, _("Abiertas")), (CLOSED, _("Cerradas")), (ALL, _("Todas"))],
        error_messages={"invalid_choice": _("Escoja abiertas, cerradas o todas.")},
    )


class NewCommunityForm(forms.ModelForm):
    """A village to enter. The box appears once a similar name was found."""

    distinct = forms.BooleanField(
        label=_("Lo he revisado: es otra comunidad"),
        required=False,
        help_text=_("Márquelo solo si no es ninguna de las comunidades que se nombran arriba."),
    )

    class Meta:
        model = Community
        fields: ClassVar[list[str]] = ["name", "canton", "parish", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "distinct" not in self.data:
            self.fields["distinct"].widget = forms.HiddenInput()

    def ask_whether_distinct(self) -> None:
        """Show the box, because a similar name was found."""
        self.fields["distinct"].widget = forms.CheckboxInput()


class CommunityForm(ReasonMixin, forms.ModelForm):
    """A village to correct."""

    class Meta:
        model = Community
        fields: ClassVar[list[str]] = ["name", "canton", "parish", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "canton", "parish", "note", "reason"])
        self.fields["name"].help_text = _(
            "Si lo cambia, la comunidad se seguirá encontrando por su nombre de antes."
        )


class AliasForm(forms.ModelForm):
    """One more spelling of a village."""

    class Meta:
        model = CommunityAlias
        fields: ClassVar[list[str]] = ["spelling", "source"]

    def _post_clean(self) -> None:
        """The service checks it, with the community that this form does not know."""


class CloseForm(ReasonMixin):
    """The day on which work in a village ended, and why."""

    closed_on = forms.DateField(label=_("Cerrada desde el día"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["closed_on", "reason"])
        self.fields["closed_on"].initial = timezone.localdate()


class SeatsForm(ReasonMixin):
    """As of which day the seats are shared, and by which decision."""

    on = forms.DateField(
        label=_("Según el registro del día"), widget=DayInput, initial=timezone.localdate
    )


class ReopenForm(ReasonMixin):
    """Why work in a village is taken up again."""
