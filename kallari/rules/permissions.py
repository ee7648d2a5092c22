"""Who reads and who sets the rules. The matrix in `kallari.roles` decides; these name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_rules(user: User | AnonymousUser) -> bool:
    """The office, who keeps the accounts, who watches over and who audits them."""
    return user.has_perm("rules.view_rulevalue")


def may_add_values(user: User | AnonymousUser) -> bool:
    """Enter what a rule says from a day on."""
    return user.has_perm("rules.add_rulevalue")


def may_change_values(user: User | AnonymousUser) -> bool:
    """Confirm a value, or put right what was entered wrongly."""
    return user.has_perm("rules.change_rulevalue")
