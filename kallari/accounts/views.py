"""The pages of one's own account that allauth lacks."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.views import PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kallari.accounts import devices, services
from kallari.accounts.models import ApiToken, User


class SignedInRequest(HttpRequest):
    """What a view behind `login_required` is given."""

    user: User


@login_required
@require_safe
def own_account(request: SignedInRequest) -> HttpResponse:
    """Who I am here, with what roles, how my account is protected, which programs act for me.

    Context: `tokens`, the account's valid API tokens, newest first.
    """
    tokens = ApiToken.objects.valid().filter(user=request.user)
    return render(request, "accounts/home.html", {"tokens": tokens})


@login_required
@require_POST
def revoke_token(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make one of my tokens worthless."""
    token = get_object_or_404(ApiToken.objects.valid().filter(user=request.user), pk=pk)
    services.revoke_token(request.user, token=token, reason="Anulada por quien la usaba.")
    messages.success(request, _("La clave quedó anulada."))
    return redirect("account_home")


class ChangePassword(PasswordChangeView):
    """Choose a new password; every other session of the account ends."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.end_sessions(self.request.user, keep=self.request.session.session_key)
        return response


change_password = ChangePassword.as_view()


class Sessions(ListUserSessionsView):
    """Where my account is signed in; one button ends all other sessions.

    Context: `sessions`, newest first, each with `device` (in words), `ip`, `created_at`,
    `last_seen_at` and `is_current`; `session_count`.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = devices.in_words(session.user_agent)
        context["sessions"].sort(key=lambda session: session.last_seen_at, reverse=True)
        return context


sessions = Sessions.as_view()


@login_required
@require_POST
def end_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """End one of my sessions at once; ending the one in use is signing out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        session.delete()
        logout(request)
        return redirect("account_login")
    session.end()
    messages.success(request, _("La sesión quedó cerrada."))
    return redirect("usersessions_list")


class RemovePasskey(RemoveWebAuthnView):
    """Remove one of my passkeys, unless it is the last factor that my role asks for."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect(self.get_success_url())
        return super().form_valid(form)


remove_passkey = RemovePasskey.as_view()
