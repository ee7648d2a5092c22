"""Tables of grades: what a product must be like to be called so, edition by edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.grading import Limits
from harvests.models.catalog import Product, Variety
from harvests.models.measures import grams, percent
from harvests.querysets.catalog import CatalogQuerySet
from harvests.querysets.quality import (
    GradeEditionQuerySet,
)
from harvests.triggers.quality import (
    a_published_edition_stays,
    a_published_grade_stays,
)
from kallari.history.records import History, never_removed
from kallari.text import LineField, NameField, NoteField


class GradeEdition(models.Model):
    """A table of grades as one edition of a norm sets it, in force from a day on. Once published
    it may have graded something, and stays as it is: a newer norm is another edition, and what was
    graded keeps the grade and the edition it was graded by."""

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="grade_editions", verbose_name=_("producto")
    )
    name = NameField(_("norma"), max_length=60)
    edition = LineField(_("edición"), max_length=20, help_text=_("El año, como lo dice la norma."))
    valid_from = models.DateField(
        _("rige desde"), null=True, blank=True, help_text=_("Vacío: desde siempre.")
    )
    source = LineField(_("de dónde sale"), max_length=300)
    confirmed = models.BooleanField(
        _("confirmada"), default=False, help_text=_("Alguien de la asociación responde por ella.")
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)
    published_at = models.DateTimeField(_("publicada el"), null=True, blank=True, editable=False)

    objects: ClassVar[GradeEditionQuerySet] = GradeEditionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        grades: models.QuerySet[Grade]

    class Meta:
        verbose_name = _("tabla de grados")
        verbose_name_plural = _("tablas de grados")
        ordering: ClassVar[list[Any]] = [
            "product",
            models.F("valid_from").desc(nulls_last=True),
            "-id",
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["product", "valid_from"],
                condition=models.Q(published_at__isnull=False),
                nulls_distinct=False,
                name="one_table_of_grades_a_day",
                violation_error_message=_("Ya rige otra tabla desde ese día."),
            ),
            models.CheckConstraint(
                condition=models.Q(source__regex=r"\S"),
                name="a_table_of_grades_has_a_source",
                violation_error_message=_("Escriba de dónde sale la tabla."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), a_published_edition_stays()]

    def __str__(self) -> str:
        return f"{self.name} ({self.edition})"

    def get_absolute_url(self) -> str:
        return reverse("harvests:grade_table", args=[self.pk])

    @property
    def is_published(self) -> bool:
        """Whether one grades by it."""
        return self.published_at is not None


class Grade(models.Model):
    """One grade of a table: what a hundred beans of it weigh at least and show at most. A grade of
    a variety is for it alone; beans of it are not of the others."""

    edition = models.ForeignKey(
        GradeEdition, models.PROTECT, related_name="grades", verbose_name=_("tabla")
    )
    position = models.PositiveSmallIntegerField(
        _("orden"), help_text=_("El mejor es el de número menor.")
    )
    code = LineField(_("sigla"), max_length=12)
    name = NameField(_("nombre"), max_length=80)
    variety = models.ForeignKey(
        Variety,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("variedad"),
        help_text=_("Vacío: de todas las que no tienen grado propio."),
    )
    weight_min_g = grams(_("100 granos pesan, al menos (g)"))
    weight_max_g = grams(_("y hasta (g)"))
    well_fermented_min = percent(_("bien fermentados, al menos"))
    fermented_min = percent(_("fermentados en total, al menos"))
    violet_max = percent(_("violetas, a lo más"))
    slaty_max = percent(_("pizarrosos, a lo más"))
    mouldy_max = percent(_("mohosos, a lo más"))

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("grado")
        verbose_name_plural = _("grados")
        ordering: ClassVar[list[str]] = ["edition", "position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="one_grade_a_code",
                violation_error_message=_("Ese grado ya está en la tabla."),
            ),
            models.UniqueConstraint(
                fields=["edition", "position"],
                name="one_grade_a_position",
                violation_error_message=_("Otro grado tiene ese número de orden."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight_max_g=None)
                | models.Q(weight_min_g__isnull=False, weight_max_g__gte=models.F("weight_min_g")),
                name="a_band_of_weights_is_in_order",
                violation_error_message=_("El peso de más no es menor que el de menos."),
            ),
            models.CheckConstraint(
                condition=models.Q(well_fermented_min=None)
                | models.Q(fermented_min=None)
                | models.Q(fermented_min__gte=models.F("well_fermented_min")),
                name="the_well_fermented_are_among_the_fermented",
                violation_error_message=_(
                    "Los fermentados en total no son menos que los bien fermentados."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(weight_min_g__isnull=False)
                | models.Q(well_fermented_min__isnull=False)
                | models.Q(fermented_min__isnull=False)
                | models.Q(violet_max__isnull=False)
                | models.Q(slaty_max__isnull=False)
                | models.Q(mouldy_max__isnull=False),
                name="a_grade_limits_something",
                violation_error_message=_("Escriba al menos un límite."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [a_published_grade_stays()]

    def __str__(self) -> str:
        return self.code

    @property
    def limits(self) -> Limits:
        """Its limits as `harvests.grading` takes them."""
        return Limits(
            self.code,
            weight_min=self.weight_min_g,
            well_fermented_min=self.well_fermented_min,
            fermented_min=self.fermented_min,
            violet_max=self.violet_max,
            slaty_max=self.slaty_max,
            mouldy_max=self.mouldy_max,
        )
