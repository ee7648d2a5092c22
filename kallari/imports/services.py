"""Take a file in, carry its plan out, put it away."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kallari.history.context import acting
from kallari.imports.models import Upload
from kallari.imports.plans import OTHER, WRITTEN, Fate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kallari.accounts.models import User
    from kallari.imports.plans import Importer, Plan, Step


@transaction.atomic
def take_file(*, actor: User, importer: Importer, file_name: str, content: bytes) -> Upload:
    """Keep a file until its owner has looked at its plan. Files that wait for over a week lose
    their content meanwhile.

    Raises:
        ValidationError: the file as a whole cannot be taken (see `kallari.imports.reading`).
    """
    importer.plan(content)
    with acting(actor, reason=_("nadie la confirmó en una semana")):
        for upload in Upload.objects.forgotten().select_for_update():
            _put_away(upload)
    with acting(actor):
        upload = Upload(
            kind=importer.kind,
            file_name=_shown_name(file_name),
            digest=hashlib.sha256(content).hexdigest(),
            content=content,
            uploaded_by=actor,
        )
        upload.full_clean()
        upload.save()
    return upload


def _shown_name(file_name: str) -> str:
    """The name without folders and signs that are not seen, at most as long as there is room."""
    name = PurePath(file_name.replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[-150:] or "lista.csv"


@transaction.atomic
def import_file(
    *,
    actor: User,
    importer: Importer,
    upload: Upload,
    fingerprint: str,
    given: Mapping[str, str],
) -> dict[Fate, int]:
    """Write what a file says: all of it or nothing, in one transaction, with history.

    The plan is made again under the importer's lock. Nothing that the browser sends is believed
    but the answers to the questions, and those only among the choices.

    Returns:
        How many rows met which fate.

    Raises:
        ValidationError: ``not_waiting``; ``plan_changed`` when the register is no longer as it
            was looked at (`fingerprint` of the plan that was shown); ``row_refused`` when a
            service refuses a row.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.WAITING:
        raise ValidationError(_("Este archivo ya no espera confirmación."), code="not_waiting")
    importer.lock()
    plan = importer.plan(bytes(upload.content))
    if plan.fingerprint != fingerprint:
        raise ValidationError(
            _(
                "Mientras usted revisaba, cambió algo en lo registrado. No se importó nada. "
                "Revise otra vez lo que haría el archivo."
            ),
            code="plan_changed",
        )
    answers = importer.answers(plan, given)
    reason = _("importación de %(file)s") % {"file": upload.file_name}
    with acting(actor, reason=reason):
        for step in plan.steps:
            if step.fate in WRITTEN or step.number in answers:
                _write(importer, actor, step, answers.get(step.number, ""), reason)
        importer.finish(actor, reason)
        upload.outcome = _outcome(plan, answers)
        upload.state = Upload.State.IMPORTED
        upload.content = b""
        upload.save()
    return {Fate(fate): number for fate, number in upload.outcome.items()}


def _write(importer: Importer, actor: User, step: Step, answer: str, reason: str) -> None:
    try:
        importer.carry_out(actor, step, answer, reason)
    except ValidationError as refusal:
        raise ValidationError(
            _("Fila %(row)s, %(name)s: %(refusal)s No se importó nada."),
            code="row_refused",
            params={
                "row": step.number,
                "name": step.typed,
                "refusal": " ".join(refusal.messages),
            },
        ) from refusal


def _outcome(plan: Plan, answers: Mapping[int, str]) -> dict[str, int]:
    outcome = {fate.value: number for fate, number in plan.counts.items()}
    for answer in answers.values():
        fate = Fate.NEW if answer == OTHER else Fate.CHANGED
        outcome[Fate.ASK] -= 1
        outcome[fate] = outcome.get(fate, 0) + 1
    return {Fate(fate).value: number for fate, number in outcome.items() if number}


@transaction.atomic
def discard_file(*, actor: User, upload: Upload) -> None:
    """Put a file away without importing it; a second time changes nothing."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == Upload.State.WAITING:
        with acting(actor, reason=_("descartada por quien la entregó")):
            _put_away(upload)


def _put_away(upload: Upload) -> None:
    upload.state = Upload.State.DISCARDED
    upload.content = b""
    upload.save()
