"""The dated values of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kallari.history.records import History, never_removed
from kallari.refusals import refusal_at
from kallari.rules.declaring import Rule, UnknownRuleError, rule_of
from kallari.rules.querysets import RuleValueQuerySet
from kallari.text import LineField, NoteField

if TYPE_CHECKING:
    from collections.abc import Mapping


def _key_stays() -> pgtrigger.Trigger:
    """What was said of one rule is never turned into something said of another."""
    return pgtrigger.Trigger(
        name="key_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
        func="RAISE EXCEPTION 'a value stays with its rule';",
    )


class RuleValue(models.Model):
    """What a rule says from one day on, until a row of a later day says otherwise.

    Never removed: decisions stand on it. A wrong one is corrected with a reason; a new one, of
    the law or of the assembly, is a row of its own.
    """

    key = models.CharField(_("regla"), max_length=80)
    value = models.JSONField(_("valor"))
    valid_from = models.DateField(
        _("rige desde"),
        null=True,
        blank=True,
        help_text=_("El primer día en que vale. Vacío: desde siempre."),
    )
    source = LineField(
        _("fuente"),
        max_length=500,
        help_text=_("Dónde está escrito: la ley y su artículo, la norma, el estatuto."),
    )
    resolution = LineField(
        _("resolución"),
        max_length=60,
        blank=True,
        help_text=_("Número de la resolución de la asamblea, si ella lo decidió."),
    )
    confirmed = models.BooleanField(
        _("confirmado"),
        default=False,
        help_text=_("Alguien de la asociación lo ha comprobado en la fuente."),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)

    objects: ClassVar[RuleValueQuerySet] = RuleValueQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("valor de una regla")
        verbose_name_plural = _("valores de las reglas")
        ordering: ClassVar[list[Any]] = ["key", models.F("valid_from").desc(nulls_last=True)]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key", "valid_from"],
                nulls_distinct=False,
                name="one_value_of_a_rule_a_day",
                violation_error_message=_(
                    "Ya hay un valor de esta regla que rige desde ese día. Corrija aquel, o "
                    "escriba otro día."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(source__regex=r"\S"),
                name="a_rule_has_a_source",
                violation_error_message=_("Escriba de dónde sale el valor."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), _key_stays()]

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"

    def get_absolute_url(self) -> str:
        return reverse("rules:rule", args=[self.key])

    @property
    def rule(self) -> Rule[Any] | None:
        """The rule it belongs to; None when no app asks for it any more."""
        try:
            return rule_of(self.key)
        except UnknownRuleError:
            return None

    @property
    def label(self) -> str:
        """What the rule is called."""
        return str(self.rule.label) if self.rule else self.key

    @property
    def words(self) -> str:
        """The value with its unit, as a person reads it."""
        if self.rule is None:
            return str(self.value)
        return self.rule.words(self.rule.kind.typed(self.value))

    @property
    def unconfirmed(self) -> bool:
        """Whether documents that stand on it must say that nobody has confirmed it."""
        return not self.confirmed

    @cached_property
    def superseded_on(self) -> Any:
        """The first day on which a later value holds; None while there is none.

        One query, unless the row was read with `RuleValueQuerySet.with_end`.
        """
        row: Any = RuleValue.objects.with_end().get(pk=self.pk)
        return row.superseded_on

    @classmethod
    def said_in_history(cls, row: Mapping[str, Any], field: str) -> str:
        """The rule's name and the value with its unit, as history shows them; empty for all other
        fields, and for what no rule understands any more."""
        past = cls(key=row["key"], value=row["value"])
        if past.rule is None:
            return ""
        if field == "key":
            return past.label
        try:
            return past.words if field == "value" else ""
        except ValidationError:
            return ""

    def clean(self) -> None:
        """Refuse a value that is none of the rule's kind, and a rule that nobody declares."""
        super().clean()
        try:
            rule = rule_of(self.key)
        except UnknownRuleError as error:
            raise refusal_at(
                "key", _("No hay una regla de ese nombre."), code="no_such_rule"
            ) from error
        try:
            self.value = rule.kind.stored(rule.kind.typed(self.value))
        except ValidationError as refusal:
            raise ValidationError({"value": refusal}) from refusal
