"""Of which day and which community the dashboard speaks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.forms import DayInput
from members.forms.lists import EARLIEST_DAY, community_field
from members.models import Community

if TYPE_CHECKING:
    from kallari.accounts.models import User


class PanoramaForm(forms.Form):
    """Today and all communities, unless somebody says otherwise."""

    use_required_attribute = False

    fecha = forms.DateField(
        label=_("Cómo estaba el"),
        required=False,
        widget=DayInput(),
        help_text=_("Cualquier día hasta hoy."),
    )
    comunidad = community_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Community.objects.whose_people_are_seen_by(user)
        self.fields["comunidad"].queryset = seen  # type: ignore[attr-defined]

    def clean_fecha(self) -> date:
        day = self.cleaned_data["fecha"] or timezone.localdate()
        if day > timezone.localdate():
            raise ValidationError(_("Ese día todavía no llega."), code="in_the_future")
        if day < EARLIEST_DAY:
            raise ValidationError(_("De un día tan lejano no se sabe nada."), code="too_early")
        return day
