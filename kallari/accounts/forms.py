"""The forms of sign-in and of one's own account, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as second_factor
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CODE_VALID_SECONDS = second_factor.TOTP_PERIOD * (2 * second_factor.TOTP_TOLERANCE + 1)
"""For how long one code of an app is taken: its own period and the tolerated ones around it."""


class SignInForm(account.LoginForm):
    """Username or cédula, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Usuario o cédula")
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        password.label = _("Contraseña")
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""
        self.fields["remember"].label = _("Este equipo es mío: recordarme dos semanas")


class ChangePasswordForm(account.ChangePasswordForm):
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Contraseña actual"),
            "password1": _("Contraseña nueva"),
            "password2": _("Contraseña nueva, otra vez"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["oldpassword"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        new = cleaned.get("password1")
        if new and new == cleaned.get("oldpassword"):
            self.add_error(
                "password1",
                ValidationError(
                    _("Elija una contraseña distinta de la actual."), code="password_unchanged"
                ),
            )
        return cleaned


class ConfirmPasswordForm(account.ReauthenticateForm):
    """The password once more, before a delicate step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label = _("Contraseña")
        password.widget.attrs = {"autocomplete": "current-password", "autofocus": True}
        password.help_text = ""


def _code_attributes(field: forms.Field) -> None:
    field.label = _("Código")
    field.widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "autofocus": True,
    }


def _first_use(user_id: int, code: str) -> bool:
    """Whether this code of this account's app is used for the first time.

    allauth remembers a used code for one period only, while the tolerance takes it for longer
    (RFC 6238, section 5.2: a verifier must not accept a second attempt with the same code).
    """
    key = f"kallari.totp.{user_id}.{normalize_user_code(code)}"
    return bool(cache.add(key, "used", timeout=CODE_VALID_SECONDS))


class _OnceOnly:
    """A code from an app is taken once."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        if self.authenticator.type == Authenticator.Type.TOTP and not _first_use(
            self.authenticator.user_id, code
        ):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(_OnceOnly, authentication.AuthenticateForm):
    """The code from the app, or one of the printed ones, after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_attributes(self.fields["code"])


class SecondFactorAgainForm(_OnceOnly, authentication.ReauthenticateForm):
    """The same before a delicate step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_attributes(self.fields["code"])


class ActivateAppForm(totp.ActivateTOTPForm):
    """The first code, which proves that the app has the secret; it counts as used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_attributes(self.fields["code"])

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if not _first_use(self.user.pk, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    """A name for the new passkey, and whether it also stands in for the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nombre de la llave")
        self.fields["passwordless"].label = _("Entrar con ella sin escribir la contraseña")
        self.fields["passwordless"].help_text = _(
            "La llave debe pedirle la huella, la cara o un PIN."
        )


class NamePasskeyForm(passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nombre de la llave")
