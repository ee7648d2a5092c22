"""Allies sign agreements and contribute; what they gave is used for something."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kallari.currencies import USD
from kallari.dates import refuse_future
from kallari.files import services as files
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import (
    Agreement,
    Ally,
    Contribution,
    ContributionUse,
    Gathering,
    InputDistribution,
)
from members.services.corrections import assign, corrected
from members.services.locks import locked

if TYPE_CHECKING:
    from django.core.files import File

    from kallari.accounts.models import User
    from kallari.files.cleaning import CleanFile


@transaction.atomic
def add_ally(
    *,
    actor: User | None,
    name: str,
    kind: str,
    full_name: str = "",
    contact: str = "",
    note: str = "",
    reason: str = "",
) -> Ally:
    """Enter an institution that helps the association."""
    with acting(actor, reason=reason):
        ally = Ally(name=name, kind=kind, full_name=full_name, contact=contact, note=note)
        ally.full_clean()
        ally.save()
    return ally


@transaction.atomic
def correct_ally(*, actor: User | None, ally: Ally, reason: str, **changes: Any) -> Ally:
    """Correct what is written of an ally.

    Raises:
        ValidationError: ``reason_required``.
    """
    return corrected(actor, ally, reason, changes)


@transaction.atomic
def sign_agreement(
    *,
    actor: User | None,
    ally: Ally,
    title: str,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    upload: CleanFile | File[bytes] | bytes | None = None,
    reason: str = "",
) -> Agreement:
    """Enter an agreement with an ally, with its paper where there is one."""
    with acting(actor, reason=reason):
        agreement = Agreement(
            ally=ally, title=title, starts_on=starts_on, ends_on=ends_on, note=note
        )
        if upload is not None:
            agreement.document = files.store_document(actor=actor, upload=upload)
        agreement.full_clean()
        agreement.save()
    return agreement


@transaction.atomic
def correct_agreement(
    *,
    actor: User | None,
    agreement: Agreement,
    reason: str,
    upload: CleanFile | File[bytes] | bytes | None = None,
    **changes: Any,
) -> Agreement:
    """Correct an agreement, prolong it, or attach its paper.

    Raises:
        ValidationError: ``reason_required``.
    """
    require_reason(reason)
    if upload is not None:
        changes["document"] = files.store_document(actor=actor, upload=upload, reason=reason)
    return corrected(actor, agreement, reason, changes)


@transaction.atomic
def receive_contribution(
    *,
    actor: User | None,
    ally: Ally,
    kind: str,
    description: str,
    received_on: date,
    amount: Decimal,
    currency: str = USD,
    usd_rate: Decimal = Decimal(1),
    valued_by: str = "",
    agreement: Agreement | None = None,
    reason: str = "",
) -> Contribution:
    """Take down what an ally gave: money at the rate of the day, or the value of what was given.

    Raises:
        ValidationError: ``other_ally`` when the agreement is with another one; ``in_the_future``;
            what the constraints say.
    """
    with acting(actor, reason=reason):
        contribution = Contribution(
            ally=ally,
            agreement=agreement,
            kind=kind,
            description=description,
            received_on=received_on,
            amount=amount,
            currency=currency,
            usd_rate=usd_rate,
            valued_by=valued_by,
        )
        contribution.full_clean()
        contribution.save()
    return contribution


@transaction.atomic
def correct_contribution(
    *, actor: User | None, contribution: Contribution, reason: str, **changes: Any
) -> Contribution:
    """Correct a contribution; it is still worth what was used of it.

    Raises:
        ValidationError: ``reason_required``; ``less_than_used``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        contribution = locked(contribution)
        if not assign(contribution, changes):
            return contribution
        contribution.full_clean()
        used = used_of(contribution)
        if contribution.value_usd < used:
            raise refusal_at(
                "amount",
                _("Ya se usaron %(used)s USD de este aporte."),
                code="less_than_used",
                params={"used": used},
            )
        contribution.save()
    return contribution


def used_of(contribution: Contribution) -> Decimal:
    """What the uses of a contribution are worth together."""
    used: Decimal | None = contribution.uses.aggregate(sum=models.Sum("amount_usd"))["sum"]
    return used or Decimal(0)


@transaction.atomic
def use_contribution(
    *,
    actor: User | None,
    contribution: Contribution,
    used_on: date,
    amount_usd: Decimal,
    gathering: Gathering | None = None,
    distribution: InputDistribution | None = None,
    purpose: str = "",
    reason: str = "",
) -> ContributionUse:
    """Say what a part of a contribution paid for. The contribution is locked first: of two uses
    at once, the second sees the first, and is refused in words when too little is left.

    Raises:
        ValidationError: ``not_enough_left``; ``other_ally`` when the gathering or the inputs name
            another ally; ``cancelled`` when they do not count; ``in_the_future``.
    """
    with acting(actor, reason=reason):
        contribution = locked(contribution)
        use = ContributionUse(
            contribution=contribution,
            used_on=used_on,
            amount_usd=amount_usd,
            gathering=gathering,
            distribution=distribution,
            purpose=purpose,
        )
        use.full_clean()
        refuse_future("used_on", used_on)
        _refuse_linked(use, contribution)
        left = contribution.value_usd - used_of(contribution)
        if amount_usd > left:
            raise refusal_at(
                "amount_usd",
                _("De este aporte quedan %(left)s USD."),
                code="not_enough_left",
                params={"left": left},
            )
        use.save()
    return use


def _refuse_linked(use: ContributionUse, contribution: Contribution) -> None:
    for name in ("gathering", "distribution"):
        linked = getattr(use, name)
        if linked is None:
            continue
        linked = locked(linked)
        if linked.ally_id not in {None, contribution.ally_id}:
            raise refusal_at(name, _("Eso lo apoyó otro aliado."), code="other_ally")
        closed = linked.cancelled_on if name == "gathering" else linked.voided_on
        if closed is not None:
            raise refusal_at(name, _("Eso está suspendido o anulado."), code="cancelled")


@transaction.atomic
def take_back_use(*, actor: User | None, use: ContributionUse, reason: str) -> None:
    """A contribution did not pay for that after all; its part is free again.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(use.contribution)
        locked(use).delete()
