"""The pages of lots and what moves, through the door people use."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from harvests.models import Batch, Lot, StockAdjustment, StockMovement
from harvests.services import stock
from tests.harvests import works
from tests.harvests.works import CONVENTIONAL, ORGANIC, given, left
from tests.members.factories import REASON
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


@pytest.fixture
def lot(world: Any) -> Lot:
    """39 kg of organic dry cocoa in the store."""
    source = works.handed_in(world, "100", ORGANIC)
    return works.dry(world, source, kg="39", where=world.bodega, sacks=1, marks="KALLARI")


@pytest.fixture
def bars(world: Any) -> Lot:
    """600 bars, 30 kg of the families."""
    beans = works.dry(world, works.handed_in(world, "100"), kg="39")
    batch = works.started(world, beans, code="maquila")
    (made,) = works.finished(world, batch, given("30", "tableta", pieces=600))
    return made


@pytest.fixture
def office(client_of):
    return client_of("manager")


def _text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def _words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", _text(response)).split())


# --- The list and the lot -------------------------------------------------------------------------


def test_the_list_adds_up_by_form_and_class(office, world, lot):
    other = works.dry(world, works.handed_in(world, "100", CONVENTIONAL), kg="40")
    page = _text(office.get("/lotes/"))
    assert lot.code in page
    assert other.code in page
    assert ">39,000<" in page
    assert ">40,000<" in page
    assert "<strong>79,000</strong>" in page


def test_the_list_is_narrowed_and_shows_what_is_used_up_only_to_who_asks(office, world, lot):
    empty = works.dry(world, works.handed_in(world), kg="39")
    stock.dispatch_from_lot(actor=None, lot=empty, recipient="Feria")
    assert empty.code not in _text(office.get("/lotes/"))
    assert empty.code in _text(office.get("/lotes/?cuales=todos"))
    assert lot.code not in _text(office.get("/lotes/?cuales=retenidos"))
    assert lot.code not in _text(office.get("/lotes/?certificacion=conventional"))
    assert lot.code in _text(office.get("/lotes/?lugar=bodega&producto=cacao&presentacion=seco"))
    assert lot.code in _text(office.get("/lotes/?buscar=kallari"))
    assert office.get("/lotes/?certificacion=otra").status_code == 400


def test_the_list_asks_as_often_for_many_lots(office, world):
    def make(number: int) -> None:
        for _one in range(number):
            works.dry(world, works.handed_in(world, "10"), kg="3.9")

    assert_same_queries(make, lambda: office.get("/lotes/").content, few=2, many=8)


def test_a_lot_shows_its_ledger_with_what_was_left_after_each_line(office, world, lot):
    stock.dispatch_from_lot(
        actor=None, lot=lot, recipient="Original Beans", kg=Decimal(9), reference="EXP-7"
    )
    works.started(world, (lot, "10"), code="mezcla")
    page = _text(office.get(lot.get_absolute_url()))
    assert "20 kg" in page
    ledger = page[page.index("Movimientos</h2>") :]
    shown = [ledger.index(f"<strong>{one}</strong>") for one in ("20,000", "30,000", "39,000")]
    assert shown == sorted(shown)
    assert "Original Beans" in ledger
    assert "EXP-7" in ledger
    assert lot.batch.code in ledger
    assert "Dividir en varios lotes" in page
    assert "Mezclar con otros" in page


def test_a_long_ledger_asks_as_often_as_a_short_one(office, world, lot):
    def make(number: int) -> None:
        for _one in range(number):
            stock.dispatch_from_lot(actor=None, lot=lot, recipient="Feria", kg=Decimal("0.1"))

    assert_same_queries(make, lambda: office.get(lot.get_absolute_url()).content, few=2, many=12)


def test_who_only_reads_changes_nothing(client_of, world, lot):
    auditor, delegate = client_of("auditor"), client_of("delegate")
    page = _text(auditor.get(lot.get_absolute_url()))
    assert "Entregar" not in page
    acts = ("entregar", "contar", "danado", "mover", "retener", "bajar", "corregir")
    for act in acts:
        assert auditor.get(f"{lot.get_absolute_url()}{act}/").status_code == 404
        assert delegate.get(f"{lot.get_absolute_url()}{act}/").status_code == 404
    assert delegate.get("/lotes/").status_code == 404
    assert auditor.get("/lotes/L99-9999/").status_code == 404


# --- Out and back ---------------------------------------------------------------------------------


def test_something_is_handed_out_in_pounds_and_comes_back_once(office, lot):
    """Ten pounds are 4,536 kg."""
    sent = {"recipient": "Feria de Tena", "quantity": "10", "unit": "lb", "reference": "F-12"}
    page = _text(office.post(f"{lot.get_absolute_url()}entregar/", sent, follow=True))
    assert f"4,536 kg de {lot.code} para Feria de Tena." in page
    assert left(lot) == Decimal("34.464")
    movement = StockMovement.objects.get(kind="dispatch")
    address = f"{lot.get_absolute_url()}devolver/{movement.pk}/"
    assert "Revise lo siguiente" in _text(office.post(address, {"reason": ""}))
    office.post(address, {"reason": REASON})
    assert left(lot) == 39
    assert office.get(address).status_code == 404
    assert "volvió</span>" in _text(office.get(lot.get_absolute_url()))


def test_how_much_is_asked_unless_it_is_all_of_it(office, lot):
    address = f"{lot.get_absolute_url()}entregar/"
    sent = {"recipient": "Feria", "unit": "kg"}
    page = _text(office.post(address, sent | {"quantity": ""}))
    assert "Escriba cuánto, o marque todo lo que queda." in page
    page = _text(office.post(address, sent | {"quantity": "39,5"}))
    assert "quedan 39 kg" in page
    assert left(lot) == 39
    office.post(address, sent | {"quantity": "", "whole": "on"})
    assert left(lot) == 0
    assert office.get(address).status_code == 404, "nothing is left to hand out"


def test_all_that_is_left_and_so_much_is_not_both(office, lot):
    address = f"{lot.get_absolute_url()}entregar/"
    told = {"recipient": "Cliente", "unit": "kg", "quantity": "5", "whole": "on"}
    answer = office.post(address, told)
    assert answer.context["form"].has_error("quantity", "both")
    assert left(lot) == 39
    office.post(address, told | {"whole": ""})
    assert left(lot) == 34


def test_more_than_is_left_is_refused_at_its_field(office, lot, bars):
    told = {"recipient": "Cliente", "unit": "kg", "quantity": "39,5"}
    page = office.post(f"{lot.get_absolute_url()}entregar/", told)
    assert page.context["form"].has_error("quantity", "not_enough")
    assert "quedan 39" in _text(page)
    told = {"recipient": "Cliente", "pieces": "601"}
    page = office.post(f"{bars.get_absolute_url()}entregar/", told)
    assert page.context["form"].has_error("pieces", "not_enough")
    assert "quedan 600" in _text(page)


def test_kilos_of_bars_with_sugar_are_said_to_be_of_cocoa_alone(office, world, lot):
    beans = works.dry(world, works.handed_in(world, "100"), kg="39")
    batch = works.started(world, beans, code="maquila")
    made = given("28", "tableta", pieces=800, added_kg=Decimal(12))
    (sweet,) = works.finished(world, batch, made)
    assert "Hacer una prueba" not in _text(office.get(sweet.get_absolute_url()))
    assert "Hacer una prueba" in _text(office.get(lot.get_absolute_url()))
    for address in ("/lotes/", sweet.get_absolute_url(), batch.get_absolute_url()):
        assert "de cacao" in _text(office.get(address))
    assert "de cacao" not in _text(office.get(lot.get_absolute_url()))


def test_bars_are_handed_out_by_the_piece(office, bars):
    address = f"{bars.get_absolute_url()}entregar/"
    assert "Quedan 600 unidades" in _text(office.get(address))
    office.post(address, {"recipient": "Cafetería", "pieces": "60"})
    bars.balance.refresh_from_db()
    assert (bars.balance.pieces, bars.balance.kg) == (540, 27)


def test_to_whom_is_asked_at_its_field(office, lot):
    sent = {"recipient": " ", "quantity": "1", "unit": "kg"}
    page = office.post(f"{lot.get_absolute_url()}entregar/", sent)
    assert page.context["form"].errors["recipient"]


# --- Counted, spoiled, tasted ---------------------------------------------------------------------


def test_a_small_difference_counts_at_once(office, lot):
    sent = {"counted": "38,5", "unit": "kg", "reason": "Merma en bodega."}
    page = _text(office.post(f"{lot.get_absolute_url()}contar/", sent, follow=True))
    assert "El saldo ya cambió." in page
    assert left(lot) == Decimal("38.5")


def test_a_great_difference_waits_for_another_person(client_of, office, world):
    lot = works.dry(world, works.handed_in(world, "500"), kg="195")
    sent = {"counted": "100", "unit": "kg", "reason": "Se pesó todo otra vez."}
    page = _text(office.post(f"{lot.get_absolute_url()}contar/", sent, follow=True))
    assert "Espera a que otra persona lo confirme." in page
    assert left(lot) == 195
    waiting = StockAdjustment.objects.get()
    assert "Lo decide otra persona." in _text(office.get("/lotes/ajustes/"))
    assert "−95,000 contó 100,000; había 195,000" in _words(office.get("/lotes/ajustes/"))
    address = f"/lotes/ajustes/{waiting.pk}/"
    asked = _words(office.get(address)).replace("\N{NO-BREAK SPACE}", " ")
    assert "−95,000 kg (contó 100,000 kg; había 195,000 kg)" in asked
    told = {"agrees": "si", "reason": "Lo volví a pesar."}
    assert "Lo confirma otra persona que quien lo anotó" in _text(office.post(address, told))
    accountant = client_of("accountant")
    assert lot.code in _text(accountant.get("/lotes/ajustes/"))
    accountant.post(address, told)
    assert left(lot) == 100
    assert accountant.get(address).status_code == 404
    assert "No espera ningún ajuste" in _text(office.get("/lotes/ajustes/"))
    assert "aplicado" in _text(office.get("/lotes/ajustes/?cuales=todos"))


def test_a_difference_that_is_refused_changes_nothing(client_of, office, world):
    lot = works.dry(world, works.handed_in(world, "500"), kg="195")
    stock.count_lot(actor=None, lot=lot, counted_kg=Decimal(100), reason=REASON)
    waiting = StockAdjustment.objects.get()
    assert "1<span" in _text(office.get("/lotes/"))
    told = {"agrees": "no", "reason": "La balanza no estaba en cero."}
    client_of("accountant").post(f"/lotes/ajustes/{waiting.pk}/", told)
    assert left(lot) == 195
    assert StockAdjustment.objects.get().status == "refused"
    assert client_of("auditor").get(f"/lotes/ajustes/{waiting.pk}/").status_code == 404


def test_the_same_again_is_no_difference(office, lot):
    sent = {"counted": "39", "unit": "kg", "reason": REASON}
    page = _text(office.post(f"{lot.get_absolute_url()}contar/", sent))
    assert "Se contó lo mismo que está anotado" in page


def test_a_sample_leaves_the_lot_with_its_reason(office, lot):
    sent = {"kind": "sample", "quantity": "0,3", "unit": "kg", "reason": "Prueba de corte."}
    office.post(f"{lot.get_absolute_url()}danado/", sent)
    assert left(lot) == Decimal("38.7")
    page = _text(office.get(lot.get_absolute_url()))
    assert "Muestra" in page
    assert "Prueba de corte." in page


# --- Where it lies, whether it may leave, as what it is sold --------------------------------------


def test_a_lot_is_laid_elsewhere_and_marked_anew(office, lot):
    form = office.get(f"{lot.get_absolute_url()}mover/").context["form"]
    assert form["where"].value() == "bodega"
    sent = {"where": "secadora-1", "sacks": "2", "marks": "KALLARI 7", "reason": "Se pasó."}
    office.post(f"{lot.get_absolute_url()}mover/", sent)
    lot.refresh_from_db()
    assert (lot.where.code, lot.sacks, lot.marks) == ("secadora-1", 2, "KALLARI 7")


def test_a_lot_is_held_with_all_that_was_made_of_it_and_released(office, client_of, world, lot):
    made = works.blend(world, (lot, "10"), kg="10")
    address = f"{lot.get_absolute_url()}retener/"
    assert made.code in _text(office.get(address)), "what follows is named"
    assert client_of("extension_agent").get(address).status_code == 404
    office.post(address, {"reason": "Se espera el cadmio.", "with_all_made_of_it": "on"})
    lot.refresh_from_db()
    made.refresh_from_db()
    assert lot.is_held
    assert made.is_held
    page = _text(office.get(lot.get_absolute_url()))
    assert "nada sale de él hasta que se libere" in page
    assert "Entregar</a>" not in page
    sent = {"recipient": "Feria", "quantity": "1", "unit": "kg"}
    page = _text(office.post(f"{lot.get_absolute_url()}entregar/", sent))
    assert "está retenido: nada sale de él" in page
    office.post(f"{lot.get_absolute_url()}liberar/", {"reason": "Salió bien."})
    lot.refresh_from_db()
    assert not lot.is_held
    assert office.get(f"{lot.get_absolute_url()}liberar/").status_code == 404


def test_a_lot_falls_with_what_was_made_of_it_and_never_rises(office, world, lot):
    made = works.blend(world, (lot, "10"), kg="10")
    address = f"{lot.get_absolute_url()}bajar/"
    page = _text(office.get(address))
    assert made.code in page
    assert "orgánico</label>" not in page
    assert "Revise lo siguiente" in _text(office.post(address, {"to": ORGANIC, "reason": REASON}))
    office.post(address, {"to": CONVENTIONAL, "reason": "Se halló un producto no permitido."})
    for one in (lot, made):
        one.refresh_from_db()
        assert one.certification_class == CONVENTIONAL
    assert office.get(address).status_code == 404


def test_what_came_out_is_corrected(office, lot):
    address = f"{lot.get_absolute_url()}corregir/"
    assert office.get(address).context["form"].initial["kg"] == 39
    office.post(address, {"kg": "38", "reason": "La balanza no estaba en cero."})
    assert left(lot) == 38
    page = _text(office.post(address, {"kg": "101", "reason": REASON}))
    assert "De un proceso no sale más de lo que entró" in page
    assert left(lot) == 38


# --- On paper -------------------------------------------------------------------------------------


def test_a_label_bears_the_code_and_the_way_to_the_lot(office, lot):
    page = office.get(f"{lot.get_absolute_url()}etiqueta/?copias=3&papel=a6")
    assert page.context["address"] == f"http://testserver/lotes/{lot.code}/"
    text = _text(page)
    assert text.count('<p class="label-code">') == 3
    assert "label-on-a6" in text
    for said in (lot.code, "orgánico", "39 kg", "KALLARI", lot.batch.code, lot.form.name):
        assert said in text


def test_once_kilos_have_left_a_label_does_not_say_as_many_sacks_with_fewer_kilos(office, lot):
    address = f"{lot.get_absolute_url()}etiqueta/"
    assert "1 saco · 39 kg" in _words(office.get(address))
    stock.dispatch_from_lot(actor=None, lot=lot, kg=Decimal(10), recipient="Chocolatería")
    said = _words(office.get(address))
    assert "1 saco · " not in said
    assert "Queda del lote, neto 29 kg" in said
    assert "Salieron del proceso 1 saco, 39 kg" in said
    page = _words(office.get(lot.get_absolute_url()))
    assert "1 saco al salir del proceso, con 39 kg" in page


@pytest.mark.parametrize(
    ("asked", "printed"), [("", 1), ("0", 1), ("x", 1), ("9999", 1), ("99", 50)]
)
def test_a_sensible_number_of_labels_is_printed(asked, printed, office, lot):
    page = _text(office.get(f"{lot.get_absolute_url()}etiqueta/?copias={asked}&papel=otro"))
    assert page.count('<p class="label-code">') == printed
    assert "label-on-100x70" in page


def test_a_recall_names_all_that_follows_and_who_has_it(office, world, lot):
    made = works.blend(world, (lot, "20"), kg="20")
    again = works.blend(world, (made, "5"), kg="5")
    other = works.dry(world, works.handed_in(world), kg="39")
    stock.dispatch_from_lot(
        actor=None, lot=again, recipient="Original Beans", kg=Decimal(4), reference="EXP-7"
    )
    back = stock.dispatch_from_lot(actor=None, lot=made, recipient="Feria", kg=Decimal(1))
    stock.take_back(actor=None, movement=back, reason=REASON)
    page = _text(office.get(f"{lot.get_absolute_url()}retiro/"))
    for said in (made.code, again.code, "Original Beans", "EXP-7", "4,000", "en 3 lotes"):
        assert said in page
    assert "Feria" not in page, "it came back"
    assert other.code not in page
    assert "35 kg" in page, "19 of the lot, 15 of the blend, 1 of its blend"
    assert Batch.objects.exclude(status="finished").count() == 0


def test_a_recall_says_how_much_of_what_left_is_of_the_lot(office, world, lot):
    """10 kg of the lot and 30 of another make 40; of 8 that left, a quarter is of the lot."""
    other = works.dry(world, works.handed_in(world, "100"), kg="39")
    made = works.blend(world, (lot, "10"), (other, "30"), kg="40")
    stock.dispatch_from_lot(actor=None, lot=made, recipient="Original Beans", kg=Decimal(8))
    stock.dispatch_from_lot(actor=None, lot=lot, recipient="Feria", kg=Decimal(3))
    page = office.get(f"{lot.get_absolute_url()}retiro/")
    assert "Retiro" in _text(page)
    of_lot = {one.recipient: one.from_lot_kg for one in page.context["recall"].handed_out}
    assert of_lot == {"Original Beans": Decimal(2), "Feria": Decimal(3)}
    book = office.get(f"{lot.get_absolute_url()}retiro.xlsx")
    assert lot.code in book["Content-Disposition"]
    lines = load_workbook(BytesIO(book.getvalue())).active.iter_rows(values_only=True)
    assert {(row[0], row[5], row[6]) for row in lines if row[0] in of_lot} == {
        ("Original Beans", 8, 2),
        ("Feria", 3, 3),
    }


def test_nothing_left_is_said_as_nothing(office, world, lot):
    stock.dispatch_from_lot(actor=None, lot=lot, recipient="Feria", kg=Decimal(39))
    page = _text(office.get(f"{lot.get_absolute_url()}retiro/"))
    assert "<dd> Nada </dd>" in page
    assert "en 1 lote" not in page


def test_a_whole_code_finds_its_lot_also_when_it_is_used_up(office, world, lot):
    stock.dispatch_from_lot(actor=None, lot=lot, recipient="Feria", kg=Decimal(39))
    assert lot.get_absolute_url() not in _text(office.get("/lotes/"))
    for typed in (lot.code, f" {lot.code.lower()} "):
        found = office.get("/lotes/", {"buscar": typed, "cuales": "saldo"})
        assert lot.get_absolute_url() in _text(found)


def test_who_works_with_a_held_lot_reads_why_and_by_whom(client_of, world, lot, account):
    manager = account("manager")
    stock.hold_lot(actor=manager, lot=lot, reason="Olor a humo.", with_all_made_of_it=False)
    page = _text(client_of("center_operator").get(lot.get_absolute_url()))
    assert f"Lo retuvo {manager}: Olor a humo." in page


def test_a_recall_asks_as_often_for_many_lots(office, world, lot):
    def make(number: int) -> None:
        for _one in range(number):
            works.blend(world, (lot, "1"), kg="1")

    assert_same_queries(
        make, lambda: office.get(f"{lot.get_absolute_url()}retiro/").content, few=2, many=8
    )
