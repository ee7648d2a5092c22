"""One alert: something about a delivery to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from harvests.forms.worklist import AlertDecisionForm
from harvests.models import DeliveryAlert
from harvests.permissions import worklist as permissions
from harvests.permissions.deliveries import may_decide, may_mend
from harvests.services import deliveries
from harvests.services import worklist as services
from harvests.views.worklist.line import list_url, next_url, query_of, said_when_done
from harvests.wording.alerts import said_of
from harvests.wording.operations import sides_of
from harvests.worklist import KINDS
from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only

if TYPE_CHECKING:
    from kallari.accounts.models import User


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
            done=lambda _made: said_when_done(""),
            then=lambda _made: next_url(request, found),
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
            "list_url": list_url(request),
            "query": query_of(request),
        },
    )


def _decide_alert(user: User, found: DeliveryAlert, *, decision: str, reason: str) -> Any:
    if decision == AlertDecisionForm.VOID_OTHER:
        return services.void_the_other(actor=user, alert=found, reason=reason)
    return deliveries.decide_alert(actor=user, alert=found, decision=decision, reason=reason)
