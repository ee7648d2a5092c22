"""What happens in the life of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kallari.dates import refuse_future
from kallari.history.context import acting
from kallari.refusals import refusal_at
from kallari.search.spelling import search_key
from members.models import Community, CommunityAlias
from members.services.locks import locked

if TYPE_CHECKING:
    from datetime import date

    from kallari.accounts.models import User


def lock_spellings() -> None:
    """Let one transaction at a time decide which spelling means which community.

    The same lock that the triggers on both tables take; it comes before any lock on a row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members_community_spelling'))")


@transaction.atomic
def add_community(
    *,
    actor: User | None,
    name: str,
    canton: str = "",
    parish: str = "",
    note: str = "",
    reason: str = "",
    distinct: bool = False,
) -> Community:
    """Enter a village into the register.

    Args:
        distinct: somebody has looked, and it is another village in spite of a similar name.

    Raises:
        ValidationError: ``spelling_taken`` when the name, or one that differs in accents, case,
            spaces or punctuation only, already means a community; ``similar`` when a known name
            sounds the same or is a few letters away, unless `distinct`.
    """
    with acting(actor, reason=reason):
        lock_spellings()
        community = Community(name=name, canton=canton, parish=parish, note=note)
        community.full_clean()
        if not distinct:
            _refuse_similar(community.name)
        community.save()
    return community


def _refuse_similar(name: str) -> None:
    found = Community.objects.names().find(name)
    if not found.rows:
        return
    similar = Community.objects.filter(pk__in=found.rows).values_list("name", flat=True)
    raise refusal_at(
        "name",
        _(
            "Se parece a una comunidad registrada: %(communities)s. Si es la misma, "
            "añada a ella esta escritura; si es otra, confírmelo."
        ),
        code="similar",
        params={"communities": ", ".join(similar)},
    )


@transaction.atomic
def rename_community(
    *, actor: User | None, community: Community, name: str, reason: str
) -> Community:
    """Give a village another name. It stays found under the old one, which becomes a further
    spelling.

    Raises:
        ValidationError: as `add_community`; ``reason_required`` without a reason.
    """
    with acting(actor, reason=reason):
        lock_spellings()
        community = locked(community)
        old_name = community.name
        community.name = name
        community.full_clean()
        if community.name == old_name:
            return community
        community.save()
        known = CommunityAlias.objects.filter(search_key=search_key(old_name)).exists()
        if not known and search_key(old_name) != search_key(community.name):
            CommunityAlias.objects.create(
                community=community, spelling=old_name, source=str(_("nombre anterior"))
            )
        community.refresh_from_db()
    return community


@transaction.atomic
def correct_community(
    *,
    actor: User | None,
    community: Community,
    reason: str,
    canton: str | None = None,
    parish: str | None = None,
    note: str | None = None,
) -> Community:
    """Correct where a village lies and what is noted about it; None leaves a field as it is.

    Raises:
        ValidationError: ``reason_required`` without a reason.
    """
    with acting(actor, reason=reason):
        community = locked(community)
        wanted = {"canton": canton, "parish": parish, "note": note}
        changed = {
            field: value
            for field, value in wanted.items()
            if value is not None and value != getattr(community, field)
        }
        if not changed:
            return community
        for field, value in changed.items():
            setattr(community, field, value)
        community.full_clean()
        community.save()
    return community


@transaction.atomic
def add_alias(
    *,
    actor: User | None,
    community: Community,
    spelling: str,
    source: str = "",
    reason: str = "",
) -> CommunityAlias:
    """Let a village be found under one more spelling.

    Raises:
        ValidationError: ``spelling_taken`` when it already means another community,
            ``alias_known`` when this one is found under it anyway.
    """
    with acting(actor, reason=reason):
        lock_spellings()
        community = locked(community)
        alias = CommunityAlias(community=community, spelling=spelling, source=source)
        alias.clean()
        known = Community.objects.filter(pk=community.pk, search_key=search_key(alias.spelling))
        if (
            known.exists()
            or community.aliases.filter(search_key=search_key(alias.spelling)).exists()
        ):
            raise refusal_at(
                "spelling",
                _("%(community)s ya se encuentra con esa escritura."),
                code="alias_known",
                params={"community": community.name},
            )
        alias.full_clean()
        alias.save()
    return alias


@transaction.atomic
def close_community(
    *, actor: User | None, community: Community, closed_on: date, reason: str
) -> Community:
    """Note that the association no longer works in a village, from a day on.

    Raises:
        ValidationError: ``already_closed``; ``in_the_future``; ``reason_required`` without a
            reason.
    """
    with acting(actor, reason=reason):
        community = locked(community)
        if not community.is_open:
            raise ValidationError(
                _("La comunidad %(community)s ya está cerrada."),
                code="already_closed",
                params={"community": community.name},
            )
        refuse_future("closed_on", closed_on)
        community.closed_on = closed_on
        community.full_clean()
        community.save()
    return community


@transaction.atomic
def reopen_community(*, actor: User | None, community: Community, reason: str) -> Community:
    """Take up work in a closed village again.

    Raises:
        ValidationError: ``not_closed``; ``reason_required`` without a reason.
    """
    with acting(actor, reason=reason):
        community = locked(community)
        if community.is_open:
            raise ValidationError(
                _("La comunidad %(community)s no está cerrada."),
                code="not_closed",
                params={"community": community.name},
            )
        community.closed_on = None
        community.full_clean()
        community.save()
    return community
