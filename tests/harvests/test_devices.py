"""Telephones: their names, and those that were lost."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from harvests.services import devices as services
from tests.harvests import factories
from tests.harvests.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_lost_device_is_revoked_and_found_again_restored():
    device = factories.device()
    with refused("not_revoked"):
        services.restore_device(actor=None, device=device, reason="Apareció.")
    with refused("reason_required"):
        services.revoke_device(actor=None, device=device, reason="")
    before = timezone.now()
    device = services.revoke_device(actor=None, device=device, reason="Se perdió en el río.")
    assert device.revoked_at
    assert before <= device.revoked_at <= timezone.now()
    with refused("revoked"):
        services.revoke_device(actor=None, device=device, reason="Otra vez.")
    assert not services.restore_device(actor=None, device=device, reason="Apareció.").is_revoked


def test_a_device_is_called_by_its_name_or_as_on_its_provisional_folios():
    # What static/harvests/acopio/codes.js (shortDevice) answered for this key in Chromium.
    device = factories.device(name="", key=UUID("7bbf63d2-cc4c-45c8-863b-39c657d4b02e"))
    assert str(device) == "FEZP"
    assert str(services.name_device(actor=None, device=device, name="Tableta")) == "Tableta"
