"""All that is told of where a lot comes from: summed up, drawn, line by line."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from harvests.genealogy import OriginLine, edges, origin_lines, upstream
from harvests.models import STRONGEST_FIRST, Batch, CertificationClass, Lot, StockMovement
from kallari.plots import Flow, Ribbon, Series, Station
from kallari.units import GRAM, apportioned

if TYPE_CHECKING:
    from kallari.plots import Plot

MOST_SOURCES = 14
MOST_LOTS = 8
"""How many communities, and lots of one step, a drawing names; the smaller ones stand together."""

LEAF, COCOA, RIVER, VANILLA = 2, 1, 3, 5
COLORS = {"organic": LEAF, "transition": VANILLA, "conventional": COCOA}


@dataclass(frozen=True, slots=True)
class Part:
    """What a lot holds of one community, or of one class."""

    key: Any
    name: str
    kg: Decimal
    share: Decimal
    """In percent."""
    deliveries: int
    families: int


class LotOrigin:
    """Where one lot comes from. What is asked once is kept."""

    def __init__(self, lot: Lot) -> None:
        self.lot = lot

    @cached_property
    def lines(self) -> list[OriginLine]:
        """Its deliveries, the greatest part first."""
        return origin_lines(self.lot)

    @cached_property
    def made_kg(self) -> Decimal:
        """What came out of its batch as it."""
        made = self.lot.movements.filter(kind=StockMovement.Kind.OUTPUT)
        return made.aggregate(kg=models.Sum("kg"))["kg"] or Decimal(0)

    @cached_property
    def communities(self) -> list[Part]:
        """By community, the greatest part first."""
        found = self._parts(lambda line: (line.community_id, line.community))
        return sorted(found, key=lambda part: (-part.kg, part.name))

    @cached_property
    def classes(self) -> list[Part]:
        """By the class in which it was handed in, the strongest first."""
        names = dict(CertificationClass.choices)
        found = self._parts(
            lambda line: (line.certification_class, str(names[line.certification_class]))
        )
        return sorted(found, key=lambda part: STRONGEST_FIRST.index(part.key))

    @cached_property
    def partner_kg(self) -> Decimal:
        """Kilos of partners' deliveries: those alone may be sold as Fairtrade."""
        return sum((line.kg for line in self.lines if line.is_partner), Decimal(0))

    @property
    def families(self) -> int:
        """Of how many families it is."""
        return len({line.family_id for line in self.lines})

    @cached_property
    def batches(self) -> list[Batch]:
        """All that was done on the way, the first first."""
        lots = upstream([self.lot.pk])
        rows = Batch.objects.filter(lots__in=lots).distinct()
        return list(rows.with_names().order_by("started_at", "pk"))

    def _parts(self, of: Callable[[OriginLine], tuple[Any, str]]) -> list[Part]:
        kilos: dict[tuple[Any, str], Decimal] = defaultdict(Decimal)
        families: dict[Any, set[uuid.UUID]] = defaultdict(set)
        count: dict[Any, int] = defaultdict(int)
        for line in self.lines:
            key = of(line)
            kilos[key] += line.kg
            families[key[0]].add(line.family_id)
            count[key[0]] += 1
        shares = apportioned(Decimal(100), list(kilos.values()), Decimal("0.1"))
        return [
            Part(key, name, kg, share, count[key], len(families[key]))
            for ((key, name), kg), share in zip(kilos.items(), shares, strict=True)
        ]

    # --- Drawn ------------------------------------------------------------------------------------

    @cached_property
    def flow(self) -> Plot:
        """From communities through lots to this one."""
        return _Drawing(self).flow()


class _Drawing:
    """Stations and ribbons of a lot's flow."""

    def __init__(self, origin: LotOrigin) -> None:
        self._origin = origin
        self._edges = edges(origin.lot)
        keys = {edge.lot for edge in self._edges} | {origin.lot.pk}
        self._lots = Lot.objects.select_related("form").in_bulk(keys)
        self._column = self._columns()
        self._stations: list[Station] = []
        self._at: dict[Any, int] = {}

    def flow(self) -> Plot:
        origin = self._origin
        self._add_communities()
        self._add_lots()
        sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        for edge in self._edges:
            start = self._at[edge.source_lot or ("community", edge.source_community)]
            sums[start, self._at[edge.lot]] += edge.share * origin.made_kg
        sources = [one for one in self._stations if one.column == 0]
        values = [
            sum((kg for (start, _end), kg in sums.items() if start == place), Decimal(0))
            for place in range(len(sources))
        ]
        whole = apportioned(origin.made_kg, values, GRAM)
        return Flow(
            key="origin",
            title=_("De las comunidades al lote %(code)s") % {"code": origin.lot.code},
            label_heading=_("Comunidad"),
            labels=[one.name for one in sources],
            series=[Series(_("Kilos del lote"), whole)],
            unit="kg",
            digits=3,
            with_total=True,
            links=[one.link for one in sources],
            stations=self._stations,
            ribbons=[
                Ribbon(start, end, kg)
                for (start, end), kg in sums.items()
                if self._stations[start].column < self._stations[end].column
            ],
        )

    def _columns(self) -> dict[uuid.UUID, int]:
        """How many steps lie between a lot and its first deliveries, at most."""
        sources: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for edge in self._edges:
            if edge.source_lot is not None:
                sources[edge.lot].append(edge.source_lot)
        found: dict[uuid.UUID, int] = {}

        def column(lot: uuid.UUID) -> int:
            if lot not in found:
                found[lot] = 1 + max((column(one) for one in sources[lot]), default=0)
            return found[lot]

        for key in self._lots:
            column(key)
        return found

    def _add_communities(self) -> None:
        parts = self._origin.communities
        named = parts if len(parts) <= MOST_SOURCES else parts[: MOST_SOURCES - 1]
        for part in named:
            self._at["community", part.key] = len(self._stations)
            link = reverse("members:community", args=[part.key])
            self._stations.append(Station(part.name, 0, COCOA, link))
        if rest := parts[len(named) :]:
            words = ngettext("otra comunidad", "otras %(count)s comunidades", len(rest))
            for part in rest:
                self._at["community", part.key] = len(self._stations)
            self._stations.append(Station(words % {"count": len(rest)}, 0, COCOA))

    def _add_lots(self) -> None:
        through: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
        for edge in self._edges:
            through[edge.lot] += edge.share
        by_column: dict[int, list[Lot]] = defaultdict(list)
        for key, lot in self._lots.items():
            if key != self._origin.lot.pk:
                by_column[self._column[key]].append(lot)
        for number in sorted(by_column):
            lots = sorted(by_column[number], key=lambda lot: (-through[lot.pk], lot.code))
            named = lots if len(lots) <= MOST_LOTS else lots[: MOST_LOTS - 1]
            for lot in named:
                self._station(lot, number)
            if rest := lots[len(named) :]:
                words = _("otros %(count)s lotes") % {"count": len(rest)}
                for lot in rest:
                    self._at[lot.pk] = len(self._stations)
                self._stations.append(Station(words, number, RIVER))
        self._station(self._origin.lot, max(self._column.values()))

    def _station(self, lot: Lot, column: int) -> None:
        self._at[lot.pk] = len(self._stations)
        self._stations.append(
            Station(
                lot.code,
                column,
                COLORS[lot.certification_class],
                reverse("harvests:lot", args=[lot.code]),
            )
        )


SHEET_HEADING = (
    gettext_lazy("Folio"),
    gettext_lazy("Kilos del lote"),
    gettext_lazy("Entregado (kg)"),
    gettext_lazy("Presentación"),
    gettext_lazy("Certificación"),
    gettext_lazy("Pesado el"),
    gettext_lazy("Familia"),
    gettext_lazy("Comunidad"),
    gettext_lazy("De socia o socio"),
)


def as_rows(lines: Iterable[OriginLine]) -> Iterable[list[Any]]:
    """The deliveries of a lot as rows of a spreadsheet, under `SHEET_HEADING`."""
    names = dict(CertificationClass.choices)
    for line in lines:
        yield [
            line.folio,
            line.kg,
            line.delivered_kg,
            line.form,
            str(names[line.certification_class]),
            line.weighed_on,
            line.family,
            line.community,
            _("sí") if line.is_partner else _("no"),
        ]
