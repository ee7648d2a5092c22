"""What people fill in about quotas."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from harvests.models import ProductForm, Quota
from kallari.forms import CommaOrPointField, DayInput, ReasonMixin
from members.forms.community_life import ServiceForm
from members.forms.lists import FilterForm, community_field
from members.models import Community, Family


class QuotaFilterForm(FilterForm):
    """Which quotas a list shows."""

    NOW, ALL, WITHDRAWN = "vigentes", "todos", "retirados"

    estado = forms.ChoiceField(
        label=_("Cuáles"),
        required=False,
        choices=[(NOW, _("Vigentes hoy")), (ALL, _("Todos")), (WITHDRAWN, _("Retirados"))],
    )
    presentacion = forms.ModelChoiceField(
        label=_("Presentación"),
        queryset=ProductForm.objects.none(),
        required=False,
        empty_label=_("Todas"),
    )
    comunidad = community_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        forms_offered: Any = self.fields["presentacion"]
        forms_offered.queryset = (
            ProductForm.objects.visible_to(user).bought().filter(counted="weight")
        )


class _QuotaForm(ServiceForm):
    class Meta:
        model = Quota
        fields: ClassVar[list[str]] = ["starts_on", "ends_on", "limit_kg", "resolution"]
        field_classes: ClassVar[dict[str, Any]] = {"limit_kg": CommaOrPointField}
        widgets: ClassVar[dict[str, Any]] = {"starts_on": DayInput(), "ends_on": DayInput()}


class QuotaForm(_QuotaForm):
    """A quota of a community or of all; with a family, of that family."""

    class Meta(_QuotaForm.Meta):
        fields: ClassVar[list[str]] = ["form", "community", *_QuotaForm.Meta.fields]

    def __init__(self, *args: Any, user: Any, family: Family | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["form"]
        offered.queryset = ProductForm.objects.visible_to(user).offered().filter(counted="weight")
        if family is not None:
            del self.fields["community"]
            return
        communities: Any = self.fields["community"]
        communities.queryset = Community.objects.visible_to(user).opened()
        communities.empty_label = _("Todas las familias, en conjunto")
        communities.help_text = _("Lo que entre todas las familias de la comunidad se recibe.")


class QuotaCorrectionForm(ReasonMixin, _QuotaForm):
    """A quota to correct."""

    field_order = (*_QuotaForm.Meta.fields, "reason")
