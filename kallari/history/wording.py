"""How a value of history is shown to a person: names instead of numbers, words instead of codes.

`Names` reads what foreign keys point to, in bulk; `shown` turns one value of one field into text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kallari.history.tracked import AnyModel, history_of, is_tracked

Field: TypeAlias = "models.Field[Any, Any]"

LONG = 200
"""Characters from which a value is shown as a block of its own."""

HIDDEN = "••••••••"
"""Stands for a masked value where a text needs one."""


@dataclass(frozen=True)
class Shown:
    """A value as text. `is_empty` when there is nothing to show, `is_block` when line breaks
    matter (formatted JSON, long or several lines of text)."""

    text: str
    is_empty: bool = False
    is_block: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def html(self) -> SafeString:
        """The value on a page, escaped. Not a template: a page shows hundreds."""
        if self.is_empty:
            return format_html('<span class="muted">{}</span>', self.text)
        if self.is_block:
            return format_html('<pre class="value">{}</pre>', self.text)
        return escape(self.text)


def empty() -> Shown:
    """What stands in the place of nothing."""
    return Shown(_("vacío"), is_empty=True)


def is_empty(value: Any) -> bool:
    """Whether a value says nothing. False and zero say something.

    >>> is_empty(""), is_empty({}), is_empty(None), is_empty(0), is_empty(False)
    (True, True, True, False, False)
    """
    return value is None or (isinstance(value, (str, bytes, list, tuple, dict)) and not value)


def tracked_fields(model: AnyModel) -> list[Field]:
    """Return the model's fields that history keeps, as they stand on the model itself."""
    fields: list[Field] = history_of(model).tracked_fields  # type: ignore[attr-defined]
    return fields


def masked_fields(model: AnyModel) -> frozenset[str]:
    """Return the names of fields of which history only tells that they changed."""
    names: frozenset[str] = getattr(history_of(model), "masked_fields", frozenset())
    return names


def primary_key(model: AnyModel) -> Field:
    """Return the model's primary key; every model with a table has one."""
    field: Field | None = model._meta.pk
    if field is None:
        raise TypeError(f"{model.__name__} has no primary key.")
    return field


def capitalized(words: object) -> str:
    """Return the text with a capital first letter and the rest as it was.

    >>> capitalized("correo de la ONG")
    'Correo de la ONG'
    """
    text = str(words)
    return text[:1].upper() + text[1:]


def plain(value: Any) -> Any:
    """Return the value as JSON can carry it: decimals as text, moments in ISO 8601."""
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return str(value)


class Names:
    """The names of the objects that history rows point to.

    What is wanted is collected first and read at once: one query for each model pointed to, at
    each of `DEPTH` steps away from the history row, however many rows there are. The steps are
    followed because a name may be made of other names (an inspection is called after its chakra,
    the chakra after its family).
    """

    DEPTH = 3

    def __init__(self) -> None:
        self._found: dict[tuple[AnyModel, str], dict[Any, models.Model]] = defaultdict(dict)
        self._lost: dict[tuple[AnyModel, str], set[Any]] = defaultdict(set)
        self._wanted: dict[tuple[AnyModel, str], set[Any]] = defaultdict(set)

    def want(self, model: AnyModel, values: Mapping[str, Any]) -> None:
        """Note what one history row of `model` points to; `values` by column name."""
        for field in _foreign_keys(tracked_fields(model)):
            self._want(field, values[field.attname])

    def load(self) -> None:
        """Read everything wanted so far, and what its names are made of."""
        loaded: list[models.Model] = []
        for _step in range(self.DEPTH):
            wanted, self._wanted = self._wanted, defaultdict(set)
            if not wanted:
                break
            step = [
                instance
                for (model, column), values in wanted.items()
                for instance in self._read(model, column, values)
            ]
            for instance in step:
                for field in _foreign_keys(instance._meta.concrete_fields):
                    self._want(field, getattr(instance, field.attname))
            loaded += step
        self._wanted.clear()
        for instance in loaded:
            self._link(instance, instance._meta.concrete_fields)

    def of(self, field: models.ForeignKey[Any, Any], value: Any) -> str:
        """Return the name of what a foreign key points to; its number when it is gone."""
        instance = self._found[_target(field)].get(value)
        if instance is None:
            return _("n.º %(number)s, que ya no existe") % {"number": value}
        return name_of(instance)

    def instance(self, model: AnyModel, values: Mapping[str, Any]) -> models.Model:
        """Return the object as one history row remembers it, unsaved, its relations at hand."""
        masked = masked_fields(model)
        fields = tracked_fields(model)
        instance = model(
            **{
                field.attname: HIDDEN if field.name in masked else values[field.attname]
                for field in fields
            }
        )
        self._link(instance, fields)
        return instance

    def _want(self, field: models.ForeignKey[Any, Any], value: Any) -> None:
        key = _target(field)
        if value is not None and value not in self._found[key] and value not in self._lost[key]:
            self._wanted[key].add(value)

    def _read(self, model: AnyModel, column: str, values: Collection[Any]) -> list[models.Model]:
        key = (model, column)
        found = {
            getattr(instance, column): instance
            for instance in model._base_manager.filter(**{f"{column}__in": values})
        }
        missing = set(values) - found.keys()
        if missing and is_tracked(model) and column == primary_key(model).attname:
            rows = (
                history_of(model)
                ._base_manager.filter(**{f"{column}__in": missing})
                .order_by(column, "-history_id")
                .distinct(column)
                .values()
            )
            found |= {row[column]: self.instance(model, row) for row in rows}
        self._found[key] |= found
        self._lost[key] |= set(values) - found.keys()
        return list(found.values())

    def _link(self, instance: models.Model, fields: Iterable[Field]) -> None:
        for field in _foreign_keys(fields):
            key, value = _target(field), getattr(instance, field.attname)
            if value in self._found[key] or value in self._lost[key]:
                # None for what is lost, so that a name made of it fails at once, without a query.
                field.set_cached_value(instance, self._found[key].get(value))


def name_of(instance: models.Model) -> str:
    """Return the object's name, or its kind and number when an old row lacks what today's name
    is made of: one odd row of years ago must not close the whole list."""
    try:
        return str(instance)
    except (ObjectDoesNotExist, AttributeError, LookupError, TypeError, ValueError):
        return f"{capitalized(instance._meta.verbose_name)} {instance.pk}"


def shown(field: Field, value: Any, names: Names) -> Shown:
    """Return a field's value as a person reads it, in the active language and local time."""
    if is_empty(value):
        return empty()
    if isinstance(field, models.ForeignKey):
        return _text(names.of(field, value))
    if field.flatchoices and isinstance(value, (str, int, float, Decimal)):
        return _text(str(dict(field.flatchoices).get(value, value)))
    if isinstance(value, bool):
        return Shown(_("Sí") if value else _("No"))
    if isinstance(value, datetime):
        return Shown(_moment(value))
    if isinstance(value, date):
        return Shown(formats.date_format(value, "SHORT_DATE_FORMAT"))
    if isinstance(value, Decimal):
        return Shown(decimal_text(value))
    if isinstance(field, models.JSONField):
        text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str)
        return Shown(text, is_block=isinstance(value, (dict, list)) or len(text) > LONG)
    if isinstance(value, (list, tuple)):
        return _text(", ".join(str(item) for item in value))
    if isinstance(value, (bytes, memoryview)):
        return Shown(_("%(count)s bytes") % {"count": len(value)})
    return _text(str(value))


def told_apart(before: Any, after: Any, old: Shown, new: Shown) -> tuple[Shown, Shown]:
    """Return both texts so that they differ where the values do.

    Two persons of one name, or two moments within one second, read alike; what tells them apart
    is added in brackets.
    """
    if old.text != new.text:
        return old, new
    return (
        Shown(f"{old.text} ({_exact(before)})", is_block=old.is_block),
        Shown(f"{new.text} ({_exact(after)})", is_block=new.is_block),
    )


def decimal_text(value: Decimal) -> str:
    """Return a decimal in local writing, with all its decimals: 1.234,560.

    Only the digits are grouped and the sign of the decimals chosen: nothing is rounded.
    """
    places = max(0, -int(value.as_tuple().exponent)) if value.is_finite() else 0
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def _exact(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return _("nada") if value is None else repr(value) if isinstance(value, str) else str(value)


def _moment(value: datetime) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    day = formats.date_format(local, "SHORT_DATE_FORMAT")
    return f"{day} {local:%H:%M:%S}"


def _text(text: str) -> Shown:
    return Shown(text, is_block=len(text) > LONG or "\n" in text)


def _foreign_keys(fields: Iterable[Field]) -> list[models.ForeignKey[Any, Any]]:
    return [field for field in fields if isinstance(field, models.ForeignKey)]


def _target(field: models.ForeignKey[Any, Any]) -> tuple[AnyModel, str]:
    model: AnyModel = field.remote_field.model
    return model, field.target_field.attname
