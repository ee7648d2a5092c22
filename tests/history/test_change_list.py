"""The page at /auditoria/ and its CSV."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.history import changes
from kallari.history.context import acting
from tests.history.factories import history_row, minutes, multiply, role_group
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

PAGE, EXPORT = "/auditoria/", "/auditoria/exportar.csv"
READERS = ["administration", "manager", "surveillance", "auditor", "superuser"]
OTHERS = ["center_operator", "extension_agent", "accountant", "delegate", "nobody"]


@pytest.fixture
def reader(client_of: Callable[[str], Client]) -> Client:
    return client_of("auditor")


def words(response: Any) -> str:
    """The page's text with single spaces."""
    return " ".join(unescape(response.content.decode()).split())


def exported(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PAGE, EXPORT])
@pytest.mark.parametrize("role", READERS)
def test_who_reads_history_reads_it(
    role: str, address: str, client_of: Callable[[str], Client]
) -> None:
    assert client_of(role).get(address).status_code == 200


@pytest.mark.parametrize("address", [PAGE, EXPORT])
@pytest.mark.parametrize("role", OTHERS)
def test_for_others_there_is_no_history(
    role: str, address: str, client_of: Callable[[str], Client]
) -> None:
    assert client_of(role).get(address).status_code == 404


@pytest.mark.parametrize("address", [PAGE, EXPORT])
def test_a_visitor_is_led_to_the_sign_in(address: str, anonymous: Client) -> None:
    response = anonymous.get(address, {"clase": "cambio"})
    assert response.status_code == 302
    assert "next=" in response["Location"]


@pytest.mark.parametrize("address", [PAGE, EXPORT])
def test_history_is_only_read(address: str, reader: Client) -> None:
    assert reader.post(address).status_code == 405


@pytest.mark.usefixtures("rules_in_force")
@pytest.mark.parametrize("role", ["auditor", "superuser", "delegate"])
def test_the_menu_leads_readers_to_the_list(role: str, client_of: Callable[[str], Client]) -> None:
    home = client_of(role).get("/").content.decode()
    assert (f'href="{PAGE}"' in home) is (role != "delegate")


# --- What the page says -------------------------------------------------------------------------


def test_a_change_is_told_with_who_when_why_and_both_values(
    reader: Client, administration: User
) -> None:
    with acting(administration, reason="Avisó por teléfono.", request_id=uuid.uuid4()):
        administration.email = "rosa@kallari.example"
        administration.save()
    text = words(reader.get(PAGE, {"clase": "cambio"}))
    for said in (
        administration.full_name,
        "Administración",
        "Avisó por teléfono.",
        "Correo electrónico",
        "vacío",
        "rosa@kallari.example",
        "1 cambio, lo más reciente primero. Un filtro puesto:",
        "Qué pasó: Cambio",
    ):
        assert said in text, said


def test_what_was_typed_is_shown_and_never_run(reader: Client) -> None:
    history_row(User, full_name="<script>alert(1)</script>", actor_name="<b>Rosa</b>")
    page = reader.get(PAGE).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>Rosa</b>" not in page
    assert "&lt;b&gt;Rosa" in page


def test_a_part_of_an_act_leads_to_the_whole(reader: Client) -> None:
    request_id = uuid.uuid4()
    history_row(User, request_id=request_id)
    history_row(ApiToken, request_id=request_id)
    whole = f"{PAGE}?acto={request_id}"
    part = reader.get(PAGE, {"modelo": "accounts.apitoken"})
    assert "Un acto de 2 cambios. Aquí se ve 1." in words(part)
    assert f'href="{whole}"' in part.content.decode()
    assert "Aquí se ve" not in words(reader.get(whole))


def test_many_changes_are_said_to_be_more_than_were_counted(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        history_row(User, id=number)
    monkeypatch.setattr(changes, "COUNTED", 3)
    assert "Más de 3 cambios, lo más reciente primero." in words(
        reader.get(PAGE, {"modelo": "accounts.user", "desde": "2026-11-22"})
    )


def test_an_empty_list_says_what_to_do(reader: Client) -> None:
    text = words(reader.get(PAGE, {"hasta": "2001-01-01"}))
    assert "Ningún cambio concuerda con los filtros" in text
    assert "Quite un filtro o escoja otros días." in text


def test_the_pages_hang_together_and_keep_the_filters(reader: Client) -> None:
    multiply(history_row(ApiToken, at=minutes(0)), 119, id="n")
    seen: list[int] = []
    address = (
        f"{PAGE}?modelo=accounts.apitoken&persona=sin-cuenta&desde=2026-11-22&hasta=2026-11-22"
    )
    forwards = []
    while address:
        response = reader.get(address)
        forwards.append(address)
        assert response.status_code == 200
        shown = [
            item["change"].history_id for act in response.context["acts"] for item in act["changes"]
        ]
        seen += shown
        address = response.context["older_url"]
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
    assert [len(forwards), response.context["newer_url"] != ""] == [3, True]
    back = reader.get(response.context["newer_url"])
    assert [act["act"].changes[0].history_id for act in back.context["acts"]] == seen[50:100]
    assert reader.get(back.context["newer_url"]).context["newer_url"] == ""


def test_beyond_the_end_the_page_leads_back(reader: Client) -> None:
    response = reader.get(PAGE, {"cursor": "b0-0"})
    assert "No hay más cambios por este lado" in words(response)
    assert response.context["first_url"] == PAGE


def test_each_record_leads_to_its_own_history(reader: Client) -> None:
    made = history_row(User, id=900_041)
    history_row(User, id=900_042)
    response = reader.get(PAGE, {"modelo": "accounts.user", "objeto": "900041"})
    ((act,),) = [response.context["acts"]]
    assert [item["change"].history_id for item in act["changes"]] == [made.pk]
    assert act["changes"][0]["history_url"] == f"{PAGE}?modelo=accounts.user&objeto=900041"


def test_only_who_may_open_a_record_is_led_to_the_admin(
    client_of: Callable[[str], Client], account: Callable[[str], User]
) -> None:
    for role, led in (("administration", True), ("superuser", True), ("auditor", False)):
        pk = account("manager").pk
        address = f"/admin/accounts/user/{pk}/change/"
        response = client_of(role).get(PAGE, {"modelo": "accounts.user", "objeto": str(pk)})
        assert (f'href="{address}"' in response.content.decode()) is led, role
        if led:
            assert client_of(role).get(address).status_code == 200


def test_the_page_asks_as_many_questions_for_3_changes_as_for_300(reader: Client) -> None:
    numbers = iter(range(10**6))

    def make_rows(number: int) -> None:
        for _row in range(number):
            pk = next(numbers)
            request_id = uuid.uuid4()
            history_row(User, id=pk, request_id=request_id)
            history_row(User, id=pk, kind="~", email=f"{pk}@kallari.example")
            history_row(RoleAssignment, id=pk, user_id=pk, group_id=role_group().pk)
            history_row(ApiToken, id=pk, user_id=pk)

    def act() -> None:
        assert reader.get(PAGE, {"desde": "2026-11-22"}).status_code == 200

    assert_same_queries(make_rows, act)


# --- What is refused, in words ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"desde": "2026-02-31"}, "Escriba un día que exista"),
        ({"hasta": "mañana"}, "Escriba un día que exista"),
        ({"desde": "0001-01-01"}, "Escriba un día entre 2000 y 2999"),
        ({"hasta": "9999-12-31"}, "Escriba un día entre 2000 y 2999"),
        (
            {"desde": "2026-11-23", "hasta": "2026-11-22"},
            "El último día es anterior al primero.",
        ),
        ({"modelo": "accounts.nada"}, "Ese tipo no existe."),
        ({"modelo": "sessions.session"}, "Ese tipo no existe."),
        ({"modelo": "accounts.user' OR '1'='1"}, "Ese tipo no existe."),
        ({"persona": "1 OR 1=1"}, "Esa cuenta no existe."),
        ({"persona": "999999999"}, "Esa cuenta no existe."),
        ({"clase": "~"}, "Escoja creación, cambio o retiro."),
        ({"objeto": "5"}, "Escoja también el tipo"),
        ({"modelo": "accounts.user", "objeto": "5; DROP TABLE accounts_user"}, "Ningún registro"),
        ({"modelo": "accounts.user", "objeto": "9" * 40}, "Ningún registro"),
        ({"modelo": "accounts.user", "objeto": "\x00"}, "nulos"),
        ({"acto": "no-es"}, "Copie el número del acto completo"),
        ({"acto": "' OR ''='"}, "Copie el número del acto completo"),
        ({"cursor": "b1-1' OR '1'='1"}, "La dirección de esta página está incompleta."),
        ({"cursor": "b" + "9" * 18 + "-1"}, "La dirección de esta página está incompleta."),
    ],
)
@pytest.mark.parametrize("address", [PAGE, EXPORT])
def test_a_wrong_filter_is_refused_in_words(
    query: dict[str, str], said: str, address: str, reader: Client
) -> None:
    response = reader.get(address, query)
    assert response.status_code == 400
    assert "Revise lo siguiente" in words(response)
    assert said in words(response)
    assert response.context.get("acts") is None


# --- CSV ----------------------------------------------------------------------------------------


def test_the_file_has_a_line_for_each_field_that_changed(
    reader: Client, administration: User
) -> None:
    request_id = uuid.uuid4()
    with acting(administration, reason="Avisó por teléfono.", request_id=request_id):
        administration.email = "rosa@kallari.example"
        administration.full_name = "Rosa Grefa"
        administration.save()
    rows = exported(reader.get(EXPORT, {"clase": "cambio"}))
    assert [(row["Campo"], row["Antes"], row["Después"]) for row in rows] == [
        ("nombre completo", "Administration de Prueba", "Rosa Grefa"),
        ("correo electrónico", "", "rosa@kallari.example"),
    ]
    assert {(row["Acto"], row["Motivo"], row["Qué pasó"], row["Rol"]) for row in rows} == {
        (str(request_id), "Avisó por teléfono.", "Cambio", "Administración")
    }


def test_the_file_runs_nothing_when_opened(reader: Client) -> None:
    history_row(User, id=900_001, username="=cmd|' /C calc'!A0", actor_name="@SUM(1)")
    (row,) = [
        row
        for row in exported(reader.get(EXPORT, {"modelo": "accounts.user", "objeto": "900001"}))
        if row["Campo"] == "usuario"
    ]
    assert (row["Después"], row["Persona"]) == ("'=cmd|' /C calc'!A0", "'@SUM(1)")


def test_the_file_keeps_the_filters_and_ignores_the_page(reader: Client) -> None:
    history_row(User, id=1)
    wanted = history_row(ApiToken, id=2)
    rows = exported(reader.get(EXPORT, {"modelo": "accounts.apitoken", "cursor": "b0-0"}))
    assert {row["Orden"] for row in rows} == {str(wanted.pk)}


def test_the_file_is_read_in_chunks_while_it_is_sent(reader: Client) -> None:
    multiply(history_row(User, id=1), changes.EXPORT_CHUNK * 2, id="n")
    with CaptureQueriesContext(connection) as before:
        response = reader.get(EXPORT, {"modelo": "accounts.user"})
    assert "HistoricalUser".lower() not in str(before.captured_queries)
    assert response.streaming
    lines = cast("Iterator[bytes]", response.streaming_content)  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as first_chunk:
        assert len([next(lines) for _line in range(100)]) == 100
    with CaptureQueriesContext(connection) as rest:
        last = sum(1 for _line in lines)
    assert last > changes.EXPORT_CHUNK
    finding = [
        [query for query in captured.captured_queries if "found" in query["sql"]]
        for captured in (first_chunk, rest)
    ]
    assert [len(queries) for queries in finding] == [1, 2]


def test_the_file_speaks_the_readers_language_to_its_last_line(reader: Client) -> None:
    history_row(User, id=900_001, is_active=True)
    response = reader.get(EXPORT, {"modelo": "accounts.user", "objeto": "900001"})
    with translation.override("en"):
        rows = exported(response)
    assert {row["Qué pasó"] for row in rows} == {"Creación"}
