"""What families are owed and paid: who sees it, who writes it, who approves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import PremiumRule, Settlement
    from kallari.accounts.models import User


def may_see_settlements(user: User | AnonymousUser) -> bool:
    """See what families are owed and were paid: who pays or checks."""
    return user.has_perm("harvests.view_settlement")


def may_settle(user: User | AnonymousUser) -> bool:
    """Make settlements: who keeps the accounts."""
    return user.has_perm("harvests.add_settlement")


def may_discard(user: User | AnonymousUser) -> bool:
    """Discard a draft: who keeps the accounts."""
    return user.has_perm("harvests.change_settlement")


def may_approve(user: User | AnonymousUser) -> bool:
    """Approve what others made, and reverse what was approved: who answers for the association."""
    return user.has_perm("harvests.approve_settlement")


def may_approve_this(user: User | AnonymousUser, settlement: Settlement) -> bool:
    """Approve this one: nobody her own."""
    return may_approve(user) and settlement.is_draft and settlement.author_id != user.pk


def may_pay(user: User | AnonymousUser) -> bool:
    """Pay families and take payments back: who keeps the accounts."""
    return user.has_perm("harvests.add_payment")


def may_see_premium_rules(user: User | AnonymousUser) -> bool:
    """See by which rules premiums are figured: who pays or checks."""
    return user.has_perm("harvests.view_premiumrule")


def may_write_premium_rules(user: User | AnonymousUser) -> bool:
    """Write premiums down, and close them: who writes prices."""
    return user.has_perm("harvests.add_premiumrule")


def may_confirm_premium_rules(user: User | AnonymousUser) -> bool:
    """Stand for a rule, so that it is paid: who answers for the association."""
    return user.has_perm("harvests.confirm_premiumrule")


def may_confirm_this(user: User | AnonymousUser, rule: PremiumRule) -> bool:
    """Confirm this one: nobody her own."""
    return (
        may_confirm_premium_rules(user) and not rule.is_confirmed and rule.written_by_id != user.pk
    )


def may_see_links(user: User | AnonymousUser) -> bool:
    """See whether a family has a code to its statement."""
    return user.has_perm("harvests.view_statementlink")


def may_make_links(user: User | AnonymousUser) -> bool:
    """Print a family's code, and revoke it: who keeps the accounts."""
    return user.has_perm("harvests.add_statementlink")


def may_issue_documents(user: User | AnonymousUser) -> bool:
    """Prepare electronic purchase documents: who keeps the accounts."""
    return user.has_perm("harvests.add_purchasedocument")


def may_tell_outcomes(user: User | AnonymousUser) -> bool:
    """Tell what became of a document at the tax office: who keeps the accounts."""
    return user.has_perm("harvests.add_purchasedocumentoutcome")


def may_see_documents(user: User | AnonymousUser) -> bool:
    """Read electronic purchase documents, with the cédulas in them: who pays or checks."""
    return user.has_perm("harvests.view_purchasedocument") and user.has_perm(
        "members.identify_person"
    )
