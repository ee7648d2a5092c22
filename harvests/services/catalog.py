"""What is bought, in which forms and qualities, where, and in which seasons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    CollectionCenter,
    FormFigure,
    Product,
    ProductForm,
    Quality,
    Season,
    Variety,
)
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.units import Unit
from members.services.corrections import assign, corrected, refuse_other_fields, written
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User

_YIELDS = {
    FormFigure.Kind.DRY_YIELD,
    FormFigure.Kind.DRY_YIELD_LOW,
    FormFigure.Kind.DRY_YIELD_HIGH,
}


@transaction.atomic
def add_product(
    *,
    actor: User | None,
    code: str,
    name: str,
    kind: str,
    place: int = 100,
    note: str = "",
    reason: str = "",
) -> Product:
    """Begin to buy a product."""
    with acting(actor, reason=reason):
        return written(Product(code=code, name=name, kind=kind, place=place, note=note))


@transaction.atomic
def correct_product(
    *, actor: User | None, product: Product, reason: str, **changes: Any
) -> Product:
    """Correct ``name``, ``kind``, ``place``, ``note``, or stop buying it by ``retired_on``.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(changes, {"name", "kind", "place", "note", "retired_on"})
    return corrected(actor, product, reason, changes)


@transaction.atomic
def add_form(
    *,
    actor: User | None,
    product: Product,
    code: str,
    name: str,
    counted: str = ProductForm.Counted.WEIGHT,
    unit: str = Unit.KG,
    tare_kg: Decimal = Decimal(0),
    asks_moisture: bool = False,
    is_bought: bool = True,
    piece_kg: Decimal | None = None,
    place: int = 100,
    reason: str = "",
) -> ProductForm:
    """Begin to buy a product in a form, or to make it of what was bought."""
    with acting(actor, reason=reason):
        return written(
            ProductForm(
                product=product,
                code=code,
                name=name,
                counted=counted,
                unit=unit,
                tare_kg=tare_kg,
                asks_moisture=asks_moisture,
                is_bought=is_bought,
                piece_kg=piece_kg,
                place=place,
            )
        )


@transaction.atomic
def correct_form(
    *, actor: User | None, form: ProductForm, reason: str, **changes: Any
) -> ProductForm:
    """Correct ``name``, ``unit``, ``tare_kg``, ``asks_moisture``, ``is_bought``, ``piece_kg``,
    ``place``, or stop buying it by ``retired_on``. Of which product it is and how it is counted
    stays: prices and deliveries rest on it.

    Raises:
        ValidationError: ``reason_required``; what the constraints say.
    """
    refuse_other_fields(
        changes,
        {
            "name",
            "unit",
            "tare_kg",
            "asks_moisture",
            "is_bought",
            "piece_kg",
            "place",
            "retired_on",
        },
    )
    return corrected(actor, form, reason, changes)


@transaction.atomic
def add_variety(
    *, actor: User | None, product: Product, code: str, name: str, reason: str = ""
) -> Variety:
    """Name a kind of plant of a product."""
    with acting(actor, reason=reason):
        return written(Variety(product=product, code=code, name=name))


@transaction.atomic
def correct_variety(
    *, actor: User | None, variety: Variety, reason: str, **changes: Any
) -> Variety:
    """Correct ``name``, or offer it no more by ``retired_on``.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(changes, {"name", "retired_on"})
    return corrected(actor, variety, reason, changes)


@transaction.atomic
def add_quality(
    *,
    actor: User | None,
    form: ProductForm,
    code: str,
    name: str,
    is_default: bool = False,
    place: int = 100,
    reason: str = "",
) -> Quality:
    """Name a quality of a form.

    Raises:
        ValidationError: the form has a usual quality already.
    """
    with acting(actor, reason=reason):
        return written(Quality(form=form, code=code, name=name, is_default=is_default, place=place))


@transaction.atomic
def correct_quality(
    *, actor: User | None, quality: Quality, reason: str, **changes: Any
) -> Quality:
    """Correct ``name``, ``place``, offer it no more by ``retired_on``, or make it the usual one by
    ``is_default``: then the one that was it no longer is.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(changes, {"name", "place", "is_default", "retired_on"})
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(quality.form)
        if changes.get("is_default"):
            for other in Quality.objects.filter(form=quality.form, is_default=True):
                if other.pk != quality.pk:
                    other.is_default = False
                    other.save()
        return corrected(actor, quality, reason, changes)


@transaction.atomic
def add_center(
    *,
    actor: User | None,
    code: str,
    name: str,
    address: str = "",
    note: str = "",
    reason: str = "",
) -> CollectionCenter:
    """Open a place that takes harvests in."""
    with acting(actor, reason=reason):
        return written(CollectionCenter(code=code, name=name, address=address, note=note))


@transaction.atomic
def correct_center(
    *, actor: User | None, center: CollectionCenter, reason: str, **changes: Any
) -> CollectionCenter:
    """Correct ``name``, ``address``, ``note``, or close it by ``closed_on``. Its code begins its
    folios and stays.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(changes, {"name", "address", "note", "closed_on"})
    return corrected(actor, center, reason, changes)


@transaction.atomic
def add_season(
    *,
    actor: User | None,
    product: Product,
    name: str,
    starts_on: date,
    ends_on: date,
    reason: str = "",
) -> Season:
    """Name a harvest season of a product.

    Raises:
        ValidationError: ``overlapping`` with another season of the product.
    """
    with acting(actor, reason=reason):
        locked(product)
        season = Season(product=product, name=name, starts_on=starts_on, ends_on=ends_on)
        _refuse_overlapping(season)
        return written(season)


@transaction.atomic
def correct_season(*, actor: User | None, season: Season, reason: str, **changes: Any) -> Season:
    """Correct ``name``, ``starts_on``, ``ends_on``.

    Raises:
        ValidationError: ``reason_required``; ``overlapping``.
    """
    refuse_other_fields(changes, {"name", "starts_on", "ends_on"})
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(season.product)
        season = locked(season)
        if not assign(season, changes):
            return season
        _refuse_overlapping(season)
        return written(season)


def _refuse_overlapping(season: Season) -> None:
    """A day belongs to one season of a product at most, or a report would count it twice."""
    others = Season.objects.filter(
        product=season.product, starts_on__lte=season.ends_on, ends_on__gte=season.starts_on
    ).exclude(pk=season.pk)
    if other := others.first():
        raise refusal_at(
            "starts_on",
            _("Esos días ya son de la temporada %(season)s."),
            code="overlapping",
            params={"season": other.name},
        )


@transaction.atomic
def add_figure(
    *,
    actor: User | None,
    form: ProductForm,
    kind: str,
    value: Decimal,
    source: str,
    valid_from: date | None = None,
    confirmed: bool = False,
    reason: str = "",
) -> FormFigure:
    """Say a figure of a form from a day on, with its source.

    Raises:
        ValidationError: ``whole_number`` for days and months; ``above_one`` for a yield.
    """
    with acting(actor, reason=reason):
        figure = FormFigure(
            form=form,
            kind=kind,
            value=value,
            source=source,
            valid_from=valid_from,
            confirmed=confirmed,
        )
        _refuse_impossible(figure)
        return written(figure)


@transaction.atomic
def correct_figure(
    *, actor: User | None, figure: FormFigure, reason: str, **changes: Any
) -> FormFigure:
    """Correct ``value``, ``source``, ``valid_from``, or confirm it by ``confirmed``. A figure that
    changes from a day on is another one: see `add_figure`.

    Raises:
        ValidationError: ``reason_required``; as `add_figure`.
    """
    refuse_other_fields(changes, {"value", "source", "valid_from", "confirmed"})
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        figure = locked(figure)
        if not assign(figure, changes):
            return figure
        _refuse_impossible(figure)
        return written(figure)


def _refuse_impossible(figure: FormFigure) -> None:
    if figure.kind in _YIELDS and figure.value > 1:
        raise refusal_at(
            "value",
            _("Un rendimiento va de 0 a 1: de un kilo no sale más de un kilo."),
            code="above_one",
        )
    if figure.kind not in _YIELDS and figure.value != figure.value.to_integral_value():
        raise refusal_at("value", _("Escriba un número entero."), code="whole_number")
