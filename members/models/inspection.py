"""The internal control system: checklists, inspections, what they find, and what follows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.dates import refuse_future
from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NoteField
from members.models.certification import CertificationScheme
from members.models.chakra import Chakra
from members.models.family import Family
from members.models.person import Person
from members.querysets.inspections import (
    AnswerQuerySet,
    ChecklistItemQuerySet,
    ChecklistQuerySet,
    CorrectiveActionQuerySet,
    FindingQuerySet,
    InspectionQuerySet,
    SanctionQuerySet,
)

if TYPE_CHECKING:
    from members.models.community import Community

WHO_INSPECTED_MESSAGE = _(
    "Anote qué socia o socio hizo la visita entre familias: nadie inspecciona a la suya."
)
OF_THE_FAMILY_MESSAGE = _("Nadie inspecciona a su propia familia. Escoja a otra persona.")


class Severity(models.TextChoices):
    """How grave a finding is."""

    MINOR = "minor", _("leve")
    MAJOR = "major", _("grave")
    CRITICAL = "critical", _("muy grave")


def _no_question_changes_once_answered() -> pgtrigger.Trigger:
    """What was asked stays as it was asked, as soon as one inspection has answered it."""
    return pgtrigger.Trigger(
        name="no_question_changes_once_answered",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM members_answer answer WHERE answer.item_id = OLD.id) THEN
                RAISE EXCEPTION 'the question has been answered'
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'no_question_changes_once_answered';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def _nobody_inspects_their_own_family() -> pgtrigger.Trigger:
    """The inspector is not of the inspected family: neither as a person of the register, nor by
    the identity number of the account."""
    return pgtrigger.Trigger(
        name="nobody_inspects_their_family",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("family_id", "inspector_id", "inspector_person_id"),
        func="""
            IF EXISTS (
                SELECT 1 FROM members_person person
                LEFT JOIN accounts_user account ON account.id = NEW.inspector_id
                WHERE person.family_id = NEW.family_id
                  AND (person.id = NEW.inspector_person_id OR person.cedula = account.cedula)
            ) THEN
                RAISE EXCEPTION 'the inspector belongs to the inspected family'
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'nobody_inspects_their_own_family';
            END IF;
            RETURN NULL;
        """,
    )


class Checklist(models.Model):
    """The questions that a scheme asks in a year."""

    scheme = models.ForeignKey(
        CertificationScheme, models.PROTECT, related_name="checklists", verbose_name=_("esquema")
    )
    year = models.PositiveSmallIntegerField(_("año"))
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[ChecklistQuerySet] = ChecklistQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("lista de control")
        verbose_name_plural = _("listas de control")
        ordering: ClassVar[list[str]] = ["-year", "scheme"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["scheme", "year"],
                name="one_checklist_a_scheme_and_year",
                violation_error_message=_("Ese esquema ya tiene su lista de ese año."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=1990, year__lte=2200),
                name="a_checklist_is_for_a_year",
                violation_error_message=_("Revise el año: lleva cuatro cifras."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}"


class ChecklistItem(models.Model):
    """One question of a checklist, what a "no" means, and how long there is to mend it."""

    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="items", verbose_name=_("lista de control")
    )
    number = models.PositiveSmallIntegerField(_("número"))
    question = LineField(
        _("pregunta"), max_length=200, help_text=_("Se cumple cuando la respuesta es sí.")
    )
    severity = models.CharField(
        _("si no se cumple es"), max_length=10, choices=Severity, default=Severity.MINOR
    )
    days_to_correct = models.PositiveSmallIntegerField(
        _("días para corregir"), default=90, validators=[MaxValueValidator(1000)]
    )

    objects: ClassVar[ChecklistItemQuerySet] = ChecklistItemQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("pregunta")
        verbose_name_plural = _("preguntas")
        ordering: ClassVar[list[str]] = ["checklist", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["checklist", "number"],
                name="one_question_a_number",
                violation_error_message=_("Ya hay una pregunta con ese número."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [_no_question_changes_once_answered()]

    def __str__(self) -> str:
        return f"{self.number}. {self.question}"

    def clean(self) -> None:
        """Refuse to change what was already answered."""
        super().clean()
        if self.pk is not None and Answer.objects.filter(item=self.pk).exists():
            raise ValidationError(
                _("Esta pregunta ya fue contestada. Hágala otra vez en la lista del próximo año."),
                code="already_answered",
            )


class Inspection(models.Model):
    """A visit to a family to see whether it keeps to a scheme, with the answers of its checklist.

    Internal: the association's own yearly visit. External: that of the certifying body. Peer: by
    another family, as the participatory guarantee asks.
    """

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("interna")
        EXTERNAL = "external", _("externa")
        PEER = "peer", _("entre familias")

    class Outcome(models.TextChoices):
        """What the inspector recommends; others decide."""

        APPROVE = "approve", _("aprobar")
        CONDITIONS = "conditions", _("aprobar con condiciones")
        REFUSE = "refuse", _("no aprobar")

    id = random_key()
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="inspections", verbose_name=_("familia")
    )
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="inspections", verbose_name=_("lista de control")
    )
    kind = models.CharField(_("clase"), max_length=10, choices=Kind)
    inspected_on = models.DateField(_("fecha de la visita"))
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cuenta de quien inspecciona"),
    )
    inspector_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("persona que inspecciona"),
    )
    inspector_name = LineField(
        _("quién inspeccionó"),
        max_length=120,
        help_text=_("Y de qué organismo, si no es de la asociación."),
    )
    has_conflict = models.BooleanField(
        _("tiene conflicto de interés"),
        default=False,
        help_text=_("Parentesco, deudas, negocios o pleitos con la familia."),
    )
    conflict_note = NoteField(
        _("cuál es, y por qué inspeccionó igual"), blank=True, max_length=1000
    )
    outcome = models.CharField(_("recomienda"), max_length=10, choices=Outcome)
    present = LineField(_("quién estuvo por la familia"), max_length=120, blank=True)
    note = NoteField(_("observaciones"), blank=True, max_length=4000)
    document = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("informe firmado"),
    )

    objects: ClassVar[InspectionQuerySet] = InspectionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("inspección")
        verbose_name_plural = _("inspecciones")
        ordering: ClassVar[list[str]] = ["-inspected_on", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-inspected_on", "id"], name="inspections_by_day"),
            models.Index(fields=["family", "inspected_on"], name="inspections_by_family"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(has_conflict=False, conflict_note="")
                | models.Q(has_conflict=True) & ~models.Q(conflict_note=""),
                name="a_conflict_of_interest_is_explained",
                violation_error_message=_(
                    "Escriba cuál es el conflicto de interés y por qué se inspeccionó igual."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="peer") | models.Q(inspector_person__isnull=False),
                name="a_visit_among_families_names_its_inspector",
                violation_error_message=WHO_INSPECTED_MESSAGE,
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), _nobody_inspects_their_own_family()]

    def __str__(self) -> str:
        return f"{self.family}, {self.inspected_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:inspection", args=[self.pk])

    @property
    def community(self) -> Community:
        """Where the family lives."""
        return self.family.community

    def clean(self) -> None:
        """Refuse a visit that has not been, and an inspector of the same family."""
        super().clean()
        refuse_future("inspected_on", self.inspected_on)
        if self._is_by_whom_it_was():
            return  # who has joined the family since then inspected it as a stranger
        same = models.Q(pk=self.inspector_person_id)
        if self.inspector is not None and self.inspector.cedula:
            same |= models.Q(cedula=self.inspector.cedula)
        if Person.objects.filter(same, family=self.family_id).exists():
            raise ValidationError(OF_THE_FAMILY_MESSAGE, code="inspector_of_the_family")

    def _is_by_whom_it_was(self) -> bool:
        """Whether a kept visit names the same family and the same inspectors as before."""
        if self._state.adding:
            return False
        return Inspection.objects.filter(
            pk=self.pk,
            family=self.family_id,
            inspector=self.inspector_id,
            inspector_person=self.inspector_person_id,
        ).exists()


class Answer(models.Model):
    """What an inspection says to one question of its checklist."""

    class Value(models.TextChoices):
        YES = "yes", _("sí")
        NO = "no", _("no")
        NOT_APPLICABLE = "na", _("no aplica")

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="answers", verbose_name=_("inspección")
    )
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, related_name="answers", verbose_name=_("pregunta")
    )
    value = models.CharField(_("respuesta"), max_length=3, choices=Value)
    note = LineField(_("qué se vio"), max_length=300, blank=True)

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("respuesta")
        verbose_name_plural = _("respuestas")
        ordering: ClassVar[list[str]] = ["inspection", "item__number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["inspection", "item"],
                name="one_answer_a_question",
                violation_error_message=_("La pregunta ya está contestada."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_value_display()}"


class Finding(models.Model):
    """Something that an inspection saw and that is not as the norm asks."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="findings", verbose_name=_("inspección")
    )
    item = models.ForeignKey(
        ChecklistItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pregunta"),
    )
    chakra = models.ForeignKey(
        Chakra,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("chakra"),
    )
    severity = models.CharField(_("gravedad"), max_length=10, choices=Severity)
    description = NoteField(_("hallazgo"), max_length=1000)

    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("hallazgo")
        verbose_name_plural = _("hallazgos")
        ordering: ClassVar[list[str]] = ["inspection", "id"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.description


class CorrectiveAction(models.Model):
    """What a family does about a finding, by when, and what shows that it is done."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="actions", verbose_name=_("hallazgo")
    )
    what = LineField(_("qué hay que hacer"), max_length=300)
    due_on = models.DateField(_("hasta el"), help_text=_("El último día."))
    closed_on = models.DateField(_("cumplida el"), null=True, blank=True)
    evidence = NoteField(
        _("qué lo muestra"),
        blank=True,
        max_length=1000,
        help_text=_("Quién lo vio y qué se vio, o qué papel lo prueba."),
    )
    document = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("fotografía o papel"),
    )

    objects: ClassVar[CorrectiveActionQuerySet] = CorrectiveActionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("acción correctiva")
        verbose_name_plural = _("acciones correctivas")
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None, evidence="")
                | models.Q(closed_on__isnull=False) & ~models.Q(evidence=""),
                name="an_action_is_closed_with_evidence",
                violation_error_message=_(
                    "Anote juntos el día en que se cumplió y qué lo muestra."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.what

    def is_overdue_on(self, day: date) -> bool:
        """Whether its time was over on `day` and it was not done by then."""
        return self.due_on < day and (self.closed_on is None or self.closed_on > day)


class Sanction(models.Model):
    """What the association decided against a family under a scheme, by resolution."""

    class Kind(models.TextChoices):
        WARNING = "warning", _("advertencia")
        SUSPENSION = "suspension", _("suspensión")
        EXCLUSION = "exclusion", _("exclusión")

    family = models.ForeignKey(
        Family, models.PROTECT, related_name="sanctions", verbose_name=_("familia")
    )
    scheme = models.ForeignKey(
        CertificationScheme, models.PROTECT, related_name="sanctions", verbose_name=_("esquema")
    )
    inspection = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
        verbose_name=_("inspección"),
    )
    kind = models.CharField(_("sanción"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("desde"))
    lifted_on = models.DateField(
        _("levantada el"), null=True, blank=True, help_text=_("Desde este día ya no pesa.")
    )
    resolution = LineField(_("resolución"), max_length=120)
    lift_resolution = LineField(_("resolución que la levanta"), max_length=120, blank=True)
    note = NoteField(_("motivo"), max_length=2000)

    objects: ClassVar[SanctionQuerySet] = SanctionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("sanción")
        verbose_name_plural = _("sanciones")
        ordering: ClassVar[list[str]] = ["-starts_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(lifted_on=None, lift_resolution="")
                | models.Q(lifted_on__isnull=False, lifted_on__gte=models.F("starts_on"))
                & ~models.Q(lift_resolution=""),
                name="a_sanction_is_lifted_by_resolution",
                violation_error_message=_(
                    "Anote juntos el día y la resolución que la levanta; no es antes de empezar."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.family}"
