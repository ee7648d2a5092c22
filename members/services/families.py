"""What happens to families."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kallari.dates import refuse_future
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import Community, CommunityAssignment, Family
from members.services.corrections import assign
from members.services.locks import lock_numbers, locked, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def add_family(
    *,
    actor: User | None,
    name: str,
    community: Community,
    joined_on: date | None = None,
    note: str = "",
    key: Any = None,
    reason: str = "",
) -> Family:
    """Enter a family into the register, under the next number.

    Args:
        key: the primary key that a telephone has given it already.

    Raises:
        ValidationError: ``community_closed``; what the fields refuse.
    """
    with acting(actor, reason=reason):
        lock_numbers("family")
        _refuse_closed(community)
        family = Family(
            number=next_number(Family),
            name=name,
            community=community,
            joined_on=joined_on,
            note=note,
        )
        if key is not None:
            family.pk = key
        family.full_clean()
        family.save()
    return family


def _refuse_closed(community: Community) -> None:
    """Nobody comes to a closed community; until the transaction ends nobody closes this one."""
    community = locked(community)
    if not community.is_open:
        raise refusal_at(
            "community",
            _("La comunidad %(community)s está cerrada."),
            code="community_closed",
            params={"community": community.name},
        )


@transaction.atomic
def correct_family(*, actor: User | None, family: Family, reason: str, **changes: Any) -> Family:
    """Correct what is written of a family: ``name``, ``community``, ``joined_on``, ``note``.

    Raises:
        ValidationError: ``reason_required``; ``community_closed`` when it moves to a closed one.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        family = locked(family)
        community = changes.get("community", family.community)
        if community != family.community:
            _refuse_closed(community)
        if not assign(family, changes):
            return family
        family.full_clean()
        family.save()
    return family


@transaction.atomic
def close_family(*, actor: User | None, family: Family, closed_on: date, reason: str) -> Family:
    """A family no longer belongs to the association.

    Raises:
        ValidationError: ``already_closed``; ``in_the_future``; ``has_partner`` while somebody of it
            is a registered partner or has asked to be one, ``before_last_partner`` when somebody
            still was on that day; ``has_chakras`` while it works one; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        family = locked(family)
        if not family.is_open:
            raise ValidationError(_("La familia ya está retirada."), code="already_closed")
        refuse_future("closed_on", closed_on)
        if family.partnerships.filter(ended_on=None).exists():
            raise ValidationError(
                _(
                    "Alguien de la familia es socia, socio o aspirante. Anote primero su salida; "
                    "después retire la familia."
                ),
                code="has_partner",
            )
        _refuse_before_last_partner(family, closed_on)
        _refuse_chakras(family)
        family.closed_on = closed_on
        family.full_clean()
        family.save()
    return family


def _refuse_before_last_partner(family: Family, closed_on: date) -> None:
    last = family.partnerships.order_by("-ended_on").first()
    if last is not None and last.ended_on is not None and closed_on < last.ended_on:
        raise refusal_at(
            "closed_on",
            _("%(partner)s fue socia, socio o aspirante por la familia hasta el %(day)s."),
            code="before_last_partner",
            params={"partner": last.person.name, "day": date_format(last.ended_on)},
        )


def _refuse_chakras(family: Family) -> None:
    """Land that nobody of the association works must not count as its land, or be inspected."""
    worked = list(family.chakras.filter(closed_on=None).order_by("number"))
    if worked:
        raise ValidationError(
            _(
                "La familia todavía trabaja %(chakras)s. Anote primero que se dejó; después retire "
                "la familia."
            ),
            code="has_chakras",
            params={"chakras": ", ".join(one.code for one in worked)},
        )


@transaction.atomic
def reopen_family(*, actor: User | None, family: Family, reason: str) -> Family:
    """A family comes back.

    Raises:
        ValidationError: ``not_closed``; ``community_closed``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        family = locked(family)
        if family.is_open:
            raise ValidationError(_("La familia no está retirada."), code="not_closed")
        _refuse_closed(family.community)
        family.closed_on = None
        family.full_clean()
        family.save()
    return family


@transaction.atomic
def assign_community(
    *, actor: User | None, user: User, community: Community, reason: str = ""
) -> CommunityAssignment:
    """Let an agent work in a community, or a delegate represent it; again changes nothing."""
    with acting(actor, reason=reason):
        held = CommunityAssignment.objects.filter(user=user, community=community).first()
        if held is not None:
            return held
        assignment = CommunityAssignment(user=user, community=community)
        assignment.full_clean()
        assignment.save()
    return assignment


@transaction.atomic
def withdraw_community(*, actor: User | None, assignment: CommunityAssignment, reason: str) -> None:
    """An account no longer works in a community or represents it.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(assignment).delete()
