"""The pages at /productos/."""

from __future__ import annotations

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from harvests.models import CollectionCenter, FormFigure, Product, ProductForm
from harvests.permissions import catalog as permissions
from harvests.services.usual_catalog import add_usual_catalog
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only


@only(permissions.may_see_products)
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """What is bought, in which forms, by which figures, where and when."""
    user = actor_of(request)
    figures = FormFigure.objects.visible_to(user)
    forms_with_figures = ProductForm.objects.visible_to(user).prefetch_related(
        "qualities", Prefetch("figures", figures)
    )
    rows = Product.objects.visible_to(user).prefetch_related(
        Prefetch("forms", forms_with_figures), "varieties", "seasons"
    )
    may_enter = permissions.may_enter_products(user)
    return render(
        request,
        "harvests/products.html",
        {
            "products": list(rows),
            "centers": list(CollectionCenter.objects.visible_to(user)),
            "today": timezone.localdate(),
            "may_see_figures": permissions.may_see_figures(user),
            "may_enter": may_enter,
            "may_use_admin": may_enter and user.is_staff,
        },
    )


@only(permissions.may_enter_products)
@form_page
def usual(request: HttpRequest) -> HttpResponse:
    """Enter the association's usual catalogue at once."""
    user = actor_of(request)
    return act_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda told: add_usual_catalog(actor=user),
        title=_("Poner el catálogo usual"),
        lead=_(
            "Cacao en baba y seco, hoja de guayusa, vaina de vainilla, café y artesanía, con sus"
            " calidades, variedades y cifras. Cada cifra dice de dónde sale y queda sin confirmar"
            " hasta que alguien responda por ella. Lo que ya esté anotado no cambia."
        ),
        button=_("Poner el catálogo"),
        back=reverse("harvests:products"),
        back_label=_("Productos"),
        done=lambda made: (
            ngettext("Queda %(count)s producto.", "Quedan %(count)s productos.", len(made))
            % {"count": len(made)}
        ),
        then=lambda made: reverse("harvests:products"),
    )
