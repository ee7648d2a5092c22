"""What moves in and out of lots and batches, and what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from harvests.models.batches import Batch
from harvests.models.deliveries import Delivery
from harvests.models.lots import Lot
from harvests.models.prices import EARLIEST, CertificationClass, of_a_known_class
from harvests.querysets.stock import (
    StockAdjustmentQuerySet,
    StockMovementQuerySet,
)
from harvests.triggers.stock import (
    a_movement_moves_what_is_there,
    an_adjustment_is_decided_once,
    movements_are_reckoned,
    what_is_reckoned_is_not_written,
)
from kallari.history.records import History, append_only, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NoteField
from kallari.units import holds_numbers


class StockBalance(models.Model):
    """How many kilos (and pieces) are left of a lot, or of a delivery once some of it was used.
    The database reckons it with every movement, under this row's lock: nothing falls below
    zero, however many take at once."""

    without_history: ClassVar[str] = (
        "reckoned by the database from the movements, which have history; nobody can write it"
    )

    lot = models.OneToOneField(
        Lot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="balance",
        verbose_name=_("lote"),
    )
    delivery = models.OneToOneField(
        Delivery,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="balance",
        verbose_name=_("entrega"),
    )
    kg = models.DecimalField(_("queda (kg)"), max_digits=14, decimal_places=3, default=Decimal(0))
    pieces = models.IntegerField(_("quedan (unidades)"), null=True, blank=True)

    class Meta:
        verbose_name = _("saldo")
        verbose_name_plural = _("saldos")
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(lot=None, delivery__isnull=False)
                | models.Q(lot__isnull=False, delivery=None),
                name="a_balance_is_of_a_lot_or_a_delivery",
            ),
            models.CheckConstraint(
                condition=models.Q(kg__gte=0) & (models.Q(pieces=None) | models.Q(pieces__gte=0)),
                name="nothing_is_taken_that_is_not_there",
                violation_error_message=_(
                    "No queda tanto. Revise el saldo: alguien pudo haber sacado antes."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(pieces=None)
                | models.Q(kg=0, pieces=0)
                | models.Q(kg__gt=0, pieces__gt=0),
                name="pieces_and_kilos_end_together",
                violation_error_message=_("Con la última unidad salen los últimos kilos."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [what_is_reckoned_is_not_written()]

    def __str__(self) -> str:
        return f"{self.kg} kg"


class StockAdjustment(models.Model):
    """A difference between what is on record and what is there: counted, spoiled, taken as a
    sample. Above a limit it counts only once another person agrees."""

    class Kind(models.TextChoices):
        COUNT = "count", _("conteo")
        SPOILED = "spoiled", _("se dañó o se perdió")
        SAMPLE = "sample", _("muestra")

    class Status(models.TextChoices):
        WAITING = "waiting", _("espera a otra persona")
        APPLIED = "applied", _("aplicado")
        REFUSED = "refused", _("rechazado")

    id = random_key()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="adjustments", verbose_name=_("lote"))
    kind = models.CharField(_("por qué"), max_length=8, choices=Kind)
    status = models.CharField(_("estado"), max_length=8, choices=Status, editable=False)
    kg = models.DecimalField(_("diferencia (kg)"), max_digits=12, decimal_places=3)
    pieces = models.IntegerField(_("diferencia (unidades)"), null=True, blank=True)
    counted_kg = models.DecimalField(
        _("se contó (kg)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    reason = NoteField(_("motivo"), max_length=500)
    needs_second = models.BooleanField(_("pasa del límite"), editable=False)
    made_at = models.DateTimeField(_("anotado el"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("quién lo anotó"),
    )
    decided_at = models.DateTimeField(_("decidido el"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("quién decidió"),
    )

    objects: ClassVar[StockAdjustmentQuerySet] = StockAdjustmentQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("ajuste de existencias")
        verbose_name_plural = _("ajustes de existencias")
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        permissions: ClassVar[list[Any]] = [
            ("confirm_stockadjustment", "Can agree to what another person counted"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["made_at"],
                condition=models.Q(status="waiting"),
                name="adjustments_that_wait",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(kg=0),
                name="an_adjustment_changes_something",
                violation_error_message=_("Se contó lo mismo que está anotado: no hay diferencia."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="count") | models.Q(kg__lt=0),
                name="what_spoils_or_is_tasted_is_gone",
                violation_error_message=_("Lo que se daña o se prueba sale del lote."),
            ),
            models.CheckConstraint(
                condition=models.Q(reason__regex=r"\S"),
                name="an_adjustment_says_why",
                violation_error_message=_("Escriba el motivo."),
            ),
            models.CheckConstraint(
                condition=models.Q(status="waiting", decided_at=None)
                | models.Q(status="applied", needs_second=False)
                | models.Q(
                    ~models.Q(status="waiting"),
                    needs_second=True,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="a_great_difference_is_seen_by_two",
                violation_error_message=_("Una diferencia así la confirma otra persona."),
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(made_by=None)
                | ~models.Q(decided_by=models.F("made_by")),
                name="nobody_confirms_an_own_count",
                violation_error_message=_("Lo confirma otra persona que quien lo anotó."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), an_adjustment_is_decided_once()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.kg} kg"

    @property
    def had_kg(self) -> Decimal | None:
        """What was on record when somebody counted."""
        return None if self.counted_kg is None else self.counted_kg - self.kg


class StockMovement(models.Model):
    """One line of the ledger of kilos: something went into a batch, came out of it, left the
    house, or was counted otherwise. Never changed; a mistake is mended by a line against it.

    The kilos that a batch took are the lines ``input`` of its sources (below zero), what it gave
    the lines ``output`` of its lots (above zero), corrections of either with the other sign.
    """

    class Kind(models.TextChoices):
        OUTPUT = "output", _("salió de un proceso")
        INPUT = "input", _("entró a un proceso")
        DISPATCH = "dispatch", _("se entregó")
        ADJUSTMENT = "adjustment", _("ajuste")
        RECLASS = "reclass", _("bajó de certificación")

    lot = models.ForeignKey(
        Lot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        db_index=False,  # movements_of_a_lot
        verbose_name=_("lote"),
    )
    delivery = models.ForeignKey(
        Delivery,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        db_index=False,  # movements_of_a_delivery
        verbose_name=_("entrega"),
    )
    kind = models.CharField(_("movimiento"), max_length=10, choices=Kind)
    kg = models.DecimalField(_("kilos"), max_digits=12, decimal_places=3)
    pieces = models.IntegerField(_("unidades"), null=True, blank=True)
    certification_class = models.CharField(
        _("certificación"), max_length=12, choices=CertificationClass
    )
    batch = models.ForeignKey(
        Batch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        db_index=False,  # movements_of_a_batch
        verbose_name=_("proceso"),
    )
    adjustment = models.OneToOneField(
        StockAdjustment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movement",
        verbose_name=_("ajuste"),
    )
    recipient = LineField(_("a quién"), max_length=160, blank=True)
    reference = LineField(_("documento"), max_length=80, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("deja sin efecto"),
    )
    note = NoteField(_("nota"), blank=True, max_length=500)
    moved_at = models.DateTimeField(_("cuándo"))
    moved_on = models.GeneratedField(
        expression=models.Func(
            models.F("moved_at"),
            template="(%(expressions)s AT TIME ZONE 'America/Guayaquil')::date",
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("día"),
    )
    recorded_at = models.DateTimeField(_("registrado el"))
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,  # a handful of people
        verbose_name=_("quién"),
    )

    objects: ClassVar[StockMovementQuerySet] = StockMovementQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("movimiento")
        verbose_name_plural = _("movimientos")
        ordering: ClassVar[list[str]] = ["-moved_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            # What the genealogy follows stands in the indexes themselves.
            models.Index(
                fields=["lot", "kind"],
                include=["batch", "kg"],
                name="movements_of_a_lot",
                condition=models.Q(lot__isnull=False),
            ),
            models.Index(
                fields=["delivery"],
                include=["batch", "kg"],
                name="movements_of_a_delivery",
                condition=models.Q(delivery__isnull=False),
            ),
            models.Index(
                fields=["batch", "kind"],
                include=["lot", "delivery", "kg"],
                name="movements_of_a_batch",
                condition=models.Q(batch__isnull=False),
            ),
            models.Index(fields=["moved_on"], name="movements_by_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(lot=None, delivery__isnull=False, kind="input")
                | models.Q(lot__isnull=False, delivery=None),
                name="a_movement_is_of_a_lot_or_a_delivery",
                violation_error_message=_("Se mueve un lote o una entrega, no ambos."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kg=0),
                name="a_movement_moves_something",
                violation_error_message=_("Los kilos no son cero."),
            ),
            holds_numbers("a_movement_moves_a_number", "kg"),
            of_a_known_class("a_movement_is_of_a_known_class"),
            models.CheckConstraint(
                condition=models.Q(pieces=None)
                | models.Q(kg__lt=0, pieces__lte=0)
                | models.Q(kg__gt=0, pieces__gte=0),
                name="pieces_move_with_their_kilos",
                violation_error_message=_("Las unidades van con sus kilos."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["input", "output"], batch__isnull=False)
                | (~models.Q(kind__in=["input", "output"]) & models.Q(batch=None)),
                name="what_goes_in_or_out_is_of_a_batch",
            ),
            # What is counted above the record came out of the batch unweighed: an output.
            models.CheckConstraint(
                condition=models.Q(kind="adjustment", adjustment__isnull=False, kg__lt=0)
                | models.Q(kind="output")
                | (~models.Q(kind__in=["adjustment", "output"]) & models.Q(adjustment=None)),
                name="a_difference_has_its_adjustment",
                violation_error_message=_("Una diferencia se anota con su motivo."),
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="dispatch") & ~models.Q(recipient=""))
                | (~models.Q(kind="dispatch") & models.Q(recipient="")),
                name="what_leaves_says_to_whom",
                violation_error_message=_("Escriba a quién se entrega."),
            ),
            models.CheckConstraint(
                condition=models.Q(reverses=None)
                & (~models.Q(kind="dispatch") | models.Q(kg__lt=0))
                | models.Q(reverses__isnull=False, kind="dispatch", kg__gt=0),
                name="what_comes_back_says_what_it_undoes",
                violation_error_message=_("Diga qué entrega queda sin efecto."),
            ),
            models.CheckConstraint(
                condition=models.Q(moved_at__lte=models.F("recorded_at"), moved_at__gte=EARLIEST),
                name="nothing_moves_in_the_future",
                violation_error_message=_("Esa hora todavía no llega."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            append_only(),
            a_movement_moves_what_is_there(),
            movements_are_reckoned(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.kg} kg"
