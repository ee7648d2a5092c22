"""The pages at /certificacion/certificados/: what a certifier signed, and its copy."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.files.services import store_document
from kallari.history.newest import newest_changes
from members.forms import certification as forms
from members.models import (
    Certificate,
)
from members.permissions import certification as permissions
from members.services import certification as services


def _certificate(request: HttpRequest, pk: int) -> Certificate:
    rows = Certificate.objects.visible_to(request.user).select_related("scheme", "document")
    return get_object_or_404(rows.defer("document__content", "document__preview"), pk=pk)


@only(permissions.may_see_certificates)
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: of whom, for how long, and its copy."""
    found = _certificate(request, pk)
    today = timezone.localdate()
    following = (
        Certificate.objects.visible_to(request.user)
        .filter(scheme=found.scheme, valid_until__gt=found.valid_until)
        .order_by("valid_until", "pk")
    )
    return render(
        request,
        "members/certification/certificate.html",
        {
            "certificate": found,
            "is_valid": found.valid_on(today),
            "following": following.first(),
            "days": (found.valid_until - today).days,
            "may_change": permissions.may_add_certificate(request.user),
            "changes": newest_changes(request.user, found),
        },
    )


@only(permissions.may_see_certificates)
@require_safe
def certificate_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The copy of a certificate, as a file to keep."""
    rows = Certificate.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=pk)
    return file_response(request, found.document, download=True)


@only(permissions.may_add_certificate)
@form_page
def add_certificate(request: HttpRequest) -> HttpResponse:
    """Register a certificate with its copy; with ``?renueva`` the next one after another."""
    form = forms.CertificateForm(
        request.POST or None, request.FILES or None, initial=_after(request)
    )
    return act_page(
        request,
        form,
        lambda told: services.add_certificate(
            actor=actor_of(request), **with_document(request, told)
        ),
        title=_("Registrar certificado"),
        button=_("Registrar certificado"),
        back=reverse("members:certification"),
        back_label=_("Certificación"),
        done=lambda made: (
            _("El certificado %(number)s queda registrado.") % {"number": made.number}
        ),
    )


def _after(request: HttpRequest) -> dict[str, Any]:
    """What a renewal takes over from the certificate it follows."""
    renewed = request.GET.get("renueva", "")
    if not re.fullmatch(r"[0-9]{1,9}", renewed):
        return {}
    former = _certificate(request, int(renewed))
    return {
        "scheme": former.scheme,
        "body": former.body,
        "scope": former.scope,
        "valid_from": min(former.valid_until, date.max - timedelta(days=1)) + timedelta(days=1),
    }


def with_document(request: HttpRequest, fields: dict[str, Any]) -> dict[str, Any]:
    """What a form tells, its file stored where there is one. Called within `written`, so that
    what is refused leaves no file behind: files are never removed."""
    told = dict(fields)
    upload = told.pop("document", None)
    if upload is not None:
        told["document"] = store_document(actor=actor_of(request), upload=upload)
    return told


@only(permissions.may_add_certificate)
@form_page
def correct_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a certificate, attach its copy, note that it was withdrawn."""
    found = _certificate(request, pk)
    form = forms.CertificateCorrectionForm(
        request.POST or None, request.FILES or None, instance=_certificate(request, pk)
    )
    return act_page(
        request,
        form,
        lambda told: services.correct_certificate(
            actor=actor_of(request), certificate=found, **with_document(request, told)
        ),
        title=_("Corregir %(certificate)s") % {"certificate": found},
        button=_("Guardar corrección"),
        back=found,
        done=lambda _made: _("El certificado queda corregido."),
    )
