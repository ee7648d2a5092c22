"""What a family is owed for what it handed in, line by line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.deliveries import Delivery
from harvests.models.premiums import PremiumRule
from harvests.models.quotas import Advance
from harvests.querysets.settlements import SettlementLineQuerySet, SettlementQuerySet
from harvests.triggers.settlements import (
    a_line_refers_to_what_is_on_record,
    a_line_says_what_its_delivery_is_worth,
    a_line_stays,
    a_premium_line_is_by_its_rule,
    a_settlement_begins_as_a_draft,
    a_settlement_is_reversed_by_another,
    a_settlement_stays,
    an_advance_is_taken_off_once,
    lines_add_up_to_the_settlement,
    what_ended_counts_no_more,
    what_is_carried_is_brought_once,
)
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import NoteField
from kallari.units import holds_numbers, in_usd
from members.models import Family, Partner


class Settlement(models.Model):
    """What a family is owed up to a day: deliveries and premiums, less what was paid before and
    what has been given in advance.

    Drafted by one person, approved by another, then paid. It never changes: a draft is discarded,
    what was approved is reversed by another settlement with the same lines negated, as long as
    nothing of it was paid; what is corrected later goes to the next one.
    """

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("liquidación")
        REVERSAL = "reversal", _("reversión")

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("por aprobar")
        APPROVED = "approved", _("aprobada")
        DISCARDED = "discarded", _("descartada")
        REVERSED = "reversed", _("revertida")

    id = random_key()
    number = models.PositiveIntegerField(
        _("número"),
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay una liquidación con ese número.")},
    )
    kind = models.CharField(
        _("clase"), max_length=8, choices=Kind, default=Kind.ORDINARY, editable=False
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
    family = models.ForeignKey(
        Family,
        models.PROTECT,
        related_name="settlements",
        db_index=False,  # settlements_of_a_family
        verbose_name=_("familia"),
    )
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settlements",
        db_index=False,  # found through the family
        verbose_name=_("socia o socio ese día"),
    )
    first_on = models.DateField(_("primer día"))
    last_on = models.DateField(_("último día"))
    total_usd = models.DecimalField(_("total (USD)"), max_digits=12, decimal_places=2)
    status = models.CharField(
        _("estado"), max_length=9, choices=Status, default=Status.DRAFTED, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="settlements",
        db_index=False,  # a handful of people: an index would not narrow
        verbose_name=_("quién la hizo"),
    )
    drafted_at = models.DateTimeField(_("hecha el"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # as authors
        verbose_name=_("quién la aprobó"),
    )
    approved_at = models.DateTimeField(_("aprobada el"), null=True, blank=True)
    ended_at = models.DateTimeField(_("sin valor desde"), null=True, blank=True, editable=False)
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[SettlementQuerySet] = SettlementQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        paid_usd: Decimal
        """What `SettlementQuerySet.with_paid` found; there is none without it."""
        reversed_by: Settlement

    class Meta:
        verbose_name = _("liquidación")
        verbose_name_plural = _("liquidaciones")
        ordering: ClassVar[list[str]] = ["-number"]
        permissions: ClassVar[list[Any]] = [
            ("approve_settlement", "Can approve settlements that others made"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["family", "-number"], name="settlements_of_a_family"),
            models.Index(
                fields=["family"],
                name="settlements_to_be_paid",
                condition=models.Q(status="approved", kind="ordinary", total_usd__gt=0),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("a_settlement_is_worth_a_number", "total_usd"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("author")),
                name="nobody_approves_her_own_settlement",
                violation_error_message=_(
                    "Quien hace una liquidación no la aprueba: la aprueba otra persona."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="ordinary", reverses=None, total_usd__gte=0)
                | models.Q(
                    kind="reversal",
                    reverses__isnull=False,
                    total_usd__lte=0,
                    status="approved",
                ),
                name="no_settlement_is_below_zero",
                violation_error_message=_("Una liquidación no queda en menos de cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["drafted", "discarded"], approved_by=None, approved_at=None
                )
                | models.Q(
                    kind="ordinary",
                    status__in=["approved", "reversed"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | models.Q(kind="reversal", approved_by=None, approved_at__isnull=False),
                name="an_approved_settlement_says_by_whom",
                violation_error_message=_("Falta quién la aprueba."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["drafted", "approved"], ended_at=None)
                | models.Q(status__in=["discarded", "reversed"], ended_at__isnull=False),
                name="a_settlement_without_value_says_since_when",
            ),
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="a_settlement_ends_after_it_began",
                violation_error_message=_("El último día no es anterior al primero."),
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(status="drafted"),
                name="one_draft_a_family",
                violation_error_message=_(
                    "La familia ya tiene una liquidación por aprobar: apruébela o descártela."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            a_settlement_begins_as_a_draft(),
            a_settlement_stays(),
            a_settlement_is_reversed_by_another(),
            what_ended_counts_no_more(),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.family}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:settlement", args=[self.pk])

    @property
    def code(self) -> str:
        """The number as on paper: L-00042."""
        return f"L-{self.number:05d}"

    @property
    def is_draft(self) -> bool:
        """Whether somebody has still to approve it."""
        return self.status == self.Status.DRAFTED

    @property
    def is_to_be_paid(self) -> bool:
        """Whether it says what the family is owed."""
        return self.status == self.Status.APPROVED and self.kind == self.Kind.ORDINARY

    @property
    def owed_usd(self) -> Decimal:
        """What has still to be paid. Needs ``with_paid()``."""
        return self.total_usd - self.paid_usd if self.is_to_be_paid else Decimal(0)


class SettlementLine(models.Model):
    """One reason why a settlement is worth what it is, in dollars: more above zero, less below."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("entrega")
        PREMIUM = "premium", _("premio de la lista de precios")
        RULE = "rule", _("premio por regla")
        TAKEN_BACK = "taken_back", _("corrección de lo ya liquidado")
        BROUGHT_FORWARD = "brought_forward", _("saldo que viene")
        ADVANCE = "advance", _("anticipo")
        CARRIED_FORWARD = "carried_forward", _("saldo que pasa a la siguiente")

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="lines", verbose_name=_("liquidación")
    )
    kind = models.CharField(_("clase"), max_length=15, choices=Kind)
    amount_usd = models.DecimalField(_("valor (USD)"), max_digits=12, decimal_places=2)
    delivery = models.ForeignKey(
        Delivery,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settlement_lines",
        verbose_name=_("entrega"),
    )
    premium_rule = models.ForeignKey(
        PremiumRule,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("regla de premio"),
    )
    advance = models.ForeignKey(
        Advance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("anticipo"),
    )
    from_settlement = models.ForeignKey(
        Settlement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="brought_on",
        verbose_name=_("de la liquidación"),
    )
    undoes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("línea que revierte"),
    )
    counts = models.BooleanField(_("cuenta"), default=True)

    objects: ClassVar[SettlementLineQuerySet] = SettlementLineQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("línea de liquidación")
        verbose_name_plural = _("líneas de liquidación")
        ordering: ClassVar[list[str]] = ["settlement", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            holds_numbers("a_line_is_worth_a_number", "amount_usd"),
            models.UniqueConstraint(
                fields=["delivery"],
                condition=models.Q(counts=True, kind="delivery"),
                name="a_delivery_is_settled_once",
                violation_error_message=_("Esa entrega ya está en una liquidación."),
            ),
            models.UniqueConstraint(
                fields=["delivery"],
                condition=models.Q(counts=True, kind="premium"),
                name="a_price_premium_is_settled_once",
                violation_error_message=_("Ese premio ya está en una liquidación."),
            ),
            models.UniqueConstraint(
                fields=["delivery", "premium_rule"],
                condition=models.Q(counts=True, kind="rule"),
                name="a_premium_is_paid_once_a_delivery",
                violation_error_message=_("Ese premio ya está en una liquidación."),
            ),
            models.UniqueConstraint(
                fields=["delivery"],
                condition=models.Q(counts=True, kind="taken_back"),
                name="a_delivery_is_taken_back_once",
                violation_error_message=_("Esa corrección ya está en una liquidación."),
            ),
            models.UniqueConstraint(
                fields=["from_settlement"],
                condition=models.Q(counts=True, kind="brought_forward"),
                name="a_rest_is_carried_once",
                violation_error_message=_("Ese saldo ya pasó a otra liquidación."),
            ),
            models.UniqueConstraint(
                fields=["settlement", "advance"],
                condition=models.Q(kind="advance"),
                name="one_line_a_settlement_and_advance",
            ),
            models.UniqueConstraint(
                fields=["settlement"],
                condition=models.Q(kind="carried_forward"),
                name="one_rest_a_settlement",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["delivery", "premium", "taken_back"],
                    delivery__isnull=False,
                    premium_rule=None,
                    advance=None,
                    from_settlement=None,
                )
                | models.Q(
                    kind="rule",
                    delivery__isnull=False,
                    premium_rule__isnull=False,
                    advance=None,
                    from_settlement=None,
                )
                | models.Q(
                    kind="advance",
                    delivery=None,
                    premium_rule=None,
                    advance__isnull=False,
                    from_settlement=None,
                )
                | models.Q(
                    kind="brought_forward",
                    delivery=None,
                    premium_rule=None,
                    advance=None,
                    from_settlement__isnull=False,
                )
                | models.Q(
                    kind="carried_forward",
                    delivery=None,
                    premium_rule=None,
                    advance=None,
                    from_settlement=None,
                ),
                name="a_line_says_what_it_is_for",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["delivery", "premium", "rule", "carried_forward"],
                    amount_usd__gte=0,
                    undoes=None,
                )
                | models.Q(
                    kind__in=["taken_back", "advance", "brought_forward"],
                    amount_usd__lte=0,
                    undoes=None,
                )
                | models.Q(
                    kind__in=["delivery", "premium", "rule", "carried_forward"],
                    amount_usd__lte=0,
                    undoes__isnull=False,
                    counts=False,
                )
                | models.Q(
                    kind__in=["taken_back", "advance", "brought_forward"],
                    amount_usd__gte=0,
                    undoes__isnull=False,
                    counts=False,
                ),
                name="a_line_has_the_sign_of_its_kind",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            a_line_stays(),
            a_line_refers_to_what_is_on_record(),
            lines_add_up_to_the_settlement(),
            a_line_says_what_its_delivery_is_worth(),
            a_premium_line_is_by_its_rule(),
            an_advance_is_taken_off_once(),
            what_is_carried_is_brought_once(),
        ]

    def __str__(self) -> str:
        return f"{self.settlement.code}: {self.get_kind_display()}, {in_usd(self.amount_usd)}"
