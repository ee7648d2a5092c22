"""What people fill in about gatherings, inputs, volunteers and allies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.forms import DocumentField
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from members.forms.lists import FilterForm, community_field, search_field, year_field
from members.models import (
    Agreement,
    Ally,
    Community,
    Contribution,
    ContributionUse,
    Family,
    Gathering,
    InputDistribution,
    InputKind,
    Stay,
    Volunteer,
)
from members.models.volunteer import CONTACT_FIELDS
from members.permissions import community_life as permissions

if TYPE_CHECKING:
    from django.db import models

    from kallari.accounts.models import User

SHORT_NOTE = {"rows": 3}


class ServiceForm(forms.ModelForm):
    """A form whose rules are the service's: what that refuses stands at the field."""

    def _post_clean(self) -> None:
        """The service checks it, with what this form does not know."""


class ReasonForm(ReasonMixin):
    """Why something is called off, voided, erased or taken back."""


def communities_of(user: User) -> models.QuerySet[Community]:
    """The communities in which an account works."""
    return Community.objects.whose_people_are_seen_by(user).opened()


# --- Gatherings -----------------------------------------------------------------------------------


class GatheringFilterForm(FilterForm):
    """Which gatherings a list shows."""

    ALL, HELD, PLANNED, CANCELLED = "todos", "realizados", "previstos", "suspendidos"

    buscar = search_field(_("Tema"))
    clase = forms.ChoiceField(
        label=_("Clase"),
        required=False,
        choices=[
            ("", _("Capacitaciones y mingas")),
            (Gathering.Kind.TRAINING.value, _("Capacitaciones")),
            (Gathering.Kind.MINGA.value, _("Mingas")),
        ],
    )
    comunidad = community_field()
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            (ALL, _("Realizados y previstos")),
            (HELD, _("Realizados")),
            (PLANNED, _("Previstos")),
            (CANCELLED, _("Suspendidos")),
        ],
    )
    anio = year_field()


class GatheringForm(ServiceForm):
    """A training or a minga, planned or held."""

    class Meta:
        model = Gathering
        fields: ClassVar[list[str]] = [
            "kind",
            "topic",
            "held_on",
            "starts_at",
            "hours",
            "community",
            "place",
            "led_by",
            "ally",
            "done",
            "result",
        ]
        field_classes: ClassVar[dict[str, Any]] = {"hours": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {
            "held_on": DayInput(),
            "starts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "done": forms.Textarea(attrs=SHORT_NOTE),
            "result": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities: Any = self.fields["community"]
        communities.queryset = communities_of(user)
        if self.instance.community_id is not None:
            communities.queryset = Community.objects.filter(
                pk=self.instance.community_id
            ) | communities_of(user)
        elif communities.queryset.count() == 1:
            communities.initial = communities.queryset.get()
        allies: Any = self.fields["ally"]
        allies.queryset = Ally.objects.visible_to(user)


class GatheringCorrectionForm(ReasonMixin, GatheringForm):
    """A gathering to correct or to complete."""

    field_order = (*GatheringForm.Meta.fields, "reason")


class RollForm(forms.Form):
    """What stands beneath the list of names: visitors, a card, and why somebody is struck."""

    visiting_women = forms.IntegerField(
        label=_("Mujeres"),
        min_value=0,
        max_value=5000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    visiting_men = forms.IntegerField(
        label=_("Hombres"),
        min_value=0,
        max_value=5000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    visiting_unknown = forms.IntegerField(
        label=_("Sin distinguir"),
        min_value=0,
        max_value=5000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    card = forms.CharField(
        label=_("Carné"),
        max_length=80,
        required=False,
        help_text=_("Lea el QR con el teléfono y pegue el texto, o escriba el código impreso."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    reason = forms.CharField(
        label=_("Motivo, si quitó a alguien de la lista"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class GatheringFileForm(forms.Form):
    """A photograph or a paper of a gathering."""

    upload = DocumentField(label=_("Fotografía o documento"))
    caption = forms.CharField(
        label=_("Qué muestra"),
        max_length=150,
        help_text=_("Por ejemplo: lista firmada, antes y después del camino."),
    )


# --- Inputs ---------------------------------------------------------------------------------------


class InputFilterForm(FilterForm):
    """Which handings out a list shows."""

    VALID, NOT_ORGANIC, VOIDED = "validas", "no-organicas", "anuladas"

    buscar = search_field(_("Familia, persona o recibo"))
    insumo = forms.ModelChoiceField(
        label=_("Insumo"), queryset=InputKind.objects.all(), required=False, empty_label=_("Todos")
    )
    comunidad = community_field()
    estado = forms.ChoiceField(
        label=_("Estado"),
        required=False,
        choices=[
            (VALID, _("Válidas")),
            (NOT_ORGANIC, _("No permitidas en orgánico")),
            (VOIDED, _("Anuladas")),
        ],
    )
    anio = year_field()


class InputForm(ServiceForm):
    """Something handed to a family."""

    class Meta:
        model = InputDistribution
        fields: ClassVar[list[str]] = [
            "kind",
            "quantity",
            "handed_on",
            "handed_by",
            "ally",
            "gathering",
            "value_usd",
            "note",
        ]
        field_classes: ClassVar[dict[str, Any]] = {
            "quantity": CommaOrPointField,
            "value_usd": CommaOrPointField,
        }
        widgets: ClassVar[dict[str, Any]] = {
            "handed_on": DayInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, user: User, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.queryset = InputKind.objects.visible_to(user).offered()
        kinds.label_from_instance = _kind_with_unit
        allies: Any = self.fields["ally"]
        allies.queryset = Ally.objects.visible_to(user)
        gatherings: Any = self.fields["gathering"]
        gatherings.queryset = (
            Gathering.objects.visible_to(user).held().filter(community=family.community_id)
        )
        if not permissions.may_see_input_values(user):
            del self.fields["value_usd"]
        self.fields["handed_on"].initial = timezone.localdate()
        self.fields["handed_by"].initial = user.get_full_name()


def _kind_with_unit(kind: InputKind) -> str:
    told = f"{kind.name} ({kind.get_unit_display()})"
    return told if kind.is_organic else f"{told} – {_('no permitido en orgánico')}"


class InputCorrectionForm(ReasonMixin, InputForm):
    """A handing out to correct: anything but what was given and to whom."""

    field_order = (*InputForm.Meta.fields, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]


class InputKindForm(ServiceForm):
    """A kind of input."""

    class Meta:
        model = InputKind
        fields: ClassVar[list[str]] = ["name", "unit", "is_organic", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs=SHORT_NOTE)}


class InputKindCorrectionForm(ReasonMixin, ServiceForm):
    """A kind of input to correct or to retire."""

    class Meta(InputKindForm.Meta):
        fields: ClassVar[list[str]] = ["name", "unit", "is_organic", "note", "retired_on"]
        widgets: ClassVar[dict[str, Any]] = InputKindForm.Meta.widgets | {"retired_on": DayInput()}

    field_order = (*Meta.fields, "reason")


# --- Volunteers ---------------------------------------------------------------------------------


class VolunteerFilterForm(FilterForm):
    """Which volunteers a list shows."""

    HERE, COMING, GONE, ALL = "presentes", "por-llegar", "pasados", "todos"

    buscar = search_field(_("Nombre"))
    estado = forms.ChoiceField(
        label=_("Estadía"),
        required=False,
        choices=[
            (ALL, _("Todas")),
            (HERE, _("Están aquí")),
            (COMING, _("Por llegar")),
            (GONE, _("Ya se fueron")),
        ],
    )


class VolunteerForm(ServiceForm):
    """A volunteer or an intern; how they are reached only for who may see it."""

    class Meta:
        model = Volunteer
        fields: ClassVar[list[str]] = [
            "surnames",
            "given_names",
            "country",
            "institution",
            *CONTACT_FIELDS,
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "health_note": forms.Textarea(attrs=SHORT_NOTE),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not permissions.may_contact_volunteers(user):
            for name in CONTACT_FIELDS:
                del self.fields[name]


class VolunteerCorrectionForm(ReasonMixin, VolunteerForm):
    """A volunteer to correct."""

    field_order = (*VolunteerForm.Meta.fields, "reason")


class StayForm(ServiceForm):
    """A stay."""

    class Meta:
        model = Stay
        fields: ClassVar[list[str]] = [
            "kind",
            "starts_on",
            "ends_on",
            "community",
            "host_family",
            *Stay.TASKS,
            "other_tasks",
            "length_note",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "length_note": forms.Textarea(attrs=SHORT_NOTE),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities: Any = self.fields["community"]
        communities.queryset = communities_of(user)
        families: Any = self.fields["host_family"]
        families.queryset = Family.objects.visible_to(user).opened().select_related("community")
        families.label_from_instance = _family_with_community


def _family_with_community(family: Family) -> str:
    return f"{family} · {family.community}"


class StayCorrectionForm(ReasonMixin, StayForm):
    """A stay to correct, to shorten or to prolong."""

    field_order = (*StayForm.Meta.fields, "reason")


# --- Allies ---------------------------------------------------------------------------------------


class AllyFilterForm(FilterForm):
    """Which allies a list shows."""

    buscar = search_field(_("Nombre"))
    clase = forms.ChoiceField(
        label=_("Clase"), required=False, choices=[("", _("Todas")), *Ally.Kind.choices]
    )


class AllyForm(ServiceForm):
    """An ally."""

    class Meta:
        model = Ally
        fields: ClassVar[list[str]] = ["name", "full_name", "kind", "contact", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs=SHORT_NOTE)}


class AllyCorrectionForm(ReasonMixin, AllyForm):
    """An ally to correct."""

    field_order = (*AllyForm.Meta.fields, "reason")


class AgreementForm(ServiceForm):
    """An agreement, with its paper."""

    upload = DocumentField(label=_("Copia firmada"), required=False)

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = ["title", "starts_on", "ends_on", "note"]
        widgets: ClassVar[dict[str, Any]] = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "note": forms.Textarea(attrs=SHORT_NOTE),
        }

    field_order: tuple[str, ...] = ("title", "starts_on", "ends_on", "upload", "note")


class AgreementCorrectionForm(ReasonMixin, AgreementForm):
    """An agreement to correct or prolong."""

    field_order = (*AgreementForm.field_order, "reason")


class ContributionForm(ServiceForm):
    """What an ally gave."""

    class Meta:
        model = Contribution
        fields: ClassVar[list[str]] = [
            "kind",
            "description",
            "received_on",
            "amount",
            "currency",
            "usd_rate",
            "valued_by",
            "agreement",
        ]
        field_classes: ClassVar[dict[str, Any]] = {
            "amount": CommaOrPointField,
            "usd_rate": CommaOrPointField,
        }
        widgets: ClassVar[dict[str, Any]] = {"received_on": DayInput()}

    def __init__(self, *args: Any, ally: Ally, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreements: Any = self.fields["agreement"]
        agreements.queryset = Agreement.objects.filter(ally=ally)

    def clean_currency(self) -> str:
        """People write eur as well as EUR."""
        return str(self.cleaned_data["currency"]).upper()


class ContributionCorrectionForm(ReasonMixin, ContributionForm):
    """A contribution to correct."""

    field_order = (*ContributionForm.Meta.fields, "reason")


class UseForm(ServiceForm):
    """What a part of a contribution paid for."""

    class Meta:
        model = ContributionUse
        fields: ClassVar[list[str]] = [
            "amount_usd",
            "used_on",
            "gathering",
            "distribution",
            "purpose",
        ]
        field_classes: ClassVar[dict[str, Any]] = {"amount_usd": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {"used_on": DayInput()}

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gatherings: Any = self.fields["gathering"]
        gatherings.queryset = Gathering.objects.not_cancelled().filter(ally=contribution.ally_id)
        distributions: Any = self.fields["distribution"]
        distributions.queryset = (
            InputDistribution.objects.valid()
            .filter(ally=contribution.ally_id)
            .select_related("kind")
        )
        self.fields["used_on"].initial = timezone.localdate()
