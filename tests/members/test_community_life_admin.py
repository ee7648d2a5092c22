"""Community life in the admin."""

from __future__ import annotations

import pytest

from members.models import Agreement, Contribution, Stay, Volunteer
from tests.members import factories

pytestmark = pytest.mark.django_db

ADMIN = "/admin/members/"
ROWS_BELOW = {
    f"{rows}-{name}_FORMS": "0"
    for rows in ("stays", "agreements", "contributions")
    for name in ("TOTAL", "INITIAL")
}


def errors(answer):
    return set(answer.context["adminform"].errors)


def test_a_gathering_is_corrected_with_a_reason_and_not_entered(client_of):
    staff, held = client_of("administration"), factories.gathering()
    change = f"{ADMIN}gathering/{held.pk}/change/"
    told = {
        "kind": "training",
        "topic": "Injertos",
        "held_on": "2026-03-14",
        "community": held.community_id,
        "led_by": "Técnica",
        "visiting_women": "3",
        "visiting_men": "0",
        "visiting_unknown": "0",
    }
    assert errors(staff.post(change, told)) == {"change_reason"}
    assert staff.post(change, told | {"change_reason": "Acta"}).status_code == 302
    held.refresh_from_db()
    assert (held.topic, held.visiting_women) == ("Injertos", 3)
    assert held.history.first().history_change_reason == "Acta"
    assert staff.get(f"{ADMIN}gathering/add/").status_code == 404


def test_a_volunteer_and_a_stay_are_entered_and_an_overlap_is_refused(client_of):
    staff, village = client_of("administration"), factories.community()
    told = {"surnames": "Muster", "given_names": "Anna", "country": "DE", "phone": "+49 30 123456"}
    assert staff.post(f"{ADMIN}volunteer/add/", told | ROWS_BELOW).status_code == 302
    anna = Volunteer.objects.get()
    stay = {
        "volunteer": str(anna.pk),
        "kind": "intern",
        "starts_on": "2026-02-01",
        "ends_on": "2026-07-31",
        "community": village.pk,
        "helps_drying": "on",
    }
    assert staff.post(f"{ADMIN}stay/add/", stay).status_code == 302
    assert errors(staff.post(f"{ADMIN}stay/add/", stay)) == {"__all__"}
    assert Stay.objects.count() == 1
    page = f"{ADMIN}volunteer/{anna.pk}/change/"
    assert "123456" in staff.get(page).content.decode()
    assert "123456" not in client_of("accountant").get(page).content.decode()


def test_the_accountant_enters_what_an_ally_gave_and_its_value_is_computed(client_of):
    giz = factories.ally("GIZ")
    staff = client_of("administration")
    agreement = {"ally": giz.pk, "title": "Convenio 7", "starts_on": "2026-01-01"}
    assert staff.post(f"{ADMIN}agreement/add/", agreement).status_code == 302
    told = {
        "ally": giz.pk,
        "agreement": Agreement.objects.get().pk,
        "kind": "money",
        "description": "Vivero",
        "received_on": "2026-02-01",
        "amount": "100.00",
        "currency": "EUR",
        "usd_rate": "1.1",
        "valued_by": "Banco",
    }
    accountant = client_of("accountant")
    assert accountant.post(f"{ADMIN}contribution/add/", told).status_code == 302
    given = Contribution.objects.get()
    assert str(given.value_usd) == "110.00"
    change = f"{ADMIN}contribution/{given.pk}/change/"
    corrected = told | {"amount": "200.00", "change_reason": "Comprobante"}
    assert accountant.post(change, corrected).status_code == 302
    given.refresh_from_db()
    assert str(given.value_usd) == "220.00"
