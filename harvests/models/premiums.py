"""Premiums that are figured when a family is settled, beside those of the price list."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from harvests.models.catalog import Product, ProductForm
from harvests.models.prices import CertificationClass
from harvests.querysets.settlements import PremiumRuleQuerySet
from harvests.triggers.payments import a_premium_rule_stays
from kallari.history.records import History, never_removed
from kallari.text import LineField, NameField
from kallari.units import PRICE_STEP, Unit, holds_numbers, worth

if TYPE_CHECKING:
    from harvests.models.deliveries import Delivery


class PremiumRule(models.Model):
    """A premium for each unit delivered in a time: Fairtrade, quality of a season, an assembly's
    decision. Figured into settlements once for a delivery, whenever the rule was decided; only
    once another person than who wrote it has confirmed it. It never changes: it is closed, and
    another one written."""

    name = NameField(_("nombre"), max_length=100)
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="premium_rules",
        verbose_name=_("producto"),
        help_text=_("De todas las presentaciones de un producto."),
    )
    form = models.ForeignKey(
        ProductForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="premium_rules",
        verbose_name=_("presentación"),
        help_text=_("O de una sola presentación."),
    )
    certification_class = models.CharField(
        _("certificación"),
        max_length=12,
        choices=CertificationClass,
        blank=True,
        help_text=_("Vacío: de cualquiera."),
    )
    partners_only = models.BooleanField(
        _("solo a socias y socios"),
        default=False,
        help_text=_("Quien lo era el día de la entrega."),
    )
    usd_per_unit = models.DecimalField(
        _("USD por unidad"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(PRICE_STEP)],
    )
    unit = models.CharField(_("unidad"), max_length=6, choices=Unit)
    valid_from = models.DateField(_("de entregas desde"))
    valid_until = models.DateField(_("hasta"), null=True, blank=True)
    resolution = LineField(
        _("resolución"),
        max_length=120,
        help_text=_("La que lo decide, con su número y fecha."),
    )
    source = LineField(
        _("de dónde sale el dinero"),
        max_length=200,
        help_text=_("Por ejemplo: prima de comercio justo del contrato con el comprador."),
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,  # a handful of people
        verbose_name=_("quién la anotó"),
    )
    confirmed_at = models.DateTimeField(_("confirmada el"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmada por"),
    )

    objects: ClassVar[PremiumRuleQuerySet] = PremiumRuleQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("regla de premio")
        verbose_name_plural = _("reglas de premio")
        ordering: ClassVar[list[str]] = ["-valid_from", "id"]
        permissions: ClassVar[list[Any]] = [("confirm_premiumrule", "Can confirm premium rules")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("a_premium_is_a_number", "usd_per_unit"),
            models.CheckConstraint(
                condition=models.Q(product=None, form__isnull=False)
                | models.Q(product__isnull=False, form=None),
                name="a_premium_is_of_a_product_or_a_form",
                violation_error_message=_("Escoja un producto o una presentación, no los dos."),
            ),
            models.CheckConstraint(
                condition=models.Q(usd_per_unit__gt=0),
                name="a_premium_is_above_zero",
                violation_error_message=_("El premio es mayor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="a_premium_ends_after_it_began",
                violation_error_message=_("La regla termina después de empezar."),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_confirmed_premium_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None)
                | ~models.Q(confirmed_by=models.F("written_by")),
                name="nobody_confirms_her_own_premium",
                violation_error_message=_(
                    "Quien anota un premio no lo confirma: lo confirma otra persona."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), a_premium_rule_stays()]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody stands for it: only then it is paid."""
        return self.confirmed_at is not None

    def of(self, delivery: Delivery) -> Decimal:
        """What a delivery earns by it, in cents: what was counted × the rate."""
        if self.unit == Unit.PIECE:
            return worth(delivery.quantity, "piece", self.usd_per_unit, "piece")
        return worth(delivery.net_kg or Decimal(0), "kg", self.usd_per_unit, self.unit)
