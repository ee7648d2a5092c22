"""Registered legal members, from the application to the end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.dates import refuse_future
from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.periods import dates, same_row
from kallari.text import LineField, NoteField
from members.models.family import Family
from members.models.person import Person
from members.products import TradedProduct
from members.querysets.partners import (
    PartnerQuerySet,
    SuspensionQuerySet,
    TradeEvidenceQuerySet,
)
from members.triggers import legal_age_at_registration

if TYPE_CHECKING:
    from members.models.community import Community


class Standing(models.TextChoices):
    """What a partner is on a day; see `PartnerQuerySet.with_standing`."""

    APPLICANT = "applicant", _("aspirante")
    REGISTERED = "registered", _("registro activo")
    SUSPENDED = "suspended", _("registro suspendido")
    LEFT = "left", _("salió")
    EXPELLED = "expelled", _("exclusión")
    DIED = "died", _("falleció")
    WITHDREW = "withdrew", _("solicitud retirada")
    REJECTED = "rejected", _("solicitud no admitida")


MEMBERS = frozenset({Standing.REGISTERED, Standing.SUSPENDED})
"""Standings that count as registered members: a suspended partner remains one."""


class Partner(models.Model):
    """One person's membership, from the day it was asked for to the day it ended.

    The dates are the truth, and a standing follows from them: so a list of any past day can be
    made, and a date corrected later corrects it. Somebody who leaves and returns has two rows.
    One person a family answers for selling (book: "the family being the productive unit, but
    one person is responsible for selling"): the database lets no two memberships of one family
    overlap.
    """

    class Ending(models.TextChoices):
        """How an application or a membership ended."""

        LEFT = "left", _("salió por su voluntad")
        EXPELLED = "expelled", _("por exclusión")
        DIED = "died", _("falleció")
        WITHDREW = "withdrew", _("solicitud retirada")
        REJECTED = "rejected", _("no se admitió")

    OF_APPLICANTS = frozenset({Ending.WITHDREW, Ending.REJECTED})

    id = random_key()
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="partnerships", verbose_name=_("persona")
    )
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="partnerships", verbose_name=_("familia")
    )
    number = models.PositiveIntegerField(
        _("número de socia o socio"),
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("Ya hay una socia o un socio con ese número.")},
    )
    applied_on = models.DateField(_("solicitud del"))
    registered_on = models.DateField(_("registro del"), null=True, blank=True)
    resolution = LineField(
        _("resolución"),
        max_length=120,
        blank=True,
        help_text=_("La que la admite, con su número y fecha, como está en el acta."),
    )
    ended_on = models.DateField(
        _("terminó el"),
        null=True,
        blank=True,
        help_text=_("Desde este día ya no lo es."),
    )
    ended_how = models.CharField(_("cómo terminó"), max_length=10, choices=Ending, blank=True)
    end_resolution = LineField(_("resolución de salida"), max_length=120, blank=True)
    succeeds = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("sucede a"),
        help_text=_("La socia o el socio de la misma familia cuyo lugar ocupa."),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    if TYPE_CHECKING:
        standing: str
        """What `PartnerQuerySet.with_standing` found; there is none without it."""
        standing_on_day: date
        """The day that was asked for."""

    objects: ClassVar[PartnerQuerySet] = PartnerQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("socia o socio")
        verbose_name_plural = _("socias y socios")
        ordering: ClassVar[list[Any]] = [models.F("number").asc(nulls_last=True), "applied_on"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["registered_on", "ended_on"], name="partners_by_period"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="one_registered_partner_per_family",
                expressions=[
                    (same_row("family"), RangeOperators.OVERLAPS),
                    (dates("registered_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(registered_on__isnull=False),
                violation_error_message=_(
                    "La familia ya tiene en esas fechas una socia o un socio registrado. "
                    "Cada familia tiene una sola persona registrada."
                ),
            ),
            ExclusionConstraint(
                name="one_live_partnership_per_person",
                expressions=[
                    (same_row("person"), RangeOperators.OVERLAPS),
                    (dates("applied_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Esta persona ya es socia o aspirante en esas fechas. Revise su ficha."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(number=None, registered_on=None, resolution="")
                | (models.Q(number__isnull=False, registered_on__isnull=False))
                & ~models.Q(resolution=""),
                name="registered_with_number_and_resolution",
                violation_error_message=_(
                    "El registro lleva tres datos juntos: fecha, número y resolución."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(registered_on=None)
                | models.Q(registered_on__gte=models.F("applied_on")),
                name="registered_after_applying",
                violation_error_message=_("El registro no puede ser anterior a la solicitud."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None)
                | models.Q(ended_on__gte=models.F("applied_on"))
                & (
                    models.Q(registered_on=None) | models.Q(ended_on__gte=models.F("registered_on"))
                ),
                name="ended_after_it_began",
                violation_error_message=_("La salida no puede ser anterior al ingreso."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None, ended_how="")
                | models.Q(
                    ended_on__isnull=False,
                    registered_on=None,
                    ended_how__in=["withdrew", "rejected", "died"],
                )
                | models.Q(
                    ended_on__isnull=False,
                    registered_on__isnull=False,
                    ended_how__in=["left", "expelled", "died"],
                ),
                name="an_end_says_how",
                violation_error_message=_(
                    "Anote juntos el día y la forma: una solicitud se retira o no se admite; una "
                    "socia o un socio sale, es excluido o fallece."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(succeeds=None) | ~models.Q(succeeds=models.F("id")),
                name="nobody_succeeds_herself",
                violation_error_message=_("Nadie se sucede a sí misma."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), legal_age_at_registration()]

    def __str__(self) -> str:
        if self.number is None:
            return str(self.person)
        return f"{self.number} · {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("members:partner", args=[self.pk])

    @property
    def community(self) -> Community:
        """Where the family lives."""
        return self.family.community

    def standing_on(self, day: date) -> Standing | None:
        """What the dates say of `day`; None before the application. Reads the suspensions, from
        what was prefetched where it was."""
        if self.ended_on is not None and self.ended_on <= day:
            return Standing(self.ended_how)
        if self.registered_on is not None and self.registered_on <= day:
            suspended = any(one.covers(day) for one in self.suspensions.all())
            return Standing.SUSPENDED if suspended else Standing.REGISTERED
        return Standing.APPLICANT if self.applied_on <= day else None

    @property
    def standing_today(self) -> Standing | None:
        """`standing_on` today, from the annotation of ``with_standing()`` where it was made."""
        today = timezone.localdate()
        if getattr(self, "standing_on_day", None) == today:
            return Standing(self.standing) if self.standing else None
        return self.standing_on(today)

    @property
    def is_member(self) -> bool:
        """Whether the partner counts as a registered member today."""
        today = timezone.localdate()
        return (
            self.registered_on is not None
            and self.registered_on <= today
            and (self.ended_on is None or self.ended_on > today)
        )

    def clean(self) -> None:
        """Refuse days that have not come."""
        super().clean()
        for field in ("applied_on", "registered_on", "ended_on"):
            refuse_future(field, getattr(self, field))


class Suspension(models.Model):
    """A time in which a registered partner may not sell as one or vote, by resolution."""

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="suspensions", verbose_name=_("socia o socio")
    )
    starts_on = models.DateField(_("suspensión desde"))
    ends_on = models.DateField(
        _("hasta"), null=True, blank=True, help_text=_("Desde este día vuelve a estar activa.")
    )
    resolution = LineField(_("resolución"), max_length=120)
    end_resolution = LineField(_("resolución que la levanta"), max_length=120, blank=True)

    objects: ClassVar[SuspensionQuerySet] = SuspensionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("suspensión")
        verbose_name_plural = _("suspensiones")
        ordering: ClassVar[list[str]] = ["partner", "starts_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="suspensions_do_not_overlap",
                expressions=[
                    (same_row("partner"), RangeOperators.OVERLAPS),
                    (dates("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Ya está suspendida en esas fechas."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_suspension_ends_after_it_starts",
                violation_error_message=_("La suspensión no termina antes de empezar."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.partner}: {self.starts_on}"

    def covers(self, day: date) -> bool:
        """Whether the partner is suspended on `day`."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


class TradeEvidence(models.Model):
    """A paper that shows trade with the association before this system kept the deliveries.

    Deliveries on record count by themselves (`members.trade`); this is for receipts, notebooks
    and lists of earlier years.
    """

    family = models.ForeignKey(
        Family, models.PROTECT, related_name="trade_evidence", verbose_name=_("familia")
    )
    product = models.CharField(_("producto"), max_length=10, choices=TradedProduct)
    first_on = models.DateField(_("primera entrega"))
    last_on = models.DateField(_("última entrega"))
    reference = LineField(
        _("documento"),
        max_length=200,
        help_text=_("Qué papel es y dónde está: «cuaderno de compras 2021, folio 14»."),
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

    objects: ClassVar[TradeEvidenceQuerySet] = TradeEvidenceQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("prueba de comercio")
        verbose_name_plural = _("pruebas de comercio")
        ordering: ClassVar[list[str]] = ["family", "first_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="trade_ends_after_it_begins",
                violation_error_message=_("La última entrega no es anterior a la primera."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_product_display()}, {self.first_on}: {self.reference}"
