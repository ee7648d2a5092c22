"""What laboratories report of lots."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import LabResult, Lot
from kallari.files.services import store_document
from kallari.history.context import acting, require_reason
from members.services.corrections import refuse_other_fields
from members.services.locks import locked

if TYPE_CHECKING:
    from django.core.files import File

    from kallari.accounts.models import User
    from kallari.files.cleaning import CleanFile

CORRECTABLE = frozenset(
    {
        "value_mg_kg",
        "is_below_detection",
        "laboratory",
        "report_number",
        "sampled_on",
        "reported_on",
        "note",
    }
)
"""What a result may have said wrongly."""


@transaction.atomic
def note_lab_result(
    *,
    actor: User | None,
    lot: Lot,
    substance: str,
    value_mg_kg: Decimal,
    laboratory: str,
    report_number: str,
    sampled_on: date,
    reported_on: date,
    is_below_detection: bool = False,
    note: str = "",
    upload: CleanFile | File[bytes] | bytes | None = None,
    key: uuid.UUID | None = None,
) -> LabResult:
    """Note what a laboratory found of one substance in a lot, with its report.

    Args:
        value_mg_kg: milligrams in a kilo; of what is not detected, the least that would be.

    Raises:
        ValidationError: ``in_the_future``; what the constraints say; as
            `kallari.files.services.store_document`.
    """
    with acting(actor):
        result = LabResult(
            lot=lot,
            substance=substance,
            value_mg_kg=value_mg_kg,
            laboratory=laboratory,
            report_number=report_number,
            sampled_on=sampled_on,
            reported_on=reported_on,
            is_below_detection=is_below_detection,
            note=note,
        )
        return _keep_result(actor, result, upload, key)


@transaction.atomic
def replace_lab_result(
    *,
    actor: User | None,
    result: LabResult,
    why: str,
    upload: CleanFile | File[bytes] | bytes | None = None,
    **told: Any,
) -> LabResult:
    """Note what a result should have said: of the same lot and substance. Without another report
    the first one's counts.

    Raises:
        ValidationError: as `note_lab_result`; ``reason_required``; ``replaced`` already.
    """
    refuse_other_fields(told, CORRECTABLE)
    why = require_reason(why)
    with acting(actor, reason=why):
        result = locked(result)
        if result.is_replaced:
            raise ValidationError(_("Ese resultado ya se corrigió."), code="replaced")
        better = LabResult(lot=result.lot, substance=result.substance, replaces=result, why=why)
        better.file = result.file
        for name in CORRECTABLE:
            setattr(better, name, told.get(name, getattr(result, name)))
        return _keep_result(actor, better, upload, None)


def _keep_result(
    actor: User | None,
    result: LabResult,
    upload: CleanFile | File[bytes] | bytes | None,
    key: uuid.UUID | None,
) -> LabResult:
    if key is not None:
        result.pk = key
    result.noted_at, result.noted_by = timezone.now(), actor
    result.full_clean()
    if upload is not None:
        result.file = store_document(actor=actor, upload=upload)
    result.save()
    return result
