"""What an account may do to another.

`None` as the actor is the machine's own console: whoever runs ``manage.py`` there owns it all.
"""

from __future__ import annotations

from kallari.accounts.models import User
from kallari.roles import Role


def may_open_accounts(actor: User | None) -> bool:
    """Whether `actor` may open accounts: administration, and superusers."""
    return actor is None or (actor.is_active and actor.has_perm("accounts.add_user"))


def may_manage(actor: User | None, account: User) -> bool:
    """Whether `actor` may correct, close and restore `account`, and replace its password.

    Administration may; a superuser's account is out of its reach, because whoever replaces a
    password can sign in with it.
    """
    if actor is None:
        return True
    if not actor.is_active or (account.is_superuser and not actor.is_superuser):
        return False
    return actor.has_perm("accounts.change_user")


def may_assign(actor: User | None, account: User, role: Role) -> bool:
    """Whether `actor` may give `role` to `account` or take it, itself left aside."""
    return may_manage(actor, account) and (
        actor is None or actor.has_perm("accounts.add_roleassignment")
    )
