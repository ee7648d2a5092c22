"""Everything about one's own account, under /cuenta/.

The names are those that allauth's own code reverses. What is not listed here (sign-up, e-mail,
password reset by e-mail) does not exist: accounts are opened, and forgotten passwords replaced,
by administration.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from kallari.accounts import views

urlpatterns = [
    # name                                      template
    path("", views.own_account, name="account_home"),  # accounts/home.html
    path("entrar/", account.login, name="account_login"),  # account/login.html
    path("entrar/llave/", passkeys.login_webauthn, name="mfa_login_webauthn"),  # none
    path("entrar/codigo/", second_factor.authenticate, name="mfa_authenticate"),
    path("salir/", account.logout, name="account_logout"),  # account/logout.html
    path("confirmar/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmar/codigo/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("confirmar/llave/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("contrasena/", views.change_password, name="account_change_password"),
    path("segundo-factor/", second_factor.index, name="mfa_index"),
    path("segundo-factor/aplicacion/", app.activate_totp, name="mfa_activate_totp"),
    path("segundo-factor/aplicacion/quitar/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "segundo-factor/codigos/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "segundo-factor/codigos/nuevos/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("segundo-factor/llaves/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("segundo-factor/llaves/nueva/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "segundo-factor/llaves/<int:pk>/nombre/",
        passkeys.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
    path(
        "segundo-factor/llaves/<int:pk>/quitar/",
        views.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("sesiones/", views.sessions, name="usersessions_list"),
    path("sesiones/<int:pk>/cerrar/", views.end_session, name="usersessions_end"),  # POST only
    path("claves/<int:pk>/anular/", views.revoke_token, name="account_revoke_token"),  # POST only
]
