"""What is bought: products, the forms in which they arrive, and what sets them apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.querysets.catalog import (
    CatalogQuerySet,
    FormFigureQuerySet,
    SeasonQuerySet,
)
from kallari.history.records import History, never_removed
from kallari.refusals import refusal_at
from kallari.text import LineField, NameField, NoteField
from kallari.units import Unit
from members.products import TradedProduct

CODE_HELP = _("Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.")


def code_field(taken: Any) -> models.SlugField[Any, Any]:
    """The code by which telephones and programs name a row of the catalogue."""
    return models.SlugField(
        _("código"),
        max_length=20,
        unique=True,
        help_text=CODE_HELP,
        error_messages={"unique": taken},
    )


class Retirable(models.Model):
    """What is given up from a day on, today at the latest: until then everybody sees it in use,
    from then on nobody."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a day that has not come (``in_the_future``)."""
        super().clean()
        retired_on: date | None = getattr(self, "retired_on", None)
        if retired_on is not None and retired_on > timezone.localdate():
            raise refusal_at("retired_on", _("Ese día todavía no llega."), code="in_the_future")


class Product(Retirable):
    """Something that the association buys from families: cocoa, guayusa, vanilla; more will come
    (coffee again, cinnamon, ishpingo)."""

    code = code_field(_("Ya hay un producto con ese código."))
    name = NameField(_("nombre"), max_length=60)
    kind = models.CharField(
        _("clase"),
        max_length=10,
        choices=TradedProduct,
        help_text=_("Qué comercio es: de ello depende si cuenta para ser socia o socio."),
    )
    place = models.PositiveSmallIntegerField(
        _("orden"), default=100, help_text=_("Los de número menor aparecen primero.")
    )
    retired_on = models.DateField(
        _("ya no se compra desde"), null=True, blank=True, help_text=_("Vacío: se compra.")
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("producto")
        verbose_name_plural = _("productos")
        ordering: ClassVar[list[str]] = ["place", "name"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


class ProductForm(Retirable):
    """A form in which a product arrives or leaves: wet cocoa (*baba*), dry beans, fresh leaves,
    green pods, pieces of craft; bars of chocolate, cured vanilla, ground leaf."""

    class Counted(models.TextChoices):
        WEIGHT = "weight", _("por peso")
        PIECE = "piece", _("por unidad")

    code = code_field(_("Ya hay una presentación con ese código."))
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="forms", verbose_name=_("producto")
    )
    name = NameField(_("nombre"), max_length=60)
    counted = models.CharField(
        _("se cuenta"), max_length=6, choices=Counted, default=Counted.WEIGHT
    )
    unit = models.CharField(
        _("unidad usual"),
        max_length=6,
        choices=Unit,
        default=Unit.KG,
        help_text=_("La que se propone al pesar; se puede escoger otra."),
    )
    tare_kg = models.DecimalField(
        _("tara de un envase (kg)"),
        max_digits=7,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("La que se propone por cada saco, balde o caja."),
    )
    asks_moisture = models.BooleanField(_("se pregunta la humedad"), default=False)
    is_bought = models.BooleanField(
        _("se compra a las familias"),
        default=True,
        help_text=_("Si no, solo sale de los procesos: tabletas, vainilla curada."),
    )
    piece_kg = models.DecimalField(
        _("peso de una unidad (kg)"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
        help_text=_("De lo que se cuenta por unidad: una tableta de 50 g pesa 0,05."),
    )
    place = models.PositiveSmallIntegerField(_("orden"), default=100)
    retired_on = models.DateField(_("ya no se compra desde"), null=True, blank=True)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("presentación")
        verbose_name_plural = _("presentaciones")
        ordering: ClassVar[list[str]] = ["place", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(models.Q(counted="piece") & models.Q(unit="piece"))
                | (models.Q(counted="weight") & ~models.Q(unit="piece")),
                name="a_form_is_counted_in_its_unit",
                violation_error_message=_(
                    "Lo que se cuenta por unidad no se pesa, y lo que se pesa no se cuenta."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(tare_kg__gte=0),
                name="an_empty_container_weighs_nothing_or_more",
                violation_error_message=_("La tara no es menor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(piece_kg=None) | models.Q(piece_kg__gt=0),
                name="a_piece_weighs_something",
                violation_error_message=_("Una unidad pesa más que cero."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name

    @property
    def is_weighed(self) -> bool:
        """Whether it is bought by weight."""
        return self.counted == self.Counted.WEIGHT


class FormFigure(models.Model):
    """A number that practice, a norm or the association sets for a form, from a day on, with its
    source: how many days after the harvest it may arrive, how much dry comes of wet."""

    class Kind(models.TextChoices):
        LATE_DAYS = "late_days", _("días desde la cosecha hasta que se avisa")
        RIPE_MONTHS = "ripe_months", _("meses desde la polinización hasta que está madura")
        DRY_YIELD = "dry_yield", _("rendimiento esperado en seco")
        DRY_YIELD_LOW = "dry_yield_low", _("rendimiento más bajo que se espera")
        DRY_YIELD_HIGH = "dry_yield_high", _("rendimiento más alto que se espera")

    form = models.ForeignKey(
        ProductForm, models.PROTECT, related_name="figures", verbose_name=_("presentación")
    )
    kind = models.CharField(_("qué dice"), max_length=15, choices=Kind)
    value = models.DecimalField(
        _("valor"), max_digits=9, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    valid_from = models.DateField(
        _("rige desde"), null=True, blank=True, help_text=_("Vacío: desde siempre.")
    )
    source = LineField(_("de dónde sale"), max_length=300)
    confirmed = models.BooleanField(
        _("confirmado"), default=False, help_text=_("Alguien de la asociación responde por él.")
    )

    objects: ClassVar[FormFigureQuerySet] = FormFigureQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("cifra de una presentación")
        verbose_name_plural = _("cifras de las presentaciones")
        ordering: ClassVar[list[Any]] = [
            "form",
            "kind",
            models.F("valid_from").asc(nulls_first=True),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form", "kind", "valid_from"],
                nulls_distinct=False,
                name="one_figure_of_a_form_a_day",
                violation_error_message=_("Ya hay un valor desde ese día: corríjalo."),
            ),
            models.CheckConstraint(
                condition=models.Q(source__regex=r"\S"),
                name="a_figure_has_a_source",
                violation_error_message=_("Escriba de dónde sale el valor."),
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=0), name="a_figure_is_not_negative"
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.form}: {self.get_kind_display()} {self.value.normalize():f}"


class Variety(Retirable):
    """A kind of plant of a product: Nacional or CCN-51; odorata or planifolia."""

    code = code_field(_("Ya hay una variedad con ese código."))
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="varieties", verbose_name=_("producto")
    )
    name = NameField(_("nombre"), max_length=60)
    retired_on = models.DateField(_("ya no se ofrece desde"), null=True, blank=True)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("variedad")
        verbose_name_plural = _("variedades")
        ordering: ClassVar[list[str]] = ["product", "name"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


class Quality(Retirable):
    """How good something is at first sight, when it is handed in; the price depends on it."""

    code = code_field(_("Ya hay una calidad con ese código."))
    form = models.ForeignKey(
        ProductForm, models.PROTECT, related_name="qualities", verbose_name=_("presentación")
    )
    name = NameField(_("nombre"), max_length=60)
    is_default = models.BooleanField(
        _("la usual"), default=False, help_text=_("La que se toma cuando nadie dice otra.")
    )
    place = models.PositiveSmallIntegerField(_("orden"), default=100)
    retired_on = models.DateField(_("ya no se ofrece desde"), null=True, blank=True)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("calidad")
        verbose_name_plural = _("calidades")
        ordering: ClassVar[list[str]] = ["form", "place", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form"],
                condition=models.Q(is_default=True),
                name="one_usual_quality_a_form",
                violation_error_message=_("Esa presentación ya tiene una calidad usual."),
            )
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """A harvest season of a product: what reports compare with the season before."""

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="seasons", verbose_name=_("producto")
    )
    name = LineField(_("nombre"), max_length=60)
    starts_on = models.DateField(_("primer día"))
    ends_on = models.DateField(_("último día"))

    objects: ClassVar[SeasonQuerySet] = SeasonQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("temporada")
        verbose_name_plural = _("temporadas")
        ordering: ClassVar[list[str]] = ["product", "-starts_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_season_ends_after_it_began",
                violation_error_message=_("La temporada termina después de empezar."),
            ),
            models.UniqueConstraint(
                fields=["product", "name"],
                name="one_season_a_name",
                violation_error_message=_("Ese producto ya tiene una temporada con ese nombre."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.product}, {self.name}"
