"""Prices, quotas, advances and the catalogue, as programs read and write them."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest

from harvests.models import Advance, MarketPrice, PriceList
from tests.harvests import factories
from tests.harvests.factories import CONVENTIONAL, ORGANIC
from tests.members.factories import REASON, family
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture
def office(api_client_of):
    return api_client_of("administration")


@pytest.fixture
def accountant(api_client_of):
    return api_client_of("accountant")


@pytest.fixture
def bought():
    return factories.world()


def _codes(response):
    return {error["code"] for error in response.json()["errors"]}


def _price(price, certification_class=ORGANIC, **told):
    return {
        "quality": "baba-primera",
        "certification_class": certification_class,
        "unit": "lb",
        "price_usd": price,
        **told,
    }


def test_a_program_drafts_approves_and_publishes_a_list(office, accountant, bought):
    made = accountant.post(
        f"{API}price-lists/",
        {"name": "Diciembre", "lines": [_price("0.55", premium_usd="0.05"), _price("0.50")]},
    )
    assert made.status_code == 201
    assert [line["price_usd"] for line in made.json()["lines"]] == ["0.5000"]  # the last says
    address = f"{API}price-lists/{made.json()['id']}/"
    assert accountant.post(f"{address}publish/").status_code == 403
    assert "resolution_required" in _codes(office.post(f"{address}publish/"))
    corrected = accountant.patch(
        address,
        {
            "resolution": "DIR-2026-11",
            "lines": [_price(None), _price("0.48", CONVENTIONAL)],
            "reason": REASON,
        },
    )
    assert corrected.status_code == 200
    assert [line["certification_class"] for line in corrected.json()["lines"]] == [CONVENTIONAL]
    published = office.post(f"{address}publish/", {"valid_from": "2026-12-01T11:30:00-05:00"})
    assert published.status_code == 200
    assert published.json()["valid_from"].startswith("2026-12-01T")
    assert "published" in _codes(office.post(f"{address}publish/"))
    refused = accountant.patch(address, {"name": "Otra", "reason": REASON})
    assert "published" in _codes(refused)
    assert PriceList.objects.get(pk=made.json()["id"]).name == "Diciembre"


def test_drafts_are_for_who_writes_them(api_client_of, bought):
    factories.draft((bought.primera, ORGANIC, "0.55"))
    assert api_client_of("accountant").get(f"{API}price-lists/").json()["count"] == 2
    assert api_client_of("delegate").get(f"{API}price-lists/").json()["count"] == 1


def test_a_list_asks_as_often_for_3_price_lists_as_for_30(office, bought):
    def make(number):
        for _row in range(number):
            factories.draft((bought.primera, ORGANIC, "0.55"))

    def ask():
        assert office.get(f"{API}price-lists/").status_code == 200

    assert_same_queries(make, ask, many=30)


def test_the_catalogue_is_read_with_the_figures_and_their_sources(office, api_client_of, bought):
    baba = office.get(f"{API}product-forms/{bought.baba.pk}/").json()
    late = next(one for one in baba["figures"] if one["kind"] == "late_days")
    assert (late["value"], late["confirmed"]) == ("7.0000", False)
    assert late["source"]
    hidden = api_client_of("delegate").get(f"{API}product-forms/{bought.baba.pk}/").json()
    assert hidden["figures"] == []
    listed = office.get(f"{API}qualities/?product_form=baba").json()["results"]
    assert [one["code"] for one in listed] == ["baba-primera", "baba-segunda"]
    for resource in ("products", "varieties", "collection-centers", "seasons"):
        assert office.get(f"{API}{resource}/").status_code == 200


def test_the_same_advance_sent_twice_is_one(accountant):
    grefa = family("Grefa")
    told = {
        "id": str(uuid.uuid4()),
        "family": str(grefa.pk),
        "amount_usd": "50.00",
        "given_on": "2026-01-02",
        "given_by": "Contabilidad",
    }
    assert accountant.post(f"{API}advances/", told).status_code == 201
    again = accountant.post(f"{API}advances/", told)
    assert (again.status_code, again.json()["code"]) == (200, "A-00001")
    assert accountant.post(f"{API}advances/", told | {"amount_usd": "60"}).status_code == 409
    assert Advance.objects.get().amount_usd == Decimal(50)


def test_a_quota_says_what_came_and_is_found_by_its_day(office, bought):
    told = {
        "product_form": "hoja",
        "starts_on": "2026-03-01",
        "ends_on": "2026-03-31",
        "limit_kg": "200",
    }
    made = office.post(f"{API}quotas/", told)
    assert (made.status_code, made.json()["delivered_kg"]) == (201, "0.000")
    assert office.get(f"{API}quotas/?on=2026-03-31").json()["count"] == 1
    assert office.get(f"{API}quotas/?on=2026-04-01").json()["count"] == 0
    assert "overlapping" in _codes(office.post(f"{API}quotas/", told))


def test_a_market_price_is_told_again_with_a_reason_alone(accountant, bought):
    told = {"product": "cacao", "day": "2026-02-02", "usd_per_tonne": "3226", "source": "ICE"}
    assert accountant.post(f"{API}market-prices/", told).status_code == 201
    other = told | {"usd_per_tonne": "3230"}
    assert "reason_required" in _codes(accountant.post(f"{API}market-prices/", other))
    assert accountant.post(f"{API}market-prices/", other | {"reason": REASON}).status_code == 201
    assert MarketPrice.objects.get(day=date(2026, 2, 2)).usd_per_tonne == 3230
