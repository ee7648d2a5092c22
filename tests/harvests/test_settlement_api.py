"""Settlements, payments and cash, as programs read and write them."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from harvests.models import CashSession, Payment, Settlement
from tests.harvests import factories, owed
from tests.harvests.test_settlements import weighed
from tests.members.factories import family

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture
def bought():
    return factories.world()


@pytest.fixture
def accountant(api_client_of):
    return api_client_of("accountant")


@pytest.fixture
def manager(api_client_of):
    return api_client_of("manager")


def _codes(response):
    body = response.json()
    return {body["code"]} | {one["code"] for one in body.get("errors", [])}


def test_a_settlement_is_drafted_once_approved_by_another_and_paid_once(
    bought, accountant, manager
):
    grefa = family()
    weighed(grefa, bought)
    told = {"id": str(uuid.uuid4()), "family": str(grefa.pk), "until": "2026-03-31"}
    first = accountant.post(f"{API}settlements/", told)
    assert first.status_code == 201, first.json()
    assert accountant.post(f"{API}settlements/", told).status_code == 200
    other = accountant.post(f"{API}settlements/", told | {"until": "2026-03-30"})
    assert other.status_code == 409
    made = first.json()
    assert [line["kind"] for line in made["lines"]] == ["delivery"]
    assert (made["status"], made["total_usd"], made["code"]) == ("drafted", "38.00", "L-00001")
    address = f"{API}settlements/{made['id']}/"
    assert accountant.post(f"{address}approve/").status_code == 403
    assert manager.post(f"{address}approve/").json()["status"] == "approved"
    payment = {
        "id": str(uuid.uuid4()),
        "settlement": made["id"],
        "amount_usd": "38.00",
        "method": "transfer",
        "reference": "TR-1",
        "paid_on": "2026-04-02",
        "paid_by": "Contabilidad",
    }
    assert accountant.post(f"{API}payments/", payment).status_code == 201
    assert accountant.post(f"{API}payments/", payment).status_code == 200
    again = accountant.post(f"{API}payments/", payment | {"id": str(uuid.uuid4())})
    assert (again.status_code, "more_than_owed" in _codes(again)) == (400, True)
    assert Payment.objects.count() == 1
    shown = accountant.get(address).json()
    assert (shown["paid_usd"], shown["owed_usd"]) == ("38.00", "0.00")


def test_a_note_that_another_keyboard_wrote_is_a_repeat_all_the_same(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    told = {
        "id": str(uuid.uuid4()),
        "family": str(grefa.pk),
        "until": "2026-03-31",
        "note": "Liquidacio\u0301n de marzo",  # the accent apart from its letter
    }
    answers = [accountant.post(f"{API}settlements/", told) for _each in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].json()["note"] == "Liquidación de marzo"
    hidden = told | {"id": str(uuid.uuid4()), "note": "marzo\u202e"}
    refused = accountant.post(f"{API}settlements/", hidden)
    assert (refused.status_code, "unseen_sign" in _codes(refused)) == (400, True)


def test_cash_comes_out_of_a_box_that_a_program_opened(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    settlement, session = owed.approved(grefa), owed.opened("5.00")
    box = session.box_id
    told = {
        "settlement": str(settlement.pk),
        "amount_usd": "10.00",
        "method": "cash",
        "cash_session": str(session.pk),
        "paid_on": "2026-04-02",
        "paid_by": "Contabilidad",
    }
    refused = accountant.post(f"{API}payments/", told)
    assert "not_enough_cash" in _codes(refused)
    told |= {"amount_usd": "4.00", "id": str(uuid.uuid4())}
    paid = accountant.post(f"{API}payments/", told)
    assert paid.json()["cash_session"] == str(session.pk)
    assert accountant.post(f"{API}payments/", told).status_code == 200
    other = told | {"cash_session": str(owed.opened("5.00", name="Otra caja").pk)}
    assert _codes(accountant.post(f"{API}payments/", other)) == {"other_content"}
    shown = accountant.get(f"{API}cash-sessions/{session.pk}/").json()
    assert shown["balance_usd"] == "1.00"
    twice = accountant.post(
        f"{API}cash-sessions/", {"box": box, "opening_usd": "1.00", "opening_note": "Otra"}
    )
    assert twice.status_code == 400
    assert CashSession.objects.filter(box=box).count() == 1


def test_a_payment_sent_again_out_of_another_box_is_a_conflict(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    settlement, first = owed.approved(grefa), owed.opened("5.00")
    other = owed.opened("5.00", name="Caja del centro")
    told = {
        "id": str(uuid.uuid4()),
        "settlement": str(settlement.pk),
        "amount_usd": "4.00",
        "method": "cash",
        "cash_session": str(first.pk),
        "paid_on": "2026-04-02",
        "paid_by": "Contabilidad",
    }
    answers = [accountant.post(f"{API}payments/", told) for _each in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    answer = accountant.post(f"{API}payments/", told | {"cash_session": str(other.pk)})
    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")


def test_what_was_done_is_undone_by_another_row(bought, accountant, manager):
    grefa = family()
    weighed(grefa, bought)
    settlement = owed.approved(grefa)
    payment = owed.paid(settlement, "38.00")
    address = f"{API}settlements/{settlement.pk}/"
    paid = manager.post(f"{address}reverse/", {"reason": "Se hizo mal."})
    assert "paid" in _codes(paid)
    back = accountant.post(f"{API}payments/{payment.pk}/reverse/", {"reason": "Volvió."})
    assert (back.status_code, back.json()["amount_usd"]) == (201, "-38.00")
    assert accountant.post(f"{API}payments/{payment.pk}/reverse/").status_code == 400
    reversal = manager.post(f"{address}reverse/", {"reason": "Se hizo mal."}).json()
    assert (reversal["kind"], reversal["total_usd"]) == ("reversal", "-38.00")
    draft = owed.drafted(grefa)
    gone = accountant.post(f"{API}settlements/{draft.pk}/discard/", {"reason": "Se repite."})
    assert gone.json()["status"] == "discarded"
    assert Settlement.objects.drafts().count() == 0


def test_lists_are_narrowed(bought, accountant):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    for one in (grefa, tanguila):
        weighed(one, bought)
    first = owed.approved(grefa)
    owed.drafted(tanguila)
    owed.paid(first, "5.00")
    for query, number in (
        ("", 2),
        ("?status=drafted", 1),
        (f"?family={grefa.pk}", 1),
        ("?search=tanguila", 1),
        ("?until_from=2026-04-01", 0),
    ):
        assert accountant.get(f"{API}settlements/{query}").json()["count"] == number, query
    for query, number in (
        ("", 1),
        ("?method=cash", 0),
        (f"?settlement={first.pk}", 1),
        ("?search=P-00001", 1),
    ):
        assert accountant.get(f"{API}payments/{query}").json()["count"] == number, query


@pytest.mark.parametrize("usd", ["1_0", "\u0661\u0660", " 10", "10 ", "1e1", "+10", "10,0", "NaN"])
def test_an_amount_is_written_out_in_figures(bought, accountant, usd):
    grefa = family()
    weighed(grefa, bought)
    told = {
        "settlement": str(owed.approved(grefa).pk),
        "amount_usd": usd,
        "method": "transfer",
        "reference": "TR-1",
        "paid_on": "2026-04-02",
        "paid_by": "Contabilidad",
    }
    assert accountant.post(f"{API}payments/", told).status_code == 400
    assert not Payment.objects.exists()
    assert accountant.post(f"{API}payments/", told | {"amount_usd": "10.0"}).status_code == 201


def test_a_transfer_is_not_told_with_a_cash_box(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    told = {
        "settlement": str(owed.approved(grefa).pk),
        "amount_usd": "10.00",
        "method": "transfer",
        "reference": "TR-1",
        "paid_on": "2026-04-02",
        "paid_by": "Contabilidad",
    }
    session = owed.opened("50.00")
    answer = accountant.post(f"{API}payments/", told | {"cash_session": str(session.pk)})
    assert (answer.status_code, "no_cash_box_needed" in _codes(answer)) == (400, True)
    assert accountant.post(f"{API}payments/", told).status_code == 201


def test_an_unknown_field_is_refused(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    told = {"family": str(grefa.pk), "until": "2026-03-31", "total_usd": "900"}
    assert accountant.post(f"{API}settlements/", told).status_code == 400
    assert not Settlement.objects.exists()


def test_an_advance_in_inputs_says_what_is_left(bought, accountant):
    from tests.members.factories import handed_out

    grefa = family()
    inputs = handed_out(to=grefa)
    told = {
        "family": str(grefa.pk),
        "kind": "inputs",
        "inputs": str(inputs.pk),
        "amount_usd": "12.00",
        "given_on": "2026-02-02",
        "given_by": "Contabilidad",
    }
    made = accountant.post(f"{API}advances/", told)
    assert made.status_code == 201, made.json()
    weighed(grefa, bought, "10")  # 3.80
    owed.drafted(grefa)
    shown = accountant.get(f"{API}advances/{made.json()['id']}/").json()
    assert Decimal(shown["left_usd"]) == Decimal("8.20")
