"""How the seats of the General Board are shared among the communities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

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


@transaction.atomic
def share_delegate_seats(*, actor: User | None, on: date, reason: str) -> dict[Community, int]:
    """Share the seats of the General Board among the communities, and write them down.

    As many as the rule ``delegates.seats`` says of that day, in proportion to the registered
    partners of that day, suspended ones included. Source of the figure: the association's book
    (70 representatives, delegates of the communities).

    Raises:
        ValidationError: ``reason_required``; ``fewer_seats_than_communities``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        communities = list(Community.objects.select_for_update().order_by("pk"))
        counted = dict(
            Partner.objects.members_on(on)
            .order_by()
            .values_list("family__community")
            .annotate(members=models.Count("pk"))
        )
        shared = share_seats(
            {one.pk: counted.get(one.pk, 0) for one in communities}, DELEGATE_SEATS.on(on)
        )
        changed = [one for one in communities if one.delegate_seats != shared[one.pk]]
        for community in changed:
            community.delegate_seats = shared[community.pk]
        bulk_update_with_history(changed, ["delegate_seats"], actor=actor, reason=reason)
    return {community: shared[community.pk] for community in communities}
