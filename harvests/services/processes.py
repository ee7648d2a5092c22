"""The ways of working that the association knows, and the places where it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from harvests.models import Place, ProcessKind, ProcessPhase, ProcessRoute
from kallari.history.context import acting
from members.services.corrections import corrected, refuse_other_fields, written

if TYPE_CHECKING:
    from kallari.accounts.models import User

RowT = TypeVar("RowT", bound=models.Model)


@transaction.atomic
def add_place(*, actor: User | None, reason: str = "", **told: Any) -> Place:
    """Begin to use a box, a dryer, a store, or somebody else's plant.

    Args:
        told: the fields of `Place`.
    """
    return _entered(actor, Place(**told), reason)


@transaction.atomic
def correct_place(*, actor: User | None, place: Place, reason: str, **changes: Any) -> Place:
    """Correct what is told of a place, or stop using it by ``retired_on``.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(
        changes, {"name", "kind", "center", "capacity_kg", "address", "place", "retired_on"}
    )
    return corrected(actor, place, reason, changes)


@transaction.atomic
def add_process_kind(*, actor: User | None, reason: str = "", **told: Any) -> ProcessKind:
    """Begin to work in a way.

    Args:
        told: the fields of `ProcessKind`.
    """
    return _entered(actor, ProcessKind(**told), reason)


@transaction.atomic
def correct_process_kind(
    *, actor: User | None, process_kind: ProcessKind, reason: str, **changes: Any
) -> ProcessKind:
    """Correct what is told of a way of working, or give it up by ``retired_on``. Its letters stay:
    codes of batches begin with them.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(changes, {"name", "place", "asks_added", "note", "retired_on"})
    return corrected(actor, process_kind, reason, changes)


@transaction.atomic
def add_phase(*, actor: User | None, reason: str = "", **told: Any) -> ProcessPhase:
    """Name a phase of a way of working.

    Args:
        told: the fields of `ProcessPhase`.
    """
    return _entered(actor, ProcessPhase(**told), reason)


@transaction.atomic
def correct_phase(
    *, actor: User | None, phase: ProcessPhase, reason: str, **changes: Any
) -> ProcessPhase:
    """Correct what is told of a phase.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(
        changes,
        {
            "position",
            "name",
            "happens_in",
            "days_min",
            "days_max",
            "turn_hours",
            "asks_temperature",
            "asks_moisture",
            "moisture_target",
            "source",
            "confirmed",
        },
    )
    return corrected(actor, phase, reason, changes)


@transaction.atomic
def add_route(*, actor: User | None, reason: str = "", **told: Any) -> ProcessRoute:
    """Say what a way of working makes of what, and how much of it, from a day on.

    Args:
        told: the fields of `ProcessRoute`.

    Raises:
        ValidationError: ``other_product``: it would make one product of another.
    """
    route = ProcessRoute(**told)
    if (
        route.takes is not None
        and route.gives is not None
        and route.takes.product_id != route.gives.product_id
    ):
        raise ValidationError(
            _("De un producto no sale otro."),
            code="other_product",
        )
    return _entered(actor, route, reason)


@transaction.atomic
def correct_route(
    *, actor: User | None, route: ProcessRoute, reason: str, **changes: Any
) -> ProcessRoute:
    """Correct a band that was written wrongly, or end a route. What changes from a day on is
    another route; batches keep the band by which they were judged.

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(
        changes,
        {
            "yield_low",
            "yield_expected",
            "yield_high",
            "valid_from",
            "valid_until",
            "source",
            "confirmed",
        },
    )
    return corrected(actor, route, reason, changes)


def _entered(actor: User | None, row: RowT, reason: str) -> RowT:
    with acting(actor, reason=reason):
        return written(row)
