"""What waits for the office: operations that could not be taken, and alerts nobody has decided on,
in one line, the oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from harvests.models import DeliveryAlert, Device, Operation, Settlement
from harvests.permissions.settlements import may_approve
from harvests.permissions.worklist import may_see_worklist
from harvests.wording import typed
from harvests.wording.alerts import said_of
from harvests.wording.operations import in_short, names_in, payload_of, said_of_operation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from harvests.querysets.deliveries import DeliveryAlertQuerySet
    from harvests.querysets.inbox import OperationQuerySet
    from harvests.querysets.settlements import SettlementQuerySet
    from kallari.accounts.models import User

UNSEEN = "unseen"
UNSEEN_AFTER = timedelta(minutes=2)
"""How long after it was written down an operation that nobody looked at waits for the office: until
then it is being looked at."""
MOST_WAITING = 1000
"""Of each kind, how many are put in line; the oldest."""

OPERATION_KINDS: dict[str, StrOrPromise] = {
    Operation.Result.HELD.value: gettext_lazy("En espera"),
    Operation.Result.CONFLICT.value: gettext_lazy("En conflicto"),
    Operation.Result.REJECTED.value: gettext_lazy("Ilegible"),
    UNSEEN: gettext_lazy("Guardada sin mirar"),
}
ALERT_KINDS: dict[str, StrOrPromise] = {
    DeliveryAlert.Kind.POSSIBLE_DOUBLE.value: gettext_lazy("Quizá doble"),
    DeliveryAlert.Kind.QUOTA.value: gettext_lazy("Pasa del cupo"),
    DeliveryAlert.Kind.ABOVE_ESTIMATE.value: gettext_lazy("Más de lo estimado"),
    DeliveryAlert.Kind.LATE_HARVEST.value: gettext_lazy("Cosecha tardía"),
    DeliveryAlert.Kind.EARLY_VANILLA.value: gettext_lazy("Sin madurar"),
}
KINDS = OPERATION_KINDS | ALERT_KINDS


@dataclass(frozen=True)
class Wanted:
    """To what the list is narrowed."""

    kind: str = ""
    device: Device | None = None
    agent: User | None = None


@dataclass(frozen=True)
class Waiting:
    """A thing in the line: which, and since when."""

    at: datetime
    is_alert: bool
    pk: int

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("harvests:alert" if self.is_alert else "harvests:operation", args=[self.pk])


@dataclass(frozen=True)
class Item:
    """A thing in the line as the list shows it."""

    waiting: Waiting
    label: StrOrPromise
    kind: str
    title: str
    words: str
    who: str
    device: str


def operations_waiting(user: User, wanted: Wanted) -> OperationQuerySet:
    """The operations on which somebody has to decide."""
    rows = Operation.objects.visible_to(user).waiting()
    rows = rows.filter(~Q(result="") | Q(received_at__lt=timezone.now() - UNSEEN_AFTER))
    if wanted.kind in ALERT_KINDS:
        return rows.none()
    if wanted.kind:
        rows = rows.filter(result="" if wanted.kind == UNSEEN else wanted.kind)
    if wanted.device is not None:
        rows = rows.filter(device=wanted.device)
    if wanted.agent is not None:
        rows = rows.filter(user=wanted.agent)
    return rows


def alerts_waiting(user: User, wanted: Wanted) -> DeliveryAlertQuerySet:
    """The alerts on which somebody has to decide."""
    rows = DeliveryAlert.objects.visible_to(user).waiting()
    if wanted.kind in OPERATION_KINDS:
        return rows.none()
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.device is not None:
        rows = rows.filter(delivery__device=wanted.device)
    if wanted.agent is not None:
        rows = rows.filter(delivery__agent=wanted.agent)
    return rows


def line(user: User, wanted: Wanted) -> list[Waiting]:
    """All that waits, the oldest first. Two queries."""
    operations = operations_waiting(user, wanted).order_by("pk").values_list("received_at", "pk")
    alerts = alerts_waiting(user, wanted).order_by("raised_at", "pk").values_list("raised_at", "pk")
    found = [Waiting(at, False, pk) for at, pk in operations[:MOST_WAITING]]
    found += [Waiting(at, True, pk) for at, pk in alerts[:MOST_WAITING]]
    return sorted(found, key=lambda one: (one.at, one.is_alert, one.pk))


def next_after(done: Waiting, user: User, wanted: Wanted) -> Waiting | None:
    """What comes after a thing in the line; at its end, the beginning; None when nothing waits."""
    waiting = [one for one in line(user, wanted) if one != done]
    place = (done.at, done.is_alert, done.pk)
    later = (one for one in waiting if (one.at, one.is_alert, one.pk) > place)
    return next(later, waiting[0] if waiting else None)


def settlements_to_approve(user: User) -> SettlementQuerySet:
    """The drafts that wait for this account: nobody approves her own."""
    if not may_approve(user):
        return Settlement.objects.none()
    return Settlement.objects.visible_to(user).drafts().exclude(author=user)


def counts(user: User) -> dict[str, int]:
    """How many wait, by kind. Two queries."""
    everything = Wanted()
    operations = operations_waiting(user, everything).order_by()
    alerts = alerts_waiting(user, everything).order_by()
    found = {
        result or UNSEEN: number
        for result, number in operations.values_list("result").annotate(number=Count("*"))
    }
    found |= dict(alerts.values_list("kind").annotate(number=Count("*")))
    return {kind: found[kind] for kind in KINDS if kind in found}


def number_waiting(user: User) -> int:
    """How many wait, for the badge of the menu: what is in the line, and settlements that this
    account may approve; 0 for who does not see the list. One query."""
    if not may_see_worklist(user):
        return 0
    rows = (
        operations_waiting(user, Wanted()),
        alerts_waiting(user, Wanted()),
        settlements_to_approve(user),
    )
    one_each = [one.order_by().values(waits=models.Value(1)) for one in rows]
    return one_each[0].union(*one_each[1:], all=True).count()


def items(waiting: Iterable[Waiting], user: User) -> list[Item]:
    """What the list shows of things in the line, in their order. A bounded number of queries."""
    found = list(waiting)
    operations = Operation.objects.visible_to(user).with_senders()
    by_operation = operations.in_bulk([one.pk for one in found if not one.is_alert])
    alerts = DeliveryAlert.objects.visible_to(user).with_deliveries()
    alerts = alerts.select_related("delivery__device")
    by_alert = alerts.in_bulk([one.pk for one in found if one.is_alert])
    payloads = {key: payload_of(row) for key, row in by_operation.items()}
    names = names_in(payloads.values(), user)
    made = []
    for one in found:
        if one.is_alert and one.pk in by_alert:
            made.append(_alert_item(one, by_alert[one.pk]))
        elif not one.is_alert and one.pk in by_operation:
            row = by_operation[one.pk]
            short = in_short(row, payloads[one.pk], names)
            made.append(_operation_item(one, row, short))
    return made


def _operation_item(waiting: Waiting, row: Operation, short: str) -> Item:
    kind = row.result or UNSEEN
    return Item(
        waiting,
        label=KINDS.get(kind, kind),
        kind=kind,
        title=short,
        words=" ".join(said_of_operation(row)),
        who=str(row.user),
        device=str(row.device) if row.device else "",
    )


def _alert_item(waiting: Waiting, row: DeliveryAlert) -> Item:
    delivery = row.delivery
    title = f"{delivery.folio} · {typed(delivery)} · {delivery.form.name} · {delivery.family}"
    return Item(
        waiting,
        label=KINDS.get(row.kind, row.get_kind_display()),
        kind=row.kind,
        title=title,
        words=said_of(row).words,
        who=str(delivery.agent),
        device=str(delivery.device) if delivery.device else "",
    )


def waiting_of(row: models.Model) -> Waiting:
    """Where an operation or an alert stands in the line."""
    if isinstance(row, DeliveryAlert):
        return Waiting(row.raised_at, True, row.pk)
    told: Any = row
    return Waiting(told.received_at, False, told.pk)
