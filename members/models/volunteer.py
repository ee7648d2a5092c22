"""Volunteers and interns: who came from where, and each of their stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from kallari.dates import months_later
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.periods import same_row
from kallari.refusals import refusal_at
from kallari.search.fields import search_key_of, sound_key_of
from kallari.text import LineField, NameField, NoteField
from members.models.community import HAS_LETTERS_MESSAGE, Community
from members.models.family import Family
from members.models.person import phone_number
from members.querysets.volunteers import StayQuerySet, VolunteerQuerySet
from members.rules import LONGEST_STAY_MONTHS, SHORTEST_STAY_MONTHS

CONTACT_FIELDS = (
    "email",
    "phone",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
    "health_note",
)
"""What only the office sees of a volunteer, in pages, API and history."""


class Volunteer(models.Model):
    """Somebody from outside who works with the association for a time. No person of the register:
    belongs to no family, and is asked for nothing that a partner is asked for."""

    id = random_key()
    surnames = NameField(_("apellidos"), max_length=80)
    given_names = NameField(_("nombres"), max_length=80)
    search_key = search_key_of("surnames", "given_names")
    sound_key = sound_key_of("surnames", "given_names")
    country = CountryField(_("país"))
    institution = LineField(
        _("institución"),
        max_length=150,
        blank=True,
        help_text=_("Universidad, organización o programa que le envía."),
    )
    email = models.EmailField(_("correo"), blank=True)
    phone = models.CharField(_("teléfono"), max_length=30, blank=True, validators=[phone_number])
    emergency_name = LineField(_("a quién avisar"), max_length=120, blank=True)
    emergency_relation = LineField(_("qué es de ella o él"), max_length=60, blank=True)
    emergency_phone = models.CharField(
        _("teléfono de esa persona"), max_length=30, blank=True, validators=[phone_number]
    )
    health_note = NoteField(
        _("seguro y salud"),
        blank=True,
        max_length=1000,
        help_text=_("Solo lo que haga falta en una emergencia: seguro, alergias."),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[VolunteerQuerySet] = VolunteerQuerySet.as_manager()  # type: ignore[assignment]
    history = History(masked_fields=CONTACT_FIELDS)

    class Meta:
        verbose_name = _("voluntaria o voluntario")
        verbose_name_plural = _("voluntariado")
        ordering: ClassVar[list[str]] = ["search_key", "id"]
        permissions: ClassVar[list[Any]] = [
            ("contact_volunteer", "Can see how volunteers and their relatives are reached"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="a_volunteer_name_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.given_names} {self.surnames}"

    def get_absolute_url(self) -> str:
        return reverse("members:volunteer", args=[self.pk])


def _days(starts_on: str, ends_on: str) -> models.Func:
    """Both days and all between. An end before the start is for another constraint to refuse."""
    return models.Func(
        Least(models.F(starts_on), models.F(ends_on)),
        models.F(ends_on),
        models.Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )


class Stay(models.Model):
    """A time in which a volunteer or intern works with the association, from its first to its
    last day, and with what she or he helps."""

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", _("voluntariado")
        INTERN = "intern", _("pasantía")

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="stays", verbose_name=_("voluntaria o voluntario")
    )
    kind = models.CharField(_("clase"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("primer día"))
    ends_on = models.DateField(_("último día"))
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="stays", verbose_name=_("comunidad que acoge")
    )
    host_family = models.ForeignKey(
        Family,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stays",
        verbose_name=_("familia que acoge"),
    )
    helps_collection = models.BooleanField(_("acopio"), default=False)
    helps_drying = models.BooleanField(_("secado"), default=False)
    helps_sales = models.BooleanField(_("ventas"), default=False)
    helps_field_sheets = models.BooleanField(_("fichas de campo"), default=False)
    other_tasks = LineField(_("otras tareas"), max_length=200, blank=True)
    length_note = NoteField(
        _("por qué es más corta o más larga"),
        blank=True,
        max_length=500,
        help_text=_("Las estadías duran de un mes a un año. Fuera de eso, diga por qué."),
    )
    cancelled_on = models.DateField(_("anulada el"), null=True, blank=True, editable=False)

    TASKS = ("helps_collection", "helps_drying", "helps_sales", "helps_field_sheets")

    objects: ClassVar[StayQuerySet] = StayQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("estadía")
        verbose_name_plural = _("estadías")
        ordering: ClassVar[list[str]] = ["-starts_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_stay_ends_after_it_starts",
                violation_error_message=_("El último día no es anterior al primero."),
            ),
            ExclusionConstraint(
                name="stays_of_a_volunteer_do_not_overlap",
                expressions=[
                    (same_row("volunteer"), RangeOperators.OVERLAPS),
                    (_days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(cancelled_on=None),
                violation_error_message=_("Ya tiene una estadía en esas fechas."),
            ),
            models.CheckConstraint(
                condition=models.Q(helps_collection=True)
                | models.Q(helps_drying=True)
                | models.Q(helps_sales=True)
                | models.Q(helps_field_sheets=True)
                | ~models.Q(other_tasks=""),
                name="a_stay_has_a_task",
                violation_error_message=_("Marque en qué ayuda, o escriba otra tarea."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.volunteer}: {self.starts_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:volunteer", args=[self.volunteer_id])

    @property
    def tasks(self) -> list[str]:
        """What she or he helps with, in words."""
        named = [
            str(field.verbose_name)
            for field in self._meta.fields
            if field.name in self.TASKS and getattr(self, field.name)
        ]
        return [*named, self.other_tasks] if self.other_tasks else named

    def covers(self, day: date) -> bool:
        """Whether she or he is here on `day`."""
        return self.cancelled_on is None and self.starts_on <= day <= self.ends_on

    @property
    def is_now(self) -> bool:
        return self.covers(timezone.localdate())

    def clean(self) -> None:
        """A length outside the association's rules asks for a note; the host lives in the
        community that receives."""
        super().clean()
        host = self.host_family
        if host is not None and host.community_id != self.community_id:
            raise refusal_at(
                "host_family", _("Esa familia vive en otra comunidad."), code="other_community"
            )
        if self.starts_on is None or self.ends_on is None or self.length_note:
            return
        after = self.ends_on + timedelta(days=1)
        shortest = months_later(self.starts_on, SHORTEST_STAY_MONTHS.on(self.starts_on))
        longest = months_later(self.starts_on, LONGEST_STAY_MONTHS.on(self.starts_on))
        if self.ends_on >= self.starts_on and not shortest <= after <= longest:
            raise refusal_at(
                "length_note",
                _("Esta estadía es más corta o más larga de lo usual. Escriba por qué."),
                code="unusual_length",
            )
