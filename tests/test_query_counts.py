"""How many queries each page asks.

The numbers of `COUNTS` were measured, and read query by query when they were entered. A page that
asks more fails here, and whoever changes it decides in the open whether it is worth it; one that
asks less fails too, so that the table stays true.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from kallari.accounts.services import make_token
from tests.people import make_account, sign_in
from tests.queries import assert_same_queries, queries_of

COUNTS = {
    "/": 36,
    "/cuenta/": 6,
    "/cuenta/segundo-factor/": 7,
    "/cuenta/sesiones/": 6,
    "/comunidades/": 8,
    "/comunidades/importar/": 5,
    "/familias/": 9,
    "/socios/": 9,
    "/familias/nueva/": 6,
    "/personas/": 9,
    "/socios/lista-legal/": 7,
    "/chakras/": 9,
    "/chakras/mapa/": 10,
    "/certificacion/": 17,
    "/encuentros/": 10,
    "/insumos/": 10,
    "/voluntariado/": 9,
    "/aliados/": 10,
    "/reglas/": 6,
    "/panorama/": 17,
    "/auditoria/": 23,
    "/auditoria/sellos/": 9,
    "/admin/": 5,
    "/admin/accounts/user/": 9,
    "/admin/accounts/apitoken/": 8,
    "/admin/members/community/": 9,
    "/api/v1/": 3,
    "/api/v1/changes/": 19,
    "/api/v1/communities/": 7,
    "/api/v1/seals/": 6,
}
"""Address → queries, as administration sees it over demo data with one seal. Each begins with the
session, the account and the note of when the session was last seen; most read the roles. Pages
that show changes ask once for each kind of record among them."""


@pytest.fixture
def administrations_browser(db: None) -> Client:
    return sign_in(Client(), make_account("administration"))


def _get(client: Client, address: str) -> Callable[[], None]:
    def act() -> None:
        response = client.get(address)
        assert response.status_code == 200
        assert response.getvalue()  # what streams is asked for too

    return act


@pytest.fixture
def demo_data_with_one_seal(db: None) -> None:
    call_command("demo", scale="small", verbosity=0)
    call_command("seal", verbosity=0)


@pytest.mark.parametrize("address", COUNTS)
def test_a_page_asks_as_often_as_the_table_says(
    address: str, demo_data_with_one_seal: None, administrations_browser: Client
) -> None:
    asked = queries_of(_get(administrations_browser, address))
    assert len(asked) == COUNTS[address], "\n".join(asked)


_number = count()


def _accounts(rows: int) -> None:
    for _row in range(rows):
        account = make_account("delegate", username=f"persona-{next(_number)}")
        make_token(account, account=account, label="planilla")


@pytest.mark.parametrize("address", ["/", "/admin/accounts/user/", "/admin/accounts/apitoken/"])
def test_a_page_asks_as_often_for_3_accounts_as_for_300(
    address: str, administrations_browser: Client
) -> None:
    assert_same_queries(_accounts, _get(administrations_browser, address))


def test_a_page_that_asks_once_a_row_is_found(db: None) -> None:
    def make_rows(number: int) -> None:
        start = Group.objects.count()
        Group.objects.bulk_create([Group(name=f"g{start + row}") for row in range(number)])

    def ask_once_a_row() -> None:
        for group in Group.objects.all():
            group.permissions.exists()

    def ask_once() -> None:
        for group in Group.objects.prefetch_related("permissions"):
            list(group.permissions.all())

    with pytest.raises(AssertionError, match="for 3 rows"):
        assert_same_queries(make_rows, ask_once_a_row, many=10)
    assert_same_queries(make_rows, ask_once, many=10)
