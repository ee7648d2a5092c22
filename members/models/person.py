"""Human beings, and where what they are owed is paid."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.cedula import CedulaField
from kallari.dates import age_on, refuse_future
from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.refusals import refusal_at
from kallari.search.fields import search_key_of, sound_key_of
from kallari.text import LineField, NameField, NoteField
from members.models.community import HAS_LETTERS_MESSAGE
from members.models.family import Family
from members.querysets.persons import BankAccountQuerySet, PersonQuerySet
from members.triggers import legal_age_of_partners

if TYPE_CHECKING:
    from members.models.community import Community

CEDULA_OR_REASON_MESSAGE = _("Escriba la cédula, o el motivo por el que falta; no las dos cosas.")

phone_number = RegexValidator(
    r"^\+?[0-9][0-9 ()/.-]{5,28}[0-9]$",
    _("Escriba el teléfono con cifras, por ejemplo 098 765 4321."),
    code="phone_invalid",
)


class Person(models.Model):
    """One human being of one family: partner, spouse, child, delegate, or who attends a training.

    A person whose cédula is not known is registered with the reason; nobody is registered twice
    under one cédula. Never removed: trainings, memberships and mandates name people.
    """

    class Sex(models.TextChoices):
        """As the cédula says it, and what a person may say instead."""

        FEMALE = "F", _("mujer")
        MALE = "M", _("hombre")
        OTHER = "X", _("otro")

    class Kinship(models.TextChoices):
        """What a person is to the one who stands for the family."""

        HEAD = "head", _("responsable de la familia")
        SPOUSE = "spouse", _("cónyuge o pareja")
        CHILD = "child", _("hija o hijo")
        PARENT = "parent", _("madre o padre")
        SIBLING = "sibling", _("hermana o hermano")
        GRANDCHILD = "grandchild", _("nieta o nieto")
        OTHER = "other", _("otro parentesco")

    id = random_key()
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="people", verbose_name=_("familia")
    )
    surnames = NameField(_("apellidos"), max_length=80)
    given_names = NameField(_("nombres"), max_length=80)
    search_key = search_key_of("surnames", "given_names")
    sound_key = sound_key_of("surnames", "given_names")
    cedula = CedulaField(
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("Ya hay una persona registrada con esa cédula.")},
    )
    cedula_missing_reason = LineField(
        _("por qué falta la cédula"),
        max_length=120,
        blank=True,
        help_text=_("Solo si no hay cédula: por ejemplo «perdida, en trámite»."),
    )
    sex = models.CharField(_("sexo"), max_length=1, choices=Sex, blank=True)
    born_on = models.DateField(_("fecha de nacimiento"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("año de nacimiento"),
        null=True,
        blank=True,
        help_text=_("Si no se sabe el día. Con la fecha completa se llena solo."),
    )
    died_on = models.DateField(_("fallecida el"), null=True, blank=True, editable=False)
    kinship = models.CharField(_("parentesco"), max_length=10, choices=Kinship, blank=True)
    speaks_kichwa = models.BooleanField(_("habla kichwa"), default=False)
    speaks_spanish = models.BooleanField(_("habla español"), default=True)
    other_languages = LineField(_("otras lenguas"), max_length=80, blank=True)
    phone = models.CharField(_("teléfono"), max_length=30, blank=True, validators=[phone_number])
    next_of_kin_name = LineField(
        _("a quién avisar"),
        max_length=120,
        blank=True,
        help_text=_("La persona a la que se llama si pasa algo."),
    )
    next_of_kin_relation = LineField(_("qué es de ella"), max_length=60, blank=True)
    next_of_kin_phone = models.CharField(
        _("teléfono de esa persona"), max_length=30, blank=True, validators=[phone_number]
    )
    photograph = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("fotografía"),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering: ClassVar[list[str]] = ["search_key", "id"]
        permissions: ClassVar[list[Any]] = [
            ("identify_person", "Can see identity numbers, birth dates and telephones"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["search_key", "id"], name="persons_by_name"),
            models.Index(fields=["birth_year"], name="persons_by_birth_year"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(cedula__isnull=False, cedula_missing_reason="")
                | (models.Q(cedula__isnull=True) & ~models.Q(cedula_missing_reason="")),
                name="a_cedula_or_why_it_is_missing",
                violation_error_message=CEDULA_OR_REASON_MESSAGE,
            ),
            models.CheckConstraint(
                condition=models.Q(born_on=None)
                | models.Q(birth_year=ExtractYear("born_on"), birth_year__isnull=False),
                name="the_birth_year_is_that_of_the_birth_date",
                violation_error_message=_("El año de nacimiento no es el de la fecha."),
            ),
            models.CheckConstraint(
                condition=models.Q(birth_year=None)
                | models.Q(birth_year__gte=1890, birth_year__lte=2200),
                name="a_birth_year_is_a_year",
                violation_error_message=_("Revise el año de nacimiento: lleva cuatro cifras."),
            ),
            models.CheckConstraint(
                condition=models.Q(died_on=None)
                | models.Q(born_on=None)
                | models.Q(died_on__gte=models.F("born_on")),
                name="nobody_dies_before_birth",
                violation_error_message=_("La fecha de fallecimiento es anterior al nacimiento."),
            ),
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="a_person_name_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), legal_age_of_partners()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:person", args=[self.pk])

    @property
    def name(self) -> str:
        """As one speaks to her: given names first."""
        return f"{self.given_names} {self.surnames}"

    @property
    def listed_name(self) -> str:
        """As lists have it: surnames first."""
        return f"{self.surnames} {self.given_names}"

    @property
    def community(self) -> Community:
        """Where the family lives."""
        return self.family.community

    @property
    def is_alive(self) -> bool:
        return self.died_on is None

    def age_on(self, day: date) -> int | None:
        """Completed years on `day`; None while the birth date is not known."""
        return age_on(self.born_on, day) if self.born_on else None

    def clean(self) -> None:
        """Fill the birth year; refuse days that have not come."""
        super().clean()
        today = timezone.localdate()
        for field in ("born_on", "died_on"):
            refuse_future(field, getattr(self, field))
        if self.born_on is not None:
            self.birth_year = self.born_on.year
        elif self.birth_year is not None and self.birth_year > today.year:
            raise refusal_at("birth_year", _("Ese año todavía no llega."), code="in_the_future")


class BankAccount(models.Model):
    """Where a person's money is transferred to. One account is in use; earlier ones stay, closed.

    Bank data are for whoever pays and whoever checks payments, nobody else.
    """

    class Kind(models.TextChoices):
        SAVINGS = "savings", _("ahorros")
        CHECKING = "checking", _("corriente")

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="bank_accounts", verbose_name=_("persona")
    )
    institution = LineField(_("banco o cooperativa"), max_length=80)
    kind = models.CharField(_("tipo de cuenta"), max_length=10, choices=Kind)
    number = models.CharField(
        _("número de cuenta"),
        max_length=30,
        validators=[RegexValidator(r"^[0-9][0-9-]{3,28}[0-9]$", _("Escriba solo cifras."))],
    )
    closed_on = models.DateField(_("en desuso desde"), null=True, blank=True)

    objects: ClassVar[BankAccountQuerySet] = BankAccountQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("cuenta bancaria")
        verbose_name_plural = _("cuentas bancarias")
        ordering: ClassVar[list[str]] = ["person", "-closed_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(closed_on=None),
                name="one_bank_account_in_use_a_person",
                violation_error_message=_(
                    "La persona ya tiene una cuenta en uso. Anote primero desde cuándo no se usa."
                ),
            )
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.institution}, {self.get_kind_display()} …{self.number[-4:]}"
