"""Samples that are tested, and what laboratories report, as the services make them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from harvests.models import GradeEdition, LabResult, QualityTest
from harvests.services import grade_tables, quality
from harvests.services.usual_grades import add_usual_grades
from tests.harvests import works

ASSS: dict[str, Any] = {
    "well_fermented": 68,
    "slightly_fermented": 10,
    "violet": 14,
    "slaty": 7,
    "mouldy": 1,
    "beans_weight_g": Decimal("131.50"),
}
"""A hundred beans of the second grade of NTE INEN 176 (2006): above 65 and 75, within 15, 9 and 1;
for the first lack 75 and 85 fermented, 135 g, and 14 and 7 are above 10 and 4."""


def tasted() -> Any:
    """`works.workshop` with the usual table of grades and one lot of dry cocoa."""
    world = works.workshop()
    world.table = add_usual_grades(actor=None)
    world.delivery = works.handed_in(world)
    world.lot = works.dry(world, world.delivery, kg="39")
    return world


def noted(world: Any, **told: Any) -> QualityTest:
    """A test of the lot, of a hundred beans, unless told otherwise."""
    if not {"lot", "batch", "delivery"} & set(told):
        told["lot"] = world.lot
    return quality.note_quality_test(actor=world.operator, **{**ASSS, **told})


def newer(world: Any, *, valid_from: date | None = None, **told: Any) -> GradeEdition:
    """A later table with the one grade «1», in force from today on."""
    table = grade_tables.draft_edition(
        actor=None,
        product=world.cacao,
        name="NTE INEN 176",
        edition="2021",
        valid_from=valid_from or timezone.localdate(),
        source="Invención de las pruebas",
    )
    limits = {"fermented_min": Decimal(70), **told}
    grade_tables.add_grade(
        actor=None, edition=table, position=1, code="1", name="Grado 1", **limits
    )
    return grade_tables.publish_edition(actor=None, edition=table, reason="Rige desde hoy.")


def cadmium(world: Any, value: str = "0.31", **told: Any) -> LabResult:
    """What a laboratory found of cadmium in the lot."""
    today = timezone.localdate()
    return quality.note_lab_result(
        actor=world.operator,
        **{
            "lot": world.lot,
            "substance": "cadmium",
            "value_mg_kg": Decimal(value),
            "laboratory": "Laboratorio de Quito",
            "report_number": "LQ-2026-77",
            "sampled_on": today - timedelta(days=9),
            "reported_on": today - timedelta(days=1),
            **told,
        },
    )
