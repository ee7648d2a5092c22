"""What happens to trainings and mingas: planned, corrected, called off; the roll is called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files import services as files
from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import Ally, Attendance, Community, Gathering, GatheringFile, Person
from members.services.corrections import assign
from members.services.locks import locked

if TYPE_CHECKING:
    from django.core.files import File

    from kallari.accounts.models import User
    from kallari.files.cleaning import CleanFile


@transaction.atomic
def add_gathering(
    *,
    actor: User | None,
    kind: str,
    topic: str,
    held_on: date,
    community: Community,
    led_by: str,
    starts_at: time | None = None,
    hours: Decimal | None = None,
    place: str = "",
    ally: Ally | None = None,
    done: str = "",
    result: str = "",
    visiting_women: int = 0,
    visiting_men: int = 0,
    visiting_unknown: int = 0,
    key: Any = None,
    reason: str = "",
) -> Gathering:
    """Plan a training or a minga, or take down one that was held.

    Args:
        key: the primary key that a telephone has given it already.

    Raises:
        ValidationError: ``community_closed`` on that day; ``not_held_yet`` when visitors are
            counted before the day; what the fields refuse.
    """
    with acting(actor, reason=reason):
        gathering = Gathering(
            kind=kind,
            topic=topic,
            held_on=held_on,
            community=community,
            led_by=led_by,
            starts_at=starts_at,
            hours=hours,
            place=place,
            ally=ally,
            done=done,
            result=result,
            visiting_women=visiting_women,
            visiting_men=visiting_men,
            visiting_unknown=visiting_unknown,
        )
        if key is not None:
            gathering.pk = key
        _refuse_closed(gathering)
        gathering.full_clean()
        _refuse_guests_before_the_day(gathering)
        gathering.save()
    return gathering


def _refuse_closed(gathering: Gathering) -> None:
    community = gathering.community
    if community.closed_on is not None and community.closed_on <= gathering.held_on:
        raise refusal_at(
            "community",
            _("La comunidad %(community)s está cerrada."),
            code="community_closed",
            params={"community": community.name},
        )


def _refuse_guests_before_the_day(gathering: Gathering) -> None:
    if gathering.visitors and gathering.held_on > timezone.localdate():
        raise refusal_at(
            "held_on",
            _("Ese día todavía no llega: las visitas se cuentan después."),
            code="not_held_yet",
        )


@transaction.atomic
def correct_gathering(
    *, actor: User | None, gathering: Gathering, reason: str, **changes: Any
) -> Gathering:
    """Correct what is written of a gathering, or complete it afterwards.

    Raises:
        ValidationError: ``reason_required``; ``cancelled``; ``community_closed``;
            ``not_held_yet``; ``has_attendance`` when somebody came and the day is moved to one
            that has not come.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        gathering = locked(gathering)
        _refuse_cancelled(gathering)
        moved = {"community", "held_on"} & {
            name for name, value in changes.items() if getattr(gathering, name) != value
        }
        if not assign(gathering, changes):
            return gathering
        if moved:
            _refuse_closed(gathering)
        gathering.full_clean()
        _refuse_guests_before_the_day(gathering)
        if gathering.held_on > timezone.localdate() and gathering.attendances.exists():
            raise refusal_at(
                "held_on",
                _("Ya hay asistencia anotada: el día no puede quedar en el futuro."),
                code="has_attendance",
            )
        gathering.save()
    return gathering


def _refuse_cancelled(gathering: Gathering) -> None:
    if gathering.cancelled_on is not None:
        raise ValidationError(_("Este encuentro se suspendió."), code="cancelled")


@transaction.atomic
def cancel_gathering(*, actor: User | None, gathering: Gathering, reason: str) -> Gathering:
    """A gathering does not take place, or was written by mistake.

    Raises:
        ValidationError: ``reason_required``; ``cancelled`` already; ``has_attendance``;
            ``paid_for`` while a contribution says that it paid for it.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        gathering = locked(gathering)
        _refuse_cancelled(gathering)
        if gathering.attendances.exists() or gathering.visitors:
            raise ValidationError(
                _("Alguien asistió: vacíe primero la lista, si es un error."),
                code="has_attendance",
            )
        if gathering.paid_by.exists():
            raise ValidationError(
                _("Un aporte dice que lo pagó. Quite primero ese uso del aporte."),
                code="paid_for",
            )
        gathering.cancelled_on = timezone.localdate()
        gathering.full_clean()
        gathering.save()
    return gathering


@transaction.atomic
def call_roll(
    *,
    actor: User | None,
    gathering: Gathering,
    came: Iterable[Person] = (),
    struck: Iterable[Person] = (),
    noted: str = Attendance.Noted.ROLL,
    reason: str = "",
) -> tuple[int, int]:
    """Note who came, and strike whom somebody ticked by mistake; return how many of each.

    Says only what changes: two telephones that call the roll of one gathering, each its part, do
    not undo each other. Who is on the list already, or no longer, is passed over.

    Raises:
        ValidationError: ``cancelled``; ``not_held_yet``; ``not_alive`` for who had died before;
            ``reason_required`` to strike somebody.
    """
    with acting(actor, reason=reason):
        gathering = locked(gathering)
        _refuse_cancelled(gathering)
        if gathering.held_on > timezone.localdate():
            raise ValidationError(
                _("Este encuentro todavía no llega: la lista se pasa ese día."),
                code="not_held_yet",
            )
        struck_rows = list(gathering.attendances.filter(person__in=list(struck)))
        if struck_rows:
            require_reason(reason)
        present = set(gathering.attendances.values_list("person", flat=True))
        new = {person.pk: person for person in came if person.pk not in present}
        for person in new.values():
            _refuse_dead(person, gathering)
        bulk_create_with_history(
            [
                Attendance(gathering=gathering, person=person, noted=noted)
                for person in new.values()
            ],
            actor=actor,
        )
        for row in struck_rows:
            row.delete()
    return len(new), len(struck_rows)


def _refuse_dead(person: Person, gathering: Gathering) -> None:
    if person.died_on is not None and person.died_on < gathering.held_on:
        raise ValidationError(
            _("%(person)s había fallecido."), code="not_alive", params={"person": person.name}
        )


@transaction.atomic
def add_gathering_file(
    *,
    actor: User | None,
    gathering: Gathering,
    upload: CleanFile | File[bytes] | bytes,
    caption: str,
    name: str = "",
    reason: str = "",
) -> GatheringFile:
    """Keep a photograph or a paper of a gathering.

    Raises:
        ValidationError: as `kallari.files.services.store_document`; what the fields refuse.
    """
    with acting(actor, reason=reason):
        stored = files.store_document(actor=actor, upload=upload, name=name)
        kept = GatheringFile(gathering=gathering, file=stored, caption=caption)
        kept.full_clean()
        kept.save()
    return kept


def erase_gathering_file(*, actor: User | None, kept: GatheringFile, reason: str) -> None:
    """Erase a photograph or a paper, because somebody on it wishes it or it is not of this
    gathering. That there was one stays in history.

    Raises:
        ValidationError: ``already_erased``; ``reason_required``.
    """
    files.erase_file(actor=actor, stored=kept.file, reason=require_reason(reason))
