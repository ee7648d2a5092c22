"""Rules as people, board staff and programs meet them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import localdate

from kallari.rules.declaring import declared_rules
from kallari.rules.models import RuleValue
from kallari.rules.services import add_rule_value, correct_rule_value
from members.rules import (
    EXPIRY_WARNING_DAYS,
    MINIMUM_AGE,
    NOP_ROOT_FACTOR,
    POINT_MAX_HA,
    TRADE_DAYS,
    TRADE_PRODUCTS,
)
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

LIST = "/reglas/"
NOON = datetime(2027, 3, 1, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page(rule, *rest):
    return "/".join([f"/reglas/{rule.key}", *map(str, rest), ""])


def dated(rule, value, since, **told):
    return add_rule_value(
        actor=None, rule=rule, value=value, valid_from=since, source="Acta 7", **told
    )


@pytest.fixture
def manager(client_of):
    return client_of("manager")


def test_the_list_says_what_holds_today_and_what_nobody_has_confirmed(manager):
    text = manager.get(LIST).content.decode()
    assert "18 años" in text
    assert "cacao, guayusa, vainilla" in text
    today = localdate()
    unconfirmed = sum(not rule.row_on(today).confirmed for rule in declared_rules())
    assert unconfirmed > 0
    assert f"{unconfirmed} sin confirmar" in text
    assert text.count(">Sin confirmar<") == unconfirmed


def test_a_value_holds_from_its_day_on(manager):
    dated(TRADE_DAYS, 400, date(2027, 3, 2))
    listed = manager.get(LIST).content.decode()
    assert "365 días" in listed
    assert "400 días desde el 02/03/2027" in listed
    own = manager.get(page(TRADE_DAYS)).content.decode()
    assert own.index("365 días") < own.index("Lo que regirá") < own.index("400 días")
    with time_machine.travel(datetime(2027, 3, 2, 17, tzinfo=UTC), tick=False):
        own = manager.get(page(TRADE_DAYS)).content.decode()
    assert own.index("400 días") < own.index("Lo que rigió antes") < own.index("365 días")


@pytest.mark.parametrize(
    ("rule", "typed", "value", "words"),
    [
        (MINIMUM_AGE, "21", 21, "21 años"),
        (NOP_ROOT_FACTOR, "1,5", Decimal("1.5"), "1,5"),
        (POINT_MAX_HA, "3.5", Decimal("3.5"), "3,5 ha"),
        (TRADE_PRODUCTS, ["cocoa", "coffee"], ("cocoa", "coffee"), "cacao, café"),
        (EXPIRY_WARNING_DAYS, "60, 15", (60, 15), "60 y 15 días"),
    ],
)
def test_the_office_adds_a_value_of_each_kind(manager, rule, typed, value, words):
    answer = manager.post(
        page(rule, "nuevo"),
        {"value": typed, "valid_from": "2027-01-01", "source": "Asamblea", "confirmed": "on"},
        follow=True,
    )
    assert words in answer.content.decode()
    assert rule.on(date(2027, 1, 1)) == value
    assert rule.row_on(date(2027, 1, 1)).confirmed
    assert rule.on(date(2026, 12, 31)) != value


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"value": "cero"}, "value"),
        ({"value": "0"}, "value"),
        ({"source": ""}, "source"),
        ({"valid_from": ""}, None),
    ],
)
def test_a_wrong_value_is_refused_in_words_and_kept_on_the_form(manager, told, field):
    right = {"value": "21", "valid_from": "2027-01-01", "source": "Asamblea"}
    answer = manager.post(page(MINIMUM_AGE, "nuevo"), right | told)
    form = answer.context["form"]
    assert set(form.errors) == {field or "__all__"}
    assert RuleValue.objects.of(MINIMUM_AGE.key).count() == 1
    assert manager.post(page(MINIMUM_AGE, "nuevo"), right).status_code == 302


def test_a_value_is_confirmed_by_saying_where_it_was_looked_up(manager):
    row = dated(MINIMUM_AGE, 21, date(2027, 1, 1))
    address = page(MINIMUM_AGE, row.pk, "confirmar")
    assert set(manager.post(address, {"reason": " "}).context["form"].errors) == {"reason"}
    manager.post(address, {"reason": "Estatuto, art. 12"})
    row.refresh_from_db()
    assert row.confirmed
    assert row.history.first().history_change_reason == "Estatuto, art. 12"


def test_a_correction_asks_why_and_wants_to_be_confirmed_again(manager):
    row = dated(MINIMUM_AGE, 21, date(2027, 1, 1), confirmed=True)
    told = {"value": "20", "valid_from": "2027-01-01", "source": "Acta 7"}
    answer = manager.post(page(MINIMUM_AGE, row.pk, "corregir"), told)
    assert set(answer.context["form"].errors) == {"reason"}
    manager.post(page(MINIMUM_AGE, row.pk, "corregir"), told | {"reason": "Decía veinte"})
    row.refresh_from_db()
    assert (row.value, row.confirmed) == (20, False)


def test_a_value_of_another_rule_is_not_there(manager):
    row = TRADE_DAYS.row_on(NOON.date())
    assert manager.get(page(TRADE_DAYS, row.pk, "corregir")).status_code == 200
    assert manager.get(page(MINIMUM_AGE, row.pk, "corregir")).status_code == 404
    assert manager.get("/reglas/no.such/").status_code == 404


def test_history_says_values_in_words(client_of):
    row = TRADE_PRODUCTS.row_on(NOON.date())
    correct_rule_value(
        actor=None,
        row=row,
        reason="Acta 9",
        value=("cocoa", "coffee"),
        valid_from=None,
        source=row.source,
        resolution="",
        note="",
    )
    client = client_of("manager")
    own = client.get(page(TRADE_PRODUCTS)).content.decode()
    changed = own[own.index("Últimos cambios") :]
    assert "cacao, guayusa, vainilla" in changed
    assert "cacao, café" in changed
    everything = client.get("/auditoria/", {"modelo": "rules.rulevalue"}).content.decode()
    assert "cacao, café" in everything
    assert str(TRADE_PRODUCTS.label) in everything
    assert "partner.trade_products" not in everything


def test_the_pages_ask_the_same_queries_for_3_and_for_300_values(client_of):
    client: Client = client_of("manager")
    days = iter(range(1, 400))

    def more(number):
        for _row in range(number):
            dated(MINIMUM_AGE, 21, date.fromordinal(date(2020, 1, 1).toordinal() + next(days)))

    def ask():
        for address in (LIST, page(MINIMUM_AGE), "/admin/rules/rulevalue/"):
            assert client.get(address).status_code == 200

    assert_same_queries(more, ask)


# --- Programs -------------------------------------------------------------------------------------


def test_programs_read_what_holds_on_a_day(api_client_of):
    dated(TRADE_DAYS, 400, date(2027, 3, 2), resolution="AG-2027-1")
    client = api_client_of("auditor")

    def value(**query):
        answer = client.get("/api/v1/rules/", {"limit": 200, **query}).json()
        return {row["key"]: row for row in answer["results"]}[TRADE_DAYS.key]

    assert value()["words"] == "365 días"
    assert value()["superseded_on"] == "2027-03-02"
    assert value(on="2027-03-02")["value"] == 400
    assert client.get(f"/api/v1/rules/{TRADE_DAYS.key}/").json()["value"] == 365
    every = client.get(f"/api/v1/rules/{TRADE_DAYS.key}/values/").json()
    assert [row["value"] for row in every] == [400, 365]
    assert client.get("/api/v1/rules/no.such/values/").status_code == 404
    factor = client.get(f"/api/v1/rules/{NOP_ROOT_FACTOR.key}/").json()
    assert (factor["kind"], factor["value"]) == ("decimal", "1.4")


# --- Board staff ----------------------------------------------------------------------------------


def test_the_admin_adds_and_corrects_through_the_services(client_of):
    client = client_of("administration")
    add = "/admin/rules/rulevalue/add/"
    told = {
        "key": NOP_ROOT_FACTOR.key,
        "value": "1,5",
        "valid_from": "2027-01-01",
        "source": "NOP 2027",
        "confirmed": "on",
    }
    assert "value" in client.post(add, told | {"value": "x"}).context["adminform"].errors
    assert client.post(add, told).status_code == 302
    row = NOP_ROOT_FACTOR.row_on(date(2027, 1, 1))
    assert (row.value, row.confirmed) == ("1.5", True)
    change = f"/admin/rules/rulevalue/{row.pk}/change/"
    corrected = told | {"value": "1,6", "change_reason": "Decía uno coma seis"}
    assert client.post(change, corrected).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.confirmed, row.key) == ("1.6", False, NOP_ROOT_FACTOR.key)
    found = client.get("/admin/rules/rulevalue/", {"q": "raíz"}).content.decode()
    assert "1,6" in found
