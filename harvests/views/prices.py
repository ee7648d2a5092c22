"""The pages at /precios/."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from harvests.forms.prices import (
    ApprovalForm,
    MarketFilterForm,
    MarketPriceForm,
    PriceListCorrectionForm,
    PriceListForm,
    PriceTableForm,
    PublicationForm,
)
from harvests.models import CertificationClass, MarketPrice, PriceLine, PriceList, Product, Quality
from harvests.permissions import prices as permissions
from harvests.querysets.catalog import CatalogQuerySet
from harvests.services import prices as services
from harvests.views import PAGE_SIZE
from harvests.views.price_changes import compared
from harvests.views.price_tables import laid_out
from kallari.acting import act_page, carried_out
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes


def _list(request: HttpRequest, pk: int) -> PriceList:
    return get_object_or_404(PriceList.objects.visible_to(request.user), pk=pk)


def _draft(request: HttpRequest, pk: int) -> PriceList:
    return get_object_or_404(PriceList.objects.visible_to(request.user).drafts(), pk=pk)


def _in_force(request: HttpRequest) -> QuerySet[PriceLine]:
    return PriceLine.objects.visible_to(request.user).in_force(timezone.now()).with_names()


@only(permissions.may_see_prices)
@require_safe
def price_lists(request: HttpRequest) -> HttpResponse:
    """What is paid now, and every list, drafts and the newest first."""
    user = actor_of(request)
    rows = PriceList.objects.visible_to(user).annotate(line_count=Count("lines"))
    rows = rows.order_by(F("valid_from").desc(nulls_first=True), "-pk")
    lines = list(_in_force(request))
    return render(
        request,
        "harvests/price_lists.html",
        {
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "now": timezone.now(),
            "classes": list(CertificationClass),
            "products": laid_out(lines),
            "lists_in_force": {line.price_list_id for line in lines},
            "may_write": permissions.may_write_prices(user),
            "has_qualities": Quality.objects.visible_to(user).offered().exists(),
        },
    )


@only(permissions.may_see_prices)
@require_safe
def price_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One list; printed, it is the board that hangs at the collection center."""
    found, user = _list(request, pk), actor_of(request)
    lines = list(found.lines.with_names())
    return render(
        request,
        "harvests/price_list.html",
        {
            "list": found,
            "now": timezone.now(),
            "classes": list(CertificationClass),
            "products": laid_out(lines),
            "in_force": len({line.pk for line in lines} & {line.pk for line in _in_force(request)}),
            "line_count": len(lines),
            "may_write": permissions.may_write_prices(user),
            "may_publish": permissions.may_publish_prices(user),
            "newest": newest_changes(user, found, size=20, parts=(PriceLine, "price_list_id")),
        },
    )


@only(permissions.may_write_prices)
@form_page
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a list."""
    user = actor_of(request)
    return act_page(
        request,
        PriceListForm(request.POST or None),
        lambda told: services.draft_price_list(actor=user, **told),
        title=_("Preparar una lista de precios"),
        lead=_("Es un borrador hasta que una resolución la apruebe y se publique."),
        button=_("Seguir con los precios"),
        back=reverse("harvests:price_lists"),
        back_label=_("Precios"),
        done=lambda made: _("La lista «%(list)s» está en borrador.") % {"list": made.name},
        then=lambda made: reverse("harvests:price_list_table", args=[made.pk]),
    )


@only(permissions.may_write_prices)
@form_page
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a list with the prices of another one."""
    found, user = _list(request, pk), actor_of(request)
    return act_page(
        request,
        PriceListForm(request.POST or None),
        lambda told: services.copy_price_list(actor=user, price_list=found, **told),
        title=_("Preparar otra lista a partir de «%(list)s»") % {"list": found.name},
        lead=_("Toma sus precios; usted cambia los que hagan falta."),
        button=_("Seguir con los precios"),
        back=found,
        done=lambda made: _("La lista «%(list)s» está en borrador.") % {"list": made.name},
        then=lambda made: reverse("harvests:price_list_table", args=[made.pk]),
    )


@only(permissions.may_write_prices)
@form_page
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Type a whole draft at once."""
    found, user = _draft(request, pk), actor_of(request)
    lines = list(found.lines.with_names())
    seen = Quality.objects.visible_to(user)
    bought = seen.offered().filter(form__retired_on=None, form__product__retired_on=None)
    qualities = (bought | seen.filter(price_lines__price_list=found)).distinct()
    form = PriceTableForm(
        request.POST or None,
        qualities=list(
            qualities.select_related("form__product").order_by(
                "form__product__place", "form__place", "form__name", "place", "name"
            )
        ),
        lines=lines,
        in_force=list(_in_force(request)),
    )
    answer = carried_out(
        request,
        form,
        lambda told: services.write_table(actor=user, price_list=found, prices=form.prices()),
        done=lambda made: _saved(made, found),
    )
    if answer:
        return answer
    return render(
        request,
        "harvests/price_list_table.html",
        {"list": found, "form": form, "classes": list(CertificationClass)},
    )


def _saved(made: PriceList, before: PriceList) -> str:
    count = made.lines.count()
    said = (
        ngettext("Se guardó %(count)s precio.", "Se guardaron %(count)s precios.", count)
        % {"count": count}
        if count
        else _("La lista quedó sin precios.")
    )
    if before.resolution and not made.resolution:
        said += " " + _("Ya no está aprobada: anote la resolución que apruebe estos precios.")
    return said


@only(permissions.may_write_prices)
@form_page
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a draft."""
    found, user = _draft(request, pk), actor_of(request)
    return act_page(
        request,
        PriceListCorrectionForm(request.POST or None, instance=_draft(request, pk)),
        lambda told: services.correct_price_list(actor=user, price_list=found, **told),
        title=_("Corregir «%(list)s»") % {"list": found.name},
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: _("La lista «%(list)s» queda corregida.") % {"list": made.name},
    )


@only(permissions.may_write_prices)
@form_page
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the resolution that approves a draft."""
    found, user = _draft(request, pk), actor_of(request)
    return act_page(
        request,
        ApprovalForm(request.POST or None, initial={"resolution": found.resolution}),
        lambda told: services.approve(actor=user, price_list=found, **told),
        title=_("Aprobar «%(list)s»") % {"list": found.name},
        lead=_("Anote la resolución que aprueba estos precios. Después se publica."),
        button=_("Guardar la resolución"),
        back=found,
        done=lambda made: (
            _("La lista «%(list)s» está aprobada: falta publicarla.") % {"list": made.name}
        ),
    )


@only(permissions.may_publish_prices)
@form_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list in force from an instant on."""
    found, user = _draft(request, pk), actor_of(request)
    lines = list(found.lines.with_names())
    changes = compared(lines, _in_force(request))
    return act_page(
        request,
        PublicationForm(request.POST or None),
        lambda told: services.publish_price_list(actor=user, price_list=found, **told),
        title=_("Publicar «%(list)s»") % {"list": found.name},
        lead=_(
            "Desde el momento que escoja, estos precios valen para todo lo que se pese, también"
            " en los teléfonos sin señal. Una lista publicada no cambia más."
        ),
        button=_("Publicar los precios"),
        back=found,
        done=lambda made: (
            _("«%(list)s» rige desde el %(instant)s.")
            % {
                "list": made.name,
                "instant": date_format(timezone.localtime(made.valid_from), "DATETIME_FORMAT"),
            }
        ),
        template="harvests/price_list_publish.html",
        changes=changes,
        large=sum(one.is_large for one in changes),
        missing=sum(one.new is None for one in changes),
    )


# --- The market ---------------------------------------------------------------------------------


def _products(user: Any) -> CatalogQuerySet:
    return Product.objects.visible_to(user)


@only(permissions.may_see_market_prices)
@require_safe
def market_prices(request: HttpRequest) -> HttpResponse:
    """What the world's market paid, the newest first."""
    user = actor_of(request)
    form = MarketFilterForm(request.GET, products=_products(user))
    told = form.cleaned_data if form.is_valid() else {}
    rows = MarketPrice.objects.visible_to(user).select_related("product").order_by("-day", "pk")
    if told.get("producto"):
        rows = rows.filter(product=told["producto"])
    return render(
        request,
        "harvests/market_prices.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "is_filtered": any(told.values()),
            "may_note": permissions.may_note_market_prices(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_note_market_prices)
@form_page
def note_market_price(request: HttpRequest) -> HttpResponse:
    """Write down what the market paid on a day."""
    user = actor_of(request)
    return act_page(
        request,
        MarketPriceForm(
            request.POST or None,
            products=_products(user).offered(),
            initial={"day": timezone.localdate()},
        ),
        lambda told: services.note_market_price(actor=user, **told),
        title=_("Anotar un precio del mercado"),
        lead=_("Contra él se comparan los precios que paga la asociación."),
        button=_("Guardar el precio"),
        back=reverse("harvests:market_prices"),
        back_label=_("Precios del mercado"),
        done=lambda made: (
            _("Precio del %(day)s guardado.") % {"day": date_format(made.day, "DATE_FORMAT")}
        ),
        then=lambda made: reverse("harvests:market_prices"),
    )
