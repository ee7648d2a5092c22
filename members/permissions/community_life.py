"""Gatherings, inputs, volunteers and allies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_gatherings(user: User | AnonymousUser) -> bool:
    """See trainings and mingas, with who came."""
    return user.has_perm("members.view_gathering")


def may_record_gathering(user: User | AnonymousUser) -> bool:
    """Plan a training or a minga, call the roll, add photographs: agents in their communities."""
    return user.has_perm("members.add_gathering")


def may_change_gathering(user: User | AnonymousUser) -> bool:
    """Correct or cancel what was planned or held: the office, and agents in their communities."""
    return user.has_perm("members.change_gathering")


def may_erase_gathering_files(user: User | AnonymousUser) -> bool:
    """Erase the content of a photograph or of a list: the office."""
    return user.has_perm("members.change_gatheringfile")


def may_see_inputs(user: User | AnonymousUser) -> bool:
    """See what was handed out to which family."""
    return user.has_perm("members.view_inputdistribution")


def may_hand_out_inputs(user: User | AnonymousUser) -> bool:
    """Write down what a family received: agents in their communities, and the office."""
    return user.has_perm("members.add_inputdistribution")


def may_change_inputs(user: User | AnonymousUser) -> bool:
    """Correct or take back what was handed out: the office."""
    return user.has_perm("members.change_inputdistribution")


def may_see_input_values(user: User | AnonymousUser) -> bool:
    """What inputs are worth: the office, the accountant and who checks."""
    return user.has_perm("members.value_inputdistribution")


def may_see_input_kinds(user: User | AnonymousUser) -> bool:
    """See what the association hands out."""
    return user.has_perm("members.view_inputkind")


def may_change_input_kinds(user: User | AnonymousUser) -> bool:
    """Name what the association hands out: the office."""
    return user.has_perm("members.change_inputkind")


def may_see_volunteers(user: User | AnonymousUser) -> bool:
    """See volunteers and interns with their stays."""
    return user.has_perm("members.view_volunteer")


def may_change_volunteers(user: User | AnonymousUser) -> bool:
    """Write down volunteers, interns and their stays: the office."""
    return user.has_perm("members.change_volunteer")


def may_contact_volunteers(user: User | AnonymousUser) -> bool:
    """See how a volunteer and her relatives are reached: the office, who must call them."""
    return user.has_perm("members.contact_volunteer")


def may_see_allies(user: User | AnonymousUser) -> bool:
    """With what they gave. Agents choose an ally by name, and see no more of them."""
    return user.has_perm("members.view_contribution")


def may_change_allies(user: User | AnonymousUser) -> bool:
    """Write down allies, agreements, what they gave and what it paid for: the office."""
    return user.has_perm("members.change_ally")


def may_record_contributions(user: User | AnonymousUser) -> bool:
    """Enter what allies gave, and what it paid for: the office and the accountant."""
    return user.has_perm("members.add_contribution")
