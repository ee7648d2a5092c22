"""Lots: what came out of a batch and lies together."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from harvests.models.batches import Batch
from harvests.models.catalog import ProductForm, Variety
from harvests.models.prices import CertificationClass, of_a_known_class
from harvests.models.processes import Place
from harvests.querysets.stock import (
    LotQuerySet,
    StockMovementQuerySet,
)
from harvests.triggers.lots import (
    a_class_is_the_weakest,
    a_lot_has_a_balance,
    a_lot_keeps_its_origin,
)
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NoteField

if TYPE_CHECKING:
    from harvests.models.stock import StockBalance


class Lot(models.Model):
    """Stock of one origin: what came out of a batch, as one form and one certification class, and
    lies in one place. How much is left, its balance says; where it grew, the genealogy."""

    id = random_key()
    code = models.CharField(
        _("código"),
        max_length=16,
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay un lote con ese código.")},
    )
    year = models.PositiveSmallIntegerField(_("año"), editable=False)
    number = models.PositiveIntegerField(_("número"), editable=False)
    batch = models.ForeignKey(
        Batch,
        models.PROTECT,
        related_name="lots",
        editable=False,
        verbose_name=_("proceso del que salió"),
    )
    form = models.ForeignKey(
        ProductForm, models.PROTECT, related_name="lots", verbose_name=_("presentación")
    )
    variety = models.ForeignKey(
        Variety,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("variedad"),
    )
    certification_class = models.CharField(
        _("certificación"), max_length=12, choices=CertificationClass, editable=False
    )
    where = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
        verbose_name=_("dónde está"),
    )
    sacks = models.PositiveSmallIntegerField(
        _("sacos"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    marks = LineField(_("marcas"), max_length=120, blank=True)
    added_kg = models.DecimalField(
        _("ingredientes agregados (kg)"),
        max_digits=12,
        decimal_places=3,
        default=Decimal(0),
        editable=False,
        help_text=_("Azúcar, leche: no son kilos de las familias."),
    )
    made_at = models.DateTimeField(_("salió del proceso"), editable=False)
    held_at = models.DateTimeField(_("retenido desde"), null=True, blank=True, editable=False)
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[LotQuerySet] = LotQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        balance: StockBalance
        movements: StockMovementQuerySet

    class Meta:
        verbose_name = _("lote")
        verbose_name_plural = _("lotes")
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        permissions: ClassVar[list[Any]] = [
            ("trace_lot", "Can see from which families a lot comes"),
            ("hold_lot", "Can hold a lot back, or release it"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-made_at", "-id"], name="lots_newest_first"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="one_lot_a_number"),
            of_a_known_class("a_lot_is_of_a_known_class"),
            models.CheckConstraint(
                condition=models.Q(added_kg__gte=0),
                name="what_is_added_weighs_something",
                violation_error_message=_("Lo agregado no pesa menos que cero."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            a_lot_has_a_balance(),
            a_lot_keeps_its_origin(),
            a_class_is_the_weakest(),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("harvests:lot", args=[self.code])

    @property
    def is_held(self) -> bool:
        """Whether nothing may leave it."""
        return self.held_at is not None

    @cached_property
    def came_out_kg(self) -> Decimal:
        """What came out of its process, as it was corrected since. One query."""
        made = self.movements.filter(kind="output", adjustment=None)
        return made.aggregate(kg=models.Sum("kg"))["kg"] or Decimal(0)

    @property
    def is_whole(self) -> bool:
        """Whether nothing has left it: its sacks and its kilos still belong together."""
        return self.balance.kg >= self.came_out_kg
