"""What is found in samples: tests and their photographs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.grading import CLASSES, graded, weight_of_100
from harvests.models import (
    Batch,
    Delivery,
    GradeEdition,
    Lot,
    Product,
    QualityPhotograph,
    QualityTest,
    Variety,
)
from harvests.rules import BEANS_APART_MOST, BEANS_APART_NOTED
from harvests.services.grade_tables import grades_for
from kallari.files.services import store_photograph
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.services.locks import lock_numbers, locked, next_number

if TYPE_CHECKING:
    from django.core.files import File

    from kallari.accounts.models import User
    from kallari.files.cleaning import CleanFile

HUNDRED = 100
MEASURES = (
    "beans_weight_g",
    "beans_per_100g",
    "moisture_percent",
    "foreign_matter_percent",
)
TOLD = ("variety", "tested_at", "sampler", "beans_counted", *CLASSES, *MEASURES, "note")
"""What is told of a test, beside what it is of."""


@transaction.atomic
def note_quality_test(
    *,
    actor: User | None,
    lot: Lot | None = None,
    batch: Batch | None = None,
    delivery: Delivery | None = None,
    key: uuid.UUID | None = None,
    **told: Any,
) -> QualityTest:
    """Note what was found in a sample of a lot, a batch or a delivery, and grade it by the table
    in force on that day.

    Args:
        told: of `TOLD`. Without ``beans_counted`` it is what the classes add up to; without any
            bean nobody cut any.

    Raises:
        ValidationError: ``not_a_hundred``, ``note_required``: by `harvests.rules`; ``not_valid``,
            ``voided``: what counts no more is not tested; what the constraints say.
    """
    with acting(actor):
        lock_numbers("quality_test")
        test = QualityTest(lot=lot, batch=batch, delivery=delivery)
        _refuse_uncounted(test)
        _tell(test, told)
        _grade(test, table_for(test))
        return _keep(actor, test, key)


@transaction.atomic
def replace_quality_test(
    *, actor: User | None, test: QualityTest, why: str, key: uuid.UUID | None = None, **told: Any
) -> QualityTest:
    """Note what a test should have said. It is graded by the same table as the first, if that
    was graded: a correction of the counts is no reason for another norm.

    Raises:
        ValidationError: as `note_quality_test`; ``reason_required``; ``replaced`` already.
    """
    why = require_reason(why)
    with acting(actor, reason=why):
        lock_numbers("quality_test")
        test = _standing(test)
        better = _in_place_of(test, why)
        kept = {name: getattr(test, name) for name in TOLD}
        if set(told) & set(CLASSES):
            kept["beans_counted"] = None  # as many as the classes add up to
        _tell(better, kept | told)
        _grade(better, test.edition or table_for(better))
        return _keep(actor, better, key)


@transaction.atomic
def regrade_quality_test(*, actor: User | None, test: QualityTest, why: str) -> QualityTest:
    """Grade the same counts by the table in force today, because a buyer or a new norm asks for
    it. The first grade stays on record, with its table.

    Raises:
        ValidationError: ``reason_required``; ``replaced`` already; ``no_cut``; ``same_table``:
            it was graded by that one.
    """
    why = require_reason(why)
    with acting(actor, reason=why):
        lock_numbers("quality_test")
        test = _standing(test)
        if test.cut is None:
            raise ValidationError(_("Sin corte no hay grado."), code="no_cut")
        again = _in_place_of(test, why)
        _tell(again, {name: getattr(test, name) for name in TOLD})
        table = table_for(again, timezone.localdate())
        if table is None or table.pk == test.edition_id:
            raise ValidationError(
                _("Ya está calificada con la tabla que rige hoy."), code="same_table"
            )
        _grade(again, table)
        return _keep(actor, again, None)


def reviewed(
    *,
    lot: Lot | None = None,
    batch: Batch | None = None,
    delivery: Delivery | None = None,
    replaces: QualityTest | None = None,
    **told: Any,
) -> QualityTest:
    """A test as it would be noted, with its grade: nothing is written.

    Raises:
        ValidationError: as `note_quality_test`.
    """
    test = QualityTest(lot=lot, batch=batch, delivery=delivery)
    _refuse_uncounted(test)
    _tell(test, told)
    first = replaces.edition if replaces is not None else None
    _grade(test, first or table_for(test))
    test.noted_at, test.number = timezone.now(), 1
    test.clean_fields(exclude=["id", "number", "tested_by"])
    test.validate_constraints(exclude=["id", "number"])
    return test


@transaction.atomic
def add_quality_photograph(
    *,
    actor: User | None,
    test: QualityTest,
    upload: CleanFile | File[bytes] | bytes,
    caption: str = "",
) -> QualityPhotograph:
    """Keep a photograph of a sample.

    Raises:
        ValidationError: as `kallari.files.services.store_photograph`.
    """
    with acting(actor):
        kept = QualityPhotograph(
            test=test, file=store_photograph(actor=actor, upload=upload), caption=caption
        )
        kept.full_clean()
        kept.save()
    return kept


def table_for(test: QualityTest, day: date | None = None) -> GradeEdition | None:
    """By which table a test is graded: the one in force on its day (or another) for its product;
    none where nobody entered one, or nothing was cut."""
    if test.beans_counted is None:
        return None
    product = _product(test)
    if product is None:
        return None
    return GradeEdition.objects.latest_on(product, day or timezone.localdate(test.tested_at))


def product_of(
    *, lot: Lot | None = None, batch: Batch | None = None, delivery: Delivery | None = None
) -> Product | None:
    """The product of a lot or a delivery; of a batch, that of what went into it."""
    if lot is not None:
        return lot.form.product
    if delivery is not None:
        return delivery.form.product
    assert batch is not None, "one of the three"  # noqa: S101
    took = batch.movements.filter(kind="input").select_related(
        "lot__form__product", "delivery__form__product"
    )
    first = took.first()
    source = None if first is None else first.lot or first.delivery
    return None if source is None else source.form.product


def _product(test: QualityTest) -> Product | None:
    return product_of(lot=test.lot, batch=test.batch, delivery=test.delivery)


def _refuse_uncounted(test: QualityTest) -> None:
    if (test.lot, test.batch, test.delivery).count(None) != 2:
        raise ValidationError(
            _("Una prueba es de un lote, de un proceso o de una entrega."), code="one_subject"
        )
    if test.delivery is not None and not test.delivery.is_valid:
        raise ValidationError(
            _("Esa entrega fue corregida o anulada: use la que vale."), code="not_valid"
        )
    if test.batch is not None and test.batch.status == Batch.Status.VOIDED:
        raise ValidationError(_("Ese proceso está anulado."), code="voided")


def _tell(test: QualityTest, told: Mapping[str, Any]) -> None:
    if unknown := set(told) - set(TOLD):
        raise TypeError(f"nothing that is told of a test: {sorted(unknown)}")
    whole = completed(told, source=test.lot or test.delivery)
    for name, value in whole.items():
        setattr(test, name, value)
    test.tested_at = test.tested_at or timezone.now()
    test.note = test.note.strip()
    if test.tested_at > timezone.now():
        raise refusal_at("tested_at", _("Esa hora todavía no llega."), code="in_the_future")
    _refuse_other_variety(test)
    if test.beans_counted is not None:
        _look_at_count(test)


def completed(told: Mapping[str, Any], *, source: Lot | Delivery | None) -> dict[str, Any]:
    """What was told of a test with what follows from it: a class that is not told has no beans,
    the classes add up to the beans that were cut, the variety is that of its source."""
    whole = dict(told)
    beans = [whole.get(one) for one in CLASSES]
    if whole.get("beans_counted") is None:
        whole["beans_counted"] = sum(one or 0 for one in beans) if any(beans) else None
    for name, number in zip(CLASSES, beans, strict=True):
        whole[name] = None if whole["beans_counted"] is None else number or 0
    if whole.get("variety") is None:
        whole["variety"] = None if source is None else source.variety
    return whole


def _refuse_other_variety(test: QualityTest) -> None:
    product = _product(test)
    variety: Variety | None = test.variety
    if variety is not None and product is not None and variety.product_id != product.pk:
        raise refusal_at("variety", _("Esa variedad es de otro producto."), code="other_product")


def _look_at_count(test: QualityTest) -> None:
    """A few beans more or less than a hundred are explained, many are counted again."""
    day = timezone.localdate(test.tested_at)
    apart, most = abs((test.beans_counted or 0) - HUNDRED), BEANS_APART_MOST.on(day)
    if apart > most:
        raise refusal_at(
            "beans_counted",
            _(
                "Suman %(beans)s granos. Un corte es de cien, de %(low)s a %(high)s: cuéntelos otra"
                " vez."
            ),
            code="not_a_hundred",
            params={"beans": test.beans_counted, "low": HUNDRED - most, "high": HUNDRED + most},
        )
    if apart > BEANS_APART_NOTED.on(day) and not test.note:
        raise refusal_at(
            "note",
            _("Suman %(beans)s granos y no cien: escriba por qué."),
            code="note_required",
            params={"beans": test.beans_counted},
        )


def _grade(test: QualityTest, table: GradeEdition | None) -> None:
    """Give a test its table, its grade and why it has no better one."""
    cut = test.cut
    if cut is None or table is None or cut.counted != test.beans_counted:
        return  # what does not add up, the constraint refuses
    grades = list(grades_for(table, test.variety))
    weight = weight_of_100(test.beans_weight_g, test.beans_per_100g)
    found = graded(cut, weight, [one.limits for one in grades])
    test.edition = table
    test.grade = next((one for one in grades if one.code == found.grade), None)
    test.below = [one.stored() for one in found.below]


def _standing(test: QualityTest) -> QualityTest:
    test = locked(test)
    if test.is_replaced:
        raise ValidationError(_("Esa prueba ya se corrigió: corrija la que vale."), "replaced")
    return test


def _in_place_of(test: QualityTest, why: str) -> QualityTest:
    return QualityTest(
        lot=test.lot, batch=test.batch, delivery=test.delivery, replaces=test, why=why
    )


def _keep(actor: User | None, test: QualityTest, key: uuid.UUID | None) -> QualityTest:
    if key is not None:
        test.pk = key
    test.number = next_number(QualityTest)
    test.tested_by, test.noted_at = actor, max(timezone.now(), test.tested_at)
    test.full_clean()
    test.save()
    return test
