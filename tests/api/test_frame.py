"""What every resource of the API has in common, tried on communities."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.members.factories import community

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


def test_the_root_lists_the_resources(api_client_of):
    answer = api_client_of("delegate").get("/api/v1/")
    assert answer.status_code == 200
    assert answer.json()["communities"].endswith("/api/v1/communities/")


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/communities/", "/api/v1/communities/1/"])
def test_who_is_unknown_is_asked_for_a_token(path):
    answer = APIClient().get(path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer["Content-Type"] == PROBLEM
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/docs/"])
def test_the_documentation_is_open(path):
    assert APIClient().get(path).status_code == 200


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/communities/1/nothing", "/api/v1/x"])
def test_where_there_is_nothing_the_answer_is_a_problem(api_client_of, method, path):
    answer = getattr(api_client_of("manager"), method)(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == PROBLEM
    assert answer.json()["code"] == "not_found"


def test_a_problem_names_each_field_with_a_code_and_words(api_client_of):
    client = api_client_of("administration")
    answer = client.post("/api/v1/communities/", {"name": "", "canton": "x" * 61})
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["type"], problem["status"]) == ("urn:kallari:problem:invalid", 400)
    assert {(error["field"], error["code"]) for error in problem["errors"]} == {
        ("name", "blank"),
        ("canton", "max_length"),
    }
    assert all(error["message"] for error in problem["errors"])
    assert client.post("/api/v1/communities/", {"name": "Pano"}).status_code == 201


def test_a_misspelled_field_is_refused_and_not_passed_over(api_client_of):
    rumi = community()
    client, path = api_client_of("administration"), f"/api/v1/communities/{rumi.pk}/"
    answer = client.patch(path, {"parrish": "Pano", "reason": "Mapa"})
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("parrish", "unknown_field")
    ]
    assert client.patch(path, {"parish": "Pano", "reason": "Mapa"}).status_code == 200


def test_a_number_where_text_is_asked_is_refused(api_client_of):
    client = api_client_of("administration")
    answer = client.post("/api/v1/communities/", {"name": "Pano", "note": 1672})
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("note", "invalid")]
    assert client.post("/api/v1/communities/", {"name": "Pano", "note": "1672"}).status_code == 201


def test_a_refusal_of_a_service_keeps_its_code(api_client_of):
    community("Islas APAAI", "Isla Apaai")
    answer = api_client_of("administration").post("/api/v1/communities/", {"name": "isla apaai"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "spelling_taken"
    assert "Islas APAAI" in answer.json()["errors"][0]["message"]


def test_unreadable_json_is_a_problem(api_client_of):
    client = api_client_of("administration")
    answer = client.post("/api/v1/communities/", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_another_format_is_a_problem(api_client_of):
    client = api_client_of("administration")
    answer = client.post("/api/v1/communities/", "<x/>", content_type="application/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    answer = client.get("/api/v1/communities/", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_nothing_is_removed_through_the_api(api_client_of):
    rumi = community()
    answer = api_client_of("administration").delete(f"/api/v1/communities/{rumi.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_misspelled_filter_is_refused_and_not_passed_over(api_client_of):
    community()
    client = api_client_of("delegate")
    answer = client.get("/api/v1/communities/?serach=quito")
    assert answer.status_code == 400
    assert answer.json()["errors"][0] | {"message": ""} == {
        "field": "serach",
        "code": "unknown_parameter",
        "message": "",
    }
    assert client.get("/api/v1/communities/?search=quito").json()["count"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "open=1",
        "open=si",
        "open=",
        "changed_since=ayer",
        "changed_since=",
        "changed_since=2026-03-01T00:00:00",
        "changed_since=2026-02-30T00:00:00Z",
        "changed_since=0001-01-01T00:00:00%2B05:00",
        "limit=0",
        "limit=201",
        "limit=x",
        "search=%00",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(api_client_of, query):
    answer = api_client_of("delegate").get(f"/api/v1/communities/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_lists_come_in_pages_that_say_how_many_there_are(api_client_of):
    for number in range(5):
        community(f"Aldea {number}")
    client = api_client_of("auditor")
    first = client.get("/api/v1/communities/?limit=3").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 3, None)
    second = client.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Aldea 3", "Aldea 4"]
    assert second["next"] is None
    beyond = client.get("/api/v1/communities/?page=9")
    assert (beyond.status_code, beyond.json()["code"]) == (404, "not_found")


def test_problems_speak_the_language_of_the_reader_and_codes_do_not(api_client_of):
    client = api_client_of("manager")
    spanish = client.post("/api/v1/communities/", {}, HTTP_ACCEPT_LANGUAGE="es").json()
    english = client.post("/api/v1/communities/", {}, HTTP_ACCEPT_LANGUAGE="en").json()
    assert spanish["errors"][0]["code"] == english["errors"][0]["code"] == "required"
    assert spanish["errors"][0]["message"] != english["errors"][0]["message"]


def test_a_browser_must_prove_that_it_meant_to_write(account):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(
        account("administration"), backend="kallari.accounts.backends.UsernameOrCedulaBackend"
    )
    answer = client.post("/api/v1/communities/", {"name": "Pano"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize("path", ["/api/v1/communities/", "/api/v1/changes/", "/api/v1/nowhere/"])
def test_no_browser_keeps_an_answer_for_the_next_person(api_client_of, path):
    answer = api_client_of("auditor").get(path)
    assert answer["Cache-Control"] == "private, no-store"
