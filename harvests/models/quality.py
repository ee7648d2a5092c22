"""How good a harvest is: what is found in samples."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.grading import Cut, Shortfall, beans_in_100g, lacks_measure, weight_of_100
from harvests.models.batches import Batch
from harvests.models.catalog import Variety
from harvests.models.deliveries import Delivery
from harvests.models.grades import Grade, GradeEdition
from harvests.models.lots import Lot
from harvests.models.measures import grams, percent
from harvests.querysets.quality import (
    QualityPhotographQuerySet,
    QualityTestQuerySet,
)
from harvests.triggers.quality import (
    a_correction_is_of_the_same,
    a_test_is_graded_by_its_table,
    beans_are_about_a_hundred,
)
from kallari.files.models import StoredFile
from kallari.history.records import History, append_only
from kallari.keys import random_key
from kallari.text import LineField, NoteField


def _beans(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    """How many beans were seen to be so; without a cut test, nothing."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


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
    beans_weight_g = grams(_("peso de 100 granos (g)"))
    beans_per_100g = models.PositiveSmallIntegerField(
        _("granos en 100 g"),
        null=True,
        blank=True,
        validators=[MinValueValidator(20), MaxValueValidator(500)],
    )
    moisture_percent = percent(_("humedad (%)"))
    foreign_matter_percent = percent(
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
    def lacks_weight(self) -> bool:
        """Whether it has no grade yet, for want of the weight of a hundred beans alone."""
        return (
            self.edition_id is not None and self.grade_id is None and lacks_measure(self.shortfalls)
        )

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
