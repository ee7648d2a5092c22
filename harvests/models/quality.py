"""How good a harvest is: tables of grades, what is found in samples, what laboratories report."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.grading import Cut, Limits, Shortfall, beans_in_100g, weight_of_100
from harvests.models.catalog import Product, Variety
from harvests.models.deliveries import Delivery
from harvests.models.processes import Batch
from harvests.models.stock import Lot
from harvests.querysets.catalog import CatalogQuerySet
from harvests.querysets.quality import (
    GradeEditionQuerySet,
    LabResultQuerySet,
    QualityPhotographQuerySet,
    QualityTestQuerySet,
)
from harvests.triggers.quality import (
    a_correction_is_of_the_same,
    a_published_edition_stays,
    a_published_grade_stays,
    a_test_is_graded_by_its_table,
    beans_are_about_a_hundred,
)
from kallari.dates import refuse_future
from kallari.files.models import StoredFile
from kallari.history.records import History, append_only, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NameField, NoteField


def _percent(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Beans of a hundred, or parts of a weight in percent."""
    return models.DecimalField(
        label,
        **{"max_digits": 4, "decimal_places": 1, "null": True, "blank": True} | options,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


def _grams(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label,
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )


def _beans(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    """How many beans were seen to be so; without a cut test, nothing."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


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
    weight_min_g = _grams(_("100 granos pesan, al menos (g)"))
    weight_max_g = _grams(_("y hasta (g)"))
    well_fermented_min = _percent(_("bien fermentados, al menos"))
    fermented_min = _percent(_("fermentados en total, al menos"))
    violet_max = _percent(_("violetas, a lo más"))
    slaty_max = _percent(_("pizarrosos, a lo más"))
    mouldy_max = _percent(_("mohosos, a lo más"))

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


class QualityTest(models.Model):
    """What was found in a sample of a lot, a batch or a delivery: the cut of a hundred beans,
    weight, moisture, defects; and the grade that the table in force gave it then. It never
    changes: a corrected test, or one graded by a newer table, is another row in its place."""

    id = random_key()
    number = models.PositiveIntegerField(
        _("número"),
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay una prueba con ese número.")},
    )
    lot = models.ForeignKey(
        Lot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quality_tests",
        verbose_name=_("lote"),
    )
    batch = models.ForeignKey(
        Batch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quality_tests",
        verbose_name=_("proceso"),
    )
    delivery = models.ForeignKey(
        Delivery,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quality_tests",
        verbose_name=_("entrega"),
    )
    variety = models.ForeignKey(
        Variety,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("variedad"),
    )
    tested_at = models.DateTimeField(_("probado el"))
    tested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("quién la anotó"),
    )
    sampler = LineField(_("quién tomó la muestra"), max_length=120, blank=True)
    beans_counted = _beans(_("granos cortados"))
    well_fermented = _beans(_("bien fermentados"))
    slightly_fermented = _beans(_("ligeramente fermentados"))
    violet = _beans(_("violetas"))
    slaty = _beans(_("pizarrosos"))
    mouldy = _beans(_("mohosos"))
    insect_damaged = _beans(_("dañados por insectos"))
    germinated = _beans(_("germinados"))
    defective = _beans(_("planos o con otro defecto"))
    beans_weight_g = _grams(_("peso de 100 granos (g)"))
    beans_per_100g = models.PositiveSmallIntegerField(
        _("granos en 100 g"),
        null=True,
        blank=True,
        validators=[MinValueValidator(20), MaxValueValidator(500)],
    )
    moisture_percent = _percent(_("humedad (%)"))
    foreign_matter_percent = _percent(
        _("impurezas y defectos (% del peso)"), max_digits=5, decimal_places=2
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)
    edition = models.ForeignKey(
        GradeEdition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tests",
        editable=False,
        verbose_name=_("tabla con que se calificó"),
    )
    grade = models.ForeignKey(
        Grade,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tests",
        editable=False,
        verbose_name=_("grado"),
    )
    below = models.JSONField(_("por qué no uno mejor"), default=list, blank=True, editable=False)
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
    noted_at = models.DateTimeField(_("anotada el"), editable=False)

    objects: ClassVar[QualityTestQuerySet] = QualityTestQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        photographs: QualityPhotographQuerySet

    class Meta:
        verbose_name = _("prueba de calidad")
        verbose_name_plural = _("pruebas de calidad")
        ordering: ClassVar[list[str]] = ["-tested_at", "-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-tested_at", "-number"], name="tests_newest_first"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(lot__isnull=False, batch=None, delivery=None)
                | models.Q(lot=None, batch__isnull=False, delivery=None)
                | models.Q(lot=None, batch=None, delivery__isnull=False),
                name="a_test_is_of_one_thing",
                violation_error_message=_(
                    "Una prueba es de un lote, de un proceso o de una entrega."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    beans_counted=None,
                    well_fermented=None,
                    slightly_fermented=None,
                    violet=None,
                    slaty=None,
                    mouldy=None,
                    insect_damaged=None,
                    germinated=None,
                    defective=None,
                )
                | models.Q(
                    beans_counted__gt=0,
                    well_fermented__isnull=False,
                    slightly_fermented__isnull=False,
                    violet__isnull=False,
                    slaty__isnull=False,
                    mouldy__isnull=False,
                    insect_damaged__isnull=False,
                    germinated__isnull=False,
                    defective__isnull=False,
                    beans_counted=models.F("well_fermented")
                    + models.F("slightly_fermented")
                    + models.F("violet")
                    + models.F("slaty")
                    + models.F("mouldy")
                    + models.F("insect_damaged")
                    + models.F("germinated")
                    + models.F("defective"),
                ),
                name="every_bean_is_of_one_class",
                violation_error_message=_(
                    "Las clases no suman los granos cortados: cada grano se cuenta una vez."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(beans_counted__isnull=False)
                | models.Q(beans_weight_g__isnull=False)
                | models.Q(beans_per_100g__isnull=False)
                | models.Q(moisture_percent__isnull=False)
                | models.Q(foreign_matter_percent__isnull=False),
                name="a_test_finds_something",
                violation_error_message=_("Anote al menos una medida."),
            ),
            models.CheckConstraint(
                condition=models.Q(grade=None)
                | models.Q(edition__isnull=False, beans_counted__isnull=False),
                name="a_grade_comes_of_a_cut_and_a_table",
                violation_error_message=_("Sin corte y sin tabla no hay grado."),
            ),
            models.CheckConstraint(
                condition=models.Q(moisture_percent=None)
                | models.Q(moisture_percent__gte=0, moisture_percent__lte=100),
                name="moisture_of_a_test_is_a_share",
                violation_error_message=_("La humedad va de 0 a 100 por ciento."),
            ),
            models.CheckConstraint(
                condition=models.Q(foreign_matter_percent=None)
                | models.Q(foreign_matter_percent__gte=0, foreign_matter_percent__lte=100),
                name="foreign_matter_is_a_share",
                violation_error_message=_("Las impurezas van de 0 a 100 por ciento."),
            ),
            models.CheckConstraint(
                condition=models.Q(beans_weight_g=None) | models.Q(beans_weight_g__gt=0),
                name="beans_weigh_something",
                violation_error_message=_("Cien granos pesan más que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(beans_per_100g=None) | models.Q(beans_per_100g__gt=0),
                name="a_hundred_grams_hold_beans",
                violation_error_message=_("En cien gramos hay granos."),
            ),
            models.CheckConstraint(
                condition=models.Q(replaces=None, why="")
                | models.Q(replaces__isnull=False, why__regex=r"\S"),
                name="a_corrected_test_says_why",
                violation_error_message=_("Escriba por qué se corrige la prueba."),
            ),
            models.CheckConstraint(
                condition=models.Q(tested_at__lte=models.F("noted_at")),
                name="no_test_is_of_the_future",
                violation_error_message=_("Esa hora todavía no llega."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            append_only(),
            beans_are_about_a_hundred(),
            a_test_is_graded_by_its_table(),
            a_correction_is_of_the_same("harvests_qualitytest", "lot_id, batch_id, delivery_id"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("harvests:quality_test", args=[self.pk])

    @property
    def code(self) -> str:
        """The number as on the certificate: Q-00042."""
        return f"Q-{self.number:05d}"

    @property
    def subject(self) -> Lot | Batch | Delivery:
        """What the sample was taken of."""
        found = self.lot or self.batch or self.delivery
        assert found is not None, "a_test_is_of_one_thing"  # noqa: S101
        return found

    @property
    def subject_code(self) -> str:
        """The code of what was tested, as people say it."""
        return self.delivery.folio if self.delivery else str(self.subject)

    @property
    def cut(self) -> Cut | None:
        """The beans that were cut; None where nobody cut any."""
        if self.beans_counted is None:
            return None
        return Cut(
            well_fermented=self.well_fermented or 0,
            slightly_fermented=self.slightly_fermented or 0,
            violet=self.violet or 0,
            slaty=self.slaty or 0,
            mouldy=self.mouldy or 0,
            insect_damaged=self.insect_damaged or 0,
            germinated=self.germinated or 0,
            defective=self.defective or 0,
        )

    @property
    def weight_of_100(self) -> Decimal | None:
        """Grams of a hundred beans, as weighed or from the bean count."""
        return weight_of_100(self.beans_weight_g, self.beans_per_100g)

    @property
    def bean_count(self) -> int | None:
        """How many beans make a hundred grams, as counted or from the weight."""
        return beans_in_100g(self.beans_weight_g, self.beans_per_100g)

    @property
    def shortfalls(self) -> list[Shortfall]:
        """Why the better grades were not reached, as it was found then."""
        return [Shortfall.read(one) for one in self.below]

    @property
    def is_replaced(self) -> bool:
        """Whether another test stands in its place."""
        return hasattr(self, "replaced_by")


class QualityPhotograph(models.Model):
    """A photograph of a sample: the cut beans on their board."""

    test = models.ForeignKey(
        QualityTest, models.PROTECT, related_name="photographs", verbose_name=_("prueba")
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", editable=False, verbose_name=_("fotografía")
    )
    caption = LineField(_("qué se ve"), max_length=120, blank=True)

    objects: ClassVar[QualityPhotographQuerySet] = QualityPhotographQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("fotografía de una prueba")
        verbose_name_plural = _("fotografías de las pruebas")
        ordering: ClassVar[list[str]] = ["test", "id"]
        triggers: ClassVar[list[Any]] = [append_only()]

    def __str__(self) -> str:
        return self.caption or self.test.code


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
