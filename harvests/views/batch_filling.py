"""The pages on which a process begins, and takes more: what there is, to be ticked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.filling import (
    USUAL_DAYS,
    AddForm,
    FillingForm,
    NarrowingForm,
    StartForm,
)
from harvests.models import (
    STRONGEST_FIRST,
    CertificationClass,
    Lot,
    ProcessKind,
    ProcessRoute,
    ProductForm,
)
from harvests.permissions import batches as permissions
from harvests.services import batches as services
from harvests.services.ledger import class_of_inputs
from harvests.usable import MOST_SHOWN
from harvests.views.batches import open_batch
from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only

SHOW = "mostrar"
"""The button that asks for other rows, and does nothing else."""
OF_ALL_DAYS = "todas"
"""The same button where it asks for deliveries of any day."""


@only(permissions.may_work)
@require_safe
def choose_kind(request: HttpRequest) -> HttpResponse:
    """Which process begins."""
    user = actor_of(request)
    kinds = ProcessKind.objects.visible_to(user).offered()
    routes: dict[int, list[ProcessRoute]] = {}
    for one in (
        ProcessRoute.objects.visible_to(user)
        .on(timezone.localdate())
        .select_related("takes", "gives")
    ):
        routes.setdefault(one.kind_id, []).append(one)
    return render(
        request,
        "harvests/batch_kinds.html",
        {
            "kinds": [(kind, _takes(routes.get(kind.pk, []))) for kind in kinds],
            "may_enter": permissions.may_enter_process_kinds(user),
            "from_lot": request.GET.get("lote", ""),
        },
    )


def _takes(routes: list[ProcessRoute]) -> str:
    """«Cacao en baba → Cacao seco», or that anything goes in, and what else may come of it."""
    named = "; ".join(
        dict.fromkeys(
            f"{one.takes.name} → {one.gives.name}" for one in routes if one.takes and one.gives
        )
    )
    if all(one.takes for one in routes):
        return named
    if named:
        return _("Cualquier presentación, y sale la misma; o %(routes)s.") % {"routes": named}
    return _("Cualquier presentación: sale la misma.")


@only(permissions.may_work)
@form_page
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """What goes in, where, since when."""
    user = actor_of(request)
    found = get_object_or_404(ProcessKind.objects.visible_to(user).offered(), code=kind)
    lot = _chosen_lot(request)
    narrowing = _narrowing(request, found, lot.form if lot else None)
    form = StartForm(
        request.POST or None,
        kind=found,
        user=user,
        narrowing=narrowing,
        chosen=(f"l{lot.pk.hex}",) if lot else (),
    )

    def begin(told: dict[str, Any]) -> Any:
        return services.start_batch(
            actor=user,
            kind=found,
            center=told["center"],
            started_at=told["started_at"] or timezone.now(),
            where=told["where"],
            note=told["note"],
            taken=form.taken(),
        )

    if not _asks_for_rows(request, form) and (
        answer := carried_out(
            request,
            form,
            begin,
            done=lambda made: _("Empezó el proceso %(code)s.") % {"code": made.code},
        )
    ):
        return answer
    return render(
        request,
        "harvests/batch_fill.html",
        _context(form, narrowing) | {"kind": found, "batch": None},
    )


@only(permissions.may_work)
@form_page
def add(request: HttpRequest, code: str) -> HttpResponse:
    """More goes into a batch under way."""
    found, user = open_batch(request, code), actor_of(request)
    inside = ProductForm.objects.filter(pk__in=services.took_by_form(found))
    narrowing = _narrowing(request, found.kind, inside[0] if len(inside) == 1 else None)
    form = AddForm(
        request.POST or None,
        kind=found.kind,
        user=user,
        narrowing=narrowing,
        in_class=class_of_inputs(found),
    )
    if not _asks_for_rows(request, form) and (
        answer := carried_out(
            request,
            form,
            lambda told: services.add_to_batch(
                actor=user, batch=found, taken=form.taken(), at=told["at"]
            ),
            done=lambda made: _("Se agregó a %(code)s.") % {"code": made.code},
        )
    ):
        return answer
    return render(
        request,
        "harvests/batch_fill.html",
        _context(form, narrowing) | {"kind": found.kind, "batch": found},
    )


def _narrowing(
    request: HttpRequest, kind: ProcessKind, usual_form: ProductForm | None
) -> NarrowingForm:
    """To what the choice is narrowed. Where anything goes in, only the form that is in already or
    was named is offered at first: others do not mix with it."""
    asked: Any = request.POST if request.method == "POST" else request.GET
    if asked.get(SHOW) == OF_ALL_DAYS:
        asked = asked.copy()
        asked["desde"] = ""
    is_asked = any(name in asked for name in NarrowingForm.base_fields)
    return NarrowingForm(
        asked if is_asked else None, user=actor_of(request), kind=kind, usual_form=usual_form
    )


def _asks_for_rows(request: HttpRequest, form: FillingForm) -> bool:
    if request.method != "POST" or SHOW not in request.POST:
        return False
    form.as_chosen()
    return True


def _chosen_lot(request: HttpRequest) -> Lot | None:
    """The lot that the address names, to be ticked."""
    code = request.GET.get("lote", "")
    if not code:
        return None
    return Lot.objects.visible_to(request.user).select_related("form").filter(code=code).first()


def _context(form: FillingForm, narrowing: NarrowingForm) -> dict[str, Any]:
    labels = dict(CertificationClass.choices)
    return {
        "form": form,
        "narrowing": narrowing,
        "most": MOST_SHOWN,
        "is_cut": max(len(form.deliveries), len(form.lots)) >= MOST_SHOWN,
        "classes": [(one, str(labels[one])) for one in STRONGEST_FIRST],
        "show": SHOW,
        "of_all_days": OF_ALL_DAYS,
        "usual_days": USUAL_DAYS.days,
    }
