"""Chakras: where they lie, in versions, and what happens when two families' boundaries meet."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import InternalError
from geographiclib.geodesic import Geodesic

from members.models import Chakra, ChakraConflict, ChakraGeometry
from members.services import chakras as services
from tests.members import factories
from tests.members.factories import REASON, square

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(f"{TODAY}T12:00:00-05:00", tick=False)


def measure(chakra, geometry=None, **fields):
    told: dict[str, Any] = {"captured_on": TODAY, "method": "walk"} | fields
    return services.set_geometry(actor=None, chakra=chakra, geometry=geometry or square(), **told)


def code_of(error):
    if hasattr(error.value, "error_dict"):
        return {one.code for errors in error.value.error_dict.values() for one in errors}
    return {one.code for one in error.value.error_list}


@pytest.mark.django_db
def test_the_area_is_that_of_geographiclib():
    chakra = factories.chakra()
    boundary = square(side=0.002)
    version = measure(chakra, boundary)
    polygon = Geodesic.WGS84.Polygon()
    for longitude, latitude in boundary["coordinates"][0][:-1]:
        polygon.AddPoint(latitude, longitude)
    expected = abs(polygon.Compute()[2]) / 10_000
    assert abs(float(version.area_ha) - expected) / expected < 0.0001
    assert chakra.geometries.get().is_current


@pytest.mark.django_db
def test_a_point_has_its_declared_area_and_at_most_four_hectares():
    chakra = factories.chakra(declared_area_ha=Decimal("4.01"))
    point = {"type": "Point", "coordinates": [-77.8, -1.0]}
    with pytest.raises(ValidationError) as error:
        measure(chakra, point)
    assert code_of(error) == {"point_too_large"}
    assert not chakra.geometries.exists()
    assert measure(chakra, point, declared_area_ha=Decimal("4.00")).area_ha == 4
    chakra.refresh_from_db()
    assert chakra.declared_area_ha == 4


@pytest.mark.django_db
def test_the_database_itself_refuses_a_large_point():
    chakra = factories.chakra(declared_area_ha=Decimal("4"))
    measure(chakra, {"type": "Point", "coordinates": [-77.8, -1.0]})
    sql = """
        INSERT INTO members_chakrageometry (chakra_id, version, is_current, kind, geometry, area_ha,
            west, south, east, north, method, captured_on, captured_by, noticed)
        SELECT chakra_id, 2, true, kind, geometry, %s, west, south, east, north, method,
            captured_on, captured_by, noticed FROM members_chakrageometry
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_chakrageometry SET is_current = false")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(sql, ["4.0001"])
        cursor.execute(sql, ["4.0000"])


@pytest.mark.django_db
def test_versions_are_kept_and_never_changed():
    chakra = factories.chakra()
    first = measure(chakra, captured_on=date(2024, 5, 1))
    second = measure(chakra, square(side=0.0011), captured_on=date(2025, 5, 1))
    first.refresh_from_db()
    assert (first.version, first.is_current) == (1, False)
    assert (second.version, second.is_current) == (2, True)
    assert list(ChakraGeometry.objects.on(date(2024, 12, 31))) == [first]
    assert list(ChakraGeometry.objects.on(TODAY)) == [second]
    for sql in (
        "UPDATE members_chakrageometry SET area_ha = 9",
        "UPDATE members_chakrageometry SET is_current = true WHERE version = 1",
        "DELETE FROM members_chakrageometry",
    ):
        with (
            pytest.raises((InternalError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


@pytest.mark.django_db
def test_a_new_boundary_waits_for_verification_again():
    chakra = factories.chakra()
    with pytest.raises(ValidationError) as error:
        services.verify_chakra(actor=None, chakra=chakra, reason=REASON)
    assert code_of(error) == {"no_geometry"}
    measure(chakra)
    assert services.verify_chakra(actor=None, chakra=chakra, reason=REASON).state == "verified"
    measure(chakra, square(side=0.0012))
    chakra.refresh_from_db()
    assert chakra.state == Chakra.State.DRAFT


@pytest.mark.django_db
def test_an_overlap_of_two_families_blocks_verification_until_somebody_decides():
    one, other = factories.chakra(), factories.chakra(of=factories.family("Cerda"))
    measure(one)
    services.verify_chakra(actor=None, chakra=one, reason=REASON)
    measure(other, square(west=-77.7995))
    conflict = ChakraConflict.objects.get()
    assert {conflict.one_id, conflict.other_id} == {one.pk, other.pk}
    # Half of the square is shared: 0.0005 by 0.001 degrees.
    half = Geodesic.WGS84.Polygon()
    for longitude, latitude in square(west=-77.7995, side=0.0005, height=0.001)["coordinates"][0][
        :-1
    ]:
        half.AddPoint(latitude, longitude)
    assert float(conflict.overlap_m2) == pytest.approx(abs(half.Compute()[2]), rel=1e-4)
    with pytest.raises(ValidationError) as error:
        services.verify_chakra(actor=None, chakra=other, reason=REASON)
    assert code_of(error) == {"in_conflict"}
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE members_chakra SET state = 'verified' WHERE id = %s", [other.pk])
    with pytest.raises(ValidationError) as error:
        services.decide_conflict(actor=None, conflict=conflict, outcome="decided", decision=" ")
    assert code_of(error) == {"reason_required"}
    services.decide_conflict(
        actor=None, conflict=conflict, outcome="decided", decision="El lindero es el estero."
    )
    assert services.verify_chakra(actor=None, chakra=other, reason=REASON).state == "verified"


@pytest.mark.django_db
def test_neighbours_that_only_touch_are_no_conflict():
    measure(factories.chakra())
    measure(factories.chakra(of=factories.family("Cerda")), square(west=-77.799))
    assert not ChakraConflict.objects.exists()


@pytest.mark.django_db
def test_a_corrected_boundary_closes_its_conflict():
    one, other = factories.chakra(), factories.chakra(of=factories.family("Cerda"))
    measure(one)
    measure(other, square(west=-77.7995))
    measure(other, square(west=-77.799))
    conflict = ChakraConflict.objects.get()
    assert (conflict.outcome, conflict.is_open) == ("corrected", False)
    measure(other, square(west=-77.7995))
    assert ChakraConflict.objects.undecided().count() == 1


@pytest.mark.django_db
def test_a_family_does_not_count_its_land_twice():
    first = factories.chakra()
    measure(first)
    second = factories.chakra(of=first.family)
    with pytest.raises(ValidationError) as error:
        measure(second, square(west=-77.7995))
    assert code_of(error) == {"own_overlap"}
    assert first.code in str(error.value)
    assert measure(second, square(west=-77.799)).version == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_boundaries_at_once_the_second_sees_the_first():
    chakras = [factories.chakra(), factories.chakra(of=factories.family("Cerda"))]
    barrier = threading.Barrier(2)
    problems = []

    def run(chakra, west):
        try:
            barrier.wait(10)
            measure(chakra, square(west=west))
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip(chakras, (-77.8, -77.7995), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert ChakraConflict.objects.undecided().count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_neither_sees_the_other(monkeypatch):
    """The twin: the same two boundaries, and nobody notices that they lie on each other."""
    chakras = [factories.chakra(), factories.chakra(of=factories.family("Cerda"))]
    met = threading.Barrier(2)
    look = services._overlaps

    def look_together(*args):
        found = look(*args)
        met.wait(10)
        return found

    monkeypatch.setattr(services, "lock_boundaries", lambda: None)
    monkeypatch.setattr(services, "_overlaps", look_together)

    def run(chakra, west):
        try:
            measure(chakra, square(west=west))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip(chakras, (-77.8, -77.7995), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ChakraGeometry.objects.count() == 2
    assert not ChakraConflict.objects.exists()


@pytest.mark.django_db
def test_crops_are_written_as_one_list():
    chakra = factories.chakra()
    cocoa = {"crop": "cocoa", "variety": "Nacional", "area_ha": Decimal("1.5"), "plants": 900}
    services.set_crops(actor=None, chakra=chakra, crops=[cocoa, {"crop": "guayusa"}], reason=REASON)
    lines = services.set_crops(
        actor=None, chakra=chakra, crops=[cocoa | {"plants": 950}], reason=REASON
    )
    assert [(one.crop, one.plants) for one in lines] == [("cocoa", 950)]
    assert chakra.crops.count() == 1
    with pytest.raises(ValidationError) as error:
        services.set_crops(actor=None, chakra=chakra, crops=[cocoa, cocoa], reason=REASON)
    assert code_of(error) == {"crop_twice"}


@pytest.mark.django_db
def test_a_chakra_given_up_ends_its_conflicts_and_is_not_measured():
    one, other = factories.chakra(), factories.chakra(of=factories.family("Cerda"))
    measure(one)
    measure(other, square(west=-77.7995))
    services.close_chakra(actor=None, chakra=other, closed_on=TODAY, reason=REASON)
    assert ChakraConflict.objects.get().outcome == "given_up"
    with pytest.raises(ValidationError) as error:
        measure(other)
    assert code_of(error) == {"closed"}
    services.reopen_chakra(actor=None, chakra=other, reason=REASON)
    assert ChakraConflict.objects.undecided().count() == 1


@pytest.mark.django_db
def test_a_point_in_its_place_does_not_settle_a_conflict():
    one, other = factories.chakra(), factories.chakra(of=factories.family("Cerda"))
    measure(one)
    measure(other, square(west=-77.7995))
    point = {"type": "Point", "coordinates": [-77.7992, -0.9995]}
    measure(other, point, declared_area_ha=Decimal("0.5"))
    assert ChakraConflict.objects.undecided().count() == 1
    with pytest.raises(ValidationError) as error:
        services.verify_chakra(actor=None, chakra=other, reason=REASON)
    assert code_of(error) == {"in_conflict"}


@pytest.mark.django_db
def test_the_area_of_a_point_is_corrected_by_measuring_again():
    chakra = factories.chakra(declared_area_ha=Decimal(1))
    measure(chakra, {"type": "Point", "coordinates": [-77.8, -1.0]})
    wanted: dict[str, Any] = {"declared_area_ha": Decimal(40), "reason": REASON}
    with pytest.raises(ValidationError) as error:
        services.correct_chakra(actor=None, chakra=chakra, **wanted)
    assert code_of(error) == {"area_of_point"}
    measure(chakra)
    corrected = services.correct_chakra(actor=None, chakra=chakra, **wanted)
    assert corrected.declared_area_ha == 40


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2026, 3, 3)])
def test_a_measurement_has_a_day_on_which_it_can_have_been_made(day):
    with pytest.raises(ValidationError) as error:
        measure(factories.chakra(), captured_on=day)
    assert code_of(error) == {"impossible_day"}
