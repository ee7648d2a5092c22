"""The admin: why, by whom, in our words, within our rights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
import unfold
from django.core.exceptions import ValidationError
from django.db import Error, connection, models, transaction
from django.template import Context, Template
from django.test import Client
from django.urls import path

from kallari import urls as kallari_urls
from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.admin_icons import with_house_icons
from kallari.admin_records import RecordAdmin, RecordTabularInline
from kallari.admin_site import KallariAdminSite
from kallari.history.context import acting
from kallari.refusals import in_words
from tests.people import sign_in

# A site of its own, so that these facts hold whatever the apps show in theirs.


class TokensOfAccount(RecordTabularInline):
    model = ApiToken
    fields: ClassVar[list[str]] = ["label"]

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return True  # the matrix lets nobody change a token


class AccountPages(RecordAdmin):
    fields: ClassVar[list[str]] = ["username", "full_name"]
    list_display: ClassVar[list[str]] = ["username", "full_name"]
    search_fields: ClassVar[list[str]] = ["username"]
    inlines: ClassVar[list[Any]] = [TokensOfAccount]
    actions: ClassVar[list[str]] = ["close_accounts", "count_accounts"]

    def close_accounts(self, request: Any, queryset: models.QuerySet[User]) -> None:
        for user in queryset:
            user.is_active = False
            user.save()

    def count_accounts(self, request: Any, queryset: models.QuerySet[User]) -> None:
        self.message_user(request, f"{queryset.count()} cuentas contadas")

    count_accounts.only_reads = True  # type: ignore[attr-defined]

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        if obj.full_name == "Nadie":
            raise ValidationError({"full_name": "Ese nombre no es de nadie."})
        super().save_model(request, obj, form, change)


class AssignmentPages(RecordAdmin):
    pass


site = KallariAdminSite(name="admin")
site.register(User, AccountPages)
site.register(RoleAssignment, AssignmentPages)
of_the_house: list[Any] = kallari_urls.urlpatterns
urlpatterns = [
    path("admin/", site.urls),
    *(entry for entry in of_the_house if str(entry.pattern) != "admin/"),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def desk(client: Client, administration: User) -> Client:
    """A browser in which the administration is signed in."""
    sign_in(client, administration)
    return client


@pytest.fixture
def rosa() -> User:
    user = User.objects.create_user("rosa", "una clave larga", full_name="Rosa")
    ApiToken.objects.create(user=user, digest="0" * 64, label="balanza")
    return user


def typed(user: User, *, label: str = "balanza", **fields: str) -> dict[str, str]:
    """What the change form sends."""
    token = user.api_tokens.get()
    return {
        "username": user.username,
        "full_name": user.full_name,
        "api_tokens-TOTAL_FORMS": "1",
        "api_tokens-INITIAL_FORMS": "1",
        "api_tokens-0-id": str(token.pk),
        "api_tokens-0-user": str(user.pk),
        "api_tokens-0-label": label,
    } | fields


def address(record: models.Model, page: str = "change") -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/{page}/"


def test_a_change_without_its_reason_is_not_made_and_with_it_is(desk: Client, rosa: User) -> None:
    for reason, saved in (("", "Rosa"), ("   ", "Rosa"), ("El acta trae el apellido", "Rosa G")):
        answer = desk.post(
            address(rosa), typed(rosa, full_name="Rosa G") | {"change_reason": reason}
        )
        rosa.refresh_from_db()
        assert rosa.full_name == saved
        assert answer.status_code == (302 if saved == "Rosa G" else 200)
        if answer.status_code == 200:
            assert "Escriba el motivo del cambio" in answer.content.decode()
    newest = rosa.history.first()
    assert newest.history_change_reason == "El acta trae el apellido"
    assert newest.actor_name


def test_the_reason_covers_the_rows_below(desk: Client, rosa: User) -> None:
    token = rosa.api_tokens.get()
    sent = typed(rosa, label="balanza del centro")

    desk.post(address(rosa), sent)
    token.refresh_from_db()
    assert token.label == "balanza"

    desk.post(address(rosa), sent | {"change_reason": "Hay dos balanzas"})
    token.refresh_from_db()
    assert token.label == "balanza del centro"
    assert token.history.first().history_change_reason == "Hay dos balanzas"
    assert rosa.history.count() == 1, "the account itself was not changed"


def test_a_creation_asks_for_no_reason(desk: Client) -> None:
    assert "change_reason" not in desk.get("/admin/accounts/user/add/").content.decode()
    answer = desk.post(
        "/admin/accounts/user/add/",
        {
            "username": "nueva",
            "api_tokens-TOTAL_FORMS": "0",
            "api_tokens-INITIAL_FORMS": "0",
        },
    )
    assert answer.status_code == 302
    assert User.objects.get(username="nueva").history.get().history_type == "+"


def test_a_refusal_of_a_service_stands_at_its_field_and_saves_nothing(
    desk: Client, rosa: User
) -> None:
    sent = typed(rosa, label="otra") | {"change_reason": "Corrección"}
    answer = desk.post(address(rosa), sent | {"full_name": "Nadie"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {"full_name": ["Ese nombre no es de nadie."]}
    assert rosa.api_tokens.get().label == "balanza"

    assert desk.post(address(rosa), sent | {"full_name": "Alguien"}).status_code == 302
    assert rosa.api_tokens.get().label == "otra"


def test_removing_asks_for_a_reason(desk: Client, account: Any, manager: User) -> None:
    given = RoleAssignment.objects.get(user=manager)
    page = address(given, "delete")

    assert "Va a quitar" in desk.get(page).content.decode()
    refused = desk.post(page, {"post": "yes", "change_reason": " "})
    assert "Escriba el motivo del cambio" in refused.content.decode()
    assert RoleAssignment.objects.filter(pk=given.pk).exists()

    assert desk.post(page, {"post": "yes", "change_reason": "Terminó"}).status_code == 302
    assert not RoleAssignment.objects.filter(pk=given.pk).exists()
    assert RoleAssignment.history.filter(id=given.pk).first().history_change_reason == "Terminó"


def test_what_the_matrix_gives_to_nobody_not_even_a_superuser_does(
    client: Client, account: Any, rosa: User, manager: User
) -> None:
    sign_in(client, account("superuser"))
    assert client.get(address(rosa)).status_code == 200
    assert client.get(address(rosa, "delete")).status_code == 404
    given = RoleAssignment.objects.get(user=manager)
    assert client.post(address(given), {"change_reason": "porque sí"}).status_code == 404
    assert client.get(address(given, "delete")).status_code == 200


def test_who_has_no_right_finds_nothing(
    client: Client, account: Any, rosa: User, accountant: User
) -> None:
    sign_in(client, account("auditor"))
    assert client.get("/admin/").status_code == 404

    sign_in(client, accountant)  # may look at accounts, not change them
    shown = client.get(address(rosa))
    assert shown.status_code == 200
    assert "change_reason" not in shown.content.decode()
    assert client.post(address(rosa), typed(rosa)).status_code == 404
    assert client.get("/admin/accounts/user/add/").status_code == 404
    assert client.get("/admin/accounts/user/9999/change/").status_code == 404


def test_an_action_over_many_rows_asks_for_a_reason_unless_it_only_reads(
    desk: Client, rosa: User
) -> None:
    def run(action: str, reason: str) -> str:
        answer = desk.post(
            "/admin/accounts/user/",
            {"action": action, "_selected_action": rosa.pk, "index": 0, "change_reason": reason},
            follow=True,
        )
        return answer.content.decode()

    assert "Escriba el motivo del cambio" in run("close_accounts", "")
    assert User.objects.get(pk=rosa.pk).is_active
    run("close_accounts", "Se fue")
    assert not User.objects.get(pk=rosa.pk).is_active
    assert rosa.history.first().history_change_reason == "Se fue"
    assert "1 cuentas contadas" in run("count_accounts", "")


def test_nothing_is_removed_in_bulk(desk: Client, rosa: User, manager: User) -> None:
    given = RoleAssignment.objects.get(user=manager)
    assert "delete_selected" not in desk.get("/admin/accounts/roleassignment/").content.decode()
    desk.post(
        "/admin/accounts/roleassignment/",
        {
            "action": "delete_selected",
            "_selected_action": given.pk,
            "index": 0,
            "post": "yes",
            "change_reason": "limpieza",
        },
    )
    assert RoleAssignment.objects.filter(pk=given.pk).exists()


def test_pages_that_would_not_ask_why_are_refused() -> None:
    class Hasty(RecordAdmin):
        list_display: ClassVar[list[str]] = ["username", "full_name"]
        list_editable: ClassVar[list[str]] = ["full_name"]

    assert [found.id for found in Hasty(User, site).check()] == ["kallari.E001"]
    assert AccountPages(User, site).check() == []


@pytest.mark.parametrize(
    ("statement", "code", "sentence"),
    [
        ("DELETE FROM accounts_user", "never_removed", "Ciérrelo en su lugar"),
        ("DELETE FROM accounts_historicaluser", "append_only", "solo se añaden"),
        (
            "INSERT INTO accounts_roleassignment (user_id, group_id, role)"
            " SELECT user_id, group_id, role FROM accounts_roleassignment",
            "constraint",
            "La cuenta ya tiene ese rol.",
        ),
        (
            "INSERT INTO accounts_apitoken (user_id, digest, label, created_at)"
            " SELECT user_id, digest, label, created_at FROM accounts_apitoken",
            "unique",
            "Ya existe un registro con esos datos",
        ),
    ],
)
def test_what_the_database_refuses_is_said_in_words(
    statement: str, code: str, sentence: str, rosa: User, manager: User
) -> None:
    with pytest.raises(Error) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    told = in_words(refused.value)
    assert told.code == code
    assert sentence in told.messages[0]


def test_a_fault_is_not_mistaken_for_a_refusal() -> None:
    with pytest.raises(Error) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    with pytest.raises(Error):
        in_words(fault.value)


def test_nothing_changed_writes_no_history(desk: Client, rosa: User) -> None:
    answer = desk.post(address(rosa), typed(rosa) | {"change_reason": "Reviso"})
    assert answer.status_code == 302
    assert rosa.history.count() == 1
    assert rosa.api_tokens.get().history.count() == 1


def test_the_record_leads_to_its_part_of_the_change_list(
    client: Client, rosa: User, administration: User, accountant: User
) -> None:
    sign_in(client, administration)
    changes = f"/auditoria/?modelo=accounts.user&objeto={rosa.pk}"
    assert changes.replace("&", "&amp;") in client.get(address(rosa)).content.decode()
    assert client.get(address(rosa, "history"))["Location"] == changes
    assert client.get(changes).status_code == 200

    sign_in(client, accountant)  # sees accounts, but not who changed them
    assert "/auditoria/" not in client.get(address(rosa)).content.decode()
    assert client.get(address(rosa, "history")).status_code == 404


def test_the_door_is_the_one_of_the_house(client: Client, administration: User) -> None:
    asked = client.get("/admin/accounts/user/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/cuenta/entrar/?next=")
    assert "/admin/accounts/user/" in asked.redirect_chain[-1][0]
    assert [
        template.name for template in asked.templates if template.name == "admin/login.html"
    ] == []

    sign_in(client, administration)
    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_signing_out_of_the_admin_signs_out(desk: Client) -> None:
    assert desk.get("/admin/logout/")["Location"] == "/cuenta/salir/"
    assert desk.get("/admin/").status_code == 200
    assert desk.post("/admin/logout/")["Location"] == "/cuenta/entrar/"
    assert desk.get("/admin/").status_code == 302


def test_the_security_policy_is_the_one_of_every_page(desk: Client, rosa: User) -> None:
    everywhere = desk.get("/")["Content-Security-Policy"]
    assert "unsafe" not in everywhere
    for page in ("/admin/", "/admin/accounts/user/", address(rosa)):
        assert sorted(desk.get(page)["Content-Security-Policy"].split("; ")) == sorted(
            everywhere.split("; ")
        )


def test_invented_accounts_are_labelled(desk: Client, administration: User) -> None:
    assert "Datos de demostración" not in desk.get("/admin/").content.decode()
    with acting(reason="prueba"):
        administration.is_demo = True
        administration.save()
    assert "Datos de demostración" in desk.get("/admin/").content.decode()


def test_icon_words_of_the_package_become_pictures() -> None:
    source = '<p><span class="material-symbols-outlined md-18" title="x">\n search </span></p>'
    shown = Template(with_house_icons(source)).render(Context())
    assert "search" not in shown
    assert shown.count("<svg") == 1
    chosen = (
        '<span class="material-symbols-outlined">{% if yes %}add{% else %}close{% endif %}</span>'
    )
    pictures = {
        Template(with_house_icons(chosen)).render(Context({"yes": yes})) for yes in (True, False)
    }
    assert len(pictures) == 2
    assert all("<svg" in picture for picture in pictures)


def test_no_template_of_the_package_is_left_with_icon_words_or_inline_style() -> None:
    folder = Path(unfold.__file__).parent
    templates = [
        *folder.glob("templates/**/*.html"),
        *folder.glob("contrib/import_export/templates/**/*.html"),
    ]
    assert len(templates) > 100
    left = re.compile(
        r"material-symbols-outlined[^>]*>\s*(?!\{% load admin_icons %\})[^<{\s]|<style"
    )
    for template in templates:
        assert not left.search(with_house_icons(template.read_text())), template


def test_pages_load_no_more_scripts_than_they_use(desk: Client, rosa: User) -> None:
    def scripts(page: str) -> set[str]:
        found = re.findall(r'<script[^>]* src="([^"]+)"', desk.get(page).content.decode())
        return {source.rsplit("/", 1)[-1] or source for source in found}

    assert scripts("/admin/accounts/roleassignment/") == set()  # no actions there
    assert scripts("/admin/accounts/user/") == {"/admin/jsi18n/", "actions.js"}
    assert scripts(address(rosa)) == {"app.js", "admin.js"}  # app.js adds rows below
    assert not [name for name in scripts("/admin/accounts/user/add/") if "jquery" in name]
