"""Invented chakras around the communities: none was surveyed, none is anybody's."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kallari.demo import UNTIL, Scale
from kallari.history.bulk import bulk_create_with_history, bulk_update_with_history
from members.demo.places import APPROXIMATE_CENTERS
from members.geometry import measures
from members.geometry.validity import check
from members.models import Chakra, ChakraConflict, ChakraCrop, ChakraGeometry

if TYPE_CHECKING:
    from random import Random

    from kallari.demo import DemoContext
    from members.models import Family

REASON = "datos de demostración"
METRES_PER_DEGREE = 111_320
CELL_M = 290
"""Every chakra lies in a cell of its own; the largest is smaller than it."""
SHARE_WITH_SECOND = 130 / 850
SHARE_OF_POINTS = 0.08
SHARE_UNPLACED = 0.02
SHARE_MEASURED_TWICE = 0.05
SHARE_REACHING_OVER = {Scale.SMALL: 0.15, Scale.FULL: 0.012}
"""Boundaries drawn into a neighbour's; among few chakras more, so that there is one to look at."""
NAMES = ("La loma", "Junto al río", "El estero", "La playa", "De la abuela", "El guadual", "")


@dataclass
class Made:
    """What is written at the end, table by table."""

    chakras: list[Chakra] = field(default_factory=list)
    geometries: list[ChakraGeometry] = field(default_factory=list)
    crops: list[ChakraCrop] = field(default_factory=list)


def load(context: DemoContext) -> None:
    """Give the families chakras; later themes find ``loaded["chakras"]``, those with a place."""
    chance = context.random("chakras")
    today = UNTIL
    made = Made()
    cells = {name: _cells(*center) for name, center in APPROXIMATE_CENTERS.items()}
    families: list[Family] = context.loaded["families"]
    seconds = set(chance.sample(range(len(families)), round(len(families) * SHARE_WITH_SECOND)))
    reaching_over = SHARE_REACHING_OVER[context.scale]
    number = 0
    for place, family in enumerate(families):
        for _which in range(2 if place in seconds else 1):
            number += 1
            center = next(cells[family.community.name])
            _take_down(made, chance, family, number, center, today, reaching_over)
    bulk_create_with_history(made.chakras, actor=None, reason=REASON)
    bulk_create_with_history(made.geometries, actor=None, reason=REASON)
    bulk_create_with_history(made.crops, actor=None, reason=REASON)
    _conflicts(made, today)
    _verify(made, chance)
    placed = {one.chakra_id for one in made.geometries}
    context.loaded["chakras"] = [one for one in made.chakras if one.pk in placed]


def _cells(longitude: float, latitude: float) -> Iterator[tuple[float, float]]:
    """Middles of cells around a village, the nearest first, the village itself left free."""
    reach = 9
    grid = [
        (column, row)
        for column in range(-reach, reach + 1)
        for row in range(-reach, reach + 1)
        if column or row
    ]
    for column, row in sorted(grid, key=lambda at: (at[0] ** 2 + at[1] ** 2, at)):
        yield (
            longitude + column * CELL_M / _metres_of_longitude(latitude),
            latitude + row * CELL_M / METRES_PER_DEGREE,
        )


def _metres_of_longitude(latitude: float) -> float:
    return METRES_PER_DEGREE * math.cos(math.radians(latitude))


def _take_down(
    made: Made,
    chance: Random,
    family: Family,
    number: int,
    center: tuple[float, float],
    today: date,
    reaching_over: float,
) -> None:
    hectares = min(max(chance.lognormvariate(0.45, 0.55), 0.3), 5.4)
    chakra = Chakra(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        number=number,
        family=family,
        name=chance.choice(NAMES),
        declared_area_ha=Decimal(
            f"{round(hectares * chance.uniform(0.85, 1.2) * 2) / 2 or 0.5:.4f}"
        ),
        tenure=chance.choices(Chakra.Tenure.values, weights=[30, 45, 15, 8, 2])[0],
        shade=chance.choices(Chakra.Shade.values, weights=[3, 22, 55, 20])[0],
        species_count=max(12, round(chance.gauss(62, 20))) if chance.random() < 0.6 else None,
    )
    made.chakras.append(chakra)
    _plant(made, chance, chakra, hectares)
    lot = chance.random()
    if lot < SHARE_UNPLACED:
        return
    captured_on = today - timedelta(days=chance.randrange(20, 700))
    if lot < SHARE_UNPLACED + SHARE_OF_POINTS:
        chakra.declared_area_ha = min(chakra.declared_area_ha or Decimal(1), Decimal(4))
        point = {"type": "Point", "coordinates": list(center)}
        made.geometries.append(_version(chakra, point, captured_on, chance))
        return
    boundary = _boundary(chance, center, hectares)
    if chance.random() < reaching_over:
        boundary = _boundary(chance, center, 16)  # reaches into the neighbour's
    version = 1
    if chance.random() < SHARE_MEASURED_TWICE:
        earlier = _boundary(chance, center, hectares)
        first = _version(chakra, earlier, captured_on - timedelta(days=400), chance)
        first.is_current = False
        made.geometries.append(first)
        version = 2
    made.geometries.append(_version(chakra, boundary, captured_on, chance, version))


def _boundary(chance: Random, center: tuple[float, float], hectares: float) -> dict[str, Any]:
    """An irregular outline of about that many hectares, walked corner by corner."""
    corners = chance.randrange(7, 16)
    radius = math.sqrt(hectares * 10_000 / math.pi)
    stretch = chance.uniform(0.8, 1.1)
    turned = chance.uniform(0, math.pi)
    ring = []
    for corner in range(corners):
        angle = 2 * math.pi * (corner + chance.uniform(-0.3, 0.3)) / corners
        reach = radius * chance.uniform(0.82, 1.08)
        x, y = reach * math.cos(angle) * stretch, reach * math.sin(angle) / stretch
        east = x * math.cos(turned) - y * math.sin(turned)
        north = x * math.sin(turned) + y * math.cos(turned)
        ring.append(
            [
                round(center[0] + east / _metres_of_longitude(center[1]), 6),
                round(center[1] + north / METRES_PER_DEGREE, 6),
            ]
        )
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _version(
    chakra: Chakra,
    geometry: Mapping[str, Any],
    captured_on: date,
    chance: Random,
    version: int = 1,
) -> ChakraGeometry:
    checked = check(dict(geometry), declared_area_ha=chakra.declared_area_ha)
    box = measures.box(checked.geometry)
    polygon = checked.geometry["type"] == ChakraGeometry.Kind.POLYGON
    method = ChakraGeometry.Method.WALK if polygon else ChakraGeometry.Method.GPS
    return ChakraGeometry(
        chakra=chakra,
        version=version,
        kind=checked.geometry["type"],
        geometry=checked.geometry,
        area_ha=checked.area_ha,
        perimeter_m=measures.perimeter_m(checked.geometry) if polygon else None,
        west=Decimal(f"{box.west:.6f}"),
        south=Decimal(f"{box.south:.6f}"),
        east=Decimal(f"{box.east:.6f}"),
        north=Decimal(f"{box.north:.6f}"),
        method=method,
        accuracy_m=Decimal(f"{chance.uniform(3, 14):.1f}"),
        captured_on=captured_on,
        captured_by="Wilmer Calapucha Tapuy",
    )


def _plant(made: Made, chance: Random, chakra: Chakra, hectares: float) -> None:
    cocoa = hectares * chance.uniform(0.4, 0.8)
    lines: list[tuple[str, str, float, int]] = [
        ("cocoa", chance.choice(("Nacional", "Nacional", "CCN-51")), cocoa, round(cocoa * 700))
    ]
    if chance.random() < 0.55:
        guayusa = hectares * chance.uniform(0.05, 0.2)
        lines.append(("guayusa", "", guayusa, round(guayusa * 900)))
    if chance.random() < 0.18:
        lines.append(("vanilla", chance.choice(("odorata", "planifolia")), 0.1, 60))
    if chance.random() < 0.7:
        lines.append(("plantain", "", hectares * 0.08, 80))
    made.crops += [
        ChakraCrop(
            chakra=chakra,
            crop=crop,
            variety=variety,
            area_ha=Decimal(f"{max(area, 0.01):.4f}"),
            plants=plants,
            planted_in=chance.randrange(1998, 2023),
        )
        for crop, variety, area, plants in lines
    ]


def _conflicts(made: Made, today: date) -> None:
    """What lies on what, as `members.services.chakras` would have found it."""
    present = {
        one.chakra_id: one.geometry
        for one in made.geometries
        if one.is_current and one.kind == ChakraGeometry.Kind.POLYGON
    }
    family_of = {one.pk: one.family_id for one in made.chakras}
    found = [
        ChakraConflict(
            one_id=min(one, other),
            other_id=max(one, other),
            overlap_m2=area,
            overlap=measures.overlap(present[one], present[other]),
            found_on=today - timedelta(days=12),
        )
        for one, other, area in measures.overlapping_pairs(present, above_m2=Decimal(1))
        if family_of[one] != family_of[other]
    ]
    for conflict in found[::3]:
        conflict.outcome = ChakraConflict.Outcome.SHARED
        conflict.decided_on = today - timedelta(days=3)
        conflict.decision = "Las dos familias lo acordaron en la asamblea de la comunidad."
    bulk_create_with_history(found, actor=None, reason=REASON)


def _verify(made: Made, chance: Random) -> None:
    disputed = set(ChakraConflict.objects.undecided().values_list("one", flat=True)) | set(
        ChakraConflict.objects.undecided().values_list("other", flat=True)
    )
    placed = {one.chakra_id for one in made.geometries if one.is_current}
    decided = []
    for chakra in made.chakras:
        lot = chance.random()
        if chakra.pk not in placed or lot > 0.88:
            continue
        if lot > 0.86:
            chakra.state = Chakra.State.SUSPENDED
        elif chakra.pk in disputed:
            continue
        else:
            chakra.state = Chakra.State.VERIFIED
        decided.append(chakra)
    bulk_update_with_history(decided, ["state"], actor=None, reason="visita de verificación")
