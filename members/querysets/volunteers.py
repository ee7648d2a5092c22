"""Reading volunteers, interns and their stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from kallari.search.querysets import NamedQuerySet
from members.querysets.reach import sees_every_community, within_reach

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import Stay, Volunteer  # noqa: F401


class VolunteerQuerySet(NamedQuerySet["Volunteer"]):
    """Named filters over volunteers and interns."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents those who stay in their communities.

        How they are reached is another question: `members.permissions.community_life.may_contact`.
        """
        if not user.has_perm("members.view_volunteer"):
            return self.none()
        if sees_every_community(user):
            return self
        from members.models import Stay

        theirs = Stay.objects.visible_to(user).filter(volunteer=models.OuterRef("pk"))
        return self.filter(models.Exists(theirs))

    def _with_stay(self, **when: object) -> models.Exists:
        from members.models import Stay

        return models.Exists(
            Stay.objects.filter(volunteer=models.OuterRef("pk"), cancelled_on=None, **when)
        )

    def here_on(self, day: date) -> Self:
        """Who is here on a day."""
        return self.filter(self._with_stay(starts_on__lte=day, ends_on__gte=day))

    def coming_after(self, day: date) -> Self:
        """Who has a stay that begins after a day, and is not here then."""
        return self.filter(self._with_stay(starts_on__gt=day)).exclude(
            self._with_stay(starts_on__lte=day, ends_on__gte=day)
        )

    def gone_by(self, day: date) -> Self:
        """Whose stays have all ended."""
        return self.exclude(self._with_stay(ends_on__gte=day))


class StayQuerySet(models.QuerySet["Stay"]):
    """Named filters over stays."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents those in their communities."""
        if not user.has_perm("members.view_stay"):
            return self.none()
        return self.filter(within_reach(user, "community"))

    def valid(self) -> Self:
        """Those that were not called off."""
        return self.filter(cancelled_on=None)

    def now(self) -> Self:
        """Those of today."""
        today = timezone.localdate()
        return self.valid().filter(starts_on__lte=today, ends_on__gte=today)

    def with_names(self) -> Self:
        """With volunteer, community and host read in the same query."""
        return self.select_related("volunteer", "community", "host_family")
