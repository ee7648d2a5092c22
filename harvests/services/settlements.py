"""What a family is owed: settled up to a day, approved by another person, discarded or reversed.

Lock order: the numbers of settlements, then families by key, then settlements by key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests import settling
from harvests.models import Payment, PurchaseDocument, Settlement, SettlementLine
from kallari.dates import refuse_future
from kallari.history.bulk import cleaned, insert_with_history, update_with_history
from kallari.history.context import acting, require_reason
from members.models import Family, Partner
from members.services.locks import lock_numbers, locked, locked_all, next_number

if TYPE_CHECKING:
    from kallari.accounts.models import User

Status = Settlement.Status


@dataclass
class Settled:
    """What became of settling several families.

    Args:
        made: the drafts, in the order of their numbers.
        with_draft: families for which one waited to be approved already.
        nothing: how many families had nothing to settle.
    """

    made: list[Settlement] = field(default_factory=list)
    with_draft: list[Family] = field(default_factory=list)
    nothing: int = 0


@transaction.atomic
def settle_families(
    *,
    actor: User,
    families: Iterable[Family],
    until: date,
    note: str = "",
    keys: dict[uuid.UUID, uuid.UUID] | None = None,
    reason: str = "",
) -> Settled:
    """Draft a settlement for each of these families that has earned something up to a day, or of
    which something is to be taken back. A bounded number of queries, however many there are.

    Args:
        keys: the primary key for the settlement of a family, where the sender has given one.

    Raises:
        ValidationError: ``in_the_future``; ``unseen_sign`` in the note.
    """
    refuse_future("until", until)
    note = cleaned(Settlement, note=note)["note"]
    with acting(actor, reason=reason):
        lock_numbers("settlement")
        rows = locked_all(families)
        drafted = set(
            Settlement.objects.drafts().filter(family__in=rows).values_list("family", flat=True)
        )
        result = Settled(with_draft=[row for row in rows if row.pk in drafted])
        free = {row.pk: row for row in rows if row.pk not in drafted}
        accounts = settling.accounts_of(list(free), until).values()
        full = [account for account in accounts if not account.is_empty]
        result.nothing = len(free) - len(full)
        full.sort(key=lambda account: (free[account.family_id].search_key, account.family_id))
        made = _write(actor, full, until=until, note=note, keys=keys or {})
        result.made = list(Settlement.objects.filter(pk__in=made).with_names().order_by("number"))
    return result


def settle_family(
    *,
    actor: User,
    family: Family,
    until: date,
    note: str = "",
    key: uuid.UUID | None = None,
    reason: str = "",
) -> Settlement:
    """Draft the settlement of one family up to a day.

    Raises:
        ValidationError: ``open_draft``; ``nothing_to_settle``; ``in_the_future``.
    """
    settled = settle_families(
        actor=actor,
        families=[family],
        until=until,
        note=note,
        keys={} if key is None else {family.pk: key},
        reason=reason,
    )
    if settled.with_draft:
        raise ValidationError(
            _("%(family)s ya tiene una liquidación por aprobar: apruébela o descártela."),
            code="open_draft",
            params={"family": str(family)},
        )
    if not settled.made:
        raise ValidationError(
            _("%(family)s no tiene nada por liquidar hasta ese día."),
            code="nothing_to_settle",
            params={"family": str(family)},
        )
    return settled.made[0]


@transaction.atomic
def approve_settlement(*, actor: User, settlement: Settlement, reason: str = "") -> Settlement:
    """Another person than its author stands for a settlement: from now on it is to be paid.

    Raises:
        ValidationError: ``not_a_draft``; ``own_settlement``; ``superseded`` when a delivery was
            corrected since it was made.
    """
    with acting(actor, reason=reason or gettext("La revisó y la aprueba.")):
        settlement = _locked_draft(settlement)
        if settlement.author_id == actor.pk:
            raise ValidationError(
                _("Quien hace una liquidación no la aprueba: la aprueba otra persona."),
                code="own_settlement",
            )
        stale = settling.superseded_in([settlement.pk]).select_related("delivery").first()
        if stale is not None and stale.delivery is not None:
            raise ValidationError(
                _(
                    "La entrega %(folio)s se corrigió después de hacer esta liquidación. Descártela"
                    " y haga otra."
                ),
                code="superseded",
                params={"folio": stale.delivery.folio},
            )
        settlement.status = Status.APPROVED
        settlement.approved_by, settlement.approved_at = actor, timezone.now()
        settlement.full_clean()
        settlement.save()
    return settlement


@transaction.atomic
def approve_settlements(
    *, actor: User, settlements: Iterable[Settlement], reason: str = ""
) -> tuple[list[Settlement], list[Settlement]]:
    """Approve several drafts at once: those that others made and in which no delivery was corrected
    since. Return what was approved, and what was left.

    A handful of queries, however many there are.
    """
    with acting(actor, reason=reason or gettext("Las revisó y las aprueba.")):
        rows = locked_all(settlements)
        drafts = [row for row in rows if row.is_draft and row.author_id != actor.pk]
        stale = set(
            settling.superseded_in(row.pk for row in drafts).values_list("settlement", flat=True)
        )
        good = {row.pk for row in drafts} - stale
        update_with_history(
            Settlement.objects.filter(pk__in=good),
            {"status": Status.APPROVED, "approved_by": actor, "approved_at": timezone.now()},
            actor=actor,
            reason=reason or gettext("Las revisó y las aprueba."),
        )
    approved = list(Settlement.objects.filter(pk__in=good).with_names().order_by("number"))
    return approved, [row for row in rows if row.pk not in good]


@transaction.atomic
def discard_settlement(*, actor: User, settlement: Settlement, reason: str) -> Settlement:
    """A draft was made by mistake, or is to be made anew; what stood in it can be settled again.

    Raises:
        ValidationError: ``reason_required``; ``not_a_draft``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        settlement = _locked_draft(settlement)
        _end(actor, settlement, Status.DISCARDED, reason)
    return settlement


@transaction.atomic
def reverse_settlement(*, actor: User, settlement: Settlement, reason: str) -> Settlement:
    """Undo an approved settlement of which nothing was paid, by another one with the same lines
    negated; return that one. The first stays as it was approved, and what stood in it can be
    settled again.

    Raises:
        ValidationError: ``reason_required``; ``not_approved``; ``paid``; ``reported`` when a
            purchase document of it stands at the tax office.
        IntegrityError: ``others_depend`` when a later one counts with it; the database says so.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_numbers("settlement")
        settlement = locked(settlement)
        _refuse_irreversible(settlement)
        lines = list(settlement.lines.order_by("pk"))
        _end(actor, settlement, Status.REVERSED, reason)
        key, now = uuid.uuid4(), timezone.now().isoformat()
        row = _settlement_row(
            key,
            number=next_number(Settlement),
            kind=Settlement.Kind.REVERSAL,
            reverses_id=str(settlement.pk),
            family_id=str(settlement.family_id),
            partner_id=settlement.partner_id and str(settlement.partner_id),
            first_on=settlement.first_on.isoformat(),
            last_on=settlement.last_on.isoformat(),
            total_usd=str(-settlement.total_usd),
            status=Status.APPROVED,
            author_id=actor.pk,
            drafted_at=now,
            approved_at=now,
            note=reason[:1000],
        )
        undone = [
            _line_row(
                key,
                settling.Line(
                    line.kind,
                    -line.amount_usd,
                    line.delivery_id,
                    line.premium_rule_id,
                    line.advance_id,
                    line.from_settlement_id,
                ),
                undoes=line.pk,
            )
            for line in lines
        ]
        insert_with_history((Settlement, [row]), (SettlementLine, undone), actor=actor)
    return Settlement.objects.get(pk=key)


def _locked_draft(settlement: Settlement) -> Settlement:
    settlement = locked(settlement)
    if not settlement.is_draft:
        raise ValidationError(
            _("La liquidación %(code)s ya no espera aprobación."),
            code="not_a_draft",
            params={"code": settlement.code},
        )
    return settlement


def _refuse_irreversible(settlement: Settlement) -> None:
    if not settlement.is_to_be_paid:
        raise ValidationError(_("Solo se revierte una liquidación aprobada."), code="not_approved")
    if Payment.objects.standing().filter(settlement=settlement).exists():
        raise ValidationError(
            _(
                "Ya se pagó. Revierta primero el pago; o corrija la entrega, y la diferencia pasa a"
                " la liquidación que sigue."
            ),
            code="paid",
        )
    if PurchaseDocument.objects.reporting().filter(settlement=settlement).exists():
        raise ValidationError(
            _(
                "Tiene una liquidación de compra electrónica: primero se anula en el SRI y se anota"
                " aquí que se anuló."
            ),
            code="reported",
        )


def _end(actor: User, settlement: Settlement, status: str, reason: str) -> None:
    settlement.status, settlement.ended_at = status, timezone.now()
    settlement.full_clean()
    settlement.save()
    update_with_history(
        SettlementLine.objects.filter(settlement=settlement, counts=True),
        {"counts": False},
        actor=actor,
        reason=reason,
    )


def _write(
    actor: User,
    accounts: list[settling.Account],
    *,
    until: date,
    note: str,
    keys: dict[uuid.UUID, uuid.UUID],
) -> list[uuid.UUID]:
    """Write drafts and their lines in one journey; the database checks each sum."""
    partners = {
        partner.family_id: str(partner.pk)
        for partner in Partner.objects.members_on(until).filter(
            family__in=[account.family_id for account in accounts]
        )
    }
    number, now = next_number(Settlement), timezone.now().isoformat()
    settlements, lines, made = [], [], []
    for place, account in enumerate(accounts):
        key = keys.get(account.family_id) or uuid.uuid4()
        written, total = account.settled()
        settlements.append(
            _settlement_row(
                key,
                number=number + place,
                family_id=str(account.family_id),
                partner_id=partners.get(account.family_id),
                first_on=min(account.first_on or until, until).isoformat(),
                last_on=until.isoformat(),
                total_usd=str(total),
                author_id=actor.pk,
                drafted_at=now,
                note=note,
            )
        )
        lines += [_line_row(key, line) for line in written]
        made.append(key)
    insert_with_history((Settlement, settlements), (SettlementLine, lines), actor=actor)
    return made


def _settlement_row(key: uuid.UUID, **told: Any) -> dict[str, Any]:
    return {
        "id": str(key),
        "kind": Settlement.Kind.ORDINARY,
        "reverses_id": None,
        "status": Status.DRAFTED,
        "approved_by_id": None,
        "approved_at": None,
        "ended_at": None,
        **told,
    }


def _line_row(
    settlement: uuid.UUID, line: settling.Line, *, undoes: int | None = None
) -> dict[str, Any]:
    return {
        "settlement_id": str(settlement),
        "kind": line.kind,
        "amount_usd": str(line.amount_usd),
        "delivery_id": _text(line.delivery_id),
        "premium_rule_id": line.premium_rule_id,
        "advance_id": _text(line.advance_id),
        "from_settlement_id": _text(line.from_settlement_id),
        "undoes_id": undoes,
        "counts": undoes is None,
    }


def _text(key: uuid.UUID | None) -> str | None:
    return None if key is None else str(key)
