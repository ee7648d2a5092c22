"""The columns that a model with a name carries, computed by the database."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from kallari.search.spelling import SEARCH_KEY_FUNCTION, SOUND_KEY_FUNCTION


def _spoken(fields: tuple[str, ...]) -> models.F | Concat:
    """The text columns of a row, one after the other with a space between."""
    first, *others = fields
    if not others:
        return models.F(first)
    parts: list[models.F | models.Value] = [models.F(first)]
    for field in others:
        parts += [models.Value(" "), models.F(field)]
    return Concat(*parts, output_field=models.TextField())


def search_key_of(*fields: str) -> models.GeneratedField:
    """A column that holds `search_key` of another text column of the same row, or of several.

    The model's first migration depends on ``("kallari", "0002_names_in_any_spelling")``. After an
    update the value on the object is the old one until ``refresh_from_db()``.
    """
    return models.GeneratedField(
        expression=models.Func(_spoken(fields), function=SEARCH_KEY_FUNCTION),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("letras del nombre"),
    )


def sound_key_of(*fields: str) -> models.GeneratedField:
    """A column that holds `sound_key` of other text columns; see `search_key_of`."""
    return models.GeneratedField(
        expression=models.Func(_spoken(fields), function=SOUND_KEY_FUNCTION),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("sonido del nombre"),
    )
