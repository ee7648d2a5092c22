"""Reading deliveries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone

from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import Delivery, DeliveryAlert, DeliveryShare  # noqa: F401
    from kallari.accounts.models import User

EARLIEST_FOLIO_YEAR = 1990
FOLIO = re.compile(r"^[A-Z][A-Z0-9]{1,5}-\d{4}-\d{1,9}$", re.ASCII)
PROVISIONAL_FOLIO = re.compile(r"^P-([0-9A-HJKMNP-TV-Z]{4})-(\d{1,9})$", re.ASCII)


def is_folio(text: str) -> bool:
    """Whether `text` is a whole folio, or a provisional one: it names one delivery."""
    plain = "".join(text.split()).upper()
    return bool(FOLIO.match(plain) or PROVISIONAL_FOLIO.match(plain))


class _OneOf(models.Func):
    """Whether a value is in an array. Unlike ``IN`` over a query it is never answered by reading
    the whole table."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Named filters over deliveries."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("harvests.view_delivery"):
            return self.none()
        return self.filter(within_reach(user, "community"))

    def valid(self) -> Self:
        """Those that count."""
        return self.filter(status="valid")

    def with_names(self) -> Self:
        """With what a list shows of each, read in the same query."""
        return self.select_related(
            "family", "partner__person", "community", "form__product", "quality", "center", "agent"
        )

    def with_device_number(self) -> Self:
        """Annotates ``device_number``: under which number its device sent it, for
        ``provisional_folio``; with the device, read in the same query."""
        from harvests.models import Operation

        sent = Operation.objects.filter(
            entity="delivery",
            entity_id=models.OuterRef("pk"),
            device=models.OuterRef("device"),
            action__in=("create", "correct"),
        ).exclude(result__in=(Operation.Result.CONFLICT, Operation.Result.REJECTED))
        return self.select_related("device").annotate(
            device_number=models.Subquery(sent.order_by("pk").values("device_seq")[:1])
        )

    def with_open_alert(self) -> Self:
        """Annotates ``has_open_alert``: whether somebody has to decide on something about it."""
        from harvests.models import DeliveryAlert

        waiting = DeliveryAlert.objects.waiting().filter(delivery=models.OuterRef("pk"))
        return self.annotate(has_open_alert=models.Exists(waiting))

    def alerted(self, is_alerted: bool = True, *, only_open: bool = False) -> Self:
        """Those about which something was to be looked at, or those about which nothing was.

        Args:
            only_open: no alert counts but those on which somebody has still to decide.
        """
        from harvests.models import DeliveryAlert

        alerts = DeliveryAlert.objects.filter(delivery=models.OuterRef("pk"))
        found = models.Exists(alerts.waiting() if only_open else alerts)
        return self.filter(found if is_alerted else ~found)

    def find(self, text: str, *, to_add_up: bool = False) -> Self:
        """What a person who types `text` may mean: a folio, whole (TENA-2026-000042) or its
        number alone, the provisional one of a telephone's receipt (P-FEZP-1), or the name of a
        family or of one of its people in any spelling.

        Args:
            to_add_up: all of them are read, not the first alone: family by family, from the index
                ``deliveries_of_a_family`` that holds what is added up.
        """
        from members.models import Family

        plain = "".join(text.split()).upper()
        if not plain:
            return self
        if FOLIO.match(plain):
            center, year, number = plain.split("-")
            return self.filter(center__code=center, folio_year=int(year), folio_number=int(number))
        if provisional := PROVISIONAL_FOLIO.match(plain):
            return self._handed_in_as(provisional[1], int(provisional[2]))
        if plain.isascii() and plain.isdigit() and len(plain) <= 9:
            # Center and year stand before the number in the index: asked of each of them, a million
            # folios are found in a millisecond instead of a tenth of a second.
            from harvests.models import CollectionCenter

            years = list(range(EARLIEST_FOLIO_YEAR, timezone.localdate().year + 2))
            return self.filter(
                center__in=CollectionCenter.objects.values("pk"),
                folio_year__in=years,
                folio_number=int(plain),
            )
        families = Family.objects.find(text).order_by().values("pk")
        if to_add_up:
            return self.filter(_OneOf("family", ArraySubquery(families)))
        return self.filter(family__in=families)

    def _handed_in_as(self, code: str, number: int) -> Self:
        from harvests.models import Device, Operation

        devices = [one for one in Device.objects.only("pk") if one.short_code == code]
        told = Operation.objects.filter(
            entity="delivery", device__in=devices, device_seq=number
        ).values("entity_id")
        return self.filter(pk__in=told)


class DeliveryShareQuerySet(models.QuerySet["DeliveryShare"]):
    """Named filters over shares."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the deliveries that the account sees."""
        if not user.has_perm("harvests.view_delivery"):
            return self.none()
        return self.filter(within_reach(user, "delivery__community"))


class DeliveryAlertQuerySet(models.QuerySet["DeliveryAlert"]):
    """Named filters over alerts."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the deliveries that the account sees."""
        if not user.has_perm("harvests.view_deliveryalert"):
            return self.none()
        return self.filter(within_reach(user, "delivery__community"))

    def waiting(self) -> Self:
        """Those on which somebody has to decide."""
        return self.filter(is_open=True)

    def with_deliveries(self) -> Self:
        """With the delivery, the other one, and their families, and of whom a quota is that was
        exceeded, read in the same query."""
        from harvests.models import Quota

        exceeded = Cast(models.OuterRef("facts__quota"), models.BigIntegerField())
        scope = models.Case(
            models.When(family__isnull=False, then=models.Value("family")),
            models.When(community__isnull=False, then=models.Value("community")),
            default=models.Value("all"),
        )
        quota = Quota.objects.filter(pk=exceeded).annotate(scope=scope)
        return self.annotate(quota_scope=models.Subquery(quota.values("scope"))).select_related(
            "delivery__family__community",
            "delivery__community",
            "delivery__form",
            "delivery__agent",
            "other__agent",
            "other__form",
            "decided_by",
        )
