"""What is paid: price lists from draft to publication, and what the world's market pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    STRONGEST_FIRST,
    Delivery,
    MarketPrice,
    PriceLine,
    PriceList,
    Product,
    ProductForm,
    Quality,
)
from harvests.services.locks import lock_prices
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.units import Unit
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def draft_price_list(
    *, actor: User | None, name: str, resolution: str = "", note: str = "", reason: str = ""
) -> PriceList:
    """Begin a price list: a draft that values nothing yet."""
    with acting(actor, reason=reason):
        price_list = PriceList(name=name, resolution=resolution, note=note)
        price_list.full_clean()
        price_list.save()
    return price_list


@transaction.atomic
def correct_price_list(
    *, actor: User | None, price_list: PriceList, reason: str, **changes: Any
) -> PriceList:
    """Correct ``name``, ``resolution``, ``note`` of a draft.

    Raises:
        ValidationError: ``reason_required``; ``published``.
    """
    refuse_other_fields(changes, {"name", "resolution", "note"})
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        price_list = _locked_draft(price_list)
        if not assign(price_list, changes):
            return price_list
        price_list.full_clean()
        price_list.save()
    return price_list


@transaction.atomic
def copy_price_list(
    *, actor: User | None, price_list: PriceList, name: str, note: str = "", reason: str = ""
) -> PriceList:
    """Begin a draft with the prices of an earlier list, without its resolution. What is no longer
    bought stays out."""
    with acting(actor, reason=reason):
        made = draft_price_list(actor=actor, name=name, note=note)
        today = timezone.localdate()
        for line in price_list.lines.with_names().order_by("pk"):
            gone = (line.form.retired_on, line.quality.retired_on, line.form.product.retired_on)
            if any(day is not None and day <= today for day in gone):
                continue
            copied = PriceLine(
                price_list=made,
                form=line.form,
                quality=line.quality,
                certification_class=line.certification_class,
                price_usd=line.price_usd,
                premium_usd=line.premium_usd,
                unit=line.unit,
            )
            copied.full_clean()
            copied.save()
    return made


@transaction.atomic
def set_line(
    *,
    actor: User | None,
    price_list: PriceList,
    form: ProductForm,
    quality: Quality,
    certification_class: str,
    price_usd: Decimal,
    unit: str,
    premium_usd: Decimal = Decimal(0),
    reason: str = "",
) -> PriceLine:
    """Write one price of a draft; what the draft had for that kind gives way. A resolution approves
    the prices that stood there: one that changes takes the approval away.

    Raises:
        ValidationError: ``published``; ``quality_of_another_form``; ``unit_of_another_kind`` (what
            is weighed has no price by the piece, nor the other way round).
    """
    with acting(actor, reason=reason or gettext("Se prepara la lista.")):
        price_list = _locked_draft(price_list)
        if quality.form_id != form.pk:
            raise refusal_at(
                "quality",
                _("La calidad %(quality)s no es de %(form)s."),
                code="quality_of_another_form",
                params={"quality": quality.name, "form": form.name},
            )
        if (unit == Unit.PIECE) == form.is_weighed:
            raise refusal_at(
                "unit",
                _("%(form)s no se paga por esa unidad."),
                code="unit_of_another_kind",
                params={"form": form.name},
            )
        kind = {"form": form, "quality": quality, "certification_class": certification_class}
        found = PriceLine.objects.filter(price_list=price_list, **kind).first()
        line = found or PriceLine(price_list=price_list, **kind)
        told = {"price_usd": price_usd, "premium_usd": premium_usd, "unit": unit}
        if assign(line, told) or not found:
            line.full_clean()
            line.save()
            _withdraw_approval(price_list)
    return line


@dataclass(frozen=True)
class TablePrice:
    """What a table of prices says of one kind; without a price, the list is to have none."""

    quality: Quality
    certification_class: str
    unit: str
    price_usd: Decimal | None
    premium_usd: Decimal = Decimal(0)


@transaction.atomic
def write_table(
    *,
    actor: User | None,
    price_list: PriceList,
    prices: Iterable[TablePrice],
    reason: str = "",
) -> PriceList:
    """Write a whole draft as it was typed. Kinds that the table does not name stay. Where a price
    changes, the approval is withdrawn, as by `set_line`.

    Raises:
        ValidationError: ``published``; as `set_line`.
    """
    with acting(actor, reason=reason or gettext("Se prepara la lista.")):
        price_list = _locked_draft(price_list)
        for told in prices:
            if told.price_usd is None:
                for line in price_list.lines.filter(
                    quality=told.quality, certification_class=told.certification_class
                ):
                    line.delete()
                    _withdraw_approval(price_list)
                continue
            set_line(
                actor=actor,
                price_list=price_list,
                form=told.quality.form,
                quality=told.quality,
                certification_class=told.certification_class,
                price_usd=told.price_usd,
                premium_usd=told.premium_usd,
                unit=told.unit,
            )
        price_list.refresh_from_db()
    return price_list


@transaction.atomic
def remove_line(*, actor: User | None, line: PriceLine, reason: str = "") -> None:
    """Take one price out of a draft, and with it the approval of the list.

    Raises:
        ValidationError: ``published``.
    """
    with acting(actor, reason=reason or gettext("Se prepara la lista.")):
        price_list = _locked_draft(line.price_list)
        line.delete()
        _withdraw_approval(price_list)


@transaction.atomic
def approve(
    *, actor: User | None, price_list: PriceList, resolution: str, reason: str = ""
) -> PriceList:
    """Write down the resolution that approves a draft, as it stands in the minutes.

    Raises:
        ValidationError: ``resolution_required``; ``published``.
    """
    if not any(character.isalnum() for character in resolution):
        raise _resolution_required()
    return correct_price_list(
        actor=actor,
        price_list=price_list,
        resolution=resolution,
        reason=reason or gettext("La aprueba una resolución."),
    )


@transaction.atomic
def publish_price_list(
    *,
    actor: User | None,
    price_list: PriceList,
    valid_from: datetime | None = None,
    reason: str = "",
) -> PriceList:
    """From an instant on, deliveries are valued by the prices of a list, which then never change.

    Args:
        valid_from: without one, from now on. One that has passed is for the history of earlier
            years: it never changes what was valued.

    Raises:
        ValidationError: ``published`` already; ``no_lines``; ``resolution_required``;
            ``already_valued`` when a delivery that stands would be valued otherwise;
            ``same_instant`` when another list says a price of one of its kinds from that instant.
    """
    lock_prices()
    with acting(actor, reason=reason or gettext("Se publica la lista.")):
        price_list = _locked_draft(price_list)
        lines = list(price_list.lines.with_names())
        if not lines:
            raise ValidationError(
                _("La lista no tiene ningún precio. Escriba los precios."), code="no_lines"
            )
        if not price_list.resolution:
            raise _resolution_required()
        now = timezone.now()
        price_list.valid_from = valid_from or now
        _refuse_same_instant(lines, price_list.valid_from)
        _refuse_valued(lines, price_list.valid_from)
        price_list.published_at = now
        price_list.full_clean()
        price_list.save()
    return price_list


def _locked_draft(price_list: PriceList) -> PriceList:
    price_list = locked(price_list)
    if price_list.is_published:
        raise ValidationError(
            _("La lista %(list)s está publicada y no cambia. Haga otra y publíquela."),
            code="published",
            params={"list": price_list.name},
        )
    return price_list


def _withdraw_approval(price_list: PriceList) -> None:
    """What was approved are the prices that the minutes tell: with another price, the resolution
    has to be noted anew."""
    price_list = locked(price_list)
    if not price_list.resolution:
        return
    withdrawn = gettext("Cambiaron sus precios: la resolución «%(resolution)s» ya no la aprueba.")
    with acting(reason=withdrawn % {"resolution": price_list.resolution}):
        price_list.resolution = ""
        price_list.full_clean()
        price_list.save()


def _resolution_required() -> ValidationError:
    return refusal_at(
        "resolution",
        _("Escriba la resolución que aprueba la lista, con su número y fecha."),
        code="resolution_required",
    )


def _same_kind(line: PriceLine) -> models.Q:
    return models.Q(
        form=line.form, quality=line.quality, certification_class=line.certification_class
    )


def _refuse_same_instant(lines: list[PriceLine], valid_from: datetime) -> None:
    """Two prices of one kind from one instant: nobody could say which is in force."""
    kinds = models.Q()
    for line in lines:
        kinds |= _same_kind(line)
    begun = PriceLine.objects.filter(price_list__valid_from=valid_from)
    other = begun.filter(kinds).select_related("price_list").first()
    if other is not None:
        raise refusal_at(
            "valid_from",
            _("La lista %(list)s ya rige desde ese mismo momento. Escoja otro."),
            code="same_instant",
            params={"list": other.price_list.name},
        )


def _refuse_valued(lines: list[PriceLine], valid_from: datetime) -> None:
    """Refuse when a delivery that stands bears a price that one of the lines would replace.

    A line replaces the earlier price of its own kind, and prices of weaker classes for deliveries
    of its class or a stronger one. What a later list valued stays as it is.
    """
    would_change = models.Q()
    for line in lines:
        rank = STRONGEST_FIRST.index(line.certification_class)
        of_the_kind = models.Q(price_line__form=line.form, price_line__quality=line.quality)
        would_change |= of_the_kind & models.Q(
            price_line__certification_class=line.certification_class,
            price_line__price_list__valid_from__lt=valid_from,
        )
        would_change |= of_the_kind & models.Q(
            certification_class__in=STRONGEST_FIRST[: rank + 1],
            price_line__certification_class__in=STRONGEST_FIRST[rank + 1 :],
        )
    weighed_since = Delivery.objects.valid().filter(weighed_at__gte=valid_from)
    valued = weighed_since.filter(would_change).order_by("-weighed_at").first()
    if valued is not None:
        raise refusal_at(
            "valid_from",
            _(
                "Desde ese momento ya se pagaron entregas con otros precios; la última es la"
                " %(folio)s, pesada el %(instant)s. Escoja un momento posterior."
            ),
            code="already_valued",
            params={
                "folio": valued.folio,
                "instant": date_format(
                    timezone.localtime(valued.weighed_at), "SHORT_DATETIME_FORMAT"
                ),
            },
        )


@transaction.atomic
def note_market_price(
    *,
    actor: User | None,
    product: Product,
    day: date,
    usd_per_tonne: Decimal,
    source: str,
    reason: str = "",
) -> MarketPrice:
    """Write down what the world's market paid on a day; told again, it corrects the day's price.

    Raises:
        ValidationError: ``reason_required`` when it changes what was written for that day.
    """
    locked(product)
    found = MarketPrice.objects.filter(product=product, day=day).first()
    price = found or MarketPrice(product=product, day=day)
    changed = assign(price, {"usd_per_tonne": usd_per_tonne, "source": source})
    if found and not changed:
        return price
    with acting(actor, reason=require_reason(reason) if found else reason):
        price.full_clean()
        price.save()
    return price
