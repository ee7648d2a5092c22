"""Finding rows by a name in any spelling."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from kallari.search.spelling import search_key, search_words, sound_key

SHORTEST_SOUND = 3
"""Letters of a sound from which on it tells names apart."""

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)


class NamedQuerySet(models.QuerySet[ModelT]):
    """For a model with ``search_key`` and ``sound_key`` (`kallari.search.fields`).

    Where rows have further spellings in another table with the same two columns, the subclass
    says where in `further_spellings`.
    """

    def further_spellings(self) -> models.QuerySet[Any] | None:
        """The rows of the other table that belong to ``OuterRef("pk")``; None without one."""
        return None

    def named(self, text: str) -> Self:
        """Rows whose name, or further spelling, is `text` in any spelling.

        More than one row when several sound alike; `kallari.search.names.Names` then tells which
        of them is meant.
        """
        key, sound = search_key(text), sound_key(text)
        same = models.Q(search_key=key) if key else models.Q(pk__in=[])
        if sound:
            same |= models.Q(sound_key=sound)
        return self._by_any_spelling(same)

    def search(self, text: str) -> Self:
        """Rows that a person who types `text` may mean; all rows when it says nothing.

        A row answers when one of its spellings holds the letters typed, or the sound typed, or
        the sound of every single word in any order. A sound of one or two letters says nothing
        ("zzzz" sounds like an s): of such a text the letters alone are looked for.
        """
        key, sound = search_key(text), sound_key(text)
        if not key:
            return self
        holds = models.Q(search_key__contains=key)
        if len(sound) >= SHORTEST_SOUND:
            holds |= models.Q(sound_key__contains=sound)
        parts = search_words(text)
        if any(len(part) >= SHORTEST_SOUND for part in parts):
            every_word = models.Q()
            for part in parts:
                every_word &= models.Q(sound_key__contains=part)
            holds |= every_word
        return self._by_any_spelling(holds)

    def _by_any_spelling(self, condition: models.Q) -> Self:
        """Rows for which `condition` holds of the name or of one further spelling."""
        further = self.further_spellings()
        if further is not None:
            condition |= models.Q(models.Exists(further.filter(condition)))
        return self.filter(condition)
