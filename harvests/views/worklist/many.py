"""Deciding at once on many operations that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvests.forms.worklist import DiscardForm, RetryAllForm, WorklistFilterForm
from harvests.models import Operation
from harvests.permissions.deliveries import may_decide
from harvests.services import worklist as services
from harvests.views.worklist.line import list_url
from harvests.worklist import Wanted, items, operations_waiting, waiting_of
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only

if TYPE_CHECKING:
    from harvests.querysets.inbox import OperationQuerySet
    from kallari.accounts.models import User

MOST_RETRIED = 200
"""How many held operations one press of a button tries again."""
MOST_DISCARDED = 100
"""How many unreadable operations are offered at once."""


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
    return redirect(list_url(request))


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
        back=list_url(request),
        back_label=_("Pendientes"),
        done=lambda made: (
            _("Registradas: %(done)s. Siguen esperando: %(left)s.")
            % {"done": made[0], "left": made[1]}
        ),
        then=lambda _made: list_url(request),
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
        back=list_url(request),
        back_label=_("Pendientes"),
        done=lambda number: (
            ngettext(
                "%(number)s no se registra: la decisión queda escrita.",
                "%(number)s no se registran: la decisión queda escrita en cada una.",
                number,
            )
            % {"number": number}
        ),
        then=lambda _made: list_url(request),
    )
