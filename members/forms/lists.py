"""The fields that lists are narrowed by; what they are told stays in the address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Community

if TYPE_CHECKING:
    from kallari.accounts.models import User

EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
EARLIEST_DAY, LATEST_DAY = date(EARLIEST_YEAR, 1, 1), date(LATEST_YEAR, 12, 31)
"""Between which years and days a list is asked for."""


def search_field(label: Any) -> forms.CharField:
    """Part of a name or a number."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


def community_field(**options: Any) -> forms.ModelChoiceField[Community]:
    """One community, or all. The form fills in which ones the account is offered."""
    return forms.ModelChoiceField(
        label=_("Comunidad"),
        required=False,
        queryset=Community.objects.none(),
        empty_label=_("Todas"),
        **options,
    )


def year_field() -> forms.IntegerField:
    """One year, or all."""
    return forms.IntegerField(
        label=_("Año"),
        required=False,
        min_value=EARLIEST_YEAR,
        max_value=LATEST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FilterForm(forms.Form):
    """Which rows a list shows; all fields stay in the address. Where it asks for a ``comunidad``,
    those are offered whose people the account sees."""

    shows_optional = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "comunidad" in self.fields:
            offered: Any = self.fields["comunidad"]
            offered.queryset = Community.objects.whose_people_are_seen_by(user)
