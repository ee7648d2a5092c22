"""What the forms of the house have in common."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

import kallari
import members
from kallari.forms import CommaOrPointField


def own_forms() -> Iterator[type[forms.BaseForm]]:
    """Every form that the apps declare in modules or packages named forms."""
    for package in (kallari, members):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "forms" not in module.name.split("."):
                continue
            for found in vars(importlib.import_module(module.name)).values():
                if isinstance(found, type) and issubclass(found, forms.BaseForm):
                    yield found


def test_every_number_with_decimals_may_be_written_with_a_comma() -> None:
    found = {
        (form.__name__, name, isinstance(field, CommaOrPointField))
        for form in own_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DecimalField)
    }
    assert ("EstimateForm", "estimated_kg", True) in found
    assert not {one for one in found if not one[2]}


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,25", "1.25"), ("1.25", "1.25"), (" 1,234 ", "1.234"), ("1250", "1250")],
)
def test_a_comma_and_a_point_are_the_same(typed: str, number: str) -> None:
    with translation.override("es"):
        assert CommaOrPointField().clean(typed) == Decimal(number)


@pytest.mark.parametrize(("language", "typed"), [("es", "1.250"), ("en", "1,250")])
def test_what_may_be_a_thousand_is_asked_again(language: str, typed: str) -> None:
    with translation.override(language), pytest.raises(ValidationError):
        CommaOrPointField().clean(typed)


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("es", "4.900,5", "4900.5"),
        ("es", "1.234.567,250", "1234567.25"),
        ("es", "-4.925,505", "-4925.505"),
        ("en", "4,900.5", "4900.5"),
    ],
)
def test_thousands_in_threes_before_decimals_are_taken_as_the_screen_shows_them(
    language: str, typed: str, number: str
) -> None:
    with translation.override(language):
        assert CommaOrPointField().clean(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("language", "typed"),
    [("es", "4900.5,5"), ("es", "49.00,5"), ("es", "1.234.567"), ("en", "4.900,5")],
)
def test_points_and_commas_that_mean_nothing_in_a_language_are_asked_again(
    language: str, typed: str
) -> None:
    with translation.override(language), pytest.raises(ValidationError):
        CommaOrPointField().clean(typed)


@pytest.mark.parametrize("typed", ["0e99999999999999", "1e3", "1_000", "1.23,5", "NaN", "٣", ","])
def test_what_is_not_written_out_in_digits_is_no_number(typed: str) -> None:
    with pytest.raises(ValidationError):
        CommaOrPointField().clean(typed)


def test_a_number_is_shown_as_the_language_writes_it() -> None:
    class Form(forms.Form):
        area = CommaOrPointField()

    form = Form(initial={"area": Decimal("1234.5")})
    with translation.override("es"):
        assert form["area"].value() == "1234,5"
        assert not Form({"area": "1234,5"}, initial={"area": Decimal("1234.5")}).has_changed()
    with translation.override("en"):
        assert form["area"].value() == "1234.5"
