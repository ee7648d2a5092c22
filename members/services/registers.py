"""A whole register at once: what `families`, `persons` and `partners` do for one row, for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction

from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting
from kallari.refusals import in_words
from members.models import Family, Partner, Person, TradeEvidence
from members.services.locks import lock_numbers, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User


@dataclass
class Newcomers:
    """New families with everything of theirs, not yet saved; keys are given, numbers need not be.

    The cells are cleaned, and whoever gathers them has asked what the services ask: similar
    people, and of those to be registered age, trade and place (`requirements.age_requirement`,
    `requirements.trade_requirement`). What the database holds, it holds here too.
    """

    families: list[Family] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    evidence: list[TradeEvidence] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)


@transaction.atomic
def take_in(
    *, actor: User | None, newcomers: Newcomers, reason: str, number_after: int = 0
) -> None:
    """Write new families, their people, papers and memberships in a few statements, with history.

    Args:
        number_after: registered partners without a number get those above this.

    Raises:
        ValidationError: the database refuses a row, in the words of its constraint.
    """
    with acting(actor, reason=reason):
        lock_numbers("family")
        lock_numbers("partner")
        for number, family in enumerate(newcomers.families, next_number(Family)):
            family.number = number
        given = (one.number or 0 for one in newcomers.partners)
        free = max(next_number(Partner), number_after + 1, max(given, default=0) + 1)
        for partner in newcomers.partners:
            if partner.registered_on is not None and partner.number is None:
                partner.number, free = free, free + 1
        rows: Sequence[Sequence[Family | Person | TradeEvidence | Partner]] = (
            newcomers.families,
            newcomers.people,
            newcomers.evidence,
            newcomers.partners,
        )
        for table in rows:
            try:
                with transaction.atomic():
                    bulk_create_with_history(table, actor=actor, reason=reason)
            except DatabaseError as refusal:
                raise in_words(refusal) from refusal
