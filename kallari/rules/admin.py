"""Data entry for board staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kallari.admin_records import RecordAdmin
from kallari.rules import services
from kallari.rules.declaring import UnknownRuleError, declared_rules, rule_of
from kallari.rules.models import RuleValue

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kallari.accounts.models import User


def _rules() -> list[tuple[str, str]]:
    return [(rule.key, f"{rule.theme}: {rule.label}") for rule in declared_rules()]


class RuleValueForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes none when it runs
    """A value in one line, read as its rule's kind reads it."""

    value = forms.CharField(
        label=_("valor"),
        max_length=500,
        help_text=_("Sin la unidad. Varios valores se separan con comas."),
    )

    class Meta:
        model = RuleValue
        fields: ClassVar[list[str]] = [
            "key",
            "value",
            "valid_from",
            "source",
            "resolution",
            "confirmed",
            "note",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"] = forms.ChoiceField(label=_("regla"), choices=_rules)
        if self.instance.pk is not None:
            stored = self.instance.value
            several = isinstance(stored, list)
            self.initial["value"] = ", ".join(map(str, stored)) if several else stored

    def clean(self) -> dict[str, Any]:
        """Read the value as the rule's kind reads it; the service checks the row."""
        told = super().clean() or {}
        key = told.get("key") or self.instance.key
        if "value" in told and key:
            try:
                kind = rule_of(key).kind
                told["value"] = kind.stored(kind.from_text(told["value"]))
            except (ValidationError, UnknownRuleError) as refusal:
                self.add_error("value", str(getattr(refusal, "messages", [refusal])[0]))
        return told


@admin.register(RuleValue)
class RuleValueAdmin(RecordAdmin):
    form = RuleValueForm
    list_display: ClassVar[list[str]] = [
        "rule_label",
        "value_words",
        "valid_from",
        "confirmed",
        "source",
    ]
    list_filter: ClassVar[list[str]] = ["confirmed"]
    search_fields: ClassVar[list[str]] = ["key", "source"]
    show_full_result_count = False

    def get_readonly_fields(
        self, request: HttpRequest, obj: RuleValue | None = None
    ) -> tuple[str, ...]:
        """A value stays with its rule; it is confirmed on the rule's own page, saying where it
        was looked up."""
        return () if obj is None else ("rule_label", "confirmed")

    def get_fields(self, request: HttpRequest, obj: RuleValue | None = None) -> list[str]:
        first = "key" if obj is None else "rule_label"
        return [first, *RuleValueForm.Meta.fields[1:]]

    @admin.display(description=_("regla"), ordering="key")
    def rule_label(self, row: RuleValue) -> str:
        return row.label

    @admin.display(description=_("valor"))
    def value_words(self, row: RuleValue) -> str:
        return row.words

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RuleValue], search_term: str
    ) -> tuple[QuerySet[RuleValue], bool]:
        """By the words of the screen: names of rules are in the program, not in the table."""
        found, more = super().get_search_results(request, queryset, search_term)
        wanted = search_term.casefold().strip()
        keys = [key for key, label in _rules() if wanted and wanted in label.casefold()]
        return (found | queryset.filter(key__in=keys) if keys else found), more

    def save_model(self, request: HttpRequest, obj: RuleValue, form: Any, change: bool) -> None:
        actor, told = cast("User", request.user), form.cleaned_data
        rule = rule_of(obj.key)
        values = {
            "value": rule.kind.typed(told["value"]),
            **{name: told[name] for name in ("valid_from", "source", "resolution", "note")},
        }
        if change:
            services.correct_rule_value(
                actor=actor, row=obj, reason=told["change_reason"], **values
            )
            return
        made = services.add_rule_value(
            actor=actor, rule=rule, confirmed=told["confirmed"], **values
        )
        vars(obj).update(vars(made))
