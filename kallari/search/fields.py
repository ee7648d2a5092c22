"""The columns that a model with a name carries, computed by the database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kallari.search.spelling import SEARCH_KEY_FUNCTION, SOUND_KEY_FUNCTION


def search_key_of(field: str) -> models.GeneratedField:
    """A column that holds `search_key` of another text column of the same row.

    The model's first migration depends on ``("kallari", "0002_names_in_any_spelling")``. After an
    update the value on the object is the old one until ``refresh_from_db()``.
    """
    return models.GeneratedField(
        expression=models.Func(models.F(field), function=SEARCH_KEY_FUNCTION),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("letras del nombre"),
    )


def sound_key_of(field: str) -> models.GeneratedField:
    """A column that holds `sound_key` of another text column; see `search_key_of`."""
    return models.GeneratedField(
        expression=models.Func(models.F(field), function=SOUND_KEY_FUNCTION),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("sonido del nombre"),
    )
