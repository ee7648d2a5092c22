"""Many families paid by one order to the bank, on its page."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from harvests.models import Payment
from tests.harvests import factories, owed
from tests.harvests.test_settlements import weighed
from tests.members.factories import bank_account, family, person
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

PAGE = "/liquidaciones/pagos/transferencia/"


@pytest.fixture
def bought() -> Any:
    return factories.world()


@pytest.fixture
def accountant(client_of: Any) -> Any:
    return client_of("accountant")


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def _unpaid(bought: Any, name: str, *, has_account: bool = False) -> Any:
    of = family(name)
    if has_account:
        bank_account(person(of=of))
    weighed(of, bought)
    return owed.approved(of)


def _told(*settlements: Any, **told: str) -> dict[str, Any]:
    return {
        "settlement": [str(one.pk) for one in settlements],
        "reference": "TR-100",
        "paid_on": "2026-04-05",
        "paid_by": "Contabilidad",
    } | told


def test_those_with_an_account_are_ticked_and_those_that_are_ticked_are_paid(bought, accountant):
    with_account = _unpaid(bought, "Grefa", has_account=True)
    without = _unpaid(bought, "Tanguila")
    page = accountant.get(PAGE)
    assert "2 liquidaciones por pagar" in _text(page)
    assert "Cooperativa Tena, ahorros …4455" in _text(page)
    assert "2200114455" not in page.content.decode()
    ticked = re.findall(r'value="([-0-9a-f]+)"\s+checked', page.content.decode())
    assert ticked == [str(with_account.pk)]
    done = accountant.post(PAGE, _told(with_account), follow=True)
    assert "Un pago registrado, por 38,00 USD" in _text(done)
    (payment,) = Payment.objects.all()
    assert (payment.settlement, payment.amount_usd, payment.method, payment.reference) == (
        with_account,
        Decimal("38.00"),
        "transfer",
        "TR-100",
    )
    assert payment.paid_on == date(2026, 4, 5)
    again = accountant.post(PAGE, _told(with_account, without), follow=True)
    assert "Un pago registrado" in _text(again)  # nothing is paid twice
    assert "No hay nada por pagar" in _text(accountant.get(PAGE))


def test_what_is_refused_stays_as_it_was_ticked(bought, accountant):
    first, second = _unpaid(bought, "Grefa", has_account=True), _unpaid(bought, "Tanguila")
    for told, said in (
        (_told(second, reference=" "), "Este campo es requerido"),
        (_told(second, paid_on="2999-01-01"), "Ese día todavía no llega."),
        (_told(), "Marque al menos una liquidación."),
    ):
        answer = accountant.post(PAGE, told)
        assert (answer.status_code, said in _text(answer)) == (200, True), _text(answer)
        ticked = re.findall(r'value="([-0-9a-f]+)"\s+checked', answer.content.decode())
        assert ticked == ([str(second.pk)] if told["settlement"] else [])
    assert not Payment.objects.exists()
    assert first.pk != second.pk


@pytest.mark.parametrize("usd", ["10.00", "38.00"])
def test_an_order_that_told_the_bank_another_amount_than_is_owed_now_is_refused(
    bought, accountant, usd
):
    """Somebody was paid in cash while the bank was told to pay all of it."""
    first, second = _unpaid(bought, "Grefa", has_account=True), _unpaid(bought, "Tanguila")
    seen = dict(re.findall(r'name="(owed-[-0-9a-f]+)"\s+value="([^"]+)"', _page(accountant)))
    assert seen == {f"owed-{first.pk}": "38.00", f"owed-{second.pk}": "38.00"}
    owed.paid(first, usd, reference="TR-7")
    refused = accountant.post(PAGE, _told(first, second, **seen))
    assert f"Por {first.code} se deben ahora" in _text(refused)
    assert Payment.objects.count() == 1
    for _each in range(2):  # sent again because no answer came
        assert accountant.post(PAGE, _told(second, **seen)).status_code == 302
    assert Payment.objects.count() == 2


def _page(client: Any) -> str:
    text: str = client.get(PAGE).content.decode()
    return text


def test_many_ask_no_more_than_a_few(bought, accountant):
    names = iter(range(10))

    def more(number: int) -> None:
        for _each in range(number):
            _unpaid(bought, f"Familia {next(names)}", has_account=True)

    assert_same_queries(more, lambda: accountant.get(PAGE), few=2, many=5)


def test_who_does_not_pay_finds_no_such_page(client_of):
    assert client_of("manager").get(PAGE).status_code == 404
