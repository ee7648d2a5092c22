"""What happens to accounts, who may do it, and what history keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.core import checks
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from kallari import roles
from kallari.accounts import services
from kallari.accounts.models import RoleAssignment, User
from kallari.roles import Role
from tests.accounts.door import CEDULA, changed, is_in, type_in
from tests.people import PASSWORD, make_account

pytestmark = pytest.mark.django_db
NOT_ADMINISTRATION = [role for role in Role.values if role != Role.ADMINISTRATION] + ["nobody"]


@pytest.fixture
def rosa() -> User:
    return make_account("delegate", username="rosa")


def refusal_of(act: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as refusal:
        act()
    return str(refusal.value.code)


# --- Opening and correcting ---------------------------------------------------------------------


def test_an_account_is_opened_with_roles_and_a_provisional_password(administration: User) -> None:
    account, password = services.open_account(
        administration,
        username="rosa.grefa",
        full_name="Rosa Grefa",
        cedula="150012345-8",
        given_roles=[Role.DELEGATE],
        reason="Elegida por su comunidad",
    )
    assert account.cedula == CEDULA
    assert account.role_names == {"delegate"}
    assert account.must_change_password
    for row in (account.history.get(), RoleAssignment.objects.get(user=account).history.get()):
        assert row.history_user_id == administration.pk
        assert row.history_change_reason == "Elegida por su comunidad"
    client = Client()
    assert type_in(client, CEDULA, password).status_code == 302


def test_provisional_passwords_differ_and_are_easy_to_read_out() -> None:
    drawn = {services.open_account(None, username=f"a{n}", full_name="")[1] for n in range(20)}
    assert len(drawn) == 20
    for password in drawn:
        assert [len(group) for group in password.split("-")] == [4, 4, 4]
        assert not set(password) & set("l1io0O")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "ROSA"}, "__all__"),
        ({"cedula": "1500123459"}, "cedula"),
        ({"cedula": CEDULA}, "cedula"),
        ({"username": "1710034065"}, "__all__"),
        ({"username": "con espacio"}, "username"),
        ({"username": ""}, "username"),
    ],
)
def test_an_account_that_will_not_do_is_not_opened(
    administration: User, rosa: User, fields: dict[str, str], field: str
) -> None:
    changed(rosa, "La trae en la mano", cedula=CEDULA)
    good: dict[str, Any] = {"username": "luis", "full_name": "Luis", "cedula": "1710034065"}
    with pytest.raises(ValidationError) as refusal:
        services.open_account(administration, **good | fields)
    assert field in refusal.value.message_dict
    services.open_account(administration, **good)


def test_a_correction_is_kept_with_its_reason(administration: User, rosa: User) -> None:
    assert (
        refusal_of(
            lambda: services.correct_account(
                administration, account=rosa, full_name="Rosa Grefa", reason=" "
            )
        )
        == "reason_required"
    )
    services.correct_account(
        administration, account=rosa, full_name="Rosa Grefa", reason="El acta trae el apellido"
    )
    newest = rosa.history.first()
    assert (newest.full_name, newest.history_change_reason) == (
        "Rosa Grefa",
        "El acta trae el apellido",
    )
    with pytest.raises(TypeError):
        services.correct_account(administration, account=rosa, is_superuser=True, reason="ja")


# --- Closing ------------------------------------------------------------------------------------


def test_a_closed_account_is_out_at_once_and_comes_back_with_its_password(
    administration: User, rosa: User
) -> None:
    browser = Client()
    type_in(browser, "rosa")
    services.close_account(administration, account=rosa, reason="Terminó su período")
    assert not is_in(browser)
    assert not UserSession.objects.filter(user=rosa).exists()
    assert type_in(browser, "rosa").status_code == 200
    assert rosa.history.first().history_change_reason == "Terminó su período"
    assert (
        refusal_of(lambda: services.close_account(administration, account=rosa, reason="Otra vez"))
        == "already_closed"
    )
    services.reopen_account(administration, account=rosa, reason="Reelegida")
    assert type_in(browser, "rosa").status_code == 302


def test_nobody_closes_their_own_account(administration: User, superuser: User) -> None:
    for actor in (administration, superuser):
        close = partial(services.close_account, actor, account=actor, reason="Me voy")
        assert refusal_of(close) == "own_account"


def test_the_last_administrator_stays(administration: User) -> None:
    def close() -> object:
        return services.close_account(None, account=administration, reason="Se fue")

    def take() -> object:
        return services.take_role(
            None, account=administration, role=Role.ADMINISTRATION, reason="Se fue"
        )

    assert refusal_of(close) == "last_administrator"
    assert refusal_of(take) == "last_administrator"
    make_account(
        "administration",
        username="luisa",
    )
    services.take_role(None, account=administration, role=Role.ADMINISTRATION, reason="Relevo")
    services.close_account(None, account=administration, reason="Se fue")


def test_a_superuser_counts_as_who_can_open_accounts(administration: User, superuser: User) -> None:
    services.close_account(superuser, account=administration, reason="Se fue")
    assert (
        refusal_of(lambda: services.close_account(None, account=superuser, reason="Se fue"))
        == "last_administrator"
    )


def test_a_closed_administrator_does_not_count(administration: User) -> None:
    luisa = make_account("administration", username="luisa")
    services.close_account(administration, account=luisa, reason="Se fue")
    assert (
        refusal_of(lambda: services.close_account(None, account=administration, reason="x"))
        == "last_administrator"
    )


def _close_each_other(monkeypatch: pytest.MonkeyPatch, *, wait_for_both: bool) -> int:
    """Two administrators close each other at the same moment; return how many remain.

    Each thread stops after its check until the other has checked too, or, where the lock keeps
    the other from getting so far, for a second.
    """
    pair = [make_account("administration", username=name) for name in ("luisa", "rosa")]
    both_checked = threading.Barrier(2, timeout=10 if wait_for_both else 1)
    check = services._refuse_last_administrator

    def check_then_meet(account: User) -> None:
        check(account)
        try:
            both_checked.wait()
        except threading.BrokenBarrierError:
            if wait_for_both:
                raise

    monkeypatch.setattr(services, "_refuse_last_administrator", check_then_meet)
    outcomes: list[str] = []

    def close(actor: User, account: User) -> None:
        try:
            services.close_account(actor, account=account, reason="Discordia")
            outcomes.append("closed")
        except (ValidationError, PermissionDenied) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=close, args=(actor, account))
        for actor, account in (pair, reversed(pair))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    return User.objects.administrators().count()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_close_each_other_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _close_each_other(monkeypatch, wait_for_both=False) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_lock_administration", lambda: None)
    assert _close_each_other(monkeypatch, wait_for_both=True) == 0


# --- Roles --------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken_with_its_reason_and_works_at_once(
    administration: User, rosa: User
) -> None:
    rosa = User.objects.get(pk=rosa.pk)
    assert not rosa.has_perm("accounts.view_user")
    services.give_role(administration, account=rosa, role=Role.AUDITOR, reason="Audita 2027")
    fresh = User.objects.get(pk=rosa.pk)
    assert fresh.has_perm("accounts.view_user")
    assert rosa.has_role(Role.AUDITOR)
    assignment = RoleAssignment.objects.get(user=rosa, group__name="auditor")
    assert assignment.history.get().history_change_reason == "Audita 2027"

    services.take_role(administration, account=rosa, role=Role.AUDITOR, reason="Terminó")
    assert not User.objects.get(pk=rosa.pk).has_perm("accounts.view_user")
    assert not rosa.has_role(Role.AUDITOR)
    removed = RoleAssignment.history.filter(history_type="-").get()
    assert (removed.history_change_reason, removed.history_user_id) == (
        "Terminó",
        administration.pk,
    )


def test_a_role_is_held_once(administration: User, rosa: User) -> None:
    assert (
        refusal_of(
            lambda: services.give_role(
                administration, account=rosa, role=Role.DELEGATE, reason="Otra vez"
            )
        )
        == "role_held"
    )
    assert (
        refusal_of(
            lambda: services.take_role(
                administration, account=rosa, role=Role.AUDITOR, reason="No la tiene"
            )
        )
        == "role_not_held"
    )


def test_nobody_gives_themselves_a_role(administration: User, superuser: User) -> None:
    for actor in (administration, superuser):
        give = partial(
            services.give_role, actor, account=actor, role=Role.ACCOUNTANT, reason="Para ayudar"
        )
        assert refusal_of(give) == "own_role"
        assert not RoleAssignment.objects.filter(user=actor, group__name="accountant").exists()


def test_a_closed_account_gets_no_role(administration: User, rosa: User) -> None:
    services.close_account(administration, account=rosa, reason="Se fue")
    assert (
        refusal_of(
            lambda: services.give_role(
                administration, account=rosa, role=Role.AUDITOR, reason="Audita"
            )
        )
        == "account_closed"
    )


# --- Passwords ----------------------------------------------------------------------------------


def test_a_replaced_password_is_provisional_and_lifts_the_lock(
    administration: User, rosa: User
) -> None:
    browser = Client()
    type_in(browser, "rosa")
    for _time in range(8):
        type_in(Client(), "rosa", "una clave equivocada")
    assert type_in(Client(), "rosa").status_code == 429
    password = services.reset_password(administration, account=rosa, reason="La olvidó")
    assert not AccessAttempt.objects.exists()
    assert not is_in(browser)
    assert type_in(Client(), "rosa").status_code == 200
    type_in(browser, "rosa", password)

    for page in ("/", "/cuenta/", "/cuenta/segundo-factor/"):
        assert browser.get(page)["Location"].startswith("/cuenta/contrasena/")
    assert browser.get("/cuenta/contrasena/").status_code == 200
    new = "lluvia sobre hojas de cacao"
    unchanged = {"oldpassword": password, "password1": password, "password2": password}
    assert browser.post("/cuenta/contrasena/", unchanged).status_code == 200
    assert browser.get("/").status_code == 302
    browser.post(
        "/cuenta/contrasena/", {"oldpassword": password, "password1": new, "password2": new}
    )
    assert browser.get("/").status_code == 200
    reasons = [row.history_change_reason for row in rosa.history.all()[:2]]
    assert reasons == ["Cambió su propia contraseña.", "La olvidó"]


def test_a_program_reads_that_the_password_is_provisional(rosa: User) -> None:
    password = services.reset_password(None, account=rosa, reason="La olvidó")
    browser = Client()
    type_in(browser, "rosa", password)
    answer = browser.get("/api/v1/")
    assert answer.status_code in {403, 404}
    if answer.status_code == 403:
        assert answer.json()["code"] == "password_change_required"


def test_ones_own_password_is_not_replaced_but_changed(administration: User) -> None:
    assert (
        refusal_of(
            lambda: services.reset_password(
                administration, account=administration, reason="La olvidé"
            )
        )
        == "own_password"
    )


def test_choosing_the_same_password_again_is_refused(rosa: User) -> None:
    assert (
        refusal_of(lambda: services.change_password(rosa, password=PASSWORD))
        == "password_unchanged"
    )


# --- Who may ------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[User, User], object]] = {
    "open": lambda actor, _rosa: services.open_account(actor, username="nueva", full_name="N"),
    "correct": lambda actor, rosa: services.correct_account(
        actor, account=rosa, full_name="Otra", reason="x"
    ),
    "close": lambda actor, rosa: services.close_account(actor, account=rosa, reason="x"),
    "reopen": lambda actor, rosa: services.reopen_account(actor, account=rosa, reason="x"),
    "give": lambda actor, rosa: services.give_role(
        actor, account=rosa, role=Role.ADMINISTRATION, reason="x"
    ),
    "take": lambda actor, rosa: services.take_role(
        actor, account=rosa, role=Role.DELEGATE, reason="x"
    ),
    "reset password": lambda actor, rosa: services.reset_password(actor, account=rosa, reason="x"),
    "reset second factor": lambda actor, rosa: services.reset_second_factor(
        actor, account=rosa, reason="x"
    ),
    "revoke": lambda actor, rosa: services.revoke_token(
        actor, token=rosa.api_tokens.get(), reason="x"
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", NOT_ADMINISTRATION)
def test_only_administration_manages_accounts(
    role: str, act: str, rosa: User, administration: User
) -> None:
    services.make_token(rosa, account=rosa)
    if act == "reopen":
        services.close_account(None, account=rosa, reason="Se fue")
    before = list(rosa.history.values_list("pk", flat=True))
    with pytest.raises(PermissionDenied):
        ACTS[act](make_account(role, username="intrusa"), rosa)
    assert list(rosa.history.values_list("pk", flat=True)) == before
    assert not User.objects.filter(username="nueva").exists()
    ACTS[act](administration, rosa)


@pytest.mark.parametrize("act", [act for act in ACTS if act not in {"open", "take", "reopen"}])
def test_a_superuser_is_out_of_reach_of_administration(
    act: str, superuser: User, administration: User
) -> None:
    services.make_token(superuser, account=superuser)
    with pytest.raises(PermissionDenied):
        ACTS[act](administration, superuser)
    ACTS[act](make_account("superuser", username="instalacion"), superuser)


def test_a_closed_administrator_manages_nothing_more(administration: User, rosa: User) -> None:
    make_account("administration", username="luisa")
    services.close_account(None, account=administration, reason="Se fue")
    administration.refresh_from_db()
    with pytest.raises(PermissionDenied):
        services.correct_account(administration, account=rosa, full_name="x", reason="x")


def test_no_service_makes_a_superuser(administration: User) -> None:
    account, _password = services.open_account(
        administration, username="x", full_name="", given_roles=list(Role)
    )
    assert not account.is_superuser
    with pytest.raises(TypeError):
        services.open_account(administration, username="y", full_name="", is_superuser=True)  # type: ignore[call-arg]


def test_accounts_are_visible_to_who_oversees_them(rosa: User, account: Any) -> None:
    readers = {"administration", "manager", "accountant", "surveillance", "auditor", "superuser"}
    for role in [*Role.values, "superuser", "nobody"]:
        viewer = account(role)
        seen = User.objects.visible_to(viewer)
        assert viewer in seen
        assert (rosa in seen) is (role in readers)


# --- The groups ---------------------------------------------------------------------------------


def test_the_groups_hold_the_matrix_and_nothing_else(db: None) -> None:
    stray = Group.objects.create(name="amigas")
    manager = Group.objects.get(name="manager")
    wanted = set(manager.permissions.values_list("pk", flat=True))
    assert wanted
    lost = manager.permissions.earliest("pk")
    gained = Group.objects.get(name="administration")
    manager.permissions.remove(lost)
    manager.permissions.add(*gained.permissions.all())
    stray.permissions.add(lost)

    roles.fill_groups()

    assert set(manager.permissions.values_list("pk", flat=True)) == wanted
    assert list(stray.permissions.all()) == [lost]
    for role in Role:
        group = Group.objects.get(name=role.value)
        codes = {
            f"{app}.{code}"
            for app, code in group.permissions.values_list("content_type__app_label", "codename")
        }
        assert codes == roles.permissions_of(role)


def test_filling_the_groups_again_writes_nothing(django_assert_num_queries: Any) -> None:
    roles.fill_groups()
    with django_assert_num_queries(4) as captured:
        roles.fill_groups()
    written = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith("SELECT")]
    assert len(written) == 1
    assert "ON CONFLICT DO NOTHING" in written[0]


def test_a_group_that_is_no_role_is_reported(db: None) -> None:
    def reported() -> list[str]:
        found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
        return [message.msg for message in found if message.id == "kallari.W010"]

    assert reported() == []
    Group.objects.create(name="amigas")
    assert reported() == ["The group “amigas” is no role of kallari/roles.py."]


def test_demonstration_accounts_are_reported_in_public_alone(settings: Any, rosa: User) -> None:
    def reported() -> int:
        found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
        return sum(message.id == "kallari.W011" for message in found)

    settings.HTTPS = True
    assert reported() == 0
    services.open_account(None, username="demo", full_name="", password="demo", is_demo=True)
    assert reported() == 1
    settings.HTTPS = False
    assert reported() == 0
