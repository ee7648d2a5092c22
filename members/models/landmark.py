"""What helps to find one's way on a map: rivers, roads, borders, centers of communities."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kallari.history.records import History
from kallari.text import LineField
from members.geometry.landmarks import check_landmark
from members.querysets.landmarks import LandmarkQuerySet


class Landmark(models.Model):
    """A river, a road, a border or a center, drawn under the chakras. It decides nothing: where a
    chakra lies, its own boundary says."""

    class Kind(models.TextChoices):
        RIVER = "river", _("río")
        ROAD = "road", _("camino")
        BORDER = "border", _("límite")
        CENTER = "center", _("centro de la comunidad")

    class Shape(models.TextChoices):
        POINT = "Point", _("punto")
        LINE = "LineString", _("línea")
        POLYGON = "Polygon", _("polígono")

    kind = models.CharField(_("clase"), max_length=8, choices=Kind)
    name = LineField(_("nombre"), max_length=80)
    geometry = models.JSONField(
        _("geometría"), help_text=_("GeoJSON: longitud y latitud en WGS 84.")
    )
    source = LineField(
        _("fuente"),
        max_length=200,
        help_text=_("De qué mapa o de quién se tomó; si es un croquis, dígalo."),
    )

    objects: ClassVar[LandmarkQuerySet] = LandmarkQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("referencia del mapa")
        verbose_name_plural = _("referencias del mapa")
        ordering: ClassVar[list[str]] = ["kind", "name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="one_landmark_a_kind_and_name",
                violation_error_message=_("Ya hay una referencia de esa clase con ese nombre."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="center", geometry__type="Point")
                | (~models.Q(kind="center") & ~models.Q(geometry__type="Point")),
                name="a_center_is_a_point_and_nothing_else_is",
                violation_error_message=_(
                    "Un centro se marca con un punto; ríos, caminos y límites, con una línea o un "
                    "polígono."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def clean(self) -> None:
        """Keep the geometry as it is drawn: its positions alone, in Ecuador.

        Raises:
            ValidationError: what `check_landmark` refuses.
        """
        try:
            self.geometry = check_landmark(self.geometry)
        except ValidationError as refusal:
            raise ValidationError({"geometry": refusal}) from refusal
