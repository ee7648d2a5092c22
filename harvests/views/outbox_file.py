"""The page at /pendientes/archivo/: the outbox of a telephone that could not send it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harvests.forms.worklist import OutboxFileForm
from harvests.models import Delivery, Operation
from harvests.permissions.deliveries import may_receive
from harvests.services import inbox
from kallari.doors import actor_of, form_page, only
from kallari.keys import as_uuid


@transaction.non_atomic_requests  # what was sent is committed before it is looked at
@only(may_receive)
@form_page
def outbox_file(request: HttpRequest) -> HttpResponse:
    """Take in the file into which a telephone wrote its outbox, and say what came of each."""
    user = actor_of(request)
    form = OutboxFileForm(request.POST or None, request.FILES or None)
    results: list[dict[str, Any]] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            results = inbox.take_outbox_file(
                actor=user, content=form.cleaned_data["archivo"].read()
            )
        except ValidationError as refusal:
            form.add_error("archivo", refusal)
    context: dict[str, Any] = {"form": form, "results": results}
    if results is not None:
        keys = {as_uuid(one["entity_id"]) for one in results if one["folio"]}
        seen = Delivery.objects.visible_to(user).with_names()
        made = seen.in_bulk([key for key in keys if key is not None])
        context["lines"] = [
            (one, made.get(key) if (key := as_uuid(one["entity_id"])) else None) for one in results
        ]
        context["counts"] = [
            (Operation.Result(result).label, sum(one["result"] == result for one in results))
            for result in Operation.Result.values
            if any(one["result"] == result for one in results)
        ]
        if not results:
            messages.info(request, _("El archivo está vacío: no había nada que enviar."))
    return render(request, "harvests/outbox_file.html", context)
