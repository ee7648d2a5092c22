"""What happens in the life of a membership: asked for, checked, registered, suspended, ended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kallari.dates import refuse_future
from kallari.files.models import StoredFile
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import Family, Partner, Person, Suspension, TradeEvidence
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import lock_numbers, locked, locked_all, next_number
from members.services.requirements import (
    refuse_short_trade,
    refuse_under_age,
    refuse_unmet,
)

if TYPE_CHECKING:
    from kallari.accounts.models import User


# --- The application ------------------------------------------------------------------------------


@transaction.atomic
def apply_for_partnership(
    *,
    actor: User | None,
    person: Person,
    applied_on: date,
    succeeds: Partner | None = None,
    note: str = "",
    key: Any = None,
    reason: str = "",
) -> Partner:
    """A person asks to become a partner for her family.

    Args:
        succeeds: the former partner of the family whose place she is to take.
        key: the primary key that a telephone has given it already.

    Raises:
        ValidationError: ``not_alive``; ``family_closed``; ``other_family`` when the former partner
            is of another one; ``not_ended`` when the place is not free; what the constraints say.
    """
    with acting(actor, reason=reason):
        family = locked(person.family)
        person = locked(person)
        _refuse_family_of(person, family)
        if succeeds is not None:
            succeeds = locked(succeeds)
            if succeeds.family_id != family.pk:
                raise ValidationError(
                    _("Solo alguien de la misma familia puede suceder."), code="other_family"
                )
            if succeeds.ended_on is None or succeeds.registered_on is None:
                raise ValidationError(
                    _("Anote primero cómo terminó %(partner)s.") % {"partner": succeeds.person},
                    code="not_ended",
                )
        partner = Partner(
            person=person, family=family, applied_on=applied_on, succeeds=succeeds, note=note
        )
        if key is not None:
            partner.pk = key
        partner.full_clean()
        partner.save()
    return partner


def _refuse_family_of(person: Person, family: Family) -> None:
    if not person.is_alive:
        raise ValidationError(_("%(person)s falleció.") % {"person": person.name}, code="not_alive")
    if person.family_id != family.pk:
        raise ValidationError(
            _("%(person)s ya no es de esa familia.") % {"person": person.name}, code="other_family"
        )
    if not family.is_open:
        raise ValidationError(
            _("La familia %(family)s está retirada.") % {"family": family}, code="family_closed"
        )


@transaction.atomic
def add_trade_evidence(
    *,
    actor: User | None,
    family: Family,
    product: str,
    first_on: date,
    last_on: date,
    reference: str,
    document: StoredFile | None = None,
    reason: str = "",
) -> TradeEvidence:
    """Attach a paper that shows a family's trade before this system.

    Raises:
        ValidationError: ``in_the_future``; what the fields refuse.
    """
    with acting(actor, reason=reason):
        refuse_future("last_on", last_on)
        evidence = TradeEvidence(
            family=family,
            product=product,
            first_on=first_on,
            last_on=last_on,
            reference=reference,
            document=document,
        )
        evidence.full_clean()
        evidence.save()
    return evidence


@transaction.atomic
def register_partner(
    *,
    actor: User | None,
    partner: Partner,
    registered_on: date,
    resolution: str,
    number: int | None = None,
    reason: str = "",
) -> Partner:
    """Admit an applicant by resolution, under the next number.

    The family is locked before anything is checked: of two registrations at once in one family
    the second sees the first, and is refused in words.

    Raises:
        ValidationError: ``not_applicant``; ``not_of_age``, ``not_enough_trade``,
            ``family_has_partner`` (see `requirements`); ``number_taken``.
    """
    reason = reason or str(_("admitida por resolución %(resolution)s")) % {"resolution": resolution}
    with acting(actor, reason=reason):
        lock_numbers("partner")
        family = locked(partner.family)
        person = locked(partner.person)
        partner = locked(partner)
        if partner.registered_on is not None or partner.ended_on is not None:
            raise ValidationError(_("Ya no es aspirante."), code="not_applicant")
        _refuse_family_of(person, family)
        refuse_unmet(partner, registered_on)
        partner.registered_on = registered_on
        partner.resolution = resolution
        partner.number = number if number is not None else next_number(Partner)
        partner.full_clean()
        partner.save()
    return partner


@transaction.atomic
def end_application(
    *, actor: User | None, partner: Partner, ended_on: date, how: str, reason: str
) -> Partner:
    """An application is withdrawn or refused.

    Args:
        how: `Partner.Ending.WITHDREW` or `Partner.Ending.REJECTED`.

    Raises:
        ValidationError: ``not_applicant``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        partner = locked(partner)
        if partner.registered_on is not None or partner.ended_on is not None:
            raise ValidationError(_("Ya no es aspirante."), code="not_applicant")
        partner.ended_on, partner.ended_how = ended_on, how
        partner.full_clean()
        partner.save()
    return partner


# --- The membership -------------------------------------------------------------------------------


def _refuse_non_member(partner: Partner) -> None:
    if partner.registered_on is None or partner.ended_on is not None:
        raise ValidationError(_("No es socia ni socio registrado."), code="not_member")


@transaction.atomic
def suspend_partner(
    *, actor: User | None, partner: Partner, starts_on: date, resolution: str, reason: str
) -> Suspension:
    """Suspend a registered partner by resolution, until reinstated.

    Raises:
        ValidationError: ``not_member``; ``before_registration``; ``in_the_future``;
            ``reason_required``; already suspended (constraint).
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        partner = locked(partner)
        _refuse_non_member(partner)
        refuse_future("starts_on", starts_on)
        if partner.registered_on is not None and starts_on < partner.registered_on:
            raise refusal_at(
                "starts_on", _("Ese día todavía no era socia."), code="before_registration"
            )
        suspension = Suspension(partner=partner, starts_on=starts_on, resolution=resolution)
        suspension.full_clean()
        suspension.save()
    return suspension


@transaction.atomic
def reinstate_partner(
    *, actor: User | None, partner: Partner, ends_on: date, resolution: str, reason: str
) -> Suspension:
    """End a partner's suspension: from that day on she sells and votes again.

    Raises:
        ValidationError: ``not_suspended``; ``in_the_future``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        partner = locked(partner)
        _refuse_non_member(partner)
        refuse_future("ends_on", ends_on)
        suspension = partner.suspensions.select_for_update().filter(ends_on=None).first()
        if suspension is None:
            raise ValidationError(_("No está suspendida."), code="not_suspended")
        suspension.ends_on, suspension.end_resolution = ends_on, resolution
        suspension.full_clean()
        suspension.save()
    return suspension


@transaction.atomic
def end_partnership(
    *,
    actor: User | None,
    partner: Partner,
    ended_on: date,
    how: str,
    reason: str,
    resolution: str = "",
) -> Partner:
    """A registered partner leaves or is expelled; an open suspension ends with it.

    Args:
        how: `Partner.Ending.LEFT` or `Partner.Ending.EXPELLED`; a death goes by `record_death`.

    Raises:
        ValidationError: ``not_member``; ``reason_required``; ``resolution_required`` for an
            expulsion.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(partner.family)
        partner = locked(partner)
        _refuse_non_member(partner)
        if how == Partner.Ending.EXPELLED and not resolution.strip():
            raise refusal_at(
                "resolution", _("Una exclusión lleva su resolución."), code="resolution_required"
            )
        _end(partner, ended_on, how, resolution)
    return partner


def _end(partner: Partner, ended_on: date, how: str, resolution: str = "") -> None:
    partner.ended_on, partner.ended_how, partner.end_resolution = ended_on, how, resolution
    partner.full_clean()
    partner.save()
    _end_suspension(partner, None, ended_on)


def _end_suspension(partner: Partner, before: date | None, ended_on: date | None) -> None:
    """Let the suspension that was open when a membership ended end with it, or follow its end.

    One that a resolution lifted is left as it is, whatever the day.

    Args:
        before: the end that the membership had, None when it had none.
        ended_on: the end that it has now, None when it has none any more.
    """
    for suspension in partner.suspensions.select_for_update().filter(end_resolution=""):
        start = suspension.starts_on
        if suspension.ends_on != (None if before is None else max(before, start)):
            continue
        suspension.ends_on = None if ended_on is None else max(ended_on, start)
        suspension.full_clean()
        suspension.save()


@transaction.atomic
def record_death(*, actor: User | None, person: Person, died_on: date, reason: str) -> Person:
    """A person has died; her membership or application ends on that day.

    Raises:
        ValidationError: ``already_died``; ``in_the_future``; ``registered_later`` when she would
            have been registered after her death; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(person.family)
        person = locked(person)
        if person.died_on is not None:
            raise ValidationError(_("Ya consta su fallecimiento."), code="already_died")
        person.died_on = died_on
        person.full_clean()
        person.save()
        for partner in person.partnerships.select_for_update().filter(ended_on=None):
            _refuse_registered_later(partner, died_on)
            _end(partner, max(died_on, partner.applied_on), Partner.Ending.DIED)
    return person


def _refuse_registered_later(partner: Partner, died_on: date) -> None:
    if partner.registered_on is not None and died_on < partner.registered_on:
        raise refusal_at(
            "died_on",
            _(
                "Consta su registro el %(day)s, después de ese día. Revise cuál de las dos "
                "fechas está mal; la del registro se corrige en su página del registro "
                "legal, antes de anotar el fallecimiento."
            ),
            code="registered_later",
            params={"day": date_format(partner.registered_on)},
        )


@transaction.atomic
def correct_death(
    *, actor: User | None, person: Person, died_on: date | None, reason: str
) -> Person:
    """Withdraw a death that was noted of the wrong person, or move its day.

    The membership or application that ended with it goes on, or ends on the other day; so does
    the suspension that was open.

    Args:
        died_on: the right day; None when she is alive.

    Raises:
        ValidationError: ``not_dead``; ``other_end`` when the membership ended on another day than
            the death; ``followed`` when somebody has her place by now; ``other_family``,
            ``family_closed`` when she has no family to go on for; ``registered_later``;
            ``in_the_future``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        ended = person.partnerships.filter(ended_how=Partner.Ending.DIED)
        families = locked_all([person.family, *(one.family for one in ended)])
        person = locked(person)
        before = person.died_on
        if before is None:
            raise ValidationError(
                _("No consta el fallecimiento de %(person)s.") % {"person": person.name},
                code="not_dead",
            )
        if died_on == before:
            return person
        person.died_on = died_on
        person.full_clean()
        person.save()
        for partner in ended.select_for_update().order_by("pk"):
            family = next(one for one in families if one.pk == partner.family_id)
            _correct_end_by_death(partner, person, family, before)
    return person


def _correct_end_by_death(partner: Partner, person: Person, family: Family, before: date) -> None:
    """Let a membership follow the day of a death, `before` until now, or its withdrawal."""
    ended_on = partner.ended_on
    assert ended_on is not None  # noqa: S101 - for the type checker: it says how it ended
    if ended_on != max(before, partner.applied_on):
        raise ValidationError(
            _(
                "Su registro terminó otro día, el %(day)s. Corrija primero ese día en su página "
                "del registro legal: póngale el del fallecimiento que consta."
            )
            % {"day": date_format(ended_on)},
            code="other_end",
        )
    if person.died_on is None:
        _refuse_family_of(person, family)
        partner.ended_on, partner.ended_how, partner.end_resolution = None, "", ""
    else:
        _refuse_registered_later(partner, person.died_on)
        partner.ended_on = max(person.died_on, partner.applied_on)
    _refuse_followed(partner)
    partner.full_clean()
    partner.save()
    _end_suspension(partner, ended_on, partner.ended_on)


def _refuse_followed(partner: Partner) -> None:
    """Nobody may have taken, or asked to take, the place that is hers again."""
    if partner.registered_on is None:
        return
    others = partner.family.partnerships.exclude(pk=partner.pk)
    others = others.exclude(ended_how__in=Partner.OF_APPLICANTS)
    overlaps = models.Q(registered_on__isnull=False) & (
        models.Q(ended_on=None) | models.Q(ended_on__gt=partner.registered_on)
    )
    if partner.ended_on is None:
        overlaps |= models.Q(succeeds=partner)
    else:
        overlaps &= models.Q(registered_on__lt=partner.ended_on)
    follower = others.filter(overlaps).order_by("registered_on").first()
    if follower is None:
        return
    if follower.registered_on is None:
        message = _(
            "%(follower)s ha pedido ocupar su lugar. Cierre primero esa solicitud; después "
            "corrija el fallecimiento."
        )
    elif partner.ended_on is None:
        message = _(
            "%(follower)s está en el registro por la misma familia desde el %(day)s, y cada "
            "familia tiene una sola persona registrada. Ese fallecimiento ya no se retira; su día "
            "sí se puede corregir."
        )
    else:
        message = _(
            "%(follower)s está en el registro por la misma familia desde el %(day)s: el "
            "fallecimiento no puede ser posterior. Revise las dos fechas."
        )
    day = date_format(follower.registered_on) if follower.registered_on else ""
    raise ValidationError(
        message, code="followed", params={"follower": follower.person.name, "day": day}
    )


@transaction.atomic
def succeed_partner(
    *,
    actor: User | None,
    former: Partner,
    successor: Person,
    registered_on: date,
    resolution: str,
    reason: str = "",
) -> Partner:
    """Somebody of the same family takes the place of a partner who died or left, in one act.

    The same is asked of the successor as of anybody; the family's trade counts.

    Raises:
        ValidationError: as `apply_for_partnership` and `register_partner`.
    """
    lock_numbers("partner")
    partner = apply_for_partnership(
        actor=actor,
        person=successor,
        applied_on=registered_on,
        succeeds=former,
        reason=reason,
    )
    return register_partner(
        actor=actor,
        partner=partner,
        registered_on=registered_on,
        resolution=resolution,
        reason=reason,
    )


CORRECTABLE = frozenset(
    {"applied_on", "registered_on", "resolution", "number", "ended_on", "end_resolution", "note"}
)


@transaction.atomic
def correct_partner(
    *, actor: User | None, partner: Partner, reason: str, **changes: Any
) -> Partner:
    """Correct a date, number or resolution that was written wrongly; lists of past days follow,
    and the suspension that the end closed follows the end.

    A correction neither registers nor un-registers: `register_partner` asks what the law asks.

    Raises:
        ValidationError: ``reason_required``; ``not_a_correction``; ``suspended_before``;
            ``not_of_age``; ``not_enough_trade`` on another day of registration; what the
            constraints say.
        TypeError: a field that an event decides, not a correction.
    """
    refuse_other_fields(changes, CORRECTABLE)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_numbers("partner")
        locked(partner.family)
        person = locked(partner.person)
        partner = locked(partner)
        _refuse_registration_by_correction(partner, changes)
        ended_on = partner.ended_on
        if not assign(partner, changes):
            return partner
        if partner.registered_on is not None:
            refuse_under_age(person, partner.registered_on)
            if "registered_on" in changes:
                refuse_short_trade(partner, partner.registered_on)
                _refuse_suspended_before(partner, partner.registered_on)
        partner.full_clean()
        partner.save()
        if partner.ended_on != ended_on:
            _end_suspension(partner, ended_on, partner.ended_on)
    return partner


REGISTRATION = ("registered_on", "number", "resolution")
"""What an applicant has not, and who was registered keeps."""


def _refuse_registration_by_correction(partner: Partner, changes: dict[str, Any]) -> None:
    """Who was never registered is not registered by a correction, and the other way round."""
    empty = (None, "")
    for field in REGISTRATION:
        if field not in changes:
            continue
        is_empty = changes[field] in empty
        if is_empty == (getattr(partner, field) in empty):
            continue
        message = (
            _("Un registro no se quita con una corrección: anote su salida.")
            if is_empty
            else _("Nadie se registra con una corrección: regístrela por resolución.")
        )
        raise refusal_at(field, message, code="not_a_correction")


def _refuse_suspended_before(partner: Partner, registered_on: date) -> None:
    first = partner.suspensions.order_by("starts_on").first()
    if first is not None and first.starts_on < registered_on:
        raise refusal_at(
            "registered_on",
            _(
                "Fue suspendida el %(day)s: su registro no puede ser posterior. Revise "
                "las dos fechas."
            ),
            code="suspended_before",
            params={"day": date_format(first.starts_on)},
        )
