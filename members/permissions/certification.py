"""Certification and the internal control system."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_certification(user: User | AnonymousUser) -> bool:
    """What each chakra is: everybody, within their reach."""
    return user.has_perm("members.view_chakracertification")


def may_decide_on_chakras(user: User | AnonymousUser) -> bool:
    """Begin a transition, certify, suspend, exclude, correct: the office, by resolution."""
    return user.has_perm("members.change_chakracertification")


def may_see_certificates(user: User | AnonymousUser) -> bool:
    """See the association's papers."""
    return user.has_perm("members.view_certificate")


def may_add_certificate(user: User | AnonymousUser) -> bool:
    """Register a paper of a certifying body."""
    return user.has_perm("members.add_certificate")


def may_see_inspections(user: User | AnonymousUser) -> bool:
    """Read inspections with their answers and findings."""
    return user.has_perm("members.view_inspection")


def may_inspect(user: User | AnonymousUser) -> bool:
    """Hand in an inspection: agents too, in their communities."""
    return user.has_perm("members.add_inspection")


def may_close_actions(user: User | AnonymousUser) -> bool:
    """Say that what was to be done is done."""
    return user.has_perm("members.change_correctiveaction")


def may_sanction(user: User | AnonymousUser) -> bool:
    """Warn, suspend, exclude a family; lift it again."""
    return user.has_perm("members.add_sanction")


def may_see_samples(user: User | AnonymousUser) -> bool:
    """See whom the external body will inspect: not the field, so that nobody is warned."""
    return user.has_perm("members.view_reinspectionsample")


def may_draw_sample(user: User | AnonymousUser) -> bool:
    """Draw a sample."""
    return user.has_perm("members.add_reinspectionsample")


def may_see_estimates(user: User | AnonymousUser) -> bool:
    """Read what chakras should give, and what they gave."""
    return user.has_perm("members.view_yieldestimate")


def may_estimate(user: User | AnonymousUser) -> bool:
    """Estimate a chakra's harvest."""
    return user.has_perm("members.add_yieldestimate")


def may_revise_estimates(user: User | AnonymousUser) -> bool:
    """Put another figure in the place of an estimate."""
    return user.has_perm("members.change_yieldestimate")


def may_copy_checklists(user: User | AnonymousUser) -> bool:
    """Begin the list of another year."""
    return user.has_perm("members.add_checklist")


def may_agree_actions(user: User | AnonymousUser) -> bool:
    """Agree on one more thing to do about a finding."""
    return user.has_perm("members.add_correctiveaction")


def may_correct_inspections(user: User | AnonymousUser) -> bool:
    """Correct what was written of a visit."""
    return user.has_perm("members.change_inspection")
