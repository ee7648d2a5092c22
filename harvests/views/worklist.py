"""The pages at /pendientes/: what waits for the office, one thing after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from harvests.forms.deliveries import told_of
from harvests.forms.worklist import (
    AlertDecisionForm,
    AmendForm,
    DiscardForm,
    OperationDecisionForm,
    RetryAllForm,
    WorklistFilterForm,
)
from harvests.intake.reading import MOST_OFFSET_MS
from harvests.models import Delivery, DeliveryAlert, Operation, OperationDecision
from harvests.permissions import worklist as permissions
from harvests.permissions.deliveries import (
    may_decide,
    may_mend,
    may_see_operations,
)
from harvests.services import deliveries, inbox
from harvests.services import worklist as services
from harvests.views import PAGE_SIZE
from harvests.wording.alerts import said_of
from harvests.wording.operations import (
    act_of,
    held_against,
    lines_of,
    names_in,
    payload_of,
    raw_shown,
    said_of_operation,
    sides_of,
    told_of_operation,
)
from harvests.worklist import (
    KINDS,
    UNSEEN,
    Wanted,
    counts,
    items,
    line,
    next_after,
    operations_waiting,
    settlements_to_approve,
    waiting_of,
)
from kallari.acting import act_page, carried_out
from kallari.doors import actor_of, form_page, only
from kallari.keys import as_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvests.querysets.inbox import OperationQuerySet
    from harvests.wording.operations import Line, Names
    from kallari.accounts.models import User

MOST_RETRIED = 200
"""How many held operations one press of a button tries again."""
MOST_DISCARDED = 100
"""How many unreadable operations are offered at once."""
FILTERS = ("clase", "dispositivo", "tecnico")


def _query(request: HttpRequest) -> str:
    """The filters of the address, which lead through the line."""
    query = request.GET.copy()
    for name in [name for name in query if name not in FILTERS or not query[name]]:
        del query[name]
    return f"?{query.urlencode()}" if query else ""


def _list_url(request: HttpRequest) -> str:
    return reverse("harvests:worklist") + _query(request)


def _next_url(request: HttpRequest, done: Operation | DeliveryAlert) -> str:
    """The page of what comes next in the line; the line itself when nothing does."""
    user = actor_of(request)
    wanted = WorklistFilterForm(request.GET, user=user).wanted
    following = next_after(waiting_of(done), user, wanted)
    return _list_url(request) if following is None else following.url + _query(request)


@only(permissions.may_see_worklist)
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """All on which somebody has to decide, the oldest first."""
    user = actor_of(request)
    form = WorklistFilterForm(request.GET, user=user)
    wanted = form.wanted
    waiting = line(user, wanted)
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    by_kind = counts(user)
    return render(
        request,
        "harvests/worklist.html",
        {
            "form": form,
            "page": page,
            "items": items(page.object_list, user),
            "counts": [(kind, KINDS[kind], number) for kind, number in by_kind.items()],
            "kind": wanted.kind,
            "number": len(waiting),
            "to_approve": settlements_to_approve(user).count(),
            "query": _query(request),
            "is_narrowed": bool(_query(request)),
            "may_decide": may_decide(user),
            "may_retry": may_decide(user) and wanted.kind in {"", Operation.Result.HELD, UNSEEN},
            "may_discard": may_decide(user)
            and wanted.kind in {"", Operation.Result.REJECTED}
            and Operation.Result.REJECTED.value in by_kind,
            "held": by_kind.get(Operation.Result.HELD.value, 0) + by_kind.get(UNSEEN, 0),
        },
        status=200 if form.is_valid() else 400,
    )


# --- One operation --------------------------------------------------------------------------------


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
            then=lambda _made: _next_url(request, found),
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
            "list_url": _list_url(request),
            "query": _query(request),
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


def _done(folio: str) -> str:
    if folio:
        return _("Queda registrada con el folio %(folio)s. Sigue lo siguiente que espera.") % {
            "folio": folio
        }
    return _("La decisión queda escrita. Sigue lo siguiente que espera.")


def _done_with(made: OperationDecision, on_record: Delivery | None) -> str:
    if made.verdict != OperationDecision.Verdict.CORRECTED or on_record is None:
        return _done(made.folio)
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
        back=found.get_absolute_url() + _query(request),
        back_label=_("Lo que llegó"),
        done=lambda made: _done(made.folio),
        then=lambda _made: _next_url(request, found),
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


def _offered(rows: OperationQuerySet, user: User, most: int) -> list[tuple[Operation, str]]:
    """The oldest of some operations that wait, each with what a person reads of it."""
    found = list(rows.with_senders().order_by("pk")[:most])
    shown = items([waiting_of(row) for row in found], user)
    return [
        (
            row,
            f"{date_format(localtime(row.received_at), 'SHORT_DATETIME_FORMAT')} · "
            f"{item.who} · {item.title}",
        )
        for row, item in zip(found, shown, strict=True)
    ]


def _nothing(request: HttpRequest, said: str) -> HttpResponse:
    """There is nothing to mark: say so where one came from."""
    messages.info(request, said)
    return redirect(_list_url(request))


@only(may_decide)
@form_page
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try again what is held: a price was published, a family entered."""
    user = actor_of(request)
    wanted = WorklistFilterForm(request.GET, user=user).wanted
    offered = _offered(operations_waiting(user, wanted).tried_together(), user, MOST_RETRIED)
    if not offered:
        return _nothing(
            request,
            _(
                "No hay nada que se pueda volver a intentar en conjunto. Lo que envió un"
                " dispositivo anulado se decide una por una."
            ),
        )
    form = RetryAllForm(request.POST or None, offered=offered)
    return act_page(
        request,
        form,
        lambda told: services.retry_operations(
            actor=user, operations=form.chosen, reason=told["reason"]
        ),
        title=_("Volver a intentar lo que está en espera"),
        lead=_(
            "Lo que marque se mira otra vez: lo que se pueda queda registrado, y lo que no sigue"
            " esperando. Lo que envió un dispositivo anulado no está aquí: se decide una por una."
        ),
        button=_("Volver a intentar lo marcado"),
        back=_list_url(request),
        back_label=_("Pendientes"),
        done=lambda made: (
            _("Registradas: %(done)s. Siguen esperando: %(left)s.")
            % {"done": made[0], "left": made[1]}
        ),
        then=lambda _made: _list_url(request),
    )


@only(may_decide)
@form_page
def discard_many(request: HttpRequest) -> HttpResponse:
    """Mark which of the unreadable are not registered: there is nothing else to decide on them."""
    user = actor_of(request)
    wanted = Wanted(kind=Operation.Result.REJECTED)
    offered = _offered(operations_waiting(user, wanted), user, MOST_DISCARDED)
    if not offered:
        return _nothing(request, _("No espera nada ilegible: no hay qué decidir."))
    form = DiscardForm(request.POST or None, offered=offered)
    return act_page(
        request,
        form,
        lambda told: services.discard_operations(
            actor=user, operations=form.chosen, reason=told["reason"]
        ),
        title=_("No registrar lo ilegible"),
        lead=_(
            "Lo que no se puede leer no se puede registrar. Lo que marque se guarda tal como llegó,"
            " no cuenta y deja de esperar."
        ),
        button=_("No registrar lo marcado"),
        back=_list_url(request),
        back_label=_("Pendientes"),
        done=lambda number: (
            ngettext(
                "%(number)s no se registra: la decisión queda escrita.",
                "%(number)s no se registran: la decisión queda escrita en cada una.",
                number,
            )
            % {"number": number}
        ),
        then=lambda _made: _list_url(request),
    )


# --- One alert ------------------------------------------------------------------------------------


@only(permissions.may_see_worklist)
@form_page
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Something about a delivery to look at; a possible double stands beside the other."""
    user = actor_of(request)
    rows = DeliveryAlert.objects.visible_to(user).with_deliveries()
    named = [
        f"{side}__{name}"
        for side in ("delivery", "other")
        for name in ("quality", "center", "device", "family__community", "community", "agent")
    ]
    found = get_object_or_404(rows.select_related(*named), pk=pk)
    decides = found.is_open and may_decide(user)
    form = AlertDecisionForm(request.POST or None, alert=found) if decides else None
    if form is not None:
        answer = carried_out(
            request,
            form,
            lambda told: _decide_alert(user, found, **told),
            done=lambda _made: _done(""),
            then=lambda _made: _next_url(request, found),
        )
        if answer is not None:
            return answer
    return render(
        request,
        "harvests/alert.html",
        {
            "said": said_of(found),
            "alert": found,
            "delivery": found.delivery,
            "other": found.other,
            "kind": KINDS.get(found.kind, found.get_kind_display()),
            "sides": sides_of(found.delivery, found.other) if found.other else [],
            "form": form,
            "may_correct": decides and may_mend(user, found.delivery),
            "list_url": _list_url(request),
            "query": _query(request),
        },
    )


def _decide_alert(user: User, found: DeliveryAlert, *, decision: str, reason: str) -> Any:
    if decision == AlertDecisionForm.VOID_OTHER:
        return services.void_the_other(actor=user, alert=found, reason=reason)
    return deliveries.decide_alert(actor=user, alert=found, decision=decision, reason=reason)
