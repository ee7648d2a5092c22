"""Reading inspections and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import (  # noqa: F401
        Answer,
        Checklist,
        ChecklistItem,
        CorrectiveAction,
        Family,
        Finding,
        Inspection,
        Sanction,
    )


class ChecklistQuerySet(models.QuerySet["Checklist"]):
    """Named filters over checklists."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_checklist") else self.none()

    def in_force(self, day: date) -> Self:
        """The newest list of each scheme up to the year of a day, if it has questions."""
        newest = (
            self.model._base_manager.filter(scheme=models.OuterRef("scheme"), year__lte=day.year)
            .order_by("-year")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest), items__isnull=False).distinct()


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    """Named filters over questions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With their checklist."""
        return self if user.has_perm("members.view_checklist") else self.none()


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Named filters over inspections."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents those of their communities."""
        if not user.has_perm("members.view_inspection"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def internal(self) -> Self:
        """The association's own visits."""
        from members.models import Inspection

        return self.filter(kind=Inspection.Kind.INTERNAL)

    def in_year_of(self, day: date) -> Self:
        """In the year of a day, up to it."""
        return self.filter(inspected_on__year=day.year, inspected_on__lte=day)

    def with_places(self) -> Self:
        """With family, community and scheme read in the same query."""
        return self.select_related("family__community", "checklist__scheme")

    def with_findings(self) -> Self:
        """Annotates ``found``: how many findings each has."""
        return self.annotate(found=models.Count("findings"))


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Named filters over answers."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With their inspection."""
        if not user.has_perm("members.view_inspection"):
            return self.none()
        return self.filter(within_reach(user, "inspection__family__community"))


class FindingQuerySet(models.QuerySet["Finding"]):
    """Named filters over findings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With their inspection."""
        if not user.has_perm("members.view_inspection"):
            return self.none()
        return self.filter(within_reach(user, "inspection__family__community"))

    def opened(self) -> Self:
        """Those with something still to be done about them, or with nothing agreed yet."""
        from members.models import CorrectiveAction

        actions = CorrectiveAction.objects.filter(finding=models.OuterRef("pk"))
        return self.filter(models.Exists(actions.filter(closed_on=None)) | ~models.Exists(actions))


class CorrectiveActionQuerySet(models.QuerySet["CorrectiveAction"]):
    """Named filters over corrective actions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents those of their communities."""
        if not user.has_perm("members.view_correctiveaction"):
            return self.none()
        return self.filter(within_reach(user, "finding__inspection__family__community"))

    def opened_on(self, day: date) -> Self:
        """Not done by `day`."""
        return self.filter(models.Q(closed_on=None) | models.Q(closed_on__gt=day))

    def overdue_on(self, day: date) -> Self:
        """Not done by `day`, and their time was over."""
        return self.opened_on(day).filter(due_on__lt=day)

    def with_places(self) -> Self:
        """With finding, inspection, family and community read in the same query."""
        return self.select_related(
            "finding__inspection__family__community", "finding__inspection__checklist__scheme"
        )


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Named filters over sanctions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents those of their communities."""
        if not user.has_perm("members.view_sanction"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def in_force_on(self, day: date) -> Self:
        """Those that weigh on a day."""
        return self.filter(starts_on__lte=day).exclude(lifted_on__lte=day)

    def suspensions(self) -> Self:
        """Those that suspend the chakras of a family until they are lifted."""
        from members.models import Sanction

        return self.filter(kind=Sanction.Kind.SUSPENSION)
