"""Partners' cards: issued, revoked, read at the scale and at the door of the assembly.

What the QR on a card says is described in `members.cards`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kallari.history.context import acting, require_reason
from members.cards import read_code
from members.models import Partner, PartnerCard
from members.services.locks import locked, locked_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kallari.accounts.models import User


@transaction.atomic
def issue_card(*, actor: User | None, partner: Partner, reason: str = "") -> PartnerCard:
    """Give a registered partner a card with a new code.

    Raises:
        ValidationError: ``not_member``; already has one (constraint).
    """
    with acting(actor, reason=reason):
        return _issue(locked(partner))


def _issue(partner: Partner) -> PartnerCard:
    if not partner.is_member:
        raise ValidationError(_("El carné es para socias y socios registrados."), code="not_member")
    card = PartnerCard(partner=partner)
    card.full_clean()
    card.save()
    return card


@transaction.atomic
def issue_missing_cards(
    *, actor: User | None, partners: Iterable[Partner], reason: str = ""
) -> list[PartnerCard]:
    """Give a card to each of these partners who is registered and has none."""
    with acting(actor, reason=reason):
        rows = locked_all(partners)
        having = set(
            PartnerCard.objects.in_force()
            .filter(partner__in=rows)
            .values_list("partner_id", flat=True)
        )
        return [_issue(row) for row in rows if row.is_member and row.pk not in having]


@transaction.atomic
def revoke_card(*, actor: User | None, card: PartnerCard, reason: str) -> PartnerCard:
    """A card is lost, damaged or handed back: from now on its code opens nothing, for good.

    Raises:
        ValidationError: ``already_revoked``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(card.partner)
        card = locked(card)
        if not card.is_in_force:
            raise ValidationError(_("Ese carné ya está anulado."), code="already_revoked")
        card.revoked_on = timezone.localdate()
        card.revoked_because = reason
        card.full_clean()
        card.save()
    return card


@transaction.atomic
def replace_card(*, actor: User | None, card: PartnerCard, reason: str) -> PartnerCard:
    """A lost or damaged card is revoked and another issued, in one act.

    Raises:
        ValidationError: as `revoke_card` and `issue_card`.
    """
    revoke_card(actor=actor, card=card, reason=reason)
    return issue_card(actor=actor, partner=card.partner, reason=reason)


def partner_by_card(code: str, *, on: date | None = None) -> Partner | None:
    """Return whose card this is, for whoever weighs or lets in: with person, family, community
    and ``standing`` read in one query. A suspended partner has a valid card; what she may do is
    the asker's question.

    Args:
        code: as scanned or typed (`members.cards.read_code`).
        on: the day that is asked about, today without one.

    Returns:
        None for a code that no card has, a card that was revoked, or a membership that ended.

    Raises:
        ValidationError: ``card_misread``.
    """
    day = on or timezone.localdate()
    valid = PartnerCard.objects.valid_on(day).filter(code=read_code(code))
    return (
        Partner.objects.filter(pk__in=valid.values("partner"))
        .with_standing(day)
        .with_people()
        .first()
    )
