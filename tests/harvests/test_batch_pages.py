"""The pages of processes, through the door people use."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from harvests.board import board
from harvests.models import Batch, BatchReading, Lot, Place, ProcessKind, ProcessPhase
from harvests.services import batches, processes, stock
from harvests.usable import Wanted, usable
from harvests.wording.readings import moment
from tests.harvests import factories, works
from tests.harvests.works import CONVENTIONAL, ORGANIC, given, left
from tests.members.factories import REASON
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


@pytest.fixture
def operator(world, client_of):
    return client_of("manager")


def _text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def _days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def _chosen(*sources: Any, **told: Any) -> dict[str, str]:
    """What the page sends of things that are ticked; (source, kg) takes a part."""
    sent: dict[str, str] = {}
    for one in sources:
        source, kg = one if isinstance(one, tuple) else (one, "")
        key = f"{'l' if isinstance(source, Lot) else 'd'}{source.pk.hex}"
        sent |= {f"take-{key}": "on", f"kg-{key}": kg}
    return sent | told


def _outputs(*rows: dict[str, str], **told: str) -> dict[str, str]:
    sent = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        usual = {"form": "seco", "unit": "kg", "quantity": ""}
        sent |= {f"form-{place}-{name}": value for name, value in (usual | row).items()}
    return sent | told


# --- The board ------------------------------------------------------------------------------------


def test_the_board_says_what_is_in_each_place_and_what_is_free(operator, world):
    batch = works.started(world, works.handed_in(world, "90"), where=world.cajon_1)
    page = _text(operator.get("/procesos/"))
    assert batch.code in page
    assert "90 kg" in page
    assert "Cajón 2</h3>" in page
    assert "1 libre" in page
    assert "Sin procesos ahora: Bodega." in page


def test_what_is_due_stands_first_the_longest_due_on_top(world):
    """Boxes are turned every 48 hours, temperatures read every day."""
    now = timezone.now()
    fresh, turned, late = (
        works.started(
            world,
            works.handed_in(world, weighed_at=now - timedelta(days=6)),
            started_at=now - timedelta(days=days),
            where=where,
        )
        for days, where in ((0.5, world.cajon_1), (3, world.cajon_2), (4.5, world.secadora_1))
    )
    for kind, value in (("turn", None), ("temperature", Decimal(40))):
        batches.note_reading(
            actor=world.operator, batch=turned, kind=kind, value=value, read_at=now
        )
    found = board(world.operator)
    due = [(card.batch.code, one.what) for card, one in found.due]
    assert due == [(late.code, "temperature"), (late.code, "turn")]
    by_code = {card.batch.code: card for card in found.cards}
    assert [one.what for one in by_code[fresh.code].due] == ["turn"]
    assert not by_code[fresh.code].late
    assert by_code[late.code].is_ready, "four days are enough"
    assert not by_code[turned.code].late


def test_a_phase_longer_than_usual_is_late_and_a_moisture_reached_is_ready(world):
    """Drying takes five to eight days, down to 7 %."""
    now = timezone.now()
    batch = works.started(
        world,
        works.handed_in(world, weighed_at=now - timedelta(days=20)),
        started_at=now - timedelta(days=14),
    )
    drying = ProcessPhase.objects.get(kind=batch.kind, position=2)
    batches.move_batch(
        actor=world.operator,
        batch=batch,
        phase=drying,
        where=world.secadora_1,
        at=now - timedelta(days=9),
    )
    batches.note_reading(
        actor=world.operator,
        batch=batch,
        kind="moisture",
        value=Decimal("7.1"),
        read_at=now - timedelta(hours=1),
    )
    (card,) = board(world.operator).cards
    assert [one.what for one in card.due] == ["late"]
    batches.note_reading(
        actor=world.operator, batch=batch, kind="moisture", value=Decimal(7), read_at=now
    )
    (card,) = board(world.operator).cards
    assert [one.what for one in card.due] == ["late", "ready"]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-06-09T17:00-05:00", "mar 9, 17:00"),
        ("2026-04-15T17:00-05:00", "15 abr, 17:00"),
        ("2025-12-30T17:00-05:00", "30 dic 2025, 17:00"),
    ],
)
def test_a_day_far_away_is_named_with_its_month_and_year(at, said):
    with time_machine.travel("2026-06-15T12:00-05:00", tick=False):
        assert moment(datetime.fromisoformat(at)) == said


def test_the_board_and_the_list_ask_as_often_for_many_batches(operator, world):
    def make(number: int) -> None:
        for _one in range(number):
            batch = works.started(world, works.handed_in(world, "1"), where=world.cajon_1)
            batches.note_reading(actor=None, batch=batch, kind="temperature", value=Decimal(40))

    def ask() -> None:
        for address in ("/procesos/", "/procesos/lista/"):
            assert operator.get(address).status_code == 200

    assert_same_queries(make, ask, few=2, many=8)


def test_who_only_buys_pays_or_checks_sees_the_board_and_works_on_nothing(client_of, world):
    batch = works.started(world, works.handed_in(world))
    auditor, delegate = client_of("auditor"), client_of("delegate")
    page = _text(auditor.get(batch.get_absolute_url()))
    assert "Terminar" not in page
    assert auditor.get("/procesos/").status_code == 200
    assert delegate.get("/procesos/").status_code == 404
    for act in ("agregar", "lectura", "volteo", "pasar", "sacar", "terminar", "anular"):
        assert auditor.get(f"{batch.get_absolute_url()}{act}/").status_code == 404
    assert auditor.get("/procesos/nuevo/").status_code == 404


# --- What goes in ---------------------------------------------------------------------------------


def test_a_batch_begins_with_what_is_ticked(operator, world):
    first, second = works.handed_in(world, "60"), works.handed_in(world, "40")
    page = _text(operator.get("/procesos/nuevo/beneficio/"))
    assert first.folio in page
    assert second.folio in page
    sent = _chosen(first, (second, "12,5"), center="TENA", where="cajon-1", note="Baba limpia")
    answer = operator.post("/procesos/nuevo/beneficio/", sent)
    batch = Batch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert batch.totals.in_kg == Decimal("72.5")
    assert (left(first), left(second)) == (0, Decimal("27.5"))
    assert batch.stages.get().where == world.cajon_1
    page = _text(operator.get(batch.get_absolute_url()))
    assert first.folio in page
    assert "Baba limpia" in page


def test_places_are_offered_as_people_count(operator, world):
    processes.add_place(
        actor=None, code="cajon-10", name="Cajón 10", kind=Place.Kind.BOX, center=world.tena
    )
    groups = operator.get("/procesos/nuevo/beneficio/").context["form"].fields["where"].choices
    kind, boxes = list(groups)[1]
    assert [code for code, _said in boxes] == ["cajon-1", "cajon-2", "cajon-10"]
    assert kind == str(Place.Kind.BOX.label).capitalize()  # what fits the first phase comes first


def test_only_what_is_left_of_the_forms_it_takes_is_offered(operator, world):
    some, leaf = works.handed_in(world), works.handed_in(world, quality=world.hoja_primera)
    used = works.handed_in(world)
    works.started(world, used)
    old = works.handed_in(world, weighed_at=timezone.now() - timedelta(days=40))
    page = _text(operator.get("/procesos/nuevo/beneficio/"))
    assert some.folio in page
    for other in (leaf, used, old):
        assert other.folio not in page
    assert old.folio in _text(operator.get("/procesos/nuevo/beneficio/?desde="))


def test_asking_for_other_rows_keeps_what_is_ticked_and_begins_nothing(operator, world):
    some, other = works.handed_in(world), works.handed_in(world)
    sent = _chosen((some, "33"), mostrar="1", buscar=other.folio, center="TENA")
    page = _text(operator.post("/procesos/nuevo/beneficio/", sent))
    assert not Batch.objects.exists()
    assert some.folio in page
    assert 'value="33"' in page
    assert "Revise lo siguiente" not in page


def test_a_ticked_lot_stays_however_many_are_newer(world, monkeypatch):
    """What is chosen is no part of what is cut off."""
    monkeypatch.setattr("harvests.usable.MOST_SHOWN", 1)
    old = works.dry(world, works.handed_in(world, "100"), kg="40")
    new = works.dry(world, works.handed_in(world, "100"), kg="40")
    found = usable(world.operator, None, Wanted(), [f"l{old.pk.hex}"])
    assert {one.source for one in found if one.is_lot} == {old, new}
    assert {one.source for one in usable(world.operator, None, Wanted()) if one.is_lot} == {new}


def test_rows_that_are_newly_shown_say_how_much_is_left(operator, world):
    some = works.handed_in(world)
    old = works.handed_in(world, "41.5", weighed_at=_days_ago(40))
    page = operator.get("/procesos/nuevo/beneficio/")
    assert "solo las de los últimos 14 días" in _text(page)
    sent = _chosen((some, "33"), mostrar="todas", desde=_days_ago(14).strftime("%Y-%m-%d"))
    answer = operator.post("/procesos/nuevo/beneficio/", sent | {"center": "TENA"})
    page = _text(answer)
    assert "solo las de los últimos 14 días" not in page
    assert old.folio in page
    form = answer.context["form"]
    assert form[f"kg-d{old.pk.hex}"].value() == "41,5"
    assert form[f"kg-d{some.pk.hex}"].value() == "33"
    assert "Revise lo siguiente" not in page


def test_only_what_is_of_the_same_form_is_offered_to_be_mixed_with_a_lot(operator, world):
    beans, others = (works.dry(world, works.handed_in(world), kg="39") for _time in range(2))
    leaf = works.handed_in(world, quality=world.hoja_primera)
    page = _text(operator.get(f"/procesos/nuevo/mezcla/?lote={beans.code}"))
    assert others.code in page
    assert leaf.folio not in page
    assert "productos distintos no se juntan" in page
    every = _text(operator.get(f"/procesos/nuevo/mezcla/?lote={beans.code}&presentacion="))
    assert others.code in every
    assert leaf.folio in every
    of_leaf = f"/procesos/nuevo/mezcla/?lote={beans.code}&presentacion={leaf.form.code}"
    page = _text(operator.get(of_leaf))
    assert leaf.folio in page
    assert beans.code in page  # it stays ticked, whatever is asked


def test_more_of_the_same_form_is_offered_to_a_mixture(operator, world):
    beans, others = (works.dry(world, works.handed_in(world), kg="39") for _time in range(2))
    leaf = works.handed_in(world, quality=world.hoja_primera)
    batch = works.started(world, beans, code="mezcla")
    page = _text(operator.get(f"{batch.get_absolute_url()}agregar/"))
    assert others.code in page
    assert leaf.folio not in page


def test_more_than_is_left_is_refused_at_its_field(operator, world):
    some = works.handed_in(world, "60")
    page = _text(
        operator.post("/procesos/nuevo/beneficio/", _chosen((some, "60,5"), center="TENA"))
    )
    assert "Quedan 60 kg." in page
    assert 'value="60,5"' in page
    assert not Batch.objects.exists()


def test_what_somebody_else_used_meanwhile_is_said(operator, world):
    some = works.handed_in(world)
    works.started(world, some)
    page = _text(operator.post("/procesos/nuevo/beneficio/", _chosen(some, center="TENA")))
    assert "alguien lo usó" in page
    assert Batch.objects.count() == 1


def test_organic_is_mixed_with_conventional_only_by_who_says_so(operator, world):
    organic = works.handed_in(world, "10", ORGANIC)
    other = works.handed_in(world, "10", CONVENTIONAL)
    sent = _chosen(organic, other, center="TENA")
    page = _text(operator.post("/procesos/nuevo/beneficio/", sent))
    assert "Se mezclan certificaciones distintas" in page
    assert not Batch.objects.exists()
    operator.post("/procesos/nuevo/beneficio/", sent | {"mixed": "on"})
    assert Batch.objects.get().totals.in_kg == 20


def test_more_is_added_and_what_lies_in_the_batch_counts_for_the_class(operator, world):
    batch = works.started(world, works.handed_in(world, "10", ORGANIC))
    other = works.handed_in(world, "5", CONVENTIONAL)
    address = f"{batch.get_absolute_url()}agregar/"
    assert "Se mezclan" in _text(operator.post(address, _chosen(other)))
    same = works.handed_in(world, "7", ORGANIC)
    assert operator.post(address, _chosen(same)).url == batch.get_absolute_url()
    batch.totals.refresh_from_db()
    assert batch.totals.in_kg == 17


def test_a_lot_that_the_address_names_is_ticked(operator, world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    form = operator.get(f"/procesos/nuevo/division/?lote={lot.code}").context["form"]
    assert form[f"take-l{lot.pk.hex}"].value() is True


def test_bars_are_taken_by_the_piece(operator, world):
    beans = works.dry(world, works.handed_in(world), kg="39")
    batch = works.started(world, beans, code="maquila")
    (bars,) = works.finished(world, batch, given("30", "tableta", pieces=600))
    sent = {f"take-l{bars.pk.hex}": "on", f"pieces-l{bars.pk.hex}": "60", "center": "TENA"}
    operator.post("/procesos/nuevo/division/", sent)
    bars.balance.refresh_from_db()
    assert (bars.balance.pieces, bars.balance.kg) == (540, 27)


# --- What is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["38,5", "38.5"])
def test_a_temperature_is_noted_with_its_place(typed, operator, world):
    batch = works.started(world, works.handed_in(world), where=world.cajon_1)
    address = f"{batch.get_absolute_url()}lectura/?que=temperature"
    page = _text(operator.get(address))
    assert 'inputmode="decimal"' in page
    answer = operator.post(address, {"value": typed, "where": "cajon-1"}, follow=True)
    reading = BatchReading.objects.get()
    assert (reading.value, reading.where) == (Decimal("38.5"), world.cajon_1)
    assert f"Anotado en {batch.code}. Temperatura: 38,5 °C." in _text(answer)


@pytest.mark.parametrize(
    ("kind", "usual", "odd"),
    [
        ("moisture", "12", "17,1"),
        ("moisture", "59", "60,5"),
        ("temperature", "15", "14,5"),
        ("temperature", "60", "61"),
    ],
)
def test_a_reading_that_can_hardly_be_is_asked_again(kind, usual, odd, operator, world):
    batch = works.started(world, works.handed_in(world))
    address = f"{batch.get_absolute_url()}lectura/?que={kind}"
    assert operator.post(address, {"value": usual}).status_code == 302
    page = _text(operator.post(address, {"value": odd}))
    assert "Sí, es así" in page
    assert f'value="{odd}"' in page
    assert BatchReading.objects.count() == 1
    assert operator.post(address, {"value": odd, "sure": "on"}).status_code == 302
    assert BatchReading.objects.count() == 2


def test_a_moisture_five_points_above_the_last_one_is_not_asked_again(operator, world):
    batch = works.started(world, works.handed_in(world))
    address = f"{batch.get_absolute_url()}lectura/?que=moisture"
    for value in ("7,2", "12,2"):
        assert operator.post(address, {"value": value}).status_code == 302
    assert BatchReading.objects.count() == 2


def test_a_wrong_moisture_is_corrected_without_being_held_against_itself(operator, world):
    batch = works.started(world, works.handed_in(world))
    wrong = batches.note_reading(
        actor=None, batch=batch, kind="moisture", value=Decimal("7.2"), read_at=_days_ago(0)
    )
    page = f"{batch.get_absolute_url()}lectura/{wrong.pk}/corregir/"
    assert "Sí, es así" not in _text(operator.get(page))
    assert operator.post(page, {"value": "31"}).status_code == 302
    standing = BatchReading.objects.standing().get()
    assert (standing.value, standing.replaces) == (Decimal(31), wrong)


def test_readings_of_a_batch_that_ended_may_be_corrected_unless_it_never_was(operator, world):
    batch = works.started(world, works.handed_in(world, "100"))
    wrong = batches.note_reading(actor=None, batch=batch, kind="moisture", value=Decimal("8"))
    works.finished(world, batch, given("39"))
    page = f"{batch.get_absolute_url()}lectura/{wrong.pk}/corregir/"
    assert page in _text(operator.get(batch.get_absolute_url()))
    assert operator.get(page).status_code == 200
    assert operator.post(page, {"value": "7,1"}).status_code == 302
    corrected = batch.readings.standing().get()
    assert corrected.value == Decimal("7.1")
    page = f"{batch.get_absolute_url()}lectura/{corrected.pk}/corregir/"
    batch.refresh_from_db()
    batches.void_batch(actor=world.operator, batch=batch, reason=REASON)
    assert page not in _text(operator.get(batch.get_absolute_url()))
    assert operator.get(page).status_code == 404


def test_two_taps_are_one_turn(operator, world):
    batch = works.started(world, works.handed_in(world))
    address, key = f"{batch.get_absolute_url()}volteo/", {"key": str(uuid.uuid4())}
    for _tap in range(2):
        assert operator.post(address, key).url == batch.get_absolute_url()
    assert BatchReading.objects.get().kind == "turn"
    operator.post(address, {"key": str(uuid.uuid4())})
    assert BatchReading.objects.count() == 2


def test_an_impossible_reading_is_refused_and_stays_as_typed(operator, world):
    batch = works.started(world, works.handed_in(world))
    address = f"{batch.get_absolute_url()}lectura/?que=temperature"
    page = _text(operator.post(address, {"value": "385"}))
    assert "Esa lectura no es posible" in page
    assert 'value="385"' in page
    assert not BatchReading.objects.exists()


def test_a_wrong_reading_is_replaced_and_the_wrong_one_named(operator, world):
    batch = works.started(world, works.handed_in(world))
    wrong = batches.note_reading(actor=None, batch=batch, kind="moisture", value=Decimal(72))
    address = f"{batch.get_absolute_url()}lectura/{wrong.pk}/corregir/"
    assert "Estaba anotado: Humedad: 72 %" in _text(operator.get(address))
    operator.post(address, {"value": "7,2"})
    page = _text(operator.get(batch.get_absolute_url()))
    assert "Humedad: 7,2 %" in page
    assert "antes Humedad: 72 %" in page
    assert operator.get(address).status_code == 404, "it was replaced already"


def test_a_batch_goes_on_to_the_next_phase(operator, world):
    batch = works.started(world, works.handed_in(world), where=world.cajon_1)
    address = f"{batch.get_absolute_url()}pasar/"
    drying = ProcessPhase.objects.get(kind=batch.kind, position=2)
    assert operator.get(address).context["form"]["phase"].value() == drying.pk
    operator.post(address, {"phase": drying.pk, "where": "secadora-1"})
    stage = batch.stages.current().get()
    assert (stage.phase, stage.where) == (drying, world.secadora_1)
    sent = {"phase": drying.pk, "at": "2020-01-01T10:00"}
    assert "La fase anterior empezó después de esa hora" in _text(operator.post(address, sent))


# --- What comes out -------------------------------------------------------------------------------


def test_a_part_comes_out_in_quintals_with_its_sacks(operator, world):
    """A quintal is 45,359 kg."""
    batch = works.started(world, works.handed_in(world, "300"))
    row = {"quantity": "1", "unit": "qq", "sacks": "1", "marks": "KALLARI", "where": "bodega"}
    operator.post(f"{batch.get_absolute_url()}sacar/", _outputs(row))
    lot = Lot.objects.get()
    assert lot.balance.kg == Decimal("45.359")
    assert (lot.sacks, lot.marks, lot.where) == (1, "KALLARI", world.bodega)
    batch.refresh_from_db()
    assert batch.is_open


def test_a_batch_ends_with_its_lots_and_empty_rows_are_none(operator, world):
    batch = works.started(world, works.handed_in(world, "100"))
    rows: Any = ({"quantity": "30"}, {"quantity": "9", "certification_class": ""}, {})
    operator.post(f"{batch.get_absolute_url()}terminar/", _outputs(*rows))
    batch.refresh_from_db()
    assert batch.is_finished
    assert sorted(lot.balance.kg for lot in Lot.objects.all()) == [9, 30]
    page = _text(operator.get(batch.get_absolute_url()))
    assert "Salió <strong>0,390</strong> de cada kilo" in page
    assert "lo esperado" in page


def test_a_yield_outside_its_band_asks_for_a_note_and_keeps_what_was_typed(operator, world):
    """0.330 to 0.450, says the region's traceability system."""
    batch = works.started(world, works.handed_in(world, "100"))
    address = f"{batch.get_absolute_url()}terminar/"
    page = _text(operator.post(address, _outputs({"quantity": "46"})))
    assert "Salió 0,460 de cada kilo; se espera entre 0,330 y 0,450." in page
    assert 'value="46"' in page
    assert not Lot.objects.exists()
    operator.post(address, _outputs({"quantity": "46"}, yield_note="Baba muy escurrida."))
    batch.refresh_from_db()
    assert batch.is_finished
    page = _text(operator.get("/procesos/lista/?estado=fuera"))
    assert batch.code in page
    assert "más de lo esperado" in page


def test_more_than_went_in_is_refused_in_words(operator, world):
    batch = works.started(world, works.handed_in(world, "100"))
    page = _text(
        operator.post(f"{batch.get_absolute_url()}sacar/", _outputs({"quantity": "100,5"}))
    )
    assert "De un proceso no sale más de lo que entró" in page
    assert not Lot.objects.exists()


def test_another_row_is_shown_and_nothing_saved(operator, world):
    batch = works.started(world, works.handed_in(world, "100"))
    sent = _outputs({"quantity": "30"}, mas="1")
    page = _text(operator.post(f"{batch.get_absolute_url()}sacar/", sent))
    assert "Lote 2" in page
    assert 'value="30"' in page
    assert not Lot.objects.exists()


def test_nothing_typed_is_asked_for(operator, world):
    batch = works.started(world, works.handed_in(world, "100"))
    page = _text(operator.post(f"{batch.get_absolute_url()}terminar/", _outputs({})))
    assert "Escriba lo que salió." in page


def test_a_batch_of_which_all_came_out_before_ends_with_nothing_more(operator, world):
    batch = works.started(world, works.handed_in(world, "100"))
    batches.take_out(actor=None, batch=batch, given=[given("39")])
    operator.post(f"{batch.get_absolute_url()}terminar/", _outputs({}))
    batch.refresh_from_db()
    assert batch.is_finished
    assert Lot.objects.count() == 1


def test_an_output_may_be_weaker_and_no_stronger(operator, world):
    batch = works.started(world, works.handed_in(world, "100", "transition"))
    address = f"{batch.get_absolute_url()}sacar/"
    row = {"quantity": "10", "certification_class": ORGANIC}
    assert "Revise lo siguiente" in _text(operator.post(address, _outputs(row)))
    operator.post(address, _outputs(row | {"certification_class": CONVENTIONAL}))
    assert Lot.objects.get().certification_class == CONVENTIONAL


def test_bars_come_back_by_the_piece_less_what_was_added(operator, world):
    """800 bars of 50 g are 40 kg; 12 kg of sugar are no kilos of the families."""
    beans = works.dry(world, works.handed_in(world), kg="39")
    batch = works.started(world, (beans, "35"), code="maquila")
    address = f"{batch.get_absolute_url()}terminar/"
    row = {"form": "tableta", "added_kg": "12", "quantity": "40"}
    assert "Se cuenta por unidades" in _text(operator.post(address, _outputs(row)))
    operator.post(address, _outputs(row | {"pieces": "800", "quantity": ""}))
    bars: Any = Lot.objects.get(batch=batch)
    assert (bars.balance.kg, bars.balance.pieces, bars.added_kg) == (28, 800, 12)


def test_an_empty_batch_sends_back_to_where_it_is_filled(operator, world):
    batch = works.started(world)
    answer = operator.get(f"{batch.get_absolute_url()}sacar/", follow=True)
    assert "no le ha entrado nada" in _text(answer)


def test_what_is_in_and_cannot_come_out_is_said_with_what_to_do(operator, world, monkeypatch):
    batch = works.started(world, works.handed_in(world, "90"))
    monkeypatch.setattr("harvests.views.batch_outputs.expected_of", lambda *_told: [])
    answer = operator.get(f"{batch.get_absolute_url()}terminar/", follow=True)
    assert "no le ha entrado nada" not in _text(answer)
    assert "Al proceso le entraron 90,000" in _text(answer)


def test_a_batch_is_voided_with_a_reason_and_its_kilos_return(operator, world):
    some = works.handed_in(world)
    batch = works.started(world, some)
    address = f"{batch.get_absolute_url()}anular/"
    assert "Revise lo siguiente" in _text(operator.post(address, {"reason": ""}))
    operator.post(address, {"reason": REASON})
    batch.refresh_from_db()
    assert batch.status == Batch.Status.VOIDED
    assert left(some) == some.net_kg
    assert operator.get(address).status_code == 404


def test_a_batch_whose_lot_was_used_says_so_and_offers_no_button(operator, world):
    made = works.dry(world, works.handed_in(world, "100"), kg="39")
    page = made.batch.get_absolute_url()
    assert f"{page}anular/" in _text(operator.get(page))
    asked = _text(operator.get(f"{page}anular/"))
    assert f"su lote {made.code} queda en cero" in asked
    stock.dispatch_from_lot(actor=None, lot=made, kg=Decimal(1), recipient="Chocolatería")
    assert f"{page}anular/" not in _text(operator.get(page))
    refused = _text(operator.get(f"{page}anular/"))
    assert f"De sus lotes ({made.code}) ya se sacó" in refused
    assert 'name="reason"' not in refused


def test_a_batch_that_ended_takes_nothing_more(operator, world):
    batch = works.started(world, works.handed_in(world))
    works.finished(world, batch, given("39"))
    for act in ("agregar", "lectura", "pasar", "sacar", "terminar"):
        assert operator.get(f"{batch.get_absolute_url()}{act}/").status_code == 404
    assert "Se voltea" not in _text(operator.get(batch.get_absolute_url()))


def test_an_agent_sees_in_a_batch_the_deliveries_of_the_own_communities_alone(client_of, world):
    delivery = works.handed_in(world, "61")
    batch = works.started(world, delivery)
    page = _text(client_of("extension_agent").get(batch.get_absolute_url()))
    assert delivery.folio not in page
    assert "Y 1 entrega de otra comunidad, 61 kg." in page


# --- The list, and how one works ------------------------------------------------------------------


def test_the_list_is_narrowed_by_kind_state_and_code(operator, world):
    fermented = works.started(world, works.handed_in(world))
    lot = works.dry(world, works.handed_in(world), kg="39")
    assert fermented.code in _text(operator.get("/procesos/lista/?estado=open"))
    assert lot.batch.code not in _text(operator.get("/procesos/lista/?estado=open"))
    address = fermented.get_absolute_url()
    assert address not in _text(operator.get("/procesos/lista/?clase=mezcla"))
    assert lot.batch.code in _text(operator.get(f"/procesos/lista/?buscar={lot.batch.code}"))
    assert operator.get("/procesos/lista/?anio=3").status_code == 400


def test_the_usual_processes_are_put_at_once(client_of):
    factories.center()
    office, operator = client_of("administration"), client_of("center_operator")
    assert "Poner los procesos usuales" in _text(office.get("/procesos/clases/"))
    assert operator.get("/procesos/clases/usuales/").status_code == 404
    office.post("/procesos/clases/usuales/")
    assert ProcessKind.objects.count() == 11
    page = _text(operator.get("/procesos/clases/"))
    assert "Baba → Cacao seco" in page
    assert "0,330 – 0,450" in page
    assert "sin confirmar" in page


def test_places_and_bands_are_entered_in_the_admin(client_of, world):
    office = client_of("administration")
    sent = {"code": "cajon-9", "name": "Cajón 9", "kind": "box", "place": "9"}
    answer = office.post("/admin/harvests/place/add/", sent)
    assert answer.status_code == 302, answer.context["errors"]
    assert Place.objects.get(code="cajon-9").name == "Cajón 9"
    place = world.cajon_1
    sent = {"name": "Cajón grande", "kind": "box", "place": "1", "capacity_kg": "900"}
    address = f"/admin/harvests/place/{place.pk}/change/"
    office.post(address, sent | {"change_reason": ""})
    place.refresh_from_db()
    assert place.name == "Cajón 1", "a correction says why"
