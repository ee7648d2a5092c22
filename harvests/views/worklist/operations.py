"""One operation: what a telephone sent and could not be taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from harvests.forms.deliveries import told_of
from harvests.forms.worklist import AmendForm, OperationDecisionForm
from harvests.intake.reading import MOST_OFFSET_MS
from harvests.models import Delivery, Operation, OperationDecision
from harvests.permissions.deliveries import may_decide, may_mend, may_see_operations
from harvests.services import inbox
from harvests.views.worklist.line import list_url, next_url, query_of, said_when_done
from harvests.wording.operations import (
    act_of,
    held_against,
    lines_of,
    names_in,
    payload_of,
    raw_shown,
    said_of_operation,
    told_of_operation,
)
from harvests.worklist import KINDS, UNSEEN
from kallari.acting import act_page, carried_out
from kallari.doors import actor_of, form_page, only
from kallari.keys import as_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvests.wording.operations import Line, Names
    from kallari.accounts.models import User


def _operation(request: HttpRequest, pk: int) -> Operation:
    rows = Operation.objects.visible_to(request.user).with_senders()
    return get_object_or_404(rows.select_related("decision__decided_by"), pk=pk)


@only(may_see_operations)
@form_page
def operation(request: HttpRequest, pk: int) -> HttpResponse:
    """What a telephone sent and could not be taken: what happened, what was meant, what is done."""
    found, user = _operation(request, pk), actor_of(request)
    decides = found.is_open and may_decide(user)
    on_record = _on_record(found, user)
    form = None
    if decides:
        mends = on_record is not None and may_mend(user, on_record)
        form = OperationDecisionForm(
            request.POST or None,
            operation=found,
            contradicts=on_record if mends else None,
            ended=None if on_record is None or on_record.is_valid else on_record,
        )
    if form is not None:
        answer = carried_out(
            request,
            form,
            lambda told: _decide_operation(user, found, **told),
            done=lambda made: _done_with(made, on_record),
            then=lambda _made: next_url(request, found),
        )
        if answer is not None:
            return answer
    told = told_of_operation(found)
    payload = payload_of(found)
    against = None if on_record is None else told_of(on_record)
    names = names_in([payload] if against is None else [payload, against], user)
    return render(
        request,
        "harvests/operation.html",
        {
            "operation": found,
            "kind": KINDS.get(found.result or UNSEEN, found.get_result_display()),
            "act": act_of(found),
            "said": said_of_operation(found),
            "recorded_at": _instant(told.get("recorded_at")),
            "clock_offset_s": _seconds(told.get("clock_offset_ms")),
            "lines": lines_of(found, payload, names, user),
            "on_record": on_record,
            "sides": _sides(found, payload, against, names),
            "raw": raw_shown(found, user),
            "form": form,
            "may_amend": decides and _is_amendable(found),
            "decision": getattr(found, "decision", None),
            "list_url": list_url(request),
            "query": query_of(request),
        },
    )


def _sides(
    found: Operation, payload: Mapping[str, Any], against: Mapping[str, Any] | None, names: Names
) -> list[Line]:
    """What was sent beside what is on record under the same key."""
    is_whole = (found.entity, found.action) != ("delivery", "void")
    return held_against(payload, against, names) if against is not None and is_whole else []


def _on_record(found: Operation, user: User) -> Delivery | None:
    """The delivery that has the key of an operation already, or that it speaks of."""
    if found.entity != "delivery" or found.entity_id is None:
        return None
    rows = Delivery.objects.visible_to(user).with_names()
    rows = rows.select_related("variety", "superseded_by")
    return rows.prefetch_related("shares").filter(pk=found.entity_id).first()


def _is_amendable(found: Operation) -> bool:
    """Whether it is a delivery, whose fields can be mended in a form, and which has a place: a
    correction in conflict has none but its own key, which is taken."""
    if found.is_delivery_in_conflict:
        return found.action == "create"
    return (
        found.entity == "delivery"
        and found.action in {"create", "correct"}
        and found.result != Operation.Result.REJECTED
    )


def _decide_operation(user: User, found: Operation, *, decision: str, reason: str) -> Any:
    if decision == OperationDecisionForm.RETRY:
        return inbox.retry_operation(actor=user, operation=found, reason=reason)
    if decision == OperationDecisionForm.CORRECT:
        return inbox.correct_with_what_came(actor=user, operation=found, reason=reason)
    return inbox.discard_operation(actor=user, operation=found, reason=reason)


def _done_with(made: OperationDecision, on_record: Delivery | None) -> str:
    if made.verdict != OperationDecision.Verdict.CORRECTED or on_record is None:
        return said_when_done(made.folio)
    later = Delivery.objects.get(supersedes=on_record)
    return format_html(
        _(
            'La entrega {old} queda corregida por {new}: <a href="{receipt}">imprima el recibo'
            " nuevo</a>. Sigue lo siguiente que espera."
        ),
        old=on_record.folio,
        new=later.folio,
        receipt=reverse("harvests:receipt", args=[later.pk]),
    )


def _instant(text: Any) -> datetime | None:
    try:
        told = datetime.fromisoformat(str(text))
        return localtime(told) if told.tzinfo is not None else None
    except (ValueError, OverflowError):  # the year 1, or 10000, somewhere else
        return None


def _seconds(offset_ms: Any) -> int | None:
    is_known = isinstance(offset_ms, int) and abs(offset_ms) <= MOST_OFFSET_MS
    return round(offset_ms / 1000) if is_known else None


@only(may_decide)
@form_page
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what was sent and register it."""
    found, user = _operation(request, pk), actor_of(request)
    if not found.is_open or not _is_amendable(found):
        return redirect(found)
    offset = told_of_operation(found).get("clock_offset_ms")
    shift = timedelta()
    if isinstance(offset, int) and abs(offset) <= MOST_OFFSET_MS:
        shift = timedelta(milliseconds=offset)
    told = _shifted(payload_of(found), shift)
    form = AmendForm(request.POST or None, user=user, told=told, family=_family_of(told, user))

    def register(data: dict[str, Any]) -> Any:
        amended = _shifted(form.told(), -shift)
        if found.action == "correct":
            amended["reason"] = data["reason"]
        return inbox.retry_operation(
            actor=user, operation=found, reason=data["reason"], amended=amended
        )

    return act_page(
        request,
        form,
        register,
        title=_("Corregir y registrar"),
        lead=" ".join(said_of_operation(found)),
        button=_("Registrar la entrega"),
        back=found.get_absolute_url() + query_of(request),
        back_label=_("Lo que llegó"),
        done=lambda made: said_when_done(made.folio),
        then=lambda _made: next_url(request, found),
        template="harvests/delivery_form.html",
    )


def _shifted(told: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """What was told with its hour moved: a telephone tells the hour of its own clock, which the
    intake corrects by the measured offset; the form shows and asks the true one."""
    weighed_at = _instant(told.get("weighed_at"))
    if weighed_at is None or not by:
        return dict(told)
    try:
        moved = weighed_at + by
    except OverflowError:
        return dict(told)
    return {**told, "weighed_at": moved.isoformat()}


def _family_of(told: Mapping[str, Any], user: User) -> Any:
    """The family that a payload names, itself or by its partner."""
    from members.models import Family

    families = Family.objects.visible_to(user).select_related("community")
    if (key := as_uuid(told.get("family"))) is not None:
        return families.filter(pk=key).first()
    if (key := as_uuid(told.get("partner"))) is not None:
        return families.filter(partnerships=key).first()
    return None
