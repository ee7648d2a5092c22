"""What comes out of a batch becomes lots; the last of it ends the batch."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    STRONGEST_FIRST,
    Batch,
    BatchTotals,
    Lot,
    Place,
    ProductForm,
    StockMovement,
)
from harvests.routes import Routes
from harvests.services.batches.working import locked_open
from harvests.services.ledger import (
    Kind,
    class_of_inputs,
    refuse_coming,
    refuse_now,
    refuse_other_measure,
    took_by_form,
    write,
)
from harvests.wording import number
from kallari.history.bulk import as_rows, insert_with_history
from kallari.history.context import acting
from members.services.locks import lock_numbers, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User


@dataclass(frozen=True)
class Given:
    """Something that came out of a batch, to become a lot."""

    form: ProductForm
    kg: Decimal
    pieces: int | None = None
    where: Place | None = None
    certification_class: str = ""
    """Empty: the weakest of what went in. A weaker one may be told, no stronger."""
    sacks: int | None = None
    marks: str = ""
    added_kg: Decimal = Decimal(0)
    """Ingredients that are no kilos of the families: sugar, milk."""
    note: str = ""
    key: uuid.UUID | None = None
    """The primary key that the lot is given; None: one at random."""


@transaction.atomic
def take_out(
    *,
    actor: User | None,
    batch: Batch,
    given: Sequence[Given],
    at: datetime | None = None,
) -> list[Lot]:
    """Weigh what comes out of a batch: each becomes a lot, of the weakest class of what went in.

    Raises:
        ValidationError: ``ended``; ``nothing_in``; ``form_not_given``: that does not come of what
            went in; ``class_too_strong``; ``pieces_required``; ``weight_required``.
        IntegrityError: more comes out than went in.
    """
    at = refuse_coming(at or timezone.now())
    with acting(actor):
        batch = locked_open(batch)
        # Nobody puts anything weaker in between looking and writing.
        BatchTotals.objects.select_for_update().get(batch=batch)
        least = class_of_inputs(batch)
        if least is None:
            raise ValidationError(_("A ese proceso no ha entrado nada."), code="nothing_in")
        routes = Routes(batch.kind, timezone.localdate(at))
        allowed = routes.given(set(took_by_form(batch)))
        for one in given:
            _refuse_impossible(one, batch, allowed, least)
        lots = _new_lots(batch, given, least, at)
        insert_with_history((Lot, as_rows(lots)), actor=actor)
        write(
            [
                {
                    "batch": batch,
                    "lot": lot,
                    "kind": Kind.OUTPUT,
                    "kg": one.kg,
                    "pieces": one.pieces,
                    "certification_class": lot.certification_class,
                }
                for lot, one in zip(lots, given, strict=True)
            ],
            actor=actor,
            moved_at=at,
        )
        refuse_now()
    return lots


def _refuse_impossible(one: Given, batch: Batch, allowed: set[int], least: str) -> None:
    if one.form.pk not in allowed:
        raise ValidationError(
            _("De lo que entró no sale %(form)s en «%(kind)s»."),
            code="form_not_given",
            params={"form": str(one.form), "kind": str(batch.kind)},
        )
    if one.kg <= 0:
        raise ValidationError(_("Los kilos son más que cero."), code="weight_required")
    refuse_other_measure(one.pieces, is_counted=not one.form.is_weighed)
    if one.certification_class and STRONGEST_FIRST.index(
        one.certification_class
    ) < STRONGEST_FIRST.index(least):
        raise ValidationError(
            _("Lo que sale lleva la certificación más débil de lo que entró."),
            code="class_too_strong",
        )


_ROWS_OF_A_LOT = {"batch", "form", "variety", "where"}


def _new_lots(batch: Batch, given: Sequence[Given], least: str, at: datetime) -> list[Lot]:
    lock_numbers("lot")
    year = timezone.localdate(at).year
    first = next_number(Lot.objects.filter(year=year))
    variety = _variety_of_inputs(batch)
    lots = [
        Lot(
            code=f"L{year % 100:02}-{number:04}",
            year=year,
            number=number,
            batch=batch,
            form=one.form,
            variety_id=variety,
            certification_class=one.certification_class or least,
            where=one.where,
            sacks=one.sacks,
            marks=one.marks,
            added_kg=one.added_kg,
            made_at=at,
            note=one.note,
        )
        for number, one in enumerate(given, first)
    ]
    for lot, one in zip(lots, given, strict=True):
        lot.pk = one.key or lot.pk
        # What somebody typed; that its rows exist and its law holds, the database says.
        lot.clean_fields(exclude=_ROWS_OF_A_LOT)
    return lots


def _variety_of_inputs(batch: Batch) -> int | None:
    """The variety that all inputs share, if they do."""
    sources = StockMovement.objects.filter(batch=batch, kind=Kind.INPUT, kg__lt=0)
    found = {
        one["delivery__variety"] or one["lot__variety"]
        for one in sources.values("delivery__variety", "lot__variety").distinct().order_by()
    }
    return found.pop() if len(found) == 1 else None


@transaction.atomic
def finish_batch(
    *,
    actor: User | None,
    batch: Batch,
    given: Sequence[Given] = (),
    ended_at: datetime | None = None,
    yield_note: str = "",
    reason: str = "",
) -> Batch:
    """The last came out: the batch ends, with its last lots. A yield outside the band of its kind
    asks for a note.

    Raises:
        ValidationError: ``nothing_out``; ``yield_note_required``; what `take_out` refuses.
    """
    ended_at = refuse_coming(ended_at or timezone.now())
    with acting(actor, reason=reason or str(_("Salió todo del proceso."))):
        batch = locked_open(batch)
        if given:
            take_out(actor=actor, batch=batch, given=given, at=ended_at)
        totals = BatchTotals.objects.get(batch=batch)
        if not totals.out_kg:
            raise ValidationError(
                _("Del proceso no ha salido nada. Si nunca fue, anúlelo."), code="nothing_out"
            )
        band = _band(batch, ended_at)
        if band is not None:
            batch.yield_low, batch.yield_high = band.low, band.high
            yielded = totals.yielded
            assert yielded is not None, "what came out went in"  # noqa: S101
            if not band.holds(yielded) and not yield_note.strip():
                raise ValidationError(
                    {
                        "yield_note": ValidationError(
                            _(
                                "Salió %(yielded)s de cada kilo; se espera entre %(low)s y"
                                " %(high)s. Revise los pesos, o escriba por qué."
                            ),
                            code="yield_note_required",
                            params={
                                "yielded": number(yielded, "3"),
                                "low": number(band.low, "3"),
                                "high": number(band.high, "3"),
                            },
                        )
                    }
                )
        batch.yield_note = yield_note
        end(batch, Batch.Status.FINISHED, ended_at)
    return batch


def _band(batch: Batch, day_at: datetime) -> Any:
    main = (
        Lot.objects.filter(batch=batch)
        .annotate(made=models.Sum("movements__kg", filter=models.Q(movements__kind=Kind.OUTPUT)))
        .order_by("-made")
        .first()
    )
    if main is None:
        return None
    routes = Routes(batch.kind, timezone.localdate(day_at))
    return routes.band(took_by_form(batch), main.form_id)


def end(batch: Batch, status: str, at: datetime) -> None:
    for stage in batch.stages.current():
        stage.ended_at = max(at, stage.started_at)
        stage.full_clean()
        stage.save()
    batch.status, batch.ended_at = status, at
    batch.clean_fields(exclude={"kind", "center", "started_by"})
    batch.save()
