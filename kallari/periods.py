"""Periods that must not overlap, held by the database without any extension (DESIGN section 9).

Exclusion constraints compare ranges; that two rows belong to the same owner is said as a range of
one number, because equality of other types needs the extension btree_gist::

    ExclusionConstraint(
        name="suspensions_do_not_overlap",
        expressions=[
            (same_row("partner"), RangeOperators.OVERLAPS),
            (dates("starts_on", "ends_on"), RangeOperators.OVERLAPS),
        ],
    )
"""

from __future__ import annotations

from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.db import models
from django.db.models.functions import Least


def same_row(field: str, *, random_key: bool = True) -> models.Func:
    """A range that overlaps that of another row when both have the same value of a foreign key.

    Args:
        random_key: the key is a UUID, of which PostgreSQL's own 64-bit hash is compared: two
            owners would be taken for one once in 2^64 pairs. Otherwise it is a whole number.
    """
    key: models.Func | models.F = models.F(field)
    if random_key:
        key = models.Func(
            key,
            models.Value(0),
            function="uuid_hash_extended",
            output_field=models.BigIntegerField(),
        )
    return models.Func(
        key,
        key,
        models.Value("[]"),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )


def dates(starts_on: str, ends_on: str) -> models.Func:
    """The days from `starts_on` to before `ends_on`; without an end when that is NULL."""
    return models.Func(
        # An end before the start is for a check constraint to refuse: here it is no day at all.
        Least(models.F(starts_on), models.F(ends_on)),
        models.F(ends_on),
        models.Value("[)"),
        function="daterange",
        output_field=DateRangeField(),
    )
