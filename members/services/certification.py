"""What happens to a chakra under a scheme, and the association's certificates.

Chakras are locked before their periods, in the order of their keys (`members.services.locks`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kallari.dates import months_later, refuse_future
from kallari.history.bulk import bulk_create_with_history, bulk_update_with_history
from kallari.history.context import acting, current_reason, require_reason
from kallari.refusals import refusal_at
from members.models import (
    Certificate,
    CertificationScheme,
    CertificationStatus,
    Chakra,
    ChakraCertification,
)
from members.models.certification import TRANSITION
from members.rules import TRANSITION_MONTHS
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from kallari.files.models import StoredFile
    from members.models import Sanction

Status = CertificationStatus

# --- Certificates ---------------------------------------------------------------------------------


@transaction.atomic
def add_certificate(
    *,
    actor: User | None,
    scheme: CertificationScheme,
    number: str,
    body: str,
    valid_from: date,
    valid_until: date,
    scope: str = "",
    note: str = "",
    document: StoredFile | None = None,
    reason: str = "",
) -> Certificate:
    """Register a paper of a certifying body.

    Raises:
        ValidationError: what the fields and constraints refuse.
    """
    with acting(actor, reason=reason):
        certificate = Certificate(
            scheme=scheme,
            number=number,
            body=body,
            valid_from=valid_from,
            valid_until=valid_until,
            scope=scope,
            note=note,
            document=document,
        )
        certificate.full_clean()
        certificate.save()
    return certificate


CERTIFICATE_FIELDS = frozenset(
    {
        "number",
        "body",
        "valid_from",
        "valid_until",
        "withdrawn_on",
        "scope",
        "note",
        "document",
    }
)


@transaction.atomic
def correct_certificate(
    *, actor: User | None, certificate: Certificate, reason: str, **changes: Any
) -> Certificate:
    """Correct what is written of a certificate, attach its copy, or note that it was withdrawn.

    Raises:
        ValidationError: ``reason_required``; what the constraints say.
        TypeError: a field that is not corrected.
    """
    refuse_other_fields(changes, CERTIFICATE_FIELDS)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        certificate = locked(certificate)
        if assign(certificate, changes):
            certificate.full_clean()
            certificate.save()
    return certificate


# --- The transition -------------------------------------------------------------------------------


class Months(Protocol):
    """The rule of the transition, or its values read once for many days."""

    def on(self, day: date) -> int:
        """Return the months in force on a day."""
        ...


def stage_dates(
    transition_started_on: date, rule: Months = TRANSITION_MONTHS
) -> dict[CertificationStatus, date]:
    """Return the first day of T0, T1, T2 and T3 for a transition that started on a day.

    T0 is its first third, T1 the second, T2 the last; T3 begins when its time is over. The whole
    is the rule ``certification.transition_months`` of the day on which it started (EU 2018/848,
    annex II: 36 months for perennial crops).
    """
    months = rule.on(transition_started_on)
    return {
        stage: months_later(transition_started_on, months * place // 3)
        for place, stage in enumerate(TRANSITION)
    }


def stage_on(transition_started_on: date, day: date) -> CertificationStatus:
    """Return the year of transition on a day: the last one that has begun."""
    if transition_started_on > day:
        return Status.T0
    begun = [stage for stage, first in stage_dates(transition_started_on).items() if first <= day]
    return begun[-1] if begun else Status.T0


@transaction.atomic
def begin_transition(
    *,
    actor: User | None,
    chakra: Chakra,
    scheme: CertificationScheme,
    starts_on: date,
    transition_started_on: date | None = None,
    reason: str = "",
) -> ChakraCertification:
    """A chakra enters a scheme that asks for years of transition.

    Args:
        starts_on: since when it is on the list of the group.
        transition_started_on: the last use of what is not allowed, or an earlier day that the
            certifying body recognizes; without one, `starts_on`. The stage follows from it.

    Raises:
        ValidationError: ``no_transition``; ``already_listed``; ``before_the_exclusion``;
            ``in_the_future``; ``closed``.
    """
    if not scheme.has_transition:
        raise ValidationError(
            _("%(scheme)s no pide transición: la chakra se certifica directamente.")
            % {"scheme": scheme},
            code="no_transition",
        )
    refuse_future("starts_on", starts_on)
    with acting(actor, reason=reason):
        chakra = locked(chakra)
        present = _present(chakra, scheme, starts_on)
        if present is not None and present.status != Status.EXCLUDED:
            raise ValidationError(
                _("La chakra ya está en la lista de %(scheme)s: %(status)s.")
                % {"scheme": scheme, "status": present.get_status_display()},
                code="already_listed",
            )
        started = transition_started_on or starts_on
        _refuse_before_exclusion(chakra, scheme, started, by=starts_on)
        return _turn(
            chakra,
            scheme,
            stage_on(started, starts_on),
            starts_on,
            transition_started_on=started,
        )


def _refuse_before_exclusion(
    chakra: Chakra, scheme: CertificationScheme, started: date, *, by: date
) -> None:
    """No time before the last exclusion up to a day counts for the transition after it."""
    excluded = ChakraCertification.objects.filter(
        chakra=chakra, scheme=scheme, status=Status.EXCLUDED, starts_on__lte=by
    )
    last = excluded.order_by("-starts_on").first()
    if last is not None and started < last.starts_on:
        raise refusal_at(
            "transition_started_on",
            _("La chakra fue excluida el %(day)s: la nueva transición no comienza antes.")
            % {"day": date_format(last.starts_on)},
            code="before_the_exclusion",
        )


def due_turns(on: date) -> dict[ChakraCertification, list[tuple[CertificationStatus, date]]]:
    """Return what is in transition and has reached a later year by a day, with each year that it
    has reached since and that year's first day. Two queries."""
    rule = TRANSITION_MONTHS.through_time()
    rows = ChakraCertification.objects.in_transition().filter(ends_on=None, starts_on__lt=on)
    rows = rows.exclude(chakra__closed_on__lte=on)
    due = {}
    for row in rows.with_chakras().order_by("pk"):
        if row.transition_started_on is None:
            continue  # the database allows none such
        stages = stage_dates(row.transition_started_on, rule).items()
        place = TRANSITION.index(CertificationStatus(row.status))
        later = [
            (stage, first)
            for stage, first in stages
            if TRANSITION.index(stage) > place and row.starts_on < first <= on
        ]
        if later:
            due[row] = later
    return due


@transaction.atomic
def advance_transitions(*, actor: User | None, on: date, reason: str) -> int:
    """Move every chakra in transition to the year that it has reached by a day, with each year
    from its own first day; return how many moved. Called again it changes nothing.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    chakras = [row.chakra_id for row in due_turns(on)]
    list(Chakra.objects.select_for_update().filter(pk__in=chakras).order_by("pk"))
    closing, opening = [], []
    for row, later in due_turns(on).items():  # read again: the chakras are locked now
        row.ends_on = later[0][1]
        closing.append(row)
        ends = [*(first for _stage, first in later[1:]), None]
        opening += [
            ChakraCertification(
                chakra_id=row.chakra_id,
                scheme_id=row.scheme_id,
                status=stage,
                starts_on=first,
                ends_on=end,
                transition_started_on=row.transition_started_on,
            )
            for (stage, first), end in zip(later, ends, strict=True)
        ]
    bulk_update_with_history(closing, ["ends_on"], actor=actor, reason=reason)
    bulk_create_with_history(opening, actor=actor, reason=reason)
    return len(closing)


# --- Decisions ------------------------------------------------------------------------------------


@transaction.atomic
def certify_chakra(
    *,
    actor: User | None,
    chakra: Chakra,
    scheme: CertificationScheme,
    starts_on: date,
    resolution: str,
    reason: str = "",
) -> ChakraCertification:
    """A chakra is certified: after its transition, where the scheme asks for one. Where it asks
    for none, this is also how an excluded chakra comes back.

    Raises:
        ValidationError: ``no_transition_begun``; ``transition_not_over`` with the day on which it
            will be; ``suspended`` before that is lifted; ``already``; ``closed``.
    """
    with acting(actor, reason=reason or str(resolution)):
        chakra = locked(chakra)
        present = _present(chakra, scheme, starts_on)
        if present is not None and present.status == Status.SUSPENDED:
            raise ValidationError(_("Está suspendida: levante la suspensión."), code="suspended")
        if present is not None and present.status == Status.CERTIFIED:
            raise ValidationError(_("Ya está certificada."), code="already")
        started = present.transition_started_on if present is not None else None
        if scheme.has_transition:
            in_transition = present is not None and present.status in TRANSITION
            _refuse_early(started if in_transition else None, starts_on)
        return _turn(
            chakra,
            scheme,
            Status.CERTIFIED,
            starts_on,
            resolution=resolution,
            transition_started_on=started,
        )


def _refuse_early(started: date | None, day: date) -> None:
    if started is None:
        raise ValidationError(
            _("Anote primero cuándo comenzó su transición."), code="no_transition_begun"
        )
    over_on = stage_dates(started)[Status.T3]
    if day < over_on:
        raise refusal_at(
            "starts_on",
            _("La transición termina el %(day)s: antes no se certifica.")
            % {"day": date_format(over_on)},
            code="transition_not_over",
        )


@transaction.atomic
def suspend_chakra(
    *,
    actor: User | None,
    chakra: Chakra,
    scheme: CertificationScheme,
    starts_on: date,
    resolution: str,
    reason: str,
    sanction: Sanction | None = None,
) -> ChakraCertification:
    """A chakra may not be sold under a scheme until the suspension is lifted.

    Args:
        sanction: the one of the family that does it, where it is not for this chakra alone.

    Raises:
        ValidationError: ``not_listed``; ``already``; ``reason_required``.
    """
    return _put_aside(
        actor, chakra, scheme, Status.SUSPENDED, starts_on, resolution, reason, sanction
    )


@transaction.atomic
def exclude_chakra(
    *,
    actor: User | None,
    chakra: Chakra,
    scheme: CertificationScheme,
    starts_on: date,
    resolution: str,
    reason: str,
    sanction: Sanction | None = None,
) -> ChakraCertification:
    """A chakra leaves a scheme. It comes back through a transition that begins after it; where
    the scheme asks for none, by being certified again.

    Args:
        sanction: the one of the family that does it, where it is not for this chakra alone.

    Raises:
        ValidationError: ``not_listed``; ``already``; ``reason_required``.
    """
    return _put_aside(
        actor, chakra, scheme, Status.EXCLUDED, starts_on, resolution, reason, sanction
    )


def _put_aside(
    actor: User | None,
    chakra: Chakra,
    scheme: CertificationScheme,
    status: CertificationStatus,
    starts_on: date,
    resolution: str,
    reason: str,
    sanction: Sanction | None,
) -> ChakraCertification:
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        chakra = locked(chakra)
        present = _present(chakra, scheme, starts_on)
        if present is None or present.status == Status.EXCLUDED:
            raise ValidationError(
                _("La chakra no está en la lista de %(scheme)s.") % {"scheme": scheme},
                code="not_listed",
            )
        if present.status == status:
            raise ValidationError(_("Ya está así."), code="already")
        return _turn(
            chakra,
            scheme,
            status,
            starts_on,
            resolution=resolution,
            transition_started_on=present.transition_started_on,
            sanction=sanction,
        )


@transaction.atomic
def reinstate_chakra(
    *,
    actor: User | None,
    chakra: Chakra,
    scheme: CertificationScheme,
    starts_on: date,
    resolution: str,
    reason: str,
) -> ChakraCertification:
    """The suspension of a chakra is lifted: it is again what it was before, and in transition the
    year that it has reached meanwhile.

    Raises:
        ValidationError: ``not_suspended``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        chakra = locked(chakra)
        present = _present(chakra, scheme, starts_on)
        if present is None or present.status != Status.SUSPENDED:
            raise ValidationError(_("No está suspendida."), code="not_suspended")
        before = (
            ChakraCertification.objects.filter(
                chakra=chakra, scheme=scheme, starts_on__lt=present.starts_on
            )
            .exclude(status=Status.SUSPENDED)
            .order_by("-starts_on")
            .first()
        )
        status = Status(before.status) if before is not None else Status.CERTIFIED
        started = present.transition_started_on
        if status in TRANSITION and started is not None:
            status = stage_on(started, starts_on)
        return _turn(
            chakra,
            scheme,
            status,
            starts_on,
            resolution=resolution,
            transition_started_on=started,
        )


def end_with_chakra(chakra: Chakra, closed_on: date) -> None:
    """End what a locked chakra is under every scheme on the day on which it is given up.

    Nothing that happened is removed: what was decided from that day on lasts its first day.
    """
    rows = ChakraCertification.objects.select_for_update().filter(chakra=chakra)
    for row in rows.filter(models.Q(ends_on=None) | models.Q(ends_on__gt=closed_on)):
        ends_on = max(closed_on, row.starts_on + timedelta(days=1))
        if row.ends_on is None or ends_on < row.ends_on:
            row.ends_on = ends_on
            row.full_clean()
            row.save()


@transaction.atomic
def correct_status(
    *, actor: User | None, certification: ChakraCertification, reason: str, **changes: Any
) -> ChakraCertification:
    """Correct a date or a resolution that was written wrongly; lists of past days follow. What
    could not have been decided is not written by correcting either.

    Raises:
        ValidationError: ``reason_required``; ``in_the_future``; ``transition_not_over``,
            ``no_transition_begun``; ``before_the_exclusion``; what the constraints say, an
            overlap first of all.
        TypeError: a field that an event decides, not a correction.
    """
    allowed = {"starts_on", "ends_on", "transition_started_on", "resolution"}
    refuse_other_fields(changes, allowed)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(certification.chakra)
        certification = locked(certification)
        had_started = certification.transition_started_on
        if assign(certification, changes):
            _refuse_impossible(certification, had_started)
            certification.full_clean()
            certification.save()
    return certification


def _refuse_impossible(row: ChakraCertification, had_started: date | None) -> None:
    """Refuse dates of a corrected row that no decision could have given it."""
    refuse_future("starts_on", row.starts_on)
    started = row.transition_started_on
    if row.status == Status.CERTIFIED and row.scheme.has_transition and (started or had_started):
        _refuse_early(started, row.starts_on)
    if row.status != Status.EXCLUDED and started is not None:
        _refuse_before_exclusion(row.chakra, row.scheme, started, by=row.starts_on)


def _present(chakra: Chakra, scheme: CertificationScheme, day: date) -> ChakraCertification | None:
    """The last status of a locked chakra under a scheme, locked too; none where it has ended by
    a day."""
    last = (
        ChakraCertification.objects.select_for_update()
        .filter(chakra=chakra, scheme=scheme)
        .order_by("-starts_on")
        .first()
    )
    has_ended = last is None or (last.ends_on is not None and last.ends_on <= day)
    return None if has_ended else last


def _turn(
    chakra: Chakra,
    scheme: CertificationScheme,
    status: CertificationStatus,
    starts_on: date,
    *,
    resolution: str = "",
    transition_started_on: date | None = None,
    sanction: Sanction | None = None,
) -> ChakraCertification:
    """End what the locked chakra was under the scheme, and begin what it is from a day on.

    Raises:
        ValidationError: ``closed``; ``in_the_future``; ``before_the_last``; what the constraints
            say.
    """
    if not chakra.is_open:
        raise ValidationError(_("La chakra está dejada."), code="closed")
    refuse_future("starts_on", starts_on)
    present = _present(chakra, scheme, starts_on)
    if present is not None:
        if starts_on <= present.starts_on:
            raise refusal_at(
                "starts_on",
                _("Desde el %(day)s consta otro estado; escoja un día posterior.")
                % {"day": date_format(present.starts_on)},
                code="before_the_last",
            )
        present.ends_on = starts_on
        with acting(reason=current_reason() or str(status.label)):
            present.full_clean()
            present.save()
    turned = ChakraCertification(
        chakra=chakra,
        scheme=scheme,
        status=status,
        starts_on=starts_on,
        transition_started_on=transition_started_on,
        resolution=resolution,
        sanction=sanction,
    )
    turned.full_clean()
    turned.save()
    return turned
