"""Families, people and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from members.querysets.reach import sees_every_community

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_families(user: User | AnonymousUser) -> bool:
    """See families: all of them, or those of one's communities."""
    return user.has_perm("members.view_family")


def may_add_family(user: User | AnonymousUser) -> bool:
    """Register a family: agents in their communities, and the office."""
    return user.has_perm("members.add_family")


def may_change_family(user: User | AnonymousUser) -> bool:
    """Correct, move or retire a family: agents in their communities, and the office."""
    return user.has_perm("members.change_family")


def may_see_people(user: User | AnonymousUser) -> bool:
    """See who belongs to a family."""
    return user.has_perm("members.view_person")


def may_identify(user: User | AnonymousUser) -> bool:
    """See identity numbers, birth dates, telephones and next of kin: who registers, pays or
    checks; not who only needs to know whom they have before them."""
    return user.has_perm("members.identify_person")


def may_add_person(user: User | AnonymousUser) -> bool:
    """Enter a person into a family: agents in their communities, and the office."""
    return user.has_perm("members.add_person")


def may_change_person(user: User | AnonymousUser) -> bool:
    """Correct a person, or move her to another family."""
    return user.has_perm("members.change_person")


def may_see_bank_accounts(user: User | AnonymousUser) -> bool:
    """Who pays, and who checks payments."""
    return user.has_perm("members.view_bankaccount")


def may_change_bank_accounts(user: User | AnonymousUser) -> bool:
    """Say where a person is paid."""
    return user.has_perm("members.add_bankaccount")


def may_see_partners(user: User | AnonymousUser) -> bool:
    """See who is, was or asks to be a registered partner."""
    return user.has_perm("members.view_partner")


def may_see_legal_list(user: User | AnonymousUser) -> bool:
    """The whole list with identity numbers: the office, who pays, who watches and who audits."""
    return may_see_partners(user) and may_identify(user) and sees_every_community(user)


def may_propose_partner(user: User | AnonymousUser) -> bool:
    """Take down an application, with its papers: agents too, in the village."""
    return user.has_perm("members.add_partner")


def may_decide_on_partners(user: User | AnonymousUser) -> bool:
    """Register, suspend, end, correct: by resolution."""
    return user.has_perm("members.change_partner")


def may_see_panorama(user: User | AnonymousUser) -> bool:
    """See totals of people and land, ages among them: who reads the whole register, and agents
    for their communities."""
    return user.has_perm("members.identify_person")


def may_import_people(user: User | AnonymousUser) -> bool:
    """Take a whole register from a file."""
    return user.has_perms(
        [
            "members.add_family",
            "members.add_person",
            "members.change_person",
            "members.add_partner",
            "members.change_partner",
        ]
    )
