"""What the center found in its lots: cut tests of the newest lots of dry cocoa, cadmium of those
that were packed for export."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harvests.grading import CLASSES
from harvests.models import LabResult, Lot
from harvests.services.quality import note_lab_result, note_quality_test, replace_quality_test
from harvests.services.usual_grades import add_usual_grades
from members.demo import invented

if TYPE_CHECKING:
    from random import Random

    from kallari.demo import DemoContext

LABORATORY = "Laboratorio de Alimentos de Quito"
SPREAD = ((74, 8), (9, 3), (10, 3), (4, 2), (0, 1), (1, 1), (0, 1))
"""Of each class but the last: how many beans, and how many more there may be. The rest is flat."""
TESTED = 40
"""Of the dry lots, the newest."""
NOT_FERMENTED = 26
"""Beans that a lot of rushed fermentation has violet instead of brown."""


def load(context: DemoContext) -> None:
    """Test the lots in the order in which they came out; one test is corrected."""
    chance = context.random("quality")
    operator = context.loaded["users"]["acopio"]
    add_usual_grades(actor=context.loaded["users"]["administracion"])
    lots = Lot.objects.filter(form__code="seco").select_related("form__product", "variety")
    test = None
    newest = lots.order_by("-made_at", "-number")[:TESTED]
    for lot in reversed(newest):
        test = note_quality_test(
            actor=operator,
            lot=lot,
            key=invented.key(chance),
            tested_at=lot.made_at + timedelta(hours=2),
            sampler=operator.get_full_name(),
            beans_weight_g=Decimal(chance.randrange(11_800, 14_200)) / 100,
            moisture_percent=Decimal(chance.randrange(66, 79)) / 10,
            foreign_matter_percent=Decimal(chance.randrange(5, 90)) / 100,
            **_cut(chance),
        )
    if test is not None:
        replace_quality_test(
            actor=operator,
            test=test,
            key=invented.key(chance),
            why="Se anotó la humedad de otro lote.",
            moisture_percent=Decimal("7.1"),
        )
    for lot in context.loaded["lots"]:
        note_lab_result(
            actor=operator,
            lot=lot,
            key=invented.key(chance),
            substance=LabResult.Substance.CADMIUM,
            value_mg_kg=Decimal(chance.randrange(18, 95)) / 100,
            laboratory=LABORATORY,
            report_number=f"LAQ-{lot.made_at.year}-{chance.randrange(1000, 9999)}",
            sampled_on=(lot.made_at + timedelta(days=1)).date(),
            reported_on=(lot.made_at + timedelta(days=12)).date(),
        )


def _cut(chance: Random) -> dict[str, Any]:
    """A hundred beans; one lot in eight was fermented in a hurry."""
    beans = [usual + chance.randrange(-more, more + 1) for usual, more in SPREAD]
    beans = [max(0, one) for one in beans]
    if chance.random() < 0.125:
        beans[0] -= NOT_FERMENTED
        beans[2] += NOT_FERMENTED
    beans[0] -= max(0, sum(beans) - 100)
    return dict(zip(CLASSES, [*beans, 100 - sum(beans)], strict=True))
