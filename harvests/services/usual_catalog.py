"""The association's usual catalogue: what it buys, as far as the book and the trade tell.

Every figure bears its source, and is unconfirmed until somebody of the association answers for it.

Wet and dry cocoa and guayusa are weighed in pounds: villages weigh so, a family's sack is rarely a
whole quintal, and a quintal is a hundred of them. Vanilla is priced by the kilo everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction

from harvests.models import FormFigure, Product, ProductForm, Quality, Variety
from harvests.services import catalog
from kallari.history.context import acting
from kallari.units import Unit
from members.products import TradedProduct

if TYPE_CHECKING:
    from kallari.accounts.models import User

RowT = TypeVar("RowT", bound=models.Model)

_REGION = "Sistema de trazabilidad de la región"
_GUAYUSA = "Práctica de la región; falta confirmarla en Kallari"
_BOOK = "Libro sobre Kallari (SEK, 2024): la vainilla se cosecha 8 o 9 meses después de polinizada"
_PRESS = "Prensa: de 4,5 kg verdes sale 1 kg curado"
_KIND = FormFigure.Kind

PRODUCTS: tuple[tuple[str, str, str, int], ...] = (
    ("cacao", "Cacao", TradedProduct.COCOA.value, 10),
    ("guayusa", "Guayusa", TradedProduct.GUAYUSA.value, 20),
    ("vainilla", "Vainilla", TradedProduct.VANILLA.value, 30),
    ("cafe", "Café", TradedProduct.COFFEE.value, 40),
    ("artesania", "Artesanía", TradedProduct.CRAFTS.value, 50),
)
"""Code, name, trade, place."""

FORMS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("baba", "cacao", "Baba", {"unit": Unit.LB, "place": 10}),
    ("seco", "cacao", "Cacao seco", {"unit": Unit.LB, "asks_moisture": True, "place": 20}),
    ("hoja", "guayusa", "Hoja fresca", {"unit": Unit.LB, "place": 30}),
    ("vaina", "vainilla", "Vaina verde", {"unit": Unit.KG, "place": 40}),
    ("cereza", "cafe", "Café en cereza", {"unit": Unit.LB, "place": 50}),
    (
        "pieza",
        "artesania",
        "Pieza",
        {"unit": Unit.PIECE, "counted": ProductForm.Counted.PIECE, "place": 60},
    ),
)
"""Code, product's code, name, what else is told."""

VARIETIES: tuple[tuple[str, str, str], ...] = (
    ("nacional", "cacao", "Nacional"),
    ("ccn51", "cacao", "CCN-51"),
    ("planifolia", "vainilla", "Planifolia"),
    ("odorata", "vainilla", "Odorata"),
)

QUALITIES: tuple[tuple[str, str, str, bool, int], ...] = (
    ("baba-primera", "baba", "Primera", True, 10),
    ("baba-segunda", "baba", "Segunda", False, 20),
    ("seco-primera", "seco", "Primera", True, 10),
    ("seco-segunda", "seco", "Segunda", False, 20),
    ("hoja-primera", "hoja", "Primera", True, 10),
    ("vaina-primera", "vaina", "Primera", True, 10),
    ("vaina-segunda", "vaina", "Segunda", False, 20),
    ("cereza-primera", "cereza", "Primera", True, 10),
    ("pieza-primera", "pieza", "Primera", True, 10),
)
"""Code, form's code, name, whether it is the usual one, place."""

FIGURES: tuple[tuple[str, FormFigure.Kind, str, str], ...] = (
    ("baba", _KIND.LATE_DAYS, "7", _REGION),
    ("baba", _KIND.DRY_YIELD, "0.390", _REGION),
    ("baba", _KIND.DRY_YIELD_LOW, "0.330", _REGION),
    ("baba", _KIND.DRY_YIELD_HIGH, "0.450", _REGION),
    ("seco", _KIND.LATE_DAYS, "90", _REGION),
    ("hoja", _KIND.DRY_YIELD, "0.33", _GUAYUSA),
    ("hoja", _KIND.DRY_YIELD_LOW, "0.25", _GUAYUSA),
    ("hoja", _KIND.DRY_YIELD_HIGH, "0.45", _GUAYUSA),
    ("vaina", _KIND.RIPE_MONTHS, "8", _BOOK),
    ("vaina", _KIND.DRY_YIELD, "0.222", _PRESS),
)


@transaction.atomic
def add_usual_catalog(*, actor: User | None, reason: str = "") -> list[Product]:
    """Enter what the association usually buys, and return its products; what is on record already
    stays as it is."""
    with acting(actor, reason=reason):
        products = {
            code: once(
                Product,
                {"code": code},
                partial(catalog.add_product, actor=actor),
                {"name": name, "kind": kind, "place": place},
            )
            for code, name, kind, place in PRODUCTS
        }
        forms = {
            code: once(
                ProductForm,
                {"code": code},
                partial(catalog.add_form, actor=actor),
                {"product": products[product], "name": name, **told},
            )
            for code, product, name, told in FORMS
        }
        for code, product, name in VARIETIES:
            once(
                Variety,
                {"code": code},
                partial(catalog.add_variety, actor=actor),
                {"product": products[product], "name": name},
            )
        for code, form, name, is_default, place in QUALITIES:
            has_usual = Quality.objects.filter(form=forms[form], is_default=True).exists()
            once(
                Quality,
                {"code": code},
                partial(catalog.add_quality, actor=actor),
                {
                    "form": forms[form],
                    "name": name,
                    "is_default": is_default and not has_usual,
                    "place": place,
                },
            )
        for form, figure, value, source in FIGURES:
            once(
                FormFigure,
                {"form": forms[form], "kind": figure},
                partial(catalog.add_figure, actor=actor),
                {"value": Decimal(value), "source": source},
            )
    return list(products.values())


def once(
    model: type[RowT], by: dict[str, Any], add: Callable[..., RowT], told: dict[str, Any]
) -> RowT:
    """Return the row of `by`, which `add` enters with what is `told` where there is none."""
    found = model._default_manager.filter(**by).first()  # noqa: SLF001  # Django's name for it
    return found if found is not None else add(**by, **told)
