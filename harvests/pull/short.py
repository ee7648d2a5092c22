"""The short tables a telephone carries: sent whole when anything in them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from harvests.models import (
    CollectionCenter,
    Delivery,
    FormFigure,
    PriceLine,
    PriceList,
    Product,
    ProductForm,
    Quality,
    Quota,
    Variety,
)
from members.models import (
    Community,
    CommunityAlias,
)

if TYPE_CHECKING:
    from kallari.accounts.models import User

OLD_PRICES_DAYS = 60
"""How far back prices are carried along: deliveries weighed without signal are valued on the
telephone by the price of their day."""


def _communities(user: User, _today: date) -> list[list[Any]]:
    spellings: dict[int, list[str]] = {}
    for community, spelling in CommunityAlias.objects.values_list("community", "spelling"):
        spellings.setdefault(community, []).append(spelling)
    rows = Community.objects.visible_to(user).opened()
    return [[key, name, spellings.get(key, [])] for key, name in rows.values_list("pk", "name")]


def _products(_user: User, today: date) -> list[list[Any]]:
    return _listed(Product.objects.offered(today).values_list("code", "name", "kind"))


def _forms(_user: User, today: date) -> list[list[Any]]:
    figures = FormFigure.objects.on(today)
    rows = ProductForm.objects.offered(today).select_related("product")
    return [
        [
            one.code,
            one.product.code,
            one.name,
            one.counted,
            one.unit,
            str(one.tare_kg),
            _whole(figures.get((one.pk, "late_days"))),
            _whole(figures.get((one.pk, "ripe_months"))),
            one.asks_moisture,
        ]
        for one in rows
    ]


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _varieties(_user: User, today: date) -> list[list[Any]]:
    rows = Variety.objects.offered(today)
    return _listed(rows.values_list("code", "product__code", "name"))


def _qualities(_user: User, today: date) -> list[list[Any]]:
    rows = Quality.objects.offered(today)
    return _listed(rows.values_list("code", "form__code", "name", "is_default"))


def _centers(_user: User, today: date) -> list[list[Any]]:
    return _listed(CollectionCenter.objects.offered(today).values_list("code", "name"))


def _prices(_user: User, today: date) -> list[list[Any]]:
    """Those in force, those to come, and those that still valued what was weighed weeks ago."""
    back = timezone.now() - timedelta(days=OLD_PRICES_DAYS)
    published = PriceLine.objects.filter(price_list__published_at__isnull=False)
    later = published.filter(price_list__valid_from__gt=back)
    rows = (PriceLine.objects.in_force(back) | later).order_by("price_list__valid_from", "pk")
    return [
        [
            key,
            form,
            quality,
            name,
            str(price),
            str(premium),
            unit,
            since and since.isoformat().replace("+00:00", "Z"),
        ]
        for key, form, quality, name, price, premium, unit, since in rows.values_list(
            "pk",
            "form__code",
            "quality__code",
            "certification_class",
            "price_usd",
            "premium_usd",
            "unit",
            "price_list__valid_from",
        )
    ]


def _quotas(user: User, today: date) -> list[list[Any]]:
    rows = Quota.objects.visible_to(user).on(today).with_delivered().select_related("form")
    return [
        [
            one.pk,
            one.form.code,
            one.community_id,
            None if one.family_id is None else str(one.family_id),
            one.starts_on.isoformat(),
            one.ends_on.isoformat(),
            str(one.limit_kg),
            f"{one.delivered_kg:.3f}",
        ]
        for one in rows
    ]


def _listed(rows: Iterable[Any]) -> list[list[Any]]:
    return [list(row) for row in rows]


SHORT: tuple[tuple[str, tuple[type[models.Model], ...], Callable[..., list[list[Any]]]], ...] = (
    ("communities", (Community, CommunityAlias), _communities),
    ("products", (Product,), _products),
    ("forms", (ProductForm, FormFigure), _forms),
    ("varieties", (Variety,), _varieties),
    ("qualities", (Quality,), _qualities),
    ("centers", (CollectionCenter,), _centers),
    ("prices", (PriceList, PriceLine), _prices),
    ("quotas", (Quota, Delivery), _quotas),
)
