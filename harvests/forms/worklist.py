"""What people fill in about what waits for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harvests.forms.deliveries import DeliveryForm
from harvests.forms.delivery_lists import receivers
from harvests.models import DeliveryAlert, Device
from harvests.worklist import KINDS, Wanted
from kallari.accounts.models import User
from kallari.forms import ReasonMixin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

    from harvests.models import Delivery, Operation


class WorklistFilterForm(forms.Form):
    """To what the line is narrowed; it stays in the address, and leads on to the next."""

    shows_optional = False

    clase = forms.ChoiceField(
        label=_("Clase"), required=False, choices=[("", _("Todo")), *KINDS.items()]
    )
    dispositivo = forms.ModelChoiceField(
        label=_("Dispositivo"),
        required=False,
        queryset=Device.objects.none(),
        empty_label=_("Todos"),
    )
    tecnico = forms.ModelChoiceField(
        label=_("Quién lo envió"),
        required=False,
        queryset=User.objects.none(),
        to_field_name="username",
        empty_label=_("Todos"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        devices: Any = self.fields["dispositivo"]
        devices.queryset = Device.objects.visible_to(user)
        agents: Any = self.fields["tecnico"]
        agents.queryset = receivers().order_by("full_name", "username")

    @property
    def wanted(self) -> Wanted:
        """What was asked for; of an unreadable form, everything."""
        told = self.cleaned_data if self.is_valid() else {}
        return Wanted(told.get("clase") or "", told.get("dispositivo"), told.get("tecnico"))


class OperationDecisionForm(ReasonMixin):
    """Register as it came, let it correct what it contradicts, or not at all."""

    RETRY, CORRECT, DISCARD = "retry", "correct", "discard"

    decision = forms.ChoiceField(
        label=_("Qué se hace"),
        widget=forms.RadioSelect,
        choices=[
            (RETRY, _("Registrar tal como llegó: volver a intentarlo ahora")),
            (DISCARD, _("No registrar: se guarda lo que llegó, y no cuenta")),
        ],
        error_messages={"required": _("Escoja qué se hace.")},
    )
    field_order = ("decision", "reason")

    def __init__(
        self,
        *args: Any,
        operation: Operation,
        contradicts: Delivery | None = None,
        ended: Delivery | None = None,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            contradicts: the delivery on record that what came may correct.
            ended: the delivery on record, where it was voided or corrected meanwhile.
        """
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Por qué decide así. Queda junto a su nombre.")
        decisions: Any = self.fields["decision"]
        if operation.result == operation.Result.REJECTED:
            decisions.choices = [decisions.choices[1]]
            decisions.initial = self.DISCARD
        elif operation.is_delivery_in_conflict:
            # A correction in conflict has no key but its own: it cannot be registered beside.
            is_new = operation.action == "create"
            apart, discard = _beside(ended)
            decisions.choices = [
                *(_correcting(self.CORRECT, contradicts) if contradicts else ()),
                *([(self.RETRY, apart)] if is_new else ()),
                (self.DISCARD, discard),
            ]


def _beside(ended: Delivery | None) -> tuple[StrOrPromise, StrOrPromise]:
    """What registering apart and not registering come to, beside what is on record."""
    if ended is None:
        return (
            _("Registrar aparte, con otro folio: las dos cuentan y se pagan"),
            _("No registrar: vale solo la que ya está registrada"),
        )
    named = {"folio": ended.folio}
    if ended.status == ended.Status.VOIDED:
        return (
            _("Registrar con otro folio: cuenta y se paga solo esta; %(folio)s sigue anulada")
            % named,
            _("No registrar: %(folio)s sigue anulada, y ninguna de las dos cuenta") % named,
        )
    return (
        _("Registrar con otro folio: cuenta y se paga, además de la que corrigió a %(folio)s")
        % named,
        _("No registrar: cuenta solo la que corrigió a %(folio)s") % named,
    )


def _correcting(value: str, delivery: Delivery) -> list[tuple[str, Any]]:
    words = _("Corregir %(folio)s con lo que llegó: la de antes deja de contar, y cuenta una sola")
    return [(value, words % {"folio": delivery.folio})]


class AlertDecisionForm(ReasonMixin):
    """It is right so, or a delivery is voided."""

    EXPLAINED = DeliveryAlert.Decision.EXPLAINED.value
    VOIDED = DeliveryAlert.Decision.VOIDED.value
    VOID_OTHER = "void_other"

    decision = forms.ChoiceField(
        label=_("Qué se decide"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Escoja qué se decide.")},
    )
    field_order = ("decision", "reason")

    def __init__(self, *args: Any, alert: DeliveryAlert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Por qué decide así. Queda junto a su nombre.")
        other = alert.other
        is_double = alert.kind == DeliveryAlert.Kind.POSSIBLE_DOUBLE
        choices: list[tuple[str, Any]] = [
            (
                self.EXPLAINED,
                _("Está bien así: son dos entregas") if is_double else _("Está bien así"),
            )
        ]
        if alert.delivery.is_valid:
            choices.append(
                (
                    self.VOIDED,
                    _("Anular %(folio)s: deja de contar en kilos y en dinero")
                    % {"folio": alert.delivery.folio},
                )
            )
        if is_double and other is not None and other.is_valid:
            choices.append(
                (
                    self.VOID_OTHER,
                    _("Anular %(folio)s: deja de contar en kilos y en dinero")
                    % {"folio": other.folio},
                )
            )
        decisions: Any = self.fields["decision"]
        decisions.choices = choices


class AmendForm(ReasonMixin, DeliveryForm):
    """What was sent, as it should have been, and why."""


class _ChoosingForm(ReasonMixin):
    """Which of several operations are meant, and why."""

    operations = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Marque al menos una."),
            "invalid_choice": _(
                "Sobre una de las que marcó ya se decidió. Revise y guarde otra vez."
            ),
        },
    )
    field_order = ("operations", "reason")

    def __init__(self, *args: Any, offered: Sequence[tuple[Operation, str]], **kwargs: Any) -> None:
        """
        Args:
            offered: the operations that wait, each with what a person reads of it.
        """
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Por qué decide así. Queda junto a su nombre.")
        self._rows = {str(row.pk): row for row, _words in offered}
        operations: Any = self.fields["operations"]
        operations.choices = [(str(row.pk), words) for row, words in offered]

    @property
    def chosen(self) -> list[Operation]:
        """Those that were marked, of a valid form."""
        return [self._rows[key] for key in self.cleaned_data["operations"]]


class RetryAllForm(_ChoosingForm):
    """Which of what is held is tried again, and why: all, unless somebody says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operations"].label = _("Cuáles se miran otra vez")
        self.fields["operations"].initial = list(self._rows)


class DiscardForm(_ChoosingForm):
    """Which of the unreadable are not registered, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operations"].label = _("Cuáles no se registran")


class OutboxFileForm(forms.Form):
    """The file into which a telephone wrote what it could not send."""

    archivo = forms.FileField(
        label=_("Archivo del teléfono"),
        help_text=_(
            "El que se guarda con «Guardar en un archivo» en la bandeja de salida del acopio."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
