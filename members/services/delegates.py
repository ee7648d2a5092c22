"""How the seats of the General Board are shared among the communities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kallari.dates import refuse_future
from kallari.history.bulk import bulk_update_with_history
from kallari.history.context import acting, require_reason
from members.models import Community, Partner
from members.rules import DELEGATE_SEATS

if TYPE_CHECKING:
    from kallari.accounts.models import User


def share_seats(members: Mapping[int, int], seats: int) -> dict[int, int]:
    """Share seats in proportion to members, at least one for whoever has any.

    Largest remainder (Hamilton): everybody gets the whole part of ``members x seats / total``, and
    the seats left go to the largest remainders; of equal ones to more members, then to the lower
    key. Whoever would get less than one gets one, and the others share what is left. There
    are never more seats than members.

    Args:
        members: how many each community has, by its primary key.
        seats: how many there are to share.

    Raises:
        ValidationError: ``fewer_seats_than_communities``.

    >>> share_seats({1: 150, 2: 100, 3: 3}, 10)
    {1: 5, 2: 4, 3: 1}
    """
    sharing = {key: count for key, count in members.items() if count > 0}
    left = min(seats, sum(sharing.values()))
    if left < len(sharing):
        raise ValidationError(
            _(
                "Hay %(seats)s puestos para %(communities)s comunidades con socias o socios. "
                "Cambie la regla: cada comunidad lleva al menos uno."
            ),
            code="fewer_seats_than_communities",
            params={"seats": seats, "communities": len(sharing)},
        )
    shared = dict.fromkeys(members, 0)
    while few := [key for key, count in sharing.items() if count * left < sum(sharing.values())]:
        for key in few:
            shared[key] = 1
            del sharing[key]
        left -= len(few)
    total = sum(sharing.values())
    for key, count in sharing.items():
        shared[key] = count * left // total
    by_remainder = sorted(
        sharing, key=lambda key: (-(sharing[key] * left % total), -sharing[key], key)
    )
    for key in by_remainder[: left - sum(shared[key] for key in sharing)]:
        shared[key] += 1
    return shared


@dataclass(frozen=True)
class Share:
    """What a community has, and what it would have if the seats were shared on a day."""

    community: Community
    members: int
    seats: int

    @property
    def changes(self) -> bool:
        """Whether sharing now would give it another number."""
        return self.seats != self.community.delegate_seats


def shares_on(day: date, communities: Iterable[Community]) -> list[Share]:
    """Return how the seats of the rule ``delegates.seats`` would be shared on a day, in proportion
    to the registered partners of that day, suspended ones included.

    Source of the figure: the association's book (70 representatives, delegates of the
    communities).

    Raises:
        ValidationError: ``fewer_seats_than_communities``.
    """
    counted = dict(
        Partner.objects.members_on(day)
        .order_by()
        .values_list("family__community")
        .annotate(members=models.Count("pk"))
    )
    members = {one.pk: counted.get(one.pk, 0) for one in communities}
    shared = share_seats(members, DELEGATE_SEATS.on(day))
    return [Share(one, members[one.pk], shared[one.pk]) for one in communities]


@transaction.atomic
def share_delegate_seats(*, actor: User | None, on: date, reason: str) -> dict[Community, int]:
    """Share the seats of the General Board as `shares_on` a day, and write them down.

    Raises:
        ValidationError: ``reason_required``; ``in_the_future``; ``fewer_seats_than_communities``.
    """
    reason = require_reason(reason)
    refuse_future("on", on)
    with acting(actor, reason=reason):
        shares = shares_on(on, list(Community.objects.select_for_update().order_by("pk")))
        changed = [one.community for one in shares if one.changes]
        for share in shares:
            share.community.delegate_seats = share.seats
        bulk_update_with_history(changed, ["delegate_seats"], actor=actor, reason=reason)
    return {one.community: one.seats for one in shares}
