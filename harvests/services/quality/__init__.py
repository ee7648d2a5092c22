"""What is found in samples and reported by laboratories. Nothing of it changes afterwards: a
correction is another row in the place of the first."""

from harvests.services.quality.laboratory import note_lab_result, replace_lab_result
from harvests.services.quality.samples import (
    MEASURES,
    TOLD,
    add_quality_photograph,
    completed,
    note_quality_test,
    product_of,
    regrade_quality_test,
    replace_quality_test,
    reviewed,
    table_for,
)

__all__ = [
    "MEASURES",
    "TOLD",
    "add_quality_photograph",
    "completed",
    "note_lab_result",
    "note_quality_test",
    "product_of",
    "regrade_quality_test",
    "replace_lab_result",
    "replace_quality_test",
    "reviewed",
    "table_for",
]
