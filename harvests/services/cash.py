"""Cash boxes: opened by one person, closed by another, and what goes in and comes out.

Lock order: the box, then its session.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests.models import CashBox, CashMovement, CashSession, CollectionCenter
from harvests.wording import number as in_writing
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.units import is_above_zero
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User

Kind = CashMovement.Kind


@transaction.atomic
def add_cash_box(
    *,
    actor: User | None,
    name: str,
    custodian: User,
    center: CollectionCenter | None = None,
    reason: str = "",
) -> CashBox:
    """Enter a place where money is kept, and who answers for it."""
    with acting(actor, reason=reason):
        box = CashBox(name=name, custodian=custodian, center=center)
        box.full_clean()
        box.save()
    return box


@transaction.atomic
def retire_cash_box(*, actor: User, box: CashBox, reason: str) -> CashBox:
    """A box is not used any more, from today on. What it held has left it, and its history stays.

    Raises:
        ValidationError: ``reason_required``; ``retired`` already; ``box_open``; ``not_empty``: at
            the last count there was money in it.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        box = locked(box)
        if box.retired_on is not None:
            raise ValidationError(_("Esa caja ya no se usa."), code="retired")
        last = box.sessions.order_by("-opened_at").first()
        if last is not None and last.closed_at is None:
            raise ValidationError(_("La caja está abierta: ciérrela primero."), code="box_open")
        if last is not None and last.counted_usd:
            raise ValidationError(
                _("En la caja quedaron %(usd)s USD: ábrala, saque el dinero y ciérrela vacía."),
                code="not_empty",
                params={"usd": in_writing(last.counted_usd, "2g")},
            )
        box.retired_on = timezone.localdate()
        box.full_clean()
        box.save()
    return box


@transaction.atomic
def open_cash_box(
    *,
    actor: User,
    box: CashBox,
    opening_usd: Decimal,
    opening_note: str = "",
    key: uuid.UUID | None = None,
    reason: str = "",
) -> CashSession:
    """Open a cash box with what was counted in it.

    Raises:
        ValidationError: ``retired``; ``differs`` when it is more than the last count left and no
            note says why; that it is less, which two sign when it is closed, or that it is open
            already (constraints).
    """
    with acting(actor, reason=reason):
        box = locked(box)
        if box.retired_on is not None:
            raise ValidationError(_("Esa caja ya no se usa."), code="retired")
        last = box.sessions.exclude(closed_at=None).order_by("-closed_at").first()
        brought = last.counted_usd if last is not None else None
        session = CashSession(
            box=box,
            brought_usd=brought or Decimal(0),
            opening_usd=opening_usd,
            opening_note=opening_note,
            opened_at=timezone.now(),
            opened_by=actor,
        )
        if key is not None:
            session.pk = key
        if session.opening_usd > session.brought_usd and not opening_note.strip():
            if last is None:
                said = _("Es la primera vez que se abre: escriba de dónde viene el dinero.")
                raise refusal_at("opening_note", said, code="differs")
            raise refusal_at(
                "opening_note",
                _("La vez anterior quedaron %(brought)s USD: escriba por qué difiere."),
                code="differs",
                params={"brought": in_writing(session.brought_usd, "2g")},
            )
        session.full_clean()
        session.save()
    return session


@transaction.atomic
def close_cash_box(
    *,
    actor: User,
    session: CashSession,
    counted_usd: Decimal,
    closing_note: str = "",
    reason: str = "",
) -> CashSession:
    """Another person than who opened a box counts what is in it, and it is closed.

    Raises:
        ValidationError: ``session_closed``; ``own_session``; ``differs`` when it is not what the
            movements leave and no note says why.
    """
    with acting(actor, reason=reason or gettext("Se contó y se cerró.")):
        session = _locked_open(session)
        if session.opened_by_id == actor.pk:
            raise ValidationError(
                _("Quien abrió la caja no la cierra: la cuenta otra persona."), code="own_session"
            )
        session.expected_usd = session.opening_usd + _moved(session)
        session.counted_usd, session.closing_note = counted_usd, closing_note
        session.closed_at, session.closed_by = timezone.now(), actor
        if session.difference_usd and not closing_note.strip():
            raise refusal_at(
                "closing_note",
                _("Debía haber %(expected)s USD: escriba por qué hay diferencia."),
                code="differs",
                params={"expected": in_writing(session.expected_usd, "2g")},
            )
        session.full_clean()
        session.save()
    return session


@transaction.atomic
def move_cash(
    *,
    actor: User,
    session: CashSession,
    kind: str,
    amount_usd: Decimal,
    note: str = "",
    key: uuid.UUID | None = None,
    reason: str = "",
) -> CashMovement:
    """Write down money put into an open box, or taken from it to the bank.

    Args:
        amount_usd: above zero; the kind says in which direction.

    Raises:
        ValidationError: ``session_closed``; ``other_session``: somebody else opened it, and whoever
            moves money does not count it; ``not_enough_cash``; ``comes_with_its_payment`` for any
            other kind; ``min_value``.
    """
    if kind not in CashMovement.TYPED:
        raise refusal_at(
            "kind",
            _("Un pago o un anticipo se registra en su propia página."),
            code="comes_with_its_payment",
        )
    if not is_above_zero(amount_usd):
        raise refusal_at("amount_usd", _("El valor es mayor que cero."), code="min_value")
    with acting(actor, reason=reason):
        session = _own_open(actor, session)
        signed = amount_usd if kind == Kind.PUT_IN else -amount_usd
        return write_movement(actor, session, kind, signed, note=note, key=key)


@transaction.atomic
def reverse_movement(*, actor: User, movement: CashMovement, reason: str) -> CashMovement:
    """Undo a movement that was written by mistake, while its box is open.

    Raises:
        ValidationError: ``reason_required``; ``comes_with_its_payment``; ``reversed`` already;
            ``session_closed``; ``other_session``; ``not_enough_cash``.
    """
    reason = require_reason(reason)
    if movement.kind not in CashMovement.TYPED:
        raise ValidationError(
            _("Un pago o un anticipo se revierte en su propia página."),
            code="comes_with_its_payment",
        )
    with acting(actor, reason=reason):
        session = _own_open(actor, movement.session)
        if CashMovement.objects.filter(reverses=movement).exists():
            raise ValidationError(_("Ese movimiento ya se revirtió."), code="reversed")
        return write_movement(
            actor, session, Kind.REVERSAL, -movement.amount_usd, note=reason[:200], of=movement
        )


def write_movement(
    actor: User,
    session: CashSession,
    kind: str,
    signed_usd: Decimal,
    *,
    note: str = "",
    key: uuid.UUID | None = None,
    of: CashMovement | None = None,
) -> CashMovement:
    """Write one movement of an open box, inside the transaction of what it pays.

    Args:
        signed_usd: below zero for what comes out.
        of: the movement that it undoes.

    Raises:
        ValidationError: ``session_closed``; ``not_enough_cash``.
    """
    session = _locked_open(session)
    left = session.opening_usd + _moved(session)
    if left + signed_usd < 0:
        raise ValidationError(
            _("En la caja «%(box)s» hay %(left)s USD."),
            code="not_enough_cash",
            params={"box": session.box.name, "left": in_writing(left, "2g")},
        )
    movement = CashMovement(
        session=session,
        kind=kind,
        amount_usd=signed_usd,
        note=note,
        moved_at=timezone.now(),
        moved_by=actor,
        reverses=of,
    )
    if key is not None:
        movement.pk = key
    movement.full_clean()
    movement.save()
    return movement


def open_session_of(movement: CashMovement) -> CashSession:
    """Return the open session of the box out of which something came, for bringing it back.

    Raises:
        ValidationError: ``session_closed``: the box is not open.
    """
    session = CashSession.objects.opened().filter(box=movement.session.box_id).first()
    if session is None:
        raise ValidationError(
            _("Salió de la caja «%(box)s», que está cerrada: ábrala para que vuelva el dinero."),
            code="session_closed",
            params={"box": movement.session.box.name},
        )
    return session


def _locked_open(session: CashSession) -> CashSession:
    session = locked(session)
    if not session.is_open:
        raise ValidationError(
            _("La caja «%(box)s» está cerrada. Ábrala primero."),
            code="session_closed",
            params={"box": session.box.name},
        )
    return session


def _own_open(actor: User, session: CashSession) -> CashSession:
    """The session, locked, of whoever opened it: another person counts what these moves leave."""
    session = _locked_open(session)
    if session.opened_by_id != actor.pk:
        raise ValidationError(
            _("Lo anota quien abrió la caja: así la cuenta quien no movió dinero."),
            code="other_session",
        )
    return session


def _moved(session: CashSession) -> Decimal:
    total: Decimal | None = session.movements.aggregate(usd=models.Sum("amount_usd"))["usd"]
    return total or Decimal(0)
