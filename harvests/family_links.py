"""A family's account, from its page in the register (`members.family_links`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from harvests.permissions.advances import may_give_advances
from harvests.permissions.settlements import may_see_links, may_see_settlements
from members.family_links import FamilyLink

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Family


def links_of_account(family: Family, user: User) -> list[FamilyLink]:
    """Its statement, its code for a telephone, and money in advance, as far as it is for the
    reader. No query."""
    if not may_see_settlements(user):
        return []
    statement = reverse("harvests:statement", args=[family.pk])
    links = [FamilyLink(_("Estado de cuenta"), statement, "money")]
    if may_see_links(user):
        links.append(FamilyLink(_("Código QR para su teléfono"), f"{statement}#codigo", "qr"))
    if may_give_advances(user) and family.is_open:
        give = reverse("harvests:advance_give", args=[family.pk])
        links.append(FamilyLink(_("Dar anticipo"), give, "hand-over"))
    return links
