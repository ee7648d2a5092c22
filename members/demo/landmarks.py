"""Rivers sketched by eye and about where the centers stand: nothing here was surveyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kallari.history.bulk import bulk_create_with_history
from members.demo.places import APPROXIMATE_CENTERS, SKETCHED_RIVERS
from members.geometry.landmarks import check_landmark
from members.models import Landmark

if TYPE_CHECKING:
    from kallari.demo import DemoContext

SOURCE = "Croquis de la demostración, sin medir"


def load(context: DemoContext) -> None:
    """Put rivers and centers on the maps."""
    rivers = [
        Landmark(
            kind=Landmark.Kind.RIVER,
            name=name,
            geometry=check_landmark(
                {"type": "LineString", "coordinates": [list(place) for place in course]}
            ),
            source=SOURCE,
        )
        for name, course in SKETCHED_RIVERS.items()
    ]
    centers = [
        Landmark(
            kind=Landmark.Kind.CENTER,
            name=name,
            geometry=check_landmark({"type": "Point", "coordinates": list(place)}),
            source=SOURCE,
        )
        for name, place in APPROXIMATE_CENTERS.items()
    ]
    bulk_create_with_history([*rivers, *centers], actor=None, reason="datos de demostración")
