"""The desk of accounts: what may be typed there, and what cannot be smuggled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from kallari.accounts import services
from kallari.accounts.models import RoleAssignment, User
from kallari.roles import Role
from tests.accounts.door import CEDULA, changed, is_in, type_in
from tests.people import make_account
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"
NO_REASON = "Escriba el motivo del cambio"


@pytest.fixture
def rosa() -> User:
    return make_account("delegate", username="rosa")


@pytest.fixture
def desk(client_of: Callable[[str], Client]) -> Client:
    return client_of("administration")


def roles_form(account: User | None = None, *given: str, taken: str = "") -> dict[str, Any]:
    """What the rows of roles send: those held, and those added below."""
    held = list(RoleAssignment.objects.filter(user=account).select_related("group"))
    sent: dict[str, Any] = {
        "roleassignment_set-TOTAL_FORMS": len(held) + len(given),
        "roleassignment_set-INITIAL_FORMS": len(held),
    }
    for n, assignment in enumerate(held):
        sent[f"roleassignment_set-{n}-id"] = assignment.pk
        sent[f"roleassignment_set-{n}-user"] = assignment.user_id
        sent[f"roleassignment_set-{n}-group"] = assignment.group_id
        if assignment.group.name == taken:
            sent[f"roleassignment_set-{n}-DELETE"] = "on"
    for n, role in enumerate(given, start=len(held)):
        sent[f"roleassignment_set-{n}-group"] = Group.objects.get(name=role).pk
    return sent


def account_form(account: User, **typed: Any) -> dict[str, Any]:
    """What the page of an account sends when nothing but `typed` was touched."""
    return {
        "username": account.username,
        "full_name": account.full_name,
        "cedula": account.cedula or "",
        "email": account.email,
        "change_reason": "Acta de enero",
    } | typed


def page_of(account: User) -> str:
    return f"{LIST}{account.pk}/change/"


def test_opening_an_account_shows_its_password_once(desk: Client) -> None:
    typed = {
        "username": "luis",
        "full_name": "Luis Shiguango",
        "cedula": "150012345-8",
        "email": "",
    }
    answer = desk.post(f"{LIST}add/", typed | roles_form(None, "delegate"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    password = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", answer.content.decode())
    assert password
    luis = User.objects.get(username="luis")
    assert (luis.cedula, luis.role_names) == (CEDULA, {"delegate"})
    assert luis.history.get().history_change_reason == "Cuenta abierta."
    assert type_in(Client(), "luis", password[0]).status_code == 302
    assert password[0] not in desk.get(page_of(luis)).content.decode()
    assert desk.post(f"{LIST}add/", typed | roles_form()).status_code == 200
    assert User.objects.filter(username="luis").count() == 1


def test_a_correction_asks_why(desk: Client, rosa: User) -> None:
    for reason, name in (("", rosa.full_name), ("El acta trae el apellido", "Rosa Grefa")):
        typed = account_form(rosa, full_name="Rosa Grefa", change_reason=reason)
        answer = desk.post(page_of(rosa), typed | roles_form(rosa))
        assert (NO_REASON in answer.content.decode()) == (not reason)
        rosa.refresh_from_db()
        assert rosa.full_name == name
    assert rosa.history.first().history_change_reason == "El acta trae el apellido"


def test_roles_are_given_and_taken_with_the_reason_on_the_page(desk: Client, rosa: User) -> None:
    sent = account_form(rosa, change_reason="Pasa a auditar")
    desk.post(page_of(rosa), sent | roles_form(rosa, "auditor", taken="delegate"))
    assert User.objects.get(pk=rosa.pk).role_names == {"auditor"}
    assert RoleAssignment.history.filter(history_type="-").get().history_change_reason == (
        "Pasa a auditar"
    )
    given = RoleAssignment.objects.get(user=rosa)
    assert given.history.get().history_change_reason == "Pasa a auditar"


def test_roles_go_by_the_names_that_people_know(desk: Client, rosa: User) -> None:
    page = desk.get(page_of(rosa)).content.decode()
    assert "Delegada o delegado" in page
    assert ">delegate<" not in "".join(page.split())


@pytest.mark.parametrize(
    "smuggled",
    [
        {"is_superuser": "on"},
        {"is_superuser": "1", "is_staff": "1", "is_demo": "1"},
        {"password": "md5$x$y", "password_fingerprint": "0" * 64},
        {"must_change_password": "", "second_factor_since_0": "2027-01-01"},
        {"user_permissions": "1", "groups": "1"},
        {"is_active": ""},
    ],
)
def test_what_the_page_does_not_ask_cannot_be_smuggled_in(
    desk: Client, rosa: User, smuggled: dict[str, str]
) -> None:
    before = User.objects.filter(pk=rosa.pk).values().get()
    held = rosa.role_names
    answer = desk.post(page_of(rosa), account_form(rosa) | roles_form(rosa) | smuggled)
    assert answer.status_code == 302
    assert User.objects.filter(pk=rosa.pk).values().get() == before
    assert User.objects.get(pk=rosa.pk).role_names == held


def test_administration_gives_itself_no_role(desk: Client, administration: User) -> None:
    sent = account_form(administration) | roles_form(administration, "accountant")
    answer = desk.post(page_of(administration), sent)
    assert "Nadie se da un rol a sí mismo" in answer.content.decode()
    assert User.objects.get(pk=administration.pk).role_names == {"administration"}


def test_a_role_of_another_account_is_not_moved_to_oneself(
    desk: Client, administration: User, rosa: User
) -> None:
    """The rows carry ids: those of somebody else's roles must not be accepted."""
    other = RoleAssignment.objects.get(user=rosa)
    sent = account_form(administration) | roles_form(administration)
    sent["roleassignment_set-0-id"] = other.pk
    sent["roleassignment_set-0-group"] = Group.objects.get(name="manager").pk
    desk.post(page_of(administration), sent)
    other.refresh_from_db()
    assert (other.user_id, other.group.name) == (rosa.pk, "delegate")
    assert User.objects.get(pk=administration.pk).role_names == {"administration"}


def test_a_group_that_is_no_role_is_not_offered(desk: Client, rosa: User) -> None:
    stray = Group.objects.create(name="amigas")
    stray.permissions.set(Permission.objects.all())
    sent = account_form(rosa) | roles_form(rosa, "amigas")
    assert desk.post(page_of(rosa), sent).status_code == 200
    assert User.objects.get(pk=rosa.pk).role_names == {"delegate"}


def test_a_superuser_is_shown_to_administration_and_not_changed(
    desk: Client, superuser: User
) -> None:
    assert desk.get(page_of(superuser)).status_code == 200
    sent = account_form(superuser, full_name="Otra") | roles_form(superuser, "delegate")
    assert desk.post(page_of(superuser), sent).status_code == 404
    for act in ("reset_password", "close_accounts", "reset_second_factor"):
        answer = act_on(desk, act, superuser)
        assert answer.status_code == 404
    after = User.objects.get(pk=superuser.pk)
    assert (after.full_name, after.is_active, after.role_names) == (
        superuser.full_name,
        True,
        frozenset(),
    )
    assert after.second_factor_since is not None


def act_on(desk: Client, act: str, *accounts: User, reason: str = "Acta de enero") -> Any:
    sent = {"action": act, "_selected_action": [account.pk for account in accounts]}
    return desk.post(LIST, sent | {"change_reason": reason})


@pytest.mark.parametrize("role", ["manager", "accountant"])
def test_who_uses_the_admin_without_being_administration_changes_no_account(
    client_of: Callable[[str], Client], rosa: User, role: str
) -> None:
    client = client_of(role)
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}add/").status_code == 404
    sent = account_form(rosa, full_name="Otra") | roles_form(rosa, "administration")
    assert client.post(page_of(rosa), sent).status_code == 404
    for act in ("reset_password", "close_accounts", "reset_second_factor", "reopen_accounts"):
        act_on(client, act, rosa)
    after = User.objects.get(pk=rosa.pk)
    assert (after.full_name, after.is_active, after.role_names, after.password) == (
        rosa.full_name,
        True,
        {"delegate"},
        rosa.password,
    )


@pytest.mark.parametrize(
    "role", ["center_operator", "extension_agent", "surveillance", "delegate", "auditor", "nobody"]
)
def test_the_others_do_not_see_the_desk(client_of: Callable[[str], Client], role: str) -> None:
    assert client_of(role).get(LIST).status_code == 404


def test_nobody_edits_groups_or_permissions_there(client_of: Callable[[str], Client]) -> None:
    for actor in ("administration", "superuser"):
        for page in ("auth/group/", "auth/permission/", "accounts/roleassignment/", "mfa/"):
            assert client_of(actor).get(f"/admin/{page}").status_code == 404


def test_closing_takes_a_reason_and_shuts_out_at_once(desk: Client, rosa: User) -> None:
    browser = Client()
    type_in(browser, "rosa")
    act_on(desk, "close_accounts", rosa, reason=" ")
    assert is_in(browser)
    act_on(desk, "close_accounts", rosa)
    assert not is_in(browser)
    assert rosa.history.first().history_change_reason == "Acta de enero"
    act_on(desk, "reopen_accounts", rosa)
    assert type_in(browser, "rosa").status_code == 302


def test_closing_several_is_all_or_nothing(desk: Client, administration: User, rosa: User) -> None:
    answer = desk.post(
        LIST,
        {
            "action": "close_accounts",
            "_selected_action": [rosa.pk, administration.pk],
            "change_reason": "Todas",
        },
        follow=True,
    )
    assert "última cuenta de administración" in answer.content.decode()
    assert not User.objects.filter(is_active=False).exists()


def test_a_provisional_password_is_given_to_one_person(desk: Client, rosa: User) -> None:
    luis = make_account("auditor", username="luis")
    assert act_on(desk, "reset_password", rosa, luis).status_code == 302
    assert not User.objects.filter(must_change_password=True).exists()
    answer = act_on(desk, "reset_password", rosa)
    assert "no-store" in answer["Cache-Control"]
    password = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", answer.content.decode())
    assert password
    browser = Client()
    type_in(browser, "rosa", password[0])
    assert browser.get("/")["Location"].startswith("/cuenta/contrasena/")


def test_accounts_are_never_deleted(desk: Client, superuser: User, rosa: User) -> None:
    for client in (desk, Client()):
        assert client.post(f"{LIST}{rosa.pk}/delete/", {"post": "yes"}).status_code in {302, 404}
    act_on(desk, "delete_selected", rosa)
    assert User.objects.filter(pk=rosa.pk).exists()


def test_a_cedula_is_found_and_an_error_keeps_what_was_typed(desk: Client, rosa: User) -> None:
    changed(rosa, "La trae en la mano", cedula=CEDULA)
    assert "rosa" in desk.get(LIST, {"q": CEDULA}).content.decode()
    sent = account_form(rosa, cedula="1500123459") | roles_form(rosa)
    answer = desk.post(page_of(rosa), sent)
    assert "dígito verificador" in answer.content.decode()
    assert "1500123459" in answer.content.decode()


def test_the_list_asks_the_same_for_few_and_many(desk: Client) -> None:
    def more(number: int) -> None:
        start = User.objects.count()
        for n in range(number):
            services.open_account(
                None, username=f"a{start + n}", full_name="", given_roles=[Role.DELEGATE]
            )

    def look() -> None:
        assert desk.get(LIST).status_code == 200

    assert_same_queries(more, look, many=30)
