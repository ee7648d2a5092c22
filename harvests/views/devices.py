"""The pages at /dispositivos/."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.devices import DeviceNameForm
from harvests.models import Device
from harvests.permissions import devices as permissions
from harvests.services import devices as services
from harvests.views import PAGE_SIZE
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import ReasonForm


def _device(request: HttpRequest, pk: UUID) -> Device:
    return get_object_or_404(Device.objects.visible_to(request.user).select_related("user"), pk=pk)


@only(permissions.may_see_devices)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Which telephones and computers send deliveries, and whether all of it arrived."""
    user = actor_of(request)
    rows = Device.objects.visible_to(user).select_related("user").with_outbox()
    rows = rows.order_by("-first_seen_at", "pk")
    return render(
        request,
        "harvests/devices.html",
        {"page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))},
    )


@only(permissions.may_see_devices)
@require_safe
def device(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One device, with the numbers that are missing of what it sent."""
    user = actor_of(request)
    rows = Device.objects.visible_to(user).select_related("user").with_outbox()
    found = get_object_or_404(rows, pk=pk)
    return render(
        request,
        "harvests/device.html",
        {
            "device": found,
            "missing": found.missing_numbers(),
            "may_change": permissions.may_change_devices(user),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_change_devices)
@form_page
def name(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name a device."""
    found, user = _device(request, pk), actor_of(request)
    return act_page(
        request,
        DeviceNameForm(request.POST or None, instance=_device(request, pk)),
        lambda told: services.name_device(actor=user, device=found, **told),
        title=_("Ponerle nombre al dispositivo %(code)s") % {"code": found.short_code},
        lead=_("Uno por el que se lo reconozca: de quién es, de qué color."),
        button=_("Guardar el nombre"),
        back=found,
        done=lambda made: _("Se llama %(device)s.") % {"device": made},
    )


@only(permissions.may_change_devices)
@form_page
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A device was lost."""
    found, user = _device(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.revoke_device(actor=user, device=found, **told),
        title=_("Anular %(device)s") % {"device": found},
        lead=_(
            "Lo que envíe desde ahora se guarda, pero no se registra: espera a que la oficina"
            " decida. Lo que ya se registró queda."
        ),
        button=_("Anular el dispositivo"),
        is_dangerous=True,
        back=found,
        done=lambda made: _("%(device)s está anulado.") % {"device": made},
    )


@only(permissions.may_change_devices)
@form_page
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A device was found again."""
    found, user = _device(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.restore_device(actor=user, device=found, **told),
        title=_("Volver a aceptar %(device)s") % {"device": found},
        lead=_("Lo que envíe desde ahora se registra. Lo que quedó en espera, espera todavía."),
        button=_("Volver a aceptarlo"),
        back=found,
        done=lambda made: _("%(device)s vuelve a registrar entregas.") % {"device": made},
    )
