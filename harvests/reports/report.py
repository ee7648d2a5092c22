"""One report: what came in within a period, cut in every way, against the period before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from harvests.models import CertificationClass, CollectionCenter, ProductForm
from harvests.permissions.catalog import may_see_figures
from harvests.permissions.deliveries import may_see_values
from harvests.reports import drying, prices
from harvests.reports.periods import Period, Steps
from harvests.reports.totals import Scope, Tally, Totals, together
from harvests.rules import FAIRTRADE_FLOOR, FARM_GATE_COST_USD_QQ, FARM_GATE_COST_USD_T
from kallari.accounts.models import User
from members.models import Community, Partner, Person
from members.products import TradedProduct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

NO_PARTNER = "no-partner"
NOT_NOTED = "not-noted"


@dataclass(frozen=True)
class Measure:
    """What is drawn of a report: kilos or pieces of one product; of several, what can be added up
    at all."""

    name: str
    unit: str
    digits: int
    of: Callable[[Tally], int | Decimal]


@dataclass(frozen=True)
class Line:
    """One line of a breakdown: now and before."""

    label: str
    now: Tally
    before: Tally
    narrows: dict[str, int] | None = None
    """What the address of the report narrowed to this line says."""
    is_to_come: bool = False
    """Whether its days have not come."""


@dataclass(frozen=True)
class Breakdown:
    """The report cut by one thing."""

    key: str
    title: str
    heading: str
    lines: list[Line]
    measure: Measure
    counts_partners: bool = True
    """Whether the partners of each line are known."""
    is_in_time: bool = False

    @cached_property
    def total(self) -> Line:
        """What the lines add up to; for a property of every report to be tested."""
        return Line(
            _("Total"),
            together(line.now for line in self.lines),
            together(line.before for line in self.lines),
        )


class Report:
    """All that the page shows; each part is worked out when it is looked at."""

    def __init__(self, scope: Scope, period: Period) -> None:
        self.scope = scope
        self.period = period
        self.now = Totals(scope, period.now)
        self.before = Totals(scope, period.before)
        self.steps = Steps(max(period.whole.days, period.before.days))
        self.sees_money = may_see_values(scope.user)

    # --- What is counted --------------------------------------------------------------------------

    @cached_property
    def forms(self) -> dict[int, ProductForm]:
        """The forms that came in, now or before, in the order of the catalogue. One query."""
        came = self.now.by_form.keys() | self.before.by_form.keys()
        rows = ProductForm.objects.filter(pk__in=came).select_related("product")
        return {
            form.pk: form for form in rows.order_by("product__place", "product", "place", "name")
        }

    @cached_property
    def mixes(self) -> bool:
        """Whether several products came in, or kilos and pieces: neither adds up."""
        products = {form.product_id for form in self.forms.values()}
        weighed = {form.is_weighed for form in self.forms.values()}
        return len(products) > 1 or len(weighed) > 1

    @cached_property
    def measure(self) -> Measure:
        """What the drawings show: kilos and pieces are added up within a product alone."""
        if not self.mixes:
            if self.has_pieces:
                return Measure(_("Unidades"), _("unidades"), 0, lambda tally: tally.pieces)
            return Measure(_("Kilos"), _("kg"), 0, lambda tally: tally.kg)
        if self.sees_money:
            return Measure(_("Valor"), _("USD"), 0, lambda tally: tally.usd)
        return Measure(_("Entregas"), _("entregas"), 0, lambda tally: tally.deliveries)

    @cached_property
    def total(self) -> Line:
        return Line(_("Total"), self.now.all, self.before.all)

    @cached_property
    def has_pieces(self) -> bool:
        return bool(self.total.now.pieces or self.total.before.pieces)

    @cached_property
    def has_kilos(self) -> bool:
        return bool(self.total.now.kg or self.total.before.kg) or not self.has_pieces

    @property
    def is_empty(self) -> bool:
        """Whether nothing came in, neither now nor before."""
        return not (self.total.now.deliveries or self.total.before.deliveries)

    @cached_property
    def without_partner(self) -> int:
        """How many deliveries of the period came from families without a partner."""
        return self.now.by_partner.get(None, Tally()).deliveries

    # --- Breakdowns -------------------------------------------------------------------------------

    @cached_property
    def by_time(self) -> Breakdown:
        now = self.now.by_step(lambda day: self.steps.place(day, self.period.now))
        before = self.before.by_step(lambda day: self.steps.place(day, self.period.before))
        count = max(
            self.steps.count(self.period.whole), max((place + 1 for place in before), default=0)
        )
        labels = self.steps.labels(self.period.whole, count)
        come = self.steps.count(self.period.now) if self.period.is_running else count
        return self._breakdown(
            "tiempo",
            self.steps.title(),
            self.steps.heading(),
            [
                Line(
                    label,
                    now.get(place, Tally()),
                    before.get(place, Tally()),
                    is_to_come=place >= come,
                )
                for place, label in enumerate(labels)
            ],
            counts_partners=False,
            is_in_time=True,
        )

    @cached_property
    def by_form(self) -> Breakdown:
        names = {
            pk: form.name if self.scope.product else f"{form.product}: {form.name}"
            for pk, form in self.forms.items()
        }
        lines = [
            replace(line, narrows={"producto": self.forms[pk].product_id, "presentacion": pk})
            for pk, line in zip(
                names, self._lines(names, self.now.by_form, self.before.by_form), strict=True
            )
        ]
        return self._breakdown("presentaciones", _("Por presentación"), _("Presentación"), lines)

    @cached_property
    def by_community(self) -> Breakdown:
        now, before = self.now.by_community, self.before.by_community
        rows = Community.objects.filter(pk__in=now.keys() | before.keys())
        names = dict(rows.values_list("pk", "name"))
        lines = self._lines(names, now, before, "comunidad")
        return self._breakdown(
            "comunidades", _("Por comunidad"), _("Comunidad"), self._largest_first(lines)
        )

    @cached_property
    def by_center(self) -> Breakdown:
        now, before = self.now.by_center, self.before.by_center
        rows = CollectionCenter.objects.filter(pk__in=now.keys() | before.keys())
        lines = self._lines(dict(rows.values_list("pk", "name")), now, before, "centro")
        return self._breakdown(
            "centros",
            _("Por centro de acopio"),
            _("Centro de acopio"),
            self._largest_first(lines),
            counts_partners=False,
        )

    @cached_property
    def by_agent(self) -> Breakdown:
        now, before = self.now.by_agent, self.before.by_agent
        rows = User.objects.filter(pk__in=now.keys() | before.keys())
        names = {user.pk: str(user) for user in rows}
        return self._breakdown(
            "personas",
            _("Por quién recibió"),
            _("Quién recibió"),
            self._largest_first(self._lines(names, now, before)),
            counts_partners=False,
        )

    @cached_property
    def by_sex(self) -> Breakdown:
        names = {
            Person.Sex.FEMALE.value: _("Socias"),
            Person.Sex.MALE.value: _("Socios"),
            Person.Sex.OTHER.value: _("Otro"),
            NOT_NOTED: _("Sexo sin anotar"),
            NO_PARTNER: _("Sin socia o socio"),
        }
        now, before = self._by_sex(self.now), self._by_sex(self.before)
        return self._breakdown(
            "sexo",
            _("Por sexo de la socia o socio"),
            _("Quién entregó"),
            self._lines(names, now, before),
        )

    @cached_property
    def by_class(self) -> Breakdown:
        names = {one.value: str(one.label).capitalize() for one in CertificationClass}
        lines = self._lines(names, self.now.by_class, self.before.by_class)
        return self._breakdown(
            "certificacion", _("Por certificación"), _("Certificación ese día"), lines
        )

    def _by_sex(self, totals: Totals) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for partner, tally in totals.by_partner.items():
            sex = NO_PARTNER if partner is None else self._sexes.get(partner) or NOT_NOTED
            found.setdefault(sex, Tally()).take(tally)
        return found

    @cached_property
    def _sexes(self) -> dict[UUID, str]:
        partners = self.now.all.partners | self.before.all.partners
        return dict(Partner.objects.filter(pk__in=partners).values_list("pk", "person__sex"))

    def _lines(
        self,
        names: Mapping[Any, str],
        now: Mapping[Any, Tally],
        before: Mapping[Any, Tally],
        narrows: str = "",
    ) -> list[Line]:
        """The lines of what came in, now or before, in the order of the names."""
        return [
            Line(
                name,
                now.get(key, Tally()),
                before.get(key, Tally()),
                {narrows: key} if narrows else None,
            )
            for key, name in names.items()
            if key in now or key in before
        ]

    def _largest_first(self, lines: list[Line]) -> list[Line]:
        of = self.measure.of
        return sorted(lines, key=lambda line: (-of(line.now), -of(line.before), line.label))

    def _breakdown(
        self, key: str, title: str, heading: str, lines: list[Line], **told: Any
    ) -> Breakdown:
        return Breakdown(key, title, heading, lines, self.measure, **told)

    # --- What it will be once it is dry, and what was paid ----------------------------------------

    @cached_property
    def _yields(self) -> drying.Yields:
        return drying.Yields(self.forms.values())

    @cached_property
    def sees_drying(self) -> bool:
        return may_see_figures(self.scope.user)

    @cached_property
    def drying(self) -> list[drying.Drying]:
        """What to expect of each form of the period that dries."""
        if not self.sees_drying:
            return []
        return drying.expected(self.now, list(self.forms.values()), self._yields)

    @cached_property
    def cocoa(self) -> CocoaPrices | None:
        """What was paid against the market, of cocoa alone: no other market is known."""
        product = self.scope.product
        if product is None or product.kind != TradedProduct.COCOA or not self.sees_money:
            return None
        if not self.has_kilos or self.is_empty:
            return None
        return CocoaPrices(self)


@dataclass(frozen=True)
class Formula:
    """The figures of the conversion to farm-gate prices on the last day of the period, in words."""

    per_tonne: str
    per_qq: str
    floor: str
    sources: list[str]
    is_confirmed: bool


class CocoaPrices:
    """What was paid for dry cocoa in each step of the period, against market and floor."""

    def __init__(self, report: Report) -> None:
        product, period = report.scope.product, report.period
        assert product is not None, "asked for cocoa"  # noqa: S101
        dry = prices.DryKilos(report.forms, report._yields)  # noqa: SLF001 - of one module
        first, last = min(period.before.first, period.now.first), period.now.last
        self.market = prices.Market(product, first, last)
        place = report.steps.place
        self.steps = prices.paid(report.now, dry, self.market, place)
        self.now = prices.together(self.steps)
        self.before = prices.together(prices.paid(report.before, dry, self.market, place))
        self.labels = [line.label for line in report.by_time.lines]
        self.last_day = period.now.last

    @cached_property
    def formula(self) -> Formula:
        """By what the prices of the period's last day were converted."""
        rules, day = self.market.rules, self.last_day
        asked = (FARM_GATE_COST_USD_T, FARM_GATE_COST_USD_QQ, FAIRTRADE_FLOOR)
        rows = [rules.row_on(rule, day) for rule in asked]
        words = [
            _("sin dato") if row is None else number_format(Decimal(row.value).normalize(), None)
            for row in rows
        ]
        known = [row for row in rows if row is not None]
        per_tonne, per_qq, floor = words
        return Formula(
            per_tonne,
            per_qq,
            floor,
            sources=list(dict.fromkeys(row.source for row in known)),
            is_confirmed=all(row.confirmed for row in known),
        )

    @cached_property
    def unknown(self) -> bool:
        """Whether the market's price is known of none or of only a part of the kilos."""
        return self.now.market_kg < self.now.kg
