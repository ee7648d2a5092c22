"""Reading families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from kallari.search.numbers import paper_number
from kallari.search.querysets import NamedQuerySet
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import CommunityAssignment, Family, Partner  # noqa: F401


def _present_partners() -> models.QuerySet[Partner]:
    from members.models import Partner

    return Partner.objects.members().order_by().filter(family=models.OuterRef("pk"))


class FamilyQuerySet(NamedQuerySet["Family"]):
    """Named filters over families."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("members.view_family"):
            return self.none()
        return self.filter(within_reach(user, "community"))

    def opened(self) -> Self:
        """Those that belong to the association."""
        return self.filter(closed_on=None)

    def closed(self) -> Self:
        """Those that have left it."""
        return self.exclude(closed_on=None)

    def with_partner(self) -> Self:
        """Those for which somebody is in the legal list today."""
        return self.filter(models.Exists(_present_partners()))

    def without_partner(self) -> Self:
        """Those for which nobody is."""
        return self.exclude(models.Exists(_present_partners()))

    def with_counts(self) -> Self:
        """Annotates ``people_count``, how many live, and ``chakra_count``, how many it works."""
        from members.models import Chakra, Person

        people = Person.objects.alive().filter(family=models.OuterRef("pk")).order_by()
        counted = people.values("family").annotate(number=models.Count("pk")).values("number")
        chakras = Chakra.objects.opened().filter(family=models.OuterRef("pk")).order_by()
        worked = chakras.values("family").annotate(number=models.Count("pk")).values("number")
        return self.annotate(
            people_count=Coalesce(models.Subquery(counted), 0),
            chakra_count=Coalesce(models.Subquery(worked), 0),
        )

    def with_those_who_stand_for_them(self) -> Self:
        """With community, and the partner of today, read in two queries."""
        from members.models import Partner

        present = Partner.objects.members().with_standing().select_related("person")
        return self.select_related("community").prefetch_related(
            models.Prefetch("partnerships", present)
        )

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: a name in any spelling, the name of one of
        its people, or the number as on paper (F-0042, 42)."""
        if (number := paper_number(text, prefix="F")) is not None:
            return self.filter(number=number)
        from members.models import Person

        theirs = Person.objects.search(text).filter(family=models.OuterRef("pk"))
        named = self.model.objects.search(text).filter(pk=models.OuterRef("pk"))
        if not text.strip():
            return self
        return self.filter(models.Exists(named) | models.Exists(theirs))


class CommunityAssignmentQuerySet(models.QuerySet["CommunityAssignment"]):
    """Named filters over assignments."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_communityassignment") else self.none()
