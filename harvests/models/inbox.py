"""What telephones sent, as it came."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.places import Device
from harvests.querysets.inbox import OperationDecisionQuerySet, OperationQuerySet
from harvests.triggers.intake import what_became_of_it_stays, what_was_sent_stays
from kallari.history.records import History, never_removed
from kallari.text import NoteField


class Operation(models.Model):
    """One operation of a push, written down in a transaction of its own before anybody looks at
    it. What was sent never changes; what came of it is written beside. The same operation with
    the same content is one row that counts how often it came; with another content it is another
    row."""

    without_history: ClassVar[str] = (
        "what arrived is kept as it came, by trigger; what the office decides on it has history"
    )

    class Result(models.TextChoices):
        CREATED = "created", _("registrada")
        DUPLICATE = "duplicate", _("repetida")
        HELD = "held", _("en espera")
        CONFLICT = "conflict", _("en conflicto")
        REJECTED = "rejected", _("ilegible")

    WAIT = (Result.HELD, Result.CONFLICT, Result.REJECTED)

    op_id = models.UUIDField(_("operación"), null=True)
    entity = models.CharField(_("de qué"), max_length=20, blank=True)
    entity_id = models.UUIDField(_("identificador"), null=True)
    action = models.CharField(_("acto"), max_length=10, blank=True)
    digest = models.CharField(_("huella"), max_length=64)
    raw = models.TextField(_("lo que llegó"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,  # asked by device
        verbose_name=_("cuenta que lo envió"),
    )
    device = models.ForeignKey(
        Device,
        models.PROTECT,
        null=True,
        related_name="operations",
        db_index=False,  # operations_of_a_device
        verbose_name=_("dispositivo"),
    )
    device_seq = models.BigIntegerField(_("número en el dispositivo"), null=True)
    received_at = models.DateTimeField(_("recibida el"))
    times_received = models.PositiveIntegerField(_("veces recibida"), default=1)
    result = models.CharField(_("resultado"), max_length=10, choices=Result, blank=True)
    folio = models.CharField(_("folio"), max_length=24, blank=True)
    errors = models.JSONField(_("qué pasó"), default=list, blank=True)
    is_open = models.BooleanField(_("espera a la oficina"), default=True)

    objects: ClassVar[OperationQuerySet] = OperationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("operación recibida")
        verbose_name_plural = _("operaciones recibidas")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["device", "device_seq"], name="operations_of_a_device"),
            models.Index(
                fields=["-id"], condition=models.Q(is_open=True), name="operations_that_wait"
            ),
            models.Index(fields=["entity_id"], name="operations_of_an_entity"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["op_id", "digest"],
                nulls_distinct=False,
                name="one_operation_a_content",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            what_was_sent_stays(),
            what_became_of_it_stays(),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.op_id}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:operation", args=[self.pk])

    @property
    def is_delivery_in_conflict(self) -> bool:
        """Whether it tells a whole delivery under a key that has another content already."""
        return (
            self.result == self.Result.CONFLICT
            and self.entity == "delivery"
            and self.action in {"create", "correct"}
        )


class OperationDecision(models.Model):
    """What the office decided on an operation that was held, in conflict or unreadable."""

    class Verdict(models.TextChoices):
        RETRIED = "retried", _("se registró")
        AMENDED = "amended", _("se registró con correcciones")
        CORRECTED = "corrected", _("corrigió la que estaba registrada")
        DISCARDED = "discarded", _("no se registra")

    operation = models.OneToOneField(
        Operation, models.PROTECT, related_name="decision", verbose_name=_("operación")
    )
    verdict = models.CharField(_("decisión"), max_length=10, choices=Verdict)
    reason = NoteField(_("por qué"), max_length=500)
    amended = models.JSONField(_("lo que se corrigió"), null=True, blank=True)
    folio = models.CharField(_("folio"), max_length=24, blank=True)
    decided_at = models.DateTimeField(_("decidido el"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("quién decidió")
    )

    objects: ClassVar[OperationDecisionQuerySet] = OperationDecisionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("decisión sobre lo recibido")
        verbose_name_plural = _("decisiones sobre lo recibido")
        ordering: ClassVar[list[str]] = ["-decided_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(reason__regex=r"\S"),
                name="a_decision_on_an_operation_says_why",
                violation_error_message=_("Escriba por qué."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.operation_id}: {self.get_verdict_display()}"
