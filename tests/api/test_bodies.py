"""What a program may send at once, and how it is told that it sent too much or nothing sensible."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kallari import body_limits
from members.models import Community

pytestmark = pytest.mark.django_db

PATH = "/api/v1/communities/"
MB = 1024 * 1024


def post(client, body):
    return client.post(PATH, body, content_type="application/json")


def test_too_much_json_is_a_problem(api_client_of):
    client = api_client_of("administration")
    row = b'{"name": "Rumi Yaku"}'
    answer = post(client, row + b" " * 5 * MB)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "too_large"
    assert "5 MB" in answer.json()["detail"]
    assert not Community.objects.exists()
    assert post(client, row + b" " * (5 * MB - len(row))).status_code == 201


def test_too_large_a_file_is_told_in_words(client_of):
    client = client_of("administration")

    def send(size):
        file = SimpleUploadedFile("lista.csv", b"nombre\n" + b"x" * size)
        return client.post("/comunidades/importar/", {"file": file})

    answer = send(body_limits.LARGEST_FORM)
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()
    assert send(11 * MB).status_code == 200  # the form itself says that 10 are the most


def test_too_large_fields_of_a_form_are_told_in_words(client_of):
    answer = client_of("administration").post("/comunidades/nueva/", {"name": "x" * 5 * MB})
    assert answer.status_code == 413
    assert "5 MB" in answer.content.decode()


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("levels", [60, 500, 100_000])
def test_endless_nesting_is_a_problem_and_no_fault(api_client_of, opening, levels):
    body = opening * levels + "1" + ("]" if opening == "[" else "}") * levels
    answer = post(api_client_of("administration"), body)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_deep")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_no_number_is_a_problem(api_client_of, number):
    client = api_client_of("administration")
    answer = post(client, f'{{"name": "Rumi Yaku", "note": {number}}}')
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    understood = post(client, '{"name": "Rumi Yaku", "note": 1e9}')  # a number, where text is asked
    assert (understood.status_code, understood.json()["code"]) == (400, "invalid")
    assert post(client, '{"name": "Rumi Yaku", "note": "1e9"}').status_code == 201


def test_letters_that_are_no_utf8_are_a_problem(api_client_of):
    answer = post(api_client_of("administration"), b'{"name": "\xf1"}')
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
