"""The pages at /certificacion/estimaciones/: what chakras should give, and what they gave."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.plots import Bars, Series
from members import certification_reports as reports
from members.forms import certification as forms
from members.models import (
    Chakra,
    YieldEstimate,
)
from members.permissions import certification as permissions
from members.products import TradedProduct
from members.services import yields
from members.views import PAGE_SIZE


def _chakra(request: HttpRequest, pk: Any) -> Chakra:
    return get_object_or_404(Chakra.objects.visible_to(request.user).with_people(), pk=pk)


@only(permissions.may_see_estimates)
@require_safe
def estimates(request: HttpRequest) -> HttpResponse:
    """What chakras should give in a year, and what they gave."""
    form = forms.YearForm(request.GET)
    today = timezone.localdate()
    year = (form.cleaned_data.get("anio") if form.is_valid() else None) or today.year
    rows = YieldEstimate.objects.visible_to(request.user).filter(year=year)
    page = Paginator(
        rows.select_related("chakra__family__community").order_by("chakra__number", "product"),
        PAGE_SIZE,
    ).get_page(request.GET.get("page"))
    totals = reports.yield_totals(YieldEstimate.objects.visible_to(request.user), year)
    products = [product for product in TradedProduct if product in totals]
    plot = Bars(
        key="yields",
        title=_("Estimado y entregado en %(year)s") % {"year": year},
        label_heading=_("Producto"),
        labels=[product.label for product in products] or [_("cacao")],
        series=[
            Series(_("Estimado"), [totals[product][0] for product in products] or [None]),
            Series(_("Entregado"), [totals[product][1] for product in products] or [None]),
        ],
        unit="kg",
        stacked=False,
        as_of=_("Al %(day)s") % {"day": date_format(today)},
    )
    return render(
        request,
        "members/certification/estimates.html",
        {
            "form": form,
            "page": page,
            "year": year,
            "rows": reports.yields(list(page.object_list), year, today),
            "plot": plot,
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_estimate)
@form_page
def estimate(request: HttpRequest, pk: Any) -> HttpResponse:
    """Say what a chakra should give."""
    found = _chakra(request, pk)
    form = forms.EstimateForm(request.POST or None)
    page = reverse("members:chakra_certification", args=[found.pk])
    return act_page(
        request,
        form,
        lambda told: yields.estimate_yield(actor=actor_of(request), chakra=found, **told),
        title=_("Estimar la cosecha de %(chakra)s") % {"chakra": found.code},
        button=_("Registrar estimación"),
        back=page,
        back_label=str(found),
        done=lambda _made: _("La estimación queda registrada."),
        then=lambda _made: page,
    )


@only(permissions.may_revise_estimates)
@form_page
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another figure in the place of an estimate, and say why."""
    rows = YieldEstimate.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("chakra__family"), pk=pk)
    page = reverse("members:chakra_certification", args=[found.chakra_id])
    return act_page(
        request,
        forms.EstimateRevisionForm(request.POST or None, instance=rows.get(pk=pk)),
        lambda told: yields.revise_estimate(actor=actor_of(request), estimate=found, **told),
        title=_("Estimar otra vez %(chakra)s") % {"chakra": found.chakra.code},
        button=_("Guardar la cifra nueva"),
        back=page,
        back_label=str(found.chakra),
        lead=f"{found.get_product_display()}, {found.year}",
        done=lambda _made: _("La estimación queda cambiada; la anterior sigue en la historia."),
        then=lambda _made: page,
    )
