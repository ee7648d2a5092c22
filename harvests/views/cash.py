"""The pages at /cajas/: cash boxes, opened, moved and counted."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.cash import CashBoxForm, CloseForm, MoveForm, OpenForm
from harvests.models import CashBox, CashMovement, CashSession
from harvests.permissions import cash as permissions
from harvests.services import cash as services
from harvests.views import PAGE_SIZE
from harvests.wording import in_usd
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import ReasonForm


def _box(request: HttpRequest, pk: int) -> CashBox:
    return get_object_or_404(CashBox.objects.visible_to(request.user), pk=pk)


def _session(request: HttpRequest, pk: UUID) -> CashSession:
    rows = CashSession.objects.visible_to(request.user).with_names().with_moved()
    return get_object_or_404(rows, pk=pk)


@only(permissions.may_see_cash)
@require_safe
def boxes(request: HttpRequest) -> HttpResponse:
    """Each box, and what is in it now."""
    user = actor_of(request)
    opened = {
        session.box_id: session
        for session in CashSession.objects.visible_to(user).opened().with_names().with_moved()
    }
    rows = CashBox.objects.visible_to(user).in_use().select_related("center", "custodian")
    return render(
        request,
        "harvests/cash_boxes.html",
        {
            "rows": [(box, opened.get(box.pk)) for box in rows],
            "may_keep": permissions.may_keep_boxes(user),
        },
    )


@only(permissions.may_keep_boxes)
@form_page
def add_box(request: HttpRequest) -> HttpResponse:
    """Enter a place where money is kept."""
    user = actor_of(request)
    return act_page(
        request,
        CashBoxForm(request.POST or None),
        lambda told: services.add_cash_box(actor=user, **told),
        title=_("Registrar una caja"),
        lead=_("Un lugar donde se guarda dinero, y quién responde por él."),
        button=_("Registrar la caja"),
        back=reverse("harvests:cash_boxes"),
        back_label=_("Cajas"),
        done=lambda made: (
            _("La caja «%(box)s» queda registrada: ábrala con lo que hay.") % {"box": made.name}
        ),
    )


@only(permissions.may_see_cash)
@require_safe
def box(request: HttpRequest, pk: int) -> HttpResponse:
    """One box: each time that it was opened and counted."""
    found, user = _box(request, pk), actor_of(request)
    sessions = found.sessions.with_names().with_moved()
    return render(
        request,
        "harvests/cash_box.html",
        {
            "box": found,
            "page": Paginator(sessions, PAGE_SIZE).get_page(request.GET.get("page")),
            "opened": sessions.opened().first(),
            "may_keep": permissions.may_keep_boxes(user),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_keep_boxes)
@form_page
def retire_box(request: HttpRequest, pk: int) -> HttpResponse:
    """A box is not used any more."""
    found, user = _box(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.retire_cash_box(actor=user, box=found, **told),
        title=_("Dejar de usar la caja «%(box)s»") % {"box": found.name},
        lead=_("Ya no se ofrece para abrirla. Lo que pasó por ella queda."),
        button=_("Dejar de usarla"),
        is_dangerous=True,
        back=found,
        back_label=found.name,
        done=lambda made: _("La caja «%(box)s» ya no se usa.") % {"box": made.name},
    )


@only(permissions.may_keep_boxes)
@form_page
def open_box(request: HttpRequest, pk: int) -> HttpResponse:
    """Count what is in a box, and open it."""
    found, user = _box(request, pk), actor_of(request)
    last = found.sessions.exclude(closed_at=None).order_by("-closed_at").first()
    left = last.counted_usd if last is not None else None
    return act_page(
        request,
        OpenForm(request.POST or None, initial={"opening_usd": left}),
        lambda told: services.open_cash_box(actor=user, box=found, **told),
        title=_("Abrir la caja «%(box)s»") % {"box": found.name},
        lead=_("Cuente el dinero. La vez anterior quedaron %(usd)s.") % {"usd": in_usd(left)}
        if left is not None
        else _("Cuente el dinero. Es la primera vez que se abre."),
        button=_("Abrir la caja"),
        back=found,
        back_label=found.name,
        done=lambda made: (
            _("La caja queda abierta con %(usd)s.") % {"usd": in_usd(made.opening_usd)}
        ),
    )


@only(permissions.may_see_cash)
@require_safe
def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A box from its opening to its closing: each movement and what it left."""
    found, user = _session(request, pk), actor_of(request)
    left, rows = found.opening_usd, []
    for moved in found.movements.with_reasons().order_by("moved_at", "pk"):
        left += moved.amount_usd
        rows.append((moved, left))
    return render(
        request,
        "harvests/cash_session.html",
        {
            "session": found,
            "rows": rows,
            "may_move": permissions.may_move_in_this(user, found),
            "may_close": permissions.may_close_this(user, found),
            "is_own": found.is_open and found.opened_by_id == user.pk,
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_move_cash)
@form_page
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Money put in, or taken to the bank."""
    found, user = _session(request, pk), actor_of(request)
    return act_page(
        request,
        MoveForm(request.POST or None),
        lambda told: services.move_cash(actor=user, session=found, **told),
        title=_("Dinero que entra o sale de «%(box)s»") % {"box": found.box.name},
        lead=_("Hay %(usd)s. Los pagos y anticipos se registran en su propia página.")
        % {"usd": in_usd(found.balance_usd)},
        button=_("Registrar el movimiento"),
        back=found,
        back_label=found.box.name,
        done=lambda made: _("Movimiento registrado: %(movement)s.") % {"movement": made},
        then=lambda _made: found,
    )


@only(permissions.may_count_cash)
@form_page
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Count what is in a box, and close it."""
    found, user = _session(request, pk), actor_of(request)
    return act_page(
        request,
        CloseForm(request.POST or None),
        lambda told: services.close_cash_box(actor=user, session=found, **told),
        title=_("Cerrar la caja «%(box)s»") % {"box": found.box.name},
        # Blind: what there should be is said once a count that differs was typed, never before.
        lead=_(
            "Cuente el dinero con quien abrió la caja y escriba lo que hay, ni más ni menos."
            " Después se compara con lo que debe haber."
        ),
        button=_("Cerrar la caja"),
        back=found,
        back_label=found.box.name,
        done=lambda made: (
            _("La caja queda cerrada con %(usd)s: imprima el arqueo para firmar.")
            % {"usd": in_usd(made.counted_usd)}
        ),
    )


@only(permissions.may_move_cash)
@form_page
def reverse_movement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A movement was written by mistake."""
    user = actor_of(request)
    rows = CashMovement.objects.visible_to(user).filter(kind__in=CashMovement.TYPED)
    found = get_object_or_404(rows.select_related("session__box"), pk=pk)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.reverse_movement(actor=user, movement=found, **told),
        title=_("Revertir un movimiento de «%(box)s»") % {"box": found.session.box.name},
        lead=_("%(movement)s. Se escribe otro en contra; el primero queda.") % {"movement": found},
        button=_("Revertir el movimiento"),
        is_dangerous=True,
        back=found.session,
        back_label=found.session.box.name,
        done=lambda _made: _("El movimiento queda revertido."),
        then=lambda _made: found.session,
    )
