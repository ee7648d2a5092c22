"""How every Django form looks: ``{{ form }}`` lists errors on top, then the fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, transaction
from django.forms.renderers import TemplatesSetting
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from kallari.history.context import REASON_REQUIRED
from kallari.refusals import in_words

if TYPE_CHECKING:
    from django.forms import BaseForm

ResultT = TypeVar("ResultT")


class FormRenderer(TemplatesSetting):
    """Renders forms and fields through templates/kallari/components/."""

    form_template_name = "kallari/components/form.html"
    field_template_name = "kallari/components/field.html"


def written(form: BaseForm, act: Callable[[], ResultT]) -> ResultT | None:
    """Call a service that writes what a valid form says; None when it refused.

    The refusal stands on the form then, at the fields it names, and nothing is written. What the
    database alone refuses, because somebody else was faster, is said in words too.
    """
    try:
        with transaction.atomic():
            return act()
    except (ValidationError, DatabaseError) as error:
        refusal = in_words(error)
        _write_numbers(refusal)
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                shown = name != NON_FIELD_ERRORS and name in form.fields
                form.add_error(name if shown else None, errors)
        else:
            form.add_error(None, refusal)
    return None


def _write_numbers(refusal: ValidationError) -> None:
    """Let a refusal tell its figures as the reader's language writes them: 1.234,56."""
    for one in chain.from_iterable(getattr(refusal, "error_dict", {"": [refusal]}).values()):
        for error in getattr(one, "error_list", [one]):
            if error.params:
                error.params = {
                    name: formats.number_format(value, use_l10n=True, force_grouping=True)
                    if isinstance(value, Decimal)
                    else value
                    for name, value in error.params.items()
                }


class DayInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReasonMixin(forms.Form):
    """Asks why; the answer becomes the history reason."""

    reason = forms.CharField(
        label=_("Motivo"),
        max_length=500,
        help_text=_("Qué se corrige y por qué. Queda en la historia junto a su nombre."),
        error_messages={"required": REASON_REQUIRED},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


_IN_THREES = {
    ",": re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+"),
    ".": re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+"),
}
"""By the sign of the decimals: thousands in threes before decimals, which can mean one thing only:
4.900,5 in Spanish, 4,900.5 in English."""

_WRITTEN_OUT = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
"""A number in digits: neither 1e9, whose zero may have any exponent, nor 1_000."""


class CommaOrPointField(forms.DecimalField):
    """A number with decimals; takes 1,4 and 1.4 alike, and shows it as the language writes it.

    In Spanish 1.250 may be a thousand or one and a quarter: it is not guessed, but asked again.
    1.250,5 as the screen shows it can be nothing else.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", self.widget)
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as its base does
        if isinstance(value, str):
            value = value.strip()
            sign = formats.get_format("DECIMAL_SEPARATOR")
            if _IN_THREES[sign].fullmatch(value):
                value = value.replace("." if sign == "," else ",", "")
            parts = re.split("[.,]", value)
            may_be_thousands = sign not in value and len(parts) == 2 and len(parts[1]) == 3
            if value and (may_be_thousands or not _WRITTEN_OUT.fullmatch(value)):
                message = _(
                    "Escriba el número en cifras: los decimales con «%(sign)s», los miles sin punto"
                    " ni coma."
                )
                raise ValidationError(message, code="invalid", params={"sign": sign})
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return str(value).replace(".", formats.get_format("DECIMAL_SEPARATOR"))
        return value
