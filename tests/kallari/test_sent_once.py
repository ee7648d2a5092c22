"""A page that is sent twice is carried out once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.utils import timezone

from harvests.models import StockMovement
from harvests.services import stock
from kallari import sent_once
from tests.harvests import works
from tests.people import make_account, sign_in

ALREADY = "Esto ya se había enviado: no se hizo dos veces."


@pytest.fixture
def world() -> Any:
    made = works.workshop()
    made.lot = works.dry(made, works.handed_in(made, "100"), kg="39")
    made.page = f"/lotes/{made.lot.code}/entregar/"
    made.client = browser(made)
    return made


def browser(world: Any) -> Client:
    return sign_in(Client(enforce_csrf_checks=True), world.operator)


def shown(client: Client, page: str) -> str:
    """The token of the page as it is shown now."""
    found = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(page).content.decode()
    )
    assert found
    return found[1]


def send(world: Any, token: str, kg: str = "5", client: Client | None = None) -> Any:
    return (client or world.client).post(world.page, told(token, kg))


def told(token: str, kg: str = "5") -> dict[str, str]:
    return {
        "csrfmiddlewaretoken": token,
        "recipient": "Heladería de Tena",
        "quantity": kg,
        "unit": "kg",
    }


def handed_out() -> list[Any]:
    rows = StockMovement.objects.filter(kind="dispatch").order_by("pk")
    return [str(-kg) for kg in rows.values_list("kg", flat=True)]


@pytest.mark.django_db
class TestOneBrowser:
    def test_the_same_page_sent_twice_acts_once_and_leads_to_the_same(self, world: Any) -> None:
        token = shown(world.client, world.page)
        first, second = send(world, token), send(world, token)
        assert first.status_code == second.status_code == 302
        assert first.url == second.url == world.lot.get_absolute_url()
        assert [str(one) for one in get_messages(second.wsgi_request)][-1] == ALREADY
        assert handed_out() == ["5.000"]

    def test_the_page_opened_again_acts_again(self, world: Any) -> None:
        send(world, shown(world.client, world.page))
        send(world, shown(world.client, world.page))
        assert handed_out() == ["5.000", "5.000"]

    def test_going_back_and_telling_something_else_acts_again(self, world: Any) -> None:
        token = shown(world.client, world.page)
        send(world, token)
        send(world, token, kg="6")
        assert handed_out() == ["5.000", "6.000"]

    def test_what_was_refused_may_be_sent_again(self, world: Any) -> None:
        token = shown(world.client, world.page)
        manager = make_account("manager")
        stock.hold_lot(actor=manager, lot=world.lot, reason="Duda.", with_all_made_of_it=False)
        assert send(world, token).status_code == 200
        assert handed_out() == []
        stock.release_lot(actor=manager, lot=world.lot, reason="Nada era.")
        assert send(world, token).status_code == 302
        assert handed_out() == ["5.000"]

    def test_what_failed_may_be_sent_again(
        self, world: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = shown(world.client, world.page)

        def fails(**_told: Any) -> None:
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr("harvests.services.stock.dispatch_from_lot", fails)
            with pytest.raises(RuntimeError):
                send(world, token)
        assert send(world, token).status_code == 302
        assert handed_out() == ["5.000"]

    def test_another_person_is_not_taken_for_the_first(self, world: Any) -> None:
        other = make_account("center_operator", username="otra-operadora")
        for user in (world.operator, other):
            sign_in(Client(), user).post(world.page, told("a" * 64))
        assert handed_out() == ["5.000", "5.000"]

    def test_old_pages_are_forgotten(self, world: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kallari_sent_page (digest, sent_at) VALUES ('old', %s), ('new', %s)",
                [timezone.now() - timedelta(days=sent_once.KEPT_DAYS, hours=1), timezone.now()],
            )
            send(world, shown(world.client, world.page))
            cursor.execute("SELECT digest FROM kallari_sent_page")
            kept = {bytes(digest) for (digest,) in cursor.fetchall()}
        assert b"old" not in kept
        assert b"new" in kept
        assert len(kept) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("checked", [True, False], ids=["as it is", "without the check"])
def test_two_at_once(world: Any, checked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent six times at once it acts once; the twin without the check acts six times."""
    token = shown(world.client, world.page)
    if not checked:
        monkeypatch.setattr(sent_once, "TOKEN", "nothing")
    start = Barrier(6)

    def one(_number: int) -> int:
        client = Client(enforce_csrf_checks=True)
        client.cookies = world.client.cookies
        start.wait()
        try:
            return int(send(world, token, client=client).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(6))) == {302}
    assert handed_out() == ["5.000"] * (1 if checked else 6)
