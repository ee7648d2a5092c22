"""What kinds of values a rule may have: how each is checked, stored, typed in and shown.

In the database a value is JSON: an integer is a number, a decimal is text, so that no digit is
lost (in SQL: ``(kallari_rule_value(key, day) #>> '{}')::numeric``), several values are an array.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ValueT = TypeVar("ValueT")

WRONG = "wrong_value"
"""The code of every refusal of a value."""


class Kind(ABC, Generic[ValueT]):
    """One kind of value. `typed` and `stored` are each other's reverse."""

    name: str
    """How the API calls it."""

    @abstractmethod
    def typed(self, stored: Any) -> ValueT:
        """Return the value that the JSON `stored` means.

        Raises:
            ValidationError: code ``wrong_value``, when it is none of this kind.
        """

    @abstractmethod
    def stored(self, value: ValueT) -> Any:
        """Return the value as JSON.

        Raises:
            ValidationError: code ``wrong_value``.
        """

    @abstractmethod
    def words(self, value: ValueT) -> str:
        """Return the value as a person reads it, without its unit."""

    @abstractmethod
    def field(self, **options: Any) -> forms.Field:
        """Return a form's field that asks for a value of this kind."""

    def from_text(self, text: str) -> ValueT:
        """Return the value that somebody typed in one line.

        Raises:
            ValidationError: when it is none of this kind.
        """
        value: ValueT = self.field().clean(text)
        return value


def _refused(message: StrOrPromise, **params: Any) -> ValidationError:
    return ValidationError(message, code=WRONG, params=params)


@dataclass(frozen=True)
class Integer(Kind[int]):
    """A whole number, within its limits (both included)."""

    minimum: int = 0
    maximum: int = 1_000_000_000
    name = "integer"

    def typed(self, stored: Any) -> int:
        if isinstance(stored, bool) or not isinstance(stored, int):
            raise _refused(_("Escriba un número entero."))
        if not self.minimum <= stored <= self.maximum:
            raise _refused(
                _("Escriba un número entre %(minimum)s y %(maximum)s."),
                minimum=self.minimum,
                maximum=self.maximum,
            )
        return stored

    def stored(self, value: int) -> int:
        return self.typed(value)

    def words(self, value: int) -> str:
        return formats.number_format(value, decimal_pos=0, force_grouping=True)

    def field(self, **options: Any) -> forms.Field:
        return forms.IntegerField(min_value=self.minimum, max_value=self.maximum, **options)


class _CommaOrPoint(forms.DecimalField):
    """Takes 1,4 and 1.4 alike."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as its base does
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


@dataclass(frozen=True)
class DecimalNumber(Kind[Decimal]):
    """A number with at most `places` decimals, within its limits (both included).

    A percentage is written as people say it: 5 for 5 %.
    """

    places: int = 2
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(1_000_000_000)
    name = "decimal"

    def typed(self, stored: Any) -> Decimal:
        if not isinstance(stored, str):
            raise _refused(_("Escriba un número, con coma o punto para los decimales."))
        try:
            value = Decimal(stored)
        except InvalidOperation as error:
            raise _refused(_("Escriba un número, con coma o punto para los decimales.")) from error
        return self._within_limits(value)

    def stored(self, value: Decimal) -> str:
        text = f"{self._within_limits(Decimal(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _within_limits(self, value: Decimal) -> Decimal:
        if not value.is_finite() or not self.minimum <= value <= self.maximum:
            raise _refused(
                _("Escriba un número entre %(minimum)s y %(maximum)s."),
                minimum=self.minimum,
                maximum=self.maximum,
            )
        if value != round(value, self.places):
            raise _refused(_("Escriba a lo más %(places)s decimales."), places=self.places)
        return value

    def words(self, value: Decimal) -> str:
        places = max(0, -int(value.as_tuple().exponent))
        return formats.number_format(value, decimal_pos=places, force_grouping=True)

    def field(self, **options: Any) -> forms.Field:
        return _CommaOrPoint(
            min_value=self.minimum,
            max_value=self.maximum,
            decimal_places=self.places,
            **options,
        )


@dataclass(frozen=True)
class Text(Kind[str]):
    """Some words."""

    longest: int = 500
    name = "text"

    def typed(self, stored: Any) -> str:
        if not isinstance(stored, str) or not stored.strip():
            raise _refused(_("Escriba el valor con palabras."))
        if len(stored) > self.longest:
            raise _refused(_("Escriba a lo más %(longest)s letras."), longest=self.longest)
        return stored

    def stored(self, value: str) -> str:
        return self.typed(value)

    def words(self, value: str) -> str:
        return value

    def field(self, **options: Any) -> forms.Field:
        return forms.CharField(max_length=self.longest, **options)


class _SeveralOf(forms.MultipleChoiceField):
    """Boxes to tick; takes a line with commas too."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return super().to_python(_parts(value) if isinstance(value, str) else value)


@dataclass(frozen=True)
class Choices(Kind[tuple[str, ...]]):
    """One or several of a few codes, each with its words; in the order of `codes`."""

    codes: Mapping[str, StrOrPromise]
    name = "choices"

    def typed(self, stored: Any) -> tuple[str, ...]:
        known = isinstance(stored, (list, tuple)) and set(stored) <= set(self.codes)
        if not known or not stored or len(set(stored)) != len(stored):
            raise _refused(
                _("Escoja uno o varios, cada uno una vez: %(codes)s."), codes=", ".join(self.codes)
            )
        return tuple(code for code in self.codes if code in stored)

    def stored(self, value: Sequence[str]) -> list[str]:
        return list(self.typed(value))

    def words(self, value: tuple[str, ...]) -> str:
        return ", ".join(str(self.codes[code]) for code in value)

    def field(self, **options: Any) -> forms.Field:
        return _SeveralOf(choices=list(self.codes.items()), **options)


class _WholeNumbers(forms.CharField):
    """Several whole numbers in one line, separated by commas or blanks."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return ()
        try:
            return tuple(int(part) for part in _parts(str(value)))
        except ValueError as error:
            raise ValidationError(
                _("Escriba números enteros separados por comas."), code=WRONG
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(map(str, value))


@dataclass(frozen=True)
class Integers(Kind[tuple[int, ...]]):
    """Several different whole numbers, from the greatest to the smallest."""

    minimum: int = 0
    name = "integers"

    def typed(self, stored: Any) -> tuple[int, ...]:
        fine = isinstance(stored, (list, tuple)) and all(
            isinstance(one, int) and not isinstance(one, bool) and one >= self.minimum
            for one in stored
        )
        if not fine or not stored or len(set(stored)) != len(stored):
            raise _refused(
                _("Escriba números enteros distintos, desde %(minimum)s, separados por comas."),
                minimum=self.minimum,
            )
        return tuple(sorted(stored, reverse=True))

    def stored(self, value: Sequence[int]) -> list[int]:
        return list(self.typed(value))

    def words(self, value: tuple[int, ...]) -> str:
        return get_text_list([str(one) for one in value], _("y"))

    def field(self, **options: Any) -> forms.Field:
        options.setdefault("help_text", gettext_lazy("Varios números, separados por comas."))
        return _WholeNumbers(**options)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text) if part]
