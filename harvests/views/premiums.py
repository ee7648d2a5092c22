"""The pages of premiums by rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.settlements import ClosePremiumForm, ConfirmForm, PremiumRuleForm
from harvests.models import PremiumRule
from harvests.permissions import settlements as permissions
from harvests.services import premiums as services
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only


def _rule(request: HttpRequest, pk: int) -> PremiumRule:
    return get_object_or_404(PremiumRule.objects.visible_to(request.user).with_names(), pk=pk)


@only(permissions.may_see_premium_rules)
@require_safe
def premium_rules(request: HttpRequest) -> HttpResponse:
    """By which rules premiums are figured, the newest first."""
    user = actor_of(request)
    rules = PremiumRule.objects.visible_to(user).with_names()
    return render(
        request,
        "harvests/premium_rules.html",
        {
            "rows": [(rule, permissions.may_confirm_this(user, rule)) for rule in rules],
            "may_write": permissions.may_write_premium_rules(user),
            "may_confirm": permissions.may_confirm_premium_rules(user),
        },
    )


@only(permissions.may_write_premium_rules)
@form_page
def add_rule(request: HttpRequest) -> HttpResponse:
    """Write down a premium that was decided."""
    user = actor_of(request)
    return act_page(
        request,
        PremiumRuleForm(request.POST or None),
        lambda told: services.write_premium_rule(actor=user, **told),
        title=_("Anotar un premio"),
        lead=_(
            "Un premio por cada unidad entregada. Se paga cuando otra persona lo confirma con la"
            " resolución, también por entregas que ya se liquidaron."
        ),
        button=_("Anotar el premio"),
        back=reverse("harvests:premium_rules"),
        back_label=_("Premios"),
        done=lambda made: _("«%(rule)s» queda anotado: falta confirmarlo.") % {"rule": made.name},
        then=lambda _made: "harvests:premium_rules",
    )


@only(permissions.may_confirm_premium_rules)
@form_page
def confirm_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand for a rule, so that it is paid."""
    found, user = _rule(request, pk), actor_of(request)
    return act_page(
        request,
        ConfirmForm(request.POST or None),
        lambda told: services.confirm_premium_rule(actor=user, rule=found, **told),
        title=_("Confirmar «%(rule)s»") % {"rule": found.name},
        lead=_(
            "Compruebe con la resolución (%(resolution)s): desde ahora las liquidaciones lo pagan."
        )
        % {"resolution": found.resolution},
        button=_("Confirmar el premio"),
        back=reverse("harvests:premium_rules"),
        back_label=_("Premios"),
        done=lambda made: _("«%(rule)s» se paga desde ahora.") % {"rule": made.name},
        then=lambda _made: "harvests:premium_rules",
    )


@only(permissions.may_write_premium_rules)
@form_page
def close_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """From which day on a premium is earned no more."""
    found, user = _rule(request, pk), actor_of(request)
    return act_page(
        request,
        ClosePremiumForm(request.POST or None),
        lambda told: services.close_premium_rule(actor=user, rule=found, **told),
        title=_("Cerrar «%(rule)s»") % {"rule": found.name},
        lead=_("Las entregas de después ya no lo ganan. Lo pagado queda."),
        button=_("Cerrar el premio"),
        back=reverse("harvests:premium_rules"),
        back_label=_("Premios"),
        done=lambda made: _("«%(rule)s» queda cerrado.") % {"rule": made.name},
        then=lambda _made: "harvests:premium_rules",
    )
