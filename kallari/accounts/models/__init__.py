"""Who may sign in, and with what rights."""

from kallari.accounts.models.token import ApiToken
from kallari.accounts.models.user import RoleAssignment, User

__all__ = ["ApiToken", "RoleAssignment", "User"]
