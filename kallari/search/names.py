"""Which row a typed name means: for imports, forms and warnings before a duplicate is made."""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kallari.search.spelling import search_key, sound_key

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_COMPARED = 80
"""Letters of a sound that are compared for nearness: longer texts are no names."""


class Likeness(enum.Enum):
    """How a typed name relates to the rows that are known."""

    SAME = "same"
    """One row has exactly this name: other accents, case, spaces or punctuation at most."""
    SOUNDS_ALIKE = "sounds_alike"
    """No row has the name, exactly one sounds like it."""
    AMBIGUOUS = "ambiguous"
    """Several rows sound like it: only a person can tell."""
    NEAR = "near"
    """One row is a few letters away and clearly nearer than any other: ask, never assume."""
    UNKNOWN = "unknown"
    """Nothing like it."""


@dataclass(frozen=True)
class Found:
    """What a typed name may mean. `rows` holds primary keys, the likeliest first."""

    likeness: Likeness
    rows: tuple[Any, ...] = ()

    @property
    def row(self) -> Any | None:
        """The one row meant, taken without asking; None when somebody must look."""
        if self.likeness in {Likeness.SAME, Likeness.SOUNDS_ALIKE}:
            return self.rows[0]
        return None


class Names:
    """All spellings of a table in memory, for looking up many names without a query for each.

    Args:
        spellings: pairs of a row's primary key and one of its spellings; a row may come often.
    """

    def __init__(self, spellings: Iterable[tuple[Any, str]] = ()) -> None:
        self._by_key: dict[str, Any] = {}
        self._by_sound: dict[str, dict[Any, None]] = defaultdict(dict)
        for row, spelling in spellings:
            self.add(row, spelling)

    def add(self, row: Any, spelling: str) -> None:
        """Let `row` be found under a further spelling. The first row keeps a key."""
        if key := search_key(spelling):
            self._by_key.setdefault(key, row)
        if sound := sound_key(spelling):
            self._by_sound[sound][row] = None

    def find(self, text: str) -> Found:
        """Tell which row `text` means, from the surest kind of likeness to the least."""
        row = self._by_key.get(search_key(text))
        if row is not None:
            return Found(Likeness.SAME, (row,))
        sound = sound_key(text)
        if alike := self._by_sound.get(sound):
            kind = Likeness.SOUNDS_ALIKE if len(alike) == 1 else Likeness.AMBIGUOUS
            return Found(kind, tuple(alike))
        if (nearest := self._nearest(sound)) is not None:
            return Found(Likeness.NEAR, (nearest,))
        return Found(Likeness.UNKNOWN)

    def _nearest(self, sound: str) -> Any | None:
        """The row whose sound is at most a quarter of the letters away (three at most), when no
        other row is within twice that distance."""
        allowed = min(3, len(sound) // 4)
        if not allowed or len(sound) > LONGEST_COMPARED:
            return None
        distances: dict[Any, int] = {}
        for known, rows in self._by_sound.items():
            distance = edit_distance(sound, known, at_most=2 * allowed)
            for row in rows:
                distances[row] = min(distance, distances.get(row, distance))
        ranked = sorted(distances.items(), key=lambda pair: pair[1])[:2]
        if not ranked or ranked[0][1] > allowed:
            return None
        if len(ranked) == 2 and ranked[1][1] < 2 * ranked[0][1]:
            return None
        return ranked[0][0]


def edit_distance(one: str, other: str, *, at_most: int) -> int:
    """Return the letters to insert, remove, replace or swap with their neighbour to get from one
    text to the other (optimal string alignment), or ``at_most + 1`` when there are more.

    >>> edit_distance("pano", "apno", at_most=3)
    1
    """
    too_far = at_most + 1
    if abs(len(one) - len(other)) > at_most:
        return too_far
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, known in enumerate(other, start=1):
            cost = min(
                above[column] + 1,
                current[column - 1] + 1,
                above[column - 1] + (letter != known),
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == known:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > at_most and min(above) > at_most:
            return too_far
        before, above = above, current
    return min(above[-1], too_far)
