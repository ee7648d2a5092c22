"""What laboratories report of a lot."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.models.lots import Lot
from harvests.querysets.quality import (
    LabResultQuerySet,
)
from harvests.triggers.quality import (
    a_correction_is_of_the_same,
)
from kallari.dates import refuse_future
from kallari.files.models import StoredFile
from kallari.history.records import History, append_only
from kallari.keys import random_key
from kallari.text import LineField, NoteField


class LabResult(models.Model):
    """What a laboratory found of one substance in a lot. It never changes: a corrected one is
    another row in its place."""

    class Substance(models.TextChoices):
        CADMIUM = "cadmium", _("cadmio")
        LEAD = "lead", _("plomo")
        OCHRATOXIN = "ochratoxin_a", _("ocratoxina A")
        AFLATOXINS = "aflatoxins", _("aflatoxinas")
        GLYPHOSATE = "glyphosate", _("glifosato")
        ANTHRAQUINONE = "anthraquinone", _("antraquinona")

    id = random_key()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="lab_results", verbose_name=_("lote"))
    substance = models.CharField(_("sustancia"), max_length=14, choices=Substance)
    value_mg_kg = models.DecimalField(
        _("resultado (mg/kg)"),
        max_digits=9,
        decimal_places=5,
        validators=[MinValueValidator(Decimal(0))],
    )
    is_below_detection = models.BooleanField(
        _("menos que eso: no se detectó"),
        default=False,
        help_text=_("El resultado es entonces lo menos que el laboratorio detecta."),
    )
    laboratory = LineField(_("laboratorio"), max_length=120)
    report_number = LineField(_("número del informe"), max_length=60)
    sampled_on = models.DateField(_("muestra tomada el"))
    reported_on = models.DateField(_("fecha del informe"))
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("informe"),
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        editable=False,
        verbose_name=_("está en lugar de"),
    )
    why = LineField(_("por qué se corrige"), max_length=300, blank=True, editable=False)
    noted_at = models.DateTimeField(_("anotado el"), editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("quién lo anotó"),
    )

    objects: ClassVar[LabResultQuerySet] = LabResultQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("resultado de laboratorio")
        verbose_name_plural = _("resultados de laboratorio")
        ordering: ClassVar[list[str]] = ["-reported_on", "-noted_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-reported_on", "-noted_at"], name="lab_results_newest_first"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["lot", "substance", "laboratory", "report_number"],
                condition=models.Q(replaces=None),
                name="one_result_a_report_and_substance",
                violation_error_message=_(
                    "Ese informe ya está anotado para ese lote y esa sustancia."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(value_mg_kg__gte=0),
                name="nothing_is_found_below_zero",
                violation_error_message=_("El resultado no es menor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_below_detection=False) | models.Q(value_mg_kg__gt=0),
                name="what_is_not_detected_has_its_limit",
                violation_error_message=_(
                    "Escriba lo menos que el laboratorio detecta: es mayor que cero."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(reported_on__gte=models.F("sampled_on")),
                name="a_report_follows_its_sample",
                violation_error_message=_("El informe no es anterior a la muestra."),
            ),
            models.CheckConstraint(
                condition=models.Q(laboratory__regex=r"\S", report_number__regex=r"\S"),
                name="a_result_names_its_report",
                violation_error_message=_("Escriba el laboratorio y el número del informe."),
            ),
            models.CheckConstraint(
                condition=models.Q(replaces=None, why="")
                | models.Q(replaces__isnull=False, why__regex=r"\S"),
                name="a_corrected_result_says_why",
                violation_error_message=_("Escriba por qué se corrige el resultado."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            append_only(),
            a_correction_is_of_the_same("harvests_labresult", "lot_id, substance"),
        ]

    def __str__(self) -> str:
        return f"{self.get_substance_display()}: {self.lot.code}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:lab_result", args=[self.pk])

    @property
    def is_replaced(self) -> bool:
        """Whether another result stands in its place."""
        return hasattr(self, "replaced_by")

    def clean(self) -> None:
        """Refuse a day that has not come."""
        super().clean()
        refuse_future("reported_on", self.reported_on)
