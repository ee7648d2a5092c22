"""The people of the tests: one account for each role, a superuser, one without any role.

Every actor has one letter, which the rights table (tests/rights_table.py) is written in. The
letters name the roles once more, on purpose: the tests' expectations do not come from
kallari/roles.py.
"""

from __future__ import annotations

import hashlib
import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

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


def make_account(actor: str, *, username: str = "", second_factor: bool = True) -> User:
    """Make the account of a role, of "superuser" or of "nobody"; it signs in with PASSWORD.

    It passes for one with a second factor, as everybody has who may work here, but is not asked
    for it; `verify_history` sees through that, so its tests do without.
    """
    user = User(
        username=username or f"prueba-{actor}",
        full_name=f"{actor.replace('_', ' ').title()} de Prueba",
        is_superuser=actor == "superuser",
        second_factor_since=timezone.now() if second_factor else None,
    )
    user.set_password(PASSWORD)
    user.full_clean()
    user.save()
    if actor not in {"superuser", "nobody"}:
        RoleAssignment.objects.create(user=user, group=Group.objects.get(name=actor))
    return user


def sign_in(client: Client, user: User) -> Client:
    """Sign `user` in as if the password had been given just now, and return the client."""
    client.force_login(user, backend=BACKEND)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password")
    request.session.save()
    return client


def make_passkey(user: User, name: str = "Llave") -> Authenticator:
    """Register a passkey for `user`, as a browser would have sent it."""
    public_key = ec.generate_private_key(ec.SECP256R1()).public_key()
    credential_id = secrets.token_bytes(16)
    data = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(
            Aaguid.NONE, credential_id, ES256.from_cryptography_key(public_key)
        ),
    )
    client_data = CollectedClientData.create(
        CollectedClientData.TYPE.CREATE, secrets.token_bytes(32), "http://localhost"
    )
    credential = {
        "id": websafe_encode(credential_id),
        "rawId": websafe_encode(credential_id),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
    return Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": credential},
    )
