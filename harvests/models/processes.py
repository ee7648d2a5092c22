"""What is done to harvests: kinds of process, the places where they happen, and each batch."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from harvests.models.catalog import ProductForm, Retirable, code_field
from harvests.models.places import CollectionCenter
from harvests.querysets.catalog import CatalogQuerySet
from harvests.querysets.processes import (
    ProcessRouteQuerySet,
)
from kallari.history.records import History, never_removed
from kallari.text import LineField, NameField, NoteField


class Place(Retirable):
    """Where a batch or a lot lies: a fermentation box, a dryer, a store, a plant of somebody
    else."""

    class Kind(models.TextChoices):
        BOX = "box", _("cajón de fermentación")
        DRYER = "dryer", _("secadora o cámara de secado")
        TABLE = "table", _("mesa o máquina de trabajo")
        STORE = "store", _("bodega")
        PLANT = "plant", _("planta de fuera")

    code = code_field(_("Ya hay un lugar con ese código."))
    name = NameField(_("nombre"), max_length=60)
    kind = models.CharField(_("qué es"), max_length=6, choices=Kind)
    center = models.ForeignKey(
        CollectionCenter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("centro de acopio"),
        help_text=_("Vacío: fuera de los centros."),
    )
    capacity_kg = models.DecimalField(
        _("caben (kg)"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    address = LineField(_("dirección"), max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(_("orden"), default=100)
    retired_on = models.DateField(_("ya no se usa desde"), null=True, blank=True)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("lugar")
        verbose_name_plural = _("lugares")
        ordering: ClassVar[list[str]] = ["kind", "place", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(capacity_kg=None) | models.Q(capacity_kg__gt=0),
                name="a_place_holds_something",
                violation_error_message=_("Lo que cabe es mayor que cero."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


class ProcessKind(Retirable):
    """A way of working that the association knows: fermenting and drying, curing, milling,
    packing, having bars made by a plant. Which forms it turns into which, `ProcessRoute` says;
    through which phases it goes, `ProcessPhase`."""

    code = code_field(_("Ya hay un proceso con ese código."))
    name = NameField(_("nombre"), max_length=60)
    mark = models.CharField(
        _("letra"),
        max_length=2,
        help_text=_("Con ella comienza el código de cada proceso de esta clase: F-26-0001."),
    )
    place = models.PositiveSmallIntegerField(_("orden"), default=100)
    asks_added = models.BooleanField(
        _("se agregan ingredientes"),
        default=False,
        help_text=_("Azúcar o leche: se anotan aparte y no cuentan como kilos de las familias."),
    )
    retired_on = models.DateField(_("ya no se hace desde"), null=True, blank=True)
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        routes: ProcessRouteQuerySet

    class Meta:
        verbose_name = _("clase de proceso")
        verbose_name_plural = _("clases de proceso")
        ordering: ClassVar[list[str]] = ["place", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(mark__regex=r"^[A-Z]{1,2}$"),
                name="a_process_is_marked_by_letters",
                violation_error_message=_("Una o dos letras mayúsculas."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


class ProcessPhase(models.Model):
    """One phase of a kind of process: where it happens, how long it usually takes, what is read
    meanwhile."""

    kind = models.ForeignKey(
        ProcessKind, models.PROTECT, related_name="phases", verbose_name=_("proceso")
    )
    position = models.PositiveSmallIntegerField(_("qué número"))
    name = NameField(_("nombre"), max_length=60)
    happens_in = models.CharField(
        _("dónde"), max_length=6, choices=Place.Kind, default=Place.Kind.TABLE
    )
    days_min = models.PositiveSmallIntegerField(_("días, al menos"), null=True, blank=True)
    days_max = models.PositiveSmallIntegerField(_("días, a lo más"), null=True, blank=True)
    turn_hours = models.PositiveSmallIntegerField(
        _("se voltea cada (horas)"), null=True, blank=True
    )
    asks_temperature = models.BooleanField(_("se mide la temperatura"), default=False)
    asks_moisture = models.BooleanField(_("se mide la humedad"), default=False)
    moisture_target = models.DecimalField(
        _("humedad a la que se llega (%)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    source = LineField(_("de dónde sale"), max_length=300, blank=True)
    confirmed = models.BooleanField(_("confirmado"), default=False)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("fase de un proceso")
        verbose_name_plural = _("fases de los procesos")
        ordering: ClassVar[list[str]] = ["kind", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "position"], name="one_phase_a_position"),
            models.CheckConstraint(
                condition=models.Q(days_min=None)
                | models.Q(days_max=None)
                | models.Q(days_max__gte=models.F("days_min")),
                name="a_phase_lasts_no_less_than_its_least",
                violation_error_message=_("Los días de más no son menos que los de menos."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


class ProcessRoute(models.Model):
    """From which form a kind of process makes which, and how much usually comes out, from a day
    on. What no route allows is refused; what comes out beside its band asks for a note."""

    kind = models.ForeignKey(
        ProcessKind, models.PROTECT, related_name="routes", verbose_name=_("proceso")
    )
    takes = models.ForeignKey(
        ProductForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="routes_from",
        verbose_name=_("entra"),
        help_text=_("Vacío: cualquier presentación, y sale la misma."),
    )
    gives = models.ForeignKey(
        ProductForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="routes_to",
        verbose_name=_("sale"),
    )
    yield_low = models.DecimalField(
        _("sale, al menos"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    yield_expected = models.DecimalField(
        _("sale, por lo común"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    yield_high = models.DecimalField(
        _("sale, a lo más"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    valid_from = models.DateField(
        _("rige desde"), null=True, blank=True, help_text=_("Vacío: desde siempre.")
    )
    valid_until = models.DateField(
        _("rige hasta"), null=True, blank=True, help_text=_("Último día. Vacío: sigue.")
    )
    source = LineField(_("de dónde sale"), max_length=300)
    confirmed = models.BooleanField(
        _("confirmado"), default=False, help_text=_("Alguien de la asociación responde por él.")
    )

    objects: ClassVar[ProcessRouteQuerySet] = ProcessRouteQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("rendimiento de un proceso")
        verbose_name_plural = _("rendimientos de los procesos")
        ordering: ClassVar[list[Any]] = [
            "kind",
            "takes",
            "gives",
            models.F("valid_from").asc(nulls_first=True),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "takes", "gives", "valid_from"],
                nulls_distinct=False,
                name="one_route_a_day",
                violation_error_message=_("Ya hay un rendimiento desde ese día: corríjalo."),
            ),
            models.CheckConstraint(
                condition=models.Q(takes=None, gives=None)
                | models.Q(takes__isnull=False, gives__isnull=False),
                name="a_route_has_both_ends_or_none",
                violation_error_message=_("Diga qué entra y qué sale, o ninguna de las dos."),
            ),
            models.CheckConstraint(
                condition=models.Q(yield_low=None, yield_expected=None, yield_high=None)
                | models.Q(
                    yield_low__gt=0,
                    yield_low__lte=models.F("yield_expected"),
                    yield_expected__lte=models.F("yield_high"),
                    yield_high__lte=1,
                ),
                name="a_yield_band_is_in_order",
                violation_error_message=_(
                    "Escriba los tres rendimientos, de menor a mayor, entre 0 y 1, o ninguno."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="a_route_ends_after_it_began",
                violation_error_message=_("Termina después de empezar."),
            ),
            models.CheckConstraint(
                condition=models.Q(source__regex=r"\S"),
                name="a_route_has_a_source",
                violation_error_message=_("Escriba de dónde sale el rendimiento."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        if self.takes is None:
            return f"{self.kind}"
        return f"{self.kind}: {self.takes} → {self.gives}"
