"""Cash boxes: opened with a count, closed with a count, and what moved in between."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.places import CollectionCenter
from harvests.querysets.payments import CashBoxQuerySet, CashMovementQuerySet, CashSessionQuerySet
from harvests.triggers.payments import (
    a_cash_box_is_never_overdrawn,
    a_cash_count_stays,
    a_cash_reversal_undoes_its_movement,
    cash_moves_for_somebody,
)
from kallari.history.records import History, append_only, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NameField
from kallari.units import holds_numbers, in_usd


class CashBox(models.Model):
    """A place where money is kept, and who answers for it."""

    name = NameField(
        _("nombre"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("Ya hay una caja con ese nombre.")},
    )
    center = models.ForeignKey(
        CollectionCenter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cash_boxes",
        verbose_name=_("centro de acopio"),
    )
    custodian = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="cash_boxes",
        verbose_name=_("quién responde por ella"),
    )
    retired_on = models.DateField(_("ya no se usa desde"), null=True, blank=True, editable=False)

    objects: ClassVar[CashBoxQuerySet] = CashBoxQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("caja")
        verbose_name_plural = _("cajas")
        ordering: ClassVar[list[str]] = ["name"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("harvests:cash_box", args=[self.pk])


class CashSession(models.Model):
    """A cash box from its opening to its closing: what was counted at both, what should have been
    there, and who signed. Another person than who opened it closes it; so a count below the last
    one, which one person alone would sign, does not open it."""

    id = random_key()
    box = models.ForeignKey(
        CashBox, models.PROTECT, related_name="sessions", verbose_name=_("caja")
    )
    brought_usd = models.DecimalField(
        _("quedó de la vez anterior (USD)"), max_digits=12, decimal_places=2, editable=False
    )
    opening_usd = models.DecimalField(
        _("dinero al abrir (USD)"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Lo que se contó."),
    )
    opening_note = LineField(
        _("por qué difiere"),
        max_length=200,
        blank=True,
        help_text=_("Si es más de lo que quedó la vez anterior: de dónde viene."),
    )
    opened_at = models.DateTimeField(_("abierta el"), editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,  # a handful of people
        verbose_name=_("quién la abrió"),
    )
    closed_at = models.DateTimeField(_("cerrada el"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,  # as above
        verbose_name=_("quién la cerró"),
    )
    expected_usd = models.DecimalField(
        _("debía haber (USD)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        editable=False,
    )
    counted_usd = models.DecimalField(
        _("se contó (USD)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    closing_note = LineField(_("por qué hay diferencia"), max_length=200, blank=True)

    objects: ClassVar[CashSessionQuerySet] = CashSessionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        moved_usd: Decimal
        """What `CashSessionQuerySet.with_moved` found; there is none without it."""

    class Meta:
        verbose_name = _("apertura de caja")
        verbose_name_plural = _("aperturas de caja")
        ordering: ClassVar[list[str]] = ["-opened_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers(
                "cash_is_counted_in_numbers",
                "brought_usd",
                "opening_usd",
                "expected_usd",
                "counted_usd",
            ),
            models.UniqueConstraint(
                fields=["box"],
                condition=models.Q(closed_at=None),
                name="one_open_session_a_box",
                violation_error_message=_("La caja ya está abierta."),
            ),
            models.CheckConstraint(
                condition=models.Q(opening_usd__gte=0)
                & (models.Q(counted_usd=None) | models.Q(counted_usd__gte=0)),
                name="cash_is_not_negative",
                violation_error_message=_("El dinero contado no es menos que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(opening_usd=models.F("brought_usd"))
                | ~models.Q(opening_note=""),
                name="an_opening_that_differs_says_why",
                violation_error_message=_(
                    "No es lo que quedó la vez anterior: escriba por qué difiere."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(opening_usd__gte=models.F("brought_usd")),
                name="what_is_missing_is_signed_by_two",
                violation_error_message=_(
                    "Falta de lo que quedó la vez anterior. Ábrala con eso, y que otra persona la"
                    " cuente y la cierre: así firman dos lo que falta."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    closed_at=None, closed_by=None, expected_usd=None, counted_usd=None
                )
                | models.Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    expected_usd__isnull=False,
                    counted_usd__isnull=False,
                ),
                name="a_closed_session_says_what_was_counted",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None)
                | models.Q(counted_usd=models.F("expected_usd"))
                | ~models.Q(closing_note=""),
                name="a_difference_says_why",
                violation_error_message=_("Hay una diferencia: escriba por qué."),
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by=None) | ~models.Q(closed_by=models.F("opened_by")),
                name="another_person_closes_the_box",
                violation_error_message=_(
                    "Quien abrió la caja no la cierra: la cuenta otra persona."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), a_cash_count_stays()]

    def __str__(self) -> str:
        return f"{self.box} {self.opened_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:cash_session", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether money moves in it."""
        return self.closed_at is None

    @property
    def balance_usd(self) -> Decimal:
        """What should be in the box. Needs ``with_moved()``."""
        return self.opening_usd + self.moved_usd

    @property
    def difference_usd(self) -> Decimal | None:
        """What was counted less what should have been there; None while it is open."""
        if self.counted_usd is None or self.expected_usd is None:
            return None
        return self.counted_usd - self.expected_usd


class CashMovement(models.Model):
    """Money that went into a box or came out of it; a mistake is undone by another movement."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("pago de una liquidación")
        PAYMENT_BACK = "payment_back", _("pago revertido")
        ADVANCE = "advance", _("anticipo")
        ADVANCE_BACK = "advance_back", _("anticipo anulado")
        PUT_IN = "put_in", _("fondo que entra")
        BANKED = "banked", _("llevado al banco")
        REVERSAL = "reversal", _("reversión")

    TYPED = (Kind.PUT_IN, Kind.BANKED)
    """What somebody writes down by itself; the others come with what they pay."""

    id = random_key()
    session = models.ForeignKey(
        CashSession, models.PROTECT, related_name="movements", verbose_name=_("caja abierta")
    )
    kind = models.CharField(_("clase"), max_length=12, choices=Kind)
    amount_usd = models.DecimalField(
        _("valor (USD)"), max_digits=12, decimal_places=2, help_text=_("Menos cero: salió.")
    )
    note = LineField(_("nota"), max_length=200, blank=True)
    moved_at = models.DateTimeField(_("cuándo"), editable=False)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,  # a handful of people
        verbose_name=_("quién"),
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reversed_by",
        verbose_name=_("revierte a"),
    )

    objects: ClassVar[CashMovementQuerySet] = CashMovementQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("movimiento de caja")
        verbose_name_plural = _("movimientos de caja")
        ordering: ClassVar[list[str]] = ["moved_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("a_movement_is_a_number", "amount_usd"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["payment_back", "advance_back", "put_in"], amount_usd__gt=0
                )
                | models.Q(kind__in=["payment", "advance", "banked"], amount_usd__lt=0)
                | models.Q(kind="reversal") & ~models.Q(amount_usd=0),
                name="a_movement_has_the_sign_of_its_kind",
                violation_error_message=_("El valor es mayor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["payment_back", "advance_back", "reversal"], reverses__isnull=False
                )
                | models.Q(kind__in=["payment", "advance", "put_in", "banked"], reverses=None),
                name="a_reversal_says_what_it_reverses",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            append_only(),
            a_cash_box_is_never_overdrawn(),
            a_cash_reversal_undoes_its_movement(),
            cash_moves_for_somebody(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {in_usd(self.amount_usd)}"
