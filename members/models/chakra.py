"""Forest gardens: where they lie, what grows in them, and whose boundaries meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.files.models import StoredFile
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NoteField
from members.models.family import Family
from members.querysets.chakras import (
    ChakraConflictQuerySet,
    ChakraCropQuerySet,
    ChakraGeometryQuerySet,
    ChakraPhotographQuerySet,
    ChakraQuerySet,
)
from members.triggers import (
    a_boundary_stays_as_it_was_taken,
    no_verification_with_an_open_conflict,
    small_enough_for_a_point,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from members.models.community import Community


class Chakra(models.Model):
    """One forest garden of one family: a single piece of land with its own boundary.

    Its boundary is kept in versions (`ChakraGeometry`): a certifier asks where the chakra lay in
    the year of a harvest. Given up or sold, it is closed, never removed.
    """

    class State(models.TextChoices):
        """Whether the association stands for what is written of the chakra."""

        DRAFT = "draft", _("por verificar")
        VERIFIED = "verified", _("verificada")
        SUSPENDED = "suspended", _("suspendida")

    class Tenure(models.TextChoices):
        """By what right the family works the land."""

        TITLE = "title", _("título propio")
        COMMUNAL = "communal", _("tierra de la comunidad")
        POSSESSION = "possession", _("posesión sin título")
        INHERITED = "inherited", _("herencia sin dividir")
        LENT = "lent", _("prestada o arrendada")

    class Shade(models.TextChoices):
        """How much shade the trees above the crop give."""

        NONE = "none", _("a pleno sol")
        LIGHT = "light", _("poca, menos de un tercio")
        MEDIUM = "medium", _("media, hasta dos tercios")
        DENSE = "dense", _("mucha, más de dos tercios")

    id = random_key()
    number = models.PositiveIntegerField(_("número"), unique=True, editable=False)
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="chakras", verbose_name=_("familia")
    )
    name = LineField(
        _("nombre"),
        max_length=80,
        blank=True,
        help_text=_("Cómo la llama la familia, si la llama."),
    )
    declared_area_ha = models.DecimalField(
        _("área declarada (ha)"),
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Lo que dice la familia. Necesaria cuando la chakra se marca con un punto."),
    )
    tenure = models.CharField(_("tenencia"), max_length=12, choices=Tenure, blank=True)
    shade = models.CharField(_("sombra"), max_length=8, choices=Shade, blank=True)
    species_count = models.PositiveSmallIntegerField(
        _("especies"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(2000)],
        help_text=_("Cuántas especies de plantas se contaron, con las de sombra y medicina."),
    )
    state = models.CharField(
        _("estado"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    closed_on = models.DateField(_("dejada el"), null=True, blank=True, editable=False)
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[ChakraQuerySet] = ChakraQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("chakra")
        verbose_name_plural = _("chakras")
        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "number"], name="chakras_by_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(declared_area_ha=None) | models.Q(declared_area_ha__gt=0),
                name="a_declared_area_is_more_than_nothing",
                violation_error_message=_("El área declarada es mayor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | ~models.Q(state="verified"),
                name="a_chakra_given_up_is_not_verified",
                violation_error_message=_("Una chakra dejada no queda verificada."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), no_verification_with_an_open_conflict()]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".rstrip()

    def get_absolute_url(self) -> str:
        return reverse("members:chakra", args=[self.pk])

    @property
    def code(self) -> str:
        """The number as people read and write it: CH-0042."""
        return f"CH-{self.number:04d}"

    @property
    def community(self) -> Community:
        """Where the family lives."""
        return self.family.community

    @property
    def is_open(self) -> bool:
        """Whether the family still works it."""
        return self.closed_on is None

    @property
    def boundary(self) -> ChakraGeometry | None:
        """The present geometry, from what was prefetched (`ChakraQuerySet.with_boundary`)."""
        return next((one for one in self.geometries.all() if one.is_current), None)

    @property
    def area_ha(self) -> Decimal | None:
        """The computed area where there is a polygon, else the declared one."""
        boundary = self.boundary
        return self.declared_area_ha if boundary is None else boundary.area_ha


class ChakraGeometry(models.Model):
    """Where a chakra lies, as it was taken once: a point with its declared area, or the boundary.

    A better measurement is another version; the one before stays as it was. Positions are
    longitude and latitude in WGS 84 with six decimals (RFC 7946), checked by
    `members.geometry.validity` and never repaired.
    """

    class Kind(models.TextChoices):
        POINT = "Point", _("punto")
        POLYGON = "Polygon", _("lindero")

    class Method(models.TextChoices):
        """How the positions were taken."""

        WALK = "walk", _("recorrida con el teléfono")
        GPS = "gps", _("tomada con GPS")
        DRAWN = "drawn", _("dibujada sobre una imagen")
        TYPED = "typed", _("escrita a mano")
        FILE = "file", _("traída de un archivo")

    chakra = models.ForeignKey(
        Chakra, models.PROTECT, related_name="geometries", verbose_name=_("chakra")
    )
    version = models.PositiveSmallIntegerField(_("versión"))
    is_current = models.BooleanField(_("vigente"), default=True)
    kind = models.CharField(_("clase"), max_length=8, choices=Kind)
    geometry = models.JSONField(_("geometría"))
    area_ha = models.DecimalField(
        _("área (ha)"),
        max_digits=9,
        decimal_places=4,
        help_text=_("Calculada sobre el elipsoide; de un punto, la declarada."),
    )
    perimeter_m = models.DecimalField(
        _("perímetro (m)"), max_digits=9, decimal_places=1, null=True, blank=True
    )
    west = models.DecimalField(max_digits=9, decimal_places=6, editable=False)
    south = models.DecimalField(max_digits=9, decimal_places=6, editable=False)
    east = models.DecimalField(max_digits=9, decimal_places=6, editable=False)
    north = models.DecimalField(max_digits=9, decimal_places=6, editable=False)
    method = models.CharField(_("cómo se tomó"), max_length=6, choices=Method)
    accuracy_m = models.DecimalField(
        _("exactitud (m)"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("El error más grande que dio el aparato."),
    )
    captured_on = models.DateField(_("tomada el"))
    captured_by = LineField(_("tomada por"), max_length=120, blank=True)
    noticed = models.TextField(_("observado al guardar"), blank=True, editable=False)

    objects: ClassVar[ChakraGeometryQuerySet] = ChakraGeometryQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("geometría de una chakra")
        verbose_name_plural = _("geometrías de las chakras")
        ordering: ClassVar[list[str]] = ["chakra", "-version"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["west", "east", "south", "north"],
                condition=models.Q(is_current=True),
                name="present_boundaries_by_place",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["chakra", "version"], name="one_geometry_a_chakra_and_version"
            ),
            models.UniqueConstraint(
                fields=["chakra"],
                condition=models.Q(is_current=True),
                name="one_present_geometry_a_chakra",
            ),
            models.CheckConstraint(condition=models.Q(area_ha__gt=0), name="a_chakra_has_an_area"),
            models.CheckConstraint(
                condition=models.Q(west__lte=models.F("east"), south__lte=models.F("north")),
                name="a_box_is_not_turned_round",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=KeyTextTransform("type", "geometry")),
                name="a_geometry_is_of_its_kind",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            small_enough_for_a_point(),
            a_boundary_stays_as_it_was_taken(),
        ]

    def __str__(self) -> str:
        return f"{self.chakra.code} v{self.version}"

    @property
    def is_point(self) -> bool:
        return self.kind == self.Kind.POINT


class ChakraCrop(models.Model):
    """What a chakra grows for sale, on how much of it and with how many plants."""

    class Crop(models.TextChoices):
        COCOA = "cocoa", _("cacao")
        GUAYUSA = "guayusa", _("guayusa")
        VANILLA = "vanilla", _("vainilla")
        COFFEE = "coffee", _("café")
        PLANTAIN = "plantain", _("plátano")
        CASSAVA = "cassava", _("yuca")
        FRUIT = "fruit", _("frutales")
        TIMBER = "timber", _("madera")
        CINNAMON = "cinnamon", _("canela o ishpingo")
        OTHER = "other", _("otro cultivo")

    chakra = models.ForeignKey(
        Chakra, models.PROTECT, related_name="crops", verbose_name=_("chakra")
    )
    crop = models.CharField(_("cultivo"), max_length=10, choices=Crop)
    variety = LineField(_("variedad"), max_length=60, blank=True)
    area_ha = models.DecimalField(
        _("área (ha)"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    plants = models.PositiveIntegerField(_("plantas"), null=True, blank=True)
    planted_in = models.PositiveSmallIntegerField(
        _("sembrado en"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2200)],
        help_text=_("El año."),
    )

    objects: ClassVar[ChakraCropQuerySet] = ChakraCropQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("cultivo de una chakra")
        verbose_name_plural = _("cultivos de las chakras")
        ordering: ClassVar[list[str]] = ["chakra", "crop", "variety"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["chakra", "crop", "variety"],
                name="one_line_a_chakra_crop_and_variety",
                violation_error_message=_("Ese cultivo y esa variedad ya están en la lista."),
            ),
            models.CheckConstraint(
                condition=models.Q(area_ha=None) | models.Q(area_ha__gt=0),
                name="a_crop_has_an_area",
                violation_error_message=_("El área de un cultivo es mayor que cero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_crop_display()} {self.variety}".rstrip()


class ChakraPhotograph(models.Model):
    """A photograph of a chakra: what it looked like on a day."""

    chakra = models.ForeignKey(
        Chakra, models.PROTECT, related_name="photographs", verbose_name=_("chakra")
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", verbose_name=_("fotografía")
    )
    taken_on = models.DateField(_("tomada el"))
    caption = LineField(_("qué se ve"), max_length=120, blank=True)

    objects: ClassVar[ChakraPhotographQuerySet] = ChakraPhotographQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("fotografía de una chakra")
        verbose_name_plural = _("fotografías de las chakras")
        ordering: ClassVar[list[str]] = ["chakra", "-taken_on", "id"]

    def __str__(self) -> str:
        return self.caption or str(self.taken_on)


class ChakraConflict(models.Model):
    """Two families' boundaries lie on each other: open until somebody decides, and why.

    While it is open, neither of the two chakras can become verified. One that was verified before
    stays so, in dispute and shown as such: a neighbour's drawing alone takes nobody's verification.
    """

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("se corrigió un lindero")
        TOLERATED = "tolerated", _("es error de medida, se acepta")
        SHARED = "shared", _("las familias lo comparten de acuerdo")
        DECIDED = "decided", _("la comunidad decidió de quién es")
        GIVEN_UP = "given_up", _("una de las chakras se dejó")

    one = models.ForeignKey(
        Chakra, models.PROTECT, related_name="conflicts_as_one", verbose_name=_("chakra")
    )
    other = models.ForeignKey(
        Chakra, models.PROTECT, related_name="conflicts_as_other", verbose_name=_("otra chakra")
    )
    overlap_m2 = models.DecimalField(_("encima (m²)"), max_digits=12, decimal_places=2)
    overlap = models.JSONField(_("parte común"), default=list)
    found_on = models.DateField(_("encontrado el"))
    outcome = models.CharField(_("resultado"), max_length=10, choices=Outcome, blank=True)
    decided_on = models.DateField(_("decidido el"), null=True, blank=True)
    decision = NoteField(_("qué se decidió y por qué"), blank=True, max_length=1000)

    objects: ClassVar[ChakraConflictQuerySet] = ChakraConflictQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("conflicto de linderos")
        verbose_name_plural = _("conflictos de linderos")
        ordering: ClassVar[list[str]] = ["decided_on", "-overlap_m2", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=models.Q(decided_on=None),
                name="one_open_conflict_a_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")),
                name="a_pair_has_one_order",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_on=None, outcome="", decision="")
                | (
                    models.Q(decided_on__isnull=False)
                    & ~models.Q(outcome="")
                    & ~models.Q(decision="")
                ),
                name="a_decision_has_its_outcome_and_reason",
                violation_error_message=_("Una decisión lleva el resultado y la razón."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.one.code} / {self.other.code}"

    def get_absolute_url(self) -> str:
        return reverse("members:conflict", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.decided_on is None
