"""Whom a row of a register may mean, among the people registered and the rows before it.

The same answers as `members.services.persons.probable_duplicates`, from memory: a register of
thousands of rows would otherwise ask the database, and compare with a whole village, once a row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from kallari.imports.resources import InFile
from kallari.search.names import edit_distance
from kallari.search.spelling import search_key, search_words
from members.models import Person
from members.services.persons import LETTERS_APART, YEARS_APART, similar_names

MOST_WORDS = 12
"""Words of a name that are compared."""


@dataclass(frozen=True)
class Described:
    """A person as far as it takes to tell her from others. `row` is the primary key of a record,
    or the `InFile` of a row."""

    row: Any
    name: str
    community: Any
    birth_year: int | None
    born_on: date | None
    cedula: str | None

    @classmethod
    def of(cls, person: Person) -> Described:
        return cls(
            person.pk,
            person.listed_name,
            person.family.community_id,
            person.birth_year,
            person.born_on,
            person.cedula,
        )

    @property
    def key(self) -> str:
        return search_key(self.name)

    @property
    def words(self) -> tuple[str, ...]:
        return _words(self.name)

    def place(self) -> tuple[bool, int, str]:
        """Where it stands among others: records by key, then rows by number."""
        if isinstance(self.row, InFile):
            return True, self.row.number, ""
        return False, 0, str(self.row)

    def is_named_like(self, other: Described) -> bool:
        return similar_names(self.words, other.words)

    def is_surely(self, other: Described) -> bool:
        """Whether there is no doubt, without a cédula: name, year and community the same."""
        same = (self.key, self.community, self.birth_year)
        if same != (other.key, other.community, other.birth_year) or self.cedula:
            return False
        return other.cedula is None or self.birth_year is not None

    def is_surely_not(self, other: Described) -> bool:
        """Whether cédulas and birth dates are known of both and all differ: a namesake."""
        known = self.cedula and other.cedula and self.born_on and other.born_on
        return bool(known) and self.cedula != other.cedula and self.born_on != other.born_on


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    return tuple(search_words(name)[:MOST_WORDS])


class People:
    """Everybody known so far, found by cédula or by a similar name in the same community."""

    def __init__(self, known: Iterable[Described] = ()) -> None:
        self._by_cedula: dict[str, Described] = {}
        self._by_word: dict[tuple[Any, str], list[Described]] = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, one: Described) -> None:
        self.add_cedula(one)
        for word in set(one.words):
            for form in _forms(word):
                self._by_word[one.community, form].append(one)

    def add_cedula(self, one: Described) -> None:
        """Let somebody be found by cédula alone. The first keeps it."""
        if one.cedula:
            self._by_cedula.setdefault(one.cedula, one)

    def with_cedula(self, cedula: str) -> Described | None:
        return self._by_cedula.get(cedula)

    def similar(self, one: Described) -> Sequence[Described]:
        """Who has a similar name, the same community, and a birth year at most one apart: records
        first, each time in the same order."""
        shared: Counter[Described] = Counter()
        for word in set(one.words):
            shared.update(
                {other for form in _forms(word) for other in self._by_word[one.community, form]}
            )
        found = [
            other
            for other, words in shared.items()
            if (words > 1 or _has_twins(one.words) or _has_twins(other.words))
            and _years_fit(one.birth_year, other.birth_year)
            and one.is_named_like(other)
        ]
        return sorted(found, key=Described.place)


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    """The word and what is left of it without one letter: two words that are at most one letter
    apart share a form (deletion neighbourhood)."""
    return frozenset({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})


@lru_cache(maxsize=20_000)
def _has_twins(words: tuple[str, ...]) -> bool:
    """Whether two words of a name are so alike that one word of another matches both."""
    return any(
        edit_distance(one, other, at_most=2 * LETTERS_APART) <= 2 * LETTERS_APART
        for place, one in enumerate(words)
        for other in words[place + 1 :]
    )


def _years_fit(one: int | None, other: int | None) -> bool:
    return one is None or other is None or abs(one - other) <= YEARS_APART
