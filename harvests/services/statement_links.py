"""Letting a family read its own statement by a QR, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests.models import StatementLink
from harvests.statement_codes import digest_of, is_code, new_code
from kallari.history.context import acting, require_reason
from members.models import Family
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def make_statement_link(
    *, actor: User | None, family: Family, reason: str = ""
) -> tuple[StatementLink, str]:
    """Make the code that opens the statement of a family, and return it: nobody can read it again.
    One that it had opens nothing any more."""
    with acting(actor, reason=reason or gettext("Se imprimió otro código.")):
        family = locked(family)
        for earlier in StatementLink.objects.in_force().filter(family=family):
            _revoke(earlier, gettext("Se imprimió otro código."))
        code = new_code()
        link = StatementLink(family=family, digest=digest_of(code))
        link.full_clean()
        link.save()
    return link, code


@transaction.atomic
def revoke_statement_link(*, actor: User | None, link: StatementLink, reason: str) -> StatementLink:
    """A paper is lost: its code opens nothing any more, for good.

    Raises:
        ValidationError: ``reason_required``; ``revoked`` already.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(link.family)
        link = locked(link)
        if not link.is_in_force:
            raise ValidationError(_("Ese código ya está anulado."), code="revoked")
        _revoke(link, reason[:200])
    return link


def family_by_code(code: str) -> Family | None:
    """Return whose statement a code opens; None for a code that never was or was revoked. One
    query."""
    if not is_code(code):
        return None
    link = (
        StatementLink.objects.in_force()  # public: the code is the key
        .filter(digest=digest_of(code))
        .select_related("family__community")
        .first()
    )
    return None if link is None else link.family


def _revoke(link: StatementLink, because: str) -> None:
    link.revoked_on, link.revoked_because = timezone.localdate(), because
    link.full_clean()
    link.save()
