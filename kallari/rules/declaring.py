"""How an app declares a rule, and reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

from kallari.rules.kinds import Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kallari.rules.models import RuleValue

ValueT = TypeVar("ValueT")


class NoRuleInForceError(LookupError):
    """Somebody asked for a day on which a rule has no value: nobody has entered one that early."""


class UnknownRuleError(LookupError):
    """No app declares a rule of this key."""


@dataclass(frozen=True)
class Dated(Generic[ValueT]):
    """A value that comes with the program.

    Args:
        source: where it stands: law and article, book and page, whose word. In Spanish.
        valid_from: the first day on which it holds; None: since always.
        confirmed: somebody at the association stands for it.
    """

    value: ValueT
    source: str
    valid_from: date | None = None
    confirmed: bool = False
    resolution: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class Rule(Generic[ValueT]):
    """A rule that an app asks for. Declaring it makes it known to the pages and to the start.

    Args:
        key: ``theme.name``, unique; triggers use it too, so it never changes.
        theme: under which heading the page of the rules shows it.
        help: one sentence: what depends on it.
    """

    key: str
    label: StrOrPromise
    kind: Kind[ValueT]
    theme: StrOrPromise
    unit: StrOrPromise = ""
    help: StrOrPromise = ""
    shipped: Sequence[Dated[ValueT]] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if self.key in _declared:
            raise ImproperlyConfigured(f"two rules are called {self.key}")
        if not self.shipped:
            raise ImproperlyConfigured(f"the rule {self.key} comes without any value")
        for dated in self.shipped:
            self.kind.stored(dated.value)
            if not dated.source.strip():
                raise ImproperlyConfigured(f"a value of {self.key} comes without a source")
        _declared[self.key] = self

    def on(self, day: date) -> ValueT:
        """Return the value in force on `day`. One query by an index; nothing is kept.

        Raises:
            NoRuleInForceError: when the first value begins later.
        """
        return self.kind.typed(self.row_on(day).value)

    def row_on(self, day: date) -> RuleValue:
        """Return the row in force on `day`: with its source, and whether it is confirmed.

        Raises:
            NoRuleInForceError: when the first value begins later.
        """
        from kallari.rules.models import RuleValue

        row = RuleValue.objects.of(self.key).latest_on(day)
        if row is None:
            raise NoRuleInForceError(f"no value of the rule {self.key} is in force on {day}")
        return row

    def through_time(self) -> Timeline[ValueT]:
        """Return all its values, from one query, for work that asks for many days."""
        from kallari.rules.models import RuleValue

        rows = RuleValue.objects.of(self.key).order_by("valid_from")
        return Timeline(
            self.key,
            tuple(
                (valid_from or date.min, self.kind.typed(value))
                for valid_from, value in rows.values_list("valid_from", "value")
            ),
        )

    def words(self, value: ValueT) -> str:
        """Return the value as a person reads it, with its unit."""
        return " ".join(part for part in (self.kind.words(value), str(self.unit)) if part)


@dataclass(frozen=True)
class Timeline(Generic[ValueT]):
    """A rule's values as they were when they were read: first day → value."""

    key: str
    values: tuple[tuple[date, ValueT], ...]

    def on(self, day: date) -> ValueT:
        """Return the value in force on `day`.

        Raises:
            NoRuleInForceError: when the first value begins later.
        """
        begun = [(start, value) for start, value in self.values if start <= day]
        if not begun:
            raise NoRuleInForceError(f"no value of the rule {self.key} is in force on {day}")
        return max(begun, key=lambda dated: dated[0])[1]


_declared: dict[str, Rule[Any]] = {}


def declared_rules() -> list[Rule[Any]]:
    """Every rule that an app declares, in the order of the apps and of their modules."""
    return list(_declared.values())


def rule_of(key: str) -> Rule[Any]:
    """Return the rule of this key.

    Raises:
        UnknownRuleError: when no app declares it.
    """
    try:
        return _declared[key]
    except KeyError as error:
        raise UnknownRuleError(f"no app declares a rule {key}") from error
