"""What allauth asks of us: how a password is checked and changed, how secrets are kept."""

from __future__ import annotations

import base64
import logging
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.accounts import lockout, services
from kallari.accounts.models import User


def display_name(user: User) -> str:
    """The name by which allauth's messages call a person."""
    return str(user)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by username or cédula; no sign-up; passwords change through our services."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Esta cuenta está cerrada. Hable con administración."),
        "enter_current_password": _("La contraseña actual no es correcta."),
        "incorrect_code": _("El código no es correcto. Escriba el que se ve ahora."),
        "incorrect_password": _("La contraseña no es correcta."),
        "username_password_mismatch": _(
            "El usuario o la contraseña no son correctos. Revise y vuelva a intentar."
        ),
        "too_many_login_attempts": _(
            "Hubo demasiados intentos fallidos. Espere un rato y vuelva a intentar."
        ),
        "rate_limited": _("Hubo demasiados intentos. Espere un rato y vuelva a intentar."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return lockout.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse an account whose password is being guessed from many addresses at once.

        Axes counts by account and address; this limit holds for the account from everywhere.
        """
        if not self._count(request, credentials, dry_run=True):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if not getattr(request, "axes_locked_out", False):
            self._count(request, credentials)

    @staticmethod
    def _count(
        request: HttpRequest, credentials: dict[str, Any], *, dry_run: bool = False
    ) -> object:
        return ratelimit.consume(
            request,
            app="allauth.account",
            action="wrong_password",
            key=lockout.counted_name(request, credentials),
            dry_run=dry_run,
        )

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, self.error_messages["account_inactive"])
        return HttpResponseRedirect(reverse("account_login"))

    def set_password(self, user: User, password: str) -> None:
        services.change_password(user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template != "account/messages/logged_in.txt":  # the home page greets
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in within the last minutes is not asked again."""
        request = context.request
        records = get_authentication_records(request, request.user)
        return not records or time.time() - records[-1]["at"] >= REAUTHENTICATION_TIMEOUT


logger = logging.getLogger(__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted; a copy of the database opens nothing."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Su rol exige un segundo factor. Ponga otro antes de quitar este."
        ),
        "incorrect_code": _("El código no es correcto. Escriba el que se ve ahora."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that no code fits, when it was encrypted under a key that is
        not among ours: a wrong code is then answered in words, and the log says why."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error(  # noqa: TRY400 - the traceback tells nothing more
                "A second factor was encrypted under another secret key. Give the former key in"
                " KALLARI_SECRET_KEY_FALLBACKS."
            )
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to remove the last factor of an account whose roles need one."""
        user = authenticator.user
        if not user.owes_second_factor:
            return True
        return (
            Authenticator.objects.filter(
                user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
            )
            .exclude(pk=authenticator.pk)
            .exists()
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": str(user), "name": user.get_username()}


def _cipher() -> MultiFernet:
    """Fernet under keys derived from SECRET_KEY, and from SECRET_KEY_FALLBACKS for reading.

    HKDF with SHA-256 (RFC 5869) keeps these keys apart from whatever else the secret key signs.
    """
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    HKDF(SHA256(), 32, salt=None, info=b"kallari second factor").derive(
                        secret.encode()
                    )
                )
            )
            for secret in map(str, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
        ]
    )
