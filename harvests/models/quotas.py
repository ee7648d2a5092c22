"""How much is taken in, at most, and what families have been given before they deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.cash import CashMovement
from harvests.models.catalog import ProductForm
from harvests.querysets.quotas import AdvanceQuerySet, QuotaQuerySet
from harvests.triggers.payments import an_advance_comes_out_of_the_box
from harvests.triggers.settlements import an_advance_stays, inputs_of_an_advance_are_the_familys
from kallari.dates import begins_in_our_time, refuse_future
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NoteField
from kallari.units import CENT, GRAM, holds_numbers
from members.models import Community, Family, InputDistribution

if TYPE_CHECKING:
    from decimal import Decimal


class Quota(models.Model):
    """How many kilos of a form are taken in a period from one family, from one community, or from
    all: overproduction of guayusa once forced quotas. What exceeds it is asked about, not sent
    home."""

    form = models.ForeignKey(
        ProductForm, models.PROTECT, related_name="quotas", verbose_name=_("presentación")
    )
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotas",
        verbose_name=_("comunidad"),
    )
    family = models.ForeignKey(
        Family,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotas",
        verbose_name=_("familia"),
    )
    starts_on = models.DateField(_("primer día"))
    ends_on = models.DateField(_("último día"))
    limit_kg = models.DecimalField(
        _("hasta (kg)"), max_digits=12, decimal_places=3, validators=[MinValueValidator(GRAM)]
    )
    resolution = LineField(_("quién lo decidió"), max_length=120, blank=True)
    withdrawn_on = models.DateField(_("retirado el"), null=True, blank=True, editable=False)

    if TYPE_CHECKING:
        delivered_kg: Decimal
        """What `QuotaQuerySet.with_delivered` found; there is none without it."""

    objects: ClassVar[QuotaQuerySet] = QuotaQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("cupo")
        verbose_name_plural = _("cupos")
        ordering: ClassVar[list[str]] = ["-starts_on", "form", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("a_quota_is_a_number", "limit_kg"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_quota_ends_after_it_began",
                violation_error_message=_("El cupo termina después de empezar."),
            ),
            models.CheckConstraint(
                condition=models.Q(limit_kg__gt=0),
                name="a_quota_is_above_zero",
                violation_error_message=_("El cupo es mayor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(community=None) | models.Q(family=None),
                name="a_quota_is_of_a_family_or_a_community",
                violation_error_message=_("Un cupo es de una familia o de una comunidad."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.form}: {self.limit_kg} kg"

    @property
    def whose(self) -> str:
        """From whom that much is taken in."""
        return str(self.family or self.community or _("todas las familias"))


class Advance(models.Model):
    """What was given to a family before it delivers, in money or in inputs on credit; settlements
    take it off what she is owed."""

    class Kind(models.TextChoices):
        CASH = "cash", _("dinero")
        INPUTS = "inputs", _("insumos a crédito")

    id = random_key()
    number = models.PositiveIntegerField(
        _("número"),
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay un anticipo con ese número.")},
    )
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="advances", verbose_name=_("familia")
    )
    kind = models.CharField(_("qué se da"), max_length=6, choices=Kind, default=Kind.CASH)
    inputs = models.ForeignKey(
        InputDistribution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="advances",
        verbose_name=_("entrega de insumos"),
        help_text=_("La que se da a crédito, si consta."),
    )
    amount_usd = models.DecimalField(
        _("valor (USD)"), max_digits=10, decimal_places=2, validators=[MinValueValidator(CENT)]
    )
    cash_movement = models.OneToOneField(
        CashMovement,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="advance",
        verbose_name=_("movimiento de caja"),
    )
    given_on = models.DateField(_("entregado el"))
    given_by = LineField(_("quién lo entregó"), max_length=120)
    purpose = LineField(_("para qué"), max_length=200, blank=True)
    note = NoteField(_("nota"), blank=True, max_length=1000)
    voided_on = models.DateField(_("anulado el"), null=True, blank=True, editable=False)

    objects: ClassVar[AdvanceQuerySet] = AdvanceQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        taken_usd: Decimal
        """What `AdvanceQuerySet.with_taken` found; there is none without it."""

    class Meta:
        verbose_name = _("anticipo")
        verbose_name_plural = _("anticipos")
        ordering: ClassVar[list[str]] = ["-given_on", "-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-given_on", "-number"], name="advances_by_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("an_advance_is_a_number", "amount_usd"),
            models.CheckConstraint(
                condition=models.Q(amount_usd__gt=0),
                name="an_advance_is_above_zero",
                violation_error_message=_("El anticipo es mayor que cero."),
            ),
            begins_in_our_time("an_advance_is_of_our_time", "given_on"),
            models.CheckConstraint(
                condition=models.Q(kind="cash", inputs=None)
                | models.Q(kind="inputs", cash_movement=None),
                name="inputs_are_no_cash",
                violation_error_message=_(
                    "Insumos a crédito no salen de la caja, ni el dinero es una entrega de insumos."
                ),
            ),
            models.UniqueConstraint(
                fields=["inputs"],
                condition=models.Q(voided_on=None),
                name="inputs_are_owed_once",
                violation_error_message=_("Esa entrega de insumos ya consta como anticipo."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            an_advance_stays(),
            inputs_of_an_advance_are_the_familys(),
            an_advance_comes_out_of_the_box(),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.family}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:advance", args=[self.pk])

    @property
    def code(self) -> str:
        """The number as on the receipt: A-00042."""
        return f"A-{self.number:05d}"

    @property
    def is_valid(self) -> bool:
        """Whether it was not voided."""
        return self.voided_on is None

    @property
    def left_usd(self) -> Decimal:
        """What settlements have still to take off. Needs ``with_taken()``."""
        return self.amount_usd - self.taken_usd

    def clean(self) -> None:
        """Refuse a day that has not come."""
        super().clean()
        refuse_future("given_on", self.given_on)
