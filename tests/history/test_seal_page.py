"""The pages of the seals: the code for the minutes, and the chain."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from kallari.accounts.models import User
from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting
from kallari.history.models import Seal
from kallari.history.seals.codes import read_paper_code
from kallari.history.seals.writing import seal
from members.models import Community
from tests.members.factories import community
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

PAGE = "/auditoria/sellos/"


def _text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def _seals(count: int) -> list[Seal]:
    made = []
    for _ in range(count):
        number = Community.objects.count()
        bulk_create_with_history([Community(name=f"Lugar {number}")], actor=None)
        made.append(seal())
    return [one for one in made if one]


@pytest.fixture
def reader(client_of: Callable[[str], Client]) -> Client:
    return client_of("surveillance")


def test_the_page_shows_the_code_that_verification_accepts(reader: Client) -> None:
    first, second = _seals(2)

    text = _text(reader)

    assert f"Código para anotar en el acta {second.code}" in text
    assert "python3 manage.py verify_history" in text
    assert f"--code {second.code}" in text
    assert first.code in text
    assert read_paper_code(second.code).fits(second.digest)
    assert "Toda la historia está sellada" in text


def test_the_code_is_there_as_a_qr_that_holds_it(reader: Client) -> None:
    import segno

    (only,) = _seals(1)
    expected = segno.make_qr(only.code, error="m").svg_data_uri(border=2, scale=4)

    assert f'src="{expected}"' in unescape(reader.get(PAGE).content.decode())


def test_before_the_first_seal_the_page_says_what_to_do(reader: Client) -> None:
    text = _text(reader)

    assert "Todavía no hay ningún sello" in text
    assert "manage.py seal" in text


def test_what_waits_for_a_seal_is_counted(reader: Client) -> None:
    _seals(1)
    community("Rumi Yaku", "Rumi Yacu")

    assert "2 cambios sin sellar" in _text(reader)
    assert "badge-waiting" not in reader.get(PAGE).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "badge-waiting" in reader.get(PAGE).content.decode()


def test_the_sheet_of_a_seal_shows_what_an_outsider_needs(reader: Client) -> None:
    first, second = _seals(2)

    text = _text(reader, f"{PAGE}{second.number}/")

    assert second.code in text
    assert second.digest in text
    assert first.digest in text
    assert "comunidades" in text
    assert "Ninguna: es el primer sello." in _text(reader, f"{PAGE}{first.number}/")


def test_the_chain_is_paged_without_losing_or_repeating_a_seal(reader: Client) -> None:
    made = _seals(27)
    first_page = reader.get(PAGE)
    second_page = reader.get(first_page.context["older_url"])

    assert [one.number for one in first_page.context["seals"]] == list(range(27, 2, -1))
    assert [one.number for one in second_page.context["seals"]] == [2, 1]
    assert not second_page.context["older_url"]
    assert made[-1].code in second_page.content.decode()


@pytest.mark.parametrize("below", ["x", "-1", "99999999999999999999", "²"])
def test_an_address_that_makes_no_sense_is_not_found(reader: Client, below: str) -> None:
    assert reader.get(PAGE, {"antes": below}).status_code == 404
    assert reader.get(PAGE, {"antes": "7"}).status_code == 200


def test_a_seal_that_does_not_exist_is_not_found(reader: Client) -> None:
    assert reader.get(f"{PAGE}7/").status_code == 404
    _seals(1)
    assert reader.get(f"{PAGE}1/").status_code == 200


def test_the_page_asks_as_much_for_many_seals_as_for_few(reader: Client) -> None:
    def make_rows(number: int) -> None:
        _seals(number)

    assert_same_queries(make_rows, lambda: reader.get(PAGE), many=30)


@pytest.mark.usefixtures("rules_in_force")
def test_the_home_page_tells_those_who_watch(client_of: Callable[[str], Client]) -> None:
    (only,) = _seals(1)
    with acting(reason="x"):
        one = Community.objects.get()
        one.note = "x"
        one.save()

    home = _text(client_of("auditor"), "/")
    assert only.code in home
    assert "sin sellar" in home
    assert "sin sellar" not in _text(client_of("accountant"), "/")


def test_only_who_reads_history_sees_seals(account: Callable[[str], User]) -> None:
    _seals(1)

    assert Seal.objects.visible_to(account("auditor")).count() == 1
    assert not Seal.objects.visible_to(account("delegate")).exists()


def test_programs_get_the_chain_too(api_client_of: Callable[[str], APIClient]) -> None:
    first, second = _seals(2)
    program = api_client_of("auditor")

    chain = program.get("/api/v1/seals/").json()
    assert chain["count"] == 2
    assert [one["code"] for one in chain["results"]] == [second.code, first.code]
    (only,) = [program.get(f"/api/v1/seals/{second.number}/").json()]
    assert (only["digest"], only["previous_digest"]) == (second.digest, first.digest)
    assert program.get("/api/v1/seals/7/").status_code == 404
    assert program.get("/api/v1/seals/x/").status_code == 404
    assert api_client_of("delegate").get("/api/v1/seals/").status_code == 404
