"""Rows of the harvests, as the services would make them."""

from __future__ import annotations

import itertools
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from harvests.models.prices import STRONGEST_FIRST
from harvests.services import catalog, prices

GUAYAQUIL = ZoneInfo("America/Guayaquil")
PRICES_FROM = datetime(2024, 1, 1, tzinfo=GUAYAQUIL)
"""Since when the prices of `world` are in force."""
RESOLUTION = "Resolución DIR-2024-03, 4 de enero de 2024"

ORGANIC, TRANSITION, CONVENTIONAL = "organic", "transition", "conventional"


def product(code="cacao", name="Cacao", *, kind="cocoa", **fields):
    return catalog.add_product(actor=None, code=code, name=name, kind=kind, **fields)


def product_form(code="baba", name="Baba", *, of=None, **fields):
    """Weighed in pounds, unless told otherwise."""
    from harvests.models import Product

    of = of or Product.objects.first() or product()
    return catalog.add_form(
        actor=None, product=of, code=code, name=name, **{"unit": "lb", **fields}
    )


def variety(code="nacional", name="Nacional", *, of=None):
    from harvests.models import Product

    of = of or Product.objects.first() or product()
    return catalog.add_variety(actor=None, product=of, code=code, name=name)


def quality(code="baba-primera", name="Primera", *, of=None, is_default=True, **fields):
    from harvests.models import ProductForm

    of = of or ProductForm.objects.first() or product_form()
    return catalog.add_quality(
        actor=None, form=of, code=code, name=name, is_default=is_default, **fields
    )


def figure(kind, value, *, of, source="Práctica de la región", **fields):
    return catalog.add_figure(
        actor=None, form=of, kind=kind, value=Decimal(value), source=source, **fields
    )


def center(code="TENA", name="Centro de acopio de Tena", **fields):
    return catalog.add_center(actor=None, code=code, name=name, **fields)


def draft(*lines, name="Precios de enero", resolution=""):
    """A list that values nothing yet.

    Each line: (quality, class, price) or (quality, class, price, unit), or with unit and premium.
    """
    made = prices.draft_price_list(actor=None, name=name)
    for of, certification_class, price, *rest in lines:
        unit = rest[0] if rest else of.form.unit
        prices.set_line(
            actor=None,
            price_list=made,
            form=of.form,
            quality=of,
            certification_class=certification_class,
            price_usd=Decimal(price),
            premium_usd=Decimal(rest[1] if len(rest) > 1 else 0),
            unit=unit,
        )
    if resolution:
        made = prices.approve(actor=None, price_list=made, resolution=resolution)
    return made


def price_list(*lines, valid_from=PRICES_FROM, name="Precios de enero", resolution=RESOLUTION):
    """A published list; lines as `draft` takes them."""
    made = draft(*lines, name=name, resolution=resolution)
    return prices.publish_price_list(actor=None, price_list=made, valid_from=valid_from)


def device(of=None, *, key=None, name="Teléfono de Wilmer", **fields):
    """A telephone that an account brought, as its first message makes it known."""
    from harvests.models import Device
    from tests.people import make_account

    of = of or make_account("extension_agent", username=f"agente-{name[:20]}".replace(" ", "-"))
    made = Device(user=of, name=name, **fields)
    if key is not None:
        made.pk = key
    made.full_clean()
    made.save()
    return made


def world(*, valid_from: datetime = PRICES_FROM) -> Any:
    """A small catalogue with a center and prices in force since `valid_from`.

    ============== ======== ============ ============ ============ =====
    quality        form     organic      transition   conventional unit
    ============== ======== ============ ============ ============ =====
    primera        baba     0.42 + 0.03  0.40         0.38         lb
    segunda        baba     0.34         0.32         0.30         lb
    seco_primera   seco     110 + 6.50   105          100          qq
    hoja_primera   hoja     45           42           40           qq
    vaina_primera  vaina    35           34           33           kg
    pieza_unica    pieza                              4.50         piece
    ============== ======== ============ ============ ============ =====

    Each name of the table is an attribute, and so are ``cacao``, ``guayusa``, ``vainilla``,
    ``artesania``, ``nacional``, ``ccn51``, ``planifolia``, ``tena`` and ``price_list``.
    """
    made = SimpleNamespace()
    made.tena = center()
    made.cacao = product()
    made.guayusa = product("guayusa", "Guayusa", kind="guayusa")
    made.vainilla = product("vainilla", "Vainilla", kind="vanilla")
    made.artesania = product("artesania", "Artesanía", kind="crafts")
    made.nacional = variety(of=made.cacao)
    made.ccn51 = variety("ccn51", "CCN-51", of=made.cacao)
    made.planifolia = variety("planifolia", "Planifolia", of=made.vainilla)
    made.baba = product_form(of=made.cacao)
    made.seco = product_form("seco", "Seco", of=made.cacao, asks_moisture=True)
    made.hoja = product_form("hoja", "Hoja fresca", of=made.guayusa)
    made.vaina = product_form("vaina", "Vaina verde", of=made.vainilla, unit="kg")
    made.pieza = product_form("pieza", "Pieza", of=made.artesania, counted="piece", unit="piece")
    made.primera = quality(of=made.baba)
    made.segunda = quality("baba-segunda", "Segunda", of=made.baba, is_default=False, place=200)
    made.seco_primera = quality("seco-primera", of=made.seco)
    made.hoja_primera = quality("hoja-primera", of=made.hoja)
    made.vaina_primera = quality("vaina-primera", of=made.vaina)
    made.pieza_unica = quality("pieza-unica", "Única", of=made.pieza)
    figure("late_days", "7", of=made.baba)
    figure("late_days", "90", of=made.seco)
    figure("ripe_months", "8", of=made.vaina)
    figure("dry_yield", "0.390", of=made.baba)
    figure("dry_yield_low", "0.330", of=made.baba)
    figure("dry_yield_high", "0.450", of=made.baba)
    made.price_list = price_list(
        (made.primera, ORGANIC, "0.42", "lb", "0.03"),
        (made.primera, TRANSITION, "0.40"),
        (made.primera, CONVENTIONAL, "0.38"),
        (made.segunda, ORGANIC, "0.34"),
        (made.segunda, TRANSITION, "0.32"),
        (made.segunda, CONVENTIONAL, "0.30"),
        (made.seco_primera, ORGANIC, "110", "qq", "6.50"),
        (made.seco_primera, TRANSITION, "105", "qq"),
        (made.seco_primera, CONVENTIONAL, "100", "qq"),
        (made.hoja_primera, ORGANIC, "45", "qq"),
        (made.hoja_primera, TRANSITION, "42", "qq"),
        (made.hoja_primera, CONVENTIONAL, "40", "qq"),
        (made.vaina_primera, ORGANIC, "35"),
        (made.vaina_primera, TRANSITION, "34"),
        (made.vaina_primera, CONVENTIONAL, "33"),
        (made.pieza_unica, CONVENTIONAL, "4.50"),
        valid_from=valid_from,
    )
    return made


_folios = itertools.count(1)


def weighed(quality, *, family, at, center, agent, kg="10.000", certification_class=CONVENTIONAL):
    """A delivery on record as if received before: valued by the price in force at its instant."""
    from harvests.models import Delivery, PriceLine
    from kallari.units import KG_PER, worth

    offered = {
        line.certification_class: line
        for line in PriceLine.objects.in_force(at).filter(quality=quality)
    }
    strength = STRONGEST_FIRST.index(certification_class)
    line = next(offered[one] for one in STRONGEST_FIRST[strength:] if one in offered)
    number, net = next(_folios), Decimal(kg)
    assert line.unit in KG_PER
    made = Delivery(
        folio=f"{center.code}-{at.year}-{number:06d}",
        folio_year=at.year,
        folio_number=number,
        family=family,
        community=family.community,
        center=center,
        agent=agent,
        via="office",
        form=quality.form,
        quality=quality,
        certification_class=certification_class,
        quantity=net,
        unit="kg",
        gross_kg=net,
        net_kg=net,
        price_line=line,
        unit_price_usd=line.price_usd,
        premium_unit_usd=line.premium_usd,
        price_unit=line.unit,
        amount_usd=worth(net, "kg", line.price_usd, line.unit),
        premium_usd=worth(net, "kg", line.premium_usd, line.unit),
        weighed_at=at,
        received_at=at,
        content_digest="0" * 64,
    )
    made.save()
    return made
