"""Rows of the register, as the services would make them."""

from __future__ import annotations

from members.services import communities as services


def community(name="Rumi Yaku", *aliases, **fields):
    made = services.add_community(actor=None, name=name, **{"distinct": True, **fields})
    for spelling in aliases:
        services.add_alias(actor=None, community=made, spelling=spelling)
    return made
