"""The pages at /entregas/, asked as people ask them."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from harvests.views import PAGE_SIZE
from members.services.chakras import close_chakra
from members.services.families import assign_community
from tests.harvests import factories as bought
from tests.harvests.handed_in import alert, at, corrected, delivery, operation, voided
from tests.members import factories
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)
LIST = "/entregas/"


@pytest.fixture(autouse=True)
def thursday_noon(time_machine):
    time_machine.move_to(at(TODAY, 12), tick=False)


@pytest.fixture
def sold():
    return bought.world()


@pytest.fixture
def grefa():
    return factories.family("Grefa Andi", of=factories.community("Rumi Yaku"))


@pytest.fixture
def office(client_of):
    return client_of("manager")


def page(client, address=LIST, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response


def listed(client, query=""):
    return [row.folio for row in page(client, LIST + query).context["rows"]]


# --- The list -----------------------------------------------------------------------------------


def test_the_list_shows_a_week_the_newest_first(office, sold, grefa):
    today = delivery(grefa, sold.primera, weighed_at=at(TODAY, 8))
    six_days = delivery(grefa, sold.primera, weighed_at=at("2026-11-20", 0, 1))
    delivery(grefa, sold.primera, weighed_at=at("2026-11-19", 23, 59))
    assert listed(office) == [today.folio, six_days.folio]
    assert "Del 20 de noviembre de 2026 al 26 de noviembre de 2026" in page(office).text


def test_the_days_that_are_shown_stand_in_their_fields(office, sold, grefa):
    """A week nobody asked for is no filter; a search is of all years, unless the days that stood
    there are changed."""
    old = delivery(grefa, sold.primera, weighed_at=at("2024-06-01"))
    new = delivery(grefa, sold.primera, weighed_at=at(TODAY))

    def days(query):
        form = page(office, LIST + query).context["form"]
        return [form[name].value() for name in ("desde", "hasta")]

    response = page(office)
    assert days("") == ["2026-11-20", "2026-11-26"]
    assert 'value="2026-11-20_2026-11-26"' in response.text
    assert "Un filtro puesto" not in response.text
    stood = "desde=2026-11-20&hasta=2026-11-26&semana=2026-11-20_2026-11-26"
    assert listed(office, f"?{stood}") == [new.folio]
    assert listed(office, f"?{stood}&buscar=Grefa") == [new.folio, old.folio]
    assert days(f"?{stood}&buscar=Grefa") == ["", ""]
    changed = stood.replace("desde=2026-11-20", "desde=2026-11-21")
    assert listed(office, f"?{changed}&buscar=Grefa") == [new.folio]


def test_a_period_includes_its_last_day_in_ecuador(office, sold, grefa):
    late = delivery(grefa, sold.primera, weighed_at=at("2026-03-31", 23, 59))
    delivery(grefa, sold.primera, weighed_at=at("2026-04-01", 0, 0))
    assert listed(office, "?desde=2026-03-01&hasta=2026-03-31") == [late.folio]


def test_what_is_sought_is_found_in_any_year(office, sold, grefa):
    old = delivery(grefa, sold.primera, weighed_at=at("2024-05-02"))
    delivery(factories.family("Tapuy"), sold.primera, weighed_at=at("2024-05-02"))
    assert listed(office, f"?buscar={old.folio.lower()}") == [old.folio]
    assert listed(office, f"?buscar={old.folio_number}") == [old.folio]
    assert listed(office, "?buscar=GREFA") == [old.folio]
    assert listed(office, f"?buscar={grefa.code}") == [old.folio]


def test_a_delivery_is_found_by_the_provisional_folio_on_a_telephones_paper(office, sold, grefa):
    # FEZP: what shortDevice of static/harvests/acopio/codes.js answered for this key in Chromium.
    telephone = bought.device(key=UUID("7bbf63d2-cc4c-45c8-863b-39c657d4b02e"))
    here = delivery(grefa, sold.primera, device=telephone)
    delivery(grefa, sold.primera, device=telephone)
    number = operation(here.pk, {}, result="created", device=telephone).device_seq
    assert listed(office, f"?buscar=p-fezp-{number}") == [here.folio]
    assert listed(office, f"?buscar=P-FEZP-{number}0") == []


@pytest.mark.parametrize("state", ["", "&estado=validas", "&estado=anuladas"])
def test_a_whole_folio_is_found_whatever_became_of_the_delivery(office, sold, grefa, state):
    telephone = bought.device(key=UUID("7bbf63d2-cc4c-45c8-863b-39c657d4b02e"))
    gone = voided(delivery(grefa, sold.primera, device=telephone, weighed_at=at(TODAY, 8)))
    number = operation(gone.pk, {}, result="created", device=telephone).device_seq
    old = delivery(grefa, sold.primera, weighed_at=at(TODAY, 9))
    new = corrected(old, "90")
    for folio, found in [
        (old.folio, old),
        (gone.folio, gone),
        (new.folio, new),
        (f"P-FEZP-{number}", gone),
    ]:
        assert listed(office, f"?buscar={folio}{state}") == [found.folio]
    assert "corregida" in page(office, f"{LIST}?buscar={old.folio}").text
    assert "anulada</span>" in page(office, f"{LIST}?buscar={gone.folio}").text
    if state != "&estado=anuladas":
        assert listed(office, f"?buscar=Grefa{state}") == [new.folio]


def test_a_search_keeps_to_the_days_that_were_asked(office, sold, grefa):
    delivery(grefa, sold.primera, weighed_at=at("2024-05-02"))
    here = delivery(grefa, sold.primera, weighed_at=at("2024-06-02"))
    assert listed(office, "?buscar=Grefa&desde=2024-06-01") == [here.folio]


def test_each_filter_narrows(office, sold, grefa, account):
    operator = account("center_operator")
    other_center = bought.center("ARCH", "Centro de Archidona")
    pano = factories.community("Pano")
    one = delivery(grefa, sold.primera, center=sold.tena, agent=operator)
    other = delivery(
        factories.family("Tapuy", of=pano),
        sold.hoja_primera,
        of_class="organic",
        center=other_center,
    )
    alert(other, "quota")
    for query in (
        f"?comunidad={pano.pk}",
        "?producto=guayusa",
        "?presentacion=hoja",
        "?centro=ARCH",
        "?certificacion=organic",
        "?avisos=abiertos",
        "?avisos=alguno",
    ):
        assert listed(office, query) == [other.folio], query
    for query in (f"?tecnico={operator.username}", "?avisos=ninguno"):
        assert listed(office, query) == [one.folio], query


def test_corrected_and_voided_deliveries_are_shown_when_asked_for(office, sold, grefa):
    bad = voided(delivery(grefa, sold.primera, weighed_at=at(TODAY, 7)))
    old = delivery(grefa, sold.primera, weighed_at=at(TODAY, 8))
    new = corrected(old, "90")
    assert listed(office) == [new.folio]
    assert listed(office, "?estado=anuladas") == [bad.folio]
    assert listed(office, "?estado=corregidas") == [old.folio]
    assert set(listed(office, "?estado=todas")) == {bad.folio, old.folio, new.folio}


def test_totals_are_of_all_that_is_filtered_by_form(office, sold, grefa):
    """100 lb = 45.359 kg, 0.38 USD/lb; 50 lb = 22.680 kg; 1 qq = 45.359 kg, 100 USD/qq; pieces
    have no kilos. 45.359 kg are 99.99948 lb: 38.00 USD; 22.680 kg are 50.0008 lb: 19.00 USD."""
    for quantity in ("100", "50"):
        delivery(grefa, sold.primera, quantity)
    delivery(grefa, sold.seco_primera, "1", "qq")
    delivery(grefa, sold.pieza_unica, "3")
    voided(delivery(grefa, sold.primera, "1000"))
    totals = page(office).context["totals"]
    assert {(one.form.code, one.number, one.net_kg, one.pieces, one.usd) for one in totals} == {
        ("baba", 2, Decimal("68.039"), 0, Decimal("57.00")),
        ("seco", 1, Decimal("45.359"), 0, Decimal("100.00")),
        ("pieza", 1, 0, Decimal(3), Decimal("13.50")),
    }
    assert page(office).context["all"].usd == Decimal("170.50")


def test_pages_lead_on_and_back_without_losing_a_row(office, sold, grefa):
    for minute in range(PAGE_SIZE + 10):
        # pairs at the same instant: the key decides
        delivery(grefa, sold.primera, weighed_at=at(TODAY, 9, minute // 2))
    first = page(office).context
    assert len(first["rows"]) == PAGE_SIZE
    assert first["newer_url"] == ""
    second = page(office, first["older_url"]).context
    assert len(second["rows"]) == 10
    assert second["older_url"] == ""
    folios = [row.folio for row in (*first["rows"], *second["rows"])]
    assert len(set(folios)) == PAGE_SIZE + 10
    back = page(office, second["newer_url"]).context
    assert [row.pk for row in back["rows"]] == [row.pk for row in first["rows"]]
    assert back["newer_url"] == ""


def test_filters_stay_in_the_address_of_the_next_page(office, sold, grefa):
    for minute in range(PAGE_SIZE + 1):
        delivery(grefa, sold.primera, weighed_at=at(TODAY, 9, minute % 60))
    older = page(office, LIST + "?presentacion=baba").context["older_url"]
    assert "presentacion=baba" in older
    assert len(page(office, older).context["rows"]) == 1


def test_a_place_that_nobody_can_read_shows_the_beginning(office, sold, grefa):
    one = delivery(grefa, sold.primera)
    assert listed(office, "?despues=ayer") == [one.folio]


def test_an_unreadable_filter_is_said(office, sold):
    response = page(office, LIST + "?desde=ayer", status=400)
    assert "Desde" in response.text


def test_an_agent_sees_the_deliveries_of_her_communities(client_of, account, sold, grefa):
    delivery(factories.family("Tapuy", of=factories.community("Pano")), sold.primera)
    own = delivery(grefa, sold.primera)
    assign_community(actor=None, user=account("extension_agent"), community=grefa.community)
    assert listed(client_of("extension_agent")) == [own.folio]


def test_a_delegate_reads_kilos_and_no_money(client_of, account, sold, grefa):
    made = delivery(grefa, sold.primera)
    assign_community(actor=None, user=account("delegate"), community=grefa.community)
    delegate = client_of("delegate")
    for address in (LIST, made.get_absolute_url()):
        text = page(delegate, address).text
        assert "45,359" in text
        assert "USD" not in text
    assert "38" not in csv_rows(delegate)[1]
    assert delegate.get(f"/entregas/dia/{TODAY}/").status_code == 404


def test_the_list_asks_as_often_for_3_deliveries_as_for_300(office, sold):
    def make(number):
        for _row in range(number):
            delivery(factories.family(f"Grefa {_row}"), sold.primera)

    assert_same_queries(make, lambda: page(office), many=60)


# --- Files --------------------------------------------------------------------------------------


def csv_rows(client, query=""):
    response = page(client, f"/entregas/hoja.csv{query}")
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_files_hold_what_the_list_is_filtered_to(office, sold, grefa):
    early = delivery(grefa, sold.primera, "100", weighed_at=at(TODAY, 8))
    late = delivery(grefa, sold.primera, "103.5", weighed_at=at(TODAY, 9))
    delivery(grefa, sold.hoja_primera, weighed_at=at(TODAY, 9))
    heading, *rows = csv_rows(office, "?presentacion=baba")
    assert [row[0] for row in rows] == [early.folio, late.folio]
    told = dict(zip(heading, rows[1], strict=True))
    assert told["Pesado el"] == "2026-11-26 09:00:00"
    # 103.5 lb × 0.45359237 = 46.94681 kg
    assert (told["Cantidad"], told["Unidad"], told["Neto (kg)"]) == ("103,500", "lb", "46,947")

    response = page(office, "/entregas/hoja.xlsx?presentacion=baba")
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    sheet = list(book.active.values)
    assert [row[0] for row in sheet[1:]] == [early.folio, late.folio]
    assert list(sheet[0]) == heading


def test_a_file_of_an_unreadable_filter_is_refused(office, sold):
    for suffix in ("csv", "xlsx"):
        page(office, f"/entregas/hoja.{suffix}?desde=ayer", status=400)


def test_a_workbook_that_grows_too_long_leads_to_csv(office, sold, grefa, monkeypatch):
    monkeypatch.setattr("harvests.views.delivery_files.MOST_IN_WORKBOOK", 1)
    delivery(grefa, sold.primera)
    page(office, "/entregas/hoja.xlsx")
    delivery(grefa, sold.primera)
    assert "CSV" in page(office, "/entregas/hoja.xlsx", status=400).text
    assert len(csv_rows(office)) == 3


# --- The sheet of a day ---------------------------------------------------------------------------


def test_the_sheet_of_a_day_has_one_part_a_center_and_says_what_does_not_count(
    client_of, sold, grefa
):
    archidona = bought.center("ARCH", "Centro de Archidona")
    in_tena = delivery(grefa, sold.primera, center=sold.tena, weighed_at=at(TODAY, 8))
    there = delivery(grefa, sold.primera, center=archidona, weighed_at=at(TODAY, 9))
    bad = voided(delivery(grefa, sold.primera, center=archidona, weighed_at=at(TODAY, 10)))
    delivery(grefa, sold.primera, center=sold.tena, weighed_at=at(TODAY, 8) - timedelta(days=1))
    sheets = page(client_of("accountant"), f"/entregas/dia/{TODAY}/").context["sheets"]
    told = [
        (one.center.code, [row.folio for row in one.rows], [row.folio for row in one.without_value])
        for one in sheets
    ]
    assert told == [("ARCH", [there.folio], [bad.folio]), ("TENA", [in_tena.folio], [])]
    assert sheets[0].all.usd == Decimal("38.00")  # 100 lb × 0.38
    only = page(client_of("accountant"), f"/entregas/dia/{TODAY}/?centro=TENA").context["sheets"]
    assert [one.center.code for one in only] == ["TENA"]


def test_a_day_without_deliveries_says_so(office, sold):
    assert "Ese día no hubo entregas" in page(office, "/entregas/dia/2026-01-01/").text
    for day in ("2026-02-30", "ayer", "0001-01-01"):
        page(office, f"/entregas/dia/{day}/", status=404)


def test_the_sheet_asks_as_often_for_3_deliveries_as_for_60(office, sold, grefa):
    def make(number):
        for _row in range(number):
            delivery(grefa, sold.primera, weighed_at=at(TODAY, 8))

    assert_same_queries(make, lambda: page(office, f"/entregas/dia/{TODAY}/"), many=60)


# --- One delivery ---------------------------------------------------------------------


def test_a_delivery_says_all_that_is_known(office, sold, grefa):
    """2 qq = 90.718 kg, less 1.5 and 2 kg: 87.218 kg. At 110 USD/qq (45.359237 kg): 211.51 USD,
    and 6.50 of premium: 12.50."""
    chakra, other = factories.chakra(of=grefa), factories.chakra(of=grefa)
    made = delivery(
        grefa,
        sold.seco_primera,
        "2",
        "qq",
        of_class="organic",
        tare_kg="1.5",
        deduction_kg="2",
        deduction_reason="Muy húmedo",
        containers=2,
        moisture_percent=Decimal("8.5"),
        note="Llegó bajo la lluvia.",
        chakras={chakra: "0.5", other: "0.5"},
        weighed_at=at("2026-11-24", 14, 5),
        told_weighed_at=at("2026-11-23", 12, 5),
        latitude=Decimal("-1.012345"),
        longitude=Decimal("-77.812345"),
    )
    text = page(office, made.get_absolute_url()).text.replace("\N{NO-BREAK SPACE}", " ")
    for said in (
        f'href="{sold.price_list.get_absolute_url()}"',
        made.folio,
        "2 qq",
        "90,718 kg",
        "1,500 kg",
        "2,000 kg",
        "Muy húmedo",
        "87,218 kg",
        "43,609 kg",  # half of it
        "110,00 USD/qq",
        "211,51 USD",
        "12,50 USD",
        "224,01 USD",
        "orgánico",
        "8,5 %",
        "24/11/2026 14:05:00",
        "23/11/2026 12:05:00",
        "-1,01235 / -77,81235",
        "Llegó bajo la lluvia.",
        "50 %",
    ):
        assert said in text, said


def test_a_corrected_delivery_leads_to_the_one_that_counts_and_back(office, sold, grefa):
    old = delivery(grefa, sold.primera)
    new = corrected(old, "90")
    assert f'href="{new.get_absolute_url()}"' in page(office, old.get_absolute_url()).text
    assert f'href="{old.get_absolute_url()}"' in page(office, new.get_absolute_url()).text


def test_alerts_are_said_in_words(office, sold, grefa):
    one, other = delivery(grefa, sold.primera), delivery(grefa, sold.primera)
    alert(one, "late_harvest", days=9, most="7")
    alert(one, "quota", limit_kg="100.000", with_this_kg="145.359")
    alert(one, "above_estimate", estimated_kg="300.000", with_this_kg="345.359")
    alert(one, "unripe", ripe_on="2027-01-15")
    alert(one, "double", other=other)
    alert(one, "clock", is_open=False, told="2026-11-27T18:00:00+00:00", was_future=True)
    alert(one, "price_seen", is_open=False, seen=1, applied=2)
    text = page(office, one.get_absolute_url()).text.replace("\N{NO-BREAK SPACE}", " ")
    for said in (
        "Se cosechó 9 días antes de entregar; se avisa cuando son más de 7.",
        "Con esta entrega van 145,359 kg; el cupo es de 100,000 kg.",
        "Con esta entrega la chakra lleva 345,359 kg en el año; se estimó que daría 300,000 kg.",
        "madura el 15 de enero de 2027",
        f"Quizá es la misma que {other.folio}",
        "todavía no llegaba: se corrigió",
        "En el teléfono se vio otro precio",
    ):
        assert said in text, said
    assert one.folio in page(office, other.get_absolute_url()).text


def test_what_a_telephone_sent_is_shown_to_who_decides_and_checks(client_of, sold, grefa, account):
    made = delivery(grefa, sold.primera)
    assign_community(actor=None, user=account("extension_agent"), community=grefa.community)
    operation(made.pk, {"note": "tal como llegó"}, result="created", is_open=False)
    assert "tal como llegó" in page(client_of("manager"), made.get_absolute_url()).text
    assert "tal como llegó" not in page(client_of("extension_agent"), made.get_absolute_url()).text


def test_a_delivery_asks_as_often_with_many_alerts(office, sold, grefa):
    made = delivery(grefa, sold.primera)
    others = iter([delivery(grefa, sold.primera) for _row in range(30)])

    def make(number):
        for _row in range(number):
            alert(made, "double", other=next(others))

    assert_same_queries(make, lambda: page(office, made.get_absolute_url()), many=30)


# --- Acts ---------------------------------------------------------------------------------------


def sent(client, of, act, **told):
    """Send the form of an act as the page shows it, with some fields written over."""
    address = f"{of.get_absolute_url()}{act}/"
    form = page(client, address).context["form"]
    shown = {
        bound.html_name: bound.value()
        for bound in form
        if bound.value() is not None and bound.html_name not in told
    }
    shown = {
        name: value.strftime("%Y-%m-%dT%H:%M:%S") if hasattr(value, "hour") else str(value)
        for name, value in shown.items()
    }
    return client.post(address, shown | told, follow=True)


def test_a_correction_begins_with_what_was_told_and_takes_its_place(office, sold, grefa):
    """103.5 lb were 130.5 lb: 59.194 kg, at 0.38 USD/lb 49.59 USD (130.5 × 0.38 = 49.59)."""
    chakra, other = factories.chakra(of=grefa), factories.chakra(of=grefa)
    told: dict[str, Any] = {"note": "Bajo la lluvia", "containers": 2}
    old = delivery(grefa, sold.primera, "100", "kg", chakras={chakra: "0.6", other: "0.4"}, **told)
    answer = sent(office, old, "corregir", quantity="130,5", unit="lb", reason="Se leyó al revés")
    old.refresh_from_db()
    assert old.status == "superseded"
    new = old.superseded_by
    assert answer.redirect_chain == [(new.get_absolute_url(), 302)]
    assert f"queda corregida por {new.folio}" in answer.text
    assert (new.quantity, new.unit, new.net_kg) == (Decimal("130.5"), "lb", Decimal("59.194"))
    assert new.amount_usd == Decimal("49.59")
    assert new.weighed_at == old.weighed_at
    assert (new.note, new.containers) == ("Bajo la lluvia", 2)
    shares = {share.chakra_id: share.share for share in new.shares.all()}
    assert shares == {chakra.pk: Decimal("0.6"), other.pk: Decimal("0.4")}


def test_a_correction_keeps_the_part_of_a_chakra_given_up_since(office, sold, grefa):
    chakra, other = factories.chakra(of=grefa), factories.chakra(of=grefa)
    given_up = factories.chakra(of=grefa)
    old = delivery(grefa, sold.primera, "100", "kg", chakras={chakra: "0.6", other: "0.4"})
    for one in (other, given_up):
        close_chakra(actor=None, chakra=one, closed_on=TODAY, reason="La dejaron")
    sent(office, old, "corregir", quantity="90", reason="Se leyó mal")
    old.refresh_from_db()
    shares = {share.chakra_id: share.net_kg for share in old.superseded_by.shares.all()}
    assert shares == {chakra.pk: Decimal(54), other.pk: Decimal(36)}
    form = page(office, f"{old.superseded_by.get_absolute_url()}corregir/").context["form"]
    assert set(form.chakras) == {chakra, other}


def test_a_correction_to_another_family_says_no_chakra_of_the_first(office, sold, grefa):
    tapuy = factories.family("Tapuy", of=factories.community("Pano"))
    old = delivery(grefa, sold.primera, chakras={factories.chakra(of=grefa): "1"})
    sent(office, old, "corregir", family=tapuy.code, reason="Era de los Tapuy")
    old.refresh_from_db()
    assert old.superseded_by.family == tapuy
    assert old.superseded_by.community.name == "Pano"
    assert not old.superseded_by.shares.exists()


def test_a_name_that_several_families_bear_is_asked_again(office, sold, grefa):
    other = factories.family("Grefa Tapuy")
    old = delivery(grefa, sold.primera)
    answer = sent(office, old, "corregir", family="Grefa", reason="Otra familia")
    assert other.code in answer.text
    assert grefa.code in answer.text
    old.refresh_from_db()
    assert old.is_valid


def test_a_correction_says_why_and_what_the_service_refuses(office, sold, grefa):
    old = delivery(grefa, sold.primera)
    assert "Escriba el motivo" in sent(office, old, "corregir").text
    answer = sent(office, old, "corregir", tare_kg="60", reason="Más tara")
    assert "no queda nada" in answer.text
    old.refresh_from_db()
    assert old.is_valid


def test_a_correction_decides_what_was_open(office, sold, grefa):
    old = delivery(grefa, sold.primera)
    raised = alert(old, "quota")
    sent(office, old, "corregir", quantity="90", reason="Se leyó mal")
    raised.refresh_from_db()
    assert (raised.is_open, raised.decision) == (False, "corrected")


def test_a_delivery_is_voided_with_a_reason_once(office, sold, grefa):
    made = delivery(grefa, sold.primera)
    assert "Escriba el motivo" in sent(office, made, "anular", reason="").text
    answer = sent(office, made, "anular", reason="Se pesó dos veces")
    made.refresh_from_db()
    assert made.status == "voided"
    assert "queda anulada" in answer.text
    for act in ("anular", "corregir"):
        page(office, f"{made.get_absolute_url()}{act}/", status=404)


def test_an_agent_mends_what_she_weighed_and_nothing_else(client_of, account, sold, grefa):
    technician = account("extension_agent")
    assign_community(actor=None, user=technician, community=grefa.community)
    own = delivery(grefa, sold.primera, agent=technician)
    others = delivery(grefa, sold.primera)
    client = client_of("extension_agent")
    page(client, f"{others.get_absolute_url()}corregir/", status=404)
    page(client, f"{others.get_absolute_url()}anular/", status=404)
    sent(client, own, "anular", reason="Me equivoqué de saco")
    own.refresh_from_db()
    assert own.status == "voided"
