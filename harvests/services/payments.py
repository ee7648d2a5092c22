"""Paying what settlements say, in cash or by transfer, and taking a payment back.

Lock order: the numbers of payments, then the settlement, then the session of the cash box.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import CashMovement, CashSession, Payment, Settlement
from harvests.models.payments import refuse_before_its_settlement
from harvests.services.cash import open_session_of, write_movement
from harvests.wording import number as in_writing
from kallari.dates import refuse_future
from kallari.history.bulk import cleaned, insert_with_history
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.units import is_above_zero
from members.services.locks import lock_numbers, locked, locked_all, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User

Method = Payment.Method


@transaction.atomic
def pay_settlement(
    *,
    actor: User,
    settlement: Settlement,
    amount_usd: Decimal,
    method: str,
    paid_on: date,
    paid_by: str,
    reference: str = "",
    session: CashSession | None = None,
    note: str = "",
    key: uuid.UUID | None = None,
    reason: str = "",
) -> Payment:
    """Pay a family what a settlement says, or a part of it, under the next number of receipts.

    Args:
        session: the open cash box out of which cash comes.

    Raises:
        ValidationError: ``not_approved``; ``more_than_owed``; ``cash_box_needed``;
            ``no_cash_box_needed``; ``session_closed``; ``not_enough_cash``;
            ``before_its_settlement``; what the constraints say.
    """
    with acting(actor, reason=reason):
        lock_numbers("payment")
        settlement = locked(settlement)
        if not settlement.is_to_be_paid:
            raise ValidationError(_("Solo se paga una liquidación aprobada."), code="not_approved")
        if not is_above_zero(amount_usd):
            raise refusal_at("amount_usd", _("El pago es mayor que cero."), code="min_value")
        left = settlement.total_usd - paid_of(settlement)
        if amount_usd > left:
            raise refusal_at(
                "amount_usd",
                _("Por la liquidación %(code)s se deben %(left)s USD."),
                code="more_than_owed",
                params={"code": settlement.code, "left": in_writing(left, "2g")},
            )
        payment = Payment(
            number=next_number(Payment),
            settlement=settlement,
            amount_usd=amount_usd,
            method=method,
            reference=reference,
            paid_on=paid_on,
            paid_by=paid_by,
            note=note,
            recorded_at=timezone.now(),
        )
        if key is not None:
            payment.pk = key
        payment.clean_fields(exclude=["cash_movement"])
        if method == Method.TRANSFER and session is not None:
            raise refusal_at(
                "session",
                _("Una transferencia no sale de una caja: quítela, o escoja efectivo."),
                code="no_cash_box_needed",
            )
        if method == Method.CASH:
            payment.cash_movement = _out_of_the_box(actor, payment, session)
        payment.full_clean()
        payment.save()
    return payment


@transaction.atomic
def pay_by_one_transfer(
    *,
    actor: User,
    settlements: Iterable[Settlement],
    reference: str,
    paid_on: date,
    paid_by: str,
    keys: Mapping[uuid.UUID, uuid.UUID] | None = None,
    seen: Mapping[uuid.UUID, Decimal] | None = None,
    reason: str = "",
) -> list[Payment]:
    """Pay all that is owed on several settlements, as one order to the bank pays many families;
    each has its own receipt. Those on which nothing is owed are left out. A bounded number of
    queries.

    Args:
        keys: the primary key for the payment of a settlement, where the sender has given one.
        seen: what was owed on a settlement when the order was made, where it is known.

    Raises:
        ValidationError: ``reference_required``; ``in_the_future``; ``not_approved``;
            ``before_its_settlement``; ``owed_changed``: something was paid or taken back meanwhile,
            so the bank was told another amount; what the fields say of ``reference`` and
            ``paid_by``.
    """
    refuse_future("paid_on", paid_on)
    if not any(character.isalnum() for character in reference):
        raise refusal_at(
            "reference", _("Escriba el número de la transferencia."), code="reference_required"
        )
    told = cleaned(Payment, reference=reference, paid_by=paid_by)
    with acting(actor, reason=reason):
        lock_numbers("payment")
        rows = locked_all(settlements)
        if any(not row.is_to_be_paid for row in rows):
            raise ValidationError(_("Solo se paga una liquidación aprobada."), code="not_approved")
        for row in rows:
            refuse_before_its_settlement(paid_on, row)
        unpaid = Settlement.objects.unpaid().filter(pk__in=[row.pk for row in rows])
        _refuse_changed(rows, unpaid, seen or {}, reference)
        number, now = next_number(Payment), timezone.now().isoformat()
        written = [
            {
                "id": str((keys or {}).get(settlement.pk) or uuid.uuid4()),
                "number": number + place,
                "settlement_id": str(settlement.pk),
                "amount_usd": str(settlement.owed_usd),
                "method": Method.TRANSFER,
                "cash_movement_id": None,
                "paid_on": paid_on.isoformat(),
                "note": "",
                "recorded_at": now,
                "reverses_id": None,
                **told,
            }
            for place, settlement in enumerate(unpaid.order_by("number"))
        ]
        insert_with_history((Payment, written), actor=actor)
    return list(Payment.objects.filter(pk__in=[row["id"] for row in written]).order_by("number"))


@transaction.atomic
def reverse_payment(*, actor: User, payment: Payment, reason: str) -> Payment:
    """Take back a payment that was never made, or came back: by another row below zero. Cash
    returns to its box, which has to be open.

    Raises:
        ValidationError: ``reason_required``; ``reversed`` already; ``is_reversal``;
            ``session_closed``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_numbers("payment")
        settlement = locked(payment.settlement)
        payment = Payment.objects.get(pk=payment.pk)
        if payment.is_reversal:
            raise ValidationError(_("Una reversión no se revierte."), code="is_reversal")
        if Payment.objects.filter(reverses=payment).exists():
            raise ValidationError(_("Ese pago ya se revirtió."), code="reversed")
        made = Payment(
            number=next_number(Payment),
            settlement=settlement,
            amount_usd=-payment.amount_usd,
            method=payment.method,
            reference=payment.reference,
            paid_on=timezone.localdate(),
            paid_by=payment.paid_by,
            note=reason[:1000],
            recorded_at=timezone.now(),
            reverses=payment,
        )
        if payment.cash_movement is not None:
            made.cash_movement = write_movement(
                actor,
                open_session_of(payment.cash_movement),
                CashMovement.Kind.PAYMENT_BACK,
                payment.amount_usd,
                note=reason[:200],
                of=payment.cash_movement,
            )
        made.full_clean()
        made.save()
    return made


def _refuse_changed(
    rows: Iterable[Settlement],
    unpaid: Iterable[Settlement],
    seen: Mapping[uuid.UUID, Decimal],
    reference: str,
) -> None:
    """Refuse an order that told the bank another amount than is owed now; one that was written down
    already is told again."""
    left = {one.pk: one.owed_usd for one in unpaid}
    told = Payment.objects.filter(settlement__in=seen, reference=reference)
    known = set(told.order_by().values_list("settlement", flat=True))
    for row in rows:
        owed = left.get(row.pk, Decimal(0))
        if row.pk not in known and seen.get(row.pk, owed) != owed:
            raise ValidationError(
                _("Por %(code)s se deben ahora %(left)s USD: revise la orden al banco."),
                code="owed_changed",
                params={"code": row.code, "left": owed},
            )


def paid_of(settlement: Settlement) -> Decimal:
    """What was paid of a settlement, less what was taken back."""
    total: Decimal | None = settlement.payments.aggregate(usd=models.Sum("amount_usd"))["usd"]
    return total or Decimal(0)


def _out_of_the_box(actor: User, payment: Payment, session: CashSession | None) -> CashMovement:
    if session is None:
        raise refusal_at(
            "session",
            _("El efectivo sale de una caja abierta: escójala."),
            code="cash_box_needed",
        )
    return write_movement(
        actor, session, CashMovement.Kind.PAYMENT, -payment.amount_usd, note=payment.code
    )
