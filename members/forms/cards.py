"""What people fill in about partners' cards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kallari.forms import ReasonMixin
from members.models import Community


class CardFilterForm(forms.Form):
    """Whose cards are printed; stays in the address."""

    shows_optional = False

    comunidad = forms.ModelChoiceField(
        label=_("Comunidad"),
        required=False,
        queryset=Community.objects.none(),
        empty_label=_("Escoja una comunidad"),
        error_messages={"invalid_choice": _("Escoja una comunidad de la lista.")},
    )

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["comunidad"]
        field.queryset = communities


class RevokeCardForm(ReasonMixin):
    """Why a card is no longer valid, and whether another takes its place."""

    another = forms.BooleanField(
        label=_("Emitir otro carné en su lugar"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "another"])
        self.fields["reason"].max_length = 200  # type: ignore[attr-defined]  # a CharField
        self.fields["reason"].help_text = _(
            "Por ejemplo «se perdió en el camino» o «la fotografía ya no se parece»."
        )
