"""The account and the roles it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari import roles
from kallari.accounts.querysets import UserQuerySet
from kallari.cedula import CedulaField
from kallari.history.context import acting
from kallari.history.records import History, never_removed


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts; finds them by username without regard to case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person's key to the application. Closed when the person leaves, never removed.

    A superuser installs and repairs; the work of the association is done in roles.
    """

    username = models.CharField(
        _("usuario"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Ya existe una cuenta con ese usuario.")},
    )
    full_name = models.CharField(_("nombre completo"), max_length=150, blank=True)
    cedula = CedulaField(
        unique=True,
        null=True,
        blank=True,
        help_text=_("Sirve también para entrar, en lugar del usuario."),
        error_messages={"unique": _("Ya existe una cuenta con esa cédula.")},
    )
    email = models.EmailField(_("correo electrónico"), blank=True)
    is_active = models.BooleanField(
        _("puede entrar"),
        default=True,
        help_text=_("Una cuenta cerrada no entra más; las cuentas no se borran."),
    )
    is_demo = models.BooleanField(_("cuenta de demostración"), default=False, editable=False)
    joined_at = models.DateTimeField(_("creada"), default=timezone.now, editable=False)
    must_change_password = models.BooleanField(
        _("debe elegir contraseña"),
        default=False,
        editable=False,
        help_text=_("La contraseña actual es provisional: otra persona la conoce."),
    )
    second_factor_since = models.DateTimeField(
        _("segundo factor desde"), null=True, blank=True, editable=False
    )
    password_fingerprint = models.CharField(
        _("huella de la contraseña"), max_length=64, blank=True, editable=False
    )
    groups = models.ManyToManyField(  # type: ignore[assignment]  # through our own table
        Group, through="accounts.RoleAssignment", related_name="user_set", verbose_name=_("roles")
    )
    user_permissions = None  # type: ignore[assignment]  # rights come from roles alone

    objects: ClassVar[UserManager] = UserManager()
    history = History(
        excluded_fields=["password", "last_login"], masked_fields=["password_fingerprint"]
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("cuenta")
        verbose_name_plural = _("cuentas")
        ordering: ClassVar[list[str]] = ["username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_account_a_username",
                violation_error_message=_("Ya existe una cuenta con ese usuario."),
            ),
            models.CheckConstraint(
                condition=models.Q(username__regex=r"[^0-9-]"),
                name="a_username_is_no_number",
                violation_error_message=_(
                    "El usuario lleva al menos una letra, para no confundirse con una cédula."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    password_fingerprint=models.Func(
                        models.Func(
                            models.F("password"),
                            function="sha256",
                            template="%(function)s(convert_to(%(expressions)s, 'UTF8'))",
                        ),
                        function="encode",
                        template="%(function)s(%(expressions)s, 'hex')",
                        output_field=models.CharField(),
                    )
                ),
                name="password_fingerprint_fits_the_password",
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.username

    def clean(self) -> None:
        super().clean()
        self._take_fingerprint()

    def _take_fingerprint(self) -> None:
        self.password_fingerprint = hashlib.sha256(self.password.encode()).hexdigest()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keep the fingerprint beside the password hash, so that history shows that a password
        changed, and a password changed by plain SQL is found, without keeping the hash."""
        self._take_fingerprint()
        if update_fields is not None and "password" in update_fields:
            update_fields = {*update_fields, "password_fingerprint"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. A hash of an older kind is replaced on the way, in the
        name of the account, with a reason of its own."""

        def keep_by_the_present_method(password: str) -> None:
            self.set_password(password)
            self._password = None  # as Django does: what was not chosen now is not validated
            with acting(self, reason="La misma contraseña, guardada con el método vigente."):
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, keep_by_the_present_method)

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles held, as group names; read once for each loaded account."""
        return frozenset(group.name for group in self.groups.all())

    @property
    def role_labels(self) -> str:
        """The roles as text, for history and for the screen."""
        names = roles.labels(self.role_names)
        if self.is_superuser:
            return f"{_('Instalación')}, {names}" if names else str(_("Instalación"))
        return names

    def has_role(self, *wanted: roles.Role) -> bool:
        """Whether the account holds any of the roles. A superuser holds none by itself."""
        return not self.role_names.isdisjoint(wanted)

    @property
    def is_staff(self) -> bool:
        """Whether the account may open /admin/."""
        return self.is_superuser or not self.role_names.isdisjoint(roles.USES_ADMIN)

    @property
    def must_have_second_factor(self) -> bool:
        """Whether the account's power asks for more than a password."""
        return self.is_superuser or not self.role_names.isdisjoint(roles.NEEDS_SECOND_FACTOR)

    @property
    def owes_second_factor(self) -> bool:
        """Whether the account needs a second factor here: not where the settings exempt it."""
        if not settings.REQUIRE_SECOND_FACTOR:
            return False
        if self.is_demo and settings.DEMO_WITHOUT_SECOND_FACTOR:
            return False
        return self.must_have_second_factor

    @property
    def lacks_second_factor(self) -> bool:
        """Whether the account can do nothing before it has a second factor."""
        return self.second_factor_since is None and self.owes_second_factor


class RoleAssignment(models.Model):
    """One account holds one role. Given and taken with history, so that nobody was ever
    something without a trace."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("cuenta"))
    group = models.ForeignKey(Group, models.PROTECT, verbose_name=_("rol"))
    role = models.CharField(
        _("nombre del rol"), max_length=30, choices=roles.Role.choices, editable=False
    )
    """The group's name as it was given. Groups have no history: without this, whoever exchanges
    the names of two groups with SQL would exchange what their holders may do, unseen."""

    history = History()

    class Meta:
        verbose_name = _("rol de una cuenta")
        verbose_name_plural = _("roles de las cuentas")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "group"],
                name="one_assignment_an_account_and_role",
                violation_error_message=_("La cuenta ya tiene ese rol."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.group}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the role's name, which never changes after."""
        self.role = self.role or self.group.name
        super().save(*args, **kwargs)
