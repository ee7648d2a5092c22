"""What happens to a batch: begun, filled, moved from phase to phase, looked at, emptied; or found
never to have been."""

from __future__ import annotations

import uuid
from collections import Counter
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
    BatchReading,
    BatchStage,
    BatchTotals,
    CollectionCenter,
    Delivery,
    Lot,
    Place,
    ProcessKind,
    ProcessPhase,
    ProductForm,
    StockMovement,
)
from harvests.routes import Routes
from harvests.services.ledger import (
    Kind,
    Taken,
    class_of_inputs,
    lock_sources,
    refuse_coming,
    refuse_now,
    write,
)
from harvests.wording import plain
from kallari.history.bulk import as_rows, insert_with_history
from kallari.history.context import acting, require_reason
from members.services.locks import lock_numbers, locked, locked_all, next_number

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
def start_batch(
    *,
    actor: User | None,
    kind: ProcessKind,
    center: CollectionCenter,
    started_at: datetime,
    taken: Sequence[Taken] = (),
    where: Place | None = None,
    note: str = "",
    key: uuid.UUID | None = None,
    reason: str = "",
) -> Batch:
    """Begin a batch with some deliveries or lots, in the first phase of its kind.

    Raises:
        ValidationError: ``in_the_future``; what `add_to_batch` refuses.
    """
    refuse_coming(started_at)
    with acting(actor, reason=reason):
        lock_numbers("batch")
        year = timezone.localdate(started_at).year
        number = next_number(Batch.objects.filter(kind=kind, year=year))
        batch = Batch(
            code=f"{kind.mark}{year % 100:02}-{number:04}",
            year=year,
            number=number,
            kind=kind,
            center=center,
            started_at=started_at,
            started_by=actor,
            note=note,
        )
        if key is not None:
            batch.pk = key
        batch.full_clean()
        batch.save()
        stage = BatchStage(
            batch=batch,
            phase=ProcessPhase.objects.filter(kind=kind).first(),
            where=where,
            started_at=started_at,
        )
        stage.save()
        if taken:
            add_to_batch(actor=actor, batch=batch, taken=taken, at=started_at)
    return batch


@transaction.atomic
def add_to_batch(
    *, actor: User | None, batch: Batch, taken: Sequence[Taken], at: datetime | None = None
) -> Batch:
    """Put kilos of deliveries or lots into a batch under way.

    Raises:
        ValidationError: ``ended``; ``form_not_taken``: its kind takes nothing in that form; what
            `lock_sources` refuses.
        IntegrityError: what the law of kilos refuses.
    """
    with acting(actor):
        batch = _locked_open(batch)
        at = refuse_coming(at or timezone.now())
        sources = lock_sources(taken)
        routes = Routes(batch.kind, timezone.localdate(at))
        for one in sources:
            if not routes.takes(one.source.form_id):
                raise ValidationError(
                    _("%(source)s no entra a «%(kind)s»: es %(form)s."),
                    code="form_not_taken",
                    params={
                        "source": str(one.source),
                        "kind": str(batch.kind),
                        "form": str(one.source.form),
                    },
                )
        write([_input(batch, one) for one in sources], actor=actor, moved_at=at)
        refuse_now()
    return batch


def _input(batch: Batch, taken: Taken) -> dict[str, Any]:
    assert taken.kg is not None, "lock_sources tells every amount"  # noqa: S101
    source = taken.source
    return {
        "batch": batch,
        "delivery" if isinstance(source, Delivery) else "lot": source,
        "kind": Kind.INPUT,
        "kg": -taken.kg,
        "pieces": None if taken.pieces is None else -taken.pieces,
        "certification_class": source.certification_class,
    }


def _locked_open(batch: Batch) -> Batch:
    batch = locked(batch)
    if not batch.is_open:
        raise ValidationError(
            _("El proceso %(code)s ya terminó."), code="ended", params={"code": batch.code}
        )
    return batch


@transaction.atomic
def move_batch(
    *,
    actor: User | None,
    batch: Batch,
    phase: ProcessPhase | None,
    where: Place | None,
    at: datetime | None = None,
    reason: str = "",
) -> BatchStage:
    """A batch goes on to another phase, or to another place in the same one.

    Raises:
        ValidationError: ``ended``; ``in_the_future``; ``other_kind``: the phase is of another
            process; ``before_it_began``.
    """
    at = refuse_coming(at or timezone.now())
    with acting(actor, reason=reason or str(_("El proceso pasa a otra fase o lugar."))):
        batch = _locked_open(batch)
        if phase is not None and phase.kind_id != batch.kind_id:
            raise ValidationError(_("Esa fase es de otro proceso."), code="other_kind")
        current = batch.stages.current().first()
        if current is not None:
            if at < current.started_at:
                raise ValidationError(
                    _("La fase anterior empezó después de esa hora."), code="before_it_began"
                )
            current.ended_at = at
            current.save()
        stage = BatchStage(batch=batch, phase=phase, where=where, started_at=at)
        stage.save()
    return stage


@transaction.atomic
def note_reading(
    *,
    actor: User | None,
    batch: Batch,
    kind: str,
    value: Decimal | None = None,
    read_at: datetime | None = None,
    where: Place | None = None,
    note: str = "",
    replaces: BatchReading | None = None,
    key: uuid.UUID | None = None,
) -> BatchReading:
    """Take down what is seen or done during a batch. One that was wrong is replaced by another.

    Raises:
        ValidationError: ``ended``; ``in_the_future``; ``before_it_began``; ``other_batch``.
    """
    read_at = refuse_coming(read_at or timezone.now())
    with acting(actor):
        batch = _locked_open(batch)
        if read_at < batch.started_at:
            raise ValidationError(
                _("El proceso empezó después de esa hora."), code="before_it_began"
            )
        if replaces is not None and replaces.batch_id != batch.pk:
            raise ValidationError(_("Esa lectura es de otro proceso."), code="other_batch")
        current = batch.stages.current().first()
        reading = BatchReading(
            batch=batch,
            kind=kind,
            value=value,
            read_at=read_at,
            read_by=actor,
            where=where or (current.where if current else None),
            note=note,
            replaces=replaces,
        )
        if key is not None:
            reading.pk = key
        reading.full_clean()
        reading.save()
    return reading


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
        batch = _locked_open(batch)
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
    if one.form.is_weighed != (one.pieces is None):
        raise ValidationError(_("Se cuenta por unidades: escriba cuántas."), code="pieces_required")
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


def took_by_form(batch: Batch) -> dict[int, Decimal]:
    """Kilos that went into a batch and were not taken out again, by the key of their form. One
    query."""
    rows = (
        StockMovement.objects.filter(batch=batch, kind=Kind.INPUT)
        .values_list("delivery__form", "lot__form")
        .annotate(took=models.Sum("kg"))
        .order_by()
    )
    took: Counter[int] = Counter()
    for of_delivery, of_lot, kg in rows:
        took[of_delivery or of_lot] -= kg
    return {form: Decimal(kg) for form, kg in took.items() if kg}


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
        batch = _locked_open(batch)
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
                                "yielded": plain(yielded),
                                "low": plain(band.low),
                                "high": plain(band.high),
                            },
                        )
                    }
                )
        batch.yield_note = yield_note
        _end(batch, Batch.Status.FINISHED, ended_at)
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


def _end(batch: Batch, status: str, at: datetime) -> None:
    for stage in batch.stages.current():
        stage.ended_at = max(at, stage.started_at)
        stage.save()
    batch.status, batch.ended_at = status, at
    batch.clean_fields(exclude={"kind", "center", "started_by"})
    batch.save()


@transaction.atomic
def correct_output(
    *, actor: User | None, lot: Lot, kg: Decimal, pieces: int | None = None, reason: str
) -> Lot:
    """What came out as a lot was weighed or written wrongly: the difference goes against it and
    its batch. What was taken from the lot since stays taken.

    Args:
        kg: what came out of the batch as this lot, all in all.

    Raises:
        ValidationError: ``reason_required``; ``no_difference``; ``voided``; ``pieces_required``.
        IntegrityError: more than went in, or less than was taken from the lot since.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        batch = locked(lot.batch)
        if batch.status == Batch.Status.VOIDED:
            raise ValidationError(_("El proceso está anulado."), code="voided")
        lot = locked(lot)
        made = lot.movements.filter(kind=Kind.OUTPUT).aggregate(
            kg=models.Sum("kg"), pieces=models.Sum("pieces")
        )
        if (made["pieces"] is None) != (pieces is None):
            raise ValidationError(
                _("Se cuenta por unidades: escriba cuántas."), code="pieces_required"
            )
        difference = kg - made["kg"]
        if not difference:
            raise ValidationError(_("Es lo que ya está anotado."), code="no_difference")
        write(
            [
                {
                    "batch": batch,
                    "lot": lot,
                    "kind": Kind.OUTPUT,
                    "kg": difference,
                    "pieces": None if pieces is None else pieces - made["pieces"],
                    "certification_class": lot.certification_class,
                    "note": reason,
                }
            ],
            actor=actor,
            moved_at=timezone.now(),
        )
        refuse_now()
    return lot


@transaction.atomic
def void_batch(*, actor: User | None, batch: Batch, reason: str) -> Batch:
    """A batch never was, or was entered twice: all that it took goes back to where it came from,
    its lots are empty. Only while nothing was taken from them.

    Raises:
        ValidationError: ``reason_required``; ``voided``; ``used``: something was taken from a lot
            of it.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        batch = locked(batch)
        if batch.status == Batch.Status.VOIDED:
            raise ValidationError(_("El proceso ya está anulado."), code="voided")
        lots = locked_all(Lot.objects.filter(batch=batch))
        if StockMovement.objects.filter(lot__in=lots).exclude(kind=Kind.OUTPUT).exists():
            raise ValidationError(
                _("De sus lotes ya se sacó o se ajustó algo: corrija los pesos en su lugar."),
                code="used",
            )
        now = timezone.now()
        write(undoing(batch), actor=actor, moved_at=now)
        _end(batch, Batch.Status.VOIDED, max(now, batch.started_at))
        refuse_now()
    return batch


def undoing(batch: Batch, *, delivery: Delivery | None = None) -> list[dict[str, Any]]:
    """The lines that take back what a batch gave and took; of one delivery alone, where told."""
    rows = StockMovement.objects.filter(batch=batch)
    if delivery is not None:
        rows = rows.filter(delivery=delivery)
    sums = (
        rows.values("lot", "delivery", "kind", "certification_class")
        .annotate(sum_kg=models.Sum("kg"), sum_pieces=models.Sum("pieces"))
        .exclude(sum_kg=0)
        .order_by("-kind", "delivery", "lot")  # outputs before inputs
    )
    lots = Lot.objects.in_bulk([one["lot"] for one in sums if one["lot"]])
    deliveries = Delivery.objects.in_bulk([one["delivery"] for one in sums if one["delivery"]])
    return [
        {
            "batch": batch,
            "lot": lots.get(one["lot"]),
            "delivery": deliveries.get(one["delivery"]),
            "kind": one["kind"],
            "kg": -one["sum_kg"],
            "pieces": None if one["sum_pieces"] is None else -one["sum_pieces"],
            "certification_class": one["certification_class"],
        }
        for one in sums
    ]
