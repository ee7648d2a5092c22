"""What is bought, for how much, since when: two years of price lists beside the market."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from harvests.intake.facts import HERE
from harvests.models import MarketPrice, PriceLine, PriceList, Product, Quality, Season
from harvests.services.catalog import add_center
from harvests.services.prices import publish_price_list
from harvests.services.usual_catalog import add_usual_catalog
from kallari.demo import Scale
from kallari.history.bulk import bulk_create_with_history
from kallari.units import Unit, rounded

if TYPE_CHECKING:
    from kallari.demo import DemoContext

CENTER = "TENA"

DRY_COCOA: tuple[tuple[date, int], ...] = (
    (date(2024, 9, 16), 390),
    (date(2024, 11, 18), 430),
    (date(2024, 12, 23), 500),
    (date(2025, 2, 17), 460),
    (date(2025, 4, 7), 400),
    (date(2025, 6, 16), 340),
    (date(2025, 8, 18), 290),
    (date(2025, 10, 6), 240),
    (date(2025, 11, 24), 190),
    (date(2026, 1, 5), 138),
    (date(2026, 2, 9), 100),
    (date(2026, 5, 4), 104),
    (date(2026, 7, 20), 98),
)
"""USD for a quintal of dry conventional cocoa. The levels are those of the region's farm gate: 380
to 500 in 2024 and early 2025, 130 to 145 in January 2026, about 100 from February on; the days and
the way between are invented."""

LISTS = {Scale.SMALL: 5, Scale.FULL: len(DRY_COCOA)}
"""The newest of them: the small demo begins three months before its end."""

DRY_YIELD = Decimal("0.390")
"""Dry of wet, as of the region's traceability system: baba is paid by what will be left of it."""

SHARES = (("organic", 4, 3), ("transition", 2, 0), ("conventional", 0, 0))
"""Class; percent above the conventional price; percent of premium."""

SEASONS = (
    ("cacao", "Cosecha chica 2024–2025", date(2024, 10, 1), date(2025, 2, 28)),
    ("cacao", "Cosecha grande 2025", date(2025, 3, 1), date(2025, 9, 30)),
    ("cacao", "Cosecha chica 2025–2026", date(2025, 10, 1), date(2026, 2, 28)),
    ("cacao", "Cosecha grande 2026", date(2026, 3, 1), date(2026, 9, 30)),
    ("guayusa", "Guayusa 2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("guayusa", "Guayusa 2026", date(2026, 1, 1), date(2026, 12, 31)),
    ("vainilla", "Vainilla 2025", date(2025, 5, 1), date(2025, 9, 30)),
    ("vainilla", "Vainilla 2026", date(2026, 5, 1), date(2026, 9, 30)),
)


def load(context: DemoContext) -> None:
    """Enter the usual catalogue, the center, price lists, seasons, market prices."""
    add_usual_catalog(actor=None)
    add_center(
        actor=None,
        code=CENTER,
        name="Centro de acopio de Tena",
        address="Tena, junto a la carretera a Puerto Napo",
    )
    products = {one.code: one for one in Product.objects.all()}
    bulk_create_with_history(
        [
            Season(product=products[code], name=name, starts_on=first, ends_on=last)
            for code, name, first, last in SEASONS
        ],
        actor=None,
    )
    _price_lists(DRY_COCOA[-LISTS[context.scale] :])
    _market_prices(products["cacao"])


def _price_lists(told: tuple[tuple[date, int], ...]) -> None:
    qualities = {one.code: one for one in Quality.objects.select_related("form")}
    lists = bulk_create_with_history(
        [
            PriceList(
                name=f"Precios desde el {day.day}/{day.month}/{day.year}",
                resolution=f"Directorio, resolución {day.year}-{day.month:02d}",
            )
            for day, _price in told
        ],
        actor=None,
    )
    bulk_create_with_history(
        [
            line
            for place, (made, (_day, dry)) in enumerate(zip(lists, told, strict=True))
            for line in _lines(made, Decimal(dry), qualities, is_first=place == 0)
        ],
        actor=None,
    )
    for made, (day, _price) in zip(lists, told, strict=True):
        begins = datetime.combine(day, time(6), tzinfo=HERE)
        publish_price_list(actor=None, price_list=made, valid_from=begins)


def _lines(
    made: PriceList, dry: Decimal, qualities: dict[str, Quality], *, is_first: bool
) -> list[PriceLine]:
    """Cocoa in every list; what changes less stands in the first, and leaf and pods once more."""
    wet = dry / 100 * DRY_YIELD
    told = [
        ("baba-primera", wet, Unit.LB),
        ("baba-segunda", wet * Decimal("0.85"), Unit.LB),
        ("seco-primera", dry, Unit.QQ),
        ("seco-segunda", dry * Decimal("0.9"), Unit.QQ),
    ]
    if is_first or dry == DRY_COCOA[-4][1]:
        told += [
            ("hoja-primera", Decimal(40 if is_first else 42), Unit.QQ),
            ("vaina-primera", Decimal(33), Unit.KG),
            ("vaina-segunda", Decimal(24), Unit.KG),
        ]
    lines = [
        PriceLine(
            price_list=made,
            form=qualities[code].form,
            quality=qualities[code],
            certification_class=name,
            price_usd=rounded(price * (100 + above) / 100, Decimal("0.01")),
            premium_usd=rounded(price * premium / 100, Decimal("0.01")),
            unit=unit,
        )
        for code, price, unit in told
        for name, above, premium in SHARES
    ]
    if is_first:
        lines.append(
            PriceLine(
                price_list=made,
                form=qualities["pieza-primera"].form,
                quality=qualities["pieza-primera"],
                certification_class="conventional",
                price_usd=Decimal("4.50"),
                unit=Unit.PIECE,
            )
        )
    return lines


def _market_prices(cocoa: Product) -> None:
    """New York on the first of each month: what the farm gate paid, and what lies between: USD/qq
    ≈ (USD/t − 700) / 22.0462 − 13, turned round."""
    days = [date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)]
    rows = []
    for day in days:
        if not date(2024, 10, 1) <= day <= date(2026, 9, 1):
            continue
        paid = [price for since, price in DRY_COCOA if since <= day][-1]
        rows.append(
            MarketPrice(
                product=cocoa,
                day=day,
                usd_per_tonne=rounded((paid + 13) * Decimal("22.0462") + 700, Decimal(1)),
                source="Bolsa de Nueva York (cifra de demostración)",
            )
        )
    bulk_create_with_history(rows, actor=None)
