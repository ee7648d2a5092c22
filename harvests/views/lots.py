"""The pages at /lotes/: what is in stock, one lot with its ledger, its label, its recall."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import segno
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, Sum, Window
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.lots import LotFilterForm
from harvests.models import (
    STRONGEST_FIRST,
    CertificationClass,
    Lot,
    ProcessKind,
    ProcessRoute,
    StockAdjustment,
    StockMovement,
)
from harvests.permissions import batches as batch_permissions
from harvests.permissions import stock as permissions
from harvests.querysets.stock import LotQuerySet
from harvests.recall import recall_of
from harvests.views import PAGE_SIZE
from kallari.doors import actor_of, only
from kallari.exports import xlsx_response
from kallari.history.newest import newest_changes

MOST_MOVEMENTS = 100
"""How many lines of its ledger the page of a lot shows, the newest."""
MOST_LABELS = 50
PAPERS = {"100x70": "100 × 70 mm", "a6": "A6"}
USUAL_PAPER = "100x70"


def lot_of(request: HttpRequest, code: str) -> Lot:
    """The lot of an address, as far as the reader may see it."""
    return get_object_or_404(Lot.objects.visible_to(request.user).with_names(), code=code)


# --- The list -------------------------------------------------------------------------------------


def _narrowed(rows: LotQuerySet, told: dict[str, Any]) -> LotQuerySet:
    code = "".join(told.get("buscar", "").split()).upper()
    if code and rows.filter(code=code).exists():
        return rows.filter(code=code)  # who types a whole code wants that lot, used up or not
    asked = told.get("cuales") or LotFilterForm.IN_STOCK
    if asked == LotFilterForm.IN_STOCK:
        rows = rows.in_stock()
    elif asked == LotFilterForm.HELD:
        rows = rows.exclude(held_at=None)
    if told.get("producto"):
        rows = rows.filter(form__product=told["producto"])
    for name, field in (
        ("presentacion", "form"),
        ("certificacion", "certification_class"),
        ("lugar", "where"),
    ):
        if told.get(name):
            rows = rows.filter(**{field: told[name]})
    return rows.find(told.get("buscar", ""))


def _totals(rows: LotQuerySet) -> list[dict[str, Any]]:
    """Kilos left by form, each class in its column. One query."""
    sums = (
        rows.values("form", "form__name", "form__place", "certification_class")
        .annotate(kg=Sum("balance__kg"), pieces=Sum("balance__pieces"), lots=Count("pk"))
        .order_by("form__place", "form__name")
    )
    totals: dict[int, dict[str, Any]] = {}
    for one in sums:
        total = totals.setdefault(
            one["form"],
            {
                "form": one["form__name"],
                "by_class": dict.fromkeys(STRONGEST_FIRST),
                "kg": Decimal(0),
                "pieces": None,
                "lots": 0,
            },
        )
        total["by_class"][one["certification_class"]] = one["kg"]
        total["kg"] += one["kg"]
        total["lots"] += one["lots"]
        if one["pieces"] is not None:
            total["pieces"] = (total["pieces"] or 0) + one["pieces"]
    labels = dict(CertificationClass.choices)
    for total in totals.values():
        total["by_class"] = [
            (str(labels[name]).capitalize(), kg) for name, kg in total["by_class"].items()
        ]
    return list(totals.values())


@only(permissions.may_see_lots)
@require_safe
def lots(request: HttpRequest) -> HttpResponse:
    """What is in stock, the newest first, and what it adds up to."""
    user = actor_of(request)
    form = LotFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = _narrowed(Lot.objects.visible_to(user), told)
    waiting = 0
    if permissions.may_see_adjustments(user):
        waiting = StockAdjustment.objects.visible_to(user).waiting().count()
    return render(
        request,
        "harvests/lots.html",
        {
            "form": form,
            "totals": _totals(rows),
            "classes": list(CertificationClass),
            "page": Paginator(rows.with_names(), PAGE_SIZE).get_page(request.GET.get("page")),
            "waiting": waiting,
            "now": timezone.now(),
            "is_filtered": any(told.values()),
        },
        status=200 if form.is_valid() else 400,
    )


# --- One lot --------------------------------------------------------------------------------------


def _hold_of(lot: Lot) -> Any:
    """The change by which a lot came to be held: why, and by whom. Whoever works with it is told,
    also those who do not read the history of everything."""
    if not lot.is_held:
        return None
    rows = Lot.history.filter(id=lot.pk, held_at=lot.held_at)
    return rows.order_by("history_id").first()


@only(permissions.may_see_lots)
@require_safe
def lot(request: HttpRequest, code: str) -> HttpResponse:
    """All that is known of one lot: what is left, and every line that made it so."""
    user = actor_of(request)
    found = lot_of(request, code)
    movements = (
        StockMovement.objects.visible_to(user)
        .filter(lot=found)
        .select_related("batch", "moved_by", "adjustment", "reversed_by", "reverses")
        .annotate(left=Window(Sum("kg"), order_by=F("pk").asc()))
        .order_by("-pk")
    )
    shown = list(movements[: MOST_MOVEMENTS + 1])
    waiting = StockAdjustment.objects.visible_to(user).waiting().filter(lot=found)
    may_move = permissions.may_move_stock(user)
    may_work = batch_permissions.may_work(user)
    is_left = found.balance.kg > 0
    return render(
        request,
        "harvests/lot.html",
        {
            "lot": found,
            "hold": _hold_of(found),
            "movements": shown[:MOST_MOVEMENTS],
            "is_cut": len(shown) > MOST_MOVEMENTS,
            "waiting": list(waiting.select_related("made_by")),
            "is_left": is_left,
            "may_hand_out": may_move and is_left and not found.is_held,
            "may_take_back": may_move,
            "may_count": permissions.may_count_stock(user),
            "may_change": permissions.may_change_lots(user),
            "may_hold": permissions.may_hold_lots(user),
            "may_trace": permissions.may_trace_lots(user),
            "is_weakest": found.certification_class == STRONGEST_FIRST[-1],
            "may_work": may_work and is_left and not found.is_held,
            "kinds": _kinds_taking(found) if may_work and is_left and not found.is_held else [],
            "newest": newest_changes(user, found),
        },
    )


def _kinds_taking(lot: Lot) -> list[ProcessKind]:
    """The processes into which a lot may go today. One query."""
    routes = ProcessRoute.objects.on(timezone.localdate()).filter(Q(takes=lot.form) | Q(takes=None))
    kinds = ProcessKind.objects.filter(pk__in=routes.order_by().values("kind"))
    return list(kinds.offered())


@only(permissions.may_see_lots)
@require_safe
def label(request: HttpRequest, code: str) -> HttpResponse:
    """What is stuck to the sacks: the code, large, and the way to this page."""
    found = lot_of(request, code)
    paper = request.GET.get("papel", USUAL_PAPER)
    asked = request.GET.get("copias", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    copies = min(MOST_LABELS, number or 1)
    address = request.build_absolute_uri(found.get_absolute_url())
    qr = segno.make(address, error="m", micro=False)
    return render(
        request,
        "harvests/lot_label.html",
        {
            "lot": found,
            "paper": paper if paper in PAPERS else USUAL_PAPER,
            "papers": PAPERS.items(),
            "copies": range(copies),
            "number": copies,
            "address": address,
            "qr": qr.svg_inline(
                border=2, omitsize=True, svgclass="label-qr", lineclass=None, dark="#000"
            ),
        },
    )


@only(permissions.may_see_lots)
@require_safe
def recall(request: HttpRequest, code: str) -> HttpResponse:
    """Everything made of a lot, what is left of it where, and who received it."""
    user = actor_of(request)
    found = lot_of(request, code)
    return render(
        request,
        "harvests/lot_recall.html",
        {
            "lot": found,
            "recall": recall_of(found),
            "now": timezone.now(),
            "may_hold": permissions.may_hold_lots(user),
        },
    )


@only(permissions.may_see_lots)
@require_safe
def recall_workbook(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who received what, as a workbook: whom to call."""
    found = lot_of(request, code)
    handed_out: Any = recall_of(found).handed_out
    rows = [
        [
            one.recipient,
            one.reference,
            timezone.localdate(one.moved_at),
            one.lot.code,
            one.lot.form.name,
            -one.kg,
            one.from_lot_kg,
            None if one.pieces is None else -one.pieces,
        ]
        for one in handed_out
    ]
    today = timezone.localdate()
    return xlsx_response(
        f"kallari-retiro-{found.code}-{today}.xlsx",
        [
            _("A quién"),
            _("Documento"),
            _("Día"),
            _("Lote"),
            _("Qué"),
            _("Kilos"),
            _("De este lote (kg)"),
            _("Unidades"),
        ],
        rows,
        title=_("Retiro del lote %(code)s") % {"code": found.code},
        sheet=found.code,
    )
