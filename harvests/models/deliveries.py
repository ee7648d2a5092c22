"""Sacks handed in: who, what, how much, for how much."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.catalog import ProductForm, Quality, Variety
from harvests.models.places import CollectionCenter, Device
from harvests.models.prices import CertificationClass, PriceLine, of_a_known_class
from harvests.models.worth import is_worth
from harvests.price import Price
from harvests.querysets.deliveries import DeliveryQuerySet
from harvests.triggers.intake import a_delivery_stays_as_it_was_weighed
from harvests.triggers.settlements import voided_only_before_settlement
from harvests.triggers.stock import a_used_delivery_is_taken_out_first
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NoteField
from kallari.units import Unit, holds_numbers
from members.models import Community, Family, Partner


class Delivery(models.Model):
    """Something that a family handed in, weighed and valued at its moment.

    It stays as it was weighed. A mistake is mended by another delivery that takes its place
    (`supersedes`) with a reason; one that never was is voided. What the law of kilos and money
    says of it, the database holds: net = gross − tare − deduction above zero, amount = net ×
    price.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("vale")
        SUPERSEDED = "superseded", _("corregida por otra")
        VOIDED = "voided", _("anulada")

    class Via(models.TextChoices):
        """By which door it came."""

        DEVICE = "device", _("aplicación de acopio")
        API = "api", _("programa")
        OFFICE = "office", _("oficina")
        IMPORT = "import", _("registros anteriores")

    id = random_key()
    folio = models.CharField(_("folio"), max_length=24, unique=True, editable=False)
    folio_year = models.PositiveSmallIntegerField(_("año del folio"), editable=False)
    folio_number = models.PositiveIntegerField(_("número del folio"), editable=False)
    status = models.CharField(
        _("estado"), max_length=10, choices=Status, default=Status.VALID, editable=False
    )
    ended_at = models.DateTimeField(_("sin valor desde"), null=True, blank=True, editable=False)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="superseded_by",
        verbose_name=_("corrige a"),
    )

    # Who and where
    family = models.ForeignKey(
        Family,
        models.PROTECT,
        related_name="deliveries",
        db_index=False,  # deliveries_of_a_family
        verbose_name=_("familia"),
    )
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,  # found through the family
        verbose_name=_("socia o socio ese día"),
    )
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        related_name="deliveries",
        db_index=False,  # deliveries_of_a_community
        verbose_name=_("comunidad ese día"),
    )
    center = models.ForeignKey(
        CollectionCenter,
        models.PROTECT,
        related_name="deliveries",
        db_index=False,  # one_folio_a_number
        verbose_name=_("centro de acopio"),
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="deliveries",
        db_index=False,  # a handful of agents: an index would not narrow
        verbose_name=_("quién recibió"),
    )
    device = models.ForeignKey(
        Device,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,  # as agents
        verbose_name=_("dispositivo"),
    )
    via = models.CharField(_("por dónde llegó"), max_length=6, choices=Via)
    reference = LineField(
        _("documento anterior"),
        max_length=120,
        blank=True,
        help_text=_("De registros anteriores: cuaderno y folio, o número de la factura."),
    )

    # What
    form = models.ForeignKey(
        ProductForm,
        models.PROTECT,
        related_name="deliveries",
        db_index=False,  # a dozen forms: an index would not narrow
        verbose_name=_("presentación"),
    )
    variety = models.ForeignKey(
        Variety,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # as forms
        verbose_name=_("variedad"),
    )
    quality = models.ForeignKey(
        Quality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # as forms
        verbose_name=_("calidad"),
    )
    certification_class = models.CharField(
        _("certificación ese día"), max_length=12, choices=CertificationClass
    )
    harvested_on = models.DateField(_("cosechado el"), null=True, blank=True)
    pollinated_on = models.DateField(_("polinizado el"), null=True, blank=True)

    # How much
    quantity = models.DecimalField(_("cantidad"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("unidad"), max_length=6, choices=Unit)
    containers = models.PositiveSmallIntegerField(_("envases"), null=True, blank=True)
    gross_kg = models.DecimalField(
        _("peso bruto (kg)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    tare_kg = models.DecimalField(
        _("tara (kg)"), max_digits=9, decimal_places=3, default=Decimal(0)
    )
    deduction_kg = models.DecimalField(
        _("descuento (kg)"), max_digits=9, decimal_places=3, default=Decimal(0)
    )
    deduction_reason = LineField(_("por qué se descuenta"), max_length=200, blank=True)
    net_kg = models.DecimalField(
        _("peso neto (kg)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    moisture_percent = models.DecimalField(
        _("humedad (%)"), max_digits=4, decimal_places=1, null=True, blank=True
    )

    # For how much
    price_line = models.ForeignKey(
        PriceLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("precio aplicado"),
    )
    unit_price_usd = models.DecimalField(_("precio (USD)"), max_digits=10, decimal_places=4)
    premium_unit_usd = models.DecimalField(
        _("premio por unidad (USD)"), max_digits=10, decimal_places=4, default=Decimal(0)
    )
    price_unit = models.CharField(_("precio por"), max_length=6, choices=Unit)
    amount_usd = models.DecimalField(_("valor (USD)"), max_digits=12, decimal_places=2)
    premium_usd = models.DecimalField(
        _("premio (USD)"), max_digits=12, decimal_places=2, default=Decimal(0)
    )

    # When
    weighed_at = models.DateTimeField(_("pesado el"))
    weighed_on = models.GeneratedField(
        expression=models.Func(
            models.F("weighed_at"),
            template="(%(expressions)s AT TIME ZONE 'America/Guayaquil')::date",
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("día del peso"),
    )
    told_weighed_at = models.DateTimeField(_("hora del dispositivo"), null=True, blank=True)
    clock_offset_ms = models.BigIntegerField(_("desfase del reloj (ms)"), null=True, blank=True)
    received_at = models.DateTimeField(_("registrado el"))
    longitude = models.DecimalField(
        _("longitud"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    latitude = models.DecimalField(
        _("latitud"), max_digits=8, decimal_places=6, null=True, blank=True
    )
    accuracy_m = models.DecimalField(
        _("exactitud (m)"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)
    content_digest = models.CharField(_("huella de lo enviado"), max_length=64, editable=False)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        superseded_by: Delivery
        device_number: int | None

    class Meta:
        verbose_name = _("entrega")
        verbose_name_plural = _("entregas")
        ordering: ClassVar[list[str]] = ["-weighed_at", "-id"]
        permissions: ClassVar[list[Any]] = [
            ("decide_delivery", "Can decide what is held, doubled or asked about"),
            ("value_delivery", "Can see what deliveries are worth"),
            ("import_delivery", "Can take in what was bought before this program"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-weighed_at", "-id"], name="deliveries_newest_first"),
            models.Index(
                fields=["family", "weighed_on"],
                include=["form", "status", "net_kg", "quantity", "amount_usd", "premium_usd"],
                name="deliveries_of_a_family",
            ),
            models.Index(
                fields=["community", "-weighed_at", "-id"], name="deliveries_of_a_community"
            ),
            # What reports add up stands in the index itself: they read no row of the table.
            models.Index(
                fields=["weighed_on"],
                include=[
                    "form",
                    "community",
                    "center",
                    "agent",
                    "partner",
                    "certification_class",
                    "net_kg",
                    "quantity",
                    "amount_usd",
                    "premium_usd",
                ],
                condition=models.Q(status="valid"),
                name="deliveries_to_add_up",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["center", "folio_year", "folio_number"], name="one_folio_a_number"
            ),
            of_a_known_class("a_delivery_is_of_a_known_class"),
            holds_numbers(
                "a_delivery_weighs_a_number",
                "quantity",
                "gross_kg",
                "tare_kg",
                "deduction_kg",
                "net_kg",
                "amount_usd",
                "premium_usd",
            ),
            models.CheckConstraint(
                condition=(
                    ~models.Q(unit="piece")
                    & models.Q(gross_kg__isnull=False, net_kg__isnull=False)
                    & models.Q(
                        net_kg=models.F("gross_kg") - models.F("tare_kg") - models.F("deduction_kg")
                    )
                    & models.Q(net_kg__gt=0)
                )
                | models.Q(
                    unit="piece",
                    gross_kg__isnull=True,
                    net_kg__isnull=True,
                    tare_kg=0,
                    deduction_kg=0,
                ),
                name="net_is_gross_less_tare_and_deduction",
                violation_error_message=_(
                    "El peso neto es el bruto menos la tara y el descuento, y es mayor que cero."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, tare_kg__gte=0, deduction_kg__gte=0),
                name="weights_are_not_negative",
                violation_error_message=_("Los pesos no son menores que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(deduction_kg=0) | ~models.Q(deduction_reason=""),
                name="a_deduction_says_why",
                violation_error_message=_("Escriba por qué se descuenta."),
            ),
            models.CheckConstraint(
                condition=is_worth("amount_usd", "unit_price_usd")
                & is_worth("premium_usd", "premium_unit_usd"),
                name="an_amount_is_quantity_times_price",
                violation_error_message=_("El valor es la cantidad por el precio."),
            ),
            models.CheckConstraint(
                condition=(models.Q(unit="piece") & models.Q(price_unit="piece"))
                | (~models.Q(unit="piece") & ~models.Q(price_unit="piece")),
                name="what_is_weighed_is_priced_by_weight",
                violation_error_message=_("Lo que se pesa se paga por peso."),
            ),
            models.CheckConstraint(
                condition=models.Q(price_line__isnull=False) | models.Q(via="import"),
                name="a_delivery_is_valued_by_a_published_price",
                violation_error_message=_("No hay un precio que rija para esa entrega."),
            ),
            models.CheckConstraint(
                condition=~models.Q(via="import") | ~models.Q(reference=""),
                name="an_earlier_record_says_where_it_stands",
                violation_error_message=_("Escriba en qué documento consta."),
            ),
            models.CheckConstraint(
                condition=models.Q(moisture_percent=None)
                | models.Q(moisture_percent__gte=0, moisture_percent__lte=100),
                name="moisture_is_a_percentage",
                violation_error_message=_("La humedad va de 0 a 100 %."),
            ),
            models.CheckConstraint(
                condition=(models.Q(status="valid") & models.Q(ended_at=None))
                | (~models.Q(status="valid") & models.Q(ended_at__isnull=False)),
                name="a_delivery_without_value_says_since_when",
            ),
            models.CheckConstraint(
                condition=models.Q(weighed_at__lte=models.F("received_at")),
                name="nothing_is_weighed_in_the_future",
                violation_error_message=_("Esa hora todavía no llega."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            a_delivery_stays_as_it_was_weighed(),
            a_used_delivery_is_taken_out_first(),
            voided_only_before_settlement(),
        ]

    def __str__(self) -> str:
        return self.folio

    def get_absolute_url(self) -> str:
        return reverse("harvests:delivery", args=[self.pk])

    @property
    def is_valid(self) -> bool:
        """Whether it counts."""
        return self.status == self.Status.VALID

    @property
    def provisional_folio(self) -> str:
        """What stands on the paper that its device printed before the office gave it a folio
        (P-FEZP-1); empty where it came from no device. Needs ``with_device_number()``."""
        if self.device is None or self.device_number is None:
            return ""
        return f"P-{self.device.short_code}-{self.device_number}"

    @property
    def total_usd(self) -> Decimal:
        """Amount and premium."""
        return self.amount_usd + self.premium_usd

    @property
    def price_paid(self) -> Price:
        """What was paid for one unit."""
        return Price(
            self.unit_price_usd, self.premium_unit_usd, self.price_unit, self.price_line_id
        )

    @property
    def clock_was_corrected(self) -> bool:
        """Whether the hour is another than the device told, by a second or more."""
        if self.told_weighed_at is None:
            return False
        return abs(self.told_weighed_at - self.weighed_at) >= timedelta(seconds=1)
