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
    "/": 57,
    "/cuenta/": 7,
    "/cuenta/segundo-factor/": 8,
    "/cuenta/sesiones/": 7,
    "/comunidades/": 9,
    "/comunidades/importar/": 6,
    "/familias/": 10,
    "/socios/": 10,
    "/familias/nueva/": 7,
    "/personas/": 10,
    "/socios/lista-legal/": 8,
    "/chakras/": 10,
    "/chakras/mapa/": 11,
    "/certificacion/": 18,
    "/encuentros/": 11,
    "/insumos/": 11,
    "/voluntariado/": 10,
    "/aliados/": 11,
    "/entregas/": 13,
    "/precios/": 10,
    "/precios/mercado/": 9,
    "/cupos/": 10,
    "/anticipos/": 11,
    "/liquidaciones/": 10,
    "/liquidaciones/por-pagar/": 14,
    "/liquidaciones/pagos/": 10,
    "/liquidaciones/premios/": 7,
    "/cajas/": 8,
    "/productos/": 13,
    "/calidad/": 9,
    "/procesos/": 11,
    "/procesos/lista/": 11,
    "/procesos/clases/": 10,
    "/procesos/nuevo/": 8,
    "/procesos/nuevo/beneficio/": 16,
    "/lotes/": 13,
    "/lotes/ajustes/": 7,
    "/calidad/laboratorio/": 9,
    "/calidad/tablas/": 13,
    "/dispositivos/": 8,
    "/pendientes/": 20,
    "/informes/acopio/": 29,
    "/informes/cuentas/": 16,
    "/reglas/": 7,
    "/panorama/": 18,
    "/auditoria/": 38,
    "/auditoria/sellos/": 10,
    "/admin/": 6,
    "/admin/accounts/user/": 10,
    "/admin/accounts/apitoken/": 9,
    "/admin/members/community/": 10,
    "/api/v1/": 3,
    "/api/v1/changes/": 33,
    "/api/v1/communities/": 7,
    "/api/v1/seals/": 6,
}
"""Address → queries, as administration sees it over demo data with one seal. Each begins with the
session, the account and the note of when the session was last seen; most read the roles, and those
with the menu how much waits for the office. Pages that show changes ask once for each kind of
record among them."""


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


def test_every_page_asks_as_often_as_the_table_says(
    demo_data_with_one_seal: None, administrations_browser: Client
) -> None:
    """All of them over one load of the demo, which takes as long as they do together."""
    wrong = []
    for address, expected in COUNTS.items():
        asked = queries_of(_get(administrations_browser, address))
        if len(asked) != expected:
            listed = "\n    ".join(one[:300] for one in asked)
            wrong.append(f"{address}: {len(asked)}, the table says {expected}\n    {listed}")
    assert not wrong, "\n".join(wrong)


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
