"""Telephones and computers that send deliveries: their names, and those that were lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests.models import Device
from kallari.history.context import acting, require_reason
from members.services.corrections import assign
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def name_device(
    *, actor: User | None, device: Device, name: str, note: str | None = None, reason: str = ""
) -> Device:
    """Give a device the name by which the office knows it."""
    with acting(actor, reason=reason or gettext("Se le pone nombre al dispositivo.")):
        device = locked(device)
        told = {"name": name} if note is None else {"name": name, "note": note}
        if assign(device, told):
            device.full_clean()
            device.save()
    return device


@transaction.atomic
def revoke_device(*, actor: User | None, device: Device, reason: str) -> Device:
    """A device was lost or given away: what it sends from now on is kept and held for the office.

    Raises:
        ValidationError: ``reason_required``; ``revoked`` already.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        device = locked(device)
        if device.is_revoked:
            raise ValidationError(_("Este dispositivo ya está anulado."), code="revoked")
        device.revoked_at = timezone.now()
        device.full_clean()
        device.save()
    return device


@transaction.atomic
def restore_device(*, actor: User | None, device: Device, reason: str) -> Device:
    """A device was found again: what it sends counts again. What was held stays held until the
    office decides.

    Raises:
        ValidationError: ``reason_required``; ``not_revoked``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        device = locked(device)
        if not device.is_revoked:
            raise ValidationError(_("Este dispositivo no está anulado."), code="not_revoked")
        device.revoked_at = None
        device.full_clean()
        device.save()
    return device
