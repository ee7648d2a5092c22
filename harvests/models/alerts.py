"""What somebody should look at about a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from harvests.models.deliveries import Delivery
from harvests.querysets.deliveries import (
    DeliveryAlertQuerySet,
)
from kallari.history.records import History, never_removed
from kallari.text import NoteField


class DeliveryAlert(models.Model):
    """Something about a delivery that a person should look at. It never stopped anybody from
    weighing; where the note of whoever weighed explains it, nobody need decide."""

    class Kind(models.TextChoices):
        LATE_HARVEST = "late_harvest", _("cosechado hace demasiado")
        EARLY_VANILLA = "unripe", _("recogido antes de madurar")
        ABOVE_ESTIMATE = "above_estimate", _("más de lo que se estimó que daría la chakra")
        QUOTA = "quota", _("pasa del cupo")
        POSSIBLE_DOUBLE = "double", _("quizá es la misma de otra entrega")
        CLOCK = "clock", _("el reloj del dispositivo estaba mal")
        PRICE_SEEN = "price_seen", _("en el teléfono se vio otro precio")

    class Decision(models.TextChoices):
        """What somebody at the office made of it."""

        EXPLAINED = "explained", _("está bien así")
        VOIDED = "voided", _("se anuló la entrega")
        CORRECTED = "corrected", _("se corrigió la entrega")

    INFORMS_ONLY = frozenset({Kind.CLOCK, Kind.PRICE_SEEN})
    """Kinds about which nobody has to decide."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="alerts", verbose_name=_("entrega")
    )
    kind = models.CharField(_("aviso"), max_length=15, choices=Kind)
    facts = models.JSONField(_("cifras"), default=dict, blank=True)
    other = models.ForeignKey(
        Delivery,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alerts_of_others",
        verbose_name=_("la otra entrega"),
    )
    is_open = models.BooleanField(_("espera decisión"))
    raised_at = models.DateTimeField(_("avisado el"))
    decision = models.CharField(_("decisión"), max_length=10, choices=Decision, blank=True)
    decision_reason = NoteField(_("por qué"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decidido el"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("quién decidió"),
    )

    if TYPE_CHECKING:
        quota_scope: str | None
        """Of whom the quota is: ``family``, ``community``, ``all``; there is none without
        `DeliveryAlertQuerySet.with_deliveries`."""

    objects: ClassVar[DeliveryAlertQuerySet] = DeliveryAlertQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("aviso sobre una entrega")
        verbose_name_plural = _("avisos sobre entregas")
        ordering: ClassVar[list[str]] = ["-raised_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["-raised_at", "-id"],
                condition=models.Q(is_open=True),
                name="alerts_that_wait",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(models.Q(decision="") & models.Q(decided_at=None))
                | (
                    ~models.Q(decision="")
                    & models.Q(decided_at__isnull=False, decided_by__isnull=False, is_open=False)
                    & ~models.Q(decision_reason="")
                ),
                name="a_decision_on_an_alert_says_who_when_why",
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.get_kind_display()}"
