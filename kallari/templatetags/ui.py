"""The small set of components that every page is made of."""

from __future__ import annotations

import json
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kallari.navigation import Link, links_for

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render the inline SVG templates/kallari/icons/<name>.svg; always put a word beside it.

    An unknown name raises TemplateDoesNotExist.
    """
    svg = render_to_string(f"kallari/icons/{name}.svg").strip()
    return mark_safe(svg)  # noqa: S308  our own file, without variables


@register.simple_tag
def mark() -> SafeString:
    """Render the mark of the house: a rising sun over a leaf."""
    svg = render_to_string("kallari/components/mark.html").strip()
    return mark_safe(svg)  # noqa: S308  our own file, without variables


@register.simple_tag
def field(bound_field: BoundField) -> SafeString:
    """Render one form field: label above, help, errors in words, then the control."""
    return bound_field.as_field_group()


@register.inclusion_tag("kallari/components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """Render the list of a form's errors that stands on top of it, each linked to its field."""
    return {
        "general": form.non_field_errors(),
        "fields": [bound for bound in form.visible_fields() if bound.errors],
        "hidden": [bound for bound in form.hidden_fields() if bound.errors],
    }


@register.inclusion_tag("kallari/components/filters.html")
def filters(form: BaseForm, list_url: str, method: str = "get") -> dict[str, Any]:
    """Render the filters of a list: the search box ``buscar`` always, the others behind a button
    on a telephone, open there while one of them narrows the list.

    Args:
        list_url: the list without filters.
        method: "post" where what is typed may not stand in an address (see
            `members.views.finding`); the list answers with a redirect to the address it may have.
    """
    bounds = [bound for bound in form.visible_fields() if bound.name != "buscar"]
    return {
        "form": form,
        "search": form["buscar"] if "buscar" in form.fields else None,
        "others": bounds,
        "narrowing": [bound for bound in bounds if _narrows(bound)],
        "wrong": any(bound.errors for bound in bounds),
        "list_url": list_url,
        "method": method,
    }


def _narrows(bound: BoundField) -> bool:
    """Whether a filter holds anything but what a list shows without it."""
    default, field = bound.initial, bound.field
    if (
        default in (None, "")
        and isinstance(field, forms.ChoiceField)
        and not isinstance(field, forms.ModelChoiceField)
    ):
        default = next(iter(field.widget.choices), ("",))[0]
    return bound.data not in (None, "", False) and str(bound.data) != str(default)


@register.filter
def is_checkbox(bound_field: BoundField) -> bool:
    """Whether the field is a single box to tick, whose label stands beside it."""
    return getattr(bound_field.field.widget, "input_type", "") == "checkbox" and (
        not bound_field.use_fieldset
    )


@register.filter
def says_optional(bound_field: BoundField) -> bool:
    """Whether the label adds that the field may stay empty.

    A form of filters, where all may, sets ``shows_optional = False``. A field whose help tells
    what follows where it stays empty is in its form's ``needed``.
    """
    form = bound_field.form
    return (
        not bound_field.field.required
        and getattr(form, "shows_optional", True)
        and bound_field.name not in getattr(form, "needed", ())
    )


@register.filter
def whole(code: str) -> SafeString:
    """Keep a code together where a heading is broken into lines: L26-0094."""
    return format_html('<span class="nowrap">{}</span>', code)


@register.filter
def as_json(value: Any) -> str:
    """Write a value as JSON on one line, letters as they are: what a form takes back."""
    return json.dumps(value, ensure_ascii=False)


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Link]:
    """Return the reader's menu (kallari/navigation.py); empty for anonymous readers."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None:
        return []
    return links_for(user, request.path)
