"""What allauth and axes write, followed up where no hook of theirs reaches."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from kallari.accounts import services
from kallari.accounts.models import User


@receiver([post_save, post_delete], sender=Authenticator)
def keep_second_factor_on_the_account(instance: Authenticator, **kwargs: Any) -> None:
    """A factor was added or removed (not merely used): the account shows it, with history."""
    if kwargs.get("created", True):
        services.note_second_factor(instance.user_id)


@receiver(authenticator_added)
def start_afresh(
    request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """With a new factor the session gets a new key, and the others, which never proved it, end."""
    if authenticator.type not in services.SECOND_FACTORS:
        return
    former = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)
    services.end_sessions(user, keep=request.session.session_key)


@receiver(pre_save, sender=AccessAttempt)
def store_nothing_that_was_typed(instance: AccessAttempt, **_kwargs: Any) -> None:
    """Axes keeps whole forms; people type passwords and cédulas into the wrong box."""
    instance.get_data = instance.post_data = ""
