"""The pages at /procesos/clases/: how the association works, and by which yields it is judged."""

from __future__ import annotations

from django import forms
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from harvests.models import Place, ProcessKind, ProcessPhase, ProcessRoute
from harvests.permissions import batches as permissions
from harvests.services.usual_catalog import add_usual_catalog
from harvests.services.usual_processes import add_usual_processes
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only


@only(permissions.may_see_process_kinds)
@require_safe
def process_kinds(request: HttpRequest) -> HttpResponse:
    """Every way of working: its phases, what it makes of what, and where."""
    user = actor_of(request)
    routes = (
        ProcessRoute.objects.visible_to(user)
        .select_related("takes", "gives")
        .order_by(
            F("takes__place").asc(nulls_first=True),
            "gives__place",
            F("valid_from").asc(nulls_first=True),
        )
    )
    kinds = ProcessKind.objects.visible_to(user).prefetch_related(
        Prefetch("phases", ProcessPhase.objects.order_by("position")), Prefetch("routes", routes)
    )
    may_enter = permissions.may_enter_process_kinds(user)
    return render(
        request,
        "harvests/process_kinds.html",
        {
            "kinds": list(kinds),
            "places": list(Place.objects.visible_to(user).select_related("center")),
            "today": timezone.localdate(),
            "may_enter": may_enter,
            "may_use_admin": may_enter and user.is_staff,
        },
    )


@only(permissions.may_enter_process_kinds)
@form_page
def usual(request: HttpRequest) -> HttpResponse:
    """Enter how the association usually works, at once."""
    user = actor_of(request)

    def put(_told: dict[str, object]) -> list[ProcessKind]:
        add_usual_catalog(actor=user)
        return add_usual_processes(actor=user)

    return act_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        put,
        title=_("Poner los procesos usuales"),
        lead=_(
            "Fermentación y secado, curado de vainilla, limpieza, clasificación, homogenización,"
            " molienda, empaque, elaboración en plantas de fuera, mezcla y división, con sus fases"
            " y rendimientos. Cada cifra dice de dónde sale y queda sin confirmar hasta que alguien"
            " responda por ella. Lo que ya esté anotado no cambia."
        ),
        button=_("Poner los procesos"),
        back=reverse("harvests:process_kinds"),
        back_label=_("Clases de proceso"),
        done=lambda made: (
            ngettext(
                "Queda %(count)s clase de proceso.",
                "Quedan %(count)s clases de proceso.",
                len(made),
            )
            % {"count": len(made)}
        ),
        then=lambda made: reverse("harvests:process_kinds"),
    )
