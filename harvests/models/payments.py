"""What was paid of a settlement."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from harvests.models.cash import CashMovement
from harvests.models.settlements import Settlement
from harvests.querysets.payments import PaymentQuerySet
from harvests.triggers.payments import payments_within_the_settlement
from kallari.dates import begins_in_our_time, refuse_future
from kallari.history.records import History, append_only
from kallari.keys import random_key
from kallari.refusals import refusal_at
from kallari.text import LineField, NoteField
from kallari.units import holds_numbers, in_usd


class Payment(models.Model):
    """Money handed to a family, or transferred, of what a settlement says. A mistake is undone by
    another row below zero that names it; together they never pass what is owed."""

    class Method(models.TextChoices):
        CASH = "cash", _("efectivo")
        TRANSFER = "transfer", _("transferencia")

    id = random_key()
    number = models.PositiveIntegerField(
        _("número"),
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay un pago con ese número.")},
    )
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="payments", verbose_name=_("liquidación")
    )
    amount_usd = models.DecimalField(_("valor (USD)"), max_digits=12, decimal_places=2)
    method = models.CharField(_("cómo se paga"), max_length=8, choices=Method)
    reference = LineField(
        _("número de la transferencia"),
        max_length=60,
        blank=True,
        help_text=_("Como está en el comprobante del banco."),
    )
    cash_movement = models.OneToOneField(
        CashMovement,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="payment",
        verbose_name=_("movimiento de caja"),
    )
    paid_on = models.DateField(_("pagado el"))
    paid_by = LineField(_("quién lo pagó"), max_length=120)
    note = NoteField(_("nota"), blank=True, max_length=1000)
    recorded_at = models.DateTimeField(_("registrado el"), editable=False)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reversed_by",
        verbose_name=_("revierte a"),
    )

    objects: ClassVar[PaymentQuerySet] = PaymentQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("pago")
        verbose_name_plural = _("pagos")
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-paid_on", "-number"], name="payments_by_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("a_payment_is_a_number", "amount_usd"),
            models.CheckConstraint(
                condition=models.Q(amount_usd__gt=0, reverses=None)
                | models.Q(amount_usd__lt=0, reverses__isnull=False),
                name="a_payment_is_above_zero",
                violation_error_message=_("El pago es mayor que cero."),
            ),
            begins_in_our_time("a_payment_is_of_our_time", "paid_on"),
            models.CheckConstraint(
                condition=models.Q(method="cash", cash_movement__isnull=False)
                | models.Q(method="transfer", cash_movement=None),
                name="cash_is_paid_out_of_an_open_box",
                violation_error_message=_("El efectivo sale de una caja abierta: escójala."),
            ),
            models.CheckConstraint(
                condition=models.Q(method="cash") | ~models.Q(reference=""),
                name="a_transfer_says_its_number",
                violation_error_message=_("Escriba el número de la transferencia."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [append_only(), payments_within_the_settlement()]

    def __str__(self) -> str:
        return f"{self.code}: {in_usd(self.amount_usd)}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:payment", args=[self.pk])

    @property
    def code(self) -> str:
        """The number as on the receipt: P-00042."""
        return f"P-{self.number:05d}"

    @property
    def is_reversal(self) -> bool:
        """Whether it takes another payment back."""
        return self.reverses_id is not None

    def clean(self) -> None:
        """Refuse a day that has not come, or on which what is paid was not all delivered."""
        super().clean()
        refuse_future("paid_on", self.paid_on)
        if self.paid_on is not None and self.settlement_id is not None:
            refuse_before_its_settlement(self.paid_on, self.settlement)


def refuse_before_its_settlement(day: date, settlement: Settlement) -> None:
    """Refuse to pay before the last day of what is paid.

    Raises:
        ValidationError: ``before_its_settlement``.
    """
    if day < settlement.last_on:
        raise refusal_at(
            "paid_on",
            _("La liquidación %(code)s llega hasta el %(last_on)s: se paga desde ese día."),
            code="before_its_settlement",
            params={
                "code": settlement.code,
                "last_on": date_format(settlement.last_on, "SHORT_DATE_FORMAT"),
            },
        )
