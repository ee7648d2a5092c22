"""The pages at /entregas/: what was handed in, one delivery, the sheet of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.deliveries import CorrectionForm, VoidForm, told_of
from harvests.forms.delivery_lists import DeliveryFilterForm
from harvests.models import Delivery, Operation, Settlement
from harvests.permissions import deliveries as permissions
from harvests.permissions.genealogy import may_see_destinations
from harvests.reports.by_form import added_up, totals_by_form
from harvests.services import deliveries as services
from harvests.views import PAGE_SIZE
from harvests.wording import typed
from harvests.wording.alerts import said_of
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes

if TYPE_CHECKING:
    from harvests.querysets.deliveries import DeliveryQuerySet

NOTHING = Decimal(0)


# --- The list -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where in the list, the newest first, a page begins: after a row, or before it."""

    at: datetime
    pk: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that an address names; None where it names none."""
        at, _sign, pk = text.partition("_")
        try:
            place = cls(datetime.fromisoformat(at), UUID(pk))
        except ValueError:
            return None
        return place if timezone.is_aware(place.at) else None

    @classmethod
    def of(cls, row: Delivery) -> Place:
        """Where a row stands."""
        return cls(row.weighed_at, row.pk)

    @property
    def older(self) -> Q:
        """What comes after it. The first part is what the index is asked."""
        return Q(weighed_at__lte=self.at) & (Q(weighed_at__lt=self.at) | Q(pk__lt=self.pk))

    @property
    def newer(self) -> Q:
        """What comes before it."""
        return Q(weighed_at__gte=self.at) & (Q(weighed_at__gt=self.at) | Q(pk__gt=self.pk))


@dataclass(frozen=True)
class Page:
    """A page of a list without end: it never asks how many rows there are."""

    rows: list[Delivery]
    newer: Place | None
    older: Place | None


def page_of(rows: DeliveryQuerySet, *, after: str = "", before: str = "") -> Page:
    """Return the page that begins after a place (older rows), or ends before one. One query."""
    start, end = Place.read(after), Place.read(before)
    if end is not None:
        found = list(rows.filter(end.newer).order_by("weighed_at", "pk")[: PAGE_SIZE + 1])
        more = len(found) > PAGE_SIZE
        shown = found[:PAGE_SIZE][::-1]
        return Page(
            shown,
            newer=Place.of(shown[0]) if more else None,
            older=Place.of(shown[-1]) if shown else None,
        )
    if start is not None:
        rows = rows.filter(start.older)
    found = list(rows.order_by("-weighed_at", "-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(
        shown,
        newer=Place.of(shown[0]) if start is not None and shown else None,
        older=Place.of(shown[-1]) if len(found) > PAGE_SIZE else None,
    )


def _query(request: HttpRequest, **replaced: str) -> str:
    """The address's filters without its place in the list, and without empty ones."""
    query = request.GET.copy()
    for name in [name for name, values in query.lists() if not any(values)]:
        del query[name]
    for name in ("despues", "antes"):
        query.pop(name, None)
    for name, value in replaced.items():
        query[name] = value
    return f"?{query.urlencode()}" if query else ""


@only(permissions.may_see_deliveries)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was handed in, the newest first, with what it adds up to."""
    user = actor_of(request)
    form = DeliveryFilterForm(request.GET, user=user)
    sees_values = permissions.may_see_values(user)
    context: dict[str, Any] = {
        "form": form,
        "list_url": reverse("harvests:deliveries"),
        "may_see_values": sees_values,
        "may_see_day_sheets": permissions.may_see_day_sheets(user),
        "may_import": permissions.may_import_deliveries(user),
        "today": timezone.localdate(),
    }
    if not form.is_valid():
        return render(request, "harvests/deliveries.html", context, status=400)
    seen = Delivery.objects.visible_to(user)
    page = page_of(
        form.narrowed(seen, by_day=False).with_names().with_open_alert(),
        after=request.GET.get("despues", ""),
        before=request.GET.get("antes", ""),
    )
    totals = totals_by_form(form.narrowed(seen, by_day=True))
    first, last = form.period
    context |= {
        "rows": page.rows,
        "newer_url": request.path + _query(request, antes=str(page.newer)) if page.newer else "",
        "older_url": request.path + _query(request, despues=str(page.older)) if page.older else "",
        "totals": totals,
        "all": added_up(totals),
        "first": first,
        "last": last,
        "is_narrowed": form.is_narrowed,
        "query": _query(request),
    }
    return render(request, "harvests/deliveries.html", context)


# --- One delivery ---------------------------------------------------------------------


def _delivery(request: HttpRequest, pk: UUID) -> Delivery:
    rows = Delivery.objects.visible_to(request.user).with_names().with_device_number()
    rows = rows.select_related("variety", "price_line__price_list", "supersedes", "superseded_by")
    return get_object_or_404(rows, pk=pk)


@only(permissions.may_see_deliveries)
@require_safe
def delivery(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that is known of one delivery."""
    user = actor_of(request)
    found = _delivery(request, pk)
    alerts = found.alerts.visible_to(user).with_deliveries()
    others = found.alerts_of_others.visible_to(user).with_deliveries()
    shares = list(found.shares.select_related("chakra"))
    operations = (
        Operation.objects.visible_to(user).with_senders().filter(entity_id=found.pk).order_by("pk")
        if permissions.may_see_operations(user)
        else []
    )
    return render(
        request,
        "harvests/delivery.html",
        {
            "delivery": found,
            "shares": [(share, share.share * 100) for share in shares],
            "why_class": _why_class(found, has_shares=bool(shares)),
            "alerts": [said_of(alert) for alert in alerts],
            "alerts_of_others": [said_of(alert) for alert in others],
            "operations": list(operations),
            "may_see_values": permissions.may_see_values(user),
            "may_mend": permissions.may_mend(user, found),
            "may_decide": permissions.may_decide(user),
            "may_see_destinations": found.net_kg is not None and may_see_destinations(user),
            "settled_in": Settlement.objects.visible_to(user)
            .filter(lines__delivery=found, lines__counts=True)
            .distinct()
            .order_by("number"),
            "newest": newest_changes(user, found),
        },
    )


def _to_mend(request: HttpRequest, pk: UUID) -> Delivery:
    """A delivery that the account may correct or void, and that still counts; for every other
    there is no such page."""
    found = _delivery(request, pk)
    if not permissions.may_mend(actor_of(request), found):
        raise Http404
    return found


@only(permissions.may_receive)
@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a delivery as it should have been: another takes its place."""
    found, user = _to_mend(request, pk), actor_of(request)
    form = CorrectionForm(request.POST or None, user=user, told=told_of(found), family=found.family)
    return act_page(
        request,
        form,
        lambda told: services.correct_delivery(
            actor=user, delivery=found, told=form.told(), reason=told["reason"]
        ),
        title=_("Corregir la entrega %(folio)s") % {"folio": found.folio},
        lead=_(
            "La entrega de antes deja de contar y queda a la vista. La que usted escriba toma su"
            " lugar con otro folio, al precio del momento en que se pesó."
        ),
        button=_("Guardar la corrección"),
        back=found,
        done=lambda made: format_html(
            _(
                'La entrega {old} queda corregida por {new}: <a href="{receipt}">imprima el recibo'
                " nuevo</a>."
            ),
            old=found.folio,
            new=made.folio,
            receipt=reverse("harvests:receipt", args=[made.pk]),
        ),
        template="harvests/delivery_form.html",
    )


@only(permissions.may_receive)
@form_page
def void(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A delivery never was, or was entered twice."""
    found, user = _to_mend(request, pk), actor_of(request)
    return act_page(
        request,
        VoidForm(request.POST or None),
        lambda told: services.void_delivery(actor=user, delivery=found, **told),
        title=_("Anular la entrega %(folio)s") % {"folio": found.folio},
        lead=_(
            "%(quantity)s de %(family)s dejan de contar: ni en kilos, ni en dinero, ni como"
            " comercio. La entrega queda a la vista, anulada, y su folio no se usa otra vez."
        )
        % {"quantity": typed(found), "family": found.family},
        button=_("Anular la entrega"),
        is_dangerous=True,
        back=found,
        done=lambda made: _("La entrega %(folio)s queda anulada.") % {"folio": made.folio},
    )


def _why_class(delivery: Delivery, *, has_shares: bool) -> str:
    """From what the class of the day was taken (`harvests.intake.valuing`)."""
    if delivery.via == Delivery.Via.IMPORT:
        return _("Como constaba en los registros anteriores.")
    if has_shares:
        return _("La más débil que tenían ese día las chakras de las que vino.")
    return _(
        "La más débil que tenían ese día las chakras de la familia, porque no se dijo de cuál vino."
    )
