"""What is paid: price lists, and the market that they are held against."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.catalog import Product, ProductForm, Quality
from harvests.querysets.prices import MarketPriceQuerySet, PriceLineQuerySet, PriceListQuerySet
from harvests.triggers.intake import a_published_line_stays, a_published_list_stays
from kallari.history.records import History, never_removed
from kallari.text import LineField, NameField, NoteField
from kallari.units import ABBREVIATIONS, CENT, KG_PER, PRICE_STEP, Unit, holds_numbers, rounded


class CertificationClass(models.TextChoices):
    """As what kilos may be sold, by the certification of the chakras they grew in, the strongest
    first."""

    ORGANIC = "organic", _("orgánico")
    TRANSITION = "transition", _("en transición")
    CONVENTIONAL = "conventional", _("convencional")


STRONGEST_FIRST: tuple[str, ...] = tuple(CertificationClass.values)

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before anything of the association: a slip of the year."""


def of_a_known_class(name: str) -> models.CheckConstraint:
    """The constraint that a row's ``certification_class`` is one of these: of a word that is not
    among them nobody could say whether it is weaker."""
    return models.CheckConstraint(
        condition=models.Q(certification_class__in=STRONGEST_FIRST),
        name=name,
        violation_error_message=_("Esa certificación no existe."),
    )


class PriceList(models.Model):
    """Prices that were decided together. Drafted, approved by a resolution, then published: from
    `valid_from` on it values deliveries, and never changes again."""

    name = NameField(_("nombre"), max_length=100)
    resolution = LineField(
        _("resolución"),
        max_length=120,
        blank=True,
        help_text=_("La que la aprueba, con su número y fecha, como está en el acta."),
    )
    valid_from = models.DateTimeField(_("rige desde"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("publicada el"), null=True, blank=True, editable=False)
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[PriceListQuerySet] = PriceListQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("lista de precios")
        verbose_name_plural = _("listas de precios")
        ordering: ClassVar[list[Any]] = [models.F("valid_from").desc(nulls_first=True), "-id"]
        permissions: ClassVar[list[Any]] = [("publish_pricelist", "Can publish price lists")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(published_at=None, valid_from=None)
                | models.Q(published_at__isnull=False, valid_from__isnull=False)
                & ~models.Q(resolution=""),
                name="a_published_list_has_resolution_and_start",
                violation_error_message=_(
                    "Una lista se publica con la resolución que la aprueba y el momento desde el"
                    " que rige."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), a_published_list_stays()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("harvests:price_list", args=[self.pk])

    @property
    def is_published(self) -> bool:
        """Whether it values deliveries, or will."""
        return self.published_at is not None

    def is_in_force(self, at: datetime) -> bool:
        """Whether it had begun by then; lines of later lists may have taken its place."""
        return self.valid_from is not None and self.valid_from <= at


class PriceLine(models.Model):
    """The price of one unit of a form of a quality and a certification class."""

    price_list = models.ForeignKey(
        PriceList, models.PROTECT, related_name="lines", verbose_name=_("lista")
    )
    form = models.ForeignKey(
        ProductForm, models.PROTECT, related_name="price_lines", verbose_name=_("presentación")
    )
    quality = models.ForeignKey(
        Quality, models.PROTECT, related_name="price_lines", verbose_name=_("calidad")
    )
    certification_class = models.CharField(
        _("certificación"), max_length=12, choices=CertificationClass
    )
    price_usd = models.DecimalField(
        _("precio (USD)"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(PRICE_STEP)],
        help_text=_("De una unidad."),
    )
    premium_usd = models.DecimalField(
        _("premio (USD)"),
        max_digits=10,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Por unidad, además del precio: orgánico, calidad, comercio justo."),
    )
    unit = models.CharField(_("por"), max_length=6, choices=Unit)

    objects: ClassVar[PriceLineQuerySet] = PriceLineQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("precio")
        verbose_name_plural = _("precios")
        ordering: ClassVar[list[str]] = ["price_list", "form", "quality", "certification_class"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["form", "price_list"], name="price_lines_by_form"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["price_list", "form", "quality", "certification_class"],
                name="one_price_a_list_and_kind",
                violation_error_message=_("La lista ya tiene ese precio: corríjalo."),
            ),
            holds_numbers("a_price_is_a_number", "price_usd", "premium_usd"),
            models.CheckConstraint(
                condition=models.Q(price_usd__gt=0, premium_usd__gte=0),
                name="a_price_is_above_zero",
                violation_error_message=_("El precio es mayor que cero."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [a_published_line_stays()]

    def __str__(self) -> str:
        return f"{self.form} {self.quality}: {self.price_usd} USD/{ABBREVIATIONS[self.unit]}"

    @property
    def usd_per_kg(self) -> Decimal | None:
        """The price of a kilo, premium included, unrounded; None of what is not weighed."""
        if self.unit not in KG_PER:
            return None
        return (self.price_usd + self.premium_usd) / KG_PER[self.unit]


class MarketPrice(models.Model):
    """What the world's market paid on a day, as somebody looked it up: what the association's own
    prices are held against."""

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="market_prices", verbose_name=_("producto")
    )
    day = models.DateField(_("día"))
    usd_per_tonne = models.DecimalField(
        _("USD por tonelada"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    source = LineField(_("fuente"), max_length=200)

    objects: ClassVar[MarketPriceQuerySet] = MarketPriceQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("precio del mercado")
        verbose_name_plural = _("precios del mercado")
        ordering: ClassVar[list[str]] = ["product", "-day"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["product", "day"],
                name="one_market_price_a_day",
                violation_error_message=_("Ya hay un precio del mercado de ese día: corríjalo."),
            ),
            holds_numbers("a_market_price_is_a_number", "usd_per_tonne"),
            models.CheckConstraint(
                condition=models.Q(usd_per_tonne__gt=0), name="a_market_price_is_above_zero"
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.product} {self.day}: {self.usd_per_tonne}"

    @property
    def usd_per_qq(self) -> Decimal:
        """The same for a quintal, in cents."""
        return rounded(self.usd_per_tonne * KG_PER[Unit.QQ.value] / 1000, CENT)
