"""What a correction of a delivery does to the batches that some of it went into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Batch, Delivery, Lot, StockBalance
from harvests.routes import Routes
from harvests.services.ledger import Kind, refuse_now, write
from harvests.services.stock import lock_with_all_made_of, weaken
from kallari.refusals import in_words
from kallari.units import GRAM, apportioned
from members.services.locks import locked, locked_all

if TYPE_CHECKING:
    from kallari.accounts.models import User


@dataclass(frozen=True)
class Use:
    """Kilos of a delivery that lie in a batch."""

    batch: Batch
    kg: Decimal
    of_all: bool
    """Whether all of the delivery was used, here and in other batches."""


def lock_with_batches(delivery: Delivery) -> Delivery:
    """Lock the batches that a delivery went into, and then, as everywhere, the delivery.

    Raises:
        ValidationError: ``used_meanwhile``: it went into another one between the two.
    """
    used_in = Batch.objects.filter(movements__delivery=delivery).distinct()
    before = {one.pk for one in locked_all(used_in)}
    delivery = locked(delivery)
    if {one.pk for one in used_in.all()} - before:
        raise ValidationError(
            _("Esa entrega entró a un proceso en este momento. Vuelva a empezar."),
            code="used_meanwhile",
        )
    return delivery


def refuse_used(delivery: Delivery) -> None:
    """Keep a delivery from being voided while its kilos lie in a batch.

    Raises:
        ValidationError: ``used``.
    """
    balances = StockBalance.objects.filter(delivery=delivery)
    if balances.exclude(kg=models.F("delivery__net_kg")).exists():
        raise ValidationError(
            _("Esa entrega ya entró a un proceso: se corrige con otra, no se anula."), code="used"
        )


def take_out_of_batches(delivery: Delivery, *, actor: User | None) -> list[Use]:
    """Take what is left of a delivery in batches back to it; return where it was."""
    sums = list(
        delivery.movements.values("batch")
        .annotate(took=-models.Sum("kg"))
        .filter(took__gt=0)
        .order_by("batch")
    )
    if not sums:
        return []
    of_all = sum(one["took"] for one in sums) == delivery.net_kg
    batches = Batch.objects.select_related("kind").in_bulk([one["batch"] for one in sums])
    uses = [Use(batches[one["batch"]], one["took"], of_all) for one in sums]
    write(
        [
            {
                "batch": use.batch,
                "delivery": delivery,
                "kind": Kind.INPUT,
                "kg": use.kg,
                "certification_class": delivery.certification_class,
            }
            for use in uses
        ],
        actor=actor,
        moved_at=timezone.now(),
    )
    return uses


def put_into_batches(delivery: Delivery, uses: Sequence[Use], *, actor: User | None) -> None:
    """Let a delivery take the place in the batches that another had, which it corrects.

    Of one that was used up, all of this one; of one that was used in part, as much as before, as
    far as there is so much. A weaker class makes what came out of those batches weaker.

    Raises:
        ValidationError: ``form_not_taken``; ``more_out_than_in``.
    """
    if not uses:
        return
    if delivery.net_kg is None or not all(
        Routes(use.batch.kind, delivery.weighed_on).takes(delivery.form_id) for use in uses
    ):
        raise ValidationError(
            _("Lo entregado ya entró a un proceso que no toma %(form)s."),
            code="form_not_taken",
            params={"form": str(delivery.form)},
        )
    total = sum((use.kg for use in uses), Decimal(0))
    if uses[0].of_all or total > delivery.net_kg:
        total = delivery.net_kg
    parts = apportioned(total, [use.kg for use in uses], GRAM)
    made = Lot.objects.filter(batch__in=[use.batch for use in uses])
    lots = lock_with_all_made_of(list(made.values_list("pk", flat=True)))
    try:
        with transaction.atomic():
            weaken(actor, lots, delivery.certification_class)
            write(
                [
                    {
                        "batch": use.batch,
                        "delivery": delivery,
                        "kind": Kind.INPUT,
                        "kg": -part,
                        "certification_class": delivery.certification_class,
                    }
                    for use, part in zip(uses, parts, strict=True)
                    if part
                ],
                actor=actor,
                moved_at=timezone.now(),
            )
            refuse_now()
    except IntegrityError as error:
        raise in_words(error) from error
