"""The eleven accounts to try every role with. The people are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group

from kallari.accounts.models import RoleAssignment, User
from kallari.roles import Role

if TYPE_CHECKING:
    from kallari.demo import DemoContext


@dataclass(frozen=True)
class DemoAccount:
    """One line of the table that ``manage.py up`` prints. `role` is None for the superuser."""

    username: str
    password: str
    full_name: str
    role: Role | None

    @property
    def role_label(self) -> str:
        """The role's name on the screen."""
        return str(self.role.label) if self.role else "Instalación"


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("admin", "sacha-semilla-11", "Killa Shiguango Cerda", None),
    DemoAccount("administracion", "sacha-cacao-22", "Rosa Elena Grefa Andi", Role.ADMINISTRATION),
    DemoAccount("gerencia", "sacha-guayusa-33", "Bolívar Tanguila Alvarado", Role.MANAGER),
    DemoAccount("acopio", "sacha-balanza-44", "Inti Licuy Yumbo", Role.CENTER_OPERATOR),
    DemoAccount("tecnico", "sacha-chakra-55", "Wilmer Calapucha Tapuy", Role.EXTENSION_AGENT),
    DemoAccount("contabilidad", "sacha-quintal-66", "Gladys Narváez Chimbo", Role.ACCOUNTANT),
    DemoAccount("vigilancia1", "sacha-espejo-71", "Carmela Aguinda Vargas", Role.SURVEILLANCE),
    DemoAccount("vigilancia2", "sacha-espejo-72", "Fausto Mamallacta Dahua", Role.SURVEILLANCE),
    DemoAccount("vigilancia3", "sacha-espejo-73", "Zoila Cerda Pauchi", Role.SURVEILLANCE),
    DemoAccount("delegado", "sacha-minga-88", "Sacha Huatatoca Salazar", Role.DELEGATE),
    DemoAccount("auditor", "sacha-lupa-2299", "Jorge Andrés Villacís Mora", Role.AUDITOR),
)
"""Users, passwords and names; served on loopback only (see ``manage.py up``)."""


def in_use() -> bool:
    """Whether somebody has an account."""
    return User.objects.exists()


def load(context: DemoContext) -> None:
    """Make the accounts; later apps find them in ``loaded["users"]`` by username."""
    groups = {group.name: group for group in Group.objects.all()}
    users: dict[str, User] = {}
    for account in DEMO_ACCOUNTS:
        user = User(
            username=account.username,
            full_name=account.full_name,
            is_superuser=account.role is None,
            is_demo=True,
        )
        user.set_password(account.password)
        user.full_clean(exclude=["password"])
        user.save()
        if account.role is not None:
            RoleAssignment.objects.create(user=user, group=groups[account.role.value])
        users[account.username] = user
    context.loaded["users"] = users
