"""The invented harvests: the same at every load, as large as the book says, and lawful."""

from __future__ import annotations

import hashlib
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from harvests.models import (
    Advance,
    Delivery,
    DeliveryAlert,
    DeliveryShare,
    FolioSeries,
    MarketPrice,
    Operation,
    PriceList,
    Quota,
)
from kallari.history.seals.verifying import verify_history

pytestmark = pytest.mark.django_db

DIGESTED = (
    "SELECT id, folio, status, family_id, quantity, unit, net_kg, amount_usd, premium_usd,"
    " certification_class, weighed_at, content_digest, note FROM harvests_delivery ORDER BY folio",
    "SELECT delivery_id, chakra_id, share, net_kg FROM harvests_deliveryshare ORDER BY 1, 2",
    "SELECT delivery_id, kind, is_open, decision, other_id FROM harvests_deliveryalert"
    " ORDER BY 1, 2",
    "SELECT op_id, digest, raw, result, folio FROM harvests_operation ORDER BY digest",
    "SELECT id, number, family_id, amount_usd, given_on, voided_on IS NULL FROM harvests_advance"
    " ORDER BY 1",
    "SELECT name, resolution, valid_from FROM harvests_pricelist ORDER BY valid_from",
)


def demo(scale):
    call_command("demo", scale=scale, stdout=StringIO())


def load_and_undo(scale):
    found = hashlib.sha256()
    with transaction.atomic():
        demo(scale)
        with connection.cursor() as cursor:
            for query in DIGESTED:
                cursor.execute(query)
                found.update(repr(cursor.fetchall()).encode())
        transaction.set_rollback(True)
    return found.hexdigest()


def test_two_loads_give_the_same_deliveries_keys_and_folios_included():
    assert load_and_undo("small") == load_and_undo("small")


def test_every_page_of_the_small_demo_has_something_to_show():
    demo("small")
    assert 250 < Delivery.objects.count() < 350
    statuses = set(Delivery.objects.values_list("status", flat=True))
    assert statuses == {"valid", "superseded", "voided"}
    waiting = Counter(Operation.objects.filter(is_open=True).values_list("result", flat=True))
    assert set(waiting) == {"held", "conflict", "rejected"}
    codes = {
        error["code"]
        for errors in Operation.objects.filter(result="held").values_list("errors", flat=True)
        for error in errors
    }
    assert codes == {"no_price_in_force", "does_not_exist", "device_revoked"}
    alerts = DeliveryAlert.objects
    assert {"late_harvest", "double", "quota"} <= set(alerts.values_list("kind", flat=True))
    assert alerts.filter(is_open=True, kind="double").exists()
    assert alerts.filter(decision="explained").exists()
    assert Advance.objects.filter(voided_on=None).exists()
    assert Quota.objects.standing().exists()
    assert MarketPrice.objects.exists()
    assert {one.form.code for one in Delivery.objects.select_related("form")} == {
        *("baba", "seco", "hoja", "vaina", "pieza")
    }
    assert_folios_follow_each_other()
    assert_history_agrees()


def assert_folios_follow_each_other():
    for series in FolioSeries.objects.all():
        numbers = Delivery.objects.filter(center=series.center, folio_year=series.year)
        drawn = sorted(numbers.values_list("folio_number", flat=True))
        assert drawn == list(range(1, series.last + 1))


def assert_history_agrees():
    found: list[Any] = []
    verify_history(found.append)
    assert found == []
    for model in (Delivery, DeliveryShare, DeliveryAlert, PriceList, Advance):
        assert model.history.values("id").distinct().count() == model.objects.count()
