"""Prices laid out as people read them: by product and form, qualities down, classes across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from harvests.models import (
    CertificationClass,
    PriceLine,
    Product,
    ProductForm,
    Quality,
)
from kallari.units import CENT, KG_PER, Unit, rounded


@dataclass(frozen=True)
class Cell:
    """What one kind is paid; `line` is None where there is no price."""

    certification_class: CertificationClass
    line: PriceLine | None = None

    @property
    def total_usd(self) -> Decimal | None:
        """Price and premium of one unit."""
        return None if self.line is None else self.line.price_usd + self.line.premium_usd

    @property
    def _exact_per_kg(self) -> Decimal | None:
        return None if self.line is None else self.line.usd_per_kg

    @property
    def usd_per_kg(self) -> Decimal | None:
        """In cents, premium included; None where nothing is weighed."""
        exact = self._exact_per_kg
        return None if exact is None else rounded(exact, CENT)

    @property
    def usd_per_qq(self) -> Decimal | None:
        """In cents, premium included; None where nothing is weighed."""
        exact = self._exact_per_kg
        return None if exact is None else rounded(exact * KG_PER[Unit.QQ.value], CENT)


@dataclass
class Row:
    """The prices of one quality."""

    quality: Quality
    cells: list[Cell] = field(default_factory=list)


@dataclass
class FormTable:
    """The prices of one form."""

    form: ProductForm
    rows: list[Row] = field(default_factory=list)


@dataclass
class ProductPrices:
    """The prices of one product."""

    product: Product
    forms: list[FormTable] = field(default_factory=list)


def laid_out(lines: Iterable[PriceLine]) -> list[ProductPrices]:
    """Lay prices out; `lines` come with form, product and quality."""
    priced = {(line.quality_id, line.certification_class): line for line in lines}
    qualities = {line.quality_id: line.quality for line in priced.values()}
    forms = {line.form_id: line.form for line in priced.values()}
    products = {form.product_id: form.product for form in forms.values()}
    return [
        ProductPrices(
            product,
            [
                FormTable(
                    form,
                    [
                        Row(
                            quality,
                            [
                                Cell(one, priced.get((quality.pk, one.value)))
                                for one in CertificationClass
                            ],
                        )
                        for quality in sorted(
                            qualities.values(), key=lambda one: (one.place, one.name)
                        )
                        if quality.form_id == form.pk
                    ],
                )
                for form in sorted(forms.values(), key=lambda one: (one.place, one.name))
                if form.product_id == product.pk
            ],
        )
        for product in sorted(products.values(), key=lambda one: (one.place, one.name))
    ]
