"""The pages at /reglas/."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from kallari.rules import permissions, services
from kallari.rules.declaring import Rule, UnknownRuleError, declared_rules, rule_of
from kallari.rules.forms import ConfirmationForm, CorrectionForm, NewValueForm
from kallari.rules.models import RuleValue

if TYPE_CHECKING:
    from datetime import date

    from kallari.accounts.models import User


@dataclass
class RuleShown:
    """A rule with its values: what holds today, what will, what has held."""

    rule: Rule[Any]
    values: list[RuleValue] = field(default_factory=list)
    today: date = field(default_factory=timezone.localdate)

    @property
    def now(self) -> RuleValue | None:
        """What holds today; None while nobody has entered it."""
        return next((row for row in self.values if not self.is_future(row)), None)

    @property
    def coming(self) -> list[RuleValue]:
        """What will hold, the next first."""
        return [row for row in reversed(self.values) if self.is_future(row)]

    @property
    def past(self) -> list[RuleValue]:
        """What has held, the newest first."""
        return [row for row in self.values if not self.is_future(row) and row is not self.now]

    def is_future(self, row: RuleValue) -> bool:
        return row.valid_from is not None and row.valid_from > self.today


def _with_values(rules: list[Rule[Any]], user: User) -> list[RuleShown]:
    """The rules with all their values, the newest first, from one query."""
    shown = {rule.key: RuleShown(rule) for rule in rules}
    rows = RuleValue.objects.visible_to(user).filter(key__in=shown).with_end().newest_first()
    for row in rows:
        shown[row.key].values.append(row)
    return list(shown.values())


def _rule(key: str) -> Rule[Any]:
    try:
        return rule_of(key)
    except UnknownRuleError as error:
        raise Http404 from error


@only(permissions.may_see_rules)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rules by theme, each with what holds today."""
    shown = _with_values(declared_rules(), actor_of(request))
    by_theme = sorted(shown, key=lambda one: str(one.rule.theme))
    context = {
        "themes": [
            (theme, list(rules))
            for theme, rules in groupby(by_theme, key=lambda one: str(one.rule.theme))
        ],
        "number": len(shown),
        "unconfirmed": sum(one.now is not None and one.now.unconfirmed for one in shown),
        "today": timezone.localdate(),
    }
    return render(request, "rules/rules.html", context)


@only(permissions.may_see_rules)
@require_safe
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One rule: what it says today, what it will say, what it said, where that stands."""
    (shown,) = _with_values([_rule(key)], actor_of(request))
    context = {
        "shown": shown,
        "rule": shown.rule,
        "may_add": permissions.may_add_values(request.user),
        "may_change": permissions.may_change_values(request.user),
        "newest": newest_changes(request.user, shown.now) if shown.now else None,
        "today": timezone.localdate(),
    }
    return render(request, "rules/rule.html", context)


@only(permissions.may_add_values)
@form_page
def add(request: HttpRequest, key: str) -> HttpResponse:
    """What the rule says from a day on."""
    found = _rule(key)
    form = NewValueForm(request.POST or None, rule=found)
    return carried_out(
        request,
        form,
        lambda told: services.add_rule_value(actor=actor_of(request), rule=found, **told),
        done=lambda row: _("Queda registrado: %(rule)s: %(value)s.") % _words(row),
    ) or _form(request, "rules/value_add.html", found, form)


@only(permissions.may_change_values)
@form_page
def correct(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A value that was entered wrongly."""
    found, row = _rule(key), _value(request, key, pk)
    form = CorrectionForm(request.POST or None, instance=_value(request, key, pk), rule=found)
    return carried_out(
        request,
        form,
        lambda told: services.correct_rule_value(actor=actor_of(request), row=row, **told),
        done=lambda corrected: _("Queda corregido: %(rule)s: %(value)s.") % _words(corrected),
    ) or _form(request, "rules/value_correct.html", found, form, row=row)


@only(permissions.may_change_values)
@form_page
def confirm(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Somebody has looked it up, and it is so."""
    found, row = _rule(key), _value(request, key, pk)
    form = ConfirmationForm(request.POST or None)
    return carried_out(
        request,
        form,
        lambda told: services.confirm_rule_value(actor=actor_of(request), row=row, **told),
        done=lambda confirmed: _("Queda confirmado: %(rule)s: %(value)s.") % _words(confirmed),
    ) or _form(request, "rules/value_confirm.html", found, form, row=row)


def _value(request: HttpRequest, key: str, pk: int) -> RuleValue:
    return get_object_or_404(RuleValue.objects.visible_to(request.user).of(key), pk=pk)


def _words(row: RuleValue) -> dict[str, str]:
    return {"rule": row.label, "value": row.words}


def _form(
    request: HttpRequest, template: str, found: Rule[Any], form: Any, **context: Any
) -> HttpResponse:
    return render(request, template, {"rule": found, "form": form, **context})
