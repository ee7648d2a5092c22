"""What telephones sent and nobody could register: one of each kind for the office to look at."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harvests.demo.deliveries import Door, Weighed, hand_in, operation
from harvests.intake import inbox
from harvests.services.devices import revoke_device
from members.demo import invented

if TYPE_CHECKING:
    from random import Random

    from kallari.demo import DemoContext


def load(context: DemoContext) -> None:
    """Send what has no price, what contradicts what is on record, what a lost telephone says, and
    what is no operation."""
    chance = context.random("waiting")
    doors: dict[str, Door] = context.loaded["doors"]
    weighed: list[Weighed] = context.loaded["weighed"]
    village, route, lost = doors["village"], doors["route"], doors["lost"]
    of_the_agent = [
        one
        for one in weighed
        if one.door is village and one.payload["product_form"] == "baba" and one.at.day % 2
    ][-3:]

    hand_in(
        [
            _another(
                chance,
                one,
                village,
                {"product_form": "cereza", "quality": "cereza-primera", "variety": None},
            )
            for one in of_the_agent[:2]
        ]
    )
    seen = of_the_agent[-1]
    heavier = str(Decimal(seen.payload["quantity"]) + 12)
    contradicting = operation(
        Weighed(seen.at, seen.key, seen.family, village, seen.payload | {"quantity": heavier}, 0),
        op_id=str(uuid.uuid5(seen.key, "once more")),
    )
    inbox.take([contradicting], actor=village.user, within_transaction=True)

    stranger = _another(chance, seen, route, {"family": str(invented.key(chance))})
    hand_in([stranger])

    assert lost.device is not None  # noqa: S101 - it is the telephone that was lost
    revoke_device(
        actor=context.loaded["users"]["administracion"],
        device=lost.device,
        reason="Se quedó en la canoa y no apareció.",
    )
    hand_in([_another(chance, one, lost, {}) for one in of_the_agent[-2:]])
    inbox.take(
        [{"entity": "delivery", "payload": {"quantity": "45"}}],
        actor=route.user,
        within_transaction=True,
    )


def _another(chance: Random, like: Weighed, door: Door, other: dict[str, Any]) -> Weighed:
    """Another delivery of the same family, an hour later."""
    later = like.at + timedelta(hours=1)
    payload = {
        name: value for name, value in (like.payload | other).items() if value is not None
    } | {"weighed_at": later.isoformat(), "quantity": f"{chance.randrange(80, 200) / 2:g}"}
    return Weighed(later, invented.key(chance), like.family, door, payload, 0)
