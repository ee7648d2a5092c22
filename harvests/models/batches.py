"""What is worked together: batches, their phases, what is read meanwhile."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from harvests.models.places import CollectionCenter
from harvests.models.processes import Place, ProcessKind, ProcessPhase
from harvests.querysets.processes import (
    BatchQuerySet,
    BatchReadingQuerySet,
    BatchStageQuerySet,
)
from harvests.triggers.batches import (
    a_batch_ends_once,
    a_batch_has_totals,
    what_comes_out_went_in,
)
from harvests.triggers.stock import what_is_reckoned_is_not_written
from kallari.history.records import History, append_only, never_removed
from kallari.keys import random_key
from kallari.text import NoteField
from kallari.units import rounded


class Batch(models.Model):
    """Some harvest or lots that are worked together: what goes in and what comes out are movements
    (`StockMovement`), what is seen meanwhile are readings."""

    class Status(models.TextChoices):
        OPEN = "open", _("en proceso")
        FINISHED = "finished", _("terminado")
        VOIDED = "voided", _("anulado")

    id = random_key()
    code = models.CharField(
        _("código"),
        max_length=16,
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay un proceso con ese código.")},
    )
    year = models.PositiveSmallIntegerField(_("año"), editable=False)
    number = models.PositiveIntegerField(_("número"), editable=False)
    kind = models.ForeignKey(
        ProcessKind, models.PROTECT, related_name="batches", verbose_name=_("proceso")
    )
    center = models.ForeignKey(
        CollectionCenter,
        models.PROTECT,
        related_name="batches",
        verbose_name=_("centro de acopio"),
    )
    status = models.CharField(
        _("estado"), max_length=8, choices=Status, default=Status.OPEN, editable=False
    )
    started_at = models.DateTimeField(_("empezó"))
    ended_at = models.DateTimeField(_("terminó"), null=True, blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("quién lo empezó"),
    )
    yield_low = models.DecimalField(
        _("se esperaba, al menos"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        editable=False,
    )
    yield_high = models.DecimalField(
        _("se esperaba, a lo más"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        editable=False,
    )
    yield_note = NoteField(
        _("por qué salió más o menos de lo esperado"), blank=True, max_length=500
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[BatchQuerySet] = BatchQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        totals: BatchTotals
        stages: BatchStageQuerySet
        readings: BatchReadingQuerySet

    class Meta:
        verbose_name = _("proceso")
        verbose_name_plural = _("procesos")
        ordering: ClassVar[list[str]] = ["-started_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-started_at", "-id"], name="batches_newest_first"),
            models.Index(
                fields=["started_at"],
                condition=models.Q(status="open"),
                name="batches_under_way",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "year", "number"], name="one_batch_a_number"),
            models.CheckConstraint(
                condition=(models.Q(status="open") & models.Q(ended_at=None))
                | (~models.Q(status="open") & models.Q(ended_at__isnull=False)),
                name="a_batch_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="a_batch_ends_after_it_began",
                violation_error_message=_("El proceso termina después de empezar."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            a_batch_ends_once(),
            a_batch_has_totals(),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("harvests:batch", args=[self.code])

    @property
    def is_open(self) -> bool:
        """Whether it is under way."""
        return self.status == self.Status.OPEN

    @property
    def is_finished(self) -> bool:
        """Whether all of it came out."""
        return self.status == self.Status.FINISHED

    @property
    def yield_state(self) -> str:
        """Whether a batch that ended gave ``low``, ``high`` or ``usual``; empty where nobody
        knows."""
        yielded = self.totals.yielded
        if not self.is_finished or yielded is None:
            return ""
        if self.yield_low is None or self.yield_high is None:
            return ""
        if yielded < self.yield_low:
            return "low"
        return "high" if yielded > self.yield_high else "usual"


class BatchTotals(models.Model):
    """How many kilos a batch took and gave. The database reckons it from the movements, and holds
    by its row that a batch gives no more than it took."""

    without_history: ClassVar[str] = (
        "reckoned by the database from the movements, which have history; nobody can write it"
    )

    batch = models.OneToOneField(
        Batch, models.PROTECT, primary_key=True, related_name="totals", verbose_name=_("proceso")
    )
    in_kg = models.DecimalField(
        _("entró (kg)"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    out_kg = models.DecimalField(
        _("salió (kg)"), max_digits=14, decimal_places=3, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("kilos de un proceso")
        verbose_name_plural = _("kilos de los procesos")
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(in_kg__gte=0, out_kg__gte=0),
                name="a_batch_takes_and_gives_nothing_below_zero",
                violation_error_message=_("No sale de un proceso lo que no entró."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            what_is_reckoned_is_not_written(),
            what_comes_out_went_in(),
        ]

    def __str__(self) -> str:
        return f"{self.in_kg} → {self.out_kg}"

    @property
    def lost_kg(self) -> Decimal:
        """What did not come out: water, husk, dust."""
        return self.in_kg - self.out_kg

    @property
    def yielded(self) -> Decimal | None:
        """What came out of each kilo, to four places; None where nothing went in."""
        if not self.in_kg:
            return None
        return rounded(self.out_kg / self.in_kg, Decimal("0.0001"))


class BatchStage(models.Model):
    """A phase of a batch in a place, from a moment to another: three days in box 2, then one week
    in the dryer."""

    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="stages", verbose_name=_("proceso")
    )
    phase = models.ForeignKey(
        ProcessPhase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fase"),
    )
    where = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stages",
        verbose_name=_("lugar"),
    )
    started_at = models.DateTimeField(_("desde"))
    ended_at = models.DateTimeField(_("hasta"), null=True, blank=True, editable=False)

    objects: ClassVar[BatchStageQuerySet] = BatchStageQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("fase de un proceso en curso")
        verbose_name_plural = _("fases de los procesos en curso")
        ordering: ClassVar[list[str]] = ["batch", "started_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=models.Q(ended_at=None),
                name="a_batch_is_in_one_phase",
                violation_error_message=_("El proceso ya está en otra fase."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="a_phase_ends_after_it_began",
                violation_error_message=_("La fase termina después de empezar."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.phase_id}"


class BatchReading(models.Model):
    """Something seen or done during a batch: a temperature, a moisture, that it was turned. One
    that was written wrongly is replaced by another."""

    class Kind(models.TextChoices):
        TURN = "turn", _("se volteó")
        TEMPERATURE = "temperature", _("temperatura (°C)")
        MOISTURE = "moisture", _("humedad del grano (%)")
        ACIDITY = "acidity", _("acidez (pH)")
        WEIGHT = "weight", _("peso (kg)")
        NOTE = "note", _("observación")

    id = random_key()
    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="readings", verbose_name=_("proceso")
    )
    kind = models.CharField(_("qué"), max_length=11, choices=Kind)
    value = models.DecimalField(_("valor"), max_digits=9, decimal_places=3, null=True, blank=True)
    read_at = models.DateTimeField(_("cuándo"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("quién"),
    )
    where = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lugar"),
    )
    note = NoteField(_("nota"), blank=True, max_length=500)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("en lugar de"),
    )

    objects: ClassVar[BatchReadingQuerySet] = BatchReadingQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("lectura")
        verbose_name_plural = _("lecturas")
        ordering: ClassVar[list[str]] = ["batch", "read_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "read_at"], name="readings_of_a_batch"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind="turn", value=None)
                | (models.Q(kind="note", value=None) & ~models.Q(note=""))
                | models.Q(kind="temperature", value__gte=-10, value__lte=90)
                | models.Q(kind="moisture", value__gte=0, value__lte=100)
                | models.Q(kind="acidity", value__gte=0, value__lte=14)
                | models.Q(kind="weight", value__gt=0),
                name="a_reading_is_possible",
                violation_error_message=_("Esa lectura no es posible. Revise el número."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [append_only()]

    def __str__(self) -> str:
        value = "" if self.value is None else formats.localize(self.value.normalize())
        return f"{self.get_kind_display()} {value}".strip()
