"""Which row a typed name means: for imports, forms and warnings before a duplicate is made."""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kallari.search.spelling import search_key, sound_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
        self._letters: dict[str, int] = {}
        for row, spelling in spellings:
            self.add(row, spelling)

    def add(self, row: Any, spelling: str) -> None:
        """Let `row` be found under a further spelling. The first row keeps a key."""
        if key := search_key(spelling):
            self._by_key.setdefault(key, row)
        if sound := sound_key(spelling):
            self._by_sound[sound][row] = None
            self._letters[sound] = _letters(sound)

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
        nearest: Any = None
        best = allowed + 1
        for row, distance in self._within(sound, allowed):
            if distance < best:
                nearest, best = row, distance
        if nearest is None:
            return None
        rivals = (row for row, _distance in self._within(sound, 2 * best - 1) if row != nearest)
        return None if any(True for _rival in rivals) else nearest

    def _within(self, sound: str, at_most: int) -> Iterator[tuple[Any, int]]:
        """The rows with a sound that few letters away, and how many.

        One letter changed is at most two of the set of letters, which is compared first: it is
        many times faster, and nearly all names fall there.
        """
        letters = _letters(sound)
        for known, known_letters in self._letters.items():
            if (letters ^ known_letters).bit_count() > 2 * at_most:
                continue
            distance = edit_distance(sound, known, at_most=at_most)
            if distance <= at_most:
                for row in self._by_sound[known]:
                    yield row, distance


def _letters(sound: str) -> int:
    """The set of a sound's letters, as bits."""
    bits = 0
    for letter in sound:
        bits |= 1 << (ord(letter) % 64)
    return bits


def edit_distance(one: str, other: str, *, at_most: int) -> int:
    """Return the letters to insert, remove, replace or swap with their neighbour to get from one
    text to the other (optimal string alignment), or ``at_most + 1`` when there are more.

    >>> edit_distance("pano", "apno", at_most=3)
    1
    """
    too_far = at_most + 1
    if abs(len(one) - len(other)) > at_most:
        return too_far
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    before: list[int] = []
    above = [min(column, too_far) for column in range(len(other) + 1)]
    for row in range(1, len(one) + 1):
        letter = one[row - 1]
        current = [too_far] * (len(other) + 1)
        current[0] = min(row, too_far)
        # No cell farther than at_most from the diagonal can be part of the answer.
        for column in range(max(1, row - at_most), min(len(other), row + at_most) + 1):
            cost = above[column - 1]
            if letter != other[column - 1]:
                cost += 1
                if above[column] < cost - 1 or current[column - 1] < cost - 1:
                    cost = min(above[column], current[column - 1]) + 1
                if (
                    row > 1
                    and column > 1
                    and letter == other[column - 2]
                    and one[row - 2] == other[column - 1]
                    and before[column - 2] < cost
                ):
                    cost = before[column - 2] + 1
            current[column] = min(cost, too_far)
        if min(current) > at_most and min(above) > at_most:
            return too_far
        before, above = above, current
    return min(above[-1], too_far)
