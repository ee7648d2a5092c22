"""The pages on which something comes out of a process: a part of it, or the last."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvests.batch_sheet import expected_of
from harvests.forms.outputs import MOST_ROWS, FinishForm, OutputRows, TakeOutForm
from harvests.models import BatchTotals, ProductForm
from harvests.permissions import batches as permissions
from harvests.services import batches as services
from harvests.services.ledger import class_of_inputs
from harvests.views.batches import open_batch
from harvests.wording import in_kilos, number
from kallari.doors import actor_of, form_page, only
from kallari.forms import written
from kallari.units import KG_PER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms

    from harvests.models import Batch
    from kallari.accounts.models import User

MORE = "mas"
"""The button that asks for another row, and does nothing else."""


@only(permissions.may_work)
@form_page
def take_out(request: HttpRequest, code: str) -> HttpResponse:
    """A part came out; the process goes on."""
    return _outputs(request, open_batch(request, code), TakeOutForm, is_end=False)


@only(permissions.may_work)
@form_page
def finish(request: HttpRequest, code: str) -> HttpResponse:
    """The last came out: the process ends."""
    return _outputs(request, open_batch(request, code), FinishForm, is_end=True)


def _outputs(
    request: HttpRequest, batch: Batch, form_class: type[forms.Form], *, is_end: bool
) -> HttpResponse:
    user = actor_of(request)
    took = services.took_by_form(batch)
    expected = expected_of(batch, took)
    least = class_of_inputs(batch)
    if least is None or not expected:
        messages.error(request, _nothing_comes_out(batch, took))
        return redirect(batch)
    data: Any = request.POST.copy() if request.method == "POST" else None
    asks_more = data is not None and MORE in data
    if asks_more and data is not None:
        total = "form-TOTAL_FORMS"
        number = data.get(total, "1")
        data[total] = str(min(MOST_ROWS, (int(number) if number.isdecimal() else 0) + 1))
    rows: Any = OutputRows(
        data,
        form_kwargs={
            "batch": batch,
            "user": user,
            "given": [one.form for one in expected],
            "least": least,
        },
    )
    form = form_class(data)
    if data is not None and not asks_more and form.is_valid() and rows.is_valid():
        answer = _carried_out(request, user, batch, form, rows, is_end=is_end)
        if answer is not None:
            return answer
    return render(
        request,
        "harvests/batch_outputs.html",
        {
            "batch": batch,
            "form": form,
            "rows": rows,
            "expected": expected,
            "is_end": is_end,
            "asks_more": asks_more,
            "can_have_more": len(rows.forms) < MOST_ROWS,
            "more": MORE,
            "kg_per": {unit: KG_PER[unit] for unit in ("kg", "lb", "qq")},
        },
    )


def _nothing_comes_out(batch: Batch, took: Mapping[int, Decimal]) -> str:
    """Why there is nothing to weigh, and what to do."""
    if not took:
        return _("Al proceso no le ha entrado nada. Agregue primero lo que entra.")
    names = ProductForm.objects.filter(pk__in=took).order_by("place", "name")
    inside = {
        "kg": in_kilos(sum(took.values(), Decimal(0))),
        "forms": ", ".join(names.values_list("name", flat=True)),
        "kind": batch.kind.name,
    }
    if len(took) > 1:
        return (
            _(
                "Al proceso le entraron %(kg)s de presentaciones que no se juntan en «%(kind)s»:"
                " %(forms)s. Anule el proceso, y empiece uno por cada una."
            )
            % inside
        )
    return (
        _(
            "Al proceso le entraron %(kg)s de %(forms)s, y de eso no sale nada en «%(kind)s»."
            " Revise qué sale de qué en las clases de proceso, o anule el proceso."
        )
        % inside
    )


def _carried_out(
    request: HttpRequest, user: User, batch: Batch, form: Any, rows: Any, *, is_end: bool
) -> HttpResponse | None:
    given = rows.given()
    if not given and not (is_end and batch.totals.out_kg):
        form.add_error(None, _("Escriba lo que salió."))
        return None
    told = form.cleaned_data
    if not is_end:
        lots = written(
            form,
            lambda: services.take_out(actor=user, batch=batch, given=given, at=told["at"]),
        )
        if lots is None:
            return None
        messages.success(request, _named(lots))
        return redirect(batch)
    ended = written(
        form, lambda: services.finish_batch(actor=user, batch=batch, given=given, **told)
    )
    if ended is None:
        return None
    totals = BatchTotals.objects.get(batch=ended)
    messages.success(
        request,
        _("El proceso %(code)s terminó: salió %(yielded)s de cada kilo.")
        % {"code": ended.code, "yielded": number(totals.yielded or Decimal(0), "3")},
    )
    return redirect(batch)


def _named(lots: list[Any]) -> str:
    codes = ", ".join(one.code for one in lots)
    return ngettext(
        "Salió el lote %(codes)s: imprima su etiqueta.",
        "Salieron los lotes %(codes)s: imprima sus etiquetas.",
        len(lots),
    ) % {"codes": codes}
