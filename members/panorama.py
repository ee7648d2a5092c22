"""The plots of the dashboard: what `members.reports` adds up, in words and drawings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kallari.plots import Bars, Columns, Lines, Plot, Pyramid, Series
from members.models import Certificate
from members.reports import AGES, WAITING, Register, month_ends
from members.rules import EXPIRY_WARNING_DAYS


@dataclass(frozen=True)
class Ending:
    """A certificate and how long it still runs on the day of the report."""

    certificate: Certificate
    days: int
    badge: str


class Panorama:
    """All that the page shows of one `Register`; each part asks when it is looked at."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.day = register.day

    @cached_property
    def as_of(self) -> str:
        return _("Al %(day)s") % {"day": date_format(self.day)}

    @cached_property
    def totals(self) -> dict[str, Any]:
        """Members, women and their share, suspended."""
        told = self.register.totals()
        members = told["members"]
        told["share"] = Decimal(100 * told["women"]) / members if members else None
        return told

    def _link(self, community: int) -> str:
        told = {"fecha": self.day.isoformat(), "comunidad": community}
        return f"{reverse('members:panorama')}?{urlencode(told)}"

    # --- Plots ------------------------------------------------------------------------------------

    @cached_property
    def by_community(self) -> Plot:
        rows = self.register.partners_by_community()
        series = [
            Series(_("Mujeres"), [row["women"] for row in rows]),
            Series(_("Hombres"), [row["men"] for row in rows]),
        ]
        if any(row["other"] for row in rows):
            series.append(Series(_("Otro o sin anotar"), [row["other"] for row in rows]))
        return Bars(
            key="comunidades",
            title=_("Socias y socios por comunidad"),
            label_heading=_("Comunidad"),
            labels=[row["name"] for row in rows],
            links=[self._link(row["community"]) for row in rows],
            series=series,
            unit=_("personas"),
            as_of=self.as_of,
            with_total=True,
        )

    @cached_property
    def by_age(self) -> Plot:
        bands = self.register.partners_by_age()
        return Pyramid(
            key="edades",
            title=_("Socias y socios por edad y sexo"),
            label_heading=_("Edad"),
            labels=[_band(least, below) for least, below in AGES],
            series=[
                Series(_("Mujeres"), [one.women for one in bands]),
                Series(_("Hombres"), [one.men for one in bands]),
            ],
            unit=_("personas"),
            as_of=self.as_of,
            with_total=True,
        )

    @cached_property
    def growth(self) -> Plot:
        first = self.totals["first_on"]
        rows = self.register.growth(month_ends(first, self.day)) if first else []
        return Lines(
            key="crecimiento",
            title=_("Cómo ha crecido la asociación"),
            label_heading=_("Fin de mes"),
            labels=[date_format(day, "SHORT_YEAR_MONTH_FORMAT") for day, _members, _women in rows],
            series=[
                Series(_("Todas y todos"), [members for _day, members, _women in rows]),
                Series(_("Mujeres"), [women for _day, _members, women in rows]),
            ],
            unit=_("personas con registro"),
            as_of=_("hasta el %(day)s") % {"day": date_format(self.day)},
        )

    @cached_property
    def waiting(self) -> Plot:
        counts, oldest = self.register.applicants_waiting()
        as_of = self.as_of
        if oldest is not None:
            as_of = _("%(as_of)s; la solicitud más antigua es del %(day)s") % {
                "as_of": as_of,
                "day": date_format(oldest),
            }
        return Columns(
            key="aspirantes",
            title=_("Aspirantes que esperan una respuesta"),
            label_heading=_("Desde hace"),
            labels=[_waited(least, below) for least, below in WAITING],
            series=[Series(_("Aspirantes"), counts)],
            unit=_("personas"),
            as_of=as_of,
            with_total=True,
        )

    @cached_property
    def certification(self) -> Plot:
        rows = self.register.certification_by_scheme()
        return Bars(
            key="certificacion",
            title=_("Chakras por estado de certificación"),
            label_heading=_("Esquema"),
            labels=[row["scheme_name"] for row in rows],
            series=[
                Series(_("Certificadas"), [row["certified"] for row in rows]),
                Series(_("En transición"), [row["transition"] for row in rows]),
                Series(_("Suspendidas"), [row["suspended"] for row in rows]),
                Series(_("Excluidas"), [row["excluded"] for row in rows]),
            ],
            unit=_("chakras"),
            as_of=self.as_of,
        )

    @cached_property
    def _chakras(self) -> list[dict[str, Any]]:
        return self.register.chakras_by_community()

    @cached_property
    def area(self) -> Plot:
        rows = self._chakras
        return Bars(
            key="area",
            title=_("Área de las chakras por comunidad"),
            label_heading=_("Comunidad"),
            labels=[row["name"] for row in rows],
            links=[self._link(row["community"]) for row in rows],
            series=[Series(_("Área"), [row["sum_ha"] for row in rows])],
            unit=_("hectáreas"),
            digits=1,
            as_of=_("%(as_of)s, de %(count)s chakras medidas")
            % {"as_of": self.as_of, "count": sum(row["chakras"] for row in rows)},
            with_total=True,
        )

    @cached_property
    def chakras(self) -> dict[str, Any]:
        """How many were measured, and their area together."""
        return {
            "count": sum(row["chakras"] for row in self._chakras),
            "area_ha": sum((row["sum_ha"] for row in self._chakras), Decimal(0)),
        }

    # --- What waits and what ends -----------------------------------------------------------------

    @cached_property
    def conflicts(self) -> dict[str, Any]:
        return self.register.conflicts()

    @cached_property
    def warning_days(self) -> tuple[int, ...]:
        """How long before the end there is a warning, the longest first; see the rule."""
        return tuple(sorted(EXPIRY_WARNING_DAYS.on(self.day), reverse=True)) or (0,)

    @cached_property
    def endings(self) -> list[Ending]:
        """The newest certificate of each scheme, the one that ends first above."""
        found = []
        for certificate in self.register.certificates():
            days = (certificate.valid_until - self.day).days
            if days < 0:
                badge = "bad"
            else:
                badge = "waiting" if days <= self.warning_days[0] else "good"
            found.append(Ending(certificate, days, badge))
        return found

    @cached_property
    def actions(self) -> dict[str, int]:
        """Corrective actions not fulfilled yet."""
        return self.register.corrective_actions(self.warning_days[-1])


PLOTS: dict[str, Callable[[Panorama], Plot]] = {
    "comunidades": lambda panorama: panorama.by_community,
    "edades": lambda panorama: panorama.by_age,
    "crecimiento": lambda panorama: panorama.growth,
    "aspirantes": lambda panorama: panorama.waiting,
    "certificacion": lambda panorama: panorama.certification,
    "area": lambda panorama: panorama.area,
}
"""By the name in the address of their files."""


def _band(least: int, below: int | None) -> str:
    if least == 0:
        return _("hasta %(age)s") % {"age": (below or 1) - 1}
    if below is None:
        return _("%(age)s o más") % {"age": least}
    return f"{least}–{below - 1}"


def _waited(least: int, below: int | None) -> str:
    if below is None:
        return ngettext("%(days)s día o más", "%(days)s días o más", least) % {"days": least}
    if least == 0:
        return _("menos de %(days)s días") % {"days": below}
    return _("%(least)s a %(most)s días") % {"least": least, "most": below - 1}
