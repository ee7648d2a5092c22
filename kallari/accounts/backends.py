"""Sign-in by username or cédula; rights from roles alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.http import HttpRequest

from kallari.accounts.models import User


class UsernameOrCedulaBackend(ModelBackend):
    """Takes a username or a cédula beside the password.

    A refusal takes as long for an unknown name as for a wrong password.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        user = User.objects.found_by(username).first()
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the account is open. The passwords of invented accounts are public, so these
        are closed wherever the application stands behind a proxy, for the world to reach."""
        behind_a_proxy = settings.HTTPS or settings.PROXIES > 0
        return super().user_can_authenticate(user) and not (user.is_demo and behind_a_proxy)

    def _get_user_permissions(self, user_obj: User) -> Any:
        return Permission.objects.none()
