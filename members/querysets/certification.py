"""Reading certification: what holds on a day follows from dates alone, never from today's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import (  # noqa: F401
        Certificate,
        CertificationScheme,
        ChakraCertification,
        ReinspectionSample,
        SampledPartner,
        YieldEstimate,
    )


class CertificationSchemeQuerySet(models.QuerySet["CertificationScheme"]):
    """Named filters over schemes."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All: the seals are printed on every bar."""
        return self if user.has_perm("members.view_certificationscheme") else self.none()

    def held(self) -> Self:
        """Those that the association works under."""
        return self.filter(is_sought=False)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Named filters over certificates."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_certificate") else self.none()

    def valid_on(self, day: date) -> Self:
        """Those that stood on a day."""
        return self.filter(valid_from__lte=day, valid_until__gte=day).exclude(withdrawn_on__lte=day)

    def newest_of_each_scheme(self, day: date) -> Self:
        """The one of each scheme that ends last, of those that had begun on a day and were not
        withdrawn by then: an older one that is over needs no renewal."""
        begun = self.model._base_manager.filter(
            scheme=models.OuterRef("scheme"), valid_from__lte=day
        ).exclude(withdrawn_on__lte=day)
        return self.filter(
            pk=models.Subquery(begun.order_by("-valid_until", "-pk").values("pk")[:1])
        )


class ChakraCertificationQuerySet(models.QuerySet["ChakraCertification"]):
    """Named filters over what chakras are under schemes."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("members.view_chakracertification"):
            return self.none()
        return self.filter(within_reach(user, "chakra__family__community"))

    def on(self, day: date) -> Self:
        """What held on a day: one row a chakra and scheme at most."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lte=day)

    def standing_on(self, day: date) -> Self:
        """What held on a day of the chakras that were not given up by then."""
        return self.on(day).exclude(chakra__closed_on__lte=day)

    def listed_on(self, day: date) -> Self:
        """What the group of a scheme holds on a day: chakras in transition, certified, and
        suspended ones too, since their families go on being inspected until it is lifted. Excluded
        ones and those given up by then have left it."""
        from members.models import CertificationStatus

        return self.standing_on(day).exclude(status=CertificationStatus.EXCLUDED)

    def certified(self) -> Self:
        """Those that may be sold under the scheme."""
        from members.models import CertificationStatus

        return self.filter(status=CertificationStatus.CERTIFIED)

    def in_transition(self) -> Self:
        """T0 to T3."""
        from members.models.certification import TRANSITION

        return self.filter(status__in=TRANSITION)

    def with_partner_on(self, day: date) -> Self:
        """Annotates ``partner``: the key of who was registered for the family on `day`, and not
        suspended; NULL when nobody answered for it then."""
        from members.models import Partner, Suspension

        suspended = Suspension.objects.covering(day).filter(partner=models.OuterRef("pk"))
        answering = (
            Partner.objects.members_on(day)
            .filter(~models.Exists(suspended), family=models.OuterRef("chakra__family"))
            .order_by("-registered_on")
        )
        return self.annotate(partner=models.Subquery(answering.values("pk")[:1]))

    def approved_on(self, day: date) -> Self:
        """The approved farmers of a day: chakras certified on that day whose family had on that
        day a registered partner, not suspended; chakras given up by then are out. Annotates
        ``partner``.

        As the legal list, it says what we know now of that day: who is corrected later is right
        in it, and what happened after that day changes nothing.
        """
        return self.standing_on(day).certified().with_partner_on(day).exclude(partner=None)

    def for_list(self, day: date) -> Self:
        """As a list of `day` shows them: with chakra, family and community, and annotated with
        ``partner``, ``area_then`` (as measured by that day, else declared) and
        ``last_inspected_on``; by community and number."""
        from members.models import ChakraGeometry, Inspection

        measured = ChakraGeometry.objects.on(day).filter(chakra=models.OuterRef("chakra"))
        visits = Inspection.objects.filter(
            family=models.OuterRef("chakra__family"), inspected_on__lte=day
        ).order_by("-inspected_on")
        return (
            self.with_chakras()
            .with_partner_on(day)
            .annotate(
                area_then=models.functions.Coalesce(
                    models.Subquery(measured.values("area_ha")[:1]), "chakra__declared_area_ha"
                ),
                last_inspected_on=models.Subquery(visits.values("inspected_on")[:1]),
            )
            .order_by("chakra__family__community__search_key", "chakra__number", "scheme")
        )

    def with_chakras(self) -> Self:
        """With chakra, family, community and scheme read in the same query."""
        return self.select_related("scheme", "chakra__family__community")


class YieldEstimateQuerySet(models.QuerySet["YieldEstimate"]):
    """Named filters over estimates."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("members.view_yieldestimate"):
            return self.none()
        return self.filter(within_reach(user, "chakra__family__community"))


class ReinspectionSampleQuerySet(models.QuerySet["ReinspectionSample"]):
    """Named filters over samples."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any: the families are not to be warned."""
        return self if user.has_perm("members.view_reinspectionsample") else self.none()


class SampledPartnerQuerySet(models.QuerySet["SampledPartner"]):
    """Named filters over the partners of samples."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With their sample."""
        return self if user.has_perm("members.view_reinspectionsample") else self.none()
