"""Which row a typed name means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallari.search.names import Likeness, Names, edit_distance
from members.demo.communities import COMMUNITIES, NAMED_ELSEWHERE


@pytest.fixture
def names():
    return Names((name, name) for name in COMMUNITIES)


@pytest.mark.parametrize(
    ("typed", "likeness", "row"),
    [
        ("santa barbara", Likeness.SAME, "Santa Bárbara"),
        ("Cam pococha", Likeness.SAME, "Campo Cocha"),
        ("EL MIRADOR", Likeness.SOUNDS_ALIKE, "Mirador"),
        ("Isla Apaai", Likeness.SOUNDS_ALIKE, "Islas APAAI"),
        ("Ñakanchi Kawsay", Likeness.NEAR, "Ñukanchik Kawsay"),
        ("Santa Barbra", Likeness.NEAR, "Santa Bárbara"),
        ("Sumak Smaay", Likeness.NEAR, "Sumak Samay"),
    ],
)
def test_a_typed_name_means_one_community(names, typed, likeness, row):
    found = names.find(typed)
    assert (found.likeness, found.rows) == (likeness, (row,))


def test_a_near_name_is_never_taken_without_asking(names):
    assert names.find("Santa Barbra").row is None
    assert names.find("Santa Barbara").row == "Santa Bárbara"


@pytest.mark.parametrize("typed", [*NAMED_ELSEWHERE, "Quito", "x", "", "¿?", "a" * 500])
def test_a_name_like_none_is_unknown(names, typed):
    assert names.find(typed).likeness is Likeness.UNKNOWN


def test_a_name_equally_near_to_two_suggests_neither():
    names = Names([(1, "Alto Talag"), (2, "Alto Talan")])
    assert names.find("Alto Talas").likeness is Likeness.UNKNOWN
    names = Names([(1, "Alto Talag"), (2, "Bajo Pano")])
    assert names.find("Alto Talas").rows == (1,)


def test_of_two_that_sound_alike_only_the_exact_name_is_taken():
    names = Names([(1, "Suyu Yaku"), (2, "Chuyu Yaku")])
    assert names.find("chuyu yaku").row == 2
    ambiguous = names.find("Shuyu Yacu")
    assert (ambiguous.likeness, set(ambiguous.rows), ambiguous.row) == (
        Likeness.AMBIGUOUS,
        {1, 2},
        None,
    )


def test_a_near_spelling_of_the_same_row_is_no_rival():
    names = Names([(1, "Rumi Yaku"), (1, "Rumi Yaco")])
    assert names.find("Rumi Yakun").rows == (1,)


def plain_distance(one: str, other: str) -> int:
    """Optimal string alignment by its definition, without any shortcut."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        plain_distance(one[:-1], other) + 1,
        plain_distance(one, other[:-1]) + 1,
        plain_distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-2:][::-1]:
        best = min(best, plain_distance(one[:-2], other[:-2]) + 1)
    return best


@given(st.text("ab", max_size=6), st.text("abc", max_size=6), st.integers(min_value=0, max_value=6))
def test_the_distance_is_the_one_of_the_definition(one, other, limit):
    assert edit_distance(one, other, at_most=limit) == min(plain_distance(one, other), limit + 1)
