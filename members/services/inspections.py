"""Inspections are handed in; what they found is mended; families are sanctioned and forgiven.

Lock order: the family, its chakras, then what depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.dates import refuse_future
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import (
    Answer,
    CertificationScheme,
    CertificationStatus,
    Chakra,
    ChakraCertification,
    Checklist,
    ChecklistItem,
    CorrectiveAction,
    Family,
    Finding,
    Inspection,
    Sanction,
)
from members.services import certification
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked, locked_all

if TYPE_CHECKING:
    from uuid import UUID

    from kallari.accounts.models import User
    from kallari.files.models import StoredFile

Reply = tuple[str, str]
"""The value of an answer (yes, no, na) and what was seen."""


# --- Checklists -----------------------------------------------------------------------------------


@transaction.atomic
def copy_checklist(*, actor: User | None, checklist: Checklist, year: int) -> Checklist:
    """Begin the list of another year with the questions of an earlier one.

    Raises:
        ValidationError: that year has its list already (constraint).
    """
    reason = _("copiada de la lista de %(year)s") % {"year": checklist.year}
    with acting(actor, reason=reason):
        copy = Checklist(scheme=checklist.scheme, year=year)
        copy.full_clean()
        copy.save()
        for item in checklist.items.all():
            asked = ChecklistItem(
                checklist=copy,
                number=item.number,
                question=item.question,
                severity=item.severity,
                days_to_correct=item.days_to_correct,
            )
            asked.full_clean()
            asked.save()
    return copy


# --- Inspections ----------------------------------------------------------------------------------


@transaction.atomic
def record_inspection(
    *,
    actor: User | None,
    family: Family,
    checklist: Checklist,
    answers: Mapping[int, Reply],
    key: UUID | None = None,
    reason: str = "",
    **told: Any,
) -> Inspection:
    """Hand in an inspection with an answer to every question of its checklist.

    Each "no" becomes a finding of the question's severity, and a corrective action with the
    question's days. What the family is does not change: that is decided by others, by resolution.

    Args:
        answers: by the key of each question of the checklist.
        key: the primary key that a telephone has given it already.
        told: the other fields of `Inspection`.

    Raises:
        ValidationError: ``unanswered``, ``other_checklist``; ``inspector_of_the_family``;
            ``in_the_future``; a conflict of interest without its explanation, a visit among
            families without its inspector (constraints).
    """
    with acting(actor, reason=reason):
        family = locked(family)
        items = list(checklist.items.all())
        _refuse_incomplete(items, answers)
        inspection = Inspection(family=family, checklist=checklist, **told)
        if key is not None:
            inspection.pk = key
        inspection.full_clean()
        inspection.save()
        for item in items:
            value, seen = answers[item.pk]
            answer = Answer(inspection=inspection, item=item, value=value, note=seen)
            answer.full_clean()
            answer.save()
            if value == Answer.Value.NO:
                _find(inspection, item, answer.note)
    return inspection


def _refuse_incomplete(items: list[ChecklistItem], answers: Mapping[int, Reply]) -> None:
    asked = {item.pk for item in items}
    if foreign := set(answers) - asked:
        raise ValidationError(
            gettext_lazy("Hay respuestas a preguntas que esta lista no tiene: %(number)s."),
            code="other_checklist",
            params={"number": len(foreign)},
        )
    missing = [str(item.number) for item in items if not answers.get(item.pk, ("", ""))[0]]
    if missing:
        raise ValidationError(
            gettext_lazy("Faltan respuestas: %(numbers)s."),
            code="unanswered",
            params={"numbers": ", ".join(missing)},
        )


def _find(inspection: Inspection, item: ChecklistItem, seen: str) -> Finding:
    finding = Finding(
        inspection=inspection,
        item=item,
        severity=item.severity,
        description=seen or item.question,
    )
    finding.full_clean()
    finding.save()
    action = CorrectiveAction(
        finding=finding,
        what=_("Corregir: «%(question)s»") % {"question": item.question},
        due_on=inspection.inspected_on + timedelta(days=item.days_to_correct),
    )
    action.full_clean()
    action.save()
    return finding


@transaction.atomic
def correct_inspection(
    *, actor: User | None, inspection: Inspection, reason: str, **changes: Any
) -> Inspection:
    """Correct what was written of a visit: its day, inspector, conflict, recommendation, paper.

    Raises:
        ValidationError: ``reason_required``; ``after_what_followed`` for a day on which something
            was already done about it; as `record_inspection`.
        TypeError: a field that is not corrected.
    """
    allowed = {
        "inspected_on",
        "inspector_name",
        "inspector",
        "inspector_person",
        "has_conflict",
        "conflict_note",
        "outcome",
        "present",
        "note",
        "document",
    }
    refuse_other_fields(changes, allowed)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(inspection.family)
        inspection = locked(inspection)
        if assign(inspection, changes):
            _refuse_after_what_followed(inspection)
            inspection.full_clean()
            inspection.save(update_fields=changes)  # the trigger asks who wrote the others
    return inspection


def _refuse_after_what_followed(inspection: Inspection) -> None:
    done = CorrectiveAction.objects.filter(
        finding__inspection=inspection, closed_on__lt=inspection.inspected_on
    )
    decided = inspection.sanctions.filter(starts_on__lt=inspection.inspected_on)
    if done.exists() or decided.exists():
        raise refusal_at(
            "inspected_on",
            _("Antes de ese día ya se cumplió una acción o se sancionó por esta visita."),
            code="after_what_followed",
        )


# --- Corrective actions ---------------------------------------------------------------------------


@transaction.atomic
def agree_action(
    *, actor: User | None, finding: Finding, what: str, due_on: date, reason: str = ""
) -> CorrectiveAction:
    """Agree with a family on one more thing to do about a finding.

    Raises:
        ValidationError: ``before_the_visit``; ``already_agreed`` for the same told again; what the
            fields refuse.
    """
    with acting(actor, reason=reason):
        finding = locked(finding)
        if due_on < finding.inspection.inspected_on:
            raise refusal_at(
                "due_on", _("Ese día todavía no había hallazgo."), code="before_the_visit"
            )
        if finding.actions.filter(what=what, due_on=due_on, closed_on=None).exists():
            raise ValidationError(_("Esa acción ya está acordada."), code="already_agreed")
        action = CorrectiveAction(finding=finding, what=what, due_on=due_on)
        action.full_clean()
        action.save()
    return action


@transaction.atomic
def close_action(
    *,
    actor: User | None,
    action: CorrectiveAction,
    closed_on: date,
    evidence: str,
    document: StoredFile | None = None,
) -> CorrectiveAction:
    """What was to be done is done, and somebody has seen it.

    Raises:
        ValidationError: ``already_closed``; ``in_the_future``; ``before_the_visit``; without
            evidence (constraint).
    """
    with acting(actor, reason=evidence[:500] or _("acción cumplida")):
        action = locked(action)
        if action.closed_on is not None:
            raise ValidationError(_("Ya consta como cumplida."), code="already_closed")
        refuse_future("closed_on", closed_on)
        if closed_on < action.finding.inspection.inspected_on:
            raise refusal_at(
                "closed_on", _("Ese día todavía no había hallazgo."), code="before_the_visit"
            )
        action.closed_on, action.evidence, action.document = closed_on, evidence, document
        action.full_clean()
        action.save()
    return action


@transaction.atomic
def extend_action(
    *, actor: User | None, action: CorrectiveAction, due_on: date, reason: str
) -> CorrectiveAction:
    """Give a family more time.

    Raises:
        ValidationError: ``reason_required``; ``already_closed``; ``not_later``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        action = locked(action)
        if action.closed_on is not None:
            raise ValidationError(_("Ya consta como cumplida."), code="already_closed")
        if due_on <= action.due_on:
            raise refusal_at("due_on", _("Escoja un día posterior al que tenía."), code="not_later")
        action.due_on = due_on
        action.full_clean()
        action.save()
    return action


# --- Sanctions ------------------------------------------------------------------------------------


@transaction.atomic
def impose_sanction(
    *,
    actor: User | None,
    family: Family,
    scheme: CertificationScheme,
    kind: str,
    starts_on: date,
    resolution: str,
    note: str,
    inspection: Inspection | None = None,
) -> Sanction:
    """Warn, suspend or exclude a family under a scheme; its chakras follow on the same day.

    A warning changes no chakra. A suspension suspends those that are certified or in transition;
    an exclusion excludes the suspended ones too.

    Raises:
        ValidationError: ``reason_required`` without a `note`; ``nothing_to_sanction`` when no
            chakra of the family is listed; ``other_family``; ``in_the_future``;
            ``before_the_visit``; ``already_imposed`` for the same decision told again; what the
            chakras' periods refuse.
    """
    reason = require_reason(note)
    with acting(actor, reason=reason):
        family = locked(family)
        if inspection is not None and inspection.family_id != family.pk:
            raise ValidationError(_("Esa inspección es de otra familia."), code="other_family")
        refuse_future("starts_on", starts_on)
        if inspection is not None and starts_on < inspection.inspected_on:
            raise refusal_at(
                "starts_on", _("Ese día todavía no había visita."), code="before_the_visit"
            )
        same = Sanction.objects.filter(
            family=family, scheme=scheme, kind=kind, starts_on=starts_on, resolution=resolution
        )
        if same.filter(lifted_on=None).exists():
            raise ValidationError(_("Esa sanción ya consta."), code="already_imposed")
        sanction = Sanction(
            family=family,
            scheme=scheme,
            inspection=inspection,
            kind=kind,
            starts_on=starts_on,
            resolution=resolution,
            note=note,
        )
        sanction.full_clean()
        sanction.save()
        if kind != Sanction.Kind.WARNING:
            _sanction_chakras(actor, sanction, reason)
    return sanction


def _sanction_chakras(actor: User | None, sanction: Sanction, reason: str) -> None:
    act, touched = {
        Sanction.Kind.SUSPENSION: (certification.suspend_chakra, {CertificationStatus.SUSPENDED}),
        Sanction.Kind.EXCLUSION: (certification.exclude_chakra, set()),
    }[Sanction.Kind(sanction.kind)]
    left_alone = touched | {CertificationStatus.EXCLUDED}
    listed = [
        chakra
        for chakra, row in _listed(sanction.family, sanction.scheme)
        if row.status not in left_alone
    ]
    if not listed:
        raise ValidationError(
            _("Ninguna chakra de la familia está en la lista de %(scheme)s.")
            % {"scheme": sanction.scheme},
            code="nothing_to_sanction",
        )
    for chakra in listed:
        act(
            actor=actor,
            chakra=chakra,
            scheme=sanction.scheme,
            starts_on=sanction.starts_on,
            resolution=sanction.resolution,
            reason=reason,
            sanction=sanction,
        )


def _listed(
    family: Family, scheme: CertificationScheme
) -> list[tuple[Chakra, ChakraCertification]]:
    """The chakras that a family works, locked, with what they are under a scheme."""
    chakras = locked_all(Chakra.objects.opened().filter(family=family))
    rows = ChakraCertification.objects.filter(chakra__in=chakras, scheme=scheme)
    lasting = rows.exclude(ends_on__lte=timezone.localdate())
    last = {row.chakra_id: row for row in lasting.order_by("starts_on")}
    return [(chakra, last[chakra.pk]) for chakra in chakras if chakra.pk in last]


@transaction.atomic
def lift_sanction(
    *, actor: User | None, sanction: Sanction, lifted_on: date, resolution: str, reason: str
) -> Sanction:
    """A sanction no longer weighs: what it suspended is again what it was before. An exclusion
    is not undone by lifting it: the chakras begin a new transition.

    What was suspended by itself stays suspended. So does the whole family while another
    suspension of it under the scheme weighs: the last one that is lifted gives back what any of
    them suspended.

    Raises:
        ValidationError: ``already_lifted``; ``reason_required``; ``in_the_future``; what the
            constraint says of the resolution.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(sanction.family)
        sanction = locked(sanction)
        if sanction.lifted_on is not None:
            raise ValidationError(_("Ya está levantada."), code="already_lifted")
        refuse_future("lifted_on", lifted_on)
        sanction.lifted_on, sanction.lift_resolution = lifted_on, resolution
        sanction.full_clean()
        sanction.save()
        given_back, starts_on = _given_back(sanction, lifted_on)
        for chakra in given_back:
            certification.reinstate_chakra(
                actor=actor,
                chakra=chakra,
                scheme=sanction.scheme,
                starts_on=starts_on,
                resolution=resolution,
                reason=reason,
            )
    return sanction


def _given_back(lifted: Sanction, day: date) -> tuple[list[Chakra], date]:
    """The chakras that are no longer suspended, and since when: those that this sanction
    suspended, or another one lifted while this one weighed. None while another one weighs."""
    suspensions = Sanction.objects.suspensions().filter(
        family=lifted.family_id, scheme=lifted.scheme_id
    )
    if lifted.kind != Sanction.Kind.SUSPENSION or suspensions.filter(lifted_on=None).exists():
        return [], day
    named = set(
        ChakraCertification.objects.filter(sanction__in=suspensions).values_list(
            "sanction", flat=True
        )
    )
    # What was suspended before a status named its sanction is known by day and resolution.
    unnamed = {(one.starts_on, one.resolution) for one in suspensions if one.pk not in named}
    chakras = [
        chakra
        for chakra, row in _listed(lifted.family, lifted.scheme)
        if row.status == CertificationStatus.SUSPENDED
        and (
            row.sanction_id in named
            if row.sanction_id
            else (row.starts_on, row.resolution) in unnamed
        )
    ]
    return chakras, max(one.lifted_on or day for one in suspensions)
