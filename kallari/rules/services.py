"""What happens in the life of the rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting, require_reason
from kallari.rules.declaring import Rule, declared_rules
from kallari.rules.models import RuleValue
from kallari.text import tidy_line, tidy_text

if TYPE_CHECKING:
    from kallari.accounts.models import User

SHIPPED = "Regla que viene con el programa"
"""The reason in the history of the values that come with the program."""


def _lock_rules() -> None:
    """Let one transaction at a time write rules; before any lock on a row. Reading is free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rules_rulevalue'))")


def _locked(row: RuleValue) -> RuleValue:
    return RuleValue.objects.select_for_update().get(pk=row.pk)


@transaction.atomic
def add_rule_value(
    *,
    actor: User | None,
    rule: Rule[Any],
    value: Any,
    valid_from: date | None,
    source: str,
    resolution: str = "",
    confirmed: bool = False,
    note: str = "",
    reason: str = "",
) -> RuleValue:
    """Enter what a rule says from `valid_from` on (None: since always), until a later value.

    Args:
        value: as the rule's kind types it: int, Decimal, str, or a sequence of them.

    Raises:
        ValidationError: ``wrong_value`` when it is none of the rule's kind; another one holds
            from the same day on; no source.
    """
    with acting(actor, reason=reason):
        _lock_rules()
        row = RuleValue(
            key=rule.key,
            value=_stored(rule, value),
            valid_from=valid_from,
            source=source,
            resolution=resolution,
            confirmed=confirmed,
            note=note,
        )
        row.full_clean()
        row.save()
    return row


@transaction.atomic
def confirm_rule_value(*, actor: User | None, row: RuleValue, reason: str) -> RuleValue:
    """Somebody at the association has looked it up, and it is so.

    Args:
        reason: where it was looked up, and by whom.

    Raises:
        ValidationError: ``already_confirmed``; ``reason_required`` without a reason.
    """
    with acting(actor, reason=require_reason(reason)):
        _lock_rules()
        row = _locked(row)
        if row.confirmed:
            raise ValidationError(_("Este valor ya está confirmado."), code="already_confirmed")
        row.confirmed = True
        row.full_clean()
        row.save()
    return row


@transaction.atomic
def correct_rule_value(
    *,
    actor: User | None,
    row: RuleValue,
    reason: str,
    value: Any,
    valid_from: date | None,
    source: str,
    resolution: str,
    note: str,
) -> RuleValue:
    """Put right a row that was entered wrongly. What the law or the assembly changed is a new
    row instead (`add_rule_value`).

    Another value or another day is no longer what somebody has confirmed.

    Raises:
        ValidationError: as `add_rule_value`; ``reason_required`` without a reason;
            ``no_such_rule`` when no app declares the rule any more.
    """
    with acting(actor, reason=require_reason(reason)):
        _lock_rules()
        row = _locked(row)
        if row.rule is None:
            raise ValidationError(_("No hay una regla de ese nombre."), code="no_such_rule")
        wanted = {
            "value": _stored(row.rule, value),
            "valid_from": valid_from,
            "source": tidy_line(source),
            "resolution": tidy_line(resolution),
            "note": tidy_text(note),
        }
        changed = {name for name, told in wanted.items() if told != getattr(row, name)}
        if not changed:
            return row
        for name in changed:
            setattr(row, name, wanted[name])
        if changed & {"value", "valid_from"}:
            row.confirmed = False
        row.full_clean()
        row.save()
    return row


def _stored(rule: Rule[Any], value: Any) -> Any:
    try:
        return rule.kind.stored(value)
    except ValidationError as refusal:
        raise ValidationError({"value": refusal}) from refusal


# --- What comes with the program ----------------------------------------------------------------


def enter_shipped_values(using: str = "default", **_signal: Any) -> None:
    """Enter the values that come with the program, of the rules that have none at all.

    Runs after migrate (and so after a flush) and at every ``manage.py up``. Writes only what is
    lacking: run again it changes nothing, and what the association has entered is left alone.
    """
    if using != "default" or not _table_is_as_declared():
        return
    with transaction.atomic():
        _lock_rules()
        known = set(RuleValue.objects.order_by().values_list("key", flat=True).distinct())
        bulk_create_with_history(
            [
                RuleValue(
                    key=rule.key,
                    value=rule.kind.stored(dated.value),
                    valid_from=dated.valid_from,
                    source=dated.source,
                    resolution=dated.resolution,
                    confirmed=dated.confirmed,
                    note=dated.note,
                )
                for rule in declared_rules()
                if rule.key not in known
                for dated in rule.shipped
            ],
            actor=None,
            reason=SHIPPED,
        )


def _table_is_as_declared() -> bool:
    """Whether the tables have today's columns: a migrate may stop at an earlier step."""
    for model in (RuleValue, RuleValue.history.model):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            if table not in connection.introspection.table_names(cursor):
                return False
            there = connection.introspection.get_table_description(cursor, table)
        if {column.name for column in there} != {
            field.column for field in model._meta.concrete_fields
        }:
            return False
    return True
