"""The way in, as people take it: through the pages, with what they type."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.test import Client

from kallari.accounts.models import User
from kallari.history.context import acting
from tests.people import PASSWORD

ENTER = "/cuenta/entrar/"
SECOND_STEP = "/cuenta/entrar/codigo/"
CEDULA = "1500123458"
"""A valid number: province 15 (Napo), check digit 8."""


def type_in(
    client: Client, login: str, password: str = PASSWORD, *, to: str = ENTER, **headers: Any
) -> Any:
    """Send the form of the door."""
    return client.post(to, {"login": login, "password": password}, **headers)


def is_in(client: Client) -> bool:
    """Whether somebody is signed in in this browser."""
    return bool(client.get("/cuenta/").status_code == 200)


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app shows now, or `steps` periods of 30 s later.

    The calculation itself is proved by the vectors of RFC 6238 in test_second_factor.py.
    """
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def secret_of(user: User) -> str:
    """The secret that the user's app holds."""
    authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return decrypt(authenticator.data["secret"])


def session_key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def changed(user: User, reason: str, **fields: Any) -> User:
    """Change an account past the services, as a test needs it."""
    for name, value in fields.items():
        setattr(user, name, value)
    with acting(reason=reason):
        user.save()
    return user
