"""What the home page says about the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone

from kallari.home import Part, offer
from members.certification_reports import (
    expiring_agreements,
    expiring_certificates,
    uninspected,
    urgent_actions,
)
from members.models import Chakra, ChakraConflict, Community, Family, Gathering, Partner, Person
from members.permissions.certification import may_see_inspections
from members.permissions.chakras import may_see_chakras
from members.permissions.communities import may_see_communities
from members.permissions.community_life import may_see_gatherings
from members.permissions.people import (
    may_add_family,
    may_decide_on_partners,
    may_see_families,
    may_see_panorama,
    may_see_partners,
)
from members.querysets.reach import sees_every_community

if TYPE_CHECKING:
    from kallari.accounts.models import User


def offer_parts() -> None:
    """Called once, when the app is ready."""
    offer(
        Part(
            10,
            "members/home_families.html",
            families,
            tile="members/home_families_tile.html",
        )
    )
    offer(Part(11, "", new_family, tile="members/home_new_family_tile.html"))
    offer(
        Part(
            30,
            "members/home_communities.html",
            communities,
            tile="members/home_communities_tile.html",
        )
    )
    offer(Part(20, "members/home_partners.html", partners, tile="members/home_partners_tile.html"))
    offer(
        Part(
            35,
            "members/home_gatherings.html",
            gatherings,
            tile="members/home_gatherings_tile.html",
        )
    )
    offer(Part(40, "members/home_panorama.html", panorama))
    offer(Part(32, "members/home_chakras.html", chakras, tile="members/home_chakras_tile.html"))
    offer(
        Part(
            35,
            "members/certification/home.html",
            certification,
            tile="members/certification/home_tile.html",
        )
    )


def panorama(user: User) -> dict[str, Any] | None:
    """Nothing to count: a card that leads to the totals. No query."""
    return {} if may_see_panorama(user) else None


def gatherings(user: User) -> dict[str, Any] | None:
    """The next training or minga. One query."""
    if not may_see_gatherings(user):
        return None
    return {"next": Gathering.objects.visible_to(user).with_names().coming().first()}


def families(user: User) -> dict[str, Any] | None:
    """How many families, people and partners the account sees, and in how many communities where
    it does not see all. Three queries, four for agents and delegates."""
    if not may_see_families(user):
        return None
    facts: dict[str, Any] = {
        "families": Family.objects.visible_to(user).opened().count(),
        "people": Person.objects.visible_to(user).alive().filter(family__closed_on=None).count(),
        "partners": Partner.objects.visible_to(user).members().count(),
        "may_add": may_add_family(user),
    }
    if not sees_every_community(user):
        facts["communities"] = Community.objects.whose_people_are_seen_by(user).count()
    return facts


def new_family(user: User) -> dict[str, Any] | None:
    """Nothing to count: a tile that leads to the form, for agents. No query."""
    return {} if may_add_family(user) else None


def chakras(user: User) -> dict[str, Any] | None:
    """How many chakras the account sees, and how many boundaries lie on each other undecided. Two
    queries."""
    if not may_see_chakras(user):
        return None
    return {
        "open": Chakra.objects.visible_to(user).opened().count(),
        "disputed": ChakraConflict.objects.visible_to(user).undecided().count(),
    }


def certification(user: User) -> dict[str, Any] | None:
    """What runs out or is missing in certification; nothing for who reads no inspections."""
    if not may_see_inspections(user):
        return None
    today = timezone.localdate()
    return {
        "certificates": len(expiring_certificates(user, today)),
        "agreements": expiring_agreements(user, today).count(),
        "actions": urgent_actions(user, today).count(),
        "uninspected": uninspected(user, today).count(),
    }


def communities(user: User) -> dict[str, Any] | None:
    """How many communities are open. One query."""
    if not may_see_communities(user):
        return None
    return {"open": Community.objects.visible_to(user).opened().count()}


def partners(user: User) -> dict[str, Any] | None:
    """How many registered partners, how many of them women, and for the office how many wait.
    One query, or two."""
    if not may_see_partners(user):
        return None
    seen = Partner.objects.visible_to(user)
    women = Count("pk", filter=Q(person__sex=Person.Sex.FEMALE))
    facts = seen.members().aggregate(members=Count("pk"), women=women)
    if facts["members"]:
        facts["percent"] = round(100 * facts["women"] / facts["members"])
    if may_decide_on_partners(user):
        facts["waiting"] = seen.applicants().count()
    return facts
