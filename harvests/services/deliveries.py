"""What happens to a delivery: weighed, corrected by another, voided; and what is decided on the
alerts that it gave rise to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.intake.facts import Facts
from harvests.intake.reading import Draft, Refused, content_digest, read_delivery
from harvests.intake.receiving import Fate, Outcome, receive
from harvests.intake.refusing import as_validation_error
from harvests.models import Delivery, DeliveryAlert
from harvests.services.used_deliveries import (
    lock_with_batches,
    put_into_batches,
    refuse_used,
    take_out_of_batches,
)
from kallari.history.context import acting, require_reason
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


def receive_delivery(
    *,
    actor: User,
    told: Mapping[str, Any],
    key: uuid.UUID | None = None,
    via: str = Delivery.Via.OFFICE,
) -> Delivery:
    """Take one delivery in, valued by the price of its moment.

    Args:
        told: the fields of a delivery as docs/sync.md lists them, as JSON has them.
        key: the primary key that the sender has given it already.

    Raises:
        ValidationError: what is wrong, at the fields; ``other_content`` when the key belongs to
            something else. The same content again is no error: the delivery on record comes back.
    """
    key = key or uuid.uuid4()
    digest = content_digest("delivery", str(key), "create", dict(told))
    with acting(actor):
        try:
            draft = read_delivery(told, key=key, digest=digest)
        except Refused as refused:
            raise as_validation_error(refused.refusals) from refused
        (outcome,) = receive([draft], actor=actor, via=via)
    return _on_record(key, outcome)


def receive_earlier_deliveries(*, actor: User, drafts: Sequence[Draft]) -> list[Outcome]:
    """Take in what was bought before this program: each draft says what was paid (`Draft.paid`)
    and where it stands (`Draft.reference`). One that cannot be taken leaves the others alone."""
    with acting(actor):
        return receive(drafts, actor=actor, via=Delivery.Via.IMPORT)


@transaction.atomic
def correct_delivery(
    *,
    actor: User,
    delivery: Delivery,
    told: Mapping[str, Any],
    reason: str,
    key: uuid.UUID | None = None,
    digest: str = "",
    device: uuid.UUID | None = None,
    clock_offset_ms: int | None = None,
    via: str = "",
) -> Delivery:
    """Let another delivery take the place of one that was weighed or written wrongly.

    The first stays as it was and counts no more; the second is valued by the price of the moment
    of weighing. Both stand in the history. What of the first lies in a batch is taken out, and
    the second takes its place there.

    Args:
        told: the whole delivery as it should be.

    Raises:
        ValidationError: ``reason_required``; ``not_valid`` when it was corrected or voided
            already; what is wrong with what is told; ``more_out_than_in``: its batch would have
            given more than it took, so what came out is to be corrected first.
    """
    reason = require_reason(reason)
    key = key or uuid.uuid4()
    digest = digest or content_digest("delivery", str(key), "correct", dict(told))
    with acting(actor, reason=reason):
        delivery = lock_with_batches(delivery)
        _refuse_ended(delivery)
        uses = take_out_of_batches(delivery, actor=actor)
        try:
            draft = read_delivery(
                {name: told[name] for name in told if name not in {"reason", "supersedes"}},
                key=key,
                digest=digest,
                device=device,
                clock_offset_ms=clock_offset_ms,
            )
        except Refused as refused:
            raise as_validation_error(refused.refusals) from refused
        draft.supersedes = delivery.pk
        if delivery.via == Delivery.Via.IMPORT:
            draft.paid, draft.reference = delivery.price_paid, delivery.reference

        def end_the_first(facts: Facts) -> None:
            """The first counts no more before the second is looked at; where the family lived
            then, it did whatever has been moved since."""
            _end(locked(delivery), Delivery.Status.SUPERSEDED)
            family = str(delivery.family_id)
            if family in facts.families:
                _now, closed_on = facts.families[family]
                facts.families[family] = (delivery.community_id, closed_on)

        (outcome,) = receive(
            [draft],
            actor=actor,
            agent=delivery.agent,  # who weighed stays who weighed
            via=via or delivery.via,
            prepare=end_the_first,
        )
        if outcome.fate is not Fate.CREATED:
            raise as_validation_error(outcome.refusals)
        successor = Delivery.objects.get(pk=key)
        put_into_batches(successor, uses, actor=actor)
        _decide_open(delivery, actor, DeliveryAlert.Decision.CORRECTED, reason)
    return successor


@transaction.atomic
def void_delivery(*, actor: User, delivery: Delivery, reason: str) -> Delivery:
    """A delivery never was, or was entered twice; it stays, and counts for nothing.

    Raises:
        ValidationError: ``reason_required``; ``not_valid``; ``used``: it lies in a batch;
            ``settled``: what a settlement counts is corrected, and the difference goes to the next
            settlement.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        delivery = locked(delivery)
        _refuse_ended(delivery)
        refuse_used(delivery)
        if delivery.settlement_lines.filter(counts=True).exists():
            raise ValidationError(
                _(
                    "La entrega %(folio)s está en una liquidación: no se anula. Corríjala, y la"
                    " diferencia pasa a la liquidación que sigue."
                ),
                code="settled",
                params={"folio": delivery.folio},
            )
        _end(delivery, Delivery.Status.VOIDED)
        _decide_open(delivery, actor, DeliveryAlert.Decision.VOIDED, reason)
    return delivery


@transaction.atomic
def decide_alert(*, actor: User, alert: DeliveryAlert, decision: str, reason: str) -> DeliveryAlert:
    """Somebody looked at an alert: it is right so, or the delivery is voided.

    Args:
        decision: `DeliveryAlert.Decision.EXPLAINED` or ``VOIDED``. What was wrong is corrected by
            `correct_delivery`, which decides what was open about it as ``CORRECTED``.

    Raises:
        ValidationError: ``reason_required``; ``decided`` already; ``not_valid`` when the delivery
            to be voided counts no more.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        delivery = locked(alert.delivery)
        alert = locked(alert)
        if not alert.is_open:
            raise ValidationError(_("Sobre este aviso ya se decidió."), code="decided")
        if decision == DeliveryAlert.Decision.VOIDED:
            void_delivery(actor=actor, delivery=delivery, reason=reason)
            alert.refresh_from_db()
        else:
            _decide(alert, actor, decision, reason)
    return alert


def _decide_open(delivery: Delivery, actor: User, decision: str, reason: str) -> None:
    """What was open about a delivery that counts no more is decided with it; and where another one
    was perhaps the same, that other one is right."""
    about = models.Q(delivery=delivery) | models.Q(
        other=delivery, kind=DeliveryAlert.Kind.POSSIBLE_DOUBLE
    )
    open_alerts = DeliveryAlert.objects.select_for_update().filter(about, is_open=True)
    for alert in open_alerts.order_by("pk"):
        is_own = alert.delivery_id == delivery.pk
        _decide(alert, actor, decision if is_own else DeliveryAlert.Decision.EXPLAINED, reason)


def _decide(alert: DeliveryAlert, actor: User, decision: str, reason: str) -> None:
    alert.decision, alert.decision_reason = decision, reason
    alert.decided_at, alert.decided_by = timezone.now(), actor
    alert.is_open = False
    alert.full_clean()
    alert.save()


def _refuse_ended(delivery: Delivery) -> None:
    if not delivery.is_valid:
        raise ValidationError(
            _("La entrega %(folio)s ya fue corregida o anulada."),
            code="not_valid",
            params={"folio": delivery.folio},
        )


def _end(delivery: Delivery, status: str) -> None:
    delivery.status, delivery.ended_at = status, timezone.now()
    delivery.save()


def _on_record(key: uuid.UUID, outcome: Outcome) -> Delivery:
    if outcome.refusals:
        raise as_validation_error(outcome.refusals)
    return Delivery.objects.get(pk=key)
