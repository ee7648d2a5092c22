"""A batch is begun, filled, moved from phase to phase, looked at."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    Batch,
    BatchReading,
    BatchStage,
    CollectionCenter,
    Delivery,
    Place,
    ProcessKind,
    ProcessPhase,
)
from harvests.routes import Routes
from harvests.services.ledger import (
    Kind,
    Taken,
    lock_sources,
    refuse_coming,
    refuse_now,
    took_by_form,
    write,
)
from kallari.history.context import acting
from members.services.locks import lock_numbers, locked, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User


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
        stage.full_clean()
        stage.save()
        if taken:
            add_to_batch(actor=actor, batch=batch, taken=taken, at=started_at)
    return batch


@transaction.atomic
def add_to_batch(
    *,
    actor: User | None,
    batch: Batch,
    taken: Sequence[Taken],
    at: datetime | None = None,
    reference: str = "",
) -> Batch:
    """Put kilos of deliveries or lots into a batch under way.

    Args:
        reference: by which a program knows its message again.

    Raises:
        ValidationError: ``ended``; ``form_not_taken``: its kind takes nothing in that form;
            ``forms_mixed``: nothing could come out of what would be in it; what `lock_sources`
            refuses.
        IntegrityError: what the law of kilos refuses.
    """
    with acting(actor):
        batch = locked_open(batch)
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
        forms = {one.source.form_id for one in sources}
        if not routes.given(forms | set(took_by_form(batch))):
            raise ValidationError(
                _(
                    "De lo que entra a «%(kind)s» no sale nada junto: son presentaciones o"
                    " productos distintos. Empiece un proceso para cada uno."
                ),
                code="forms_mixed",
                params={"kind": str(batch.kind)},
            )
        lines = [_input(batch, one) | {"reference": reference} for one in sources]
        write(lines, actor=actor, moved_at=at)
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


def locked_open(batch: Batch) -> Batch:
    """The batch as it is now, locked.

    Raises:
        ValidationError: ``ended``.
    """
    batch = locked(batch)
    if not batch.is_open:
        raise _ended(batch)
    return batch


def _ended(batch: Batch) -> ValidationError:
    return ValidationError(
        _("El proceso %(code)s ya terminó."), code="ended", params={"code": batch.code}
    )


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
        batch = locked_open(batch)
        if phase is not None and phase.kind_id != batch.kind_id:
            raise ValidationError(_("Esa fase es de otro proceso."), code="other_kind")
        current = batch.stages.current().first()
        if current is not None:
            if at < current.started_at:
                raise ValidationError(
                    _("La fase anterior empezó después de esa hora."), code="before_it_began"
                )
            current.ended_at = at
            current.full_clean()
            current.save()
        stage = BatchStage(batch=batch, phase=phase, where=where, started_at=at)
        stage.full_clean()
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
    """Take down what is seen or done during a batch. One that was wrong is replaced by another,
    after the batch ended too.

    Args:
        read_at: now, or when the one that is replaced was read.

    Raises:
        ValidationError: ``ended``; ``in_the_future``; ``before_it_began``; ``other_batch``.
    """
    if read_at is None:
        read_at = timezone.now() if replaces is None else replaces.read_at
    read_at = refuse_coming(read_at)
    with acting(actor):
        batch = locked_open(batch) if replaces is None else locked(batch)
        if batch.status == Batch.Status.VOIDED or (batch.ended_at and read_at > batch.ended_at):
            raise _ended(batch)
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
            where=where or (current.where if current else replaces.where if replaces else None),
            note=note,
            replaces=replaces,
        )
        if key is not None:
            reading.pk = key
        reading.full_clean()
        reading.save()
    return reading
