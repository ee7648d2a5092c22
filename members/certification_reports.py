"""What has to be done soon about certification, what limits a group, what chakras gave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models

from members.delivered import delivered, is_known
from members.models import (
    Agreement,
    Certificate,
    CertificationScheme,
    Chakra,
    ChakraCertification,
    CorrectiveAction,
    Inspection,
    Partner,
    YieldEstimate,
)
from members.rules import (
    EXPIRY_WARNING_DAYS,
    GROUP_MAX_MEMBERS,
    GROUP_MEMBER_MAX_HA,
    YIELD_WARNING_PERCENT,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


# --- What runs out --------------------------------------------------------------------------------


def covering_certificates(user: User | AnonymousUser, day: date) -> list[Certificate]:
    """Return for each scheme the certificate with which its cover ends, the one that ends first
    above. Cover that has begun by a day goes on where a certificate takes over on the next day at
    the latest; where there is a gap, it ends. Without cover on the day it is the newest one that
    is over. One query."""
    return _covering(Certificate.objects.visible_to(user), day)


def lapsed_schemes(day: date) -> dict[int, date]:
    """Return the schemes whose cover has ended by a day, with its last day: what their chakras are
    is worth nothing to a buyer until a certificate is renewed. Told to whoever sees the chakras,
    the paper itself to fewer. One query."""
    covering = _covering(Certificate.objects.all(), day)
    return {one.scheme_id: one.last_on for one in covering if one.last_on < day}


def _covering(rows: models.QuerySet[Certificate], day: date) -> list[Certificate]:
    rows = rows.exclude(withdrawn_on__lte=day)
    last: dict[int, Certificate] = {}
    for one in rows.select_related("scheme").order_by("valid_from", "pk"):
        before = last.get(one.scheme_id)
        if before is None:
            goes_on = one.valid_from <= day
        else:
            without_gap = (one.valid_from - before.last_on).days <= 1
            takes_over = without_gap or one.valid_from <= day
            goes_on = takes_over and one.last_on >= before.last_on
        if goes_on:
            last[one.scheme_id] = one
    return sorted(last.values(), key=lambda one: (one.last_on, one.pk))


def expiring_certificates(user: User | AnonymousUser, day: date) -> list[Certificate]:
    """Return the certificates with which the cover of a scheme has ended, or will within the
    longest warning of the rule ``alerts.days_before_expiry``. One query and the rule's."""
    until = day + timedelta(days=max(EXPIRY_WARNING_DAYS.on(day)))
    return [one for one in covering_certificates(user, day) if one.last_on <= until]


def expiring_agreements(user: User | AnonymousUser, day: date) -> models.QuerySet[Agreement]:
    """Agreements with allies that end within the longest warning of the rule."""
    within = max(EXPIRY_WARNING_DAYS.on(day))
    return Agreement.objects.visible_to(user).expiring(day, within=within).select_related("ally")


def urgent_actions(user: User | AnonymousUser, day: date) -> models.QuerySet[CorrectiveAction]:
    """Corrective actions that are overdue, or due within the shortest warning of the rule."""
    until = day + timedelta(days=min(EXPIRY_WARNING_DAYS.on(day)))
    rows = CorrectiveAction.objects.visible_to(user).opened_on(day)
    return rows.filter(due_on__lte=until).with_places().order_by("due_on", "pk")


def uninspected(user: User | AnonymousUser, day: date) -> models.QuerySet[Partner]:
    """The partners of the group on a day whom nobody has visited yet in its year: an internal
    control system visits every member each year (EU 2018/848, art. 36)."""
    listed = ChakraCertification.objects.listed_on(day).filter(
        chakra__family=models.OuterRef("family")
    )
    visits = Inspection.objects.internal().in_year_of(day)
    visited = visits.filter(family=models.OuterRef("family"))
    return (
        Partner.objects.visible_to(user)
        .members_on(day)
        .filter(models.Exists(listed), ~models.Exists(visited))
        .with_people()
        .order_by("family__community__search_key", "number")
    )


# --- What a group must keep to --------------------------------------------------------------------


@dataclass(frozen=True)
class GroupConditions:
    """A group and its limits on a day."""

    members: int
    most_members: int
    most_ha: Decimal
    large: list[tuple[UUID, Decimal]]
    """Families with more land than one member may have, the largest first."""

    @property
    def too_many(self) -> bool:
        """Whether the group has more members than the norm allows."""
        return self.members > self.most_members


def group_conditions(day: date) -> GroupConditions:
    """Return how the group of the schemes that limit it stands on a day: its members, and the
    land of each family as it was measured by then. Four queries."""
    listed = ChakraCertification.objects.listed_on(day).filter(scheme__limits_the_group=True)
    chakras = Chakra.objects.filter(pk__in=listed.values("chakra"))
    land: dict[UUID, Decimal] = {}
    for family, area in areas_on(chakras, day).values_list("family", "area_then"):  # type: ignore[misc]  # annotated
        land[family] = land.get(family, Decimal(0)) + (area or Decimal(0))
    most_ha = GROUP_MEMBER_MAX_HA.on(day)
    large = sorted(
        ((family, area) for family, area in land.items() if area > most_ha),
        key=lambda one: -one[1],
    )
    members = Partner.objects.members_on(day).filter(family__in=land)
    return GroupConditions(members.count(), GROUP_MAX_MEMBERS.on(day), most_ha, large)


def areas_on(chakras: models.QuerySet[Chakra], day: date) -> models.QuerySet[Chakra]:
    """Annotates ``area_then``: the area as measured by a day, else what the family declares."""
    from members.models import ChakraGeometry

    measured = ChakraGeometry.objects.on(day).filter(chakra=models.OuterRef("pk"))
    return chakras.annotate(
        area_then=models.functions.Coalesce(
            models.Subquery(measured.values("area_ha")[:1]), "declared_area_ha"
        )
    )


# --- Estimated and delivered ----------------------------------------------------------------------


@dataclass(frozen=True)
class Yield:
    """What a chakra should give of a product in a year, and what it gave."""

    estimate: YieldEstimate
    delivered_kg: Decimal | None
    """None while nobody keeps deliveries."""
    percent: Decimal | None
    is_too_much: bool
    """Beyond the rule's share of the estimate: somebody else's harvest may be among it."""


def yields(estimates: Collection[YieldEstimate], year: int, day: date) -> list[Yield]:
    """Return the estimates of a year with what was delivered. Two queries and the readers'."""
    share = YIELD_WARNING_PERCENT.on(day)
    known = is_known()
    kilos = delivered([one.chakra_id for one in estimates], year)
    found = []
    for one in estimates:
        gave = kilos.get((one.chakra_id, one.product), Decimal(0)) if known else None
        percent = gave * 100 / one.estimated_kg if gave is not None and one.estimated_kg else None
        too_much = gave is not None and gave > one.estimated_kg * share / 100
        found.append(Yield(one, gave, percent, too_much))
    return found


def yield_totals(
    estimates: models.QuerySet[YieldEstimate], year: int
) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Return for each product what its chakras should give in a year, and what they gave."""
    totals: dict[str, tuple[Decimal, Decimal | None]] = {}
    rows = list(estimates.filter(year=year).values_list("chakra", "product", "estimated_kg"))
    kilos = delivered({chakra for chakra, _product, _kg in rows}, year)
    for chakra, product, kg in rows:
        estimated, gave = totals.get(product, (Decimal(0), Decimal(0) if is_known() else None))
        if gave is not None:
            gave += kilos.get((chakra, product), Decimal(0))
        totals[product] = (estimated + kg, gave)
    return totals


def scheme_counts(
    rows: models.QuerySet[ChakraCertification], day: date
) -> dict[int, dict[str, int]]:
    """Return for each scheme how many of the chakras still worked are what on a day. One query."""
    counted: dict[int, dict[str, int]] = {}
    grouped = (
        rows.standing_on(day)  # type: ignore[attr-defined]  # its own queryset
        .order_by()
        .values_list("scheme", "status")
        .annotate(number=models.Count("pk"))
    )
    for scheme, status, number in grouped:
        counted.setdefault(scheme, {})[status] = number
    return counted


def schemes_with_counts(
    user: User | AnonymousUser, day: date
) -> list[tuple[CertificationScheme, dict[str, int]]]:
    """Return every scheme with how many chakras of the reader's reach are what on a day."""
    counts = scheme_counts(ChakraCertification.objects.visible_to(user), day)
    return [
        (scheme, counts.get(scheme.pk, {}))
        for scheme in CertificationScheme.objects.visible_to(user)
    ]
