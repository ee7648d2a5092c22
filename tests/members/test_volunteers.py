"""Volunteers and interns, and their stays."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.models import Stay, Volunteer
from members.services import volunteers as services
from members.services.families import assign_community
from tests.members.factories import REASON, community, family, stay, volunteer

pytestmark = pytest.mark.time_machine("2026-11-23T15:00:00+00:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends_on", "refused"),
    [
        # "One month to one year" (the association's book): from 10 February on
        (date(2026, 3, 8), True),
        (date(2026, 3, 9), False),
        (date(2027, 2, 9), False),
        (date(2027, 2, 10), True),
    ],
)
def test_a_stay_of_unusual_length_asks_for_a_note(ends_on, refused):
    fields = {"starts_on": date(2026, 2, 10), "ends_on": ends_on}
    if not refused:
        stay(**fields)
        return
    with pytest.raises(ValidationError) as caught:
        stay(**fields)
    assert caught.value.error_dict["length_note"][0].code == "unusual_length"
    stay(length_note="Viene con su universidad", **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "refused"), [(date(2026, 7, 31), True), (date(2026, 8, 1), False)]
)
def test_stays_of_one_volunteer_do_not_overlap_by_a_day(starts_on, refused):
    anna = volunteer()
    stay(anna, starts_on=date(2026, 2, 1), ends_on=date(2026, 7, 31))
    fields = {"starts_on": starts_on, "ends_on": date(2026, 12, 1)}
    if not refused:
        stay(anna, **fields)
        return
    with pytest.raises(ValidationError, match="Ya tiene una estadía"):
        stay(anna, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay(
            volunteer=anna, kind="intern", community=community("Pano"), helps_sales=True, **fields
        ).save()
    stay(volunteer("Otra", "Persona"), **fields)


@pytest.mark.django_db
def test_a_stay_called_off_makes_room():
    anna = volunteer()
    services.cancel_stay(actor=None, stay=stay(anna), reason=REASON)
    stay(anna)


@pytest.mark.django_db
def test_a_stay_has_a_task_and_ends_after_it_starts():
    with pytest.raises(ValidationError, match="Marque en qué ayuda"):
        stay(helps_drying=False)
    with pytest.raises(ValidationError, match="no es anterior"):
        stay(ends_on=date(2026, 1, 1))
    assert stay(helps_sales=True, other_tasks="Fotografías").tasks == [
        "secado",
        "ventas",
        "Fotografías",
    ]


@pytest.mark.django_db
def test_the_host_lives_in_the_community_that_receives():
    rumi, serena = community("Rumi Yaku"), community("Serena")
    with pytest.raises(ValidationError, match="otra comunidad"):
        stay(community=rumi, host_family=family(of=serena))
    stay(community=rumi, host_family=family(of=rumi))


@pytest.mark.django_db
def test_who_is_here_who_comes_and_who_has_gone():
    for name, starts_on, ends_on in [
        ("Ida", date(2026, 1, 1), date(2026, 6, 30)),
        ("Hoy", date(2026, 10, 1), date(2026, 11, 23)),
        ("Luego", date(2026, 11, 24), date(2027, 3, 1)),
    ]:
        stay(volunteer(name), starts_on=starts_on, ends_on=ends_on)
    today, find = date(2026, 11, 23), Volunteer.objects.all()
    assert [one.surnames for one in find.here_on(today)] == ["Hoy"]
    assert [one.surnames for one in find.coming_after(today)] == ["Luego"]
    assert [one.surnames for one in find.gone_by(today)] == ["Ida"]


@pytest.mark.django_db
def test_history_shows_that_contact_data_changed_and_never_what_they_are():
    anna = volunteer(phone="+49 30 123456", emergency_name="Mutter Muster")
    services.correct_volunteer(actor=None, volunteer=anna, phone="+49 30 654321", reason=REASON)
    from kallari.history import changes

    shown = str(
        [
            [(field.old.html, field.new.html) for field in change.fields]
            for change in changes.describe(
                changes.find(changes.Filters(model=Volunteer), size=5).places
            )
        ]
    )
    assert "654321" not in shown
    assert "123456" not in shown
    assert "Mutter" not in shown


@pytest.mark.django_db
def test_agents_see_who_stays_in_their_communities(account):
    rumi, serena = community("Rumi Yaku"), community("Serena")
    here = stay(volunteer("Aquí"), community=rumi).volunteer
    stay(volunteer("Allá"), community=serena)
    agent = account("extension_agent")
    assign_community(actor=None, user=agent, community=rumi)
    assert list(Volunteer.objects.visible_to(agent)) == [here]
    assert Volunteer.objects.visible_to(account("surveillance")).count() == 2
    assert not Volunteer.objects.visible_to(account("delegate")).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_stays_at_once_one_is_refused():
    anna, rumi = volunteer(), community()
    barrier, refused = threading.Barrier(2), []

    def act():
        try:
            barrier.wait(timeout=10)
            stay(anna, community=rumi)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(refused) == 1
    assert Stay.objects.count() == 1
