"""The people of the tests: one account for each role, a superuser, one without any role.

Every actor has one letter, which the rights table (tests/rights_table.py) is written in. The
letters name the roles once more, on purpose: the tests' expectations do not come from
kallari/roles.py.
"""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from kallari.accounts.models import RoleAssignment, User

ACTORS = {
    "A": "administration",
    "M": "manager",
    "C": "center_operator",
    "T": "extension_agent",
    "K": "accountant",
    "V": "surveillance",
    "D": "delegate",
    "U": "auditor",
    "S": "superuser",
    "N": "nobody",
    "-": "anonymous",
}
"""Letter → role, or one of the three who hold no role: the superuser (S), a signed-in account
without any role (N), an anonymous visitor (-)."""

PASSWORD = "quintal de baba en la minga"
BACKEND = "kallari.accounts.backends.UsernameOrCedulaBackend"


def make_account(actor: str, *, username: str = "") -> User:
    """Make the account of a role, of "superuser" or of "nobody"; it signs in with PASSWORD."""
    user = User(
        username=username or actor.replace("_", "-"),
        full_name=f"{actor.replace('_', ' ').title()} de Prueba",
        is_superuser=actor == "superuser",
        second_factor_since=timezone.now(),  # as everybody has who may work here
    )
    user.set_password(PASSWORD)
    user.full_clean()
    user.save()
    if actor not in {"superuser", "nobody"}:
        RoleAssignment.objects.create(user=user, group=Group.objects.get(name=actor))
    return user


def sign_in(client: Client, user: User) -> Client:
    """Sign `user` in without asking for the password, and return the client."""
    client.force_login(user, backend=BACKEND)
    return client
