"""Reading the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from kallari.search.names import Names
from kallari.search.querysets import NamedQuerySet
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import Community, CommunityAlias  # noqa: F401


class CommunityQuerySet(NamedQuerySet["Community"]):
    """Named filters over communities."""

    def further_spellings(self) -> models.QuerySet[Any]:
        """For a subquery: the spellings of the community of the outer row beside its name."""
        from members.models import CommunityAlias

        return CommunityAlias.objects.filter(community=models.OuterRef("pk"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The villages are no secret inside the association: all, for whoever may see any."""
        return self if user.has_perm("members.view_community") else self.none()

    def whose_people_are_seen_by(self, user: User | AnonymousUser) -> Self:
        """Those whose families and people the account sees: all, or the ones assigned to it."""
        return self.visible_to(user).filter(within_reach(user, "pk"))

    def opened(self) -> Self:
        """Where the association works."""
        return self.filter(closed_on=None)

    def closed(self) -> Self:
        """Where it no longer works."""
        return self.exclude(closed_on=None)

    def with_aliases(self) -> Self:
        """With all further spellings read in one query."""
        return self.prefetch_related("aliases")

    def names(self) -> Names:
        """All spellings of these communities, to look up many names at once."""
        from members.models import CommunityAlias

        return Names(
            [
                *self.order_by().values_list("pk", "name"),
                *CommunityAlias.objects.filter(community__in=self)
                .order_by()
                .values_list("community", "spelling"),
            ]
        )


class CommunityAliasQuerySet(models.QuerySet["CommunityAlias"]):
    """Named filters over further spellings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With the community they belong to."""
        return self if user.has_perm("members.view_communityalias") else self.none()
