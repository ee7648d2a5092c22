"""Which part of what was handed in grew where."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harvests.models.deliveries import Delivery
from harvests.querysets.deliveries import DeliveryShareQuerySet
from harvests.triggers.intake import shares_add_up
from kallari.history.records import History, append_only
from kallari.units import holds_numbers
from members.models import Chakra


class DeliveryShare(models.Model):
    """How much of a delivery grew in one chakra. The shares of a delivery add up to all of it, to
    the gram; without any, it is unknown from which of the family's chakras it came."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="shares", verbose_name=_("entrega")
    )
    chakra = models.ForeignKey(
        Chakra,
        models.PROTECT,
        related_name="delivery_shares",
        db_index=False,  # shares_of_a_chakra
        verbose_name=_("chakra"),
    )
    weighed_on = models.DateField(_("día del peso"))
    share = models.DecimalField(_("parte"), max_digits=7, decimal_places=6)
    net_kg = models.DecimalField(
        _("peso neto (kg)"), max_digits=12, decimal_places=3, null=True, blank=True
    )

    objects: ClassVar[DeliveryShareQuerySet] = DeliveryShareQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("parte de una chakra")
        verbose_name_plural = _("partes de las chakras")
        ordering: ClassVar[list[str]] = ["delivery", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["chakra", "weighed_on"], name="shares_of_a_chakra"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["delivery", "chakra"], name="one_share_a_delivery_and_chakra"
            ),
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lte=1), name="a_share_is_a_part_of_one"
            ),
            holds_numbers("a_share_weighs_a_number", "net_kg"),
        ]
        triggers: ClassVar[list[Any]] = [append_only(), shares_add_up()]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.share}"
