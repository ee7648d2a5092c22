"""What happens to accounts: opened, closed, given and denied roles, passwords, tokens.

Whoever acts is the first argument; None is the machine's own console (``manage.py``). Everything
needs a reason, which stays in history; one that is given here stands in the association's own
language, because it is kept. Locks are taken in this order: the group of
administration, which is the one lock of "somebody must remain who can open accounts"; then the
account.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset as forget_failures
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kallari.accounts import permissions
from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.accounts.querysets import digest_of
from kallari.history.context import acting, current_reason, require_reason
from kallari.roles import Role

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor by itself; recovery codes only stand in for one."""

PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - without l, 1, i, o, 0
CORRECTABLE = frozenset({"username", "full_name", "cedula", "email"})


@transaction.atomic
def open_account(
    actor: User | None,
    *,
    username: str,
    full_name: str,
    cedula: str | None = None,
    email: str = "",
    given_roles: Iterable[Role] = (),
    password: str | None = None,
    is_demo: bool = False,
    reason: str = "",
) -> tuple[User, str]:
    """Open an account and return it with its password.

    Without `password` a provisional one is drawn, which its holder must change at the first
    sign-in. Never makes a superuser.

    Errors:
        PermissionDenied: the actor does not open accounts.
        ValidationError: by field, as `User.full_clean` says.
    """
    if not permissions.may_open_accounts(actor):
        raise PermissionDenied(_("Solo administración abre cuentas."))
    drawn = password or _provisional_password()
    account = User(
        username=username,
        full_name=full_name,
        cedula=cedula,
        email=email,
        is_demo=is_demo,
        must_change_password=password is None,
    )
    if password is not None and not is_demo:
        validate_password(password, account)
    account.set_password(drawn)
    account.full_clean()
    with acting(actor, reason=reason):
        account.save()
        for role in given_roles:
            _assign(actor, account, role)
    return account, drawn


@transaction.atomic
def correct_account(actor: User | None, *, account: User, reason: str, **fields: Any) -> User:
    """Correct who an account belongs to: username, full_name, cedula, email.

    Errors:
        PermissionDenied: the actor does not manage this account.
        ValidationError: by field; ``reason_required``.
    """
    if unknown := set(fields) - CORRECTABLE:
        raise TypeError(f"not correctable: {sorted(unknown)}")
    require_reason(reason)
    locked = _locked(actor, account)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.full_clean()
    with acting(actor, reason=reason):
        locked.save(update_fields=sorted(fields))
    return locked


@transaction.atomic
def close_account(actor: User | None, *, account: User, reason: str) -> User:
    """Close an account: it signs in no more, and its sessions and tokens end at once.

    Errors:
        PermissionDenied: the actor does not manage this account.
        ValidationError: ``already_closed``, ``own_account``, ``last_administrator``,
            ``reason_required``.
    """
    require_reason(reason)
    _lock_administration()
    locked = _locked(actor, account)
    if not locked.is_active:
        raise ValidationError(_("La cuenta ya está cerrada."), code="already_closed")
    _refuse_last_administrator(locked)
    if actor is not None and actor.pk == locked.pk:
        raise ValidationError(
            _("Nadie cierra su propia cuenta. Pídalo a otra persona de administración."),
            code="own_account",
        )
    locked.is_active = False
    with acting(actor, reason=reason):
        locked.save(update_fields=["is_active"])
        for token in locked.api_tokens.filter(revoked_at=None).select_for_update():
            _revoke(token)
    end_sessions(locked)
    return locked


@transaction.atomic
def reopen_account(actor: User | None, *, account: User, reason: str) -> User:
    """Let a closed account sign in again, with the password and the roles that it had.

    Errors:
        PermissionDenied: the actor does not manage this account.
        ValidationError: ``already_open``, ``reason_required``.
    """
    require_reason(reason)
    locked = _locked(actor, account)
    if locked.is_active:
        raise ValidationError(_("La cuenta ya está abierta."), code="already_open")
    locked.is_active = True
    with acting(actor, reason=reason):
        locked.save(update_fields=["is_active"])
    return locked


@transaction.atomic
def give_role(actor: User | None, *, account: User, role: Role, reason: str) -> RoleAssignment:
    """Give an account a role. It signs in again, so that no older session gains the right.

    Errors:
        PermissionDenied: the actor does not assign roles to this account.
        ValidationError: ``own_role``, ``account_closed``, ``role_held``, ``reason_required``.
    """
    require_reason(reason)
    locked = _locked(actor, account)
    if not locked.is_active:
        raise ValidationError(
            _("La cuenta está cerrada. Ábrala antes de darle un rol."), code="account_closed"
        )
    with acting(actor, reason=reason):
        assignment = _assign(actor, locked, role)
    account.__dict__.pop("role_names", None)
    end_sessions(locked)
    return assignment


@transaction.atomic
def take_role(actor: User | None, *, account: User, role: Role, reason: str) -> None:
    """Take a role from an account; its rights are gone with the next request.

    Errors:
        PermissionDenied: the actor does not assign roles to this account.
        ValidationError: ``role_not_held``, ``last_administrator``, ``reason_required``.
    """
    require_reason(reason)
    if role == Role.ADMINISTRATION:
        _lock_administration()
    locked = _locked(actor, account)
    if not permissions.may_assign(actor, locked, role):
        raise PermissionDenied(_("Solo administración da y quita roles."))
    assignment = RoleAssignment.objects.filter(user=locked, group__name=role).first()
    if assignment is None:
        raise ValidationError(_("La cuenta no tiene ese rol."), code="role_not_held")
    if role == Role.ADMINISTRATION and not locked.is_superuser:
        _refuse_last_administrator(locked)
    with acting(actor, reason=reason):
        assignment.delete()
    account.__dict__.pop("role_names", None)


@transaction.atomic
def change_password(actor: User, *, password: str) -> None:
    """Choose one's own password. Every other session of the account ends: they were opened by
    the former one.

    Errors:
        ValidationError: ``password_unchanged``, or what the password validators say.
    """
    locked = User.objects.select_for_update().get(pk=actor.pk)
    if locked.check_password(password):
        raise ValidationError(
            _("Elija una contraseña distinta de la actual."), code="password_unchanged"
        )
    validate_password(password, locked)
    locked.set_password(password)
    locked.must_change_password = False
    with acting(actor, reason="Cambió su propia contraseña."):
        locked.save(update_fields=["password", "must_change_password"])
    # The caller's copy is what the session in use is renewed from.
    actor.password = locked.password
    actor.must_change_password = False


@transaction.atomic
def reset_password(actor: User | None, *, account: User, reason: str) -> str:
    """Replace a forgotten password by a provisional one and return it, to be told in person.

    It must be changed at the next sign-in; a lock-out is lifted; sessions and tokens end, because
    whoever knew the password may have made them. The second factor stays as it was.

    Errors:
        PermissionDenied: the actor does not manage this account.
        ValidationError: ``own_password``, ``account_closed``, ``reason_required``.
    """
    require_reason(reason)
    locked = _locked(actor, account)
    if actor is not None and actor.pk == locked.pk:
        raise ValidationError(
            _("Cambie su propia contraseña en la página de su cuenta."), code="own_password"
        )
    if not locked.is_active:
        raise ValidationError(
            _("La cuenta está cerrada. Ábrala antes de cambiar su contraseña."),
            code="account_closed",
        )
    drawn = _provisional_password()
    locked.set_password(drawn)
    locked.must_change_password = True
    with acting(actor, reason=reason):
        locked.save(update_fields=["password", "must_change_password"])
        for token in locked.api_tokens.filter(revoked_at=None).select_for_update():
            _revoke(token)
    forget_failures(username=locked.username)
    end_sessions(locked)
    return drawn


@transaction.atomic
def reset_second_factor(actor: User | None, *, account: User, reason: str) -> None:
    """Remove every second factor of somebody who lost the phone; the next sign-in sets a new one.

    Errors:
        PermissionDenied: the actor does not manage this account.
        ValidationError: ``own_second_factor``, ``no_second_factor``, ``reason_required``.
    """
    require_reason(reason)
    locked = _locked(actor, account)
    if actor is not None and actor.pk == locked.pk:
        raise ValidationError(
            _("Cambie su propio segundo factor en la página de su cuenta."),
            code="own_second_factor",
        )
    if locked.second_factor_since is None:
        raise ValidationError(_("La cuenta no tiene segundo factor."), code="no_second_factor")
    with acting(actor, reason=reason):
        for authenticator in Authenticator.objects.filter(user=locked):
            authenticator.delete()
    end_sessions(locked)


@transaction.atomic
def note_second_factor(account_id: int) -> None:
    """Keep on the account, and so in history, whether it has a second factor.

    Called for each factor added or removed, however that happened.
    """
    account = User.objects.select_for_update().get(pk=account_id)
    has_one = Authenticator.objects.filter(user=account, type__in=SECOND_FACTORS).exists()
    if has_one == (account.second_factor_since is not None):
        return
    account.second_factor_since = timezone.now() if has_one else None
    itself = "Puso un segundo factor." if has_one else "Quitó el segundo factor."
    with acting(reason=current_reason() or itself):
        account.save(update_fields=["second_factor_since"])


@transaction.atomic
def make_token(actor: User | None, *, account: User, label: str = "") -> tuple[ApiToken, str]:
    """Make a key by which a program acts as `account`; return its record and the key itself.

    The key is shown this once; only its digest is kept. Others stay valid. Nobody but the
    account itself and the console makes one: who holds it acts in that name.

    Errors:
        PermissionDenied: the actor is somebody else.
        ValidationError: ``account_closed``.
    """
    if actor is not None and actor.pk != account.pk:
        raise PermissionDenied(_("Cada cuenta crea sus propias claves."))
    locked = User.objects.select_for_update().get(pk=account.pk)
    if not locked.is_active:
        raise ValidationError(_("La cuenta está cerrada."), code="account_closed")
    key = secrets.token_urlsafe(32)
    token = ApiToken(user=locked, digest=digest_of(key), label=label)
    token.full_clean()
    with acting(actor):
        token.save()
    return token, key


@transaction.atomic
def revoke_token(actor: User | None, *, token: ApiToken, reason: str) -> None:
    """Make a token worthless at once: one's own, or by administration.

    Errors:
        PermissionDenied: neither the holder nor somebody who manages the account.
        ValidationError: ``already_revoked``, ``reason_required``.
    """
    require_reason(reason)
    locked = (
        ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    )
    own = actor is not None and actor.pk == locked.user_id
    if not own and not permissions.may_manage(actor, locked.user):
        raise PermissionDenied(_("Solo administración anula claves de otras cuentas."))
    if locked.revoked_at is not None:
        raise ValidationError(_("La clave ya está anulada."), code="already_revoked")
    with acting(actor, reason=reason):
        _revoke(locked)


def end_sessions(account: User, *, keep: str | None = None) -> int:
    """End the sessions of an account at once, but the one with the key `keep`.

    Returns:
        How many ended.
    """
    ended = 0
    for session in UserSession.objects.filter(user=account).exclude(session_key=keep or ""):
        session.end()
        ended += 1
    return ended


def _lock_administration() -> None:
    """Let one act at a time decide about who can open accounts."""
    Group.objects.select_for_update(no_key=True).get(name=Role.ADMINISTRATION)


def _locked(actor: User | None, account: User) -> User:
    """Return the account as it is now, locked, if the actor manages it."""
    locked: User = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not permissions.may_manage(actor, locked):
        raise PermissionDenied(_("Solo administración cambia otras cuentas."))
    return locked


def _refuse_last_administrator(account: User) -> None:
    remaining = User.objects.administrators().exclude(pk=account.pk)
    if User.objects.administrators().filter(pk=account.pk).exists() and not remaining.exists():
        raise ValidationError(
            _(
                "Es la última cuenta de administración: nadie podría abrir cuentas. "
                "Dé antes el rol a otra persona."
            ),
            code="last_administrator",
        )


def _assign(actor: User | None, account: User, role: Role) -> RoleAssignment:
    if actor is not None and actor.pk == account.pk:
        raise ValidationError(_("Nadie se da un rol a sí mismo."), code="own_role")
    if not permissions.may_assign(actor, account, role):
        raise PermissionDenied(_("Solo administración da y quita roles."))
    group = Group.objects.get(name=Role(role).value)
    if RoleAssignment.objects.filter(user=account, group=group).exists():
        raise ValidationError(_("La cuenta ya tiene ese rol."), code="role_held")
    assignment = RoleAssignment(user=account, group=group)
    assignment.full_clean()
    assignment.save()
    return assignment


def _revoke(token: ApiToken) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def _provisional_password() -> str:
    """Three groups of four letters and digits, easy to read out: 59 random bits."""
    return "-".join(
        "".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(4)) for _group in range(3)
    )
