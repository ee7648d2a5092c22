"""What people fill in about the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kallari.forms import DayInput, ReasonMixin
from kallari.rules.models import RuleValue

if TYPE_CHECKING:
    from kallari.rules.declaring import Rule


class _ValueForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes none when it runs
    """What a rule says from a day on; the box for the value is that of the rule's kind."""

    class Meta:
        model = RuleValue
        fields: ClassVar[list[str]] = ["valid_from", "source", "resolution", "note"]
        widgets: ClassVar[dict[str, Any]] = {
            "valid_from": DayInput(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, rule: Rule[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = str(rule.unit)
        label = _("Valor, en %(unit)s") % {"unit": unit} if unit else _("Valor")
        value = rule.kind.field(label=label)
        if self.instance.pk is not None:
            value.initial = rule.kind.typed(self.instance.value)
        self.fields = {"value": value} | self.fields

    def _post_clean(self) -> None:
        """The service checks the row, under its lock."""


class NewValueForm(_ValueForm):
    """What the law, the certifier or the assembly says from a day on."""

    class Meta(_ValueForm.Meta):
        fields: ClassVar[list[str]] = [
            "valid_from",
            "source",
            "resolution",
            "note",
            "confirmed",
        ]


class CorrectionForm(ReasonMixin, _ValueForm):
    """What was entered wrongly, and why it is so."""


class ConfirmationForm(ReasonMixin, forms.Form):
    """Where it was looked up, and by whom."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Dónde lo comprobó")
        self.fields["reason"].help_text = _(
            "El documento que miró y quién estuvo: «Estatuto, art. 12, con el secretario». Queda"
            " en la historia junto a su nombre."
        )
