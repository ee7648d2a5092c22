"""The statement of a family: on paper from the office, and on its own page by QR."""

from __future__ import annotations

from uuid import UUID

import segno
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.settlements import ConfirmForm, YearForm
from harvests.models import Settlement, SettlementLine, StatementLink
from harvests.permissions import settlements as permissions
from harvests.services import statement_links as services
from harvests.statement_codes import in_groups
from harvests.statements import Statement, advances_for, statement_of, years_of
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import ReasonForm
from members.views.choosing import chosen_family

MOST_ON_A_SHORT_PAGE = 5
"""Deliveries, payments and advances on the page that a family opens itself."""


@only(permissions.may_see_settlements)
@require_safe
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a family delivered, was settled and was paid in a year, to be printed."""
    family, user = chosen_family(request, pk), actor_of(request)
    years = years_of(family)
    form = YearForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    year = told.get("anio") or (years[0] if years else timezone.localdate().year)
    link = StatementLink.objects.visible_to(user).in_force().filter(family=family).first()
    return render(
        request,
        "harvests/statement.html",
        {
            "statement": _with_later_premiums(statement_of(family, year)),
            "drafts": list(Settlement.objects.filter(family=family, status="drafted").with_paid()),
            "family": family,
            "years": years,
            "link": link,
            "now": timezone.now(),
            "may_see_links": permissions.may_see_links(user),
            "may_make_links": permissions.may_make_links(user),
            "may_settle": permissions.may_settle(user),
            "newest": newest_changes(user, link) if link is not None else None,
        },
        status=200 if form.is_valid() else 400,
    )


def _with_later_premiums(found: Statement) -> Statement:
    """Annotates ``later_usd`` on the deliveries: what premiums by rule added to each after it was
    received. One query."""
    lines = SettlementLine.objects.filter(
        kind=SettlementLine.Kind.RULE,
        counts=True,
        delivery__in=[one.pk for one in found.deliveries],
    )
    later = dict(lines.order_by().values_list("delivery").annotate(usd=Sum("amount_usd")))
    for one in found.deliveries:
        vars(one)["later_usd"] = later.get(one.pk)
    return found


@only(permissions.may_make_links)
@form_page
def make_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the code of a family's statement, and show it this once."""
    family, user = chosen_family(request, pk), actor_of(request)
    back = reverse("harvests:statement", args=[family.pk])
    has_one = StatementLink.objects.in_force().filter(family=family).exists()
    if request.method == "POST":
        _link, code = services.make_statement_link(actor=user, family=family)
        address = request.build_absolute_uri(reverse("harvests:own_statement", args=[code]))
        qr = segno.make(address, error="m", micro=False)
        response = render(
            request,
            "harvests/statement_link.html",
            {
                "family": family,
                "address": address,
                "code": in_groups(code),
                "qr": qr.svg_inline(
                    border=4, omitsize=True, svgclass="card-qr", lineclass=None, dark="#000"
                ),
                "back_url": back,
            },
        )
        response["Cache-Control"] = "no-store"
        return response
    return act_page(
        request,
        ConfirmForm(),
        lambda told: family,
        title=_("Código para el estado de cuenta de %(family)s") % {"family": family},
        lead=_(
            "Ya tiene uno: deja de abrir en cuanto se hace otro. El nuevo se ve una sola vez: tenga"
            " lista la impresora."
        )
        if has_one
        else _(
            "Con él la familia abre su estado de cuenta en cualquier teléfono, sin contraseña. Se"
            " ve una sola vez: tenga lista la impresora."
        ),
        button=_("Hacer el código y mostrarlo"),
        back=back,
        back_label=str(family),
        done=str,
    )


@only(permissions.may_make_links)
@form_page
def revoke_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A paper with the code is lost."""
    family, user = chosen_family(request, pk), actor_of(request)
    link = get_object_or_404(StatementLink.objects.visible_to(user).in_force(), family=family)
    back = reverse("harvests:statement", args=[family.pk])
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.revoke_statement_link(actor=user, link=link, **told),
        title=_("Anular el código de %(family)s") % {"family": family},
        lead=_("El papel que la familia tiene deja de abrir su estado de cuenta, para siempre."),
        button=_("Anular el código"),
        is_dangerous=True,
        back=back,
        back_label=str(family),
        done=lambda _made: _("El código queda anulado."),
        then=lambda _made: back,
    )


@require_safe
def own_statement(request: HttpRequest, code: str) -> HttpResponse:
    """What a family delivered, is owed and was paid, for whoever holds its paper: large and short,
    without account. Nothing on it names a person, a cédula, a telephone or a bank account. A wrong
    code, a revoked one and one that never was answer the same."""
    family = services.family_by_code(code)
    if family is None:
        raise Http404
    year = timezone.localdate().year
    response = render(
        request,
        "harvests/own_statement.html",
        {
            "statement": _with_later_premiums(
                statement_of(family, year, most=MOST_ON_A_SHORT_PAGE)
            ),
            "advances": advances_for(family, year, most=MOST_ON_A_SHORT_PAGE),
            "family": family,
            "now": timezone.now(),
        },
    )
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not no-referrer: with it the browser keeps its origin to itself, and the page's own form of
    # languages is refused.
    response["Referrer-Policy"] = "same-origin"
    return response
