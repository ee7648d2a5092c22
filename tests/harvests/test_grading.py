"""From counted beans to a grade, with figures computed by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harvests.grading import (
    CLASSES,
    Cut,
    Limits,
    Shortfall,
    Size,
    What,
    beans_in_100g,
    graded,
    lacks_measure,
    size_of,
    weight_of_100,
)
from harvests.services.usual_grades import GRADES
from harvests.wording.quality import not_reached

D = Decimal


def _limits(code, weight, well, fermented, violet, slaty, mouldy):
    return Limits(code, D(weight), D(well), D(fermented), D(violet), D(slaty), D(mouldy))


# NTE INEN 176 (2006), as REFERENCE.md of the project recalls it, typed here once more.
ASSPS = _limits("ASSPS", 135, 75, 85, 10, 4, 1)
ASSS = _limits("ASSS", 130, 65, 75, 15, 9, 1)
ASS = _limits("ASS", 120, 60, 65, 21, 12, 2)
ASN = _limits("ASN", 110, 44, 54, 25, 18, 3)
ASE = _limits("ASE", 105, 26, 53, 25, 18, 4)
TABLE = [ASSPS, ASSS, ASS, ASN, ASE]
BEST = Cut(well_fermented=75, slightly_fermented=10, violet=10, slaty=4, mouldy=1)
"""A hundred beans, every class exactly at the limit of the best grade."""


def test_percentages_are_over_the_beans_that_were_counted():
    # 98 cut, 66 of them well fermented: 66 ÷ 98 = 0.67346… → 67.35 %, not 66 %.
    cut = Cut(well_fermented=66, slightly_fermented=9, violet=13, slaty=8, mouldy=2)
    assert cut.counted == 98
    assert cut.percent(cut.well_fermented) == D("67.35")
    assert cut.percent(cut.fermented) == D("76.53")  # 75 ÷ 98


def test_what_is_exactly_at_every_limit_is_of_the_best_grade():
    assert graded(BEST, D(135), TABLE).grade == "ASSPS"
    assert graded(BEST, D(135), TABLE).below == ()


@pytest.mark.parametrize(
    ("cut", "weight", "grade", "what"),
    [
        # One bean moved from one class to another breaks one limit alone.
        (Cut(74, 11, 10, 4, 1), "135", "ASSS", What.WELL_FERMENTED),
        (Cut(75, 9, 10, 4, 1, defective=1), "135", "ASSS", What.FERMENTED),
        (Cut(75, 10, 11, 4), "135", "ASSS", What.VIOLET),
        (Cut(75, 10, 10, 5), "135", "ASSS", What.SLATY),
        (Cut(75, 10, 10, 3, 2), "135", "ASS", What.MOULDY),  # 2 % is not ASSS either
        (BEST, "134.99", "ASSS", What.WEIGHT),
    ],
)
def test_one_limit_that_does_not_hold_takes_the_grade(cut, weight, grade, what):
    found = graded(cut, D(weight), TABLE)
    assert cut.counted == 100
    assert found.grade == grade
    assert {one.what for one in found.below} == {what}


def test_limits_are_compared_before_rounding():
    # 103 cut, 77 well fermented: 74.757… %. It shows as 74.76 and is not 75.
    cut = Cut(well_fermented=77, slightly_fermented=12, violet=10, slaty=4)
    found = graded(cut, D(140), TABLE)
    assert found.grade == "ASSS"
    assert found.below == (Shortfall("ASSPS", What.WELL_FERMENTED, D("74.76"), D(75)),)
    # 104 cut, 78 of them well fermented: 75 % exactly.
    assert graded(Cut(78, 12, 10, 4), D(140), TABLE).grade == "ASSPS"


def test_a_sample_below_the_table_has_no_grade_and_every_reason():
    # 30 % violet is above all: 10, 15, 21, 25 and 25.
    found = graded(Cut(well_fermented=70, violet=30), D(140), TABLE)
    assert found.grade is None
    assert [(one.grade, one.limit) for one in found.below if one.what is What.VIOLET] == [
        ("ASSPS", D(10)),
        ("ASSS", D(15)),
        ("ASS", D(21)),
        ("ASN", D(25)),
        ("ASE", D(25)),
    ]


def test_heavier_beans_than_the_band_are_no_worse():
    assert graded(BEST, D(160), TABLE).grade == "ASSPS"
    # 128 g lies between the bands of ASS (120–125) and ASSS (130–135).
    assert graded(BEST, D(128), TABLE).grade == "ASS"


def test_beans_that_nobody_weighed_have_no_grade_that_asks_for_a_weight():
    found = graded(BEST, None, TABLE)
    assert found.grade is None
    assert {(one.what, one.has) for one in found.below} == {(What.WEIGHT, None)}
    assert graded(BEST, None, [Limits("1", fermented_min=D(85))]).grade == "1"


def test_what_only_the_weight_is_missing_of_is_not_below_the_table():
    assert lacks_measure(graded(BEST, None, TABLE).below)
    # 24 % violet: too much for the first three, and only the weight stands against ASN and ASE.
    assert lacks_measure(graded(Cut(70, 5, 24, 1), None, TABLE).below)
    # 30 % violet is above all, weighed or not.
    assert not lacks_measure(graded(Cut(well_fermented=70, violet=30), None, TABLE).below)
    assert not lacks_measure(graded(BEST, D(104), TABLE).below)


def test_a_limit_that_the_table_does_not_set_holds():
    assert graded(Cut(mouldy=100), None, [Limits("3", violet_max=D(5))]).grade == "3"


def test_weight_and_bean_count_tell_each_other():
    assert weight_of_100(None, 80) == D(125)  # 100 g ÷ 80 × 100
    assert weight_of_100(D("128.40"), 80) == D("128.40")
    assert weight_of_100(None, None) is None
    assert beans_in_100g(D(135), None) == 74  # 10,000 ÷ 135 = 74.07
    assert beans_in_100g(D("99.50"), None) == 101  # 100.5025…
    assert beans_in_100g(None, None) is None


@pytest.mark.parametrize(
    ("beans", "size"),
    [
        (100, Size.STANDARD),
        (101, Size.MEDIUM),
        (110, Size.MEDIUM),
        (111, Size.SMALL),
        (120, Size.SMALL),
        (121, Size.VERY_SMALL),
    ],
)
def test_sizes_are_those_of_iso_2451(beans, size):
    assert size_of(beans, (120, 110, 100)) is size
    assert size_of(beans, (100, 110, 120)) is size


def test_the_usual_table_is_the_one_of_the_reference():
    usual = [_limits(code, *figures[:1], *figures[2:]) for code, _name, _of, figures in GRADES]
    assert usual[:5] == TABLE
    assert usual[5] == _limits("CCN-51", 135, 65, 76, 18, 5, 1)
    assert [figures[1] for *_told, figures in GRADES] == [140, 135, 125, 115, 110, 140]


def test_every_class_is_a_field_of_the_cut():
    assert Cut(**dict.fromkeys(CLASSES, 1)).counted == 8


def test_what_is_kept_of_a_reason_is_read_back():
    for one in (
        Shortfall("ASSS", What.VIOLET, D("15.31"), D("15.0")),
        Shortfall("ASSS", What.WEIGHT, None, D("130.00")),
    ):
        assert Shortfall.read(one.stored()) == one


def test_why_not_better_is_said_in_words():
    found = graded(Cut(70, 9, 16, 5), D("131"), TABLE)
    words = not_reached(found.below)
    assert [one.grade for one in words] == ["ASSPS", "ASSS"]
    said = [reason.replace("\N{NO-BREAK SPACE}", " ") for reason in words[0].reasons]
    assert said == [
        "cien granos pesan 131 g; pesan al menos 135 g",
        "tiene 70 % de bien fermentados; se pide al menos 75 %",
        "tiene 79 % de fermentados en total; se pide al menos 85 %",
        "tiene 16 % de violetas; se acepta hasta 10 %",
        "tiene 5 % de pizarrosos; se acepta hasta 4 %",
    ]
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in words[1].reasons] == [
        "tiene 16 % de violetas; se acepta hasta 15 %"
    ]
