"""The usual table of grades: NTE INEN 176, edition of 2006, as it is recalled.

Every figure is unconfirmed until somebody of the association compares it with the norm; a newer
edition has grades 1 to 3, and is entered as another table.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from harvests.models import GradeEdition, Product, Variety
from harvests.services import grade_tables
from kallari.history.context import acting

if TYPE_CHECKING:
    from kallari.accounts.models import User

NAME, EDITION = "NTE INEN 176", "2006"
_SOURCE = "NTE INEN 176 (2006), de memoria; falta compararla con la norma"
_NOTE = (
    "Por cada cien granos. El peso mayor de cada grado se muestra como lo dice la norma y no limita"
    " nada: granos más pesados no bajan de grado. Una edición más nueva tiene grados del 1 al 3."
)
_REASON = "Tabla usual que viene con el programa"

GRADES: tuple[tuple[str, str, str | None, tuple[int, ...]], ...] = (
    ("ASSPS", "Arriba Superior Summer Plantación Selecta", None, (135, 140, 75, 85, 10, 4, 1)),
    ("ASSS", "Arriba Superior Summer Selecto", None, (130, 135, 65, 75, 15, 9, 1)),
    ("ASS", "Arriba Superior Selecto", None, (120, 125, 60, 65, 21, 12, 2)),
    ("ASN", "Arriba Superior Navidad", None, (110, 115, 44, 54, 25, 18, 3)),
    ("ASE", "Arriba Superior Época", None, (105, 110, 26, 53, 25, 18, 4)),
    ("CCN-51", "CCN-51", "ccn51", (135, 140, 65, 76, 18, 5, 1)),
)
"""Code, name, variety's code; grams of 100 beans from, to; well fermented and fermented at least;
violet, slaty, mouldy at most. Best first."""

_FIELDS = (
    "weight_min_g",
    "weight_max_g",
    "well_fermented_min",
    "fermented_min",
    "violet_max",
    "slaty_max",
    "mouldy_max",
)


@transaction.atomic
def add_usual_grades(*, actor: User | None) -> GradeEdition:
    """Enter and publish the usual table; where cocoa has one from the same day, that stays.

    Raises:
        ValidationError: ``no_cocoa``: the usual catalogue comes first.
    """
    with acting(actor):
        product = Product.objects.filter(code="cacao").first()
        if product is None:
            raise ValidationError(
                _("Primero ponga el cacao en el catálogo de productos."), code="no_cocoa"
            )
        there = GradeEdition.objects.filter(product=product, valid_from=None).first()
        if there is not None:
            return there
        varieties = {one.code: one for one in Variety.objects.filter(product=product)}
        made = grade_tables.draft_edition(
            actor=actor, product=product, name=NAME, edition=EDITION, source=_SOURCE, note=_NOTE
        )
        for position, (code, name, variety, figures) in enumerate(GRADES, 1):
            if variety is not None and variety not in varieties:
                continue
            limits: dict[str, Any] = {
                field: Decimal(figure) for field, figure in zip(_FIELDS, figures, strict=True)
            }
            grade_tables.add_grade(
                actor=actor,
                edition=made,
                position=position,
                code=code,
                name=name,
                variety=varieties[variety] if variety is not None else None,
                **limits,
            )
        return grade_tables.publish_edition(actor=actor, edition=made, reason=_REASON)
