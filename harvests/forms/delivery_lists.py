"""By what the lists of deliveries are narrowed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    CertificationClass,
    CollectionCenter,
    Delivery,
    Product,
    ProductForm,
)
from harvests.querysets.deliveries import is_folio
from kallari.accounts.models import User
from kallari.forms import DayInput
from kallari.roles import RECEIVES
from members.forms.lists import EARLIEST_DAY, LATEST_DAY, FilterForm, community_field, search_field

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

WEEK = timedelta(days=6)
"""Days before the last one that a list shows when nobody asked for a period."""


def receivers() -> QuerySet[User]:
    """The accounts that a list of deliveries can be narrowed to: who may receive, or ever brought
    a device. Asked of accounts, because a million deliveries are not asked who weighed them."""
    holds = User.groups.through.objects.filter(
        user=models.OuterRef("pk"), group__name__in=[role.value for role in RECEIVES]
    )
    return User.objects.filter(models.Exists(holds) | models.Q(devices__isnull=False)).distinct()


class DeliveryFilterForm(FilterForm):
    """Which deliveries a list shows. All of it stays in the address.

    Without days and without a search, the list shows a week, and the days say so: with them, what
    was asked for. A search is of all years, unless somebody changes the days that stood there; the
    address tells which those were (``semana``), so that it shows the same to whoever opens it.
    """

    VALID, SUPERSEDED, VOIDED, ALL = "validas", "corregidas", "anuladas", "todas"
    STATES = (
        (VALID, _("Las que valen")),
        (SUPERSEDED, _("Corregidas por otra")),
        (VOIDED, _("Anuladas")),
        (ALL, _("Todas")),
    )
    OPEN, ANY, NONE = "abiertos", "alguno", "ninguno"

    buscar = search_field(_("Folio, familia o persona"))
    semana = forms.CharField(required=False, max_length=21, widget=forms.HiddenInput())
    desde = forms.DateField(label=_("Desde"), required=False, widget=DayInput())
    hasta = forms.DateField(label=_("Hasta"), required=False, widget=DayInput())
    comunidad = community_field()
    producto = forms.ModelChoiceField(
        label=_("Producto"),
        required=False,
        queryset=Product.objects.none(),
        to_field_name="code",
        empty_label=_("Todos"),
    )
    presentacion = forms.ModelChoiceField(
        label=_("Presentación"),
        required=False,
        queryset=ProductForm.objects.none(),
        to_field_name="code",
        empty_label=_("Todas"),
    )
    centro = forms.ModelChoiceField(
        label=_("Centro"),
        required=False,
        queryset=CollectionCenter.objects.none(),
        to_field_name="code",
        empty_label=_("Todos"),
    )
    tecnico = forms.ModelChoiceField(
        label=_("Quién recibió"),
        required=False,
        queryset=User.objects.none(),
        to_field_name="username",
        empty_label=_("Todos"),
    )
    certificacion = forms.ChoiceField(
        label=_("Certificación"),
        required=False,
        choices=[("", _("Todas")), *CertificationClass.choices],
    )
    estado = forms.ChoiceField(label=_("Estado"), required=False, choices=STATES)
    avisos = forms.ChoiceField(
        label=_("Avisos"),
        required=False,
        choices=[
            ("", _("Con avisos o sin ellos")),
            (OPEN, _("Con avisos por decidir")),
            (ANY, _("Con algún aviso")),
            (NONE, _("Sin avisos")),
        ],
    )

    def __init__(self, data: QueryDict, *args: Any, user: User, **kwargs: Any) -> None:
        today = timezone.localdate()
        super().__init__(_with_days(data, today), *args, user=user, **kwargs)
        self.fields["desde"].initial, self.fields["hasta"].initial = today - WEEK, today
        offered: dict[str, Any] = {
            "producto": Product.objects.visible_to(user),
            "presentacion": ProductForm.objects.visible_to(user).bought(),
            "centro": CollectionCenter.objects.visible_to(user),
            "tecnico": receivers().order_by("full_name", "username"),
        }
        for name, rows in offered.items():
            field: Any = self.fields[name]
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("desde"), told.get("hasta")
        for name, day in (("desde", first), ("hasta", last)):
            if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
                self.add_error(name, _("Revise el año: lleva cuatro cifras."))
        if first and last and first > last:
            self.add_error("hasta", _("El último día no es anterior al primero."))
        return told

    @property
    def period(self) -> tuple[date | None, date | None]:
        """The first and the last day shown; None where there is no bound. Of a valid form."""
        return self.cleaned_data.get("desde"), self.cleaned_data.get("hasta")

    def narrowed(self, rows: Any, *, by_day: bool) -> Any:
        """The deliveries asked for, of a valid form.

        Args:
            by_day: whether the period is asked of the generated day (what reports add up stands
                in an index by day) or of the instant (what lists show in order does).
        """
        told = self.cleaned_data
        first, last = self.period
        if by_day:
            bounds: dict[str, Any] = {"weighed_on__gte": first, "weighed_on__lte": last}
        else:
            bounds = {
                "weighed_at__gte": first and midnight(first),
                "weighed_at__lt": last and midnight(last + timedelta(days=1)),
            }
        exactly = {
            "community": told.get("comunidad"),
            "form__product": told.get("producto"),
            "form": told.get("presentacion"),
            "center": told.get("centro"),
            "agent": told.get("tecnico"),
            "certification_class": told.get("certificacion"),
            "status": self._status,
        }
        rows = rows.filter(**{name: value for name, value in (bounds | exactly).items() if value})
        if told.get("avisos"):
            rows = rows.alerted(told["avisos"] != self.NONE, only_open=told["avisos"] == self.OPEN)
        return rows.find(told.get("buscar") or "", to_add_up=by_day)

    @property
    def _status(self) -> str | None:
        """In which state; a folio names one delivery, which is found whatever became of it."""
        told = self.cleaned_data
        if is_folio(told.get("buscar") or ""):
            return None
        return {
            self.ALL: None,
            self.SUPERSEDED: Delivery.Status.SUPERSEDED,
            self.VOIDED: Delivery.Status.VOIDED,
        }.get(told.get("estado") or self.VALID, Delivery.Status.VALID)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the period was asked for. Of a valid form."""
        asked = {name for name, value in self.cleaned_data.items() if value}
        return bool(asked - {"desde", "hasta", "semana"})


def _with_days(data: QueryDict, today: date) -> QueryDict:
    """What was asked, with the days that are shown: a week where nobody asked for any; none in a
    search where those days stand that the form itself had written."""
    told = data.copy()
    days = [told.get(name, "") for name in ("desde", "hasta")]
    if told.get("buscar", "").strip():
        if "_".join(days) == told.get("semana"):
            told["desde"] = told["hasta"] = ""
    elif not any(days):
        told["desde"], told["hasta"] = (today - WEEK).isoformat(), today.isoformat()
        told["semana"] = f"{told['desde']}_{told['hasta']}"
    return told


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Ecuador."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware


class CenterForm(forms.Form):
    """Of which center a day sheet is."""

    shows_optional = False

    centro = forms.ModelChoiceField(
        label=_("Centro"),
        required=False,
        queryset=CollectionCenter.objects.none(),
        to_field_name="code",
        empty_label=_("Todos"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["centro"]
        field.queryset = CollectionCenter.objects.visible_to(user)
