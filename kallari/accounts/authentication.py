"""How programs prove in whose name they call the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from kallari.accounts.models import ApiToken, User


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Token …`` with a token from ``manage.py token USERNAME``.

    A request without it stays anonymous, which is answered 401; an unknown or revoked token, or
    one of a closed account, is refused in the same words. One query.

    Errors:
        AuthenticationFailed: 401, code ``token_invalid``.
        PermissionDenied: 403, code ``password_change_required`` or ``second_factor_required``,
            as on the pages.
    """

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = authentication.get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        given = parts[1].decode("latin-1") if len(parts) == 2 else ""
        token: Any = ApiToken.objects.that_opens(given)
        if token is None:
            raise exceptions.AuthenticationFailed(
                _("La clave no vale: está mal escrita, fue anulada o su cuenta está cerrada."),
                code="token_invalid",
            )
        if token.user.must_change_password:
            raise exceptions.PermissionDenied(
                _(
                    "La contraseña de la cuenta de esta clave es provisional. "
                    "Entre con un navegador y elija una propia."
                ),
                code="password_change_required",
            )
        if token.user.lacks_second_factor:
            raise exceptions.PermissionDenied(
                _(
                    "La cuenta de esta clave necesita un segundo factor, por su rol. "
                    "Entre con un navegador y póngalo."
                ),
                code="second_factor_required",
            )
        self._note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword

    @staticmethod
    def _note_use(token: ApiToken) -> None:
        """Keep the hour of the last use, so that forgotten tokens are found; no history."""
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        if token.last_used_at is None or token.last_used_at < hour:
            token.last_used_at = hour
            token.save(update_fields=["last_used_at"])
