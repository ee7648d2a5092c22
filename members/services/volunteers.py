"""Volunteers and interns come, stay, and leave."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.history.context import acting, require_reason
from members.models import Community, Stay, Volunteer
from members.services.corrections import assign
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def add_volunteer(
    *,
    actor: User | None,
    surnames: str,
    given_names: str,
    country: str,
    reason: str = "",
    **told: Any,
) -> Volunteer:
    """Enter a volunteer or an intern; further fields as the model has them."""
    with acting(actor, reason=reason):
        volunteer = Volunteer(surnames=surnames, given_names=given_names, country=country, **told)
        volunteer.full_clean()
        volunteer.save()
    return volunteer


@transaction.atomic
def correct_volunteer(
    *, actor: User | None, volunteer: Volunteer, reason: str, **changes: Any
) -> Volunteer:
    """Correct what is written of a volunteer.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        volunteer = locked(volunteer)
        if not assign(volunteer, changes):
            return volunteer
        volunteer.full_clean()
        volunteer.save()
    return volunteer


@transaction.atomic
def add_stay(
    *,
    actor: User | None,
    volunteer: Volunteer,
    kind: str,
    starts_on: date,
    ends_on: date,
    community: Community,
    reason: str = "",
    **told: Any,
) -> Stay:
    """A volunteer or intern stays for a time. Source of its length: the association's book, "one
    month to one year", as the rules ``volunteer.shortest_months`` and ``longest_months`` have it.

    Raises:
        ValidationError: ``unusual_length`` without a note; ``other_community`` of the host; what
            the constraints say, such as of stays that overlap.
    """
    with acting(actor, reason=reason):
        volunteer = locked(volunteer)
        stay = Stay(
            volunteer=volunteer,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            community=community,
            **told,
        )
        stay.full_clean()
        stay.save()
    return stay


@transaction.atomic
def correct_stay(*, actor: User | None, stay: Stay, reason: str, **changes: Any) -> Stay:
    """Correct a stay, or note that somebody left earlier or stays longer.

    Raises:
        ValidationError: ``reason_required``; ``cancelled``; as `add_stay`.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(stay.volunteer)
        stay = locked(stay)
        _refuse_cancelled(stay)
        if not assign(stay, changes):
            return stay
        stay.full_clean()
        stay.save()
    return stay


@transaction.atomic
def cancel_stay(*, actor: User | None, stay: Stay, reason: str) -> Stay:
    """Somebody did not come, or the stay was written by mistake.

    Raises:
        ValidationError: ``reason_required``; ``cancelled`` already.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        stay = locked(stay)
        _refuse_cancelled(stay)
        stay.cancelled_on = timezone.localdate()
        stay.save()
    return stay


def _refuse_cancelled(stay: Stay) -> None:
    if stay.cancelled_on is not None:
        raise ValidationError(_("Esta estadía está anulada."), code="cancelled")
