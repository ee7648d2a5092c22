"""How every Django form looks: ``{{ form }}`` lists errors on top, then the fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.forms.renderers import TemplatesSetting

if TYPE_CHECKING:
    from django.forms import BaseForm

ResultT = TypeVar("ResultT")


class FormRenderer(TemplatesSetting):
    """Renders forms and fields through templates/kallari/components/."""

    form_template_name = "kallari/components/form.html"
    field_template_name = "kallari/components/field.html"


def written(form: BaseForm, act: Callable[[], ResultT]) -> ResultT | None:
    """Call a service that writes what a valid form says; None when it refused.

    The refusal stands on the form then, at the fields it names, and nothing is written.
    """
    try:
        with transaction.atomic():
            return act()
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                shown = name != NON_FIELD_ERRORS and name in form.fields
                form.add_error(name if shown else None, errors)
        else:
            form.add_error(None, refusal)
    return None
