"""Reading chakras, their boundaries and their conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from kallari.search.numbers import paper_number
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import (  # noqa: F401
        Chakra,
        ChakraConflict,
        ChakraCrop,
        ChakraGeometry,
        ChakraPhotograph,
    )


def _open_conflicts() -> models.QuerySet[Any]:
    """For a subquery: the open conflicts of the chakra of the outer row."""
    from members.models import ChakraConflict

    return ChakraConflict.objects.undecided().filter(
        models.Q(one=models.OuterRef("pk")) | models.Q(other=models.OuterRef("pk"))
    )


class ChakraQuerySet(models.QuerySet["Chakra"]):
    """Named filters over chakras."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("members.view_chakra"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def opened(self) -> Self:
        """Those that their families still work."""
        return self.filter(closed_on=None)

    def in_conflict(self) -> Self:
        """Those on which another family's boundary lies, undecided."""
        return self.filter(models.Exists(_open_conflicts()))

    def with_people(self) -> Self:
        """With family and community read in the same query."""
        return self.select_related("family__community")

    def with_boundary(self) -> Self:
        """With the present geometry of each read in one more query."""
        from members.models import ChakraGeometry

        present = ChakraGeometry.objects.filter(is_current=True)
        return self.prefetch_related(models.Prefetch("geometries", queryset=present))

    def with_areas(self) -> Self:
        """Annotates ``known_area_ha``, ``geometry_kind`` and ``disputed`` for lists, without the
        positions themselves."""
        from members.models import ChakraGeometry

        present = ChakraGeometry.objects.filter(chakra=models.OuterRef("pk"), is_current=True)
        return self.annotate(
            known_area_ha=models.functions.Coalesce(
                models.Subquery(present.values("area_ha")[:1]), "declared_area_ha"
            ),
            geometry_kind=models.Subquery(present.values("kind")[:1]),
            disputed=models.Exists(_open_conflicts()),
        )

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: the number as on paper (CH-0042), or the
        family in any spelling."""
        if (number := paper_number(text, prefix="CH")) is not None:
            return self.filter(number=number)
        if not text.strip():
            return self
        from members.models import Family

        families = Family.objects.find(text)
        return self.filter(models.Exists(families.filter(pk=models.OuterRef("family_id"))))


class ChakraGeometryQuerySet(models.QuerySet["ChakraGeometry"]):
    """Named filters over geometries."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the chakras that the account may see."""
        if not user.has_perm("members.view_chakrageometry"):
            return self.none()
        return self.filter(within_reach(user, "chakra__family__community"))

    def present(self) -> Self:
        """The newest version of each chakra that is still worked."""
        return self.filter(is_current=True, chakra__closed_on=None)

    def polygons(self) -> Self:
        """Those walked or drawn as a boundary, without the points."""
        return self.filter(kind="Polygon")

    def meeting(self, west: Decimal, south: Decimal, east: Decimal, north: Decimal) -> Self:
        """Those whose box meets another box: candidates for an overlap."""
        return self.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)

    def on(self, day: date) -> Self:
        """The version of each chakra that was the newest on a day."""
        newer = self.model.objects.filter(
            chakra=models.OuterRef("chakra"),
            captured_on__lte=day,
            version__gt=models.OuterRef("version"),
        )
        return self.filter(~models.Exists(newer), captured_on__lte=day)


class ChakraCropQuerySet(models.QuerySet["ChakraCrop"]):
    """Named filters over crops."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the chakras that the account may see."""
        if not user.has_perm("members.view_chakracrop"):
            return self.none()
        return self.filter(within_reach(user, "chakra__family__community"))


class ChakraPhotographQuerySet(models.QuerySet["ChakraPhotograph"]):
    """Named filters over photographs."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the chakras that the account may see."""
        if not user.has_perm("members.view_chakraphotograph"):
            return self.none()
        return self.filter(within_reach(user, "chakra__family__community"))


class ChakraConflictQuerySet(models.QuerySet["ChakraConflict"]):
    """Named filters over conflicts of boundaries."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those in which a chakra that the account may see takes part."""
        if not user.has_perm("members.view_chakraconflict"):
            return self.none()
        return self.filter(
            within_reach(user, "one__family__community")
            | within_reach(user, "other__family__community")
        )

    def undecided(self) -> Self:
        """Those that nobody has decided yet."""
        return self.filter(decided_on=None)

    def of(self, chakra: Chakra) -> Self:
        """Those of one chakra."""
        return self.filter(models.Q(one=chakra) | models.Q(other=chakra))
