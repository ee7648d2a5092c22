"""Reading memberships: who was a partner on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from kallari.cedula import digits_of
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import Partner, Suspension, TradeEvidence  # noqa: F401


def ended_by(day: date) -> models.Q:
    """The condition that a membership had ended by `day`."""
    return models.Q(ended_on__lte=day)


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Named filters over memberships."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("members.view_partner"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def members_on(self, day: date) -> Self:
        """The legal list of a day: registered by then and not ended, suspended ones included."""
        return self.filter(registered_on__lte=day).exclude(ended_by(day))

    def joined_between(self, day: date, later: date) -> Self:
        """Who became a member after `day` and by `later`, whether or not she still was one then."""
        return self.filter(registered_on__gt=day, registered_on__lte=later)

    def left_between(self, day: date, later: date) -> Self:
        """Members whose membership ended after `day` and by `later`."""
        return self.filter(registered_on__lte=later, ended_on__gt=day).filter(ended_by(later))

    def members(self) -> Self:
        """The legal list of today."""
        return self.members_on(timezone.localdate())

    def applicants_on(self, day: date) -> Self:
        """Who had asked to become a partner and was neither admitted nor turned away."""
        waiting = models.Q(registered_on=None) | models.Q(registered_on__gt=day)
        return self.filter(waiting, applied_on__lte=day).exclude(ended_by(day))

    def applicants(self) -> Self:
        """Those whose application waits for a decision today."""
        return self.applicants_on(timezone.localdate())

    def suspended_on(self, day: date, *, yes: bool = True) -> Self:
        """Those who were suspended on a day, or those who were not."""
        from members.models import Suspension

        suspended = Suspension.objects.covering(day).filter(partner=models.OuterRef("pk"))
        there = models.Exists(suspended)
        return self.filter(there if yes else ~there)

    def with_standing(self, day: date | None = None) -> Self:
        """Annotates ``standing``: what each was on `day` (today without one), as
        `members.models.Standing`; empty before the application. ``standing_on_day`` says which."""
        from members.models import Standing, Suspension

        day = day or timezone.localdate()
        suspended = Suspension.objects.covering(day).filter(partner=models.OuterRef("pk"))
        registered = models.Q(registered_on__lte=day)
        return self.annotate(
            standing=models.Case(
                models.When(ended_by(day), then=models.F("ended_how")),
                models.When(
                    registered & models.Exists(suspended), then=models.Value(Standing.SUSPENDED)
                ),
                models.When(registered, then=models.Value(Standing.REGISTERED)),
                models.When(applied_on__lte=day, then=models.Value(Standing.APPLICANT)),
                default=models.Value(""),
                output_field=models.CharField(),
            ),
            standing_on_day=models.Value(day, output_field=models.DateField()),
        )

    def with_people(self) -> Self:
        """With person, family and community read in the same query."""
        return self.select_related("person", "family__community")

    def find(self, text: str, *, by_cedula: bool) -> Self:
        """What a person who types `text` may mean: a partner's number, a name in any spelling or,
        where the asker may see identity numbers, a cédula."""
        from members.models import Person

        digits = digits_of(text.strip())
        if digits.isascii() and digits.isdigit() and len(digits) <= 5:
            return self.filter(number=int(digits))
        if not text.strip():
            return self
        people = Person.objects.find(text, by_cedula=by_cedula)
        return self.filter(models.Exists(people.order_by().filter(pk=models.OuterRef("person_id"))))


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Named filters over suspensions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the partners that the account may see."""
        if not user.has_perm("members.view_suspension"):
            return self.none()
        return self.filter(within_reach(user, "partner__family__community"))

    def covering(self, day: date) -> Self:
        """Those in force on a day."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lte=day)


class TradeEvidenceQuerySet(models.QuerySet["TradeEvidence"]):
    """Named filters over papers of earlier trade."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the families that the account may see."""
        if not user.has_perm("members.view_tradeevidence"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))
