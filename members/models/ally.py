"""Allies: who helps the association, by which agreement, with what, and what it was used for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Round
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.currencies import USD, rounded_usd, validate_currency
from kallari.dates import refuse_future
from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.refusals import refusal_at
from kallari.search.fields import search_key_of, sound_key_of
from kallari.text import LineField, NameField, NoteField
from members.models.community import HAS_LETTERS_MESSAGE
from members.querysets.allies import (
    AgreementQuerySet,
    AllyQuerySet,
    ContributionQuerySet,
    ContributionUseQuerySet,
)
from members.triggers import uses_within_the_contribution, value_covers_its_uses

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CENT = Decimal("0.01")


class Ally(models.Model):
    """An institution that helps the association: FECD, FAO, GIZ, GAD Napo, CEFA, EU, MAGAP…"""

    class Kind(models.TextChoices):
        COOPERATION = "cooperation", _("cooperación internacional")
        GOVERNMENT = "government", _("Estado o gobierno local")
        FOUNDATION = "foundation", _("fundación u ONG")
        ACADEMY = "academy", _("universidad o instituto")
        COMPANY = "company", _("empresa")
        OTHER = "other", _("otra")

    name = NameField(
        _("nombre corto"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("Ya hay un aliado con ese nombre.")},
    )
    full_name = LineField(_("nombre completo"), max_length=200, blank=True)
    search_key = search_key_of("name", "full_name")
    sound_key = sound_key_of("name", "full_name")
    kind = models.CharField(_("clase"), max_length=12, choices=Kind)
    contact = LineField(
        _("con quién se trata"),
        max_length=200,
        blank=True,
        help_text=_("Cargo, oficina y cómo se la encuentra."),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[AllyQuerySet] = AllyQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("aliado")
        verbose_name_plural = _("aliados")
        ordering: ClassVar[list[str]] = ["search_key", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="an_ally_name_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:ally", args=[self.pk])


class Agreement(models.Model):
    """A signed agreement with an ally, from one day to another, with its paper."""

    ally = models.ForeignKey(
        Ally, models.PROTECT, related_name="agreements", verbose_name=_("aliado")
    )
    title = LineField(_("convenio"), max_length=200, help_text=_("Su objeto y su número."))
    starts_on = models.DateField(_("vigente desde"))
    ends_on = models.DateField(
        _("hasta"), null=True, blank=True, help_text=_("Último día. Vacío si no vence.")
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

    objects: ClassVar[AgreementQuerySet] = AgreementQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("convenio")
        verbose_name_plural = _("convenios")
        ordering: ClassVar[list[str]] = ["ally", "-starts_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="an_agreement_ends_after_it_starts",
                violation_error_message=_("El convenio no vence antes de empezar."),
            )
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.title

    @property
    def days_left(self) -> int | None:
        """Days until its last day; negative once it has passed, None when it never ends."""
        return None if self.ends_on is None else (self.ends_on - timezone.localdate()).days

    def covers(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Contribution(models.Model):
    """What an ally gave: money, or equipment, a training or a study with its value.

    The value in USD is the amount at the rate that was used on that day, rounded to the cent.
    """

    class Kind(models.TextChoices):
        MONEY = "money", _("dinero")
        EQUIPMENT = "equipment", _("equipo")
        TRAINING = "training", _("capacitación")
        STUDY = "study", _("estudio")

    ally = models.ForeignKey(
        Ally, models.PROTECT, related_name="contributions", verbose_name=_("aliado")
    )
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("convenio"),
    )
    kind = models.CharField(_("clase"), max_length=10, choices=Kind)
    description = LineField(_("qué se recibió"), max_length=200)
    received_on = models.DateField(_("recibido el"))
    amount = models.DecimalField(
        _("monto o valor"),
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(CENT)],
        help_text=_("De equipos, capacitaciones y estudios: lo que habrían costado."),
    )
    currency = models.CharField(
        _("moneda"), max_length=3, default=USD, validators=[validate_currency]
    )
    usd_rate = models.DecimalField(
        _("dólares por unidad"),
        max_digits=14,
        decimal_places=6,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("El cambio que se usó. Para dólares, 1."),
    )
    valued_by = LineField(
        _("de dónde sale el valor o el cambio"),
        max_length=200,
        blank=True,
        help_text=_("Factura, comprobante del banco, avalúo."),
    )
    value_usd = models.DecimalField(
        _("valor en USD"), max_digits=14, decimal_places=2, editable=False
    )

    used_usd: Decimal
    """What its uses are worth together, from the annotation of ``with_used()``."""
    left_usd: Decimal
    """What of it is left, from the same."""

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("aporte")
        verbose_name_plural = _("aportes")
        ordering: ClassVar[list[str]] = ["-received_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, usd_rate__gt=0, value_usd__gt=0),
                name="a_contribution_is_worth_something",
                violation_error_message=_("El monto, el cambio y el valor son mayores que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    value_usd=Round(models.F("amount") * models.F("usd_rate"), precision=2)
                ),
                name="a_contribution_value_is_its_rounded_product",
                violation_error_message=_("El valor en USD es el monto por el cambio."),
            ),
            models.CheckConstraint(
                condition=~models.Q(currency=USD) | models.Q(usd_rate=1),
                name="a_dollar_is_a_dollar",
                violation_error_message=_("Para dólares, el cambio es 1."),
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="a_currency_has_three_letters",
                violation_error_message=_("Escriba el código de la moneda con tres letras."),
            ),
            models.CheckConstraint(
                condition=models.Q(currency=USD) | ~models.Q(valued_by=""),
                name="a_rate_has_its_source",
                violation_error_message=_("Escriba de dónde sale el cambio."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), value_covers_its_uses()]

    def __str__(self) -> str:
        return f"{self.ally}: {self.description}"

    def get_absolute_url(self) -> str:
        return reverse("members:contribution", args=[self.pk])

    def clean(self) -> None:
        """Compute the value; the agreement is one with the same ally; the day has come."""
        super().clean()
        if self.amount is not None and self.usd_rate is not None:
            self.value_usd = rounded_usd(self.amount * self.usd_rate)
        if self.agreement is not None and self.agreement.ally_id != self.ally_id:
            raise refusal_at("agreement", _("Ese convenio es con otro aliado."), code="other_ally")
        refuse_future("received_on", self.received_on)


class ContributionUse(models.Model):
    """A part of a contribution, and what it paid for: a gathering, inputs, or something else.

    All uses together never exceed the contribution; the database holds it.
    """

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="uses", verbose_name=_("aporte")
    )
    used_on = models.DateField(_("día"))
    amount_usd = models.DecimalField(
        _("valor en USD"),
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(CENT)],
    )
    gathering = models.ForeignKey(
        "members.Gathering",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paid_by",
        verbose_name=_("encuentro"),
    )
    distribution = models.ForeignKey(
        "members.InputDistribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paid_by",
        verbose_name=_("entrega de insumos"),
    )
    purpose = LineField(
        _("para qué"),
        max_length=200,
        blank=True,
        help_text=_("Si no fue un encuentro ni una entrega de insumos, o para decir más."),
    )

    objects: ClassVar[ContributionUseQuerySet] = ContributionUseQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("uso de un aporte")
        verbose_name_plural = _("usos de aportes")
        ordering: ClassVar[list[str]] = ["contribution", "used_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(amount_usd__gt=0),
                name="a_use_is_worth_something",
                violation_error_message=_("El valor es mayor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(gathering=None) | models.Q(distribution=None),
                name="a_use_pays_for_one_thing",
                violation_error_message=_("Escoja un encuentro o una entrega, no los dos."),
            ),
            models.CheckConstraint(
                condition=models.Q(gathering__isnull=False)
                | models.Q(distribution__isnull=False)
                | ~models.Q(purpose=""),
                name="a_use_says_what_it_paid_for",
                violation_error_message=_("Diga qué se pagó: escoja de la lista o escríbalo."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [uses_within_the_contribution()]

    def __str__(self) -> str:
        return str(self.paid_for)

    @property
    def paid_for(self) -> StrOrPromise:
        """What it paid for, in words."""
        linked = self.gathering or self.distribution
        if linked is None:
            return self.purpose
        return f"{linked} · {self.purpose}" if self.purpose else str(linked)
