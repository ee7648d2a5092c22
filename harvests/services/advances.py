"""What is given to families before they deliver: money, or inputs on credit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Advance, CashMovement, CashSession, SettlementLine
from harvests.services.cash import open_session_of, write_movement
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import Family, InputDistribution
from members.services.locks import lock_numbers, locked, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def give_advance(
    *,
    actor: User | None,
    family: Family,
    amount_usd: Decimal,
    given_on: date,
    given_by: str,
    kind: str = Advance.Kind.CASH,
    inputs: InputDistribution | None = None,
    session: CashSession | None = None,
    purpose: str = "",
    note: str = "",
    key: Any = None,
    reason: str = "",
) -> Advance:
    """Give a family something that settlements take off what she is owed, under the next number
    of receipts.

    Args:
        inputs: the handing out that is given on credit, where it is on record.
        session: the open cash box out of which the money comes, if it comes out of one. Then
            somebody takes it: an actor is needed.

    Raises:
        ValidationError: ``family_closed`` on that day; ``inputs_of_another`` or voided;
            ``session_closed``; ``not_enough_cash``; what the constraints say.
        ValueError: a cash box is told, and no actor.
    """
    with acting(actor, reason=reason):
        lock_numbers("advance")
        family = locked(family)
        if family.closed_on is not None and family.closed_on <= given_on:
            raise refusal_at(
                "family",
                _("La familia %(family)s está retirada."),
                code="family_closed",
                params={"family": str(family)},
            )
        if inputs is not None:
            inputs = _locked_inputs(inputs, family)
        advance = Advance(
            number=next_number(Advance),
            family=family,
            kind=kind,
            inputs=inputs,
            amount_usd=amount_usd,
            given_on=given_on,
            given_by=given_by,
            purpose=purpose,
            note=note,
        )
        if key is not None:
            advance.pk = key
        advance.full_clean()
        if session is not None:
            advance.cash_movement = write_movement(
                _who_moves(actor),
                session,
                CashMovement.Kind.ADVANCE,
                -amount_usd,
                note=advance.code,
            )
            advance.full_clean()
        advance.save()
    return advance


@transaction.atomic
def void_advance(*, actor: User | None, advance: Advance, reason: str) -> Advance:
    """A receipt was written by mistake; it stays, and counts for nothing. What came out of a cash
    box goes back into it.

    Raises:
        ValidationError: ``reason_required``; ``voided`` already; ``advance_taken_off`` when a
            settlement has taken some of it off; ``session_closed``.
        ValueError: it came out of a cash box, and there is no actor.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        advance = locked(advance)
        if not advance.is_valid:
            raise ValidationError(_("Este anticipo está anulado."), code="voided")
        if SettlementLine.objects.counting().filter(advance=advance).exists():
            raise ValidationError(
                _("De este anticipo ya se descontó en una liquidación: no se anula."),
                code="advance_taken_off",
            )
        if advance.cash_movement is not None:
            write_movement(
                _who_moves(actor),
                open_session_of(advance.cash_movement),
                CashMovement.Kind.ADVANCE_BACK,
                advance.amount_usd,
                note=reason[:200],
                of=advance.cash_movement,
            )
        advance.voided_on = timezone.localdate()
        advance.full_clean()
        advance.save()
    return advance


def _who_moves(actor: User | None) -> User:
    if actor is None:
        raise ValueError("cash moves by somebody's hand")
    return actor


def _locked_inputs(inputs: InputDistribution, family: Family) -> InputDistribution:
    inputs = locked(inputs)
    if inputs.family_id != family.pk or not inputs.is_valid:
        raise refusal_at(
            "inputs",
            _("Esa entrega de insumos está anulada o es de otra familia."),
            code="inputs_of_another",
        )
    return inputs
