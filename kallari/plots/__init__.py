"""Plots for dashboards and reports: drawn on the server as SVG, their numbers in a table beneath.

    plot = Bars(
        key="partners-by-community",
        title=_("Socias y socios por comunidad"),
        label_heading=_("Comunidad"),
        labels=["Santa Rita", "Tamia Yura"],
        series=[Series(_("Mujeres"), [18, 9]), Series(_("Hombres"), [12, None])],
        unit=_("personas"),
        as_of=_("Al 23 de noviembre de 2026"),
    )

    {% include "kallari/components/plot.html" with plot=plot %}

Values are whole numbers or Decimal; None is not known, which is drawn as a gap and never as zero.
Every plot is drawn twice, for a phone and for a desk or paper; the stylesheet shows the one that
fits the place. Nothing inline but geometry: colors and type come from the stylesheet.
"""

from kallari.plots.bars import Bars
from kallari.plots.base import MOST_SERIES, Plot, Row, Series, Table, Value
from kallari.plots.columns import Columns
from kallari.plots.flow import Flow, Ribbon, Station
from kallari.plots.lines import Lines, Sparkline
from kallari.plots.pyramid import Pyramid
from kallari.plots.share import Share, percents

__all__ = [
    "MOST_SERIES",
    "Bars",
    "Columns",
    "Flow",
    "Lines",
    "Plot",
    "Pyramid",
    "Ribbon",
    "Row",
    "Series",
    "Share",
    "Sparkline",
    "Station",
    "Table",
    "Value",
    "percents",
]
