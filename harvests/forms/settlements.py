"""What people fill in about settlements, payments and premiums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    CashSession,
    Payment,
    PremiumRule,
    PurchaseDocument,
    PurchaseDocumentOutcome,
    Settlement,
)
from harvests.wording import in_usd
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from members.forms.community_life import SHORT_NOTE, ServiceForm
from members.forms.lists import (
    EARLIEST_DAY,
    LATEST_DAY,
    FilterForm,
    community_field,
    search_field,
    year_field,
)

if TYPE_CHECKING:
    from kallari.accounts.models import User


def _day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **options)


class SettlementFilterForm(FilterForm):
    """Which settlements a list shows."""

    UNPAID, DRAFTS, PAID, ENDED = "por-pagar", "por-aprobar", "pagadas", "sin-valor"

    buscar = search_field(_("Familia, persona o número"))
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            ("", _("Todas las que valen")),
            (DRAFTS, _("Por aprobar")),
            (UNPAID, _("Aprobadas, por pagar")),
            (PAID, _("Pagadas")),
            (ENDED, _("Descartadas, revertidas y reversiones")),
        ],
    )
    comunidad = community_field()
    desde = _day_field(_("Hasta qué día liquidan, desde"), required=False)
    hasta = _day_field(_("y hasta"), required=False)


class OwedFilterForm(FilterForm):
    """Which families a list of who is owed shows."""

    buscar = search_field(_("Familia o persona"))
    comunidad = community_field()


class PaymentFilterForm(FilterForm):
    """Which payments a list shows."""

    buscar = search_field(_("Familia, persona, recibo o transferencia"))
    comunidad = community_field()
    forma = forms.ChoiceField(
        label=_("Cómo se pagó"),
        required=False,
        choices=[("", _("De las dos formas")), *Payment.Method.choices],
    )
    anio = year_field()


class SettleForm(forms.Form):
    """Up to which day."""

    until = forms.DateField(
        label=_("Hasta qué día"),
        widget=DayInput(),
        help_text=_("Entra todo lo pesado hasta ese día que no se ha liquidado."),
    )
    note = forms.CharField(
        label=_("Nota"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs=SHORT_NOTE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate()

    def clean_until(self) -> Any:
        """Refuse a day of another century: nobody meant it."""
        day = self.cleaned_data["until"]
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            raise forms.ValidationError(_("Escriba una fecha de estos años."), code="invalid")
        return day


class SettleManyForm(FilterForm, SettleForm):
    """Whom, and up to which day."""

    comunidad = community_field()
    field_order = ("comunidad", "until", "note")
    shows_optional = True
    needed = ("comunidad",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities: Any = self.fields["comunidad"]
        communities.empty_label = _("Todas las familias")


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class ApproveManyForm(forms.Form):
    """Which drafts are approved: those that were on the page and stayed ticked."""

    settlement = forms.ModelMultipleChoiceField(
        queryset=Settlement.objects.none(),
        error_messages={"required": _("Marque al menos una liquidación.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settlements: Any = self.fields["settlement"]
        settlements.queryset = Settlement.objects.visible_to(user)


class OpenBoxField(forms.ModelChoiceField):
    """One of the boxes that are open, by its name and what is in it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.box.name}: {in_usd(obj.balance_usd)}"


def open_box_field(**options: Any) -> OpenBoxField:
    """The cash boxes that are open now."""
    return OpenBoxField(
        label=_("De qué caja"),
        required=False,
        queryset=CashSession.objects.none(),
        **options,
    )


def offer_open_boxes(field: Any, user: User) -> None:
    """Fill in which boxes are open, of those that somebody may see."""
    sessions = CashSession.objects.visible_to(user).opened().select_related("box").with_moved()
    field.queryset = sessions.order_by("box__name")


class PaymentForm(ServiceForm):
    """Money to a family."""

    needed = ("session",)  # cash comes out of one

    session = open_box_field(
        empty_label=_("Ninguna: es una transferencia"),
        help_text=_("El efectivo sale de una caja abierta."),
    )
    field_order = ("amount_usd", "method", "session", "reference", "paid_on", "paid_by", "note")

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = [
            "amount_usd",
            "method",
            "reference",
            "paid_on",
            "paid_by",
            "note",
        ]
        field_classes: ClassVar[dict[str, Any]] = {"amount_usd": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {
            "method": forms.RadioSelect(),
            "paid_on": DayInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, user: Any, settlement: Settlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method: Any = self.fields["method"]
        method.choices = Payment.Method.choices
        offer_open_boxes(self.fields["session"], user)
        self.fields["amount_usd"].initial = settlement.owed_usd
        self.fields["paid_on"].initial = timezone.localdate()
        self.fields["paid_by"].initial = user.get_full_name()


class PurchaseOutcomeForm(ServiceForm):
    """What became of a document at the tax office."""

    class Meta:
        model = PurchaseDocumentOutcome
        fields: ClassVar[list[str]] = ["outcome", "authorisation", "reason"]
        widgets: ClassVar[dict[str, Any]] = {
            "outcome": forms.RadioSelect(),
            "reason": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, document: PurchaseDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        choices = PurchaseDocumentOutcome.Outcome.choices
        left = document.outcomes_left
        outcome.choices = [one for one in choices if one[0] in left] or choices
        if left == [PurchaseDocumentOutcome.Outcome.ANNULLED]:
            del self.fields["authorisation"]


class PremiumRuleForm(ServiceForm):
    """A premium that was decided."""

    class Meta:
        model = PremiumRule
        fields: ClassVar[list[str]] = [
            "name",
            "product",
            "form",
            "certification_class",
            "partners_only",
            "usd_per_unit",
            "unit",
            "valid_from",
            "valid_until",
            "resolution",
            "source",
        ]
        field_classes: ClassVar[dict[str, Any]] = {"usd_per_unit": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {"valid_from": DayInput(), "valid_until": DayInput()}


class ClosePremiumForm(ReasonMixin, forms.Form):
    """From which day on a premium is earned no more."""

    valid_until = _day_field(_("Último día"), help_text=_("De las entregas que lo ganan."))
    field_order = ("valid_until", "reason")


class YearForm(forms.Form):
    """Of which year a statement is."""

    anio = year_field()
