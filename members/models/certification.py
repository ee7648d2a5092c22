"""Schemes, the association's certificates, and what each chakra is under them on each day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.periods import dates, same_row
from kallari.text import LineField, NameField, NoteField
from members.models.chakra import Chakra
from members.models.partner import Partner
from members.products import TradedProduct
from members.querysets.certification import (
    CertificateQuerySet,
    CertificationSchemeQuerySet,
    ChakraCertificationQuerySet,
    ReinspectionSampleQuerySet,
    SampledPartnerQuerySet,
    YieldEstimateQuerySet,
)


class CertificationScheme(models.Model):
    """A seal under which the association sells, or wants to: its norm, and what the norm asks of
    a group of families."""

    class Kind(models.TextChoices):
        ORGANIC = "organic", _("orgánico")
        FAIR_TRADE = "fair_trade", _("comercio justo")
        PARTICIPATORY = "participatory", _("garantía participativa")
        OTHER = "other", _("otro")

    class Sampling(models.TextChoices):
        """How many members the external body inspects again; the figures are dated rules."""

        NONE = "none", _("no hay muestra")
        PERCENT = "percent", _("un porcentaje, con un mínimo (UE)")
        ROOT = "root", _("la raíz del número de integrantes (NOP)")

    code = models.SlugField(
        _("código"),
        max_length=30,
        unique=True,
        help_text=_("Corto y sin espacios; los programas lo usan y no cambia."),
        error_messages={"unique": _("Ya hay un esquema con ese código.")},
    )
    name = NameField(_("nombre"), max_length=80)
    kind = models.CharField(_("clase"), max_length=15, choices=Kind)
    norm = LineField(_("norma"), max_length=200, blank=True, help_text=_("Ley, reglamento o guía."))
    is_sought = models.BooleanField(
        _("todavía se busca"), default=False, help_text=_("La asociación aún no lo tiene.")
    )
    has_transition = models.BooleanField(
        _("pide años de transición"),
        default=False,
        help_text=_("De T0 a T3, antes de la certificación."),
    )
    limits_the_group = models.BooleanField(
        _("limita al grupo"),
        default=False,
        help_text=_("Área de cada integrante y número de integrantes, según las reglas."),
    )
    sampling = models.CharField(
        _("muestra de la certificadora"), max_length=10, choices=Sampling, default=Sampling.NONE
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[CertificationSchemeQuerySet] = CertificationSchemeQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("esquema de certificación")
        verbose_name_plural = _("esquemas de certificación")
        ordering: ClassVar[list[str]] = ["is_sought", "name"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:scheme", args=[self.pk])


class Certificate(models.Model):
    """A paper by which a certifying body says that the association keeps to a scheme."""

    scheme = models.ForeignKey(
        CertificationScheme,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("esquema"),
    )
    number = LineField(_("número"), max_length=80)
    body = LineField(_("organismo que lo da"), max_length=120)
    valid_from = models.DateField(_("vale desde"))
    valid_until = models.DateField(_("vale hasta"), help_text=_("El último día en que vale."))
    withdrawn_on = models.DateField(
        _("retirado el"),
        null=True,
        blank=True,
        help_text=_("Si el organismo lo retiró antes: desde este día ya no vale."),
    )
    scope = LineField(
        _("alcance"), max_length=200, blank=True, help_text=_("Productos y procesos que nombra.")
    )
    document = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("copia"),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[CertificateQuerySet] = CertificateQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("certificado")
        verbose_name_plural = _("certificados")
        ordering: ClassVar[list[str]] = ["-valid_until", "scheme"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["scheme", "number"],
                name="one_certificate_a_number",
                violation_error_message=_("Ese certificado ya está registrado."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="a_certificate_is_valid_for_a_day_at_least",
                violation_error_message=_("El certificado no vence antes de empezar a valer."),
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None)
                | models.Q(withdrawn_on__gte=models.F("valid_from")),
                name="a_certificate_is_withdrawn_after_it_was_given",
                violation_error_message=_("No se retira un certificado antes de que valga."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("members:certificate", args=[self.pk])

    @property
    def last_on(self) -> date:
        """The last day on which it stands, or stood."""
        if self.withdrawn_on is None:
            return self.valid_until
        return min(self.valid_until, self.withdrawn_on - timedelta(days=1))

    def valid_on(self, day: date) -> bool:
        """Whether it stood on `day`."""
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.valid_from <= day <= self.valid_until and not withdrawn


class CertificationStatus(models.TextChoices):
    """What a chakra is under a scheme. The transition runs from T0 (the first year) to T3 (its
    time is over and the decision is awaited)."""

    T0 = "t0", _("transición T0")
    T1 = "t1", _("transición T1")
    T2 = "t2", _("transición T2")
    T3 = "t3", _("transición T3")
    CERTIFIED = "certified", _("con certificación")
    SUSPENDED = "suspended", _("suspendida")
    EXCLUDED = "excluded", _("excluida")


TRANSITION = (
    CertificationStatus.T0,
    CertificationStatus.T1,
    CertificationStatus.T2,
    CertificationStatus.T3,
)
"""The years of transition, in their order."""


class ChakraCertification(models.Model):
    """What a chakra was under one scheme, from a day to before another; the last has no end.

    The database lets no two of them overlap for one chakra and scheme. A past day's list of
    approved farmers follows from these dates, so that a date corrected later corrects it.
    """

    chakra = models.ForeignKey(
        Chakra, models.PROTECT, related_name="certifications", verbose_name=_("chakra")
    )
    scheme = models.ForeignKey(
        CertificationScheme,
        models.PROTECT,
        related_name="chakra_certifications",
        verbose_name=_("esquema"),
    )
    status = models.CharField(_("estado"), max_length=10, choices=CertificationStatus)
    starts_on = models.DateField(_("desde"))
    ends_on = models.DateField(
        _("hasta antes de"),
        null=True,
        blank=True,
        help_text=_("Desde este día ya no; vacío: sigue."),
    )
    transition_started_on = models.DateField(
        _("inicio de la transición"),
        null=True,
        blank=True,
        help_text=_("El último día en que se usó algo no permitido, o el que se reconoció."),
    )
    resolution = LineField(
        _("quién lo decidió"),
        max_length=120,
        blank=True,
        help_text=_("Resolución, acta del comité o informe de la certificadora."),
    )
    sanction = models.ForeignKey(
        "members.Sanction",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="chakra_certifications",
        verbose_name=_("sanción"),
        help_text=_("La de la familia, si fue ella y no algo de esta chakra sola."),
    )

    objects: ClassVar[ChakraCertificationQuerySet] = ChakraCertificationQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("estado de certificación")
        verbose_name_plural = _("estados de certificación")
        ordering: ClassVar[list[str]] = ["chakra", "scheme", "starts_on"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["scheme", "status", "starts_on", "ends_on"], name="certifications_by_period"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="one_certification_status_at_a_time",
                expressions=[
                    (same_row("chakra"), RangeOperators.OVERLAPS),
                    (same_row("scheme", random_key=False), RangeOperators.OVERLAPS),
                    (dates("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "La chakra ya tiene otro estado en esas fechas bajo este esquema."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="a_certification_status_lasts_a_day_at_least",
                violation_error_message=_("El estado termina después de haber empezado."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["t0", "t1", "t2", "t3"])
                | models.Q(
                    transition_started_on__isnull=False,
                    transition_started_on__lte=models.F("starts_on"),
                ),
                name="a_transition_has_its_start",
                violation_error_message=_(
                    "Anote cuándo comenzó la transición; no puede ser después del estado."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["t0", "t1", "t2", "t3"]) | ~models.Q(resolution=""),
                name="a_decision_says_whose_it_is",
                violation_error_message=_("Anote la resolución o el informe que lo decide."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.chakra}: {self.get_status_display()} ({self.scheme})"

    def covers(self, day: date) -> bool:
        """Whether it was so on `day`."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


class YieldEstimate(models.Model):
    """How much of a product a chakra should give in a year, as seen before the harvest.

    What is delivered beyond it is asked about: somebody else's harvest may be among it.
    """

    chakra = models.ForeignKey(
        Chakra, models.PROTECT, related_name="yield_estimates", verbose_name=_("chakra")
    )
    product = models.CharField(_("producto"), max_length=10, choices=TradedProduct)
    year = models.PositiveSmallIntegerField(_("año"))
    estimated_kg = models.DecimalField(
        _("estimado"),
        max_digits=12,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("En kilos, tal como se entrega."),
    )
    estimated_on = models.DateField(_("estimado el"))
    basis = LineField(
        _("en qué se basa"),
        max_length=200,
        blank=True,
        help_text=_("Plantas en producción, conteo de mazorcas, cosechas de antes…"),
    )

    objects: ClassVar[YieldEstimateQuerySet] = YieldEstimateQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("estimación de cosecha")
        verbose_name_plural = _("estimaciones de cosecha")
        ordering: ClassVar[list[str]] = ["-year", "chakra", "product"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["chakra", "product", "year"],
                name="one_yield_estimate_a_chakra_product_and_year",
                violation_error_message=_("Ya hay una estimación: corríjala."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=1990, year__lte=2200),
                name="a_yield_estimate_is_for_a_year",
                violation_error_message=_("Revise el año: lleva cuatro cifras."),
            ),
            models.CheckConstraint(
                condition=models.Q(estimated_kg__gte=0),
                name="a_yield_estimate_is_not_negative",
                violation_error_message=_("Una cosecha no es menor que cero."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.chakra}, {self.get_product_display()} {self.year}"


class ReinspectionSample(models.Model):
    """Whom the external body inspects again, drawn so that anybody can draw it once more.

    `population` is kept as it was on the day: each partner's number, risk and key. With the seed
    and `members.services.sampling` the same partners come out, whatever has changed since: a
    number that is corrected later too.
    """

    id = random_key()
    scheme = models.ForeignKey(
        CertificationScheme, models.PROTECT, related_name="samples", verbose_name=_("esquema")
    )
    drawn_on = models.DateField(_("fecha"))
    seed = LineField(
        _("semilla"),
        max_length=64,
        help_text=_("Dicha por quien vigila, o sacada al azar; con ella se repite el sorteo."),
    )
    size = models.PositiveIntegerField(_("tamaño"))
    by_risk = models.PositiveIntegerField(_("por riesgo"))
    rule = LineField(_("regla"), max_length=200)
    rule_is_confirmed = models.BooleanField(_("regla confirmada"), default=False)
    population = models.JSONField(_("integrantes sorteados"), editable=False)

    objects: ClassVar[ReinspectionSampleQuerySet] = ReinspectionSampleQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("muestra de reinspección")
        verbose_name_plural = _("muestras de reinspección")
        ordering: ClassVar[list[str]] = ["-drawn_on", "scheme"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(by_risk__lte=models.F("size")),
                name="risk_takes_no_more_than_the_sample",
                violation_error_message=_("Por riesgo no se escogen más que los de la muestra."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.scheme}, {self.drawn_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:sample", args=[self.pk])

    @property
    def lots(self) -> list[tuple[int, int]]:
        """What the lot is drawn from: pairs of a partner's number, as it was, and risk."""
        return [(row[0], row[1]) for row in self.population]

    def number_of(self, partner: Partner) -> int | None:
        """The number under which a partner was in the lot; today's, of samples drawn before the
        keys were kept."""
        return self._numbers.get(str(partner.pk)) if self._numbers else partner.number

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {row[2]: row[0] for row in self.population if len(row) > 2}


class SampledPartner(models.Model):
    """A partner in a sample, and why: by risk, or by lot."""

    class Why(models.TextChoices):
        RISK = "risk", _("por riesgo")
        LOT = "lot", _("al azar")

    sample = models.ForeignKey(
        ReinspectionSample, models.PROTECT, related_name="sampled", verbose_name=_("muestra")
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="+", verbose_name=_("socia o socio")
    )
    place = models.PositiveIntegerField(_("orden"))
    why = models.CharField(_("por qué"), max_length=5, choices=Why)
    risk = models.PositiveIntegerField(_("riesgo"))

    objects: ClassVar[SampledPartnerQuerySet] = SampledPartnerQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("integrante de la muestra")
        verbose_name_plural = _("integrantes de la muestra")
        ordering: ClassVar[list[str]] = ["sample", "place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sample", "partner"],
                name="nobody_is_sampled_twice",
                violation_error_message=_("Ya está en la muestra."),
            ),
            models.UniqueConstraint(
                fields=["sample", "place"],
                name="one_partner_a_place_of_the_sample",
                violation_error_message=_("Ese lugar de la muestra está ocupado."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.place}. {self.partner}"
