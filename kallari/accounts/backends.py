"""Sign-in by username or cédula; rights from roles alone."""

from __future__ import annotations

from typing import Any

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

    def _get_user_permissions(self, user_obj: User) -> Any:
        return Permission.objects.none()
