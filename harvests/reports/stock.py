"""What lies in stock and how old it is, what came out of what went in, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harvests.models import (
    STRONGEST_FIRST,
    Batch,
    BatchStage,
    CertificationClass,
    Lot,
    StockMovement,
)
from kallari.plots import Bars, Lines, Row, Series, Table
from kallari.plots.columns import UNKNOWN
from kallari.plots.scale import written
from kallari.units import rounded

if TYPE_CHECKING:
    from harvests.models import ProcessKind, Product
    from harvests.reports.periods import Span
    from kallari.accounts.models import User
    from kallari.plots import Plot

AGES = (30, 90, 180)
"""Days; older than the last stands alone."""
MOST_BATCHES = 60
"""Beyond which a drawing is no longer read: the newest; the table has them all."""
DAY = timedelta(days=1)


@dataclass(slots=True)
class Stock:
    """What is left of one form and class, by age in days."""

    form: str
    form_id: int
    form_code: str
    of_class: str
    lots: int
    kg: Decimal
    pieces: int | None
    by_age: tuple[Decimal, ...]
    oldest_days: int

    @property
    def label(self) -> str:
        """Form and class in words."""
        return f"{self.form}, {dict(CertificationClass.choices)[self.of_class]}"


def stock(user: User, product: Product | None) -> list[Stock]:
    """What is in stock, by form and class, and by age. One query."""
    now = timezone.now()
    limits = [now - (days + 1) * DAY for days in AGES]  # thirty days old until the thirty-first
    bounds = [None, *limits]
    ages = {
        f"age_{place}": models.Sum(
            "balance__kg",
            filter=_made_between(limits[place] if place < len(limits) else None, bounds[place]),
        )
        for place in range(len(AGES) + 1)
    }
    rows = Lot.objects.visible_to(user).in_stock()
    if product is not None:
        rows = rows.filter(form__product=product)
    found: Any = (
        rows.values("form", "form__name", "form__code", "form__place", "certification_class")
        .annotate(
            lots=models.Count("pk"),
            kg=models.Sum("balance__kg"),
            pieces=models.Sum("balance__pieces"),
            oldest=models.Min("made_at"),
            **ages,
        )
        .order_by("form__place", "form__name")
    )
    kinds = [
        Stock(
            form=one["form__name"],
            form_id=one["form"],
            form_code=one["form__code"],
            of_class=one["certification_class"],
            lots=one["lots"],
            kg=one["kg"],
            pieces=one["pieces"],
            by_age=tuple(one[f"age_{place}"] or Decimal(0) for place in range(len(AGES) + 1)),
            oldest_days=(now - one["oldest"]).days,
        )
        for one in found
    ]
    order = {one.form_id: place for place, one in enumerate(kinds)}
    return sorted(kinds, key=lambda one: (order[one.form_id], STRONGEST_FIRST.index(one.of_class)))


def _made_between(oldest: datetime | None, newest: datetime | None) -> models.Q:
    found = models.Q()
    if oldest is not None:
        found &= models.Q(made_at__gt=oldest)
    if newest is not None:
        found &= models.Q(made_at__lte=newest)
    return found


def age_names() -> list[str]:
    """What the columns of ages are called."""
    first = _("hasta %(days)s días") % {"days": AGES[0]}
    between = [
        _("%(least)s a %(most)s días") % {"least": least + 1, "most": most}
        for least, most in pairwise(AGES)
    ]
    return [first, *between, _("más de %(days)s días") % {"days": AGES[-1]}]


def stock_plot(rows: list[Stock]) -> Plot:
    """What is in stock, by age."""
    return Bars(
        key="existencias",
        title=_("Existencias por presentación y certificación"),
        label_heading=_("Presentación"),
        labels=[one.label for one in rows],
        links=[
            f"{reverse('harvests:lots')}?presentacion={one.form_code}&certificacion={one.of_class}"
            for one in rows
        ],
        series=[
            Series(name, [one.by_age[place] for one in rows])
            for place, name in enumerate(age_names())
        ],
        unit="kg",
        as_of=_("Hoy"),
    )


def stock_table(rows: list[Stock]) -> Table:
    """The same in numbers."""
    headers = (
        _("Presentación"),
        _("Lotes"),
        _("Kilos"),
        _("Unidades"),
        *age_names(),
        _("El más viejo (días)"),
    )
    return Table(
        headers,
        tuple(
            Row(
                one.label,
                "",
                (
                    written(one.lots, 0),
                    written(one.kg, 3),
                    UNKNOWN if one.pieces is None else written(one.pieces, 0),
                    *(written(kg, 3) for kg in one.by_age),
                    written(one.oldest_days, 0),
                ),
            )
            for one in rows
        ),
    )


# --- Yields ---------------------------------------------------------------------------------------


def yields(user: User, kind: ProcessKind, span: Span) -> list[Batch]:
    """The batches of a kind that ended within some days, the first first. One query."""
    first = timezone.make_aware(datetime.combine(span.first, time()))
    last = timezone.make_aware(datetime.combine(span.last, time())) + DAY
    rows = Batch.objects.visible_to(user).filter(
        kind=kind, status=Batch.Status.FINISHED, ended_at__gte=first, ended_at__lt=last
    )
    return list(rows.with_names().order_by("ended_at", "pk"))


def is_outside(batch: Batch) -> bool:
    """Whether a batch gave less or more than its band."""
    yielded = batch.totals.yielded
    if yielded is None or batch.yield_low is None or batch.yield_high is None:
        return False
    return not batch.yield_low <= yielded <= batch.yield_high


def yield_plot(rows: list[Batch], kind: ProcessKind, span: Span) -> Plot:
    """What came out of each kilo, batch by batch, in its band."""
    shown = rows[-MOST_BATCHES:]
    series = [Series(_("Salió"), [one.totals.yielded for one in shown])]
    if any(one.yield_low is not None for one in shown):
        series += [
            Series(_("Lo menos"), [one.yield_low for one in shown]),
            Series(_("Lo más"), [one.yield_high for one in shown]),
        ]
    return Lines(
        key="rendimiento",
        title=_("Rendimiento: %(kind)s") % {"kind": kind},
        label_heading=_("Proceso"),
        labels=[one.code for one in shown],
        links=[one.get_absolute_url() for one in shown],
        series=series,
        unit=_("kg por kg"),
        digits=3,
        as_of=span.words(),
        from_zero=False,
    )


def yield_table(rows: list[Batch]) -> Table:
    """The same in numbers; what is outside its band, with its note."""
    headers = (
        _("Proceso"),
        _("Entró (kg)"),
        _("Salió (kg)"),
        _("Rendimiento"),
        _("Se esperaba"),
        _("Por qué"),
    )
    return Table(
        headers,
        tuple(
            Row(
                one.code,
                one.get_absolute_url(),
                (
                    written(one.totals.in_kg, 3),
                    written(one.totals.out_kg, 3),
                    UNKNOWN if one.totals.yielded is None else written(one.totals.yielded, 3),
                    _band(one),
                    one.yield_note,
                ),
            )
            for one in rows
        ),
    )


def _band(batch: Batch) -> str:
    if batch.yield_low is None or batch.yield_high is None:
        return UNKNOWN
    text = f"{written(batch.yield_low, 3)} – {written(batch.yield_high, 3)}"
    return f"{text} · {_('fuera')}" if is_outside(batch) else text


# --- Days -----------------------------------------------------------------------------------------


def phases(user: User, span: Span, product: Product | None) -> list[dict[str, Any]]:
    """How many days the phases that ended within some days took, by kind and phase, of batches
    into which a product went. One query."""
    if not user.has_perm("harvests.view_batch"):
        return []
    first = timezone.make_aware(datetime.combine(span.first, time()))
    last = timezone.make_aware(datetime.combine(span.last, time())) + DAY
    took = models.ExpressionWrapper(
        models.F("ended_at") - models.F("started_at"), output_field=models.DurationField()
    )
    rows = (
        BatchStage.objects.filter(ended_at__gte=first, ended_at__lt=last, phase__isnull=False)
        .exclude(batch__status=Batch.Status.VOIDED)
        .filter(_takes(product))
        .values("phase__kind__name", "phase__name", "phase__days_min", "phase__days_max")
        .annotate(
            number=models.Count("pk"),
            mean=models.Avg(took),
            least=models.Min(took),
            most=models.Max(took),
        )
        .order_by("phase__kind__place", "phase__position")
    )
    return [
        {
            "kind": one["phase__kind__name"],
            "phase": one["phase__name"],
            "number": one["number"],
            "mean": _days(one["mean"]),
            "least": _days(one["least"]),
            "most": _days(one["most"]),
            "days_min": one["phase__days_min"],
            "days_max": one["phase__days_max"],
        }
        for one in rows
    ]


def _takes(product: Product | None) -> models.Q | models.Exists:
    if product is None:
        return models.Q()
    went_in = StockMovement.objects.filter(
        batch=models.OuterRef("batch"), kind=StockMovement.Kind.INPUT
    )
    return models.Exists(
        went_in.filter(
            models.Q(delivery__form__product=product) | models.Q(lot__form__product=product)
        )
    )


def _days(took: timedelta) -> Decimal:
    return rounded(Decimal(took.total_seconds()) / 86_400, Decimal("0.1"))
