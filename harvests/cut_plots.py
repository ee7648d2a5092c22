"""The picture of a cut test, and the figures beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from harvests.grading import CLASSES, size_of
from harvests.rules import BEAN_SIZES
from harvests.wording.quality import CLASS_NAMES, SIZE_NAMES
from kallari.plots import Bars, Series

if TYPE_CHECKING:
    from datetime import date

    from harvests.models import QualityTest


HUNDRED = 100


@dataclass(frozen=True)
class Share:
    """How many beans were of a class, and what part that is."""

    name: str
    beans: int
    percent: Decimal


def shares(test: QualityTest) -> list[Share]:
    """The classes of a cut test in their order, the empty ones too."""
    cut = test.cut
    if cut is None:
        return []
    return [
        Share(str(CLASS_NAMES[one]), getattr(cut, one), cut.percent(getattr(cut, one)))
        for one in CLASSES
    ]


def cut_plot(test: QualityTest) -> Bars | None:
    """A bar for each class, in percent of the beans that were cut."""
    cut = test.cut
    if cut is None:
        return None
    rows = shares(test)
    return Bars(
        key="corte",
        title=_("Prueba de corte"),
        label_heading=_("Clase"),
        labels=[one.name for one in rows],
        series=[Series(_("Parte"), [one.percent for one in rows])],
        unit="%",
        digits=0 if cut.counted == HUNDRED else 2,  # whole beans are whole percents
        as_of=_("%(beans)s granos cortados") % {"beans": cut.counted},
    )


def size_words(per_100g: int | None, day: date) -> str:
    """The size of beans by the classes in force on a day; nothing where nobody weighed them."""
    if per_100g is None:
        return ""
    return str(SIZE_NAMES[size_of(per_100g, BEAN_SIZES.on(day))])
