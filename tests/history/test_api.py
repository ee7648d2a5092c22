"""The change list for programs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.history.context import acting
from tests.history.factories import history_row, minutes, multiply, role_group
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

CHANGES = "/api/v1/changes/"


@pytest.fixture
def reader(api_client_of: Callable[[str], APIClient]) -> APIClient:
    return api_client_of("auditor")


def test_a_change_is_told_as_data_and_in_words(reader: APIClient, administration: User) -> None:
    request_id = uuid.uuid4()
    with acting(administration, reason="Avisó por teléfono.", request_id=request_id):
        administration.is_active = False
        administration.save()
    (change,) = reader.get(CHANGES, {"kind": "changed"}).json()["results"]
    at = change.pop("at")
    assert at.endswith("-05:00")
    assert change == {
        "history_id": User.history.latest("history_id").history_id,
        "kind": "changed",
        "model": "accounts.user",
        "object_id": str(administration.pk),
        "object_label": administration.full_name,
        "actor": administration.pk,
        "actor_name": administration.full_name,
        "actor_role": "Administración",
        "request_id": str(request_id),
        "reason": "Avisó por teléfono.",
        "changes": [
            {
                "field": "is_active",
                "label": "puede entrar",
                "before": True,
                "after": False,
                "before_text": "Sí",
                "after_text": "No",
            }
        ],
    }


def test_relations_are_numbers_as_data_and_names_in_words(reader: APIClient, auditor: User) -> None:
    group = role_group("delegate")
    history_row(RoleAssignment, id=900_001, user_id=auditor.pk, group_id=group.pk)
    answer = reader.get(CHANGES, {"model": "accounts.roleassignment", "object_id": "900001"})
    (change,) = answer.json()["results"]
    assert [(told["after"], told["after_text"]) for told in change["changes"]] == [
        (auditor.pk, auditor.full_name),
        (group.pk, "Delegada o delegado"),
    ]


def test_no_secret_is_told(reader: APIClient, manager: User) -> None:
    with acting(manager, reason="La otra se conocía."):
        manager.set_password("una clave nueva y larga")
        manager.save()
        ApiToken.objects.create(user=manager, digest="abcdef12" * 8)
    answer = reader.get(CHANGES)
    (told,) = next(
        change["changes"] for change in answer.json()["results"] if change["kind"] == "changed"
    )
    assert told == {
        "field": "password_fingerprint",
        "label": "huella de la contraseña",
        "before": None,
        "after": None,
        "before_text": "no se muestra",
        "after_text": "cambió",
    }
    text = answer.content.decode()
    assert "abcdef12" not in text
    assert manager.password_fingerprint not in text


def test_next_and_previous_lead_through_the_whole_list(reader: APIClient) -> None:
    multiply(history_row(ApiToken, at=minutes(0)), 24, id="n")
    seen: list[int] = []
    address: str | None = f"{CHANGES}?model=accounts.apitoken&limit=10"
    pages = []
    while address:
        page = reader.get(address).json()
        pages.append(page)
        seen += [change["history_id"] for change in page["results"]]
        address = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == 25
    assert [len(page["results"]) for page in pages] == [10, 10, 5]
    assert pages[0]["previous"] is None
    back = reader.get(pages[2]["previous"]).json()
    assert back["results"] == pages[1]["results"]
    assert reader.get(back["previous"]).json()["previous"] is None


def test_every_filter_narrows(reader: APIClient) -> None:
    request_id = uuid.uuid4()
    wanted = history_row(
        ApiToken, id=7, kind="~", history_user_id=77, request_id=request_id, at=minutes(0)
    )
    nobodys = history_row(User, id=900_007, at=minutes(-60 * 24 * 3))
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({"actor": 77}, [wanted.pk]),
        ({"model": "accounts.apitoken"}, [wanted.pk]),
        ({"model": "accounts.apitoken", "object_id": 7}, [wanted.pk]),
        ({"model": "accounts.apitoken", "object_id": 8}, []),
        ({"kind": "changed"}, [wanted.pk]),
        ({"request_id": request_id}, [wanted.pk]),
        ({"until": "2026-11-19"}, [nobodys.pk]),
        ({"until": "2026-11-19", "without_account": "true"}, [nobodys.pk]),
        ({"until": "2026-11-19", "actor": 77}, []),
        ({"since": "2026-11-22", "until": "2026-11-22", "actor": 77}, [wanted.pk]),
    ]
    for query, expected in cases:
        answer = reader.get(CHANGES, query)
        assert [change["history_id"] for change in answer.json()["results"]] == expected, query


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"since": "2026-02-31"}, "since", "invalid"),
        ({"until": "0001-01-01"}, "until", "min_value"),
        ({"until": "9999-12-31"}, "until", "max_value"),
        ({"since": "2026-11-23", "until": "2026-11-22"}, "until", "days_reversed"),
        ({"model": "sessions.session"}, "model", "invalid_choice"),
        ({"model": "accounts.user' OR '1'='1"}, "model", "invalid_choice"),
        ({"kind": "~"}, "kind", "invalid_choice"),
        ({"actor": "1 OR 1=1"}, "actor", "invalid"),
        ({"actor": "9" * 30}, "actor", "max_value"),
        ({"object_id": "5"}, "model", "model_needed"),
        ({"model": "accounts.user", "object_id": "5;--"}, "object_id", "object_invalid"),
        ({"model": "accounts.user", "object_id": "9" * 40}, "object_id", "object_invalid"),
        ({"request_id": "' OR ''='"}, "request_id", "invalid"),
        ({"cursor": "b1-1' OR '1'='1"}, "cursor", "cursor_invalid"),
        ({"cursor": "b" + "9" * 18 + "-1"}, "cursor", "cursor_invalid"),
        ({"limit": "0"}, "limit", "min_value"),
        ({"limit": "201"}, "limit", "max_value"),
        ({"since": ""}, "since", "invalid"),
        ({"modelo": "accounts.user"}, "modelo", "unknown_parameter"),
    ],
)
def test_a_wrong_filter_is_a_problem(
    query: dict[str, str], field: str, code: str, reader: APIClient
) -> None:
    answer = reader.get(CHANGES, query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("administration", 200),
        ("manager", 200),
        ("surveillance", 200),
        ("auditor", 200),
        ("superuser", 200),
        ("center_operator", 404),
        ("extension_agent", 404),
        ("accountant", 404),
        ("delegate", 404),
        ("nobody", 404),
        ("anonymous", 401),
    ],
)
def test_only_readers_of_history_are_answered(
    role: str, status: int, api_client_of: Callable[[str], APIClient]
) -> None:
    assert api_client_of(role).get(CHANGES).status_code == status


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(method: str, reader: APIClient) -> None:
    answer: Any = getattr(reader, method)(CHANGES, {}, format="json")
    assert answer.status_code == 405


def test_a_page_of_200_asks_as_many_questions_as_a_page_of_3(reader: APIClient) -> None:
    numbers = iter(range(900_000, 10**6))

    def make_rows(number: int) -> None:
        for _row in range(number):
            pk = next(numbers)
            history_row(User, id=pk, at=minutes(-10_000))
            history_row(User, id=pk, kind="~", email=f"{pk}@kallari.example")
            history_row(RoleAssignment, id=pk, user_id=pk, group_id=role_group().pk)

    def act() -> None:
        assert reader.get(CHANGES, {"limit": "200", "since": "2026-11-22"}).json()["results"]

    assert_same_queries(make_rows, act, few=1, many=90)
