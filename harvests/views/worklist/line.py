"""All that waits, the oldest first, and the way from one thing to the next."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.worklist import WorklistFilterForm
from harvests.models import DeliveryAlert, Operation
from harvests.permissions import worklist as permissions
from harvests.permissions.deliveries import may_decide
from harvests.views import PAGE_SIZE
from harvests.worklist import (
    KINDS,
    UNSEEN,
    counts,
    items,
    line,
    next_after,
    settlements_to_approve,
    waiting_of,
)
from kallari.doors import actor_of, only

FILTERS = ("clase", "dispositivo", "tecnico")


def query_of(request: HttpRequest) -> str:
    """The filters of the address, which lead through the line."""
    query = request.GET.copy()
    for name in [name for name in query if name not in FILTERS or not query[name]]:
        del query[name]
    return f"?{query.urlencode()}" if query else ""


def list_url(request: HttpRequest) -> str:
    """The line, narrowed as one came."""
    return reverse("harvests:worklist") + query_of(request)


def next_url(request: HttpRequest, done: Operation | DeliveryAlert) -> str:
    """The page of what comes next in the line; the line itself when nothing does."""
    user = actor_of(request)
    wanted = WorklistFilterForm(request.GET, user=user).wanted
    following = next_after(waiting_of(done), user, wanted)
    return list_url(request) if following is None else following.url + query_of(request)


def said_when_done(folio: str) -> str:
    """What is said of a decision: under which folio something is registered, if it is."""
    if folio:
        return _("Queda registrada con el folio %(folio)s. Sigue lo siguiente que espera.") % {
            "folio": folio
        }
    return _("La decisión queda escrita. Sigue lo siguiente que espera.")


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
            "query": query_of(request),
            "is_narrowed": bool(query_of(request)),
            "may_decide": may_decide(user),
            "may_retry": may_decide(user) and wanted.kind in {"", Operation.Result.HELD, UNSEEN},
            "may_discard": may_decide(user)
            and wanted.kind in {"", Operation.Result.REJECTED}
            and Operation.Result.REJECTED.value in by_kind,
            "held": by_kind.get(Operation.Result.HELD.value, 0) + by_kind.get(UNSEEN, 0),
        },
        status=200 if form.is_valid() else 400,
    )
