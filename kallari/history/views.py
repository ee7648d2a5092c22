"""The pages at /auditoria/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kallari import exports
from kallari.history import changes
from kallari.history.changes import Change, Kind
from kallari.history.forms import ChangeFilterForm, no_account
from kallari.history.permissions import reads_history
from kallari.history.wording import capitalized


def readers_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in who reads the history. Visitors are led to the sign-in; for everybody else there is
    no such page, whatever they ask of it."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reads_history(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(checked)


@never_cache
@readers_only
@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """Every change, newest first: who, when, why, and each value before and after."""
    form = ChangeFilterForm(request.GET)
    context: dict[str, Any] = {"form": form, "list_url": reverse("history:changes")}
    if not form.is_valid():
        return render(request, "history/changes.html", context, status=400)
    filters = form.filters
    page = changes.find(filters, form.cleaned_data["cursor"])
    counted = changes.count(filters)
    context |= {
        "acts": [_act_links(request, act) for act in changes.acts(changes.describe(page.places))],
        "filters": form.on,
        "counted": min(counted, changes.COUNTED),
        "counted_is_more": counted > changes.COUNTED,
        "older_url": _address(request, page.older),
        "newer_url": _address(request, page.newer),
        "first_url": request.path + _query(request) if form.cleaned_data["cursor"] else "",
        "export_url": f"{reverse('history:export')}{_query(request)}",
    }
    return render(request, "history/changes.html", context)


@never_cache
@readers_only
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as CSV: one line for each field that changed.

    A change of three fields fills three lines that repeat who, when and why, so that the file
    can be filtered and sorted by any column. A change without a differing field, and a removal of
    an empty record, fill one line.
    """
    form = ChangeFilterForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "list_url": reverse("history:changes")}
        return render(request, "history/changes.html", context, status=400)
    header = [
        _("Orden"),
        _("Fecha y hora"),
        _("Qué pasó"),
        _("Tipo de registro"),
        _("Número"),
        _("Registro"),
        _("Cuenta"),
        _("Persona"),
        _("Rol"),
        _("Acto"),
        _("Motivo"),
        _("Campo"),
        _("Antes"),
        _("Después"),
    ]
    name = f"kallari-cambios-{timezone.localdate():%Y-%m-%d}.csv"
    return exports.csv_response(name, header, _export_rows(form.filters))


def _export_rows(filters: changes.Filters) -> Iterator[list[Any]]:
    for change in changes.read(filters):
        common = [
            change.history_id,
            change.at,
            change.kind.label,
            capitalized(change.model_name),
            change.object_pk,
            change.object_label,
            change.actor_id,
            change.actor_name,
            change.actor_role,
            change.request_id,
            change.reason,
        ]
        for field in change.fields:
            yield [
                *common,
                field.label,
                "" if field.old.is_empty else field.old.text,
                "" if field.new.is_empty else field.new.text,
            ]
        if not change.fields:
            yield [*common, "", "", ""]


def _query(request: HttpRequest, **replaced: str) -> str:
    """The address's filters without its place in the list, and without empty ones."""
    query = request.GET.copy()
    query.pop("cursor", None)
    for name in [name for name, values in query.lists() if not any(values)]:
        del query[name]
    for name, value in replaced.items():
        query[name] = value
    return f"?{query.urlencode()}" if query else ""


def _address(request: HttpRequest, cursor: changes.Cursor | None) -> str:
    return request.path + _query(request, cursor=str(cursor)) if cursor is not None else ""


def _act_links(request: HttpRequest, act: changes.Act) -> dict[str, Any]:
    """An act with what its card shows beside it."""
    base = reverse("history:changes")
    return {
        "act": act,
        "who": act.actor_name or no_account(),
        "url": f"{base}?acto={act.request_id}" if act.request_id else "",
        "changes": [
            {
                "change": change,
                "model_name": capitalized(change.model_name),
                "history_url": base
                + "?"
                + urlencode({"modelo": change.model_label, "objeto": change.object_pk}),
                "admin_url": _admin_url(request, change),
            }
            for change in act.changes
        ],
    }


def _admin_url(request: HttpRequest, change: Change) -> str:
    """Where the record can be seen or corrected; empty when it is gone or not this reader's."""
    user = request.user
    meta = change.model._meta
    may_open = (
        change.kind is not Kind.REMOVED
        and user.is_staff
        and admin.site.is_registered(change.model)
        and user.has_perm(f"{meta.app_label}.view_{meta.model_name}")
    )
    if not may_open:
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[change.object_pk])
