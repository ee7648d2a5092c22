"""The order of reading, valuing and writing, and what happens when two arrive at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.intake.facts import Facts, gather
from harvests.intake.reading import Draft, Refusal, Refused
from harvests.intake.valuing import Valued, true_instant, value
from harvests.intake.writing import write
from kallari.prepared import was_forgotten

if TYPE_CHECKING:
    from kallari.accounts.models import User

ATTEMPTS = 5
OTHER_CONTENT = Refusal(
    None,
    "other_content",
    _("Ese identificador ya es de otra entrega. Nada se ha cambiado."),
)


class Fate(Enum):
    """What became of a draft."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "held"


@dataclass(slots=True)
class Outcome:
    """What became of a draft, under which folio, and why not."""

    fate: Fate
    folio: str = ""
    refusals: tuple[Refusal, ...] = ()
    valued: Valued | None = None
    """What it came to, where it was created."""
    received_at: datetime | None = None
    """When, where it was created."""


def receive(
    drafts: Sequence[Draft],
    *,
    actor: User,
    via: str,
    agent: User | None = None,
    then: Callable[[Sequence[Outcome]], None] = lambda _outcomes: None,
    prepare: Callable[[Facts], None] = lambda _facts: None,
) -> list[Outcome]:
    """Take deliveries in: value each, write those that can be valued, in one transaction.

    One that cannot be taken leaves the others alone. A key that is on record already with the same
    content is a duplicate, with another content a conflict. When a key is taken between looking
    and writing, all is looked at again.

    Args:
        agent: who weighed, where that is not the actor.
        then: called with the outcomes in the same transaction, to write what came of each.
        prepare: called with what is known, in the same transaction, before anything is written.

    Raises:
        IntegrityError: the database refuses a delivery for another reason than its key.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                outcomes = _receive_once(
                    drafts, actor=actor, agent=agent or actor, via=via, prepare=prepare
                )
                then(outcomes)
                return outcomes
        except IntegrityError as error:
            if attempt == ATTEMPTS or not _is_key_taken(error):
                raise
        except DatabaseError as error:
            if attempt == ATTEMPTS or not was_forgotten(error):
                raise
    raise AssertionError("the last attempt returns or raises")


def _receive_once(
    drafts: Sequence[Draft],
    *,
    actor: User,
    agent: User,
    via: str,
    prepare: Callable[[Facts], None],
) -> list[Outcome]:
    now = timezone.now()
    instants = [true_instant(one.weighed_at, one.clock_offset_ms, now) for one in drafts]
    facts = gather(drafts, actor=actor, instants=instants)
    prepare(facts)
    outcomes: list[Outcome] = []
    valued: list[Valued] = []
    places: dict[str, Draft] = {}
    for draft in drafts:
        key = str(draft.id)
        if (taken := facts.taken.get(key)) is not None:
            if taken.digest == draft.digest:
                outcomes.append(Outcome(Fate.DUPLICATE, taken.folio))
            else:
                outcomes.append(Outcome(Fate.CONFLICT, refusals=(OTHER_CONTENT,)))
            continue
        if (earlier := places.get(key)) is not None:  # twice in one message
            if earlier.digest == draft.digest:
                outcomes.append(Outcome(Fate.DUPLICATE, key))
            else:
                outcomes.append(Outcome(Fate.CONFLICT, refusals=(OTHER_CONTENT,)))
            continue
        try:
            one = value(draft, facts, now=now)
        except Refused as refused:
            outcomes.append(Outcome(Fate.REFUSED, refusals=refused.refusals))
            continue
        valued.append(one)
        places[key] = draft
        outcomes.append(Outcome(Fate.CREATED, key, valued=one, received_at=now))
    if valued:
        write(valued, facts, actor=actor, agent=agent, via=via, now=now)
        folios = {str(one.draft.id): one.folio for one in valued}
        for outcome in outcomes:
            outcome.folio = folios.get(outcome.folio, outcome.folio)
    return outcomes


def _is_key_taken(error: IntegrityError) -> bool:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return name == "harvests_delivery_pkey"
