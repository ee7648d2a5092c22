"""The communities of the association, with the spellings in which a book about it prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from members.models import Community
from members.services import communities as services

if TYPE_CHECKING:
    from kallari.demo import DemoContext

SOURCE = "libro sobre Kallari (SEK, 2024)"

COMMUNITIES: dict[str, tuple[str, ...]] = {
    # name: the other spellings in which it is printed or said
    "Rumi Yaku": ("Rumi Yacu",),
    "Puni Bocana": (),
    "Shinchi Runa": ("Shinci Runa",),
    "Mirador": ("El Mirador",),
    "Santa Bárbara": (),
    "Campo Cocha": (),  # printed Cam pococha: the same letters
    "Colonia Bolívar": (),
    "Ñukanchik Kawsay": ("Ñakanchi Kawsay",),
    "Islas APAAI": ("Isla Apaai",),
    "Río Blanco": (),
    "Mushuk Kawsay": (),
    "Suyu Kawsay": (),
    "Guinea Chimbana": (),
    "Serena": (),
    "Jatun Yaku": ("Jatun Yacu",),
    "Seis de Marzo": ("6 de Marzo",),
    "Ila Yaku": (),
    "Nueva Jerusalén": (),
    "Bajo Talag": (),
    "Centro Talag": (),
    "Sumak Samay": (),
    "Shandia": (),
    "Diez de Agosto": ("10 de Agosto",),
}
"""The book speaks of 21 communities and names these 23 in its list: the list is taken."""

NAMED_ELSEWHERE = ("Chichico Rumi", "Zapallo", "Pano", "San Rafael", "Cinco de Enero")
"""Villages that the book names outside its list of the association's communities (a tourism route,
a river basin). They are not loaded: nobody says that they belong to it. No name above or its
sound may collide with them, because they may join."""


def load(context: DemoContext) -> None:
    """Enter the communities; later apps find them in ``loaded["communities"]`` by name."""
    communities: dict[str, Community] = {}
    for name, spellings in COMMUNITIES.items():
        community = services.add_community(actor=None, name=name, canton="Tena", distinct=True)
        for spelling in spellings:
            services.add_alias(actor=None, community=community, spelling=spelling, source=SOURCE)
        communities[name] = community
    context.loaded["communities"] = communities
