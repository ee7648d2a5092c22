"""The pages at /liquidaciones/: what families are owed, made, approved and undone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from harvests.forms.settlements import (
    OwedFilterForm,
    SettleForm,
    SettleManyForm,
    SettlementFilterForm,
)
from harvests.models import Settlement, SettlementLine
from harvests.owed import added_up, owed_to
from harvests.permissions import settlements as permissions
from harvests.services import settlements as services
from harvests.services.purchase_documents import standing_document, what_is_missing
from harvests.settling import EARNED, Account, accounts_of
from harvests.views import PAGE_SIZE
from harvests.wording import in_usd
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.models import Family
from members.views.choosing import chosen_family, family_choice

if TYPE_CHECKING:
    from harvests.querysets.settlements import SettlementQuerySet


def settlement_of(request: HttpRequest, pk: UUID) -> Settlement:
    """The settlement of an address, as far as the reader may see it, with what was paid of it."""
    rows = Settlement.objects.visible_to(request.user).with_names().with_paid()
    return get_object_or_404(rows.select_related("partner__person", "reverses"), pk=pk)


@only(permissions.may_see_settlements)
@require_safe
def settlements(request: HttpRequest) -> HttpResponse:
    """What was settled, the newest first."""
    user = actor_of(request)
    form = SettlementFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = _narrowed(Settlement.objects.visible_to(user).with_names().with_paid(), told)
    return render(
        request,
        "harvests/settlements.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "sums": rows.aggregate(total=Sum("total_usd"), paid=Sum("paid_usd")),
            "is_filtered": any(told.values()),
            "may_settle": permissions.may_settle(user),
            "may_approve": permissions.may_approve(user),
        },
        status=200 if form.is_valid() else 400,
    )


def _narrowed(rows: SettlementQuerySet, told: dict[str, Any]) -> SettlementQuerySet:
    state = told.get("estado")
    if state == SettlementFilterForm.DRAFTS:
        rows = rows.drafts()
    elif state == SettlementFilterForm.UNPAID:
        rows = rows.unpaid()
    elif state == SettlementFilterForm.PAID:
        rows = rows.paid()
    elif state == SettlementFilterForm.ENDED:
        rows = rows.filter(Q(status__in=["discarded", "reversed"]) | Q(kind="reversal"))
    else:
        rows = rows.filter(status__in=["drafted", "approved"], kind="ordinary")
    if told.get("comunidad"):
        rows = rows.filter(family__community=told["comunidad"])
    if told.get("desde"):
        rows = rows.filter(last_on__gte=told["desde"])
    if told.get("hasta"):
        rows = rows.filter(last_on__lte=told["hasta"])
    return rows.find(told.get("buscar", ""))


@only(permissions.may_see_settlements)
@require_safe
def owed(request: HttpRequest) -> HttpResponse:
    """Which families are owed something, and what they owe."""
    user = actor_of(request)
    form = OwedFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    families = Family.objects.visible_to(user)
    if told.get("comunidad"):
        families = families.filter(community=told["comunidad"])
    text = told.get("buscar", "").strip()
    families = families.find(text)
    found = owed_to(families)
    # Whoever is looked for has a statement, even when nothing is owed.
    named = families if text else Family.objects.filter(pk__in=found)
    named = named.select_related("community").order_by("search_key", "number")
    rows = [(family, found.get(family.pk)) for family in named]
    return render(
        request,
        "harvests/settlements_owed.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "total": added_up(found.values()),
            "is_search": bool(text),
            "is_filtered": any(told.values()),
            "today": timezone.localdate(),
            "may_settle": permissions.may_settle(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_settlements)
@require_safe
def settlement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One settlement with its lines, to be read, printed and signed."""
    found, user = settlement_of(request, pk), actor_of(request)
    documents = list(found.purchase_documents.with_outcomes().order_by("pk"))
    today = timezone.localdate()
    may_issue = (
        permissions.may_issue_documents(user)
        and found.is_to_be_paid
        and standing_document(found, today) is None
    )
    return render(
        request,
        "harvests/settlement.html",
        {
            "settlement": found,
            **lines_of(found),
            "payments": list(found.payments.with_names().order_by("number")),
            "reversal": getattr(found, "reversed_by", None),
            "documents": documents,
            "missing": list(what_is_missing(found, today)) if may_issue else [],
            "may_issue": may_issue,
            "may_tell_outcome": permissions.may_tell_outcomes(user),
            "may_see_document": permissions.may_see_documents(user),
            "may_approve": permissions.may_approve_this(user, found),
            "is_own_draft": found.is_draft and found.author_id == user.pk,
            "may_discard": permissions.may_discard(user) and found.is_draft,
            "may_reverse": permissions.may_approve(user)
            and found.is_to_be_paid
            and not found.paid_usd
            and not any(one.is_reporting for one in documents),
            "may_pay": permissions.may_pay(user) and found.owed_usd > 0,
            "newest": newest_changes(user, found),
        },
    )


def lines_of(settlement: Settlement) -> dict[str, Any]:
    """What a settlement adds up, as its page shows it: each delivery with its premiums, what is
    taken off or comes from before, and what was earned."""
    lines = list(settlement.lines.with_reasons().order_by("pk"))
    left = _left_of_advances(settlement)
    return {
        "deliveries": _by_delivery(lines),
        "others": [
            (line, left.get(line.advance_id))
            for line in lines
            if line.kind not in {"delivery", "premium", "rule"}
        ],
        "earned": sum((line.amount_usd for line in lines if line.kind in EARNED), Decimal(0)),
    }


def _left_of_advances(settlement: Settlement) -> dict[Any, Decimal]:
    """What was left of each advance once this settlement had taken its part, by its key; of one
    that takes nothing off any more, nothing is said. One query."""
    counting = SettlementLine.objects.counting()
    rows = (
        counting.filter(
            advance__in=counting.filter(settlement=settlement).values("advance"),
            settlement__number__lte=settlement.number,
        )
        .order_by()
        .values_list("advance", "advance__amount_usd")
        .annotate(taken=Sum("amount_usd"))
    )
    return {advance: given + taken for advance, given, taken in rows}


def _by_delivery(lines: list[Any]) -> list[dict[str, Any]]:
    """What each delivery earned: its price, its own premium, premiums by rule."""
    found: dict[Any, dict[str, Any]] = {}
    for line in lines:
        if line.kind in EARNED:
            row = found.setdefault(
                line.delivery_id, {"delivery": line.delivery, "amount": None, "more": [], "usd": 0}
            )
            if line.kind == "delivery":
                row["amount"] = line.amount_usd
            else:
                row["more"].append(line)
            row["usd"] += line.amount_usd
    return list(found.values())


# --- Making them ----------------------------------------------------------------------------------


@only(permissions.may_settle)
@require_safe
def choose_family(request: HttpRequest) -> HttpResponse:
    """Whose."""
    return family_choice(
        request,
        heading=_("¿Qué familia se liquida?"),
        then="harvests:settle_family",
        back=reverse("harvests:settlements"),
        back_label=_("Liquidaciones"),
    )


@only(permissions.may_settle)
@form_page
def settle_family(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Settle one family up to a day."""
    family, user = chosen_family(request, pk), actor_of(request)
    today = timezone.localdate()
    account = accounts_of([family.pk], today)[family.pk]
    return act_page(
        request,
        SettleForm(request.POST or None),
        lambda told: services.settle_family(actor=user, family=family, **told),
        title=_("Liquidar a %(family)s") % {"family": family},
        lead=_("%(community)s. Otra persona la aprueba antes de pagar.")
        % {"community": family.community},
        button=_("Hacer la liquidación"),
        back=reverse("harvests:settlements"),
        back_label=_("Liquidaciones"),
        done=lambda made: (
            _("Liquidación %(code)s hecha por %(usd)s: espera aprobación.")
            % {"code": made.code, "usd": in_usd(made.total_usd)}
        ),
        template="harvests/settle_family.html",
        cannot=[_("Hasta hoy no hay nada entregado sin liquidar.")] if account.is_empty else [],
        mend_url=reverse("harvests:statement", args=[family.pk]),
        mend_label=_("Ver el estado de cuenta"),
        result=None if account.is_empty else _result_of(account),
        today=today,
    )


def _result_of(account: Account) -> dict[str, Any]:
    """What a settlement up to today would say."""
    lines, total = account.settled()
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.kind] = sums.get(line.kind, Decimal(0)) + line.amount_usd
    taken = sums.get("advance", Decimal(0))
    given = sum((left for _advance, left in account.advances), Decimal(0))
    return {
        "earned": sum((usd for kind, usd in sums.items() if kind in EARNED), Decimal(0)),
        "corrected": sums.get("taken_back", Decimal(0)) + sums.get("brought_forward", Decimal(0)),
        "advances": given,
        "taken": taken,
        "left": given + taken,
        "carried": sums.get("carried_forward", Decimal(0)),
        "total": total,
    }


@only(permissions.may_settle)
@form_page
def settle_many(request: HttpRequest) -> HttpResponse:
    """Settle a community, or all families, up to a day."""
    user = actor_of(request)
    initial = {"comunidad": request.GET.get("comunidad")}
    form = SettleManyForm(request.POST or None, user=user, initial=initial)

    def act(told: dict[str, Any]) -> services.Settled:
        families = Family.objects.visible_to(user)
        if told["comunidad"]:
            families = families.filter(community=told["comunidad"])
        return services.settle_families(
            actor=user, families=families, until=told["until"], note=told["note"]
        )

    def where(_made: services.Settled) -> str:
        told = {"estado": SettlementFilterForm.DRAFTS}
        if form.cleaned_data["comunidad"]:
            told["comunidad"] = form.cleaned_data["comunidad"].pk
        return f"{reverse('harvests:settlements')}?{urlencode(told)}"

    return act_page(
        request,
        form,
        act,
        title=_("Liquidar a muchas familias"),
        lead=_(
            "Se hace una liquidación por familia con lo entregado hasta ese día. Otra persona las"
            " aprueba antes de pagar."
        ),
        button=_("Hacer las liquidaciones"),
        back=reverse("harvests:settlements"),
        back_label=_("Liquidaciones"),
        done=_what_was_made,
        then=where,
    )


def _what_was_made(made: services.Settled) -> str:
    total = sum((one.total_usd for one in made.made), Decimal(0))
    said = [
        ngettext(
            "Se hizo una liquidación por %(usd)s: espera aprobación.",
            "Se hicieron %(number)s liquidaciones por %(usd)s: esperan aprobación.",
            len(made.made),
        )
        % {"number": len(made.made), "usd": in_usd(total)}
        if made.made
        else _("No había nada que liquidar.")
    ]
    if made.with_draft:
        said.append(
            ngettext(
                "Una familia ya tenía una por aprobar.",
                "%(number)s familias ya tenían una por aprobar.",
                len(made.with_draft),
            )
            % {"number": len(made.with_draft)}
        )
    if made.nothing:
        said.append(
            ngettext(
                "Una familia no tenía nada por liquidar.",
                "%(number)s familias no tenían nada por liquidar.",
                made.nothing,
            )
            % {"number": made.nothing}
        )
    return " ".join(said)
