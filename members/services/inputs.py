"""What the association gives to families: kinds of inputs, and each handing out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import Ally, Family, Gathering, InputDistribution, InputKind
from members.services.corrections import assign
from members.services.locks import lock_numbers, locked, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def add_input_kind(
    *,
    actor: User | None,
    name: str,
    unit: str,
    is_organic: bool,
    note: str = "",
    reason: str = "",
) -> InputKind:
    """Enter a kind of input, and whether the certifier allows it in organic chakras."""
    with acting(actor, reason=reason):
        kind = InputKind(name=name, unit=unit, is_organic=is_organic, note=note)
        kind.full_clean()
        kind.save()
    return kind


@transaction.atomic
def correct_input_kind(
    *, actor: User | None, kind: InputKind, reason: str, **changes: Any
) -> InputKind:
    """Correct ``name``, ``unit``, ``is_organic``, ``note``, or retire it by ``retired_on``. What
    was handed out before keeps the unit and the permission of its day.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        kind = locked(kind)
        if not assign(kind, changes):
            return kind
        kind.full_clean()
        kind.save()
    return kind


@transaction.atomic
def hand_out_input(
    *,
    actor: User | None,
    kind: InputKind,
    family: Family,
    quantity: Decimal,
    handed_on: date,
    handed_by: str,
    value_usd: Decimal | None = None,
    gathering: Gathering | None = None,
    ally: Ally | None = None,
    note: str = "",
    key: Any = None,
    reason: str = "",
) -> InputDistribution:
    """Hand something to a family, under the next number of receipts.

    What is not allowed in organic chakras asks for a note: why it is given, where it is used.

    Raises:
        ValidationError: ``family_closed`` on that day; ``retired``; what the constraints say.
    """
    with acting(actor, reason=reason):
        lock_numbers("input")
        family, kind = locked(family), locked(kind)
        if family.closed_on is not None and family.closed_on <= handed_on:
            raise refusal_at(
                "family",
                _("La familia %(family)s está retirada."),
                code="family_closed",
                params={"family": str(family)},
            )
        if kind.retired_on is not None and kind.retired_on <= handed_on:
            raise refusal_at(
                "kind", _("%(kind)s ya no se entrega."), code="retired", params={"kind": kind.name}
            )
        distribution = InputDistribution(
            number=next_number(InputDistribution),
            kind=kind,
            family=family,
            quantity=quantity,
            unit=kind.unit,
            was_organic=kind.is_organic,
            value_usd=value_usd,
            handed_on=handed_on,
            handed_by=handed_by,
            gathering=gathering,
            ally=ally,
            note=note,
        )
        if key is not None:
            distribution.pk = key
        distribution.full_clean()
        distribution.save()
    return distribution


@transaction.atomic
def correct_input(
    *, actor: User | None, distribution: InputDistribution, reason: str, **changes: Any
) -> InputDistribution:
    """Correct ``quantity``, ``value_usd``, ``handed_on``, ``handed_by``, ``ally``, ``gathering``,
    ``note``. To whom and what is not corrected: such a receipt is voided.

    Raises:
        ValidationError: ``reason_required``; ``voided``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        distribution = locked(distribution)
        _refuse_voided(distribution)
        if not assign(distribution, changes):
            return distribution
        distribution.full_clean()
        distribution.save()
    return distribution


@transaction.atomic
def void_input(
    *, actor: User | None, distribution: InputDistribution, reason: str
) -> InputDistribution:
    """A receipt was written by mistake; it stays, and counts for nothing.

    Raises:
        ValidationError: ``reason_required``; ``voided`` already; ``paid_for``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        distribution = locked(distribution)
        _refuse_voided(distribution)
        if distribution.paid_by.exists():
            raise ValidationError(
                _("Un aporte dice que la pagó. Quite primero ese uso del aporte."),
                code="paid_for",
            )
        distribution.voided_on = timezone.localdate()
        distribution.full_clean()
        distribution.save()
    return distribution


def _refuse_voided(distribution: InputDistribution) -> None:
    if not distribution.is_valid:
        raise ValidationError(_("Esta entrega está anulada."), code="voided")
