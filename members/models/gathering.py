"""Trainings and mingas: what the communities do together, who came, and what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.search.fields import search_key_of, sound_key_of
from kallari.text import LineField, NameField, NoteField
from members.models.ally import Ally
from members.models.community import HAS_LETTERS_MESSAGE, Community
from members.models.person import Person
from members.querysets.gatherings import (
    AttendanceQuerySet,
    GatheringFileQuerySet,
    GatheringQuerySet,
)
from members.triggers import attended_what_was_held

MOST_VISITORS = 5_000


class Gathering(models.Model):
    """A training or a minga in a community: planned, then held, or called off.

    Who came is a list of persons of the register, and a number of visitors who are not in it.
    Never removed: it is evidence for certifiers and for the allies who paid for it.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", _("capacitación")
        MINGA = "minga", _("minga")

    id = random_key()
    kind = models.CharField(_("clase"), max_length=10, choices=Kind)
    topic = NameField(
        _("tema"), max_length=150, help_text=_("Por ejemplo: poda del cacao, limpieza del camino.")
    )
    search_key = search_key_of("topic")
    sound_key = sound_key_of("topic")
    held_on = models.DateField(_("día"))
    starts_at = models.TimeField(_("hora de inicio"), null=True, blank=True)
    hours = models.DecimalField(
        _("duración en horas"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(240)],
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="gatherings", verbose_name=_("comunidad")
    )
    place = LineField(
        _("lugar"), max_length=120, blank=True, help_text=_("La casa comunal, una chakra, el río.")
    )
    led_by = LineField(_("quién la dirige"), max_length=120)
    ally = models.ForeignKey(
        Ally,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gatherings",
        verbose_name=_("aliado que la apoya"),
    )
    done = NoteField(
        _("qué se hizo"),
        blank=True,
        max_length=4000,
        help_text=_("Lo que se trató o se trabajó. Se puede escribir después."),
    )
    result = NoteField(
        _("resultado"),
        blank=True,
        max_length=2000,
        help_text=_("De una minga: cuánto se avanzó. De una capacitación: qué se acordó."),
    )
    visiting_women = models.PositiveSmallIntegerField(
        _("mujeres de visita"), default=0, validators=[MaxValueValidator(MOST_VISITORS)]
    )
    visiting_men = models.PositiveSmallIntegerField(
        _("hombres de visita"), default=0, validators=[MaxValueValidator(MOST_VISITORS)]
    )
    visiting_unknown = models.PositiveSmallIntegerField(
        _("visitas contadas sin distinguir"),
        default=0,
        validators=[MaxValueValidator(MOST_VISITORS)],
    )
    cancelled_on = models.DateField(_("suspendido el"), null=True, blank=True, editable=False)

    objects: ClassVar[GatheringQuerySet] = GatheringQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("encuentro")
        verbose_name_plural = _("encuentros")
        ordering: ClassVar[list[str]] = ["-held_on", "search_key", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-held_on", "search_key", "id"], name="gatherings_by_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="a_gathering_topic_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
            models.CheckConstraint(
                condition=models.Q(hours=None) | models.Q(hours__gt=0, hours__lte=240),
                name="a_gathering_lasts_some_hours",
                violation_error_message=_("La duración va de más de 0 a 240 horas."),
            ),
            models.CheckConstraint(
                condition=models.Q(visiting_women__lte=MOST_VISITORS)
                & models.Q(visiting_men__lte=MOST_VISITORS)
                & models.Q(visiting_unknown__lte=MOST_VISITORS),
                name="visitors_are_a_possible_number",
                violation_error_message=_("Revise el número de visitas."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.topic} ({self.held_on})"

    def get_absolute_url(self) -> str:
        return reverse("members:gathering", args=[self.pk])

    @property
    def is_held(self) -> bool:
        """Whether its day has come, and it was not called off."""
        return self.cancelled_on is None and self.held_on <= timezone.localdate()

    @property
    def is_planned(self) -> bool:
        return self.cancelled_on is None and self.held_on > timezone.localdate()

    @property
    def visitors(self) -> int:
        """How many came who are not in the register."""
        return self.visiting_women + self.visiting_men + self.visiting_unknown


class Attendance(models.Model):
    """A person of the register was at a gathering."""

    class Noted(models.TextChoices):
        """How somebody knew."""

        ROLL = "roll", _("lista")
        CARD = "card", _("credencial")

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="attendances", verbose_name=_("encuentro")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="attendances", verbose_name=_("persona")
    )
    noted = models.CharField(_("anotada por"), max_length=4, choices=Noted, default=Noted.ROLL)

    objects: ClassVar[AttendanceQuerySet] = AttendanceQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("asistencia")
        verbose_name_plural = _("asistencias")
        ordering: ClassVar[list[str]] = ["gathering", "person"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["gathering", "person"],
                name="one_attendance_a_person_and_gathering",
                violation_error_message=_("La persona ya está en la lista."),
            )
        ]
        triggers: ClassVar[list[Any]] = [attended_what_was_held()]

    def __str__(self) -> str:
        return f"{self.person}: {self.gathering}"


class GatheringFile(models.Model):
    """A photograph or a paper of a gathering: the signed list, the programme, the work done."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="files", verbose_name=_("encuentro")
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", editable=False, verbose_name=_("archivo")
    )
    caption = LineField(_("qué muestra"), max_length=150)

    objects: ClassVar[GatheringFileQuerySet] = GatheringFileQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("archivo de un encuentro")
        verbose_name_plural = _("archivos de encuentros")
        ordering: ClassVar[list[str]] = ["gathering", "id"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.caption
