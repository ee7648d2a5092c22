"""The pages at /certificacion/muestras/: who is inspected again, and why."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from members.forms import certification as forms
from members.models import (
    ReinspectionSample,
)
from members.permissions import certification as permissions
from members.services import sampling
from members.views import PAGE_SIZE


@only(permissions.may_see_samples)
@require_safe
def samples(request: HttpRequest) -> HttpResponse:
    """All samples, the newest first."""
    rows = ReinspectionSample.objects.visible_to(request.user).select_related("scheme")
    page = Paginator(rows.defer("population"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/certification/samples.html",
        {"page": page, "may_draw": permissions.may_draw_sample(request.user)},
    )


@only(permissions.may_draw_sample)
@form_page
def draw(request: HttpRequest) -> HttpResponse:
    """Draw the sample of a scheme's group."""
    form = forms.SampleForm(request.POST or None)
    return act_page(
        request,
        form,
        lambda told: sampling.draw_sample(actor=actor_of(request), **told),
        title=_("Sortear una muestra"),
        button=_("Sortear muestra"),
        back=reverse("members:samples"),
        back_label=_("Muestras"),
        done=lambda made: (
            _("La muestra queda sorteada: %(size)s integrantes.") % {"size": made.size}
        ),
        lead=_(
            "Una parte por riesgo y el resto al azar, según las reglas. Queda guardado todo lo que "
            "hace falta para repetir el sorteo."
        ),
    )


@only(permissions.may_see_samples)
@require_safe
def sample(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who is in a sample, why, and whether it comes out again."""
    rows = ReinspectionSample.objects.visible_to(request.user).select_related("scheme")
    found = get_object_or_404(rows, pk=pk)
    return render(
        request,
        "members/certification/sample.html",
        {
            "sample": found,
            "members": len(found.population),
            "sampled": [
                (one, found.number_of(one.partner))
                for one in found.sampled.select_related(
                    "partner__person", "partner__family__community"
                )
            ],
            "is_as_drawn": sampling.is_as_drawn(found),
        },
    )
