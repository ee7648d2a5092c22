"""Reading people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from kallari.cedula import digits_of
from kallari.search.querysets import NamedQuerySet
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import BankAccount, Person  # noqa: F401


class PersonQuerySet(NamedQuerySet["Person"]):
    """Named filters over people."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities.

        Which columns are shown is another question: see
        `members.permissions.persons.may_identify`.
        """
        if not user.has_perm("members.view_person"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def alive(self) -> Self:
        """Those of whom no death is known."""
        return self.filter(died_on=None)

    def with_family(self) -> Self:
        """With family and community, and the membership of today, read in two queries."""
        from members.models import Partner

        present = Partner.objects.members().with_standing()
        return self.select_related("family__community").prefetch_related(
            models.Prefetch("partnerships", present, to_attr="present_partnerships")
        )

    def by_partner_number(self, number: int) -> Self:
        """Whoever has or had that number in the legal list."""
        return self.filter(partnerships__number=number)

    def find(self, text: str, *, by_cedula: bool) -> Self:
        """What a person who types `text` may mean: a name in any spelling or, where the asker may
        see identity numbers, a cédula or its beginning (four digits at least)."""
        digits = digits_of(text.strip())
        if digits.isascii() and digits.isdigit():
            if not by_cedula or len(digits) < 4:
                return self.none()
            return self.filter(cedula__startswith=digits)
        return self.search(text)


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    """Named filters over bank accounts."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_bankaccount") else self.none()

    def in_use(self) -> Self:
        """The accounts that money goes to now."""
        return self.filter(closed_on=None)
